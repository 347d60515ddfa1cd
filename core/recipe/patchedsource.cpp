#include "core/recipe/patchedsource.h"

#include "core/base/hash.h"
#include "core/recipe/svf.h"
#include "core/tensor/float8factors.h"

#include <fmt/format.h>

#include <algorithm>

namespace wb {

PatchedSource::PatchedSource(SourcePtr base, RecipePtr recipe, std::shared_ptr<const FusedParts> fused)
    : m_base(std::move(base)), m_recipe(std::move(recipe)), m_heads(headShapeOf(m_base->config())), m_fused(std::move(fused)), m_edits(m_base->tensors().size())
{
}

namespace {

std::vector<std::size_t> tensorsOf(const LayerEdit& edit, const TensorSource& base)
{
    const std::uint32_t first = edit.setsOnePlace() ? edit.last : edit.first;
    const auto layers = layersOf(base);
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (layers[i] && first <= *layers[i] && *layers[i] <= edit.last)
            out.push_back(i);
    return out;
}

std::shared_ptr<const FusedParts> partsFor(const Recipe& recipe, const TensorSource& base)
{
    for (std::size_t i = 0; i < recipe.size(); ++i)
        if (!recipe.at(i).elements.part.empty())
            return std::make_shared<const FusedParts>(base, rolesOf(base.tensors()));
    return nullptr;
}

} // namespace

std::span<const FusedPart> PatchedSource::fusedIn(std::size_t tensor) const { return m_fused ? m_fused->of(tensor) : std::span<const FusedPart>(); }

Result<std::shared_ptr<const PatchedSource>> patch(SourcePtr base, RecipePtr recipe)
{
    if (auto fits = checkFits(*recipe, *base); !fits)
        return failure(fits);
    auto fused = partsFor(*recipe, *base);
    std::shared_ptr<PatchedSource> patched(new PatchedSource(std::move(base), std::move(recipe), std::move(fused)));
    for (std::size_t i = 0; i < patched->m_recipe->size(); ++i) {
        const Edit& edit = patched->m_recipe->at(i);
        const auto inEdit = [&](Error error) {
            error.place = said(CORE_TEXT("reasons", "edit %1"), i + 1);
            error.where = error.place.english();
            return tl::unexpected(std::move(error));
        };
        if (const auto* layers = std::get_if<LayerEdit>(&edit.operation)) { // edits no values: layeredsource.h
            patched->m_selected.push_back(tensorsOf(*layers, *patched->m_base));
            continue;
        }
        auto selected = edit.select.select(*patched->m_base);
        if (!selected)
            return inEdit(selected.error());
        for (const std::size_t tensor : *selected) {
            if (auto possible = checkEditable(edit, patched->m_base->tensors()[tensor], patched->m_heads, patched->fusedIn(tensor)); !possible)
                return inEdit(possible.error());
            if (edit.enabled)
                patched->m_edits[tensor].push_back(i);
        }
        patched->m_selected.push_back(std::move(*selected));
    }
    if (editsLayers(*patched->m_recipe))
        if (auto plan = planLayers(*patched->m_recipe, layerCount(*patched->m_base)); !plan)
            return failure(plan);
    return std::shared_ptr<const PatchedSource>(std::move(patched));
}

std::shared_ptr<const PatchedSource> PatchedSource::firstEdits(std::size_t count) const
{
    std::shared_ptr<PatchedSource> fewer(new PatchedSource(m_base, m_recipe->first(count), m_fused));
    for (std::size_t tensor = 0; tensor < m_edits.size(); ++tensor) {
        const auto end = std::ranges::lower_bound(m_edits[tensor], count);
        fewer->m_edits[tensor].assign(m_edits[tensor].begin(), end);
    }
    fewer->m_selected.assign(m_selected.begin(), m_selected.begin() + static_cast<std::ptrdiff_t>(std::min(count, m_selected.size())));
    return fewer;
}

// All edits of a tensor in the exact form that two equal lists share.
std::string PatchedSource::canonicalEdits(std::size_t tensor) const
{
    std::string text;
    for (const std::size_t edit : m_edits[tensor]) {
        text += canonical(m_recipe->at(edit)) + ";";
        if (const FusedPart* part = partWithRole(fusedIn(tensor), m_recipe->at(edit).elements.part)) // the config says where it is
            text += MatrixPart(*part).key() + ";";
    }
    return text;
}

bool PatchedSource::editedByPlace(std::size_t tensor) const
{
    if (isQuantised(m_base->tensors()[tensor].dtype))
        return !m_edits[tensor].empty(); // a factor is rounded for each block alone
    return std::ranges::any_of(m_edits[tensor], [&](std::size_t edit) {
        return m_recipe->at(edit).elements.hasPlaces() || std::holds_alternative<Noise>(m_recipe->at(edit).operation) ||
               std::holds_alternative<Svf>(m_recipe->at(edit).operation);
    });
}

// Tensors share what depends on their type and edits alone; of the wider types their size too, up to which an edit goes.
std::string PatchedSource::preparedKey(std::size_t tensor) const
{
    const TensorInfo& info = m_base->tensors()[tensor];
    if (editedByPlace(tensor) || std::ranges::any_of(m_edits[tensor], [&](std::size_t edit) { return needsFacts(m_recipe->at(edit)); }))
        return std::to_string(tensor);
    const Matrix matrix = matrixOf(info);
    const std::string size = hasValueTable(info.dtype) ? "" : fmt::format("{} x {} ", matrix.rows, matrix.cols);
    return fmt::format("{} {}{}", dtypeName(info.dtype), size, canonicalEdits(tensor));
}

// This tensor with the edits before that position of its list.
std::shared_ptr<const PatchedSource> PatchedSource::before(std::size_t tensor, std::size_t position) const
{
    std::shared_ptr<PatchedSource> fewer(new PatchedSource(m_base, m_recipe, m_fused));
    fewer->m_edits[tensor].assign(m_edits[tensor].begin(), m_edits[tensor].begin() + static_cast<std::ptrdiff_t>(position));
    return fewer;
}

// The edit at this position of the tensor's list; what it must know is asked of the tensor as the edits before left it.
Result<TensorEdit> PatchedSource::tensorEdit(std::size_t tensor, std::size_t position) const
{
    const Edit& edit = m_recipe->at(m_edits[tensor][position]);
    const TensorInfo& info = m_base->tensors()[tensor];
    auto region = regionOf(edit.elements, info, m_heads, fusedIn(tensor));
    if (!region)
        return failure(region);
    EditFacts facts;
    if (needsFacts(edit)) {
        auto found = factsOf(edit, *region, *before(tensor, position), tensor);
        if (!found)
            return failure(found);
        facts = *found;
    }
    return TensorEdit(edit, info, std::move(*region), facts);
}

Result<PatchedSource::PreparedPtr> PatchedSource::prepare(std::size_t tensor) const
{
    auto prepared = std::make_shared<Prepared>();
    const bool fold = hasValueTable(m_base->tensors()[tensor].dtype) && !editedByPlace(tensor);
    CodeMap map;
    std::size_t first = 0;
    for (std::size_t position = 0; position < m_edits[tensor].size(); ++position)
        if (std::holds_alternative<Svf>(m_recipe->at(m_edits[tensor][position]).operation)) {
            prepared->rewrite = Rewrite{before(tensor, position), m_edits[tensor][position]};
            first = position + 1;
        }
    for (std::size_t position = first; position < m_edits[tensor].size(); ++position) {
        auto edit = tensorEdit(tensor, position);
        if (!edit)
            return failure(edit);
        if (fold)
            map = map.empty() ? edit->codeMap() : composed(map, edit->codeMap());
        else
            prepared->edits.push_back(std::move(*edit));
    }
    if (fold)
        prepared->folded = std::make_shared<const CodeMap>(std::move(map));
    return PreparedPtr(std::move(prepared));
}

// Not under the lock: what an edit must know is found by the worker pool, whose threads may be waiting here.
Result<PatchedSource::PreparedPtr> PatchedSource::prepared(std::size_t tensor) const
{
    constexpr std::size_t most = 64; // of up to 128 KiB for each edit
    const std::string key = preparedKey(tensor);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_prepared.find(key); found != m_prepared.end())
            return found->second;
    }
    auto made = prepare(tensor);
    if (!made)
        return made;
    const std::lock_guard lock(m_mutex);
    if (m_prepared.size() >= most)
        m_prepared.clear();
    return m_prepared.emplace(key, std::move(*made)).first->second;
}

Result<void> PatchedSource::readRewritten(const Rewrite& rewrite, std::size_t tensor, UnitRange range, std::span<std::byte> out) const
{
    auto whole = recomposed(*rewrite.before, tensor, m_recipe->at(rewrite.edit), fusedIn(tensor));
    if (!whole)
        return failure(whole);
    const std::uint64_t unit = unitBytes(m_base->tensors()[tensor].dtype);
    if (range.first > (*whole)->size() / unit || out.size() > (*whole)->size() - range.first * unit)
        return m_base->read(tensor, range, out); // which says what is wrong with the range
    std::copy_n((*whole)->begin() + static_cast<std::ptrdiff_t>(range.first * unit), out.size(), out.begin());
    return {};
}

Result<void> PatchedSource::read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const
{
    if (m_edits[tensor].empty())
        return m_base->read(tensor, range, out);
    auto edits = prepared(tensor);
    if (!edits)
        return failure(edits);
    const auto& rewrite = (*edits)->rewrite;
    if (auto done = rewrite ? readRewritten(*rewrite, tensor, range, out) : m_base->read(tensor, range, out); !done)
        return done;
    if ((*edits)->folded)
        applyMap(*(*edits)->folded, m_base->tensors()[tensor].dtype, out);
    for (const TensorEdit& edit : (*edits)->edits)
        edit.apply(range.first * unitElements(m_base->tensors()[tensor].dtype), out);
    return {};
}

std::string PatchedSource::fingerprint(std::size_t tensor) const
{
    const std::string base = m_base->fingerprint(tensor);
    if (!changes(tensor))
        return base;
    const std::size_t edited = sourceOfChange(tensor); // noise goes by its name, heads by that and the config, and one storage may have several names
    return xxh3(fmt::format("{} {} {} {} {} {}", base, m_base->tensors()[edited].name, m_heads.heads, m_heads.keyValueHeads, m_heads.headWidth, canonicalEdits(edited)));
}

bool PatchedSource::changes(std::size_t tensor) const { return !m_edits[sourceOfChange(tensor)].empty(); }

// The tensor whose edits change its values: its factors', as their matrix cannot be edited (apply.h), else its own.
std::size_t PatchedSource::sourceOfChange(std::size_t tensor) const { return float8FactorsOf(*this, tensor).value_or(tensor); }

std::optional<Derived> PatchedSource::derived(std::size_t tensor) const
{
    if (m_edits[tensor].empty())
        return m_base->derived(tensor);
    if (editedByPlace(tensor))
        return std::nullopt;
    auto edits = prepared(tensor);
    if (!edits)
        return std::nullopt; // reading says why
    Derived derived{m_base, tensor, (*edits)->folded, nullptr};
    if (!derived.codes)
        derived.values = [list = *edits](double value) {
            for (const TensorEdit& edit : list->edits)
                value = edit.value(value);
            return value;
        };
    return derived;
}

} // namespace wb
