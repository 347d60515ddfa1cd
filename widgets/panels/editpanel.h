// One edit in the making: operation, numbers, and what it is done to. Every step is a live preview in all
// views and nothing is staged until the button is pressed. Also changes an edit that is staged already.
#pragma once

#include "core/recipe/check.h"
#include "widgets/jobslot.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace wb {

class Document;
class NumberRow;
class Selection;

class EditPanel : public QWidget {
    Q_OBJECT
public:
    EditPanel(Document& document, Jobs& jobs, Selection& selection, QWidget* parent = nullptr);

    void stage();
    void reset();
    // Loads a staged edit; staging then replaces it.
    void changeStaged(std::size_t index);
    // For pictures and tests: as if typed.
    void propose(const Operation& operation);

private:
    enum class Kind { Scale, Add, Clamp, Set, Zero };
    enum class Target { Tensor, Role, Layer, Custom };

    void buildLayout();
    void followSelection();
    void fillTargets();
    void setTarget(Target target);
    [[nodiscard]] Target target() const;
    [[nodiscard]] Kind kind() const;
    void showKind(); // rows and their ranges for the operation
    void requestExtent();

    [[nodiscard]] std::optional<Operation> operation() const;
    [[nodiscard]] Result<Selector> selector() const;
    [[nodiscard]] Result<Edit> edit() const;
    [[nodiscard]] RecipePtr proposal(const Edit& edit) const;
    void load(const Operation& operation);
    void preview();
    [[nodiscard]] QString obstacle() const;
    void requestEffect();
    void showEffect(const EditEffect& effect, std::size_t tensor);
    void showMatched();
    void say(const QString& text, bool isError = false);
    [[nodiscard]] std::size_t tensorOfEffect() const;

    Document& m_document;
    Selection& m_selection;
    JobSlot m_extentJob, m_effectJob;
    Selector m_previewed;                  // what the preview is done to
    std::optional<std::size_t> m_changing; // staged edit that is being changed
    double m_low = -1, m_high = 1;         // range of the tensor's values

    QComboBox* m_kind;
    NumberRow* m_first;
    NumberRow* m_second; // upper bound of clamp
    QComboBox* m_target;
    QLineEdit* m_custom;
    QLabel* m_matched;
    QLabel* m_effect;
    QPushButton* m_stage;
    QPushButton* m_reset;
};

} // namespace wb
