// The tree of tensors at the left: filter, marks of edited tensors, parameters. Follows and sets the
// selection.
#pragma once

#include "core/recipe/edit.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace wb {

class Document;
class Selection;
class TensorTree;

class CheckpointPanel : public QWidget {
    Q_OBJECT
public:
    CheckpointPanel(Document& document, Selection& selection, QWidget* parent = nullptr);
    void focusFilter();
    // What can be done with the tensor or the folder at this row of the view.
    void fillMenu(class QMenu& menu, const QModelIndex& index);

signals:
    void editRequested(const QString& selection);
    void stageRequested(const wb::Operation& operation, const QString& selection);
    void statisticsRequested(const QString& filter);
    void differencesRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildLayout();
    void showContent();
    void showSelection();
    void applyFilter();
    void openToOneScreen();
    void choose(const QModelIndex& index, bool open);

    Document& m_document;
    Selection& m_selection;
    TensorTree* m_tree;
    QSortFilterProxyModel* m_shown;
    QLineEdit* m_filter;
    QTreeView* m_view;
    QLabel* m_nothing;
};

} // namespace wb
