#include "widgets/pages/evaluatepage.h"

#include "widgets/banner.h"
#include "widgets/charts/intervalchart.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/runningmodels.h"
#include "widgets/stateview.h"
#include "widgets/style.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <limits>

namespace wb {
namespace {

using Kind = ItemsModel::Kind;

// Rows of one kind; Waiting stands for all.
class KindFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void show(Kind kind)
    {
        m_kind = kind;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex&) const override
    {
        return m_kind == Kind::Waiting || static_cast<const ItemsModel*>(sourceModel())->kind(row) == m_kind;
    }

private:
    Kind m_kind = Kind::Waiting;
};

IntervalChart::Share shareOf(const EvaluationReport& report) { return {report.score, report.ci95}; }

QString scoreWords(const EvaluationReport& report)
{
    return wb::EvaluatePage::tr("%1 of %2").arg(countText(report.correct), countText(report.items.size()));
}

QString pText(double p) { return p < 1e-4 ? QStringLiteral("p < 0.0001") : QStringLiteral("p = %1").arg(p, 0, 'g', 2); }

} // namespace

EvaluatePage::EvaluatePage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_taskJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_originalJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_patchedJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
    , m_items(new ItemsModel(this))
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 12, 0, 0);
    outer->setSpacing(12);
    outer->addWidget(m_banner);
    outer->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    buildHead(*column);
    buildItems(*column);
    m_stack->addWidget(content);
    connect(&m_document, &Document::opened, this, &EvaluatePage::showOpened);
    connect(&m_document, &Document::patchedChanged, this, [this] {
        m_patchedJob.cancel(); // of a recipe that is no more
        m_patched = nullptr;
        m_items->clearSide(true);
        showVerdict();
        showButtons();
    });
    showOpened();
}

void EvaluatePage::buildHead(QBoxLayout& column)
{
    auto* card = new Card(tr("Task"), this);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_tasks = new QComboBox(card);
    m_tasks->setAccessibleName(tr("Task"));
    m_tasks->setToolTip(tr("JSON lines: exact answers, choices by log-likelihood, HumanEval programs (run in a sandbox), GSM8K numbers"));
    connect(m_tasks, &QComboBox::activated, this, &EvaluatePage::chooseTask);
    row->addWidget(m_tasks, 1);
    m_limitBox = new QSpinBox(card);
    m_limitBox->setRange(0, 1'000'000);
    m_limitBox->setSpecialValueText(tr("all items"));
    m_limitBox->setSuffix(tr(" items"));
    m_limitBox->setToolTip(tr("So many items, chosen by the seed; the same for both sides"));
    m_seedBox = new QSpinBox(card);
    m_seedBox->setRange(0, std::numeric_limits<int>::max());
    m_seedBox->setPrefix(tr("seed "));
    for (QSpinBox* box : {m_limitBox, m_seedBox}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        row->addWidget(box);
    }
    m_button = new QPushButton(tr("Score"), card);
    m_button->setProperty("main", true);
    m_button->setObjectName(QStringLiteral("score"));
    connect(m_button, &QPushButton::clicked, this, [this] { m_originalJob.busy() || m_patchedJob.busy() ? stop() : start(); });
    row->addWidget(m_button);
    card->body()->addLayout(row);
    m_verdict = headingLabel({}, card);
    m_verdict->setWordWrap(true);
    card->body()->addWidget(m_verdict);
    m_caution = captionLabel({}, card);
    m_caution->setWordWrap(true);
    card->body()->addWidget(m_caution);
    m_chart = new IntervalChart(card);
    card->body()->addWidget(m_chart);
    column.addWidget(card);
}

void EvaluatePage::buildItems(QBoxLayout& column)
{
    constexpr int rowHeight = 22;
    auto* card = new Card(tr("Items"), this);
    m_filter = new QComboBox(card);
    for (const auto& [kind, words] : {std::pair(Kind::Waiting, tr("all")), std::pair(Kind::Fixed, ItemsModel::kindText(Kind::Fixed)),
                                      std::pair(Kind::Broken, ItemsModel::kindText(Kind::Broken)), std::pair(Kind::Both, ItemsModel::kindText(Kind::Both)),
                                      std::pair(Kind::Neither, ItemsModel::kindText(Kind::Neither))})
        m_filter->addItem(words, static_cast<int>(kind));
    m_filter->setAccessibleName(tr("Which items"));
    card->head()->addWidget(m_filter);
    connect(m_filter, &QComboBox::currentIndexChanged, this, &EvaluatePage::applyFilter);
    m_shown = new KindFilter(this);
    m_shown->setSourceModel(m_items);
    m_table = new QTableView(card);
    m_table->setModel(m_shown);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setColumnWidth(ItemsModel::Item, 130);
    m_table->horizontalHeader()->setSectionResizeMode(ItemsModel::Verdict, QHeaderView::ResizeToContents);
    for (const int section : {ItemsModel::Original, ItemsModel::Patched})
        m_table->horizontalHeader()->setSectionResizeMode(section, QHeaderView::Stretch);
    m_table->setAccessibleName(tr("Items"));
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &EvaluatePage::showItem);
    card->body()->addWidget(m_table, 3);
    m_detail = new QPlainTextEdit(card);
    m_detail->setReadOnly(true);
    m_detail->setPlaceholderText(tr("Choose an item: its prompt, what both sides wrote, and why it counts as it does"));
    m_detail->setAccessibleName(tr("The chosen item"));
    card->body()->addWidget(m_detail, 2);
    column.addWidget(card, 1);
}

void EvaluatePage::showOpened()
{
    stop();
    m_taskJob.cancel();
    m_original = m_patched = nullptr;
    m_stale = true;
    m_banner->clear();
    showTask(nullptr);
    if (!m_document.isOpen()) {
        m_state->say(tr("Nothing is open"), tr("Open a checkpoint to score its model, with and without your edits."));
        m_stack->setCurrentIndex(0);
        return;
    }
    m_stack->setCurrentIndex(1);
    if (isVisible()) listTasks();
}

void EvaluatePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale && m_document.isOpen()) listTasks();
}

// Tasks that lie beside the checkpoint, as those of the sample do, and any file.
void EvaluatePage::listTasks()
{
    m_stale = false;
    m_tasks->clear();
    const auto root = m_document.content()->checkpoint->root();
    for (const auto& folder : {root / "tasks", root.parent_path() / "tasks"}) {
        const QDir place(QString::fromStdString(folder.string()));
        for (const QString& name : place.entryList({QStringLiteral("*.jsonl")}, QDir::Files, QDir::Name))
            m_tasks->addItem(name.chopped(6), place.filePath(name));
    }
    const bool any = m_tasks->count() != 0;
    m_tasks->addItem(tr("A file…"));
    if (any)
        chooseTask(0);
    else
        m_tasks->setCurrentIndex(-1);
    if (!any) m_tasks->setPlaceholderText(tr("Choose a file of JSON lines"));
}

void EvaluatePage::chooseTask(int index)
{
    const QString path = m_tasks->itemData(index).toString();
    if (!path.isEmpty()) return loadTaskFile(path);
    const QString chosen = QFileDialog::getOpenFileName(this, tr("Choose a task"), {}, tr("JSON lines (*.jsonl *.json);;All files (*)"));
    if (!chosen.isEmpty()) setTask(chosen);
}

void EvaluatePage::setTask(const QString& path)
{
    const QString name = QFileInfo(path).completeBaseName();
    int index = m_tasks->findData(path);
    if (index < 0) {
        index = 0;
        m_tasks->insertItem(0, name, path);
    }
    m_tasks->setCurrentIndex(index);
    loadTaskFile(path);
}

void EvaluatePage::loadTaskFile(const QString& path)
{
    stop();
    m_banner->clear();
    m_original = m_patched = nullptr;
    showTask(nullptr);
    using Read = std::shared_ptr<const Task>;
    m_taskJob.start<Read>(
        tr("Reading the task"),
        [file = path.toStdString()](Progress&) -> Result<Read> {
            auto task = loadTask(file);
            if (!task) return failure(task);
            return std::make_shared<const Task>(std::move(*task));
        },
        [this](const Result<Read>& task) {
            if (!task) m_banner->sayError(task.error());
            showTask(task.value_or(nullptr));
        });
}

void EvaluatePage::showTask(std::shared_ptr<const Task> task)
{
    m_task = std::move(task);
    m_items->setTask(m_task);
    showVerdict();
    showButtons();
}

void EvaluatePage::start()
{
    if (!m_task || !m_document.isOpen()) return;
    m_banner->clear();
    const auto limit = static_cast<std::size_t>(m_limitBox->value());
    const auto seed = static_cast<std::uint64_t>(m_seedBox->value());
    const bool same = m_original && limit == m_limit && seed == m_seed;
    m_limit = limit;
    m_seed = seed;
    if (same && m_document.hasEdits()) return score(true);
    m_original = m_patched = nullptr;
    m_items->setTask(m_task);
    score(false);
}

void EvaluatePage::score(bool patched)
{
    const SourcePtr source = patched ? SourcePtr(m_document.patched()) : m_document.original();
    if (patched) m_items->clearSide(true);
    const auto work = [models = m_document.models(), source, task = m_task, limit = m_limit, seed = m_seed](
                          Progress& progress, const Relay<ItemResult>& relay) -> Result<Report> {
        auto model = models->load(source, progress);
        if (!model) return failure(model);
        auto tokenizer = models->tokenizer();
        if (!tokenizer) return failure(tokenizer);
        auto config = models->generationConfig();
        if (!config) return failure(config);
        EvaluateOptions options;
        options.limit = limit;
        options.seed = seed;
        options.endTokens = config->endTokens;
        std::optional<Sandbox> sandbox;
        if (task->kind == TaskKind::Code) {
            auto found = Sandbox::find();
            if (!found) return failure(found);
            sandbox = std::move(*found);
        }
        auto report = evaluateTask(*model, *tokenizer, *task, options, sandbox ? &*sandbox : nullptr, progress, relay);
        if (!report) return failure(report);
        return std::make_shared<const EvaluationReport>(std::move(*report));
    };
    JobSlot& slot = patched ? m_patchedJob : m_originalJob;
    slot.start<Report, ItemResult>(
        patched ? tr("Scoring, patched") : tr("Scoring, original"), work,
        [this, patched](const ItemResult& result) { m_items->add(patched, result); },
        [this, patched](const Result<Report>& result) { finished(patched, result); });
    showVerdict();
    showButtons();
}

void EvaluatePage::finished(bool patched, const Result<Report>& result)
{
    if (!result) {
        m_banner->sayError(result.error());
    } else {
        (patched ? m_patched : m_original) = *result;
        if (!patched && m_document.hasEdits()) score(true);
    }
    showVerdict();
    showButtons();
    showItem();
}

void EvaluatePage::stop()
{
    for (JobSlot* slot : {&m_originalJob, &m_patchedJob})
        if (slot->busy()) m_jobs.cancel(slot->job());
    showButtons();
}

// In words first: what the edit did, and whether so many items can tell.
void EvaluatePage::showVerdict()
{
    m_chart->setShares(m_original ? std::optional(shareOf(*m_original)) : std::nullopt, m_patched ? std::optional(shareOf(*m_patched)) : std::nullopt);
    m_caution->clear();
    if (!m_original) {
        const bool busy = m_originalJob.busy();
        m_verdict->setText(busy ? tr("The original is being scored …") : m_task ? tr("%n items, not scored yet", nullptr, static_cast<int>(m_task->items.size())) : tr("No task is chosen"));
        return;
    }
    if (!m_patched) {
        const QString original = tr("The original solves %1.").arg(scoreWords(*m_original));
        m_verdict->setText(m_patchedJob.busy() ? tr("%1 The patched model is being scored …").arg(original)
                           : m_document.hasEdits()        ? tr("%1 The edits have changed since: score again.").arg(original)
                                               : tr("%1 No edits are staged.").arg(original));
        return;
    }
    const PairedComparison paired = comparePaired(pairedCounts(*m_original, *m_patched), m_seed);
    m_verdict->setText(tr("Patched solves %1 more and %2 fewer of %3: %4 → %5 (%6, McNemar, exact).")
                           .arg(countText(paired.counts.onlyB), countText(paired.counts.onlyA), countText(paired.counts.total()), percentText(m_original->score),
                                percentText(m_patched->score), pText(paired.p)));
    const QString interval = tr("Difference %1 points, 95 % from %2 to %3 (paired bootstrap). Greedy in f32: scoring twice gives the same bits.")
                                 .arg(shortText(100 * paired.delta), shortText(100 * paired.ci95.low), shortText(100 * paired.ci95.high));
    const QString caution = paired.enough        ? QString()
                            : paired.needed      ? tr(" So few items say little: a difference like this needs about %1.").arg(countText(*paired.needed))
                                                 : tr(" No difference was seen; that is no proof that there is none.");
    m_caution->setText(interval + caution);
}

void EvaluatePage::showItem()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid() || !m_task) return m_detail->clear();
    const int row = m_shown->mapToSource(current).row();
    const TaskItem& item = m_items->item(row);
    QString text = tr("Prompt") + QStringLiteral(":\n") + QString::fromStdString(item.prompt);
    for (const bool patched : {false, true}) {
        const ItemResult* result = m_items->result(row, patched);
        if (result == nullptr) continue;
        text += QStringLiteral("\n\n") + (patched ? tr("□ patched") : tr("■ original")) + QStringLiteral(" — ") + (result->correct ? tr("right") : tr("wrong")) +
                (result->reason.empty() ? QString() : QStringLiteral(" (%1)").arg(QString::fromStdString(result->reason))) + QStringLiteral(":\n") +
                QString::fromStdString(result->output);
    }
    m_detail->setPlainText(text);
}

void EvaluatePage::showButtons()
{
    const bool busy = m_originalJob.busy() || m_patchedJob.busy();
    m_button->setText(busy ? tr("Stop") : tr("Score"));
    m_button->setEnabled(busy || m_task != nullptr);
}

void EvaluatePage::applyFilter() { static_cast<KindFilter*>(m_shown)->show(static_cast<Kind>(m_filter->currentData().toInt())); }

QString EvaluatePage::verdict() const { return m_verdict->text(); }

} // namespace wb
