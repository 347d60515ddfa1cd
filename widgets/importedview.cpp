#include "widgets/importedview.h"

#include "core/eval/resultjson.h"
#include "widgets/banner.h"
#include "widgets/errortext.h"
#include "widgets/formstate.h"
#include "widgets/numbertext.h"
#include "widgets/pages/scorewords.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

namespace wb {
namespace {

constexpr int kindRole = Qt::UserRole, pathRole = Qt::UserRole + 1;
constexpr qsizetype longestOutput = 300; // characters of an answer in the table

// Where results come from: a file, or what was scored here.
struct Origin {
    QString path;
    std::shared_ptr<const EvaluationReport> report;
};

Result<ImportedResults> resultsOf(const Origin& origin, const ScoredHere& scored, const std::string& name, const ImportOptions& options)
{
    if (!origin.report) return importResults(origin.path.toStdString(), options);
    return readResults(itemLines(*scored.task, scored.options, *origin.report, nullptr), name, name, {});
}

QString outputOf(const ImportedResults::Item& item)
{
    const Outcome outcome = item.outcome();
    QString text = outcome.answers == 1 ? (outcome.mostly() ? QStringLiteral("✓ ") : QStringLiteral("✗ ")) : QStringLiteral("%1/%2 ").arg(outcome.passed).arg(outcome.answers);
    if (!item.answers.empty()) text += QString::fromStdString(item.answers[0].output).left(longestOutput).simplified();
    return text;
}

} // namespace

ImportedView::ImportedView(Jobs& jobs, QWidget* parent)
    : QWidget(parent)
    , m_job(jobs, JobSlot::Mode::Replace, nullptr)
    , m_banner(new Banner(this))
    , m_metric(new QLineEdit(this))
    , m_filter(new QLineEdit(this))
    , m_verdict(headingLabel({}, this))
    , m_caution(captionLabel({}, this))
    , m_table(new QTableWidget(0, 4, this))
{
    constexpr int rowHeight = 22;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_banner);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    for (const int side : {0, 1}) buildSide(side, *row);
    for (auto [field, hint] : {std::pair(m_metric, tr("metric")), std::pair(m_filter, tr("filter"))}) {
        field->setPlaceholderText(hint);
        field->setFixedWidth(110);
        field->setToolTip(tr("Of lm-evaluation-harness; empty: the first that the file names"));
        field->setAccessibleName(hint);
        connect(field, &QLineEdit::editingFinished, this, &ImportedView::compare);
        row->addWidget(field);
    }
    column->addLayout(row);
    m_verdict->setWordWrap(true);
    m_caution->setWordWrap(true);
    m_verdict->setText(tr("Choose two results"));
    m_caution->setText(tr("Sample logs of lm-evaluation-harness, result files of HumanEval's harness, JSON lines that were exported here. Items are paired by their names."));
    column->addWidget(m_verdict);
    column->addWidget(m_caution);
    m_table->setHorizontalHeaderLabels({tr("item"), tr("verdict"), tr("A"), tr("B")});
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const int section : {2, 3}) m_table->horizontalHeader()->setSectionResizeMode(section, QHeaderView::Stretch);
    m_table->setAccessibleName(tr("Items of both results"));
    installTableCopy(*m_table);
    column->addWidget(m_table, 1);
}

void ImportedView::buildSide(int side, QHBoxLayout& row)
{
    auto* box = new QComboBox(this);
    m_sides[static_cast<std::size_t>(side)] = box;
    box->setProperty(choiceOfOwner, true);
    box->addItem(side == 0 ? tr("A: nothing chosen") : tr("B: nothing chosen"), None);
    box->addItem(tr("■ original, as scored here"), Original);
    box->addItem(tr("□ patched, as scored here"), Patched);
    box->addItem(tr("A file…"), OtherFile);
    box->setAccessibleName(side == 0 ? tr("Results A") : tr("Results B"));
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(16);
    connect(box, &QComboBox::activated, this, [this, side](int index) { choose(side, index); });
    row.addWidget(box, 1);
}

void ImportedView::choose(int side, int index)
{
    QComboBox& box = *m_sides[static_cast<std::size_t>(side)];
    if (box.itemData(index, kindRole).toInt() != OtherFile) return compare();
    const QString path = QFileDialog::getOpenFileName(this, tr("Choose results"), {}, tr("Results (*.jsonl *.json);;All files (*)"));
    if (path.isEmpty()) return box.setCurrentIndex(0);
    setFile(side, path);
}

void ImportedView::setFile(int side, const QString& path)
{
    QComboBox& box = *m_sides[static_cast<std::size_t>(side)];
    int index = box.findData(path, pathRole);
    if (index < 0) {
        index = box.count() - 1; // before "A file…"
        box.insertItem(index, QFileInfo(path).completeBaseName(), File);
        box.setItemData(index, path, pathRole);
        box.setItemData(index, path, Qt::ToolTipRole);
    }
    box.setCurrentIndex(index);
    compare();
}

void ImportedView::setScoredSide(int side, bool patched)
{
    QComboBox& box = *m_sides[static_cast<std::size_t>(side)];
    box.setCurrentIndex(box.findData(patched ? Patched : Original, kindRole));
    compare();
}

void ImportedView::compare()
{
    m_banner->clear();
    const ScoredHere scored = m_scored ? m_scored() : ScoredHere{};
    std::array<Origin, 2> origins;
    std::array<std::string, 2> names;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        const int kind = m_sides[side]->currentData(kindRole).toInt();
        if (kind == None || kind == OtherFile) return;
        origins[side].path = m_sides[side]->currentData(pathRole).toString();
        if (kind == File) continue;
        origins[side].report = kind == Original ? scored.original : scored.patched;
        names[side] = (kind == Original ? tr("original") : tr("patched")).toStdString();
        if (!origins[side].report) return m_banner->say(Banner::Kind::Warning, tr("That side is not scored yet: press Score first."));
    }
    m_job.start<std::shared_ptr<const Compared>>(
        tr("Comparing results"),
        [origins, names, scored, options = ImportOptions{m_metric->text().trimmed().toStdString(), m_filter->text().trimmed().toStdString()}](Progress&) -> Result<std::shared_ptr<const Compared>> {
            auto a = resultsOf(origins[0], scored, names[0], options);
            if (!a) return failure(a);
            auto b = resultsOf(origins[1], scored, names[1], options);
            if (!b) return failure(b);
            auto matched = matchResults(*a, *b);
            if (!matched) return failure(matched);
            const PairedComparison paired = compareMatched(*a, *b, *matched, scored.options.seed);
            return std::make_shared<const Compared>(Compared{std::move(*a), std::move(*b), std::move(*matched), paired});
        },
        [this](const Result<std::shared_ptr<const Compared>>& compared) {
            if (!compared) return m_banner->sayError(compared.error());
            show(**compared);
        });
}

void ImportedView::show(const Compared& compared)
{
    const PairedComparison& paired = compared.paired;
    const auto& [a, b, matched, unused] = compared;
    m_verdict->setText(tr("%1 solves %2 more and %3 fewer of %4 than %5: %6.")
                           .arg(fromUtf8(b.name), countText(paired.counts.onlyB), countText(paired.counts.onlyA), countText(paired.counts.total()), fromUtf8(a.name), pText(paired.p)));
    QStringList parts = {tr("Difference %1 points, 95 % from %2 to %3 (paired bootstrap).").arg(pointsText(paired.delta), pointsText(paired.ci95.low), pointsText(paired.ci95.high))};
    if (!paired.enough)
        parts << (paired.needed ? tr("So few items say little: a difference like this needs about %1.").arg(countText(*paired.needed)) : tr("No difference was seen; that is no proof that there is none."));
    if (matched.onlyInA + matched.onlyInB != 0) parts << tr("Items of one side only, left out: %1 and %2.").arg(countText(matched.onlyInA), countText(matched.onlyInB));
    if (!a.metric.empty()) parts << tr("Metric: %1.").arg(fromUtf8(a.filter.empty() ? a.metric : a.metric + " (" + a.filter + ")"));
    m_caution->setText(parts.join(QLatin1Char(' ')));
    m_table->setRowCount(static_cast<int>(matched.pairs.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto [mine, theirs] = matched.pairs[static_cast<std::size_t>(row)];
        const ImportedResults::Item &left = a.items[mine], &right = b.items[theirs];
        const bool one = left.outcome().mostly(), other = right.outcome().mostly();
        const QString verdict = one == other ? (one ? tr("both") : tr("neither")) : one ? tr("only A") : tr("only B");
        const QString texts[] = {fromUtf8(left.id), verdict, outputOf(left), outputOf(right)};
        for (int col = 0; col < 4; ++col) m_table->setItem(row, col, new QTableWidgetItem(texts[col]));
    }
}

QString ImportedView::verdict() const { return m_verdict->text(); }
QString ImportedView::caution() const { return m_caution->text(); }

} // namespace wb
