#include "tests/support/safetensorsbuilder.h"

#include "core/base/json.h"
#include "core/tensor/halffloat.h"
#include "tests/support/support.h"

#include <nlohmann/json.hpp>

#include <cstring>

namespace wb::test {

std::string safetensorsBytes(const std::string& header, const std::string& data)
{
    const std::uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + data;
}

std::string safetensorsBytes(const std::vector<BuiltTensor>& tensors, const std::map<std::string, std::string>& metadata)
{
    Json header = Json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::string data;
    for (const BuiltTensor& tensor : tensors) {
        header[tensor.name] = {{"dtype", tensor.dtype},
                               {"shape", tensor.shape},
                               {"data_offsets", {data.size(), data.size() + tensor.data.size()}}};
        data += tensor.data;
    }
    return safetensorsBytes(header.dump(), data);
}

std::string indexJson(const std::map<std::string, std::vector<BuiltTensor>>& shards)
{
    Json map = Json::object();
    std::uint64_t total = 0;
    for (const auto& [shard, tensors] : shards)
        for (const BuiltTensor& tensor : tensors) {
            map[tensor.name] = shard;
            total += tensor.data.size();
        }
    return Json({{"metadata", {{"total_size", total}}}, {"weight_map", map}}).dump();
}

void writeSharded(const std::filesystem::path& folder, const std::map<std::string, std::vector<BuiltTensor>>& shards)
{
    std::filesystem::create_directories(folder);
    for (const auto& [shard, tensors] : shards)
        writeFile(folder / shard, safetensorsBytes(tensors));
    writeFile(folder / "model.safetensors.index.json", indexJson(shards));
}

std::string f32Bytes(const std::vector<float>& values)
{
    std::string bytes(values.size() * 4, '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

std::string bf16Bytes(const std::vector<float>& values)
{
    std::string bytes;
    for (const float value : values) {
        const std::uint16_t code = toBFloat16(value);
        bytes.append(reinterpret_cast<const char*>(&code), 2);
    }
    return bytes;
}

} // namespace wb::test
