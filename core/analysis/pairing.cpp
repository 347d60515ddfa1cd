#include "core/analysis/pairing.h"

#include "core/analysis/profile.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace wb {
namespace {

std::string keyOf(const TensorRole& role)
{
    const auto text = [](const std::optional<std::uint32_t>& number) { return number ? std::to_string(*number) : std::string("-"); };
    return role.role + " " + text(role.layer) + " " + text(role.expert);
}

} // namespace

Pairing::Pairing(const TensorSource& a, const TensorSource& b)
    : m_sideA{a, {}}
    , m_sideB{b, {}}
    , m_byRole(std::ranges::none_of(a.tensors(), [&](const TensorInfo& info) { return b.find(info.name).has_value(); }))
{
    if (!m_byRole)
        return;
    for (Side* side : {&m_sideA, &m_sideB}) {
        side->roles = rolesOf(side->source.tensors());
        side->isGguf = std::ranges::any_of(side->source.tensors(), [](const TensorInfo& info) { return info.name.starts_with("blk."); });
    }
    for (std::size_t i = 0; i < m_sideB.roles.size(); ++i)
        m_places.emplace(keyOf(m_sideB.roles[i]), i);
}

std::optional<std::size_t> Pairing::other(std::size_t tensor) const
{
    if (!m_byRole)
        return m_sideB.source.find(m_sideA.source.tensors()[tensor].name);
    const TensorRole& role = m_sideA.roles[tensor];
    const auto found = role.role == "other" ? m_places.end() : m_places.find(keyOf(role));
    return found == m_places.end() ? std::nullopt : std::optional(found->second);
}

StoredConversion Pairing::readingOf(const Side& side, std::size_t tensor)
{
    const Json* config = side.source.config();
    if (!side.isGguf || config == nullptr)
        return {};
    const std::string& role = side.roles[tensor].role;
    const auto type = config->find("model_type");
    const std::string family = type != config->end() && type->is_string() ? type->get<std::string>() : "";
    const HeadShape heads = headShapeOf(config);
    if (family == "llama" && (role.starts_with("q_proj") || role.starts_with("k_proj")))
        return {role.starts_with("q_proj") ? heads.heads : heads.keyValueHeads, 0};
    const bool norm = role == "norm" || role.ends_with("layernorm") || role == "q_norm" || role == "k_norm";
    return {0, family.starts_with("gemma") && norm ? -1.0F : 0.0F};
}

} // namespace wb
