// A file that torch.save wrote, zip (1.6 and later) or the older run of pickles: where its tensors lie. The pickle is read by pickle.h, so
// nothing of the file is executed; calls that rebuild tensors are recognised by name, everything else is only listed.
//
//   zip     FOLDER/data.pkl, FOLDER/byteorder, FOLDER/data/KEY one entry for each storage
//   older   pickles: magic number, protocol 1001, a description of the system, the object, the list of storage keys; then for
//           each key a 64-bit count of elements and the elements
//
// Every number is checked against the storages and the file before it is used.
#pragma once

#include "core/base/file.h"
#include "core/checkpoint/arraydecoder.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wb {

struct TorchTensor {
    TensorInfo info;                    // at.offset: of its first element in the file; bytes: logical
    std::vector<std::uint64_t> strides; // in elements
    std::string storage;                // key; tensors that share one are tied, or parts of each other
};

struct TorchFile {
    std::vector<TorchTensor> tensors;    // in the order of the dict; keys of dicts in dicts are joined by "."
    std::vector<Sentence> notLoaded;     // keys of what is no tensor, or one that is not understood, with what was found
    bool bigEndian = false;              // its elements are stored big-endian
    [[nodiscard]] ArrayLayout layoutOf(std::size_t tensor) const;
};

// HeaderInvalid, CannotOpen and the like; a file that is neither is NotACheckpoint.
[[nodiscard]] Result<TorchFile> readTorchFile(const File& file);
// All elements of a tensor of numbers in row-major order, whatever its strides; OpaqueDtype otherwise.
[[nodiscard]] Result<std::vector<double>> readTorchValues(const File& file, const TorchFile& content, std::size_t tensor);

// The bytes of a file that torch.load(weights_only=True) reads as an OrderedDict of float32 vectors.
[[nodiscard]] std::string torchFileOf(const std::vector<std::pair<std::string, std::vector<float>>>& vectors);

} // namespace wb
