// A base with a recipe's edits applied, lazily: making one reads nothing, reading a tensor edits the bytes on the way.
// Edits that depend on the tensor's values (bands, normalize, prune) read it once more, at its first use; svf makes the whole tensor then.
// No reader can tell it from a file, rounding to the stored type included.
#pragma once

#include "core/recipe/apply.h"
#include "core/recipe/recipe.h"
#include "core/tensor/tensorsource.h"

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace wb {

class PatchedSource final : public TensorSource {
public:
    [[nodiscard]] std::span<const TensorInfo> tensors() const override { return m_base->tensors(); }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const override { return m_base->find(name); }
    Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const override;
    // The base's for a tensor whose values no edit changes; otherwise it covers the base's and the canonical form of the edits.
    [[nodiscard]] std::string fingerprint(std::size_t tensor) const override;
    // Nothing for a tensor with an edit that goes by place. May read the tensor: bands, normalize and prune depend on it.
    [[nodiscard]] std::optional<Derived> derived(std::size_t tensor) const override;
    [[nodiscard]] const Json* config() const override { return m_base->config(); }

    [[nodiscard]] const SourcePtr& base() const { return m_base; }
    [[nodiscard]] const RecipePtr& recipe() const { return m_recipe; }
    // Positions in the recipe of the enabled edits that touch a tensor; empty = it is the base's.
    [[nodiscard]] std::span<const std::size_t> editsOf(std::size_t tensor) const { return m_edits[tensor]; }
    // Whether its values are other than the base's: by edits of its own, or of the factors beside a matrix in 8-bit floats.
    [[nodiscard]] bool changes(std::size_t tensor) const;
    // Tensors that an edit selects, disabled ones too.
    [[nodiscard]] std::span<const std::size_t> selectedBy(std::size_t edit) const { return m_selected[edit]; }

    // The same base with the first `count` edits only; nothing is resolved anew.
    [[nodiscard]] std::shared_ptr<const PatchedSource> firstEdits(std::size_t count) const;

private:
    friend Result<std::shared_ptr<const PatchedSource>> patch(SourcePtr, RecipePtr);
    // The last edit of a tensor that writes it anew as a whole, and the edits before it.
    struct Rewrite {
        std::shared_ptr<const PatchedSource> before;
        std::size_t edit = 0; // in the recipe
    };
    // All edits of a tensor with the numbers that they need of it.
    struct Prepared {
        std::vector<TensorEdit> edits;         // none when they are folded; after the last svf
        std::shared_ptr<const CodeMap> folded; // types with a value table, unless an edit goes by place
        std::optional<Rewrite> rewrite;        // comes first
    };
    using PreparedPtr = std::shared_ptr<const Prepared>;

    PatchedSource(SourcePtr base, RecipePtr recipe, std::shared_ptr<const FusedParts> fused);
    [[nodiscard]] std::span<const FusedPart> fusedIn(std::size_t tensor) const;
    std::string canonicalEdits(std::size_t tensor) const;
    bool editedByPlace(std::size_t tensor) const;
    std::size_t sourceOfChange(std::size_t tensor) const;
    std::string preparedKey(std::size_t tensor) const;
    Result<PreparedPtr> prepared(std::size_t tensor) const;
    Result<PreparedPtr> prepare(std::size_t tensor) const;
    Result<void> readRewritten(const Rewrite& rewrite, std::size_t tensor, UnitRange range, std::span<std::byte> out) const;
    [[nodiscard]] std::shared_ptr<const PatchedSource> before(std::size_t tensor, std::size_t position) const;
    Result<TensorEdit> tensorEdit(std::size_t tensor, std::size_t position) const;

    SourcePtr m_base;
    RecipePtr m_recipe;
    HeadShape m_heads;
    std::shared_ptr<const FusedParts> m_fused; // null unless an edit names a part
    std::vector<std::vector<std::size_t>> m_edits;    // per tensor
    std::vector<std::vector<std::size_t>> m_selected; // per edit
    mutable std::mutex m_mutex;
    mutable std::unordered_map<std::string, PreparedPtr> m_prepared;
};

// Checks that the recipe fits, resolves its selections once and folds runs of edits. SelectionEmpty and
// EditNotPossible name the edit, counted from 1 as people do.
[[nodiscard]] Result<std::shared_ptr<const PatchedSource>> patch(SourcePtr base, RecipePtr recipe);

} // namespace wb
