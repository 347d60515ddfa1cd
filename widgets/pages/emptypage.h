// What the window shows before anything is opened: how to open, and what was opened last.
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace wb {

class EmptyPage : public QWidget {
    Q_OBJECT
public:
    explicit EmptyPage(QWidget* parent = nullptr);
    void refresh();

signals:
    void openFileRequested();
    void openFolderRequested();
    void openRequested(const QString& path);

private:
    QWidget* m_recent;
    QVBoxLayout* m_list;
};

} // namespace wb
