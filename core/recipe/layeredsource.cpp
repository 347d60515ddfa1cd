#include "core/recipe/layeredsource.h"

#include "core/base/hash.h"
#include "core/model/config.h"
#include "core/recipe/layeredconfig.h"
#include "core/tensor/decode.h"
#include "core/tensor/dense.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace wb {
namespace {

auto refuse(const Sentence& reason) { return fail(ErrorCode::EditNotPossible, said(CORE_TEXT("reasons", "recipe")), said(CORE_TEXT("reasons", "an edit")), said(CORE_TEXT("reasons", "the list of layers")), reason); }

// "model.layers.12.mlp…" with another number.
std::string renumbered(const std::string& name, std::uint32_t from, std::uint32_t to)
{
    const std::string part = "." + std::to_string(from) + ".";
    const std::size_t at = ("." + name).find(part);
    return at == std::string::npos ? name : name.substr(0, at) + std::to_string(to) + name.substr(at + part.size() - 2);
}

std::vector<TensorRole> rolesInLayers(const TensorSource& source)
{
    std::vector<TensorRole> roles = rolesOf(source.tensors());
    const auto layers = layersOf(source);
    for (std::size_t i = 0; i < roles.size(); ++i)
        roles[i].layer = layers[i];
    return roles;
}

constexpr std::array<std::string_view, 4> downRoles = {"down_proj", "down_proj.bias", "fc2", "fc2.bias"};

// The down matrix of a layer, and its bias, that take a map of that width; those of all experts, whose weighted sum it is then a map of,
// where the family is known to add nothing else to them.
Result<std::vector<std::size_t>> takersOf(const TensorSource& base, const std::vector<TensorRole>& roles, std::uint32_t layer, std::uint64_t width)
{
    std::vector<std::size_t> out;
    const bool isKnown = readModelConfig(*base.config(), false, "config.json").has_value();
    for (std::size_t i = 0; i < roles.size(); ++i) {
        if (roles[i].layer != layer)
            continue;
        if (roles[i].role == "post_feedforward_layernorm")
            return refuse(said(CORE_TEXT("reasons", "a norm stands behind the feed-forward of layer %1, so that no map can be folded into it"), layer));
        if (std::ranges::find(downRoles, roles[i].role) == downRoles.end())
            continue;
        const TensorInfo& info = base.tensors()[i];
        if ((roles[i].expert && !isKnown) || info.shape.size() > 2)
            return refuse(said(CORE_TEXT("reasons", "layer %1 chooses between experts and has no one down matrix"), layer));
        if (!isFloat(info.dtype))
            return refuse(said(CORE_TEXT("reasons", "%1 is stored as %2, which takes no map"), info.name, info.storedType));
        if (std::ranges::find(info.shape, width) == info.shape.end())
            return refuse(said(CORE_TEXT("reasons", "%1 does not have the width %2 of the map"), info.name, width));
        out.push_back(i);
    }
    return out.empty() ? Result<std::vector<std::size_t>>(refuse(said(CORE_TEXT("reasons", "layer %1 has no down matrix"), layer))) : out;
}

// rows of the result: mapᵀ·W for W (width, inner); W·map where it is stored the other way round (GPT-2's Conv1D).
std::vector<double> mapped(const EditMatrix& map, const TensorInfo& info, const std::vector<double>& values)
{
    const std::size_t width = map.rows;
    std::vector<double> out(values.size()), matrix(map.values.begin(), map.values.end());
    // A square matrix does not show which way round it is: GPT-2 has h.0.mlp.c_proj where StarCoder 2 has layers.0.mlp.c_proj.
    const bool likeGpt2 = info.name.ends_with("c_proj.weight") && info.name.find("layers.") == std::string::npos;
    if (info.shape.size() == 1) // a bias: mapᵀ·b
        dense::multiply(values, matrix, 1, width, width, out);
    else if (info.shape[0] == width && (info.shape[1] != width || !likeGpt2))
        dense::addCross(matrix, values, width, width, info.shape[1], out);
    else
        dense::multiply(values, matrix, info.shape[0], width, width, out);
    return out;
}

} // namespace

Result<SourcePtr> edited(const std::shared_ptr<const PatchedSource>& patched)
{
    if (!editsLayers(*patched->recipe()))
        return SourcePtr(patched);
    const std::uint32_t layers = layerCount(*patched);
    if (patched->config() == nullptr || layers == 0)
        return refuse(said(CORE_TEXT("reasons", "a checkpoint without a config does not say what its layers are")));
    if (std::ranges::any_of(patched->tensors(), [](const TensorInfo& info) { return info.name.starts_with("blk."); }))
        return refuse(said(CORE_TEXT("reasons", "the layers of a GGUF cannot be renumbered; convert it to safetensors first")));
    auto plan = planLayers(*patched->recipe(), layers);
    if (!plan)
        return failure(plan);
    std::shared_ptr<LayeredSource> out(new LayeredSource);
    out->m_base = patched;
    const std::vector<TensorRole> roles = rolesInLayers(*patched);
    out->listTensors(roles, layers, plan->content);
    std::vector<std::uint32_t> kinds = plan->content; // what the config says goes with the weights
    if (auto done = out->transplant(roles, *plan, kinds); !done)
        return failure(done);
    auto config = layeredConfig(*patched->config(), layers, kinds);
    if (!config)
        return failure(config);
    out->m_config = std::make_shared<const Json>(std::move(*config));
    for (const LayerPlan::Fold& fold : plan->folds) {
        const std::uint32_t content = plan->content[fold.layer];
        auto takers = takersOf(*patched, roles, content, fold.map->rows);
        if (!takers)
            return failure(takers);
        for (const std::size_t taker : *takers)
            out->m_maps[*out->find(renumbered(patched->tensors()[taker].name, content, static_cast<std::uint32_t>(fold.layer)))] = fold.map;
    }
    return SourcePtr(std::move(out));
}

// What belongs to no layer, then the layers in their new order.
void LayeredSource::listTensors(const std::vector<TensorRole>& roles, std::uint32_t layers, const std::vector<std::uint32_t>& content)
{
    const auto add = [&](std::size_t origin, std::string name) {
        m_byName.emplace(name, m_tensors.size());
        m_origins.push_back(origin);
        m_tensors.push_back(m_base->tensors()[origin]);
        m_tensors.back().name = std::move(name);
    };
    std::vector<std::vector<std::size_t>> ofLayer(layers);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const std::string& name = m_base->tensors()[i].name;
        const std::uint32_t layer = roles[i].layer.value_or(0);
        if (roles[i].layer && layer < layers)
            ofLayer[layer].push_back(i);
        else if (roles[i].layer && layer < mostLayers) // layers that predict further tokens are numbered on behind the others
            add(i, renumbered(name, layer, layer - layers + static_cast<std::uint32_t>(content.size())));
        else
            add(i, name);
    }
    for (std::uint32_t layer = 0; layer < content.size(); ++layer)
        for (const std::size_t origin : ofLayer[content[layer]])
            add(origin, renumbered(m_base->tensors()[origin].name, content[layer], layer));
}

// Takes the tensors of layers of other checkpoints, and sets the layers that the config is to speak of in their places.
Result<void> LayeredSource::transplant(const std::vector<TensorRole>& roles, const LayerPlan& plan, std::vector<std::uint32_t>& kinds)
{
    Progress progress;
    for (const LayerPlan::Transplant& one : plan.transplants) {
        const auto& edit = std::get<LayerEdit>(m_base->recipe()->at(one.edit).operation);
        const Sentence where = said(CORE_TEXT("reasons", "edit %1"), one.edit + 1);
        auto donor = openDonor(edit, where, progress);
        if (!donor)
            return failure(donor);
        std::vector<std::size_t> place;
        for (std::size_t i = 0; i < roles.size(); ++i)
            if (roles[i].layer == edit.last)
                place.push_back(i);
        auto tensors = donated(*donor, edit, where, *m_base, place);
        if (!tensors)
            return failure(tensors);
        auto alike = layerAlike(*m_base->config(), **donor, edit, where);
        if (!alike)
            return failure(alike);
        kinds[one.layer] = *alike;
        for (std::size_t i = 0; i < place.size(); ++i) {
            const std::string name = renumbered(m_base->tensors()[place[i]].name, edit.last, static_cast<std::uint32_t>(one.layer));
            m_donated.emplace(m_byName.at(name), Donated{std::move((*tensors)[i]), *donor});
        }
    }
    return {};
}

Result<SourcePtr> patchFully(const SourcePtr& base, const RecipePtr& recipe)
{
    auto patched = patch(base, recipe);
    return patched ? edited(*patched) : failure(patched);
}

std::optional<std::size_t> LayeredSource::find(std::string_view name) const
{
    const auto found = m_byName.find(std::string(name));
    return found == m_byName.end() ? std::nullopt : std::optional(found->second);
}

Result<void> LayeredSource::readStored(std::size_t tensor, UnitRange range, std::span<std::byte> out) const
{
    const auto found = m_donated.find(tensor);
    if (found == m_donated.end())
        return m_base->read(m_origins[tensor], range, out);
    const auto& [donated, checkpoint] = found->second;
    if (auto done = donated.source->read(donated.tensor, range, out); !done)
        return done;
    return checkpoint->checkUnchanged(); // its hash was taken before
}

Result<void> LayeredSource::read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const
{
    if (!m_maps.contains(tensor))
        return readStored(tensor, range, out);
    auto whole = folded(tensor);
    if (!whole)
        return failure(whole);
    const std::uint64_t unit = unitBytes(m_tensors[tensor].dtype), units = (*whole)->size() / unit;
    if (range.first > units || range.count > units - range.first || out.size() != range.count * unit)
        return readStored(tensor, range, out); // which says what is wrong with the range
    std::memcpy(out.data(), (*whole)->data() + range.first * unit, out.size());
    return {};
}

std::string LayeredSource::fingerprint(std::size_t tensor) const
{
    const auto donated = m_donated.find(tensor);
    const std::string base = donated == m_donated.end() ? m_base->fingerprint(m_origins[tensor]) : donated->second.tensor.source->fingerprint(donated->second.tensor.tensor);
    const auto map = m_maps.find(tensor);
    return map == m_maps.end() ? base : xxh3(base + " fold " + map->second->sha256);
}

std::optional<Derived> LayeredSource::derived(std::size_t tensor) const
{
    return m_maps.contains(tensor) || m_donated.contains(tensor) ? std::nullopt : m_base->derived(m_origins[tensor]);
}

Result<std::shared_ptr<const std::vector<std::byte>>> LayeredSource::folded(std::size_t tensor) const
{
    const std::lock_guard lock(m_mutex); // the product takes the time; whoever comes second wants the same
    if (m_folded && m_foldedTensor == tensor)
        return m_folded;
    const TensorInfo& info = m_tensors[tensor];
    auto bytes = std::make_shared<std::vector<std::byte>>(info.bytes);
    const std::uint64_t unit = unitBytes(info.dtype), count = info.bytes / unit;
    if (auto done = readStored(tensor, {0, count}, *bytes); !done)
        return failure(done);
    std::vector<double> values(count);
    decode(info.dtype, *bytes, values);
    const std::vector<double> product = mapped(*m_maps.at(tensor), info, values);
    for (std::size_t i = 0; i < count; ++i)
        encode(info.dtype, product[i], bytes->data() + i * unit);
    m_foldedTensor = tensor;
    m_folded = std::move(bytes);
    return m_folded;
}

CheckpointPtr layoutOf(const CheckpointPtr& layout, const TensorSource& source)
{
    if (const auto* patched = dynamic_cast<const PatchedSource*>(&source))
        return layoutOf(layout, *patched->base());
    const auto* layered = dynamic_cast<const LayeredSource*>(&source);
    if (layered == nullptr)
        return layout;
    const CheckpointPtr below = layoutOf(layout, *layered->base());
    std::vector<TensorInfo> tensors(layered->tensors().begin(), layered->tensors().end());
    for (std::size_t i = 0; i < tensors.size(); ++i)
        tensors[i].at = below->tensors()[layered->origins()[i]].at;
    return below->relaid(std::move(tensors), *layered->config());
}

} // namespace wb
