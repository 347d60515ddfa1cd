#include "core/checkpoint/opengguf.h"

#include "core/checkpoint/gguf.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <regex>
#include <unordered_set>

namespace wb {
namespace {

constexpr std::uint64_t maxParts = 65'535;

std::optional<std::uint64_t> wholeNumber(const File& file, const GgufHeader& header, std::string_view name)
{
    const GgufKey* key = header.find(name);
    if (key == nullptr || key->type == GgufType::String || key->type == GgufType::Array)
        return std::nullopt;
    const auto value = readGgufValue(file, *key, 1);
    return value && value->is_number_integer() && value->get<std::int64_t>() >= 0 ? std::optional(value->get<std::uint64_t>()) : std::nullopt;
}

class PartsReader {
public:
    PartsReader(CheckpointContent& content, const std::filesystem::path& folder, bool limits)
        : m_content(content), m_folder(folder), m_limits(limits)
    {
    }

    Result<void> read(const std::vector<std::string>& names)
    {
        std::optional<Error> first;
        for (std::size_t i = 0; i < names.size(); ++i) {
            auto done = readPart(names[i], i, names.size());
            if (done)
                continue;
            const bool missing = done.error().code == ErrorCode::FileNotFound;
            if (names.size() == 1 || !missing)
                return done;
            m_content.warnings.push_back(errorOf(ErrorCode::ShardMissing, m_folder.string(), names[i], said(CORE_TEXT("reasons", "its"))));
            m_content.absent.push_back(names[i]);
            if (!first)
                first = done.error();
        }
        if (m_content.files.empty())
            return tl::unexpected(*first);
        if (m_names.contains("token_embd.weight"))
            m_config["tie_word_embeddings"] = !m_names.contains("output.weight"); // in whatever part they are
        m_content.config = std::make_shared<const Json>(std::move(m_config));
        return checkTotal();
    }

private:
    Result<void> readPart(const std::string& name, std::size_t place, std::size_t count)
    {
        auto file = File::open(m_folder / name);
        if (!file)
            return failure(file);
        auto header = readGguf(*file, m_limits);
        if (!header)
            return failure(header);
        if (auto done = checkPlace(*file, *header, place, count); !done)
            return done;
        for (TensorInfo& tensor : header->tensors) {
            if (!m_names.insert(tensor.name).second)
                return fail(ErrorCode::HeaderDuplicateKey, file->path().string(), said(CORE_TEXT("reasons", "%1 in more than one part"), tensor.name));
            tensor.at.file = m_content.files.size();
            m_content.tensors.push_back(std::move(tensor));
        }
        m_content.warnings.insert(m_content.warnings.end(), header->warnings.begin(), header->warnings.end());
        m_content.absent.insert(m_content.absent.end(), header->cut.begin(), header->cut.end());
        std::map<std::string, std::string> metadata;
        for (const GgufKey& key : header->keys) {
            auto text = ggufValueText(*file, key);
            if (!text)
                return failure(text);
            metadata.emplace(key.key, std::move(*text));
        }
        if (m_content.files.empty()) {
            auto config = configOfGguf(*file, *header);
            if (!config)
                return failure(config);
            m_config = std::move(*config);
        }
        const std::uint64_t end = std::min(file->size(), (header->dataEnd + header->alignment - 1) / header->alignment * header->alignment);
        m_content.files.push_back({std::make_shared<const File>(std::move(*file)), name, header->dataBegin, end, std::move(metadata)});
        return {};
    }

    Result<void> checkPlace(const File& file, const GgufHeader& header, std::size_t place, std::size_t count)
    {
        const auto number = wholeNumber(file, header, "split.no"), parts = wholeNumber(file, header, "split.count");
        if (!m_total)
            m_total = wholeNumber(file, header, "split.tensors.count");
        const std::string where = file.path().string();
        if (parts.value_or(1) != count && (parts || count > 1))
            return fail(ErrorCode::HeaderInvalid, where,
                        said(CORE_TEXT("reasons", "it is one of %1 parts by its keys and one of %2 by its name"), parts.value_or(1), count));
        if (number && *number != place)
            return fail(ErrorCode::HeaderInvalid, where, said(CORE_TEXT("reasons", "it is part %1 by its keys and part %2 by its name"), *number + 1, place + 1));
        return {};
    }

    Result<void> checkTotal()
    {
        if (m_total && m_content.absent.empty() && *m_total != m_content.tensors.size())
            m_content.warnings.push_back(errorOf(ErrorCode::HeaderInvalid, m_folder.string(),
                                                 said(CORE_TEXT("reasons", "its keys announce %1 tensors and the parts hold %2"), *m_total, m_content.tensors.size())));
        return {};
    }

    CheckpointContent& m_content;
    std::filesystem::path m_folder;
    bool m_limits;
    std::unordered_set<std::string> m_names;
    std::optional<std::uint64_t> m_total;
    Json m_config;
};

} // namespace

std::vector<std::string> partsOf(const std::string& name)
{
    static const std::regex part("(.+)-([0-9]{5})-of-([0-9]{5})\\.gguf");
    std::smatch match;
    if (!std::regex_match(name, match, part))
        return {name};
    const std::string count = match[3].str();
    std::uint64_t parts = 0;
    std::from_chars(count.data(), count.data() + count.size(), parts);
    if (parts == 0 || parts > maxParts)
        return {name};
    std::vector<std::string> names;
    for (std::uint64_t i = 1; i <= parts; ++i)
        names.push_back(fmt::format("{}-{:05}-of-{}.gguf", match[1].str(), i, count));
    return names;
}

Result<void> readGgufFiles(CheckpointContent& content, const std::filesystem::path& folder, const std::vector<std::string>& names,
                           bool limits)
{
    content.format = Format::Gguf;
    return PartsReader(content, folder, limits).read(names);
}

} // namespace wb
