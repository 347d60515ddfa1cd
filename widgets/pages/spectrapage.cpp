#include "widgets/pages/spectrapage.h"

#include "core/base/parallel.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"
#include "widgets/tensortext.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr int valueRole = Qt::UserRole, rowRole = Qt::UserRole + 1;
enum Column { Name, Role, ShapeOf, Spectral, Frobenius, StableRank, EffectiveRank, Condition, Alpha, Distance, AboveEdge, Bound, Hint, Columns };

// Sorts by the number and not by its text; what has none comes last.
class NumberItem : public QTableWidgetItem {
public:
    bool operator<(const QTableWidgetItem& other) const override
    {
        const QVariant a = data(valueRole), b = other.data(valueRole);
        if (!a.isValid() || !b.isValid()) return a.isValid();
        return a.toDouble() < b.toDouble();
    }
};

QString hintText(const Spectrum& spectrum)
{
    switch (trainingHint(spectrum)) {
    case TrainingHint::OverTrained: return SpectraPage::tr("over-trained?");
    case TrainingHint::UnderTrained: return SpectraPage::tr("under-trained?");
    case TrainingHint::None: break;
    }
    return {};
}

std::optional<double> figureOf(const Spectrum& s, int column)
{
    switch (column) {
    case Spectral: return s.spectral;
    case Frobenius: return s.frobenius;
    case StableRank: return s.stableRank;
    case EffectiveRank: return s.effectiveRank;
    case Condition: return s.condition;
    case Alpha: return s.powerLaw ? std::optional(s.powerLaw->alpha) : std::nullopt;
    case Distance: return s.powerLaw ? std::optional(s.powerLaw->distance) : std::nullopt;
    case AboveEdge: return static_cast<double>(s.aboveEdge);
    case Bound: return s.errorBound;
    default: return std::nullopt;
    }
}

} // namespace

SpectraPage::SpectraPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_job(jobs, JobSlot::Mode::Replace, nullptr)
    , m_loadJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_keepJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 0);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    buildTable();
    connect(&document, &Document::opened, this, &SpectraPage::showOpened);
    connect(&document, &Document::recipeChanged, this, &SpectraPage::followRecipe);
    showOpened();
}

void SpectraPage::buildTable()
{
    constexpr int rowHeight = 22;
    auto* card = new Card(tr("Spectra of all matrices"), this);
    m_summary = captionLabel({}, card);
    card->head()->addWidget(m_summary);
    m_compute = new QPushButton(tr("Compute"), card);
    connect(m_compute, &QPushButton::clicked, this, &SpectraPage::compute);
    card->head()->addWidget(m_compute);
    auto* save = flatButton(tr("Export…"), card);
    save->setToolTip(tr("The table as CSV with full precision"));
    connect(save, &QToolButton::clicked, this, &SpectraPage::saveTable);
    card->head()->addWidget(save);
    m_table = new QTableWidget(0, Columns, card);
    m_table->setHorizontalHeaderLabels({tr("Tensor"), tr("Role"), tr("Shape"), QStringLiteral("σ₁"), QStringLiteral("‖W‖F"), tr("stable rank"), tr("effective rank"), tr("condition"), QStringLiteral("α"),
                                        tr("distance"), tr("above noise"), QStringLiteral("± σ"), tr("hint")});
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setAccessibleName(tr("Spectra of all matrices"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setDefaultSectionSize(80);
    m_table->setColumnWidth(Name, 200);
    m_table->setColumnWidth(ShapeOf, 96);
    m_table->sortByColumn(Name, Qt::AscendingOrder);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->horizontalHeaderItem(Hint)->setToolTip(tr("As WeightWatcher says it: α below 2 over-trained, above 6 under-trained. A hint from the shape of the spectrum, not a finding."));
    m_table->horizontalHeaderItem(AboveEdge)->setToolTip(tr("Singular values above the largest one of a random matrix of this size and variance (Marchenko and Pastur)"));
    m_table->horizontalHeaderItem(Bound)->setToolTip(tr("No singular value is further off than this: rounding of the exact ones, what a randomised range leaves out otherwise"));
    installTableCopy(*m_table);
    connect(m_table, &QTableWidget::currentCellChanged, this, &SpectraPage::selectRow);
    connect(m_table, &QTableWidget::cellActivated, this, [this](int row) {
        selectRow(row);
        emit matrixOpened();
    });
    card->body()->addWidget(m_table, 1);
    m_stack->addWidget(card);
}

void SpectraPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_unfilled) fill();
    if (!m_document.isOpen()) return;
    if (m_loaded) {
        if (isQuick()) compute(); // edits that came while another page was in front
        return;
    }
    m_loaded = true;
    m_loadJob.start<SpectrumStore::ByFingerprint>(
        tr("Spectra from before"), [source = m_document.original()](Progress&) -> Result<SpectrumStore::ByFingerprint> { return SpectrumStore().load(*source); },
        [this](Result<SpectrumStore::ByFingerprint> known) {
            if (!known) return;
            m_spectra.merge(*known);
            fill();
            if (isQuick()) compute();
        });
}

void SpectraPage::showOpened()
{
    m_job.cancel();
    m_loadJob.cancel();
    m_spectra.clear();
    m_loaded = false;
    listRows();
    m_stack->setCurrentIndex(m_rows.empty() ? 0 : 1);
    if (!m_document.isOpen())
        m_state->say(tr("Nothing is open"), tr("Open a checkpoint to see the singular values of its matrices."));
    else if (m_rows.empty())
        m_state->say(tr("No matrices"), tr("This checkpoint holds no matrix of numbers."));
    fill();
    if (isVisible()) {
        QShowEvent again;
        showEvent(&again);
    }
}

void SpectraPage::listRows()
{
    m_rows.clear();
    if (!m_document.isOpen()) return;
    m_fused = std::make_shared<const FusedParts>(*m_document.original(), m_document.content()->roles);
    for (const std::size_t tensor : m_document.content()->order) {
        const TensorInfo& info = m_document.tensor(tensor);
        if (!hasSpectrum(info) || info.dtype == DType::Bool || std::min(info.shape.back(), info.shape[info.shape.size() - 2]) <= 1) continue;
        for (std::uint64_t part = 0; part < partsOf(info); ++part)
            m_rows.push_back({tensor, part});
        for (const FusedPart& fused : m_fused->of(tensor))
            m_rows.push_back({tensor, m_rows.back().part + 1, &fused});
    }
}

void SpectraPage::followRecipe()
{
    fill();
    if (isVisible() && m_loaded && isQuick()) compute();
}

// Gram matrix and reduction: about n²·m + 2n³ operations, at some 30 a nanosecond and core.
bool SpectraPage::isQuick() const
{
    constexpr double most = 1e12;
    double operations = 0;
    for (const Row& row : m_rows) {
        const auto [rows, cols] = shapeOf(row);
        const auto a = static_cast<double>(rows), b = static_cast<double>(cols), n = std::min(a, b);
        operations += n * n * std::max(a, b) + 2 * n * n * n;
    }
    return operations < most;
}

std::pair<std::uint64_t, std::uint64_t> SpectraPage::shapeOf(const Row& row) const
{
    const Matrix shape = (row.fused != nullptr ? MatrixPart(*row.fused) : MatrixPart(row.part)).shapeIn(m_document.tensor(row.tensor));
    return {shape.rows, shape.cols};
}

const Spectrum* SpectraPage::spectrumOf(const TensorSource& source, std::size_t tensor, std::uint64_t part) const
{
    const auto found = m_spectra.find(source.fingerprint(tensor));
    return found == m_spectra.end() || part >= found->second.size() ? nullptr : &found->second[part];
}

// A model of many experts has 10⁵ rows: nothing is filled while nobody looks.
void SpectraPage::fill()
{
    m_unfilled = !isVisible();
    if (m_unfilled) return;
    const QSignalBlocker quiet(m_table); // which row is the current one while rows come and go is nobody's choice
    m_table->setSortingEnabled(false);
    m_table->setRowCount(static_cast<int>(m_rows.size()));
    for (int row = 0; row < m_table->rowCount(); ++row)
        fillRow(row);
    m_table->setSortingEnabled(true);
    showSummary();
}

// Of the row-th matrix, while the table is not sorted.
void SpectraPage::fillRow(int row)
{
    const Row& at = m_rows[static_cast<std::size_t>(row)];
    const TensorInfo& info = m_document.tensor(at.tensor);
    const bool edited = m_document.staged()->changes(at.tensor);
    const Spectrum* original = spectrumOf(*m_document.original(), at.tensor, at.part);
    const Spectrum* shown = edited ? spectrumOf(*m_document.staged(), at.tensor, at.part) : original;
    QString name = shortName(info.name);
    if (at.fused != nullptr)
        name += QStringLiteral(" · ") + fromUtf8(at.fused->role);
    else if (partsOf(info) > 1)
        name += QStringLiteral(" [%1]").arg(at.part);
    if (edited) name += QStringLiteral(" ●");
    const auto set = [&](int column, const QString& text, const QVariant& value) {
        auto* item = new NumberItem;
        item->setText(text);
        item->setData(valueRole, value);
        item->setData(rowRole, static_cast<qulonglong>(row));
        if (column >= Spectral && column <= Bound) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        if (edited && original != nullptr && column >= Spectral)
            if (const auto before = figureOf(*original, column)) item->setToolTip(tr("original: %1").arg(shortText(*before)));
        m_table->setItem(row, column, item);
    };
    const std::string& role = at.fused != nullptr ? at.fused->role : m_document.content()->roles[at.tensor].role;
    const auto [rows, cols] = shapeOf(at);
    set(Name, name, row);
    set(Role, fromUtf8(role), roleRank(role));
    set(ShapeOf, QStringLiteral("%1 × %2").arg(rows).arg(cols), static_cast<double>(rows * cols));
    for (int column = Spectral; column <= Bound; ++column) {
        const auto figure = shown != nullptr ? figureOf(*shown, column) : std::nullopt;
        set(column, figure ? (column == Bound && !shown->exact ? QStringLiteral("~ ") : QString()) + shortText(*figure) : QString(), figure ? QVariant(*figure) : QVariant());
    }
    const QString hint = shown != nullptr ? hintText(*shown) : QString();
    set(Hint, hint, hint.isEmpty() ? QVariant() : QVariant(shown->powerLaw->alpha));
}

void SpectraPage::selectRow(int shown)
{
    if (shown < 0 || m_table->item(shown, Name) == nullptr) return;
    const Row& row = m_rows[m_table->item(shown, Name)->data(rowRole).toULongLong()];
    m_selection.selectMatrix(row.tensor, row.fused != nullptr ? 0 : row.part, row.fused != nullptr ? fromUtf8(row.fused->role) : QString());
}

void SpectraPage::showSummary()
{
    std::size_t known = 0, matrices = 0;
    std::vector<double> alphas;
    for (const Row& row : m_rows) {
        ++matrices;
        const Spectrum* s = spectrumOf(*m_document.staged(), row.tensor, row.part);
        known += s != nullptr ? 1 : 0;
        if (s != nullptr && s->powerLaw && row.fused == nullptr) alphas.push_back(s->powerLaw->alpha);
    }
    QString text = tr("%1 of %2 matrices").arg(known).arg(matrices);
    if (!alphas.empty()) {
        double sum = 0;
        for (const double alpha : alphas)
            sum += alpha;
        text += QStringLiteral(" · ") + tr("mean α %1").arg(shortText(sum / static_cast<double>(alphas.size())));
    }
    m_summary->setText(text);
    m_compute->setEnabled(known < matrices && !m_job.busy());
}

void SpectraPage::compute()
{
    std::vector<std::size_t> wanted;
    const SourcePtr source = m_document.staged();
    std::uint64_t bytes = 0;
    for (const Row& row : m_rows) {
        if (row.part != 0 || spectrumOf(*source, row.tensor, 0) != nullptr) continue;
        wanted.push_back(row.tensor);
        bytes += m_document.tensor(row.tensor).bytes * (m_fused->of(row.tensor).empty() ? 1 : 2);
    }
    if (wanted.empty()) return;
    m_job.start<int, std::shared_ptr<const Part>>(
        tr("Spectra of %1 matrices").arg(wanted.size()),
        [source, wanted, bytes, fused = m_fused](Progress& progress, const Relay<std::shared_ptr<const Part>>& relay) -> Result<int> {
            progress.begin(ProgressStage::Computing, ProgressUnit::Bytes, bytes);
            auto done = forChunks(
                wanted.size(), [] { return 0; },
                [&](int&, std::size_t i) -> Result<void> {
                    auto spectra = computeSpectrum(*source, wanted[i], SpectrumOptions(), progress);
                    if (!spectra && spectra.error().code == ErrorCode::BadArgument) return {}; // not finite: an empty row
                    if (!spectra) return failure(spectra);
                    for (const FusedPart& part : fused->of(wanted[i])) {
                        auto one = computeSpectrum(*source, wanted[i], part, SpectrumOptions(), progress);
                        if (!one) return failure(one);
                        spectra->push_back(std::move(*one));
                    }
                    for (Spectrum& each : *spectra)
                        each.values.clear(); // of a whole model they would be much
                    relay(std::make_shared<const Part>(Part{source->fingerprint(wanted[i]), std::move(*spectra)}));
                    return {};
                },
                [](int&) {});
            if (!done) return failure(done);
            return 0;
        },
        [this](const std::shared_ptr<const Part>& part) {
            m_spectra[part->fingerprint] = part->spectra;
            showSummary();
        },
        [this](const Result<int>& result) { finished(result); });
    showSummary();
}

void SpectraPage::finished(const Result<int>& result)
{
    fill(); // also what was computed before a stop
    if (!result && result.error().code != ErrorCode::Cancelled) m_summary->setText(errorText(result.error()));
    m_keepJob.start<int>(
        tr("Keeping the spectra"),
        [source = m_document.original(), spectra = m_spectra](Progress&) -> Result<int> {
            if (auto saved = SpectrumStore().save(*source, spectra); !saved) return failure(saved);
            return 0;
        },
        [](const Result<int>&) {}); // a cache that cannot be written is no loss
}

QString SpectraPage::asText(QChar separator) const
{
    QString text = QStringList{QStringLiteral("name"), QStringLiteral("part"), QStringLiteral("rows"), QStringLiteral("cols"), QStringLiteral("edited"), QStringLiteral("exact"), QStringLiteral("error_bound"),
                               QStringLiteral("spectral"), QStringLiteral("frobenius"), QStringLiteral("nuclear"), QStringLiteral("stable_rank"), QStringLiteral("effective_rank"),
                               QStringLiteral("condition"), QStringLiteral("alpha"), QStringLiteral("alpha_minimum"), QStringLiteral("alpha_distance"), QStringLiteral("random_edge"),
                               QStringLiteral("above_edge")}
                       .join(separator) +
                   QLatin1Char('\n');
    for (int shown = 0; shown < m_table->rowCount(); ++shown) {
        const Row& at = m_rows[m_table->item(shown, Name)->data(rowRole).toULongLong()];
        const Spectrum* s = spectrumOf(*m_document.staged(), at.tensor, at.part);
        if (s == nullptr) continue;
        QStringList row{fromUtf8(m_document.tensor(at.tensor).name), at.fused != nullptr ? fromUtf8(at.fused->role) : QString::number(at.part), QString::number(s->rows), QString::number(s->cols),
                        m_document.staged()->changes(at.tensor) ? QStringLiteral("yes") : QStringLiteral("no"), s->exact ? QStringLiteral("yes") : QStringLiteral("no")};
        for (const double figure : {s->errorBound, s->spectral, s->frobenius, s->nuclear, s->stableRank, s->effectiveRank, s->condition})
            row << exactText(figure);
        row << (s->powerLaw ? exactText(s->powerLaw->alpha) : QString()) << (s->powerLaw ? exactText(s->powerLaw->minimum) : QString())
            << (s->powerLaw ? exactText(s->powerLaw->distance) : QString()) << exactText(s->randomEdge) << QString::number(s->aboveEdge);
        text += row.join(separator) + QLatin1Char('\n');
    }
    return text;
}

void SpectraPage::saveTable()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the table"), QStringLiteral("spectra.csv"), tr("CSV (*.csv)"));
    if (path.isEmpty()) return;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(asText(QLatin1Char(',')).toUtf8()) < 0 || !file.commit())
        m_summary->setText(tr("%1 cannot be written: %2").arg(path, file.errorString()));
}

} // namespace wb

#include "moc_spectrapage.cpp"
