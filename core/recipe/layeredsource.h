// A source with another list of layers: tensors left out, repeated, renumbered, taken from another checkpoint, and down matrices that
// took a linear map. What
// runs and what is exported; views that go by the tensors of the opened checkpoint read the PatchedSource below it.
#pragma once

#include "core/checkpoint/checkpoint.h"
#include "core/model/roles.h"
#include "core/recipe/donor.h"
#include "core/recipe/layeredit.h"
#include "core/recipe/patchedsource.h"

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace wb {

class LayeredSource final : public TensorSource {
public:
    [[nodiscard]] std::span<const TensorInfo> tensors() const override { return m_tensors; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const override;
    Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const override;
    // That of the tensor whose values it has, unless it took a map, which it then covers.
    [[nodiscard]] std::string fingerprint(std::size_t tensor) const override;
    [[nodiscard]] const Json* config() const override { return m_config.get(); }
    [[nodiscard]] std::optional<Derived> derived(std::size_t tensor) const override;

    [[nodiscard]] const std::shared_ptr<const PatchedSource>& base() const { return m_base; }
    [[nodiscard]] const std::vector<std::size_t>& origins() const { return m_origins; } // tensors of the base: themselves, or whose place they have

private:
    friend Result<SourcePtr> edited(const std::shared_ptr<const PatchedSource>&);
    LayeredSource() = default;
    Result<void> transplant(const std::vector<TensorRole>& roles, const LayerPlan& plan, std::vector<std::uint32_t>& kinds);
    Result<void> readStored(std::size_t tensor, UnitRange range, std::span<std::byte> out) const; // without its map
    void listTensors(const std::vector<TensorRole>& roles, std::uint32_t layers, const std::vector<std::uint32_t>& content);
    Result<std::shared_ptr<const std::vector<std::byte>>> folded(std::size_t tensor) const; // all stored bytes

    std::shared_ptr<const PatchedSource> m_base;
    std::shared_ptr<const Json> m_config;
    std::vector<TensorInfo> m_tensors;
    std::vector<std::size_t> m_origins;
    struct Donated {
        DonatedTensor tensor;
        CheckpointPtr checkpoint; // where it comes from
    };
    std::unordered_map<std::size_t, Donated> m_donated;    // by tensor
    std::unordered_map<std::size_t, EditMatrixPtr> m_maps; // by tensor
    std::unordered_map<std::string, std::size_t> m_byName;
    mutable std::mutex m_mutex;
    mutable std::size_t m_foldedTensor = 0;
    mutable std::shared_ptr<const std::vector<std::byte>> m_folded; // the last one that was asked for
};

// What a recipe makes of its base in full: the patched source itself, or with the list of layers that its layer edits ask for.
// EditNotPossible when the base has no config, is a GGUF, says something of its layers that cannot be renumbered, or has no one
// down matrix that could take a map; and when a transplant cannot be (donor.h).
[[nodiscard]] Result<SourcePtr> edited(const std::shared_ptr<const PatchedSource>& patched);
// patch() and edited().
[[nodiscard]] Result<SourcePtr> patchFully(const SourcePtr& base, const RecipePtr& recipe);

// The layout an export of such a source follows: `layout` itself, or its files with the tensors and the config of the source.
[[nodiscard]] CheckpointPtr layoutOf(const CheckpointPtr& layout, const TensorSource& source);

} // namespace wb
