// One edit in the making: operation, numbers, and what it is done to. Every step is a live preview in all
// views and nothing is staged until the button is pressed. Also changes an edit that is staged already.
#pragma once

#include "core/recipe/check.h"
#include "widgets/jobslot.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace wb {

class Document;
class OperationForm;
class Selection;
class TargetForm;

class EditPanel : public QWidget {
    Q_OBJECT
public:
    EditPanel(Document& document, Jobs& jobs, Selection& selection, QWidget* parent = nullptr);

    void stage();
    void reset();
    // Loads a staged edit; staging then replaces it.
    void changeStaged(std::size_t index);
    // As if typed.
    void propose(const Operation& operation);

private:
    void buildLayout();
    void followSelection();
    void requestRange(); // when the operation needs it and it is not known yet
    [[nodiscard]] Result<Edit> edit() const;
    [[nodiscard]] RecipePtr proposal(const Edit& edit) const;
    void preview();
    [[nodiscard]] QString obstacle() const;
    [[nodiscard]] SourcePtr withoutEdit() const;
    void requestEffect(bool quick);
    [[nodiscard]] std::size_t tensorOfEffect() const;
    void showEffect(const EditEffect& effect, std::size_t tensor);
    void say(const QString& text, bool isError = false);
    void sayError(Error error);

    Document& m_document;
    Selection& m_selection;
    JobSlot m_rangeJob, m_effectJob;
    QTimer m_rest;                         // a wide type has stopped moving: count it exactly
    Selector m_previewed;                  // what the preview is done to
    std::optional<std::size_t> m_rangeOf;  // tensor that the sliders span
    std::optional<std::size_t> m_changing; // staged edit that is being changed

    OperationForm* m_operation;
    TargetForm* m_target;
    QLabel* m_effect;
    QPushButton* m_stage;
    QPushButton* m_reset;
};

} // namespace wb
