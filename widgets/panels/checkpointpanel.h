// The tree of tensors at the left: filter, marks of edited tensors, parameters. Follows and sets the
// selection.
#pragma once

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
