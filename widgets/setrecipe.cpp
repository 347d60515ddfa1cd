#include "widgets/setrecipe.h"

#include "widgets/document.h"

namespace wb {

SetRecipe::SetRecipe(Document& document, RecipePtr before, RecipePtr after, const QString& label,
                     const QString& mergeKey, std::optional<std::filesystem::path> loadedFrom)
    : QUndoCommand(label)
    , m_document(document)
    , m_before(std::move(before))
    , m_after(std::move(after))
    , m_mergeKey(mergeKey)
    , m_loadedFrom(std::move(loadedFrom))
    , m_savedTo(document.recipePath())
{
}

void SetRecipe::undo()
{
    const bool done = m_document.setRecipe(m_before);
    if (done && m_loadedFrom) m_document.m_recipePath = m_savedTo;
    setObsolete(!done); // a step that can no longer be made leaves the history
}

void SetRecipe::redo()
{
    const bool done = m_document.setRecipe(m_after);
    if (done && m_loadedFrom) m_document.m_recipePath = *m_loadedFrom;
    setObsolete(!done);
}

int SetRecipe::id() const
{
    return m_mergeKey.isEmpty() ? -1 : 1;
}

bool SetRecipe::mergeWith(const QUndoCommand* next)
{
    const auto* step = dynamic_cast<const SetRecipe*>(next);
    if (!step || step->m_mergeKey != m_mergeKey) return false;
    m_after = step->m_after;
    setText(step->text());
    setObsolete(*m_before == *m_after); // dragged back to where it began: no step at all
    return true;
}

} // namespace wb
