#include "tests/support/widgets/widgetsupport.h"

#include "tests/support/safetensorsbuilder.h"

#include <cmath>
#include <limits>

namespace wb::test {
namespace {

std::vector<float> wave(std::size_t count, float height)
{
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(height * std::sin(static_cast<float>(i) + 0.5F));
    return values;
}

} // namespace

TinyModel::TinyModel()
{
    std::vector<BuiltTensor> tensors = {
        {"model.embed_tokens.weight", "BF16", {16, 4}, bf16Bytes(wave(64, 1))}};
    for (int layer = 0; layer < 4; ++layer) {
        const std::string prefix = "model.layers." + std::to_string(layer) + ".";
        std::vector<float> up = wave(32, 1);
        if (layer == 3) up[5] = std::numeric_limits<float>::quiet_NaN();
        tensors.push_back({prefix + "mlp.up_proj.weight", "BF16", {8, 4}, bf16Bytes(up)});
        tensors.push_back(
            {prefix + "mlp.down_proj.weight", "BF16", {4, 8}, bf16Bytes(wave(32, layer == 1 ? 16 : 1))});
        tensors.push_back({prefix + "input_layernorm.weight", "F32", {4}, f32Bytes({1, 1, 1, 1})});
    }
    tensors.push_back({"odd", "F4", {2, 4}, std::string(4, '\1')});
    writeFile(path(), safetensorsBytes(tensors));
}

std::shared_ptr<const Opened> TinyModel::opened() const
{
    return openForWindow(path()).value();
}

Edit makeEdit(const Operation& operation, const std::string& selection)
{
    Edit edit;
    edit.operation = operation;
    edit.select = Selector::parse(selection).value();
    return edit;
}

} // namespace wb::test
