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
    [[nodiscard]] std::size_t count() const { return m_sessions.size(); }

private:
    struct Session;
    std::vector<std::unique_ptr<Session>> m_sessions;
};

} // namespace wb
