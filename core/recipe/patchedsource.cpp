#include "core/recipe/patchedsource.h"

#include "core/base/hash.h"
#include "core/recipe/apply.h"

namespace wb {

PatchedSource::PatchedSource(SourcePtr base, RecipePtr recipe)
    : m_base(std::move(base)), m_recipe(std::move(recipe)), m_edits(m_base->tensors().size())
{
}

Result<std::shared_ptr<const PatchedSource>> patch(SourcePtr base, RecipePtr recipe)
{
    if (auto fits = checkFits(*recipe, *base); !fits)
        return failure(fits);
    std::shared_ptr<PatchedSource> patched(new PatchedSource(std::move(base), std::move(recipe)));
    for (std::size_t i = 0; i < patched->m_recipe->size(); ++i) {
        const Edit& edit = patched->m_recipe->at(i);
        const std::string place = "edit " + std::to_string(i + 1);
        auto selected = edit.select.select(*patched->m_base);
        if (!selected) {
            Error error = selected.error();
            error.where = place;
            return tl::unexpected(error);
        }
        for (const std::size_t tensor : *selected) {
            if (auto possible = checkEditable(edit.operation, patched->m_base->tensors()[tensor]); !possible) {
                Error error = possible.error();
                error.where = place;
                return tl::unexpected(error);
            }
            if (edit.enabled)
                patched->m_edits[tensor].push_back(i);
        }
        patched->m_selected.push_back(std::move(*selected));
    }
    return std::shared_ptr<const PatchedSource>(std::move(patched));
}

// All edits of a tensor in the exact form that two equal lists share.
std::string PatchedSource::canonicalEdits(std::size_t tensor) const
{
    std::string text;
    for (const std::size_t edit : m_edits[tensor])
        text += canonical(m_recipe->at(edit).operation) + ";";
    return text;
}

std::shared_ptr<const CodeMap> PatchedSource::codes(std::size_t tensor) const
{
    const DType dtype = m_base->tensors()[tensor].dtype;
    const std::string key = std::string(dtypeName(dtype)) + " " + canonicalEdits(tensor);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_codes.find(key); found != m_codes.end())
            return found->second;
    }
    CodeMap map = codeMapFor(m_recipe->at(m_edits[tensor].front()).operation, dtype);
    for (std::size_t i = 1; i < m_edits[tensor].size(); ++i)
        map = composed(map, codeMapFor(m_recipe->at(m_edits[tensor][i]).operation, dtype));
    const std::lock_guard lock(m_mutex);
    return m_codes.emplace(key, std::make_shared<const CodeMap>(std::move(map))).first->second;
}

Result<void> PatchedSource::read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const
{
    if (auto done = m_base->read(tensor, range, out); !done || m_edits[tensor].empty())
        return done;
    const DType dtype = m_base->tensors()[tensor].dtype;
    if (hasValueTable(dtype)) {
        applyMap(*codes(tensor), dtype, out);
        return {};
    }
    for (const std::size_t edit : m_edits[tensor])
        applyToBytes(m_recipe->at(edit).operation, dtype, out);
    return {};
}

std::string PatchedSource::fingerprint(std::size_t tensor) const
{
    const std::string base = m_base->fingerprint(tensor);
    return m_edits[tensor].empty() ? base : xxh3(base + " " + canonicalEdits(tensor));
}

std::optional<Derived> PatchedSource::derived(std::size_t tensor) const
{
    if (m_edits[tensor].empty())
        return m_base->derived(tensor);
    Derived derived{m_base, tensor, nullptr, nullptr};
    const DType dtype = m_base->tensors()[tensor].dtype;
    if (hasValueTable(dtype)) {
        derived.codes = codes(tensor);
        return derived;
    }
    std::vector<Operation> operations;
    for (const std::size_t edit : m_edits[tensor])
        operations.push_back(m_recipe->at(edit).operation);
    derived.values = [operations, dtype](double value) {
        for (const Operation& operation : operations)
            value = applyToValue(operation, dtype, value);
        return value;
    };
    return derived;
}

} // namespace wb
