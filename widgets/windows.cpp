#include "widgets/windows.h"

#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/mainwindow.h"
#include "widgets/selection.h"

#include <QTimer>

namespace wb {

struct Windows::Session { // in this order: pages die first, then the document, then the threads
    Jobs jobs;
    Document document{jobs};
    Selection selection;
    MainWindow window{document, jobs, selection};
};

Windows::Windows() = default;
Windows::~Windows() = default;

MainWindow& Windows::open()
{
    Session* session = m_sessions.emplace_back(std::make_unique<Session>()).get();
    connect(&session->window, &MainWindow::newWindowRequested, this, [this](const QString& path) {
        MainWindow& window = open();
        if (!path.isEmpty()) window.openPath(path);
    });
    // Not inside its own closing.
    connect(&session->window, &MainWindow::closed, this, [this, session] {
        QTimer::singleShot(0, this, [this, session] {
            std::erase_if(m_sessions, [session](const auto& one) { return one.get() == session; });
        });
    });
    session->window.show();
    return session->window;
}

} // namespace wb

#include "moc_windows.cpp"
