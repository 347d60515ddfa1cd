// GGUF headers: what opens can be read, and written again with the same keys and tensors opens as the same.
#include "core/base/bytes.h"
#include "core/checkpoint/ggmltypes.h"
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/open.h"
#include "core/tensor/decode.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/ggufbuilder.h"
#include "tests/support/support.h"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace wb;

namespace {

std::uint32_t idOf(const TensorInfo& info)
{
    for (std::uint32_t id = 0; id < 64; ++id)
        if (const auto type = ggmlType(id); type && type->name == info.storedType)
            return id;
    return static_cast<std::uint32_t>(std::stoul(info.storedType.substr(5))); // "type 142"
}

std::string writtenAgain(const File& file, const GgufHeader& header)
{
    test::GgufBuilder builder;
    builder.version = header.version;
    builder.alignment = header.alignment;
    for (const GgufKey& key : header.keys) {
        std::string value(key.bytes, '\0');
        fuzz::require(value.empty() || file.readAt(key.at, std::as_writable_bytes(std::span(value))).has_value(), "a value that was found can be read");
        if (key.type == GgufType::Array)
            value = test::GgufBuilder::raw(static_cast<std::uint32_t>(key.elementType)) + test::GgufBuilder::raw(key.count) + value;
        builder.key(key.key, static_cast<std::uint32_t>(key.type), value);
    }
    for (const TensorInfo& tensor : header.tensors)
        builder.tensor({tensor.name, idOf(tensor), {tensor.shape.rbegin(), tensor.shape.rend()}, std::string(tensor.bytes, '\0')});
    return builder.bytes();
}

void compare(const GgufHeader& a, const GgufHeader& b)
{
    fuzz::require(a.keys.size() == b.keys.size() && a.tensors.size() == b.tensors.size(), "as many keys and tensors");
    for (std::size_t i = 0; i < a.keys.size(); ++i)
        fuzz::require(a.keys[i].key == b.keys[i].key && a.keys[i].type == b.keys[i].type && a.keys[i].count == b.keys[i].count, "the same keys");
    for (std::size_t i = 0; i < a.tensors.size(); ++i)
        fuzz::require(a.tensors[i].name == b.tensors[i].name && a.tensors[i].shape == b.tensors[i].shape && a.tensors[i].storedType == b.tensors[i].storedType,
                      "the same tensors");
}

} // namespace

std::vector<std::string> fuzz::seeds()
{
    test::GgufBuilder builder;
    builder.text("general.architecture", "llama").number("llama.block_count", 4, 1U).number("general.alignment", 4, 32U);
    builder.texts("tokenizer.ggml.tokens", {"a", "b", "", "long token"}).number("b", 7, std::uint8_t{1});
    builder.tensor({"token_embd.weight", 8, {32, 2}, std::string(68, '\1')}).tensor({"s", 0, {}, "abcd"}).tensor({"o", 12, {256}, std::string(144, '\2')});
    builder.tensor({"u", 142, {4}, std::string(64, '\3')});
    test::GgufBuilder plain;
    plain.version = 2;
    return {builder.bytes(), plain.tensor({"x", 1, {3, 2, 2}, std::string(24, '\4')}).bytes(), test::readFile(WB_TEST_DATA "/small.gguf").substr(0, 1600)};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const auto path = fuzz::asFile(input, size, "in.gguf");
    const auto checkpoint = openCheckpoint(path);
    if (!checkpoint)
        return 0;
    for (std::size_t i = 0; i < (*checkpoint)->tensors().size(); ++i) {
        const TensorInfo& info = (*checkpoint)->tensors()[i];
        std::vector<double> values(std::min<std::uint64_t>(info.elements, 64));
        if (info.dtype != DType::Opaque)
            fuzz::require(readValues(**checkpoint, i, info.elements - values.size(), values).has_value(), "a listed tensor can be read");
    }
    const File file = std::move(*File::open(path));
    const auto header = readGguf(file, true);
    fuzz::require(header.has_value(), "what opened has a header");
    if (header->dataEnd > (1U << 22)) // of an input that small only by a hole
        return 0;
    const std::string again = writtenAgain(file, *header);
    const File copy = std::move(*File::open(fuzz::asFile(reinterpret_cast<const std::uint8_t*>(again.data()), again.size(), "again.gguf")));
    const auto reread = readGguf(copy, true);
    fuzz::require(reread.has_value(), "what was written again opens");
    compare(*header, *reread);
    return 0;
}
