#include "core/analysis/spectrumstore.h"

#include "core/base/cachefolder.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <array>
#include <limits>
#include <system_error>

namespace wb {
namespace {

// Changes whenever a figure is computed in another way.
constexpr const char* formatName = "weightbench-spectra-3";
constexpr std::uint64_t maxFileBytes = std::uint64_t{32} << 20, maxFolderBytes = std::uint64_t{64} << 20;
constexpr std::array figures = {std::pair{"error_bound", &Spectrum::errorBound},       std::pair{"frobenius", &Spectrum::frobenius}, std::pair{"spectral", &Spectrum::spectral},
                                std::pair{"nuclear", &Spectrum::nuclear},              std::pair{"stable_rank", &Spectrum::stableRank},
                                std::pair{"effective_rank", &Spectrum::effectiveRank}, std::pair{"condition", &Spectrum::condition}, std::pair{"random_edge", &Spectrum::randomEdge}};

std::optional<double> figureOf(const Json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end())
        return std::nullopt;
    if (found->is_number())
        return found->get<double>();
    return *found == jsonNumber(std::numeric_limits<double>::infinity()) ? std::optional(std::numeric_limits<double>::infinity()) : std::nullopt;
}

std::optional<std::uint64_t> countOf(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_number_unsigned() ? std::optional(found->get<std::uint64_t>()) : std::nullopt;
}

std::optional<Spectrum> entryOf(const Json& json)
{
    const auto exact = json.is_object() ? json.find("exact") : json.end();
    if (!json.is_object() || exact == json.end() || !exact->is_boolean())
        return std::nullopt;
    Spectrum out;
    out.exact = exact->get<bool>();
    out.part = countOf(json, "part");
    const auto rows = countOf(json, "rows"), cols = countOf(json, "cols"), above = countOf(json, "above_edge");
    if (!rows || !cols || !above)
        return std::nullopt;
    out.rows = *rows;
    out.cols = *cols;
    out.aboveEdge = *above;
    for (const auto& [key, member] : figures) {
        const auto figure = figureOf(json, key);
        if (!figure)
            return std::nullopt;
        out.*member = *figure;
    }
    const auto alpha = figureOf(json, "alpha"), minimum = figureOf(json, "alpha_minimum"), distance = figureOf(json, "alpha_distance");
    if (const auto tail = countOf(json, "alpha_tail"); alpha && minimum && distance && tail)
        out.powerLaw = PowerLaw{*alpha, *minimum, *distance, *tail};
    return out;
}

Json toEntry(const Spectrum& spectrum)
{
    Json json = {{"rows", spectrum.rows}, {"cols", spectrum.cols}, {"exact", spectrum.exact}, {"above_edge", spectrum.aboveEdge}};
    if (spectrum.part)
        json["part"] = *spectrum.part;
    for (const auto& [key, member] : figures)
        json[key] = jsonNumber(spectrum.*member);
    if (spectrum.powerLaw)
        json.update({{"alpha", spectrum.powerLaw->alpha}, {"alpha_minimum", spectrum.powerLaw->minimum}, {"alpha_distance", spectrum.powerLaw->distance}, {"alpha_tail", spectrum.powerLaw->tail}});
    return json;
}

} // namespace

std::filesystem::path SpectrumStore::defaultFolder() { return cacheFolder("spectra"); }

std::filesystem::path SpectrumStore::fileOf(const TensorSource& source) const
{
    std::string all;
    for (std::size_t i = 0; i < source.tensors().size(); ++i)
        all += source.fingerprint(i) + '\n';
    return m_folder / (xxh3(all) + ".json");
}

SpectrumStore::ByFingerprint SpectrumStore::load(const TensorSource& source) const
{
    ByFingerprint out;
    const auto json = readJson(fileOf(source), false, maxFileBytes);
    if (!json || !json->is_object())
        return out;
    const auto format = json->find("format"), tensors = json->find("tensors");
    if (format == json->end() || *format != formatName || tensors == json->end() || !tensors->is_array())
        return out;
    for (const Json& pair : *tensors) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string())
            continue;
        std::vector<Spectrum> list;
        for (const Json& part : pair[1])
            if (auto entry = entryOf(part))
                list.push_back(std::move(*entry));
        if (!list.empty() && list.size() == pair[1].size())
            out[pair[0].get<std::string>()] = std::move(list);
    }
    return out;
}

Result<void> SpectrumStore::save(const TensorSource& source, const ByFingerprint& spectra) const
{
    Json tensors = Json::array(); // of pairs: an object looks through all its keys for each, and there can be 10⁵
    for (const auto& [fingerprint, parts] : spectra) {
        Json list = Json::array();
        for (const Spectrum& part : parts)
            list.push_back(toEntry(part));
        tensors.push_back(Json::array({fingerprint, std::move(list)}));
    }
    const std::string text = dumpJson(Json{{"format", formatName}, {"tensors", std::move(tensors)}}) + "\n";
    if (text.size() > maxFileBytes)
        return {}; // so many tensors are computed again
    std::error_code problem;
    std::filesystem::create_directories(m_folder, problem);
    if (problem)
        return fail(ErrorCode::CannotCreate, m_folder.string(), problem.message());
    const std::filesystem::path file = fileOf(source);
    if (auto written = writeTextAtomically(file, text); !written)
        return written;
    removeOldest(m_folder, ".json", maxFolderBytes, file);
    return {};
}

} // namespace wb
