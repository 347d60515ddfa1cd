// The open windows of the program, each with a document, a selection and jobs of its own. GUI thread only.
#pragma once

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace wb {

class MainWindow;

class Windows : public QObject {
    Q_OBJECT
public:
    Windows();
    ~Windows() override;
    MainWindow& open(); // empty
    // Makes every window anew, in the language that is installed by now: documents, their staged edits and the way back, the
    // page in front and the docks stay, what was typed and chosen too (formstate.h), and what a KeepsState computed; jobs
    // that are running are stopped. A window that is exporting stays as it is.
    void rebuild();
    [[nodiscard]] std::size_t count() const { return m_sessions.size(); }

private:
    struct Session;
    MainWindow& show(Session& session);
    std::vector<std::unique_ptr<Session>> m_sessions;
};

} // namespace wb
