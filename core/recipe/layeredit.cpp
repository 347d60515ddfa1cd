#include "core/recipe/layeredit.h"

#include "core/model/roles.h"
#include "core/recipe/layeredconfig.h"
#include "core/recipe/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace wb {
namespace {

// A layer of the result while it is being planned: which place of the base it stands for, whose weights it has.
struct Entry {
    std::uint32_t place, content;
    EditMatrixPtr map;
    std::optional<std::size_t> transplant = {}; // the edit
};

// Copy and transplant: what stands in the place of `last`.
void setPlace(std::vector<Entry>& entries, const LayerEdit& edit, std::size_t number)
{
    const bool ours = edit.kind == LayerEdit::Kind::Copy;
    for (Entry& entry : entries)
        if (entry.place == edit.last) {
            entry.content = ours ? edit.first : edit.last;
            entry.transplant = ours ? std::nullopt : std::optional(number);
        }
}

Result<void> applyTo(std::vector<Entry>& entries, const LayerEdit& edit, std::size_t number, std::uint32_t layers)
{
    const Sentence where = said(CORE_TEXT("reasons", "edit %1"), number + 1);
    const auto refuse = [&](const Sentence& reason) { return fail(ErrorCode::EditNotPossible, where, said(operationName(edit.kind)), describe(edit), reason); };
    if ((edit.first >= layers && edit.kind != LayerEdit::Kind::Transplant) || edit.last >= layers)
        return refuse(layers == 0 ? said(CORE_TEXT("reasons", "the checkpoint has no layers")) : said(CORE_TEXT("reasons", "the checkpoint has layers 0 to %1"), layers - 1));
    const auto inside = [&](const Entry& entry) { return edit.first <= entry.place && entry.place <= edit.last; };
    switch (edit.kind) {
    case LayerEdit::Kind::Copy:
    case LayerEdit::Kind::Transplant: setPlace(entries, edit, number); break;
    case LayerEdit::Kind::Repeat: {
        std::vector<Entry> again;
        std::ranges::copy_if(entries, std::back_inserter(again), inside);
        const auto last = std::ranges::find_if(entries.rbegin(), entries.rend(), inside);
        if (last != entries.rend())
            entries.insert(last.base(), again.begin(), again.end());
        break;
    }
    case LayerEdit::Kind::Fold: {
        if (edit.first == 0)
            return refuse(said(CORE_TEXT("reasons", "no layer stands before it that could take the map")));
        const auto before = std::ranges::find_if(entries.rbegin(), entries.rend(), [&](const Entry& entry) { return entry.place + 1 == edit.first; });
        if (before == entries.rend())
            return refuse(said(CORE_TEXT("reasons", "the layer before it, which would take the map, is left out too")));
        if (before->map)
            return refuse(said(CORE_TEXT("reasons", "the layer before it has taken another map")));
        before->map = edit.map;
        std::erase_if(entries, inside);
        break;
    }
    case LayerEdit::Kind::Drop: std::erase_if(entries, inside); break;
    }
    return entries.empty() ? refuse(said(CORE_TEXT("reasons", "no layer would be left"))) : Result<void>();
}

} // namespace

bool LayerEdit::operator==(const LayerEdit& other) const { return canonical(*this) == canonical(other) && donor == other.donor; }

bool LayerPlan::runs(std::uint32_t layer) const
{
    for (std::size_t i = 0; i < content.size(); ++i)
        if (content[i] == layer && std::ranges::find(transplants, i, &Transplant::layer) == transplants.end())
            return true;
    return false;
}

const char* operationName(LayerEdit::Kind kind)
{
    switch (kind) {
    case LayerEdit::Kind::Drop: return CORE_TEXT("reasons", "drop_layers");
    case LayerEdit::Kind::Fold: return CORE_TEXT("reasons", "fold_layers");
    case LayerEdit::Kind::Repeat: return CORE_TEXT("reasons", "repeat_layers");
    case LayerEdit::Kind::Copy: return CORE_TEXT("reasons", "copy_layer");
    case LayerEdit::Kind::Transplant: return CORE_TEXT("reasons", "transplant_layer");
    }
    return "";
}

Sentence describe(const LayerEdit& edit)
{
    if (edit.donor)
        return said(CORE_TEXT("reasons", "%1 of %2 → %3"), edit.first, std::filesystem::path(edit.donor->path).filename().string(), edit.last);
    if (edit.kind == LayerEdit::Kind::Copy)
        return said("%1 → %2", edit.first, edit.last);
    return edit.first == edit.last ? said("%1", edit.first) : said("%1 … %2", edit.first, edit.last);
}

std::string canonical(const LayerEdit& edit)
{
    return fmt::format("{} {} {} {}", operationName(edit.kind), edit.first, edit.last, edit.map ? edit.map->sha256 : edit.donor ? edit.donor->sha256 : "-");
}

bool editsLayers(const Recipe& recipe)
{
    for (std::size_t i = 0; i < recipe.size(); ++i)
        if (recipe.at(i).enabled && std::holds_alternative<LayerEdit>(recipe.at(i).operation))
            return true;
    return false;
}

Result<LayerPlan> planLayers(const Recipe& recipe, std::uint32_t layers)
{
    std::vector<Entry> entries;
    for (std::uint32_t layer = 0; layer < layers; ++layer)
        entries.push_back({layer, layer, nullptr});
    for (std::size_t i = 0; i < recipe.size(); ++i) {
        const Edit& edit = recipe.at(i);
        const auto* layerEdit = std::get_if<LayerEdit>(&edit.operation);
        if (layerEdit == nullptr || !edit.enabled)
            continue;
        if (auto done = applyTo(entries, *layerEdit, i, layers); !done)
            return failure(done);
    }
    LayerPlan plan;
    for (const Entry& entry : entries) {
        if (entry.transplant)
            plan.transplants.push_back({plan.content.size(), *entry.transplant});
        if (entry.map)
            plan.folds.push_back({plan.content.size(), entry.map});
        plan.content.push_back(entry.content);
    }
    return plan;
}

std::vector<std::optional<std::uint32_t>> layersOf(const TensorSource& source)
{
    const auto stemOf = [](const std::string& name, std::uint32_t layer) { return name.substr(0, ("." + name).find("." + std::to_string(layer) + ".")); };
    std::vector<std::optional<std::uint32_t>> layers;
    std::set<std::string> known; // what stands before the number of a layer: "model.layers."
    for (const TensorInfo& info : source.tensors()) {
        const TensorRole role = roleOf(info.name);
        layers.push_back(role.layer);
        if (role.layer && role.role != "other")
            known.insert(stemOf(info.name, *role.layer));
    }
    for (std::size_t i = 0; !known.empty() && i < layers.size(); ++i)
        if (layers[i] && !known.contains(stemOf(source.tensors()[i].name, *layers[i])))
            layers[i].reset();
    return layers;
}

std::uint32_t layerCount(const TensorSource& source)
{
    std::uint32_t count = 0;
    for (const auto& layer : layersOf(source))
        if (layer && *layer < mostLayers)
            count = std::max(count, *layer + 1);
    return std::min(count, configuredLayers(source.config()).value_or(count));
}

} // namespace wb
