// Which files an export consists of, and what is in each.
#pragma once

#include "core/checkpoint/checkpoint.h"

#include <string>
#include <vector>

namespace wb {

struct FilePlan {
    std::string name;        // relative to the export
    bool shared = false;     // nothing in it is touched: linked, shared or copied whole
    std::size_t source = 0;  // the file of the layout that it is made from; not used when it is laid out anew
    std::string header;      // laid out anew: all bytes before the data; otherwise empty, the source's own is kept
    std::vector<std::size_t> tensors; // laid out anew: one after the other
    std::uint64_t alignment = 1;      // laid out anew: zeros follow each tensor up to a multiple of this
    std::uint64_t bytes = 0; // of the result
};

// The layout's own files; those with a touched tensor or with bytes to drop are written anew, the others shared.
[[nodiscard]] std::vector<FilePlan> keptFiles(const Checkpoint& layout, const std::vector<std::size_t>& touched);

// All tensors in the order of the layout, in groups of at most `shardBytes` (0: one group); a tensor that is larger is a
// group of its own.
[[nodiscard]] std::vector<std::vector<std::size_t>> shardsOf(const TensorSource& edited, const Checkpoint& layout,
                                                             std::uint64_t shardBytes);

// New files of at most `shardBytes` of tensor data, one for each of shardsOf(). Each keeps the metadata of the file that its
// first tensor came from.
[[nodiscard]] std::vector<FilePlan> newFiles(const TensorSource& edited, const Checkpoint& layout, std::uint64_t shardBytes);

// model.safetensors.index.json of new files.
[[nodiscard]] std::string indexOf(const TensorSource& edited, const std::vector<FilePlan>& files);

} // namespace wb
