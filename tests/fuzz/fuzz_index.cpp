// Shard indexes: what is read, written as an index again, is read as the same.
#include "core/base/json.h"
#include "core/checkpoint/shardindex.h"
#include "tests/fuzz/fuzz.h"

#include <nlohmann/json.hpp>

using namespace wb;

std::vector<std::string> fuzz::seeds()
{
    return {R"({"metadata":{"total_size":24},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}})",
            R"({"weight_map":{"x.y":"sub/m.safetensors","\u00e9":"m.safetensors","z":"m.safetensors"},"more":[1,{"a":null}]})"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const auto index = readShardIndex(fuzz::asFile(input, size, "model.safetensors.index.json"));
    if (!index)
        return 0;
    Json map = Json::object();
    for (const auto& [tensor, shard] : index->shardOf)
        map[tensor] = shard;
    Json json = {{"weight_map", map}};
    if (index->totalSize)
        json["metadata"] = {{"total_size", *index->totalSize}};
    const std::string text = dumpJson(json);
    const auto again = readShardIndex(fuzz::asFile(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), "again.safetensors.index.json"));
    fuzz::require(again.has_value(), "what was written again is an index");
    fuzz::require(again->shardOf == index->shardOf && again->totalSize == index->totalSize, "the same index");
    return 0;
}
