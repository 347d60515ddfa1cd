// One edit in the making: operation, numbers, and what it is done to. Every step is a live preview in all
// views and nothing is staged until the button is pressed. Also changes an edit that is staged already.
#pragma once

#include "core/recipe/check.h"
#include "core/recipe/consequence.h"
#include "widgets/formstate.h"
#include "widgets/jobslot.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace wb {

class Document;
class ElementsForm;
class OperationForm;
class Selection;
class TargetForm;

class EditPanel : public QWidget, public KeepsState {
    Q_OBJECT
public:
    EditPanel(Document& document, Jobs& jobs, Selection& selection, QWidget* parent = nullptr);

    void stage();
    void reset();
    [[nodiscard]] std::any kept() const override { return m_changing; }
    void take(const std::any& state) override;
    // Loads a staged edit; staging then replaces it.
    void changeStaged(std::size_t index);
    // As if typed.
    void propose(const Operation& operation);
    void chooseElements(const Elements& elements);   // of the chosen tensors
    void chooseTensors(const QString& selection);
    // At once, without the form; what is refused is said in the panel.
    void stageNow(const Operation& operation, const QString& selection);

private:
    void buildLayout();
    QWidget* scrolledForms();
    void followSelection();
    // True when the selection is known; otherwise it is evaluated in a job, and the preview follows.
    bool evaluated(const Result<Selector>& select);
    void requestRange(); // when the operation needs it and it is not known yet
    [[nodiscard]] Result<Edit> edit() const;
    [[nodiscard]] RecipePtr proposal(const Edit& edit) const;
    void preview();
    [[nodiscard]] QString obstacle() const;
    [[nodiscard]] SourcePtr withoutEdit() const;
    void requestEffect(bool quick);
    [[nodiscard]] std::size_t tensorOfEffect() const;
    struct Judged {
        EditEffect effect;
        Consequence consequence; // what the architecture makes of it
    };
    void showEffect(const Judged& judged, std::size_t tensor);
    void say(const QString& text, bool isError = false);
    void sayError(Error error);

    Document& m_document;
    Selection& m_selection;
    JobSlot m_rangeJob, m_effectJob, m_selectJob;
    std::string m_evaluated; // selection by statistic whose tensors have been read
    QTimer m_rest;                         // a wide type has stopped moving: count it exactly
    Selector m_previewed;                  // what the preview is done to
    std::optional<std::size_t> m_rangeOf;  // tensor that the sliders span
    std::optional<std::size_t> m_changing; // staged edit that is being changed

    OperationForm* m_operation;
    TargetForm* m_target;
    ElementsForm* m_elements;
    QLabel* m_effect;
    QPushButton* m_stage;
    QPushButton* m_reset;
};

} // namespace wb
