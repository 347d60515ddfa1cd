// The tensor that every view follows, with the way back. Views call select() and listen to changed(); nobody
// keeps a selection of its own. GUI thread only.
#pragma once

#include <QObject>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace wb {

class Selection : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] std::optional<std::size_t> tensor() const;
    void select(std::size_t tensor);
    // Also asks for a page that shows one tensor: a click on its name, on a cell, on a row of a table.
    void open(std::size_t tensor);
    // The same, at one element of its 2-D view.
    void openElement(std::size_t tensor, std::uint64_t row, std::uint64_t col);
    // One of the matrices that it holds: of a stack by number, or of several that are stored as one by role; 0 and "": the whole.
    void selectMatrix(std::size_t tensor, std::uint64_t stacked, const QString& role);
    // Another checkpoint: its tensors are others, so the way back is forgotten.
    void reset();

    [[nodiscard]] bool canGoBack() const { return m_position > 1; }
    [[nodiscard]] bool canGoForward() const { return m_position < m_visited.size(); }
    void back();
    void forward();

signals:
    void changed();
    void openRequested();
    void elementRequested(quint64 row, quint64 col); // after openRequested()
    void matrixSelected(quint64 stacked, const QString& role); // after changed()

private:
    std::vector<std::size_t> m_visited;
    std::size_t m_position = 0; // one past the current entry; 0 = nothing selected
};

} // namespace wb
