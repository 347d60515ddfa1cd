// The staged edits, each of which can be switched off, moved, described, changed and removed; below, the
// history.
#pragma once

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
    explicit RecipePanel(Document& document, QWidget* parent = nullptr);

signals:
    void changeRequested(std::size_t edit); // double click: its number in the edit panel

private:
    void buildLayout();
    QWidget* buildDetails();
    void refresh();
    void showMenu(const QPoint& position);
    void describe();
    [[nodiscard]] int row() const;

    Document& m_document;
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
};

} // namespace wb
