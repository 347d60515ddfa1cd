#include "widgets/pages/layerspage.h"

#include "core/base/random.h"
#include "core/checkpoint/open.h"
#include "core/recipe/donor.h"
#include "core/recipe/layeredsource.h"
#include "widgets/charts/layerchart.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/runningmodels.h"
#include "widgets/tensortext.h"

#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>

#include <algorithm>
#include <numeric>

namespace wb {
namespace {

constexpr std::uint64_t stateBytes = std::uint64_t{512} << 20;
constexpr std::uint64_t randomSeed = 1;

std::filesystem::path pathOf(const QString& name) { return {QFile::encodeName(name).toStdString()}; }

LayerCostOptions costOptions(const RunningModels& models, const ModelConfig& config)
{
    LayerCostOptions out;
    if (config.maxPositions != 0) out.text.window = out.text.stride = std::min<std::size_t>(out.text.window, config.maxPositions);
    out.stateBytes = stateBytes;
    out.where = models.checkpoint()->name();
    return out;
}

} // namespace

void LayersPage::forget()
{
    m_mapJob.cancel();
    m_curveJob.cancel();
    m_reading.reset();
    m_linearity.reset();
    m_costs.clear();
    m_curves.clear();
}

void LayersPage::run(const ReadingRequest& request, JobSlot& job)
{
    forget();
    job.start<bool, Part>(
        tr("Loss without each layer"), [request](Progress& progress, const Relay<Part>& relay) { return measure(request, progress, relay); }, [this](Part part) { adopt(std::move(part)); },
        [this](const Result<bool>& result) { ended(result ? nullptr : &result.error()); });
}

Result<bool> LayersPage::measure(const ReadingRequest& request, Progress& progress, const Relay<Part>& relay)
{
    auto reading = prepareReading(request, progress);
    if (!reading) return failure(reading);
    const Model& model = *(*reading)->a;
    LayerCostOptions options = costOptions(*request.models, model.config());
    LinearityOptions linearityOptions;
    linearityOptions.window = options.text.window;
    auto linearity = computeLinearity(model, (*reading)->ids, linearityOptions, progress);
    if (!linearity) return failure(linearity);
    relay({*reading, std::make_shared<const LinearityReport>(std::move(*linearity)), std::nullopt});
    auto costs = layerCosts(request.original, (*reading)->a, (*reading)->ids, options, progress, [&](const LayerCost& cost) { relay({*reading, nullptr, cost}); });
    if (!costs) return failure(costs);
    return true;
}

void LayersPage::adopt(Part part)
{
    m_reading = part.reading;
    if (part.linearity) m_linearity = part.linearity;
    if (part.cost) m_costs.push_back(std::move(*part.cost));
    showResult();
}

std::any LayersPage::keptResult() const { return m_linearity ? std::any(Kept{m_reading, m_linearity, m_costs, m_curves, m_donor}) : std::any(); }

void LayersPage::takeResult(const std::any& result)
{
    auto kept = std::any_cast<Kept>(result);
    m_reading = renamed(*kept.reading);
    m_linearity = std::move(kept.linearity);
    m_costs = std::move(kept.costs);
    m_curves = std::move(kept.curves);
    adoptDonor(std::move(kept.donor));
}

void LayersPage::drawCurve()
{
    if (!m_reading || !m_linearity || m_costs.size() != m_linearity->layers.size()) return;
    if (m_curveJob.busy()) return m_jobs.cancel(m_curveJob.job());
    m_curves.clear();
    m_curveJob.start<bool, Point>(
        tr("Loss as layers go"),
        [request = form().request(), reading = m_reading, linearity = m_linearity, costs = m_costs](Progress& progress, const Relay<Point>& relay) -> Result<bool> {
            const LayerCostOptions options = costOptions(*request.models, reading->a->config());
            for (const Order order : {Order::Linearity, Order::Cost, Order::Random}) {
                std::vector<std::uint32_t> layers(costs.size());
                std::iota(layers.begin(), layers.end(), 0U);
                std::ranges::stable_sort(layers, {}, [&](std::uint32_t layer) {
                    return order == Order::Linearity ? -linearity->layers[layer].score : order == Order::Cost ? costs[layer].delta : uniform(randomSeed, 0, layer);
                });
                layers.pop_back();
                auto points = removalCurve(request.original, reading->a, layers, reading->ids, options, progress, [&](const LayerCost& cost) { relay({order, cost}); });
                if (!points) return failure(points);
            }
            return true;
        },
        [this](Point point) {
            if (m_curves.empty() || m_curves.back().order != point.order) m_curves.push_back({point.order, {}});
            m_curves.back().points.push_back(std::move(point.cost));
            m_shown->setCurrentIndex(1);
            showChart();
        },
        [this](const Result<bool>& result) {
            if (!result) say(result.error());
            showButtons();
        });
    showButtons();
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> LayersPage::stretch() const
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    if (rows.empty()) return std::nullopt;
    std::ranges::sort(rows);
    if (rows.back() - rows.front() + 1 != static_cast<int>(rows.size())) return std::nullopt;
    return std::pair(static_cast<std::uint32_t>(rows.front()), static_cast<std::uint32_t>(rows.back()));
}

void LayersPage::select(int first, int last)
{
    m_table->clearSelection();
    const QItemSelection rows(m_table->model()->index(first, 0), m_table->model()->index(last, 0));
    m_table->selectionModel()->select(rows, QItemSelectionModel::Select | QItemSelectionModel::Rows);
}

void LayersPage::stage(const LayerEdit& operation, const QString& reason)
{
    Edit edit;
    edit.operation = operation;
    edit.reason = reason.toStdString();
    if (const auto done = m_document.change(m_document.recipe()->with(edit), editText(edit)); !done) say(done.error());
}

void LayersPage::leaveOut()
{
    if (const auto layers = stretch()) stage({LayerEdit::Kind::Drop, layers->first, layers->second, nullptr});
}

void LayersPage::repeat()
{
    if (const auto layers = stretch()) stage({LayerEdit::Kind::Repeat, layers->first, layers->second, nullptr});
}

void LayersPage::replaceByMap()
{
    const auto layers = stretch();
    if (!layers) return;
    m_mapJob.start<LinearMap>(
        tr("Linear map for the layers"),
        [request = form().request(), first = layers->first, last = layers->second](Progress& progress) -> Result<LinearMap> {
            auto reading = prepareReading(request, progress);
            if (!reading) return failure(reading);
            LinearMapOptions options;
            if (const std::size_t most = (*reading)->a->config().maxPositions; most != 0) options.window = std::min(options.window, most);
            return computeLinearMap(*(*reading)->a, (*reading)->ids, first, last, options, progress);
        },
        [this, first = layers->first, last = layers->second](const Result<LinearMap>& map) { stageMap(map, first, last); });
    showButtons();
}

void LayersPage::stageMap(const Result<LinearMap>& map, std::uint32_t first, std::uint32_t last)
{
    showButtons();
    if (!map) return say(map.error());
    const QString reason = tr("fitted on %1 tokens of %2: misses %3 of the stream's length, leaving the layers out %4")
                               .arg(countText(map->tokens), form().request().text.name, percentText(map->replaced), percentText(map->removed));
    stage({LayerEdit::Kind::Fold, first, last, makeMatrix(map->width, map->width, map->values)}, reason);
}

void LayersPage::takeFrom(const QString& checkpoint)
{
    m_donorJob.start<std::uint32_t>(
        tr("Opening %1").arg(checkpoint),
        [path = pathOf(checkpoint)](Progress&) -> Result<std::uint32_t> {
            auto opened = openCheckpoint(path);
            return opened ? Result<std::uint32_t>(layerCount(**opened)) : failure(opened);
        },
        [this, checkpoint](const Result<std::uint32_t>& layers) {
            if (!layers) return say(layers.error());
            adoptDonor(Donor{checkpoint, *layers});
            showButtons();
        });
}

void LayersPage::adoptDonor(std::optional<Donor> donor)
{
    m_donor = std::move(donor);
    if (!m_donor) return;
    m_chooseDonor->setText(tr("From %1…").arg(QFileInfo(m_donor->checkpoint).fileName()));
    m_donorLayer->setRange(0, std::max(0, static_cast<int>(m_donor->layers) - 1));
    if (const auto layers = stretch()) m_donorLayer->setValue(static_cast<int>(layers->first));
}

void LayersPage::transplant(int layer)
{
    const auto layers = stretch();
    if (!m_donor || !layers) return;
    m_donorJob.start<LayerDonor>(
        tr("Reading layer %1 of %2").arg(layer).arg(QFileInfo(m_donor->checkpoint).fileName()),
        [path = pathOf(m_donor->checkpoint), layer](Progress& progress) { return donorOf(path, static_cast<std::uint32_t>(layer), progress); },
        [this, layer, place = layers->first](const Result<LayerDonor>& donor) {
            showButtons();
            if (!donor) return say(donor.error());
            stage({LayerEdit::Kind::Transplant, static_cast<std::uint32_t>(layer), place, nullptr, *donor});
        });
    showButtons();
}

void LayersPage::showResult()
{
    showVerdict();
    showTable();
    showChart();
    showButtons();
}

void LayersPage::showVerdict()
{
    m_caption->setText(m_reading ? tr("%1 tokens of %2 · F32 · Δ loss: nats a token more than the whole model, paired, 95 % · a map is fitted on this text: score it on another")
                                       .arg(countText(m_reading->ids.size()), m_reading->text)
                                 : tr("What each layer is worth to a text: the loss of the model without it. Select layers in the table to leave them out, to replace them by a linear map, or to repeat them."));
    if (m_costs.empty()) return m_verdict->setText(isBusy() ? tr("The text is being read …") : tr("Not measured yet."));
    const auto cheapest = std::ranges::min_element(m_costs, {}, &LayerCost::delta), dearest = std::ranges::max_element(m_costs, {}, &LayerCost::delta);
    m_verdict->setText(tr("Layer %1 is missed least (Δ loss %2), layer %3 most (%4).")
                           .arg(cheapest->without.front()).arg(shortText(cheapest->delta)).arg(dearest->without.front()).arg(shortText(dearest->delta)));
}

void LayersPage::showTable()
{
    const bool measured = m_linearity != nullptr;
    // Before a measurement the layers that there are, for they can be edited without figures. Edits number them as the checkpoint does.
    const int rows = measured ? static_cast<int>(m_linearity->layers.size()) : m_document.isOpen() ? static_cast<int>(layerCount(*m_document.original())) : 0;
    if (m_table->rowCount() != rows) m_table->setRowCount(rows);
    for (int row = 0; row < rows; ++row) {
        const auto at = static_cast<std::size_t>(row);
        const bool known = at < m_costs.size();
        const QString texts[] = {QString::number(row), measured ? shortText(m_linearity->layers[at].score) : QString(),
                                 measured ? shortText(m_linearity->layers[at].withoutResidual) : QString(), known ? shortText(m_costs[at].nll) : QString(),
                                 known ? shortText(m_costs[at].delta) : QString(),
                                 known ? QStringLiteral("%1 … %2").arg(shortText(m_costs[at].ci95.low), shortText(m_costs[at].ci95.high)) : QString()};
        for (int column = 0; column < 6; ++column) {
            if (m_table->item(row, column) == nullptr) {
                m_table->setItem(row, column, new QTableWidgetItem);
                m_table->item(row, column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            }
            m_table->item(row, column)->setText(texts[column]);
        }
    }
}

void LayersPage::showChart()
{
    LayerChartData chart;
    chart.placeName = m_shown->currentIndex() == 1 ? tr("left out") : tr("layer");
    chart.valueName = tr("Δ loss");
    if (m_shown->currentIndex() == 1) {
        std::size_t longest = 0;
        for (const Curve& curve : m_curves) {
            const QString name = curve.order == Order::Linearity ? tr("most linear first") : curve.order == Order::Cost ? tr("cheapest first") : tr("at random");
            LayerSeries series{name, curve.order == Order::Linearity ? SeriesRole::Original : curve.order == Order::Cost ? SeriesRole::Patched : SeriesRole::Third, curve.order == Order::Random, {}, {}, {}};
            for (const LayerCost& point : curve.points) {
                series.values.push_back(point.delta);
                series.low.push_back(point.ci95.low);
                series.high.push_back(point.ci95.high);
            }
            longest = std::max(longest, curve.points.size());
            chart.series.push_back(std::move(series));
        }
        for (std::size_t i = 1; i <= longest; ++i)
            chart.places << QString::number(i);
    } else if (!m_costs.empty()) {
        LayerSeries series{tr("Δ loss"), SeriesRole::Original, false, {}, {}, {}};
        for (const LayerCost& cost : m_costs) {
            chart.places << QString::number(cost.without.front());
            series.values.push_back(cost.delta);
            series.low.push_back(cost.ci95.low);
            series.high.push_back(cost.ci95.high);
        }
        chart.series.push_back(std::move(series));
    }
    m_chart->setData(std::move(chart));
}

void LayersPage::showButtons()
{
    const auto layers = stretch();
    m_leaveOut->setEnabled(layers && !m_mapJob.busy());
    m_repeat->setEnabled(layers && !m_mapJob.busy());
    m_map->setEnabled(layers && layers->first > 0 && !m_mapJob.busy());
    const bool taken = m_donor && m_donor->layers != 0;
    m_donorLayer->setEnabled(taken);
    m_transplant->setEnabled(taken && layers && layers->first == layers->second && !m_donorJob.busy());
    m_curve->setEnabled(m_linearity && m_costs.size() == m_linearity->layers.size());
    m_curve->setText(m_curveJob.busy() ? tr("Stop the curve") : tr("Draw the curve"));
}

QString LayersPage::verdict() const { return m_verdict->text(); }

} // namespace wb

#include "moc_layerspage.cpp"
