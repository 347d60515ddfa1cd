// The staged edits, each of which can be switched off, moved, described, changed and removed; below, the
// history.
#pragma once

#include "core/eval/proof.h"
#include "core/recipe/check.h"
#include "widgets/jobslot.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;
class QToolButton;

namespace wb {

class Banner;
class Document;
class RecipeModel;

class RecipePanel : public QWidget {
    Q_OBJECT
public:
    RecipePanel(Document& document, Jobs& jobs, QWidget* parent = nullptr);

    void prove(); // runs the model with and without each edit, in a job

signals:
    void changeRequested(std::size_t edit); // double click: its number in the edit panel

private:
    void buildLayout();
    QWidget* buildDetails();
    void refresh();
    void showMenu(const QPoint& position);
    void describe();
    void judge(); // what the edits come to, in a job
    void showVerdicts();
    [[nodiscard]] int row() const;

    Document& m_document;
    JobSlot m_checkJob, m_proofJob;
    std::shared_ptr<const RecipeCheck> m_check; // of the recipe as it stands; null until it is there
    std::vector<EditProof> m_proofs;            // likewise
    RecipeModel* m_model;
    QLabel* m_empty;
    Banner* m_banner;
    QListView* m_list;
    QWidget* m_details;
    QLineEdit* m_label;
    QLineEdit* m_reason;
    QToolButton* m_up;
    QToolButton* m_down;
    QToolButton* m_remove;
    QToolButton* m_prove;
};

} // namespace wb
