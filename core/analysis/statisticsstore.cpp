#include "core/analysis/statisticsstore.h"

#include "core/base/cachefolder.h"
#include "core/base/file.h"
#include "core/base/hash.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <system_error>
#include <unordered_map>

namespace wb {
namespace {

namespace fs = std::filesystem;

// Changes whenever a figure is computed in another way.
constexpr const char* formatName = "weightbench-statistics-2";

constexpr std::array counts = {std::pair{"count", &Statistics::count}, std::pair{"nan", &Statistics::nan},
                               std::pair{"inf", &Statistics::inf}, std::pair{"zero", &Statistics::zero},
                               std::pair{"denormal", &Statistics::denormal}};
constexpr std::array figures = {
    std::pair{"min", &Statistics::min},          std::pair{"max", &Statistics::max},
    std::pair{"mean", &Statistics::mean},        std::pair{"std", &Statistics::std},
    std::pair{"abs_mean", &Statistics::absMean}, std::pair{"abs_max", &Statistics::absMax},
    std::pair{"rms", &Statistics::rms},          std::pair{"l2", &Statistics::l2},
    std::pair{"skew", &Statistics::skew},        std::pair{"kurtosis", &Statistics::kurtosis}};

std::optional<double> figureOf(const Json& json)
{
    if (json.is_number()) return json.get<double>();
    for (const double special : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                                 -std::numeric_limits<double>::infinity()})
        if (json == jsonNumber(special)) return special;
    return std::nullopt;
}

// Null when anything is missing, of another kind, or impossible for a tensor of this size.
std::shared_ptr<const Statistics> entryOf(const Json& json, std::uint64_t elements)
{
    if (!json.is_object()) return nullptr;
    auto statistics = std::make_shared<Statistics>();
    for (const auto& [name, member] : counts) {
        const auto found = json.find(name);
        if (found == json.end() || !found->is_number_unsigned()) return nullptr;
        statistics.get()->*member = found->get<std::uint64_t>();
        if (statistics.get()->*member > elements) return nullptr;
    }
    if (statistics->count != elements) return nullptr;
    for (const auto& [name, member] : figures) {
        const auto found = json.find(name);
        const auto figure = found == json.end() ? std::nullopt : figureOf(*found);
        if (!figure) return nullptr;
        statistics.get()->*member = *figure;
    }
    return statistics;
}

Json toEntry(const Statistics& statistics)
{
    Json entry = Json::object();
    for (const auto& [name, member] : counts)
        entry[name] = statistics.*member;
    for (const auto& [name, member] : figures)
        entry[name] = jsonNumber(statistics.*member);
    return entry;
}

} // namespace

fs::path StatisticsStore::defaultFolder() { return cacheFolder("statistics"); }

fs::path StatisticsStore::fileOf(const TensorSource& source) const
{
    std::string all;
    for (std::size_t i = 0; i < source.tensors().size(); ++i)
        all += source.fingerprint(i) + '\n';
    return m_folder / (xxh3(all) + ".json");
}

StatisticsStore::ByTensor StatisticsStore::load(const TensorSource& source) const
{
    ByTensor statistics(source.tensors().size());
    const auto json = readJson(fileOf(source), false, maxFileBytes);
    if (!json || !json->is_object()) return statistics;
    const auto format = json->find("format"), tensors = json->find("tensors");
    if (format == json->end() || *format != formatName || tensors == json->end() || !tensors->is_array()) return statistics;
    std::unordered_map<std::string, const Json*> entries;
    for (const Json& pair : *tensors)
        if (pair.is_array() && pair.size() == 2 && pair[0].is_string()) entries.emplace(pair[0].get<std::string>(), &pair[1]);
    for (std::size_t i = 0; i < statistics.size(); ++i) {
        const auto entry = entries.find(source.fingerprint(i));
        if (entry != entries.end()) statistics[i] = entryOf(*entry->second, source.tensors()[i].elements);
    }
    return statistics;
}

Result<void> StatisticsStore::save(const TensorSource& source, const ByTensor& statistics) const
{
    Json tensors = Json::array(); // of pairs: an object looks through all its keys for each, and there can be 10⁵
    for (std::size_t i = 0; i < statistics.size(); ++i)
        if (statistics[i] && statistics[i]->exact) tensors.push_back(Json::array({source.fingerprint(i), toEntry(*statistics[i])}));
    const std::string text = dumpJson(Json{{"format", formatName}, {"tensors", std::move(tensors)}}) + "\n";
    if (text.size() > maxFileBytes) return {}; // so many tensors are computed again
    std::error_code problem;
    fs::create_directories(m_folder, problem);
    if (problem) return fail(ErrorCode::CannotCreate, m_folder.string(), problem.message());
    const fs::path file = fileOf(source);
    if (auto written = writeTextAtomically(file, text); !written) return written;
    removeOldest(m_folder, ".json", m_limit, file);
    return {};
}

} // namespace wb
