// One GGUF file, versions 2 and 3, header only.
//
//   "GGUF", u32 version, u64 tensor count, u64 key count
//   keys      string key, u32 type, value; strings are u64 length and bytes, arrays u32 type, u64 count and values
//   tensors   string name, u32 rank, u64 dims (fastest first), u32 ggml type, u64 offset from the begin of the data
//   data      from the next multiple of general.alignment; tensors at multiples of it, in the order of the header
//
// Every number is checked against the others and against the file before it is used. Values are not kept but found
// again in the file: a vocabulary has hundreds of thousands of strings. A type that is not known makes its tensor
// opaque. A file that ends inside a tensor lacks that tensor and is read all the same.
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/tensor/tensor.h"

#include <optional>
#include <string>
#include <vector>

namespace wb {

enum class GgufType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

struct GgufKey {
    std::string key;
    GgufType type = GgufType::U8;
    GgufType elementType = GgufType::U8; // of an array; otherwise `type`
    std::uint64_t count = 1;             // of an array
    std::uint64_t at = 0;                // offset of the value, or of an array's first element
    std::uint64_t bytes = 0;
};

struct GgufHeader {
    std::uint32_t version = 3;
    std::uint64_t alignment = 32;
    std::vector<GgufKey> keys;
    std::vector<TensorInfo> tensors; // in the order of the header; at.file is 0, at.offset absolute
    std::vector<std::string> cut;    // names of tensors that the file ends inside of; not in `tensors`
    std::uint64_t dataBegin = 0;
    std::uint64_t dataEnd = 0;       // of the last tensor, its padding not counted
    std::vector<Error> warnings;

    [[nodiscard]] const GgufKey* find(std::string_view key) const;
};

[[nodiscard]] bool looksLikeGguf(const File& file); // by its first four bytes

// `limits`: soft caps on counts and lengths (HeaderLimit).
[[nodiscard]] Result<GgufHeader> readGguf(const File& file, bool limits);

// A value as JSON; of an array at most the first `most` elements.
[[nodiscard]] Result<Json> readGgufValue(const File& file, const GgufKey& key, std::uint64_t most);
// As one line of text: "[\"<unk>\", \"<s>\", … 49152 values]".
[[nodiscard]] Result<std::string> ggufValueText(const File& file, const GgufKey& key);

// What the keys say in the words of config.json, so that nothing downstream needs to know the format: model_type,
// num_hidden_layers, hidden_size, heads, head_dim, vocab_size, tie_word_embeddings, …
[[nodiscard]] Result<Json> configOfGguf(const File& file, const GgufHeader& header);

} // namespace wb
