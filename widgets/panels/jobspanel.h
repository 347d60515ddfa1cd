// What is being computed, at the end of the status bar: title, progress, rate, time left, and a button that
// stops it. Jobs that are over in a moment are never shown.
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace wb {

class Jobs;

class JobsPanel : public QWidget {
    Q_OBJECT
public:
    explicit JobsPanel(Jobs& jobs, QWidget* parent = nullptr);

private:
    void refresh();

    Jobs& m_jobs;
    quint64 m_shown = 0; // the job that the button stops
    QLabel* m_title;
    QProgressBar* m_bar;
    QLabel* m_rate;
    QToolButton* m_stop;
};

} // namespace wb
