#include "widgets/models/overviewdata.h"

#include "widgets/errortext.h"

#include <QElapsedTimer>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace wb {
namespace {

constexpr qint64 batchMs = 60;

// "block.2" of "model.layers.3.block.2.weight": what a name that no table knows says beside its layer.
// What follows the layer's number: "encoder.layer.3.output.dense" and "encoder/layer_3/output/dense" are "output.dense" and "output/dense".
std::string nameWithoutLayer(const std::string& name, std::uint32_t layer)
{
    const std::string number = std::to_string(layer);
    std::string rest = name;
    for (std::size_t at = name.find(number, 1); at != std::string::npos; at = name.find(number, at + 1)) {
        const std::size_t end = at + number.size();
        if (std::string_view("._/").find(name[at - 1]) == std::string_view::npos || end == name.size() || (name[end] != '.' && name[end] != '/'))
            continue;
        rest = name.substr(end + 1);
        break;
    }
    return rest.ends_with(".weight") ? rest.substr(0, rest.size() - 7) : rest;
}

} // namespace

Result<int> computeOverview(const TensorSource& source, const std::vector<std::size_t>& tensors, StatisticsCache& cache,
                            Progress& progress, const Relay<OverviewPart>& relay)
{
    std::uint64_t bytes = 0;
    for (const std::size_t tensor : tensors)
        bytes += source.tensors()[tensor].bytes;
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, bytes);
    OverviewPart part;
    QElapsedTimer sinceRelay;
    sinceRelay.start();
    const StatisticsOptions options{.bins = 1, .quantiles = {}, .outliers = 0, .quick = true};
    for (const std::size_t tensor : tensors) {
        if (source.tensors()[tensor].dtype == DType::Opaque) continue;
        auto statistics = computeStatistics(source, tensor, options, cache, progress);
        if (!statistics) return failure(statistics);
        part.statistics.emplace_back(tensor, std::make_shared<const Statistics>(std::move(*statistics)));
        if (sinceRelay.elapsed() < batchMs) continue;
        relay(std::exchange(part, {}));
        sinceRelay.restart();
    }
    relay(std::move(part));
    return 0;
}

void keepStatistics(JobSlot& slot, const QString& title, SourcePtr source, StatisticsStore::ByTensor known)
{
    slot.start<int>(
        title,
        [source = std::move(source), known = std::move(known)](Progress&) -> Result<int> {
            if (const auto kept = StatisticsStore().save(*source, known); !kept) return failure(kept);
            return 0;
        },
        [](const Result<int>&) {});
}

OverviewData::OverviewData(std::shared_ptr<const Opened> content)
    : m_content(std::move(content))
{
    if (!m_content) return;
    m_original = m_content->remembered;
    m_original.resize(m_content->roles.size());
    m_patched.resize(m_content->roles.size());
    m_relative.resize(m_content->roles.size());
    m_rowRoles = m_content->roles;
    std::map<std::string, std::size_t> rowOf;
    for (const std::size_t tensor : m_content->order) { // natural order: rows come in order of computation
        const TensorRole& role = m_content->roles[tensor];
        const TensorInfo& info = m_content->checkpoint->tensors()[tensor];
        if (!role.layer || role.companion || info.dtype == DType::Opaque) continue;
        constexpr std::uint32_t mostShown = 10'000; // a number in a name may be anything
        if (*role.layer >= mostShown) continue;
        const std::string name = role.role == "other" ? nameWithoutLayer(info.name, *role.layer) : role.role;
        const auto [found, isNew] = rowOf.emplace(name, m_rows.size());
        if (isNew) m_rows.push_back({fromUtf8(name), {}});
        m_rowRoles[tensor].role = name;
        auto& byLayer = m_rows[found->second].tensors;
        if (byLayer.size() <= *role.layer) byLayer.resize(*role.layer + 1);
        byLayer[*role.layer].push_back(tensor);
        m_layers = std::max<std::size_t>(m_layers, *role.layer + 1);
    }
    std::ranges::stable_sort(m_rows, {}, [](const OverviewRow& row) { return roleRank(row.name.toStdString()); });
}

void OverviewData::add(const OverviewPart& part, bool patched)
{
    for (const auto& [tensor, statistics] : part.statistics)
        (patched ? m_patched : m_original)[tensor] = statistics;
}

std::vector<std::size_t> OverviewData::missing() const
{
    std::vector<std::size_t> wanted;
    for (const std::size_t tensor : m_content->order)
        if (!m_original[tensor] && m_content->checkpoint->tensors()[tensor].dtype != DType::Opaque) wanted.push_back(tensor);
    return wanted;
}

void OverviewData::forgetPatched()
{
    std::ranges::fill(m_patched, nullptr);
}

void OverviewData::setRelativeChanges(const DiffReport& report)
{
    std::ranges::fill(m_relative, 0.0);
    for (const TensorDifference& difference : report.changed)
        if (const auto tensor = m_content->checkpoint->find(difference.name)) m_relative[*tensor] = difference.relative;
}

double OverviewData::valueOf(std::size_t tensor, const std::string& statistic, bool patched) const
{
    if (statistic == relativeChange) return patched ? m_relative[tensor] : 0;
    const auto& statistics = patched && m_patched[tensor] ? m_patched[tensor] : m_original[tensor];
    return statisticByName(*statistics, statistic).value_or(std::numeric_limits<double>::quiet_NaN());
}

bool OverviewData::anyPatched() const
{
    return std::ranges::any_of(m_patched, [](const auto& statistics) { return statistics != nullptr; });
}

std::optional<OverviewData::Cell> OverviewData::cell(std::size_t row, std::size_t layer, const std::string& statistic,
                                                     bool patched) const
{
    if (layer >= m_rows[row].tensors.size()) return std::nullopt;
    std::optional<Cell> best;
    for (const std::size_t tensor : m_rows[row].tensors[layer]) {
        const auto& statistics = patched && m_patched[tensor] ? m_patched[tensor] : m_original[tensor];
        if (!statistics) continue;
        const double value = valueOf(tensor, statistic, patched);
        if (!best || std::isnan(best->value) || value > best->value) best = Cell{tensor, value};
    }
    return best;
}

std::vector<Standout> OverviewData::standouts(bool patched) const
{
    std::vector<double> values(m_original.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto& statistics = patched && m_patched[i] ? m_patched[i] : m_original[i];
        if (statistics) values[i] = statistics->std;
    }
    return findStandouts(m_rowRoles, values);
}

std::vector<std::size_t> OverviewData::withNonFinite() const
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < m_original.size(); ++i)
        if (m_original[i] && m_original[i]->nan + m_original[i]->inf > 0) found.push_back(i);
    return found;
}

} // namespace wb
