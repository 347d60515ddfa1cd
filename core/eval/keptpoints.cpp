#include "core/eval/keptpoints.h"

#include <nlohmann/json.hpp>

namespace wb {
namespace {

constexpr std::uint64_t maxBytes = std::uint64_t{1} << 30;

bool isNumbers(const Json& json)
{
    return json.is_array() && std::ranges::all_of(json, [](const Json& one) { return one.is_number(); });
}

} // namespace

Result<KeptPoints> KeptPoints::open(const std::filesystem::path& path, const Json& key)
{
    auto file = AppendFile::open(path);
    if (!file)
        return failure(file);
    auto text = file->read(maxBytes);
    if (!text)
        return failure(text);
    KeptPoints kept(std::move(*file));
    const std::string head = dumpJson({{"format", "weightbench.sweep/1"}, {"key", key}}) + "\n";
    if (text->find('\n') == std::string::npos) { // new, or torn in its first line
        if (auto done = kept.m_file.cut(0); !done)
            return failure(done);
        if (auto done = kept.m_file.append(head); !done)
            return failure(done);
        return kept;
    }
    if (!text->starts_with(head))
        return fail(ErrorCode::BadArgument, path.string(), said(CORE_TEXT("reasons", "it holds points of another model, recipe, data or setting; name another file")));
    std::size_t at = head.size();
    for (std::size_t end = text->find('\n', at); end != std::string::npos; at = end + 1, end = text->find('\n', at)) {
        const auto line = parseJson(text->substr(at, end - at), path.string());
        if (!line || !line->is_object() || !isNumbers(line->value("values", Json())) || !isNumbers(line->value("scores", Json())))
            break;
        kept.m_points[(*line)["values"].get<std::vector<double>>()] = (*line)["scores"].get<std::vector<double>>();
    }
    if (auto done = kept.m_file.cut(at); !done)
        return failure(done);
    return kept;
}

const std::vector<double>* KeptPoints::find(const std::vector<double>& values) const
{
    const auto found = m_points.find(values);
    return found == m_points.end() ? nullptr : &found->second;
}

Result<void> KeptPoints::add(const std::vector<double>& values, const std::vector<double>& scores)
{
    m_points[values] = scores;
    if (auto done = m_file.append(dumpJson({{"values", values}, {"scores", scores}}) + "\n"); !done)
        return done;
    return m_file.sync();
}

} // namespace wb
