// The only undo command: one recipe replaced by another. Recipes are immutable and share their edits, so a
// step costs two pointers, and undo cannot get the inverse of an edit wrong.
#pragma once

#include "core/recipe/recipe.h"

#include <QUndoCommand>

namespace wb {

class Document;

class SetRecipe : public QUndoCommand {
public:
    // `loadedFrom`: the file that `after` was read from, which the document then saves to; the former comes back with undo.
    SetRecipe(Document& document, RecipePtr before, RecipePtr after, const QString& label,
              const QString& mergeKey, std::optional<std::filesystem::path> loadedFrom = {});

    void undo() override;
    void redo() override;
    [[nodiscard]] int id() const override;
    bool mergeWith(const QUndoCommand* next) override;

private:
    Document& m_document;
    RecipePtr m_before, m_after;
    QString m_mergeKey;
    std::optional<std::filesystem::path> m_loadedFrom;
    std::filesystem::path m_savedTo; // before it was loaded
};

} // namespace wb
