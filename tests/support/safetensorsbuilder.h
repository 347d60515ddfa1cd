// Writes safetensors files, honest and otherwise: every part of a header can be given by hand.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace wb::test {

struct BuiltTensor {
    std::string name;
    std::string dtype;
    std::vector<std::uint64_t> shape;
    std::string data; // stored bytes
};

// Length, header and data as one string. `header` is written as it is.
[[nodiscard]] std::string safetensorsBytes(const std::string& header, const std::string& data);
// An honest file; tensors lie in the given order.
[[nodiscard]] std::string safetensorsBytes(const std::vector<BuiltTensor>& tensors,
                                           const std::map<std::string, std::string>& metadata = {});
// Index for {shard → tensors}, with an honest total_size.
[[nodiscard]] std::string indexJson(const std::map<std::string, std::vector<BuiltTensor>>& shards);
// A folder of shards with its index.
void writeSharded(const std::filesystem::path& folder, const std::map<std::string, std::vector<BuiltTensor>>& shards);

// Stored bytes of numbers.
[[nodiscard]] std::string f32Bytes(const std::vector<float>& values);
[[nodiscard]] std::string bf16Bytes(const std::vector<float>& values);

} // namespace wb::test
