#include "core/recipe/recipe.h"

#include <algorithm>

namespace wb {

Recipe::Recipe(BaseIdentity base, std::vector<std::shared_ptr<const Edit>> edits)
    : m_base(std::move(base)), m_edits(std::move(edits))
{
}

std::size_t Recipe::enabledCount() const
{
    return static_cast<std::size_t>(std::ranges::count_if(m_edits, [](const auto& edit) { return edit->enabled; }));
}

RecipePtr Recipe::with(Edit edit) const
{
    auto edits = m_edits;
    edits.push_back(std::make_shared<const Edit>(std::move(edit)));
    return std::make_shared<const Recipe>(m_base, std::move(edits));
}

RecipePtr Recipe::without(std::size_t index) const
{
    auto edits = m_edits;
    edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(index));
    return std::make_shared<const Recipe>(m_base, std::move(edits));
}

RecipePtr Recipe::replaced(std::size_t index, Edit edit) const
{
    auto edits = m_edits;
    edits[index] = std::make_shared<const Edit>(std::move(edit));
    return std::make_shared<const Recipe>(m_base, std::move(edits));
}

RecipePtr Recipe::moved(std::size_t from, std::size_t to) const
{
    auto edits = m_edits;
    auto edit = edits[from];
    edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(from));
    edits.insert(edits.begin() + static_cast<std::ptrdiff_t>(to), std::move(edit));
    return std::make_shared<const Recipe>(m_base, std::move(edits));
}

RecipePtr Recipe::first(std::size_t count) const
{
    return std::make_shared<const Recipe>(
        m_base, std::vector(m_edits.begin(), m_edits.begin() + static_cast<std::ptrdiff_t>(std::min(count, size()))));
}

RecipePtr Recipe::joined(const Recipe& next) const
{
    auto edits = m_edits;
    edits.insert(edits.end(), next.m_edits.begin(), next.m_edits.end());
    return std::make_shared<const Recipe>(m_base, std::move(edits));
}

RecipePtr Recipe::withBase(BaseIdentity base) const { return std::make_shared<const Recipe>(std::move(base), m_edits); }

bool Recipe::operator==(const Recipe& other) const
{
    return m_base == other.m_base &&
           std::ranges::equal(m_edits, other.m_edits, [](const auto& a, const auto& b) { return a == b || *a == *b; });
}

Result<void> checkFits(const Recipe& recipe, const TensorSource& base)
{
    const std::string& wanted = recipe.base().fingerprint;
    if (wanted.empty())
        return {};
    if (const std::string found = layoutFingerprint(base); found != wanted)
        return fail(ErrorCode::RecipeBaseMismatch, recipe.base().name, wanted.substr(0, 12), found.substr(0, 12));
    return {};
}

} // namespace wb
