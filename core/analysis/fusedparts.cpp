#include "core/analysis/fusedparts.h"

#include "core/model/arch/family.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>

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

std::uint64_t FusedPart::size() const
{
    std::uint64_t total = 0;
    for (const Range& range : ranges)
        total += range.end - range.first;
    return total;
}

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

Result<Spectrum> computeSpectrum(const TensorSource& source, std::size_t tensor, const FusedPart& part, const SpectrumOptions& options)
{
    const TensorInfo& info = source.tensors()[tensor];
    const Matrix whole = matrixOf(info);
    const std::uint64_t size = part.size(), rows = part.columns ? whole.rows : size, cols = part.columns ? size : whole.cols;
    std::vector<double> matrix(rows * cols), row(part.columns ? whole.cols : 0);
    std::uint64_t at = 0;
    for (std::uint64_t r = 0; part.columns && r < rows; ++r) {
        if (auto done = readValues(source, tensor, r * whole.cols, row); !done)
            return failure(done);
        for (const FusedPart::Range& range : part.ranges)
            at = static_cast<std::uint64_t>(std::copy(row.begin() + static_cast<std::ptrdiff_t>(range.first), row.begin() + static_cast<std::ptrdiff_t>(range.end), matrix.begin() + static_cast<std::ptrdiff_t>(at)) - matrix.begin());
    }
    for (const FusedPart::Range& range : part.columns ? std::span<const FusedPart::Range>() : std::span<const FusedPart::Range>(part.ranges)) {
        const std::uint64_t count = (range.end - range.first) * cols;
        if (auto done = readValues(source, tensor, range.first * cols, std::span(matrix).subspan(at, count)); !done)
            return failure(done);
        at += count;
    }
    if (!std::ranges::all_of(matrix, [](double value) { return std::isfinite(value); }))
        return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "it holds values that are not finite and has no singular values")));
    return spectrumOf(matrix, rows, cols, options);
}

} // namespace wb
