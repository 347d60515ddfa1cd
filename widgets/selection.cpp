#include "widgets/selection.h"

namespace wb {

std::optional<std::size_t> Selection::tensor() const
{
    return m_position == 0 ? std::nullopt : std::optional(m_visited[m_position - 1]);
}

void Selection::select(std::size_t tensor)
{
    if (this->tensor() == tensor) return;
    m_visited.resize(m_position); // a new step ends the way forward, as in a browser
    m_visited.push_back(tensor);
    ++m_position;
    emit changed();
}

void Selection::open(std::size_t tensor)
{
    select(tensor);
    emit openRequested();
}

void Selection::openElement(std::size_t tensor, std::uint64_t row, std::uint64_t col)
{
    open(tensor);
    emit elementRequested(row, col);
}

void Selection::selectMatrix(std::size_t tensor, std::uint64_t stacked, const QString& role)
{
    select(tensor);
    emit matrixSelected(stacked, role);
}

void Selection::reset()
{
    m_visited.clear();
    m_position = 0;
    emit changed();
}

void Selection::back()
{
    if (!canGoBack()) return;
    --m_position;
    emit changed();
}

void Selection::forward()
{
    if (!canGoForward()) return;
    ++m_position;
    emit changed();
}

} // namespace wb

#include "moc_selection.cpp"
