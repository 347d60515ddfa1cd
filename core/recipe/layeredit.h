// Edits of the list of layers: leave a stretch out, replace it by a linear map that is folded into the layer before it, let it run
// twice, put one layer's weights, of this checkpoint or of another one, in the place of another's. Layers are numbered as in the opened checkpoint, whatever other
// edits do; edits of values come first.
#pragma once

#include "core/recipe/editmatrix.h"

#include <optional>
#include <vector>

namespace wb {

class Recipe;
class TensorSource;

// The other checkpoint of a transplant; what is done with it is in donor.h.
struct LayerDonor {
    std::string path;   // relative to the current folder if it is not absolute; in a recipe file to the recipe's folder
    std::string sha256; // of the layer: layerHash
    bool operator==(const LayerDonor&) const = default;
};

struct LayerEdit {
    enum class Kind : std::uint8_t {
        Drop,   // first … last leave
        Fold,   // they leave, and what the feed-forward before them adds is multiplied by `map`: W_down := mapᵀ·W_down (ReplaceMe)
        Repeat, // they run once more, directly after themselves
        Copy,   // `first` stands in the place of `last` too
        Transplant, // layer `first` of the donor stands in the place of `last`; edits of values do not reach it
    };
    Kind kind = Kind::Drop;
    std::uint32_t first = 0, last = 0;
    EditMatrixPtr map; // of Fold: (width, width)
    std::optional<LayerDonor> donor = {}; // of Transplant
    [[nodiscard]] bool setsOnePlace() const { return kind == Kind::Copy || kind == Kind::Transplant; } // `last`; `first` is where from
    bool operator==(const LayerEdit& other) const;
};
[[nodiscard]] const char* operationName(LayerEdit::Kind kind); // of the file; of the context "reasons": "drop_layers", "fold_layers", "repeat_layers", "copy_layer", "transplant_layer"
[[nodiscard]] Sentence describe(const LayerEdit& edit);        // "5 … 7"; "3 → 5"; "3 of sibling → 5"
[[nodiscard]] std::string canonical(const LayerEdit& edit);

// The layers that result: each by the layer of the base whose weights it has.
struct LayerPlan {
    struct Fold {
        std::size_t layer = 0; // of the result
        EditMatrixPtr map;
    };
    struct Transplant {
        std::size_t layer = 0; // of the result; its content is the layer whose place was taken
        std::size_t edit = 0;  // in the recipe
        bool operator==(const Transplant&) const = default;
    };
    std::vector<std::uint32_t> content;
    std::vector<Fold> folds;
    std::vector<Transplant> transplants;
    [[nodiscard]] bool runs(std::uint32_t layer) const; // of the base: it stands somewhere
};
// Of the enabled layer edits of a recipe, for a base of so many layers; the identity when there is none. EditNotPossible (with the
// number of the edit as its place) for layers that are not there, a fold without a layer before it, or when nothing would be left.
[[nodiscard]] Result<LayerPlan> planLayers(const Recipe& recipe, std::uint32_t layers);
[[nodiscard]] bool editsLayers(const Recipe& recipe); // an enabled edit does

// The layer of each tensor. Where names of the language model are known, towers beside it (vision, audio), which count layers of their own,
// have none.
[[nodiscard]] std::vector<std::optional<std::uint32_t>> layersOf(const TensorSource& source);
inline constexpr std::uint32_t mostLayers = 65'536; // a name may hold any number
// How many layers the names of the tensors tell, without those behind the ones that the config counts (they predict further tokens).
[[nodiscard]] std::uint32_t layerCount(const TensorSource& source);

} // namespace wb
