#include "core/checkpoint/folder.h"

#include "core/checkpoint/opengguf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <system_error>

namespace wb {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view indexEnding = ".safetensors.index.json", torchIndex = "pytorch_model.bin.index.json", torchFile = "pytorch_model.bin";
constexpr int maxFolderDepth = 3; // of sidecars

bool isWeights(const std::string& name)
{
    static constexpr std::array endings = {".safetensors", ".bin", ".gguf", ".pt",  ".pth",    ".ckpt",
                                           ".h5",          ".npz", ".onnx", ".msgpack", ".ggml", ".tflite"};
    return std::ranges::any_of(endings, [&](const char* ending) { return name.ends_with(ending); });
}

// All regular files (links followed), by relative name; hidden folders are not the model's.
Result<std::vector<std::string>> filesOf(const fs::path& folder)
{
    std::vector<std::string> names;
    std::error_code error;
    fs::recursive_directory_iterator it(folder, error);
    if (error)
        return fail(ErrorCode::CannotOpen, folder.string(), error.message());
    for (; it != fs::recursive_directory_iterator(); it.increment(error)) {
        if (error)
            return fail(ErrorCode::CannotOpen, folder.string(), error.message());
        const std::string name = it->path().filename().string();
        std::error_code ignored;
        if (it->is_directory(ignored)) {
            if (name.starts_with(".") || it.depth() + 1 >= maxFolderDepth)
                it.disable_recursion_pending();
        } else if (it->is_regular_file(ignored)) {
            names.push_back(it->path().lexically_relative(folder).string());
        }
    }
    std::ranges::sort(names);
    return names;
}

// Sets of "name-00001-of-00003.safetensors" by "name" and count.
std::map<std::string, std::vector<std::string>> shardSets(const std::vector<std::string>& names)
{
    static const std::regex shard("(.+)-[0-9]+-of-([0-9]+)\\.safetensors");
    std::map<std::string, std::vector<std::string>> sets;
    std::smatch match;
    for (const std::string& name : names)
        if (std::regex_match(name, match, shard))
            sets[match[1].str() + " of " + match[2].str()].push_back(name);
    return sets;
}

// Files that the names of a set promise and that are not there; of a set that counts from 0 or from 1.
std::vector<std::string> missingOf(const std::vector<std::string>& set)
{
    static const std::regex shard("(.+-)([0-9]{1,9})(-of-([0-9]{1,9})\\.safetensors)");
    constexpr unsigned most = 1000; // a name that promises more says nothing: there are a few hundred at most, and each is a warning
    std::smatch match;
    if (set.empty() || !std::regex_match(set.front(), match, shard))
        return {};
    const unsigned long first = std::min(std::stoul(match[2].str()), 1UL), count = std::stoul(match[4].str());
    std::vector<std::string> missing;
    for (unsigned long number = first; count <= most && number < first + count; ++number) {
        const std::string name = fmt::format("{}{:0{}}{}", match[1].str(), number, match[2].length(), match[3].str());
        if (!std::ranges::binary_search(set, name))
            missing.push_back(name);
    }
    return missing;
}

// The files that are the model when there is no index; empty when nothing is.
std::vector<std::string> chooseWeights(const std::vector<std::string>& safetensors)
{
    if (std::ranges::find(safetensors, "model.safetensors") != safetensors.end())
        return {"model.safetensors"};
    const auto sets = shardSets(safetensors);
    std::vector<std::string> single;
    for (const std::string& name : safetensors)
        if (std::ranges::none_of(sets, [&](const auto& set) { return std::ranges::binary_search(set.second, name); }))
            single.push_back(name);
    if (single.size() == 1 || (sets.empty() && !single.empty()))
        return {single.front()};
    const auto model = std::ranges::find_if(sets, [](const auto& set) { return set.first.starts_with("model of "); });
    if (model != sets.end())
        return model->second;
    return sets.empty() ? std::vector<std::string>{} : sets.begin()->second;
}

} // namespace

Result<FolderContent> lookInto(const fs::path& folder)
{
    auto names = filesOf(folder);
    if (!names)
        return failure(names);
    FolderContent content;
    std::vector<std::string> safetensors, indexes, otherWeights;
    for (const std::string& name : *names) {
        const bool top = name.find('/') == std::string::npos;
        if (top && name.ends_with(indexEnding))
            indexes.push_back(name);
        else if (top && name.ends_with(".safetensors"))
            safetensors.push_back(name);
        else if (isWeights(name))
            otherWeights.push_back(name);
        else if (name != manifestName && !name.ends_with(".index.json"))
            content.sidecars.push_back(name);
    }
    const std::string usual = "model" + std::string(indexEnding);
    if (std::ranges::count(indexes, usual) != 0)
        content.index = usual;
    else if (indexes.size() == 1 && std::ranges::count(safetensors, "model.safetensors") == 0)
        content.index = indexes.front();
    else
        content.weights = chooseWeights(safetensors);
    content.missing = missingOf(content.weights);
    if (content.index.empty() && content.weights.empty()) {
        const auto gguf = std::ranges::find_if(otherWeights, [](const std::string& name) {
            return name.ends_with(".gguf") && name.find('/') == std::string::npos;
        });
        if (gguf != otherWeights.end())
            content.gguf = partsOf(*gguf);
        else if (std::ranges::binary_search(*names, torchIndex))
            content.index = torchIndex;
        else if (std::ranges::binary_search(*names, torchFile))
            content.weights = {std::string(torchFile)};
    }
    std::erase_if(otherWeights, [&](const std::string& name) { return std::ranges::count(content.gguf, name) + std::ranges::count(content.weights, name) != 0; });
    if (content.index.empty() && content.weights.empty() && content.gguf.empty()) {
        return fail(ErrorCode::NotACheckpoint, folder.string(),
                    otherWeights.empty() ? said(CORE_TEXT("reasons", "it holds no weights"))
                                         : said(CORE_TEXT("reasons", "it holds %1 and no .safetensors, .gguf or pytorch_model.bin"), otherWeights.front()));
    }
    for (const std::string& name : safetensors)
        if (!std::ranges::binary_search(content.weights, name)) // all lists of names are sorted
            content.leftOut.push_back(name); // with an index, those that it names are taken off by the caller
    content.leftOut.insert(content.leftOut.end(), otherWeights.begin(), otherWeights.end());
    return content;
}

} // namespace wb
