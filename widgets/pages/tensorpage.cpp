#include "widgets/pages/tensorpage.h"

#include "core/analysis/elements.h"
#include "core/tensor/float8factors.h"
#include "widgets/banner.h"
#include "widgets/charts/elementmap.h"
#include "widgets/charts/histogramchart.h"
#include "widgets/document.h"
#include "widgets/elementfeed.h"
#include "widgets/errortext.h"
#include "widgets/groupprofile.h"
#include "widgets/models/factsmodel.h"
#include "widgets/numbertext.h"
#include "widgets/outlierstable.h"
#include "widgets/pathlabel.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/tensortext.h"
#include "widgets/valuegrid.h"

#include <QEvent>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

// More than this is not read without being asked for.
constexpr std::uint64_t freeReadBytes = std::uint64_t{2} << 30;

// Full colour at the value that 1 % of the elements exceed.
double colorLimit(const Statistics& statistics)
{
    double limit = 0;
    for (const auto& [q, value] : statistics.quantiles)
        if ((q == 0.01 || q == 0.99) && std::isfinite(value)) limit = std::max(limit, std::abs(value));
    if (limit == 0 && std::isfinite(statistics.absMax)) limit = statistics.absMax;
    return limit == 0 ? 1 : limit;
}

} // namespace

void TensorPage::showSelection()
{
    m_tensor = m_selection.tensor();
    m_reportJob.cancel();
    m_neighbourJob.cancel();
    m_rest.stop();
    m_range.reset();
    m_neighbour.reset();
    clearContent();
    showHead();
    const bool nothingToShow = showWithoutComputing();
    const auto shown = nothingToShow ? std::nullopt : m_tensor;
    m_grid->setTensor(shown);
    m_outliers->setTensor(shown);
    m_profile->setTensor(shown);
    if (nothingToShow) return;
    m_stack->setCurrentWidget(m_content);
    m_map->setMatrix(matrixOf(m_document.tensor(*m_tensor)));
    requestReport(m_document.isPreviewing());
}

void TensorPage::clearContent()
{
    m_report.reset();
    m_banner->clear();
    m_chart->clear();
    m_feed->clear();
    m_factsModel->setFacts(std::nullopt, std::nullopt);
    showCaptions();
}

void TensorPage::showHead()
{
    m_back->setEnabled(m_selection.canGoBack());
    m_forward->setEnabled(m_selection.canGoForward());
    const bool known = m_document.isOpen() && m_tensor;
    for (QWidget* part : std::initializer_list<QWidget*>{m_back, m_forward, m_path, m_facts})
        part->setVisible(known);
    if (!known) return;
    const TensorInfo& info = m_document.tensor(*m_tensor);
    m_path->setPath(fromUtf8(info.name));
    m_compare->setVisible(!otherLayers(m_document.content()->roles, *m_tensor).empty());
    const auto& files = m_document.content()->checkpoint->files();
    const QString place = files.size() > 1 ? tr("shard %1 of %2").arg(info.at.file + 1).arg(files.size())
                                           : fromUtf8(files[info.at.file].name);
    QString type = fromUtf8(info.storedType);
    if (const auto factors = float8FactorsOf(*m_document.original(), *m_tensor))
        type = tr("%1 times %2").arg(type, fromUtf8(m_document.tensor(*factors).name).section(QLatin1Char('.'), -1));
    m_facts->setText(QStringList{shapeWords(info.shape), type, bytesText(info.bytes), place}.join(QStringLiteral("  ·  ")));
    m_facts->setToolTip(
        tr("%1, at byte %2").arg(fromUtf8(files[info.at.file].name), countText(info.at.offset)));
    m_chart->setExportTitle(
        QStringLiteral("%1 · %2").arg(fromUtf8(info.name), fromUtf8(m_document.content()->identity.name)));
}

void TensorPage::say(const QString& title, const QString& explanation, const QString& button)
{
    m_state->say(title, explanation, button);
    m_stack->setCurrentWidget(m_state);
}

bool TensorPage::showWithoutComputing()
{
    if (!m_document.isOpen() || !m_tensor) {
        say(tr("No tensor chosen"),
            tr("Choose one in the tree at the left, or press / and type a part of its name."));
        return true;
    }
    const TensorInfo& info = m_document.tensor(*m_tensor);
    if (info.dtype == DType::Opaque) {
        say(tr("%1 is not read as numbers").arg(fromUtf8(info.storedType)),
            tr("Tensors of this type are listed, and an export copies them bit for bit. They cannot be "
               "edited."));
        return true;
    }
    if (info.elements == 0) {
        say(tr("No elements"),
            tr("The shape is %1, so there is nothing to look at or to edit.").arg(shapeWords(info.shape)));
        return true;
    }
    return false;
}

void TensorPage::requestReport(bool quick)
{
    if (!m_tensor || !m_document.isOpen() || m_stack->currentWidget() != m_content) return;
    TensorRequest request;
    request.original = m_document.original();
    request.patched = m_document.patched();
    request.tensor = *m_tensor;
    request.range = m_range;
    request.neighbour = m_neighbour;
    request.quick = quick;
    m_reportJob.start<TensorReport>(
        tr("Statistics of %1").arg(shortName(m_document.tensor(*m_tensor).name)),
        [request, cache = m_document.statistics()](Progress& progress) {
            return computeTensorReport(request, *cache, progress);
        },
        [this, quick](const Result<TensorReport>& result) { showReport(result, quick); });
}

void TensorPage::showReport(const Result<TensorReport>& result, bool quick)
{
    if (!result) {
        const bool stopped = result.error().code == ErrorCode::Cancelled;
        say(stopped ? tr("Stopped") : tr("This tensor cannot be shown"),
            stopped ? tr("The statistics were not computed.") : errorText(result.error()),
            stopped ? tr("Compute") : tr("Try again"));
        return;
    }
    const bool first = !m_report;
    m_report = *result;
    m_chart->setHistograms({m_report->original.histogram,
                            m_report->patched ? std::optional(m_report->patched->histogram) : std::nullopt,
                            m_report->neighbour});
    m_factsModel->setFacts(m_report->original, m_report->patched);
    showCaptions();
    showWarnings();
    showMap();
    if (first) // what was asked for comes before what it is compared with
        requestNeighbour(false);
    if (quick && m_report->patched && !m_report->patched->exact) m_rest.start();
}

void TensorPage::showCaptions()
{
    const bool ready = m_report.has_value();
    m_originalKey->setVisible(ready);
    m_patchedKey->setVisible(ready && m_report->patched);
    m_patchedKey->setText(m_document.isPreviewing() ? tr("□ preview") : tr("□ patched"));
    m_neighbourKey->setVisible(ready && m_report->neighbour && m_neighbour);
    if (m_neighbour)
        m_neighbourKey->setText(tr("┄ layer %1, the middle of the others")
                                    .arg(m_document.content()->roles[*m_neighbour].layer.value_or(0)));
    m_neighbourKey->setToolTip(m_neighbourKey->text());
    m_fit->setVisible(m_range.has_value());
    if (!ready) {
        const bool computing = m_tensor.has_value() && m_document.isOpen();
        m_bins->clear();
        m_chart->setPlaceholder(computing ? tr("computing …") : QString());
        m_how->clear();
        m_sampling->clear();
        m_mapReading->clear();
        return;
    }
    const Histogram& histogram = m_report->original.histogram;
    QString bins = tr("%1 bins").arg(histogram.counts.size());
    if (const std::uint64_t outside = histogram.below + histogram.above; outside > 0)
        bins += QStringLiteral(" · ") + tr("%1 outside").arg(countText(outside));
    m_bins->setText(bins);
    const bool exact = m_report->original.exact && (!m_report->patched || m_report->patched->exact);
    const bool table = hasValueTable(m_document.tensor(*m_tensor).dtype);
    m_how->setText(!exact  ? tr("≈ while the edit moves")
                   : table ? tr("exact, from the value table")
                           : tr("exact, all elements"));
    m_how->setToolTip(
        table ? tr("Every stored code was counted once; all figures follow from the counts without an error.")
              : tr("Two passes over all elements in double precision."));
}

void TensorPage::showWarnings()
{
    const auto notFinite = [](const Statistics& s) { return s.nan + s.inf; };
    const Statistics& original = m_report->original;
    if (notFinite(original) > 0) {
        m_banner->say(
            Banner::Kind::Warning,
            tr("<b>%1 NaN and %2 infinite values</b> among %3. All figures are over the finite ones.")
                .arg(countText(original.nan), countText(original.inf), countText(original.count)),
            false);
    } else if (m_report->patched && notFinite(*m_report->patched) > 0) {
        m_banner->say(Banner::Kind::Warning,
                      tr("<b>The edit makes %1 values NaN or infinite</b>: they leave the range of %2.")
                          .arg(countText(notFinite(*m_report->patched)),
                               fromUtf8(m_document.tensor(*m_tensor).storedType)),
                      false);
    } else {
        m_banner->clear();
    }
}

void TensorPage::requestNeighbour(bool askedFor)
{
    m_neighbourJob.cancel();
    if (!m_tensor || !m_document.isOpen() || !m_compare->isChecked()) return;
    const auto content = m_document.content();
    const std::vector<std::size_t> others = otherLayers(content->roles, *m_tensor);
    std::uint64_t bytes = 0;
    for (const std::size_t other : others)
        bytes += m_document.tensor(other).bytes;
    const bool tooMuch = bytes > freeReadBytes && !askedFor;
    if (others.empty() || tooMuch || m_document.tensor(others.front()).dtype == DType::Opaque) return;
    m_neighbourJob.start<std::size_t>(
        tr("Other layers of %1").arg(fromUtf8(content->roles[*m_tensor].role)),
        [source = m_document.original(), others, cache = m_document.statistics()](Progress& progress) {
            return middleOf(*source, others, *cache, progress);
        },
        [this](const Result<std::size_t>& result) {
            if (!result) // the page is whole without it
                return;
            m_neighbour = *result;
            requestReport(m_document.isPreviewing());
        });
}

void TensorPage::showMap()
{
    if (!m_report || !m_tensor) return;
    const auto sideOf = [tensor = *m_tensor](const SourcePtr& source) {
        return ElementFeed::Side{source->fingerprint(tensor), [source, tensor] { return elementsOf(source, tensor); }};
    };
    ElementFeed::Content content;
    content.title = shortName(m_document.tensor(*m_tensor).name);
    content.original = sideOf(m_document.original());
    if (m_report->patched) content.patched = sideOf(m_document.patched());
    content.limit = colorLimit(m_report->original);
    content.moving = m_document.isPreviewing();
    m_feed->show(std::move(content));
}

void TensorPage::setBlinking(bool blinking)
{
    m_chart->setBlinking(blinking);
    m_map->setBlinking(blinking);
    m_grid->setBlinking(blinking);
    m_profile->setBlinking(blinking);
}

void TensorPage::changeEvent(QEvent* event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_factsModel->setFacts(m_report ? std::optional(m_report->original) : std::nullopt,
                               m_report ? m_report->patched : std::nullopt);
}

} // namespace wb

#include "moc_tensorpage.cpp"
