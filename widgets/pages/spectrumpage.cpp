#include "widgets/pages/spectrumpage.h"

#include "widgets/charts/spectrumchart.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/runningmodels.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"
#include "widgets/tokentext.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableWidget>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t tokensShown = 12;

QString countOf(const std::optional<Spectrum>& spectrum, double Spectrum::*figure) { return spectrum ? shortText((*spectrum).*figure) : QString(); }

// The fitted law as the curve that it would be here: component i of the tail where a share i / tail of its eigenvalues is larger.
std::vector<double> fitted(const Spectrum& spectrum)
{
    if (!spectrum.powerLaw || spectrum.powerLaw->alpha <= 1) return {};
    const PowerLaw& law = *spectrum.powerLaw;
    std::vector<double> out;
    for (std::size_t i = 0; i < law.tail; ++i)
        out.push_back(std::sqrt(law.minimum * std::pow((static_cast<double>(i) + 0.5) / static_cast<double>(law.tail), 1 / (1 - law.alpha))));
    return out;
}

// How a matrix touches the residual stream: which of its singular vectors lie in it, and through which matrix they are read.
struct Side {
    bool outputs; // U's, of the rows; else V's
    bool writes;
    std::size_t vocabulary;
};
// GPT-2 stores its matrices (in, out), which those of them show that hold several.
bool storesInOut(const FusedParts& fused, std::size_t tensors)
{
    for (std::size_t i = 0; i < tensors; ++i)
        if (!fused.of(i).empty()) return fused.of(i)[0].columns;
    return false;
}
std::optional<Side> sideOf(const Opened& content, std::size_t tensor, const FusedParts& fused)
{
    const auto infos = content.checkpoint->tensors();
    std::optional<std::size_t> embedding, head;
    for (std::size_t i = 0; i < infos.size(); ++i) {
        if (content.roles[i].role == "embed_tokens" && infos[i].shape.size() == 2) embedding = i;
        if (content.roles[i].role == "lm_head" && infos[i].shape.size() == 2) head = i;
    }
    const TensorInfo& info = infos[tensor];
    if (!embedding || info.shape.size() < 2) return std::nullopt;
    const bool turned = content.roles[tensor].layer && storesInOut(fused, infos.size());
    const std::uint64_t width = infos[*embedding].shape[1], rows = info.shape[info.shape.size() - 2], cols = info.shape.back();
    const std::uint64_t in = turned ? rows : cols, out = turned ? cols : rows;
    const std::string& role = content.roles[tensor].role;
    const bool writes = role == "o_proj" || role == "down_proj" || role == "fc2";
    if (writes && out == width) return Side{!turned, true, head.value_or(*embedding)};
    if (!writes && in == width) return Side{turned, false, *embedding};
    return std::nullopt;
}

} // namespace

void SpectrumPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale) request();
}

void SpectrumPage::showOpened()
{
    for (JobSlot* slot : {&m_job, &m_effectJob, &m_wordsJob}) slot->cancel(); // what they find is of the former checkpoint
    m_report.reset();
    m_fused = m_document.isOpen() ? std::make_shared<const FusedParts>(*m_document.original(), m_document.content()->roles) : nullptr;
    showSelection();
}

void SpectrumPage::showSelection()
{
    chooseMatrix(0, {});
}

void SpectrumPage::chooseMatrix(std::uint64_t stacked, const QString& role)
{
    const bool any = m_document.isOpen() && m_selection.tensor() && *m_selection.tensor() < m_document.original()->tensors().size(); // of another checkpoint until it is reset
    const std::uint64_t stack = any ? partsOf(m_document.tensor(*m_selection.tensor())) : 1;
    const QSignalBlocker quiet(m_expert);
    m_expert->setVisible(stack > 1);
    m_expert->setRange(0, static_cast<int>(stack) - 1);
    m_expert->setValue(static_cast<int>(stacked));
    m_fusedPart->clear();
    m_fusedPart->addItem(tr("whole"));
    for (const FusedPart& part : any ? m_fused->of(*m_selection.tensor()) : std::span<const FusedPart>())
        m_fusedPart->addItem(fromUtf8(part.role));
    m_fusedPart->setVisible(m_fusedPart->count() > 1);
    m_fusedPart->setCurrentIndex(std::max(0, m_fusedPart->findText(role)));
    showAnother();
}

void SpectrumPage::showAnother()
{
    resetGains();
    m_component = 0;
    m_stale = true;
    if (isVisible()) request();
}

MatrixPart SpectrumPage::chosenPart() const
{
    const int index = m_fusedPart->currentIndex();
    return index > 0 ? MatrixPart(m_fused->of(*m_selection.tensor())[static_cast<std::size_t>(index) - 1]) : MatrixPart(static_cast<std::uint64_t>(m_expert->value()));
}

void SpectrumPage::request()
{
    m_stale = false;
    m_job.cancel();
    m_effectJob.cancel();
    m_wordsJob.cancel();
    const auto say = [this](const QString& what, const QString& why) {
        m_report.reset();
        m_stack->setCurrentWidget(m_state);
        m_state->say(what, why);
    };
    if (!m_document.isOpen()) return say(tr("Nothing is open"), tr("Open a checkpoint to see the singular values of its matrices."));
    if (!m_selection.tensor()) return say(tr("Nothing is selected"), tr("Choose a matrix in the list of tensors."));
    const std::size_t tensor = *m_selection.tensor();
    const TensorInfo& info = m_document.tensor(tensor);
    if (!hasSpectrum(info)) return say(tr("No singular values"), tr("%1 is no matrix: its shape is %2.").arg(shortName(info.name), shapeWords(info.shape)));
    const bool edited = m_document.staged()->changes(tensor);
    const MatrixPart part = chosenPart();
    if (!m_report || m_report->tensor != tensor || m_report->part != part) say(tr("Decomposing…"), shortName(info.name));
    m_job.start<std::shared_ptr<const Report>>(
        tr("Singular values of %1").arg(shortName(info.name)),
        [original = m_document.original(), staged = SourcePtr(m_document.staged()), tensor, part, edited, control = m_control->isChecked()](
            Progress& progress) { return measure(original, staged, tensor, part, edited, control, progress); },
        [this](const Result<std::shared_ptr<const Report>>& result) { adopt(result); });
}

Result<std::shared_ptr<const SpectrumPage::Report>> SpectrumPage::measure(const SourcePtr& original, const SourcePtr& staged, std::size_t tensor, const MatrixPart& part, bool edited, bool control,
                                                                          Progress& progress)
{
    const TensorInfo& info = original->tensors()[tensor];
    auto report = std::make_shared<Report>();
    report->tensor = tensor;
    report->part = part;
    progress.begin(ProgressStage::Computing, ProgressUnit::Bytes, part.bytesIn(info) * (edited ? 2 : 1));
    auto spectrum = computeSpectrum(*original, tensor, part, {}, progress);
    if (!spectrum) return failure(spectrum);
    report->original = std::move(*spectrum);
    if (edited) {
        auto after = computeSpectrum(*staged, tensor, part, {}, progress);
        if (!after) return failure(after);
        report->staged = std::move(*after);
    }
    if (control) {
        auto shuffled = randomisedControl(*original, tensor, part, 0);
        if (!shuffled) return failure(shuffled);
        report->control = std::move(*shuffled);
    }
    if (std::min(report->original.rows, report->original.cols) <= largestDecomposed) {
        auto base = decomposition(*staged, tensor, part);
        if (!base) return failure(base);
        report->base = *base;
    }
    return std::shared_ptr<const Report>(std::move(report));
}

void SpectrumPage::adopt(const Result<std::shared_ptr<const Report>>& result)
{
    if (!result) {
        m_report.reset();
        m_stack->setCurrentWidget(m_state);
        const bool stopped = result.error().code == ErrorCode::Cancelled;
        m_stale = stopped;
        return m_state->say(stopped ? tr("Stopped") : tr("No singular values"), stopped ? tr("Choose the matrix again to go on.") : errorText(result.error()));
    }
    m_report = *result;
    m_stack->setCurrentIndex(1);
    const TensorInfo& info = m_document.tensor(m_report->tensor);
    const QString partRole = m_report->part.fused() ? fromUtf8(m_report->part.fused()->role) : QString();
    m_card->setHeading(shortName(info.name) + (partRole.isEmpty() ? QString() : QStringLiteral(" · ") + partRole) + QStringLiteral("  ") + QStringLiteral("%1 × %2").arg(m_report->original.rows).arg(m_report->original.cols));
    const QString role = partRole.isEmpty() ? fromUtf8(m_document.content()->roles[m_report->tensor].role) : partRole;
    m_target->setItemText(1, tr("%1 in all layers").arg(role));
    const Spectrum& s = m_report->original;
    m_caption->setText(s.exact ? tr("exact, by LAPACK in double precision, each within %1").arg(shortText(s.errorBound))
                               : tr("randomised: the first %1, each within %2").arg(s.values.size()).arg(shortText(s.errorBound)));
    followGains();
    requestWords();
}

void SpectrumPage::showChart()
{
    SpectrumChartData chart;
    chart.logarithmicPlaces = m_logPlaces->isChecked();
    chart.edge = m_report->original.randomEdge;
    if (m_report->control) chart.series.push_back({tr("shuffled"), SeriesRole::Third, false, m_report->control->values});
    if (auto law = fitted(m_report->original); !law.empty())
        chart.series.push_back({QStringLiteral("α = %1").arg(shortText(m_report->original.powerLaw->alpha)), SeriesRole::Third, true, std::move(law)});
    chart.series.push_back({tr("original"), SeriesRole::Original, false, m_report->original.values});
    if (auto edited = editedValues(); !edited.empty()) chart.series.push_back({tr("edited"), SeriesRole::Patched, true, std::move(edited)});
    m_chart->setData(std::move(chart));
    m_chart->setCurrent(m_component);
}

void SpectrumPage::showFigures()
{
    const Spectrum& a = m_report->original;
    std::optional<Spectrum> b;
    if (auto edited = editedValues(); !edited.empty()) b = spectrumOfValues(std::move(edited), a.rows, a.cols);
    const auto& control = m_report->control;
    const QString law = a.powerLaw ? shortText(a.powerLaw->alpha) : tr("too few values");
    const auto alphaOf = [](const std::optional<Spectrum>& s) { return s && s->powerLaw ? shortText(s->powerLaw->alpha) : QString(); };
    const QStringList rows[] = {
        {tr("largest σ₁"), shortText(a.spectral), countOf(b, &Spectrum::spectral), countOf(control, &Spectrum::spectral)},
        {tr("Frobenius norm"), shortText(a.frobenius), countOf(b, &Spectrum::frobenius), countOf(control, &Spectrum::frobenius)},
        {tr("nuclear norm Σσ"), shortText(a.nuclear), countOf(b, &Spectrum::nuclear), countOf(control, &Spectrum::nuclear)},
        {tr("stable rank"), shortText(a.stableRank), countOf(b, &Spectrum::stableRank), countOf(control, &Spectrum::stableRank)},
        {tr("effective rank"), shortText(a.effectiveRank), countOf(b, &Spectrum::effectiveRank), countOf(control, &Spectrum::effectiveRank)},
        {tr("condition"), shortText(a.condition), countOf(b, &Spectrum::condition), countOf(control, &Spectrum::condition)},
        {tr("power law α"), law, alphaOf(b), alphaOf(control)},
        {tr("its distance, tail"), a.powerLaw ? QStringLiteral("%1, %2").arg(shortText(a.powerLaw->distance)).arg(a.powerLaw->tail) : QString(), {}, {}},
        {tr("above the edge of noise"), QString::number(a.aboveEdge), {}, control ? QString::number(control->aboveEdge) : QString()},
    };
    m_figures->setRowCount(static_cast<int>(std::size(rows)));
    m_figures->setColumnHidden(2, !b);
    m_figures->setColumnHidden(3, !control);
    for (int row = 0; row < m_figures->rowCount(); ++row)
        for (int column = 0; column < 4; ++column) {
            auto* item = new QTableWidgetItem(rows[row][column]);
            if (column > 0) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_figures->setItem(row, column, item);
        }
}

void SpectrumPage::chooseComponent(int component)
{
    m_component = static_cast<std::size_t>(std::max(component, 0));
    m_chart->setCurrent(m_component);
    requestWords();
}

void SpectrumPage::requestWords()
{
    m_words->setRowCount(0);
    if (!m_report || !m_report->base) return m_wordsCaption->setText(tr("Not decomposed, so there are no singular vectors."));
    const auto side = sideOf(*m_document.content(), m_report->tensor, *m_fused);
    if (!side) return m_wordsCaption->setText(tr("Neither side of this matrix is the residual stream, so no token says what it means."));
    m_wordsCaption->setText(tr("Component %1 …").arg(m_component + 1));
    m_wordsJob.start<Words>(
        tr("Tokens of component %1").arg(m_component + 1),
        [source = SourcePtr(m_document.staged()), models = m_document.models(), report = m_report, component = m_component, side = *side](Progress& progress) -> Result<Words> {
            auto vector = singularVector(*source, report->tensor, report->part, component, side.outputs);
            if (!vector) return failure(vector);
            auto reading = readThroughVocabulary(*source, side.vocabulary, *vector, tokensShown, progress);
            if (!reading) return failure(reading);
            auto tokenizer = models->tokenizer();
            return Words{std::move(*reading), tokenizer ? *tokenizer : nullptr}; // ids alone without one
        },
        [this](const Result<Words>& words) { showWords(words); });
}

void SpectrumPage::showWords(const Result<Words>& words)
{
    if (!words) return m_wordsCaption->setText(words.error().code == ErrorCode::Cancelled ? tr("Stopped.") : errorText(words.error()));
    const auto side = m_report ? sideOf(*m_document.content(), m_report->tensor, *m_fused) : std::nullopt;
    if (!side) return;
    m_wordsCaption->setText((side->writes ? tr("Component %1 writes into the stream, read by the head") : tr("Component %1 listens for, in the words of the embedding")).arg(m_component + 1) +
                            QStringLiteral(" · ") + tr("cosines; the sign of a component is free"));
    const auto& [reading, tokenizer] = *words;
    m_words->setRowCount(static_cast<int>(reading.along.size()));
    const auto cell = [&](int row, int column, const QString& text, bool right) {
        auto* item = new QTableWidgetItem(text);
        if (right) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_words->setItem(row, column, item);
    };
    const auto name = [&](std::uint32_t token) { return tokenizer ? tokenText(*tokenizer, token) : QString::number(token); };
    for (std::size_t i = 0; i < reading.along.size(); ++i) {
        const int row = static_cast<int>(i);
        cell(row, 0, name(reading.along[i].token), false);
        cell(row, 1, shortText(reading.along[i].cosine), true);
        cell(row, 2, name(reading.against[i].token), false);
        cell(row, 3, shortText(reading.against[i].cosine), true);
    }
}

} // namespace wb

#include "moc_spectrumpage.cpp"
