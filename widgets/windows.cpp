#include "widgets/windows.h"

#include "widgets/document.h"
#include "widgets/formstate.h"
#include "widgets/jobs.h"
#include "widgets/language.h"
#include "widgets/mainwindow.h"
#include "widgets/selection.h"

#include <QTimer>

#include <utility>

namespace wb {

struct Windows::Session { // in this order: pages die first, then the document, then the threads
    Jobs jobs;
    Document document{jobs};
    Selection selection;
    std::unique_ptr<MainWindow> window;
};

Windows::Windows() = default;
Windows::~Windows() = default;

MainWindow& Windows::open() { return show(*m_sessions.emplace_back(std::make_unique<Session>())); }

MainWindow& Windows::show(Session& session)
{
    session.window = std::make_unique<MainWindow>(session.document, session.jobs, session.selection);
    connect(session.window.get(), &MainWindow::newWindowRequested, this, [this](const QString& path) {
        MainWindow& window = open();
        if (!path.isEmpty()) window.openPath(path);
    });
    // Not inside its own closing, and not inside its own menu.
    connect(session.window.get(), &MainWindow::closed, this, [this, gone = &session] {
        QTimer::singleShot(0, this, [this, gone] {
            std::erase_if(m_sessions, [gone](const auto& one) { return one.get() == gone; });
        });
    });
    connect(session.window.get(), &MainWindow::languageChosen, this, [this] {
        QTimer::singleShot(0, this, [this] {
            installLanguage(chosenLanguage());
            rebuild();
        });
    });
    session.window->show();
    return *session.window;
}

void Windows::rebuild()
{
    for (const auto& session : m_sessions) {
        if (session->window->isExporting()) continue;
        const FormState state(*session->window);
        (void)session->document.setPreview(nullptr); // the same fields make it again; ending one cannot fail
        session->window->keepLayout();
        const std::unique_ptr<MainWindow> former = std::move(session->window); // until another is there: the last one ends the program
        state.applyTo(show(*session));
    }
}

} // namespace wb

#include "moc_windows.cpp"
