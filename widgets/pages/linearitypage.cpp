#include "widgets/pages/linearitypage.h"

#include "widgets/charts/layerchart.h"
#include "widgets/charts/tokenmap.h"
#include "widgets/document.h"
#include "widgets/numbertext.h"
#include "widgets/runningmodels.h"
#include "widgets/selection.h"
#include "widgets/theme.h"
#include "widgets/tokentext.h"

#include <QCheckBox>
#include <QLabel>
#include <QTableWidget>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t mapTokens = 192;
constexpr double almostLinear = 0.99;

QString stepName(const LayerLinearity& layer) { return QStringLiteral("%1 → %2").arg(layer.from).arg(layer.to); }

std::vector<double> figures(const LinearityReport& report, double LayerLinearity::*figure)
{
    std::vector<double> out;
    for (const LayerLinearity& layer : report.layers)
        out.push_back(layer.*figure);
    return out;
}

LayerSeries seriesOf(const LinearityReport& report, const QString& name, SeriesRole role, bool dashed, double LayerLinearity::*figure, bool interval)
{
    LayerSeries out{name, role, dashed, figures(report, figure), {}, {}};
    if (interval) {
        out.low = figures(report, &LayerLinearity::ciLow);
        out.high = figures(report, &LayerLinearity::ciHigh);
    }
    return out;
}

QStringList stepNames(const LinearityReport& report)
{
    QStringList out;
    for (const LayerLinearity& layer : report.layers)
        out << stepName(layer);
    return out;
}

} // namespace

void LinearityPage::forget()
{
    m_result = {};
    m_layerTensors.clear();
    if (!m_document.isOpen()) return;
    const auto& content = *m_document.content();
    for (const std::size_t tensor : content.order)
        if (const auto layer = content.roles[tensor].layer; layer && *layer == m_layerTensors.size()) m_layerTensors.push_back(tensor);
}

std::any LinearityPage::keptResult() const { return m_result.a ? std::any(std::pair(m_result, m_excludeFirst->isChecked())) : std::any(); }

void LinearityPage::takeResult(const std::any& result)
{
    const auto kept = std::any_cast<std::pair<Measured, bool>>(result);
    const QSignalBlocker quiet(m_excludeFirst); // it was measured so already
    m_excludeFirst->setChecked(kept.second);
    m_result = kept.first;
    m_result.reading = renamed(*m_result.reading);
}

std::optional<double> LinearityPage::secondsTaken() const
{
    if (!m_result.complete) return std::nullopt;
    return m_result.a->seconds + (m_result.b ? m_result.b->seconds : m_result.a->seconds);
}

void LinearityPage::run(const ReadingRequest& request, JobSlot& job)
{
    LinearityOptions options;
    options.excludeFirst = m_excludeFirst->isChecked();
    options.mapTokens = mapTokens;
    job.start<Measured, Measured>(
        tr("Linearity"), [request, options, before = m_result](Progress& progress, const Relay<Measured>& relay) { return measure(request, options, before, progress, relay); },
        [this](Measured part) { adopt(std::move(part)); }, [this](const Result<Measured>& result) { finished(result); });
}

// What was measured of the same model on the same tokens is taken over: after an edit only the patched side is read.
Result<LinearityPage::Measured> LinearityPage::measure(const ReadingRequest& request, const LinearityOptions& options, Measured before, Progress& progress, const Relay<Measured>& relay)
{
    auto reading = prepareReading(request, progress);
    if (!reading) return failure(reading);
    LinearityOptions own = options;
    if (const std::size_t most = (*reading)->a->config().maxPositions; most != 0) own.window = std::min(own.window, most);
    Measured out{*reading, nullptr, nullptr, false};
    const std::size_t windows = ((*reading)->ids.size() + own.window - 1) / own.window;
    const bool same = before.complete && before.reading->a == (*reading)->a && before.reading->ids == (*reading)->ids &&
                      before.a->tokens == (*reading)->ids.size() - (own.excludeFirst ? windows : 0);
    if (same) {
        out.a = before.a;
    } else {
        auto a = computeLinearity(*(*reading)->a, (*reading)->ids, own, progress, [&](LinearityReport part) {
            relay({*reading, std::make_shared<const LinearityReport>(std::move(part)), nullptr, false});
        });
        if (!a) return failure(a);
        out.a = std::make_shared<const LinearityReport>(std::move(*a));
    }
    relay(out);
    if ((*reading)->b) {
        auto b = computeLinearity(*(*reading)->b, (*reading)->ids, own, progress, [&](LinearityReport part) {
            relay({*reading, out.a, std::make_shared<const LinearityReport>(std::move(part)), false});
        });
        if (!b) return failure(b);
        out.b = std::make_shared<const LinearityReport>(std::move(*b));
    }
    out.complete = true;
    return out;
}

void LinearityPage::adopt(Measured result)
{
    m_result = std::move(result);
    showResult();
}

void LinearityPage::finished(const Result<Measured>& result)
{
    if (result) m_result = *result;
    ended(result ? nullptr : &result.error());
}

void LinearityPage::showResult()
{
    showVerdict();
    showProfile();
    showSmall(*m_anisotropy, &LayerLinearity::anisotropy);
    showSmall(*m_dimension, &LayerLinearity::intrinsicDimension);
    showSmall(*m_normRatio, &LayerLinearity::normRatio);
    showMap();
    showTable();
}

void LinearityPage::showVerdict()
{
    if (!m_result.a) {
        m_caption->setText(tr("A step near 1 is almost a matrix product: its layer does little that a single matrix could not."));
        return m_verdict->setText(isBusy() ? tr("The text is being read …") : tr("Not measured yet."));
    }
    const LinearityReport& a = *m_result.a;
    const auto most = std::ranges::max_element(a.layers, {}, &LayerLinearity::score), least = std::ranges::min_element(a.layers, {}, &LayerLinearity::score);
    QString verdict = tr("%1 is the most linear step (%2), %3 the least (%4)").arg(stepName(*most), shortText(most->score), stepName(*least), shortText(least->score));
    if (const auto linear = std::ranges::count_if(a.layers, [](const LayerLinearity& layer) { return layer.score > almostLinear; }); linear > 1)
        verdict = tr("%1 of %2 steps are almost linear (above %3); ").arg(linear).arg(a.layers.size()).arg(almostLinear) + verdict;
    if (m_result.b) {
        const auto changes = linearityChange(a, *m_result.b);
        const auto largest = std::ranges::max_element(changes, {}, [](const LinearityChange& change) { return std::abs(change.delta); });
        if (largest != changes.end())
            verdict += tr("; the edits change %1 most: %2 (95 % from %3 to %4)")
                           .arg(stepName(a.layers[static_cast<std::size_t>(largest - changes.begin())]), shortText(largest->delta), shortText(largest->low), shortText(largest->high));
    }
    if (isStale()) verdict += tr("; the edits have changed since");
    m_verdict->setText(verdict + QLatin1Char('.'));
    QString caption = tr("%1 tokens of %2, %3 for each of %4 dimensions · states in F32, sums in double precision, best map over all tokens read · bars: 95 % by splitting the text into 32 stretches")
                          .arg(countText(a.tokens), m_result.reading->text, shortText(static_cast<double>(a.tokens) / static_cast<double>(a.width)), countText(a.width));
    if (a.fewTokens()) caption += QStringLiteral(" · ") + tr("few tokens: read “adjusted”, or give %1 and more").arg(countText(3 * a.width));
    if (const auto low = std::ranges::min_element(a.layers, {}, &LayerLinearity::rankUsed); low->rankUsed < a.width)
        caption += QStringLiteral(" · ") + tr("%1: %2 of %3 directions used, the rest is rounding").arg(stepName(*low), countText(low->rankUsed), countText(a.width));
    caption += QStringLiteral(" · ") + tr("the last step ends behind the final norm");
    m_caption->setText(caption);
}

void LinearityPage::showProfile()
{
    LayerChartData chart;
    if (m_result.a) {
        const LinearityReport& a = *m_result.a;
        chart.places = stepNames(a);
        chart.placeName = tr("step");
        chart.valueName = tr("linearity");
        const bool adjusted = m_adjusted->isChecked();
        for (const auto& [report, name, role] : {std::tuple(m_result.a, m_result.reading->nameA, SeriesRole::Original), std::tuple(m_result.b, m_result.reading->nameB, SeriesRole::Patched)}) {
            if (!report) continue;
            if (m_residual->isChecked()) chart.series.push_back(seriesOf(*report, name, role, false, adjusted ? &LayerLinearity::adjusted : &LayerLinearity::score, !adjusted));
            if (m_without->isChecked())
                chart.series.push_back(seriesOf(*report, tr("%1 without residual").arg(name), role, true, adjusted ? &LayerLinearity::withoutResidualAdjusted : &LayerLinearity::withoutResidual, false));
        }
        if (!adjusted && !m_zoom->isChecked()) {
            chart.floor = a.chanceFloor;
            chart.floorName = tr("chance floor %1").arg(shortText(a.chanceFloor));
        }
        if (!m_zoom->isChecked()) {
            double low = 0;
            for (const LayerSeries& series : chart.series)
                for (const double value : series.values)
                    low = std::min(low, value);
            chart.range = std::pair(low, 1.0);
        }
    }
    m_chart->setData(std::move(chart));
}

void LinearityPage::showSmall(LayerChart& chart, double LayerLinearity::*figure)
{
    LayerChartData shown;
    if (m_result.a) {
        for (const LayerLinearity& layer : m_result.a->layers)
            shown.places << QString::number(layer.from);
        shown.series.push_back(seriesOf(*m_result.a, m_result.reading->nameA, SeriesRole::Original, false, figure, false));
        if (m_result.b) shown.series.push_back(seriesOf(*m_result.b, m_result.reading->nameB, SeriesRole::Patched, false, figure, false));
    }
    chart.setData(std::move(shown));
}

// Of the compared side when there is one: what the edits did is what one looks for.
void LinearityPage::showMap()
{
    TokenMapData map;
    const Report& report = m_result.b && m_result.b->mapTokens != 0 ? m_result.b : m_result.a;
    if (report && report->mapTokens != 0 && m_result.complete) {
        map.rows = stepNames(*report);
        const std::size_t first = m_excludeFirst->isChecked() ? 1 : 0;
        for (std::size_t i = 0; i < report->mapTokens; ++i)
            map.columns << tokenText(*m_result.reading->tokenizer, m_result.reading->ids[std::min(i + first, m_result.reading->ids.size() - 1)]);
        map.values = report->tokenErrors;
        std::vector<float> sorted = map.values;
        std::ranges::sort(sorted);
        map.high = static_cast<double>(sorted[sorted.size() * 99 / 100]); // one massive token would make the rest one colour
        map.scale = tr("non-linearity of a token, %1").arg(m_result.b ? m_result.reading->nameB : m_result.reading->nameA);
        map.reading = [rows = map.rows, columns = map.columns, values = map.values](std::size_t row, std::size_t column) {
            return LinearityPage::tr("step %1, token %2 “%3”: ‖x̃A − ỹ‖ = %4")
                .arg(rows[static_cast<qsizetype>(row)]).arg(column).arg(columns[static_cast<qsizetype>(column)], shortText(static_cast<double>(values[row * static_cast<std::size_t>(columns.size()) + column])));
        };
    }
    m_map->setData(std::move(map));
}

void LinearityPage::showTable()
{
    m_table->setRowCount(m_result.a ? static_cast<int>(m_result.a->layers.size()) : 0);
    m_table->setColumnHidden(8, !m_result.b);
    m_table->setColumnHidden(9, !m_result.b);
    const auto changes = m_result.b ? linearityChange(*m_result.a, *m_result.b) : std::vector<LinearityChange>();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto at = static_cast<std::size_t>(row);
        const LayerLinearity& layer = m_result.a->layers[at];
        const QString interval = QStringLiteral("%1 … %2").arg(shortText(layer.ciLow), shortText(layer.ciHigh));
        QStringList texts{stepName(layer), shortText(layer.score), interval, shortText(layer.adjusted), shortText(layer.withoutResidual), shortText(layer.anisotropy),
                          shortText(layer.intrinsicDimension), shortText(layer.normRatio)};
        if (at < changes.size()) texts << shortText(changes[at].delta) << QStringLiteral("%1 … %2").arg(shortText(changes[at].low), shortText(changes[at].high));
        texts.resize(10);
        for (int column = 0; column < 10; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, column, item);
        }
    }
}

// The layer that makes the step, in all charts and in the tree.
void LinearityPage::choose(int step)
{
    const auto at = static_cast<std::size_t>(step);
    for (LayerChart* chart : {m_chart, m_anisotropy, m_dimension, m_normRatio})
        chart->setCurrent(at);
    if (step < m_table->rowCount()) m_table->selectRow(step);
    if (at < m_layerTensors.size()) m_selection.select(m_layerTensors[at]);
}

QString LinearityPage::verdict() const { return m_verdict->text(); }

} // namespace wb

#include "moc_linearitypage.cpp"
