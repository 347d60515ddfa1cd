#include "core/analysis/fusedparts.h"

#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace wb {
namespace {

struct Wanted {
    std::string role;
    std::uint64_t rows = 0;
};

bool isFused(const TensorRole& role) { return (role.role == "qkv_proj" || role.role == "gate_up_proj") && role.layer && !role.companion && !role.expert; }

// Rows of the parts are asked for in the engine's order: all of the first, then all of the next. These are the same in the stored one.
std::vector<FusedPart> partsIn(const LinearNames& names, const TensorInfo& info, std::span<const Wanted> wanted)
{
    const Matrix shape = matrixOf(info);
    const std::uint64_t stored = names.transposed ? shape.cols : shape.rows;
    std::vector<FusedPart> parts;
    std::uint64_t begin = 0;
    for (const Wanted& part : wanted) {
        FusedPart out{part.role, {}, names.transposed};
        std::uint64_t at = 0;
        for (const RowsOf& rows : names.parts) {
            const std::uint64_t count = rows.count != 0 ? rows.count : stored;
            const std::uint64_t from = std::max(begin, at), to = std::min(begin + part.rows, at + count);
            if (rows.first + count > stored)
                return {};
            if (from < to)
                out.ranges.push_back({rows.first + from - at, rows.first + to - at});
            at += count;
        }
        begin += part.rows;
        if (out.size() != part.rows)
            return {};
        parts.push_back(std::move(out));
    }
    return begin == stored ? parts : std::vector<FusedPart>();
}

} // namespace

FusedParts::FusedParts(const TensorSource& source, std::span<const TensorRole> roles)
{
    if (std::ranges::none_of(roles, isFused))
        return;
    const bool gguf = source.find("token_embd.weight").has_value();
    const auto config = source.config() != nullptr ? readModelConfig(*source.config(), gguf, "") : Result<ModelConfig>(tl::unexpected(Error{}));
    if (!config)
        return;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const TensorRole& role = roles[i];
        if (!isFused(role) || *role.layer >= config->layers.size() || source.tensors()[i].shape.size() != 2)
            continue;
        const LayerConfig& layer = config->layers[*role.layer];
        const LayerNames names = gguf ? ggufLayerNames(*config, *role.layer, source) : findFamily(config->family)->layer(*config, *role.layer);
        const std::uint64_t head = layer.attention.headDim, shared = layer.attention.kvHeads * head, inner = layer.feedForward.width;
        auto parts = role.role == "qkv_proj" ? partsIn(names.qkv, source.tensors()[i], std::vector<Wanted>{{"q_proj", layer.attention.heads * head}, {"k_proj", shared}, {"v_proj", shared}})
                               : partsIn(names.up, source.tensors()[i], std::vector<Wanted>{{"gate_proj", inner}, {"up_proj", inner}});
        if (!parts.empty())
            m_parts.emplace(i, std::move(parts));
    }
}

std::span<const FusedPart> FusedParts::of(std::size_t tensor) const
{
    const auto found = m_parts.find(tensor);
    return found == m_parts.end() ? std::span<const FusedPart>() : std::span<const FusedPart>(found->second);
}

const FusedPart* partWithRole(std::span<const FusedPart> parts, std::string_view role)
{
    const auto found = std::ranges::find(parts, role, &FusedPart::role);
    return found == parts.end() ? nullptr : &*found;
}

Sentence noPartSentence(std::span<const FusedPart> parts, const std::string& role)
{
    if (parts.empty())
        return said(CORE_TEXT("reasons", "it holds no %1 beside others: it is one matrix, or no config says which of its rows are which"), role);
    std::vector<std::string_view> roles;
    for (const FusedPart& part : parts)
        roles.push_back(part.role);
    return said(CORE_TEXT("reasons", "it has no part %1: its parts are %2"), role, fmt::format("{}", fmt::join(roles, ", ")));
}

} // namespace wb
