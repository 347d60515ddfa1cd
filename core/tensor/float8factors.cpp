#include "core/tensor/float8factors.h"

#include "core/tensor/decode.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace wb {
namespace {

struct Block {
    std::uint64_t rows = 128, cols = 128; // of DeepSeek-V3, whose config says so
};

const Json* member(const Json* object, const char* key)
{
    if (object == nullptr || !object->is_object())
        return nullptr;
    const auto found = object->find(key);
    return found == object->end() || found->is_null() ? nullptr : &*found;
}

std::optional<Block> blockOf(const Json* sizes)
{
    const auto isSize = [](const Json& size) { return size.is_number_integer() && size.get<std::int64_t>() >= 1; };
    if (sizes == nullptr || !sizes->is_array() || sizes->size() != 2 || !isSize((*sizes)[0]) || !isSize((*sizes)[1]))
        return std::nullopt;
    return Block{(*sizes)[0].get<std::uint64_t>(), (*sizes)[1].get<std::uint64_t>()};
}

// What the engine reads strictly (model/float8.h); here a config that says something else leaves the shapes to speak.
Block configuredBlock(const Json* config)
{
    for (const char* key : {"quantization_config", "compression_config"}) {
        const Json* quantisation = member(config, key);
        if (const auto block = blockOf(member(quantisation, "weight_block_size")))
            return *block;
        const Json* groups = member(quantisation, "config_groups");
        for (const Json& group : groups != nullptr && groups->is_object() ? *groups : Json::object()) {
            const Json* weights = member(&group, "weights");
            if (const auto block = blockOf(member(weights, "block_structure")))
                return *block;
            if (const Json* size = member(weights, "group_size"); size != nullptr && size->is_number_integer() && size->get<std::int64_t>() > 0)
                return {1, size->get<std::uint64_t>()};
        }
    }
    return {};
}

// How many of `count` rows or columns share one of `factors`; 0 when that cannot be.
std::uint64_t shared(std::uint64_t count, std::uint64_t factors, std::uint64_t block)
{
    const auto fits = [&](std::uint64_t each) { return each < count && (count + each - 1) / each == factors; };
    if (factors == 0)
        return 0;
    if (factors == 1)
        return std::max<std::uint64_t>(1, count);
    if (fits(block))
        return block;
    return count % factors == 0 ? count / factors : 0;
}

} // namespace

std::optional<std::size_t> float8FactorsOf(const TensorSource& source, std::size_t tensor)
{
    const TensorInfo& info = source.tensors()[tensor];
    if (!isFloat8(info.dtype))
        return std::nullopt;
    for (const char* ending : {"_scale_inv", "_scale"})
        if (const auto found = source.find(info.name + ending); found && !isFloat8(source.tensors()[*found].dtype))
            return found;
    return std::nullopt;
}

Result<std::optional<Float8Grid>> float8GridOf(const TensorSource& source, std::size_t tensor)
{
    const auto found = float8FactorsOf(source, tensor);
    if (!found)
        return std::optional<Float8Grid>();
    const TensorInfo &info = source.tensors()[tensor], &factors = source.tensors()[*found];
    const auto [rows, cols] = matrixOf(info);
    const Block block = configuredBlock(source.config());
    Float8Grid grid{*found, rows, cols, 1};
    if (factors.elements != 1) {
        // Of a stack of matrices each has its own; a list is one a row.
        const bool list = factors.shape.size() == 1;
        const std::uint64_t stack = info.shape.size() == 3 && !list && factors.shape.size() == 3 && factors.shape[0] == info.shape[0] ? info.shape[0] : 1;
        const Matrix in = list ? Matrix{factors.elements, 1} : matrixOf(factors);
        grid.rowsEach = in.rows % stack == 0 ? shared(rows / stack, in.rows / stack, block.rows) : 0;
        grid.colsEach = shared(cols, in.cols, block.cols);
        grid.perRow = in.cols;
        const bool wholeBlocks = stack == 1 || (grid.rowsEach != 0 && rows / stack % grid.rowsEach == 0);
        if (grid.rowsEach == 0 || grid.colsEach == 0 || !wholeBlocks)
            return fail(ErrorCode::BadArgument, factors.name,
                        said(CORE_TEXT("reasons", "factors of shape %1 do not fit %2, whose shape is %3"), shapeText(factors.shape), info.name, shapeText(info.shape)));
    }
    return std::optional(grid);
}

Result<void> multiplyByFactors(const TensorSource& source, std::size_t tensor, std::uint64_t first, std::span<double> values)
{
    const auto grid = float8GridOf(source, tensor);
    if (!grid)
        return failure(grid);
    if (!*grid || values.empty())
        return {};
    const Float8Grid& g = **grid;
    const std::uint64_t cols = std::max<std::uint64_t>(1, matrixOf(source.tensors()[tensor]).cols);
    const std::uint64_t top = first / cols / g.rowsEach, bottom = (first + values.size() - 1) / cols / g.rowsEach;
    std::vector<double> factors((bottom - top + 1) * g.perRow);
    if (auto done = readValues(source, g.factors, top * g.perRow, factors); !done)
        return done;
    for (std::uint64_t i = 0; i < values.size();) { // a run of columns with one factor at a time
        const std::uint64_t row = (first + i) / cols, col = (first + i) % cols, group = col / g.colsEach;
        const std::uint64_t run = std::min({(group + 1) * g.colsEach, cols}) - col;
        const auto factor = static_cast<float>(factors[(row / g.rowsEach - top) * g.perRow + group]);
        for (const std::uint64_t end = std::min<std::uint64_t>(i + run, values.size()); i < end; ++i)
            values[i] = static_cast<float>(values[i]) * factor;
    }
    return {};
}

} // namespace wb
