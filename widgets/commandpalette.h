// Every action of the window and every tensor, found by a few letters. Opened with Ctrl+Shift+P; Enter runs the action or
// goes to the tensor.
#pragma once

#include <QDialog>

class QAction;
class QLineEdit;
class QListWidget;

namespace wb {

class Document;
class Selection;

class CommandPalette : public QDialog {
    Q_OBJECT
public:
    CommandPalette(const Document& document, Selection& selection, QWidget* parent);

    // `actions` with the menu they are in; disabled ones are left out.
    void begin(const QList<std::pair<QString, QAction*>>& actions);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; // arrows move in the list while the field has the focus

private:
    void fill();
    void run();

    const Document& m_document;
    Selection& m_selection;
    QList<std::pair<QString, QAction*>> m_actions;
    QLineEdit* m_typed;
    QListWidget* m_found;
};

// The actions of the menus of `bar`, "File › Open file…", in their order; menus without end.
[[nodiscard]] QList<std::pair<QString, QAction*>> menuActions(const QWidget& bar);

} // namespace wb
