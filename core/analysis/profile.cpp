#include "core/analysis/profile.h"

#include "core/model/roles.h"
#include "core/tensor/decode.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace wb {
namespace {

std::uint64_t number(const Json& config, const char* key)
{
    const auto found = config.find(key);
    return found != config.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

Result<Grouping> headsOf(const TensorInfo& info, const HeadShape& shape)
{
    const Matrix matrix = matrixOf(info);
    std::string role = roleOf(info.name).role;
    if (role.ends_with(".bias"))
        role.resize(role.size() - 5);
    const bool keyValue = role == "k_proj" || role == "v_proj";
    if (!keyValue && role != "q_proj" && role != "o_proj")
        return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "only q, k, v and o projections have heads")));
    const std::uint64_t heads = keyValue ? shape.keyValueHeads : shape.heads;
    if (heads == 0)
        return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "no config says how many heads there are")));
    const bool vector = info.shape.size() == 1; // a bias
    const bool inByOut = info.name.find(".c_proj.") != std::string::npos; // GPT-2 stores its matrices the other way
    const bool byColumn = (role == "o_proj" && !inByOut) || vector;
    const std::uint64_t length = byColumn ? matrix.cols : matrix.rows;
    const std::uint64_t width = shape.headWidth != 0 ? shape.headWidth : length / heads;
    if (width == 0 || heads > length || width * heads != length)
        return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "%1 heads do not divide %2"), heads, length));
    return Grouping{byColumn, width, heads};
}

struct Sums {
    long double sum = 0, squares = 0;
    double min = std::numeric_limits<double>::infinity(), max = -std::numeric_limits<double>::infinity();
    std::uint64_t count = 0, nan = 0, inf = 0, zero = 0;

    void add(double value)
    {
        ++count;
        if (!std::isfinite(value)) {
            ++(std::isnan(value) ? nan : inf);
            return;
        }
        zero += value == 0 ? 1 : 0;
        sum += value;
        squares += static_cast<long double>(value) * value;
        min = std::min(min, value);
        max = std::max(max, value);
    }

    [[nodiscard]] GroupStatistics statistics() const
    {
        constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
        const std::uint64_t finite = count - nan - inf;
        GroupStatistics s{count, nan, inf, zero, nothing, nothing, nothing, nothing, nothing, static_cast<double>(std::sqrt(squares))};
        if (finite == 0)
            return s;
        const auto n = static_cast<long double>(finite);
        s.min = min + 0.0; // -0 becomes 0
        s.max = max + 0.0;
        s.mean = static_cast<double>(sum / n);
        s.std = static_cast<double>(std::sqrt(std::max(0.0L, squares / n - sum / n * (sum / n))));
        s.absMax = std::max(std::abs(min), std::abs(max));
        return s;
    }
};

} // namespace

const char* profileName(ProfileKind kind)
{
    switch (kind) {
    case ProfileKind::Row: return "row";
    case ProfileKind::Column: return "col";
    case ProfileKind::Head: return "head";
    case ProfileKind::Expert: return "expert";
    }
    return "";
}

Result<Grouping> groupingOf(const TensorInfo& info, ProfileKind kind, const HeadShape& heads)
{
    const Matrix matrix = matrixOf(info);
    switch (kind) {
    case ProfileKind::Row: return Grouping{false, 1, matrix.rows};
    case ProfileKind::Column: return Grouping{true, 1, matrix.cols};
    case ProfileKind::Head: return headsOf(info, heads);
    case ProfileKind::Expert: break;
    }
    if (info.shape.size() != 3)
        return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "only a tensor with three dimensions holds experts side by side")));
    return Grouping{false, std::max<std::uint64_t>(info.shape[1], 1), info.shape[0]};
}

HeadShape headShapeOf(const Json* config)
{
    if (config == nullptr)
        return {};
    const auto text = config->find("text_config");
    const Json& part = text != config->end() && text->is_object() ? *text : *config;
    HeadShape shape{number(part, "num_attention_heads"), number(part, "num_key_value_heads"), number(part, "head_dim")};
    if (shape.keyValueHeads == 0)
        shape.keyValueHeads = shape.heads; // as every family reads it
    return shape;
}

Result<Profile> profileOf(const TensorSource& source, std::size_t tensor, ProfileKind kind, const HeadShape& heads,
                          Progress& progress)
{
    const TensorInfo& info = source.tensors()[tensor];
    auto grouping = groupingOf(info, kind, heads);
    if (!grouping)
        return failure(grouping);
    const std::uint64_t cols = matrixOf(info).cols;
    std::vector<Sums> sums(grouping->count);
    constexpr std::uint64_t piece = std::uint64_t{1} << 16;
    std::vector<double> values;
    for (std::uint64_t first = 0; first < info.elements; first += piece) {
        values.resize(std::min(piece, info.elements - first));
        if (auto done = readValues(source, tensor, first, values); !done)
            return failure(done);
        std::uint64_t row = first / cols, col = first % cols;
        for (const double value : values) {
            sums[(grouping->byColumn ? col : row) / grouping->size].add(value);
            if (++col == cols) {
                col = 0;
                ++row;
            }
        }
        if (!progress.advance(values.size() * unitBytes(info.dtype)))
            return cancelledError();
    }
    Profile profile{kind, {}};
    for (const Sums& group : sums)
        profile.groups.push_back(group.statistics());
    return profile;
}

Json Profile::toJson() const
{
    Json list = Json::array();
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const GroupStatistics& g = groups[i];
        list.push_back({{"index", i},
                        {"count", g.count},
                        {"nan", g.nan},
                        {"inf", g.inf},
                        {"zero", g.zero},
                        {"min", jsonNumber(g.min)},
                        {"max", jsonNumber(g.max)},
                        {"mean", jsonNumber(g.mean)},
                        {"std", jsonNumber(g.std)},
                        {"abs_max", jsonNumber(g.absMax)},
                        {"l2", jsonNumber(g.l2)}});
    }
    return {{"kind", profileName(kind)}, {"groups", list}, {"exact", true}};
}

} // namespace wb
