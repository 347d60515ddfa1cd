// safetensors headers: what opens can be read, and laid out anew by our own writer opens as the same tensors.
#include "core/checkpoint/fileplan.h"
#include "core/checkpoint/open.h"
#include "core/tensor/decode.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/safetensorsbuilder.h"

#include <algorithm>

using namespace wb;

std::vector<std::string> fuzz::seeds()
{
    return {test::safetensorsBytes({{"model.layers.0.mlp.up_proj.weight", "BF16", {2, 3}, "abcdefghijkl"}, {"s", "F32", {}, "abcd"}, {"e", "I64", {0, 4}, ""}},
                                   {{"format", "pt"}}),
            test::safetensorsBytes({{"f8", "F8_E4M3", {4}, "abcd"}, {"b", "BOOL", {2}, "\1\2"}, {"\xC3\xA9", "F64", {1}, "12345678"}}),
            test::safetensorsBytes(R"({"a\u0041":{"shape":[1],"dtype":"U8","data_offsets":[0,1],"more":[{"x":[1,null,true,"y"]}]}})", "x")};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const auto opened = openCheckpoint(fuzz::asFile(input, size, "in.safetensors"));
    if (!opened)
        return 0;
    const CheckpointPtr& a = *opened;
    std::string again;
    for (std::size_t i = 0; i < a->tensors().size(); ++i) {
        const TensorInfo& info = a->tensors()[i];
        std::vector<std::byte> bytes(info.bytes);
        fuzz::require(bytes.empty() || a->read(i, {0, info.units()}, bytes).has_value(), "a listed tensor can be read");
    }
    const FilePlan plan = newFiles(*a, *a, 0).front();
    again = plan.header;
    for (const std::size_t tensor : plan.tensors) {
        std::string bytes(a->tensors()[tensor].bytes, '\0');
        fuzz::require(bytes.empty() || a->read(tensor, {0, a->tensors()[tensor].units()}, std::as_writable_bytes(std::span(bytes))).has_value(), "read again");
        again += bytes;
    }
    const auto reopened = openCheckpoint(fuzz::asFile(reinterpret_cast<const std::uint8_t*>(again.data()), again.size(), "again.safetensors"));
    fuzz::require(reopened.has_value(), "what was laid out anew opens");
    const CheckpointPtr& b = *reopened;
    fuzz::require(a->tensors().size() == b->tensors().size() && a->files()[0].metadata == b->files()[0].metadata, "as many tensors, the same metadata");
    for (const TensorInfo& info : a->tensors()) {
        const auto found = b->find(info.name);
        fuzz::require(found.has_value(), "the same names");
        const TensorInfo& other = b->tensors()[*found];
        fuzz::require(info.shape == other.shape && info.storedType == other.storedType && info.bytes == other.bytes, "the same tensors");
    }
    return 0;
}
