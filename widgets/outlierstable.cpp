#include "widgets/outlierstable.h"

#include "core/analysis/statistics.h"
#include "core/tensor/decode.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QShortcut>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace wb {
namespace {

using Rows = std::vector<OutlierRow>;

Result<Rows> largestOf(const TensorSource& original, const TensorSource& patched, std::size_t tensor, StatisticsCache& cache,
                       Progress& progress)
{
    const StatisticsOptions options{.bins = 1, .quantiles = {}, .outliers = OutliersTable::wanted};
    const Result<Statistics> statistics = computeStatistics(patched, tensor, options, cache, progress);
    if (!statistics) return failure(statistics);
    const TensorInfo& info = original.tensors()[tensor];
    const std::uint64_t cols = std::max<std::uint64_t>(1, matrixOf(info).cols);
    Rows rows;
    for (const Outlier& outlier : statistics->outliers) {
        if (progress.cancelled()) return cancelledError();
        OutlierRow row{coordinates(outlier.index, info.shape), outlier.index / cols, outlier.index % cols, 0, outlier.value,
                       std::abs(outlier.value - statistics->mean) / statistics->std};
        if (const auto read = readValues(original, tensor, outlier.index, {&row.original, 1}); !read) return failure(read);
        rows.push_back(std::move(row));
    }
    return rows;
}

QString placeText(const OutlierRow& row)
{
    QStringList parts;
    for (const std::uint64_t coordinate : row.place)
        parts << QString::number(coordinate);
    return parts.join(QStringLiteral(", "));
}

} // namespace

OutliersTable::OutliersTable(Document& document, Jobs& jobs, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_job(jobs, JobSlot::Mode::Follow, nullptr)
    , m_message(shrinkingLabel(this))
    , m_table(new QTableWidget(0, 4, this))
{
    constexpr int rowHeight = 22;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_message, 0, Qt::AlignLeft);
    column->addWidget(m_table, 1);
    m_table->setHorizontalHeaderLabels({tr("place"), tr("original"), tr("patched"), tr("deviations")});
    m_table->horizontalHeaderItem(3)->setToolTip(tr("Distance from the mean in standard deviations, of the patched side"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAccessibleName(tr("Elements of largest magnitude"));
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) {
        if (row < 0 || row >= static_cast<int>(m_rows.size())) return;
        const OutlierRow& chosenRow = m_rows[static_cast<std::size_t>(row)];
        emit chosen(chosenRow.row, chosenRow.col);
    });
    auto* copyKey = new QShortcut(QKeySequence::Copy, m_table);
    copyKey->setContext(Qt::WidgetShortcut);
    connect(copyKey, &QShortcut::activated, this, &OutliersTable::copy);
}

void OutliersTable::setTensor(std::optional<std::size_t> tensor)
{
    m_job.cancel();
    m_tensor = tensor;
    m_rows.clear();
    fill();
    reload();
}

void OutliersTable::reload()
{
    m_stale = true;
    if (isVisible()) request();
}

void OutliersTable::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale) request();
}

void OutliersTable::request()
{
    if (!m_tensor || !m_document.isOpen()) return;
    m_stale = false;
    if (m_rows.empty()) m_message->setText(tr("computing …"));
    m_job.start<Rows>(
        tr("Outliers of %1").arg(shortName(m_document.tensor(*m_tensor).name)),
        [original = m_document.original(), patched = m_document.patched(), tensor = *m_tensor,
         cache = m_document.statistics()](Progress& progress) {
            return largestOf(*original, *patched, tensor, *cache, progress);
        },
        [this](Result<Rows> result) {
            m_rows = result ? std::move(*result) : Rows();
            fill();
            if (!result) m_message->setText(errorText(result.error()));
        });
}

void OutliersTable::fill()
{
    const QSignalBlocker quiet(m_table);
    m_table->setRowCount(static_cast<int>(m_rows.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const OutlierRow& outlier = m_rows[static_cast<std::size_t>(row)];
        const QStringList texts = {placeText(outlier), shortText(outlier.original), shortText(outlier.patched),
                                   shortText(outlier.deviations)};
        for (int column = 0; column < texts.size(); ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, column, item);
        }
    }
    m_table->setCurrentCell(-1, -1);
    m_message->setText(m_rows.empty() ? QString()
                                      : tr("The %n element(s) of largest magnitude, exact; a click shows the place in map and grid",
                                           nullptr, static_cast<int>(m_rows.size())));
}

void OutliersTable::copy()
{
    QString text = QStringLiteral("place\toriginal\tpatched\tdeviations\n");
    for (const OutlierRow& row : m_rows)
        text += QStringList{placeText(row), exactText(row.original), exactText(row.patched), exactText(row.deviations)}.join(
                    QLatin1Char('\t')) +
                QLatin1Char('\n');
    QApplication::clipboard()->setText(text);
}

} // namespace wb

#include "moc_outlierstable.cpp"
