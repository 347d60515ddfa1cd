#include "core/model/float8.h"

#include "core/tensor/decode.h"
#include "core/tensor/float8factors.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <bit>

namespace wb {
namespace {

constexpr std::uint32_t publishedBlock = 128;  // of quant_method fp8, where the config leaves it out
constexpr std::uint32_t fewestColumns = 16;     // of a block: a vector has one factor

const Json* member(const Json& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string textOf(const Json& object, const char* key)
{
    const Json* value = member(object, key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

std::string shown(const Json& value) { return dumpJson(value).substr(0, 60); }

// [rows, cols] that share a factor.
Float8Config blocksOf(const Json& sizes, const char* key, ConfigReader& reader)
{
    const auto isSize = [](const Json& size) { return size.is_number_integer() && size.get<std::int64_t>() >= 1 && size.get<std::int64_t>() <= 1 << 24; };
    if (!sizes.is_array() || sizes.size() != 2 || !isSize(sizes[0]) || !isSize(sizes[1])) {
        reader.invalid(said(CORE_TEXT("reasons", "%1 = %2 is not a list of two sizes"), key, shown(sizes)));
        return {};
    }
    const Float8Config blocks{sizes[0].get<std::uint32_t>(), sizes[1].get<std::uint32_t>()};
    if (blocks.blockCols < fewestColumns || !std::has_single_bit(blocks.blockCols))
        reader.unsupported(key, shown(sizes));
    return blocks;
}

Float8Config ofGroup(const Json& weights, ConfigReader& reader)
{
    const Json* bits = member(weights, "num_bits");
    if (textOf(weights, "type") != "float" || bits == nullptr || *bits != 8) {
        reader.unsupported("quantization_config.weights", shown(weights));
        return {};
    }
    const std::string strategy = textOf(weights, "strategy");
    if (strategy == "tensor" || strategy == "channel")
        return {};
    if (const Json* blocks = member(weights, "block_structure"); strategy == "block" && blocks != nullptr)
        return blocksOf(*blocks, "block_structure", reader);
    if (const Json* size = member(weights, "group_size"); strategy == "group" && size != nullptr)
        return blocksOf(Json::array({1, *size}), "group_size", reader);
    reader.unsupported("strategy", strategy);
    return {};
}

Float8Config ofCompressedTensors(const Json& quantisation, ConfigReader& reader)
{
    const std::string format = textOf(quantisation, "format");
    if (format != "float-quantized" && format != "naive-quantized")
        reader.unsupported("quantization_config.format", format);
    if (const Json* turned = member(quantisation, "transform_config"); turned != nullptr && !turned->empty())
        reader.unsupported("transform_config", shown(*turned));
    if (const Json* sparse = member(quantisation, "sparsity_config"); sparse != nullptr && !sparse->empty() && textOf(*sparse, "format") != "dense")
        reader.unsupported("sparsity_config", shown(*sparse));
    std::optional<Float8Config> all;
    const Json* groups = member(quantisation, "config_groups");
    for (const Json& group : groups != nullptr ? *groups : Json::array()) {
        const Json* weights = member(group, "weights");
        if (weights == nullptr)
            continue;
        const Float8Config one = ofGroup(*weights, reader);
        if (all && (all->blockRows != one.blockRows || all->blockCols != one.blockCols))
            reader.unsupported("config_groups", shown(*groups));
        all = one;
    }
    if (!all)
        reader.unsupported("config_groups", groups != nullptr ? shown(*groups) : "null");
    return all.value_or(Float8Config{});
}

std::uint64_t pieces(std::uint64_t size, std::uint64_t each) { return (size + each - 1) / each; }

} // namespace

Float8Config readFloat8Config(const Json& quantisation, const char* key, ConfigReader& reader)
{
    const std::string method = textOf(quantisation, "quant_method");
    if (method == "compressed-tensors")
        return ofCompressedTensors(quantisation, reader);
    if (method == "fp8") {
        if (!quantisation.contains("weight_block_size"))
            return {publishedBlock, publishedBlock};
        const Json* sizes = member(quantisation, "weight_block_size");
        return sizes == nullptr ? Float8Config{} : blocksOf(*sizes, "weight_block_size", reader);
    }
    if (method != "fbgemm_fp8")
        reader.unsupported(key, shown(quantisation));
    return {};
}

std::string quantisedActivations(const Json& config)
{
    for (const char* key : {"quantization_config", "compression_config"}) {
        const Json* quantisation = member(config, key);
        if (quantisation == nullptr)
            continue;
        if (const std::string scheme = textOf(*quantisation, "activation_scheme"); !scheme.empty())
            return "activation_scheme = " + scheme;
        if (textOf(*quantisation, "quant_method") == "fbgemm_fp8")
            return "quant_method = fbgemm_fp8";
        const Json* groups = member(*quantisation, "config_groups");
        for (const Json& group : groups != nullptr ? *groups : Json::array())
            if (const Json* activations = member(group, "input_activations"); activations != nullptr)
                return "input_activations = " + shown(*activations);
    }
    return "";
}

Result<Float8Scales> readFloat8Scales(const TensorSource& source, std::size_t tensor, const ModelConfig& config, const std::string& where)
{
    const TensorInfo& matrix = source.tensors()[tensor];
    const auto [rows, cols] = matrixOf(matrix);
    const bool blocks = config.float8.blockRows != 0;
    const auto found = float8FactorsOf(source, tensor);
    if (!found)
        return fail(ErrorCode::ModelTensorMissing, where, config.family, matrix.name + (blocks ? "_scale_inv" : "_scale"));
    const TensorInfo& scales = source.tensors()[*found];
    Float8Scales out;
    bool fits = false;
    std::string wanted;
    if (blocks) {
        const std::uint64_t down = pieces(rows, config.float8.blockRows), across = pieces(cols, config.float8.blockCols);
        fits = matrix.shape.size() == 2 && scales.shape == Shape{down, across};
        out.grid.rowsEach = config.float8.blockRows;
        out.grid.perRow = across;
        out.grid.colShift = static_cast<unsigned>(std::countr_zero(config.float8.blockCols));
        wanted = fmt::format("[{}, {}]", down, across);
    } else {
        const bool ofRows = rows > 1 && (scales.shape == Shape{rows} || scales.shape == Shape{rows, 1});
        fits = matrix.shape.size() == 2 && (scales.elements == 1 || ofRows);
        out.grid.rowsEach = ofRows ? 1 : std::max<std::uint64_t>(1, rows);
        wanted = fmt::format("[1] / [{}, 1]", rows);
    }
    if (!fits)
        return fail(ErrorCode::ModelTensorShape, where, scales.name, shapeText(scales.shape), fmt::format("{} ({} {})", wanted, matrix.name, shapeText(matrix.shape)));
    std::vector<double> values(scales.elements);
    if (auto done = readValues(source, *found, 0, values); !done)
        return failure(done);
    out.values.assign(values.begin(), values.end());
    out.key = "|" + source.fingerprint(*found);
    return out;
}

} // namespace wb
