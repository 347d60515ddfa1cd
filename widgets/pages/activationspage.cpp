#include "widgets/pages/activationspage.h"

#include "widgets/charts/layerchart.h"
#include "widgets/charts/tokenmap.h"
#include "widgets/document.h"
#include "widgets/numbertext.h"
#include "widgets/runningmodels.h"
#include "widgets/selection.h"
#include "widgets/tokentext.h"

#include <QComboBox>
#include <QLabel>
#include <QTabWidget>
#include <QTableWidget>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wb {
namespace {

constexpr std::size_t channelsShown = 48; // the strongest of a site

const SiteActivity* findSite(const ActivationReport& report, std::size_t layer, Site site)
{
    const auto found = std::ranges::find_if(report.sites, [&](const SiteActivity& one) { return one.layer == layer && one.site == site; });
    return found == report.sites.end() ? nullptr : &*found;
}

double figureOf(const SiteActivity& site, int figure)
{
    switch (figure) {
    case 0: return std::sqrt(site.energy);
    case 1: return std::abs(static_cast<double>(site.largest));
    case 2: return site.kurtosis;
    case 3: return site.std;
    default: return site.mean;
    }
}

void setRow(QTableWidget& table, int row, const QStringList& texts)
{
    for (int column = 0; column < texts.size(); ++column) {
        auto* item = new QTableWidgetItem(texts[column]);
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        table.setItem(row, column, item);
    }
}

} // namespace

void ActivationsPage::forget()
{
    m_result = {};
    m_layer = 0;
}

std::any ActivationsPage::keptResult() const { return m_result.a ? std::any(m_result) : std::any(); }

void ActivationsPage::takeResult(const std::any& result)
{
    m_result = std::any_cast<Measured>(result);
    m_result.reading = renamed(*m_result.reading);
}

std::optional<double> ActivationsPage::secondsTaken() const
{
    return m_result.a ? std::optional(m_result.a->seconds + (m_result.b ? m_result.b->seconds : m_result.a->seconds)) : std::nullopt;
}

void ActivationsPage::run(const ReadingRequest& request, JobSlot& job)
{
    job.start<Measured>(
        tr("Activations"), [request](Progress& progress) { return measure(request, progress); }, [this](const Result<Measured>& result) { finished(result); });
}

Result<ActivationsPage::Measured> ActivationsPage::measure(const ReadingRequest& request, Progress& progress)
{
    auto reading = prepareReading(request, progress);
    if (!reading) return failure(reading);
    Measured out{*reading, nullptr, nullptr};
    ActivationOptions options;
    if (const std::size_t most = (*reading)->a->config().maxPositions; most != 0) options.window = std::min(options.window, most);
    for (auto [model, report] : {std::pair((*reading)->a, &out.a), std::pair((*reading)->b, &out.b)}) {
        if (!model) continue;
        auto measured = computeActivations(*model, (*reading)->ids, options, progress);
        if (!measured) return failure(measured);
        *report = std::make_shared<const ActivationReport>(std::move(*measured));
    }
    return out;
}

void ActivationsPage::finished(const Result<Measured>& result)
{
    if (result) m_result = *result;
    ended(result ? nullptr : &result.error());
}

Site ActivationsPage::site() const { return static_cast<Site>(m_site->currentData().toInt()); }

void ActivationsPage::showResult()
{
    showVerdict();
    showProfile();
    showPeaks();
    showMassive();
    showRouting();
}

void ActivationsPage::showVerdict()
{
    if (!m_result.a) {
        m_caption->setText(tr("Root mean square, largest value and kurtosis of everything a layer reads and writes."));
        return m_verdict->setText(isBusy() ? tr("The text is being read …") : tr("Not measured yet."));
    }
    const ActivationReport& a = *m_result.a;
    const auto total = [](const ActivationReport& report) { return std::accumulate(report.massiveCount.begin(), report.massiveCount.end(), std::uint64_t{0}); };
    QString verdict;
    if (total(a) == 0) {
        verdict = tr("No massive activations");
    } else {
        const auto most = std::ranges::max_element(a.massive, {}, [](const MassiveActivation& one) { return std::abs(one.value); });
        verdict = tr("Massive activations: %1, the largest %2 in channel %3 at token %4, before layer %5")
                      .arg(countText(total(a)), shortText(static_cast<double>(most->value))).arg(most->channel).arg(most->token).arg(most->layer);
    }
    if (m_result.b) verdict += tr("; with the edits %1").arg(countText(total(*m_result.b))) + changeWords();
    if (isStale()) verdict += tr("; the edits have changed since");
    m_verdict->setText(verdict + QLatin1Char('.'));
    QString caption = tr("%1 tokens of %2 · F32 · exact over all values · massive: above 100 and 1000 times the median of the layer's states").arg(countText(a.tokens), m_result.reading->text);
    if (m_result.b) {
        const QString over = a.runLength == 1 ? tr("tokens") : tr("runs of %1 tokens").arg(a.runLength);
        caption += QStringLiteral(" · ") + tr("bars of root mean square and mean: 95 % interval of the difference, paired over %1; a bar that does not reach the other curve is a difference").arg(over);
    }
    m_caption->setText(caption);
}

// Where the stream changes most, in words that follow others.
QString ActivationsPage::changeWords() const
{
    const auto changes = activationChange(*m_result.a, *m_result.b);
    const ActivityChange* most = nullptr;
    for (const ActivityChange& change : changes)
        if (change.site == Site::Block && (most == nullptr || std::abs(change.rms.delta) > std::abs(most->rms.delta))) most = &change;
    if (most == nullptr) return {};
    return tr("; the stream's root mean square changes most behind layer %1: %2 (95 % from %3 to %4)").arg(most->layer).arg(shortText(most->rms.delta), shortText(most->rms.low), shortText(most->rms.high));
}

// The intervals of the differences, around the second curve; of figures that are means over tokens.
void ActivationsPage::addChange(LayerChartData& chart) const
{
    const int figure = m_figure->currentIndex();
    if (!m_result.b || chart.series.size() < 2 || (figure != 0 && figure != 4)) return;
    LayerSeries& after = chart.series[1];
    after.low.assign(after.values.size(), std::numeric_limits<double>::quiet_NaN());
    after.high = after.low;
    for (const ActivityChange& change : activationChange(*m_result.a, *m_result.b)) {
        if (change.site != site() || change.layer >= after.values.size()) continue;
        const PairedChange& of = figure == 0 ? change.rms : change.mean;
        after.low[change.layer] = chart.series[0].values[change.layer] + of.low;
        after.high[change.layer] = chart.series[0].values[change.layer] + of.high;
    }
    if (std::ranges::any_of(after.low, [](double low) { return low <= 0; })) chart.logarithmic = false;
}

void ActivationsPage::showProfile()
{
    LayerChartData chart;
    if (m_result.a) {
        const auto layers = m_result.a->massiveCount.size() - 1;
        for (std::size_t layer = 0; layer < layers; ++layer)
            chart.places << QString::number(layer);
        for (const auto& [report, name, role] : {std::tuple(m_result.a, m_result.reading->nameA, SeriesRole::Original), std::tuple(m_result.b, m_result.reading->nameB, SeriesRole::Patched)}) {
            if (!report) continue;
            LayerSeries series{name, role, false, {}, {}, {}};
            for (std::size_t layer = 0; layer < layers; ++layer) {
                const SiteActivity* one = findSite(*report, layer, site());
                series.values.push_back(one == nullptr ? std::numeric_limits<double>::quiet_NaN() : figureOf(*one, m_figure->currentIndex()));
            }
            chart.series.push_back(std::move(series));
        }
        chart.placeName = tr("layer");
        chart.valueName = m_figure->currentText();
        chart.logarithmic = m_figure->currentIndex() < 4;
        addChange(chart);
    }
    m_chart->setData(std::move(chart));
    showChannels();
}

// The strongest channels of the chosen layer's site, by root mean square.
void ActivationsPage::showChannels()
{
    LayerChartData chart;
    const SiteActivity* a = m_result.a ? findSite(*m_result.a, m_layer, site()) : nullptr;
    if (a != nullptr) {
        const SiteActivity* b = m_result.b ? findSite(*m_result.b, m_layer, site()) : nullptr;
        std::vector<std::size_t> order(a->width);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, std::greater(), [&](std::size_t c) { return a->channelEnergy[c]; });
        order.resize(std::min(order.size(), channelsShown));
        LayerSeries before{m_result.reading->nameA, SeriesRole::Original, false, {}, {}, {}}, after{m_result.reading->nameB, SeriesRole::Patched, false, {}, {}, {}};
        for (const std::size_t c : order) {
            chart.places << QString::number(c);
            before.values.push_back(std::sqrt(static_cast<double>(a->channelEnergy[c])));
            if (b != nullptr && c < b->width) after.values.push_back(std::sqrt(static_cast<double>(b->channelEnergy[c])));
        }
        chart.series.push_back(std::move(before));
        if (!after.values.empty()) chart.series.push_back(std::move(after));
        chart.placeName = tr("channel");
        chart.valueName = tr("RMS");
        chart.logarithmic = true;
    }
    m_below->setTabText(0, tr("Channels of layer %1").arg(m_layer));
    m_channels->setData(std::move(chart));
}

void ActivationsPage::showPeaks()
{
    const Report& report = m_result.b ? m_result.b : m_result.a;
    m_peaks->setRowCount(report ? static_cast<int>(report->peaks.size()) : 0);
    for (int row = 0; row < m_peaks->rowCount(); ++row) {
        const FeedForwardPeak& peak = report->peaks[static_cast<std::size_t>(row)];
        setRow(*m_peaks, row, {QString::number(peak.layer), shortText(static_cast<double>(peak.value)), ratioText(peak.overTypical), tokenText(*m_result.reading->tokenizer, m_result.reading->ids[peak.token]),
                               QString::number(peak.row), QString::number(peak.col), shortText(static_cast<double>(peak.weight)), shortText(static_cast<double>(peak.input)), percentText(peak.share)});
    }
}

void ActivationsPage::showMassive()
{
    const Report& report = m_result.b ? m_result.b : m_result.a;
    m_massive->setRowCount(report ? static_cast<int>(report->massive.size()) : 0);
    for (int row = 0; row < m_massive->rowCount(); ++row) {
        const MassiveActivation& one = report->massive[static_cast<std::size_t>(row)];
        setRow(*m_massive, row, {QString::number(one.layer), QString::number(one.token), tokenText(*m_result.reading->tokenizer, m_result.reading->ids[one.token]), QString::number(one.channel),
                                 shortText(static_cast<double>(one.value)), ratioText(one.overMedian), countText(report->massiveCount[one.layer])});
    }
}

void ActivationsPage::showRouting()
{
    const Report& report = m_result.b ? m_result.b : m_result.a;
    m_below->setTabVisible(m_below->indexOf(m_routing), report && !report->routing.empty());
    TokenMapData map;
    if (report && !report->routing.empty()) {
        const std::size_t experts = report->routing.front().experts;
        for (std::size_t e = 0; e < experts; ++e)
            map.columns << QString::number(e);
        double most = 0;
        for (const Routing& routing : report->routing) {
            map.rows << tr("layer %1").arg(routing.layer);
            for (std::size_t e = 0; e < experts; ++e) {
                const double share = e < routing.frequency.size() ? routing.frequency[e] : 0;
                map.values.push_back(static_cast<float>(share));
                most = std::max(most, share);
            }
        }
        map.high = most;
        map.scale = tr("share of tokens that choose an expert");
        map.reading = [report](std::size_t row, std::size_t expert) {
            const Routing& routing = report->routing[row];
            QString text = ActivationsPage::tr("layer %1, expert %2: %3 of the tokens; balance %4").arg(routing.layer).arg(expert).arg(percentText(routing.frequency[expert]), shortText(routing.balance));
            for (std::size_t other = 0; other < routing.experts; ++other)
                if (other != expert) text += QStringLiteral("\n") + ActivationsPage::tr("with expert %1: %2").arg(other).arg(percentText(routing.together[expert * routing.experts + other]));
            return text;
        };
    }
    m_routing->setData(std::move(map));
}

void ActivationsPage::choose(int layer)
{
    m_layer = static_cast<std::size_t>(layer);
    m_chart->setCurrent(m_layer);
    showChannels();
}

// To the element of the down matrix.
void ActivationsPage::openPeak(int row)
{
    const Report& report = m_result.b ? m_result.b : m_result.a;
    if (!report || !m_document.isOpen() || static_cast<std::size_t>(row) >= report->peaks.size()) return;
    const FeedForwardPeak& peak = report->peaks[static_cast<std::size_t>(row)];
    const auto& roles = m_document.content()->roles;
    for (std::size_t tensor = 0; tensor < roles.size(); ++tensor)
        if ((roles[tensor].role == "down_proj" || roles[tensor].role == "fc2") && roles[tensor].layer == peak.layer) {
            const Shape& shape = m_document.tensor(tensor).shape;
            const bool across = shape.size() == 2 && shape[0] == m_result.reading->a->config().layers[peak.layer].feedForward.width && shape[0] != shape[1]; // Conv1D stores (in, out)
            return across ? m_selection.openElement(tensor, peak.col, peak.row) : m_selection.openElement(tensor, peak.row, peak.col);
        }
}

QString ActivationsPage::verdict() const { return m_verdict->text(); }

} // namespace wb

#include "moc_activationspage.cpp"
