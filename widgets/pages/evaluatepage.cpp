#include "widgets/pages/evaluatepage.h"

#include "core/base/file.h"
#include "core/eval/resultjson.h"
#include "core/eval/shippedtasks.h"
#include "widgets/banner.h"
#include "widgets/charts/intervalchart.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/pages/scorewords.h"
#include "widgets/reasontext.h"
#include "widgets/runningmodels.h"
#include "widgets/stateview.h"

#include <fmt/format.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

namespace wb {
namespace {

using Kind = ItemsModel::Kind;

IntervalChart::Share shareOf(const EvaluationReport& report) { return {report.score, report.ci95}; }

QString clearText(const ScoredUntilClear& both)
{
    const QString end = both.end == SequentialEnd::Difference ? wb::EvaluatePage::tr("the sides differ")
                        : both.end == SequentialEnd::Hopeless ? wb::EvaluatePage::tr("no difference could be shown any more")
                                                              : wb::EvaluatePage::tr("all items were scored");
    return wb::EvaluatePage::tr("Stopped after %1 of %2 items: %3; p = %4 corrected for every look (chance of a false alarm %5).")
        .arg(countText(both.original->items.size()), countText(both.most), end, shortText(both.p), shortText(both.falseAlarms));
}

} // namespace

void EvaluatePage::showOpened()
{
    stop();
    m_taskJob.cancel();
    m_original = m_patched = nullptr;
    m_stale = true;
    m_banner->clear();
    m_history->setResults({});
    showTask(nullptr);
    showSettings();
    if (!m_document.isOpen()) {
        m_state->say(tr("Nothing is open"), tr("Open a checkpoint to score its model, with and without your edits."));
        m_stack->setCurrentIndex(0);
        return;
    }
    m_stack->setCurrentIndex(1);
    if (isVisible()) listTasks();
}

// What was found of a recipe that is no more goes.
void EvaluatePage::patchedChanged()
{
    m_patchedJob.cancel();
    m_controlJob.cancel();
    m_bothJob.cancel();
    if (m_clear || m_settings.early) { // of fewer items than a whole score has
        m_original = nullptr;
        m_items->clearSide(false);
    }
    m_clear.reset();
    m_patched = nullptr;
    m_control = nullptr;
    m_items->clearSide(true);
    showVerdict();
    showButtons();
}

void EvaluatePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale && m_document.isOpen()) listTasks();
}

// Tasks that lie beside the checkpoint, as those of the sample do, those that come with the program, and any file.
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
    for (const ShippedTask& task : shippedTasks()) {
        const QString name = QString::fromUtf8(task.name.data(), static_cast<qsizetype>(task.name.size()));
        if (m_tasks->findText(name) < 0) m_tasks->addItem(name, name);
    }
    m_tasks->addItem(tr("A file…"));
    if (any)
        chooseTask(0);
    else
        m_tasks->setCurrentIndex(-1);
    if (!any) m_tasks->setPlaceholderText(tr("Choose a task or a file of JSON lines"));
}

void EvaluatePage::chooseTask(int index)
{
    const QString known = m_tasks->itemData(index).toString();
    if (!known.isEmpty()) return loadTask(known);
    const QString chosen = QFileDialog::getOpenFileName(this, tr("Choose a task"), {}, tr("JSON lines (*.jsonl *.json);;All files (*)"));
    if (!chosen.isEmpty()) setTask(chosen);
}

void EvaluatePage::setTask(const QString& path)
{
    showChoice(path);
    loadTask(path);
}

void EvaluatePage::showChoice(const QString& path)
{
    int index = m_tasks->findData(path);
    if (index < 0) {
        index = 0;
        m_tasks->insertItem(0, QFileInfo(path).completeBaseName(), path);
    }
    m_tasks->setCurrentIndex(index);
}

void EvaluatePage::loadTask(const QString& fileOrName)
{
    stop();
    m_banner->clear();
    m_original = m_patched = nullptr;
    showTask(nullptr);
    using Read = std::shared_ptr<const Task>;
    m_taskJob.start<Read>(
        tr("Reading the task"),
        [name = fileOrName.toStdString()](Progress&) -> Result<Read> {
            auto task = findTask(name);
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
    m_floor.reset();
    m_control = nullptr;
    m_items->setTask(m_task);
    showSettings();
    showItem();
    showVerdict();
    showButtons();
}

void EvaluatePage::loadHistory()
{
    if (!m_document.isOpen()) return;
    using Past = std::shared_ptr<std::vector<PastResult>>;
    m_historyJob.start<Past>(
        tr("Reading the history"),
        [source = m_document.original()](Progress&) -> Result<Past> {
            return std::make_shared<std::vector<PastResult>>(ResultStore::history(ResultStore::defaultFolder(), sourceIdentity(*source)));
        },
        [this](const Result<Past>& past) {
            m_history->setResults(past ? std::move(**past) : std::vector<PastResult>());
            m_historyNote->setText(m_history->rowCount() == 0 ? tr("No score of this checkpoint is kept yet. Each one that is finished appears here, with the edits that gave it.")
                                                              : tr("Each finished score of this checkpoint and the edits that gave it. Δ is against the original under the same settings."));
            showButtons();
        });
}

void EvaluatePage::takeRecipe(int row)
{
    if (row < 0 || row >= m_history->rowCount()) return;
    const auto recipe = m_history->recipe(row);
    if (!recipe) return m_banner->sayError(recipe.error());
    const RecipePtr taken = *recipe ? *recipe : std::make_shared<const Recipe>(m_document.content()->identity);
    if (auto done = m_document.change(taken, tr("Edits of a kept score")); !done) m_banner->sayError(done.error());
}

// In words first: what the edit did, and whether so many items can tell.
void EvaluatePage::showVerdict()
{
    m_chart->setShares(m_original ? std::optional(shareOf(*m_original)) : std::nullopt, m_patched ? std::optional(shareOf(*m_patched)) : std::nullopt);
    m_caution->clear();
    showCounts();
    if (m_bothJob.busy())
        return m_verdict->setText(tr("Both are being scored: the original has %1 right, the patched model %2, of %3 so far …")
                                      .arg(countText(m_items->right(false)), countText(m_items->right(true)), countText(m_items->answered(true))));
    if (!m_original) {
        m_verdict->setText(m_originalJob.busy() ? tr("The original is being scored: %1 right of %2 so far …").arg(countText(m_items->right(false)), countText(m_items->answered(false))) : m_task ? tr("%n items, not scored yet", nullptr, static_cast<int>(m_task->items.size())) : tr("No task is chosen"));
        return;
    }
    if (!m_patched) {
        const QString original = tr("The original solves %1.").arg(scoreWords(*m_original));
        m_verdict->setText(m_patchedJob.busy()      ? tr("%1 The patched model is being scored: %2 right of %3 so far …").arg(original, countText(m_items->right(true)), countText(m_items->answered(true)))
                           : m_document.hasEdits() ? tr("%1 The edits have changed since: score again.").arg(original)
                                                   : tr("%1 No edits are staged.").arg(original));
        if (m_floor) m_caution->setText(floorText(*m_floor, m_original->items.size()));
        return;
    }
    const ScoredPair pair{*m_original, *m_patched, m_paired, m_floor, m_control ? &m_control->side.paired : nullptr};
    m_verdict->setText(verdictText(pair));
    m_caution->setText(m_clear ? clearText(*m_clear) + QLatin1Char(' ') + cautionText(pair) : cautionText(pair));
}

void EvaluatePage::showCounts()
{
    for (int row = 0; row < m_filter->count(); ++row) {
        const auto kind = static_cast<Kind>(m_filter->itemData(row).toInt());
        const QString words = kind == Kind::Waiting ? tr("all") : ItemsModel::kindText(kind);
        const int count = kind == Kind::Waiting ? m_items->rowCount() : m_items->count(kind);
        m_filter->setItemText(row, m_patched ? QStringLiteral("%1 (%2)").arg(words, countText(static_cast<quint64>(count))) : words);
    }
}

void EvaluatePage::showItem()
{
    const QModelIndex current = m_table->currentIndex();
    const bool any = current.isValid() && m_task;
    const int row = any ? m_shown->mapToSource(current).row() : -1;
    m_prompt->setPlainText(any ? QString::fromStdString(m_items->item(row).prompt) : QString());
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        const ItemResult* result = any ? m_items->result(row, side == 1) : nullptr;
        QString head = side == 0 ? tr("■ original") : tr("□ patched"), text;
        if (result != nullptr) {
            head += QStringLiteral(" — ") + (result->correct ? tr("right") : tr("wrong"));
            if (!result->reason.empty()) head += QStringLiteral(" (%1)").arg(reasonText(result->reason));
            text = QString::fromStdString(result->output);
            if (result->extracted != result->output && !result->extracted.empty()) text += QStringLiteral("\n\n") + tr("Taken as the answer: %1").arg(QString::fromStdString(result->extracted));
            for (std::size_t i = 1; i < result->samples.size(); ++i)
                text += QStringLiteral("\n\n— %1, %2\n%3").arg(i + 1).arg(result->samples[i].correct ? tr("right") : tr("wrong"), QString::fromStdString(result->samples[i].output));
        }
        m_answerHeads[side]->setText(head);
        m_answerHeads[side]->setToolTip(head);
        m_answers[side]->setPlainText(text);
    }
}

void EvaluatePage::showSettings()
{
    const bool early = m_earlyBox->isChecked(); // one answer an item, both sides once
    m_samplesBox->setEnabled(!early && (!m_task || m_task->kind != TaskKind::Choice));
    for (QCheckBox* box : {m_floorBox, m_controlBox}) box->setEnabled(!early);
    m_temperatureBox->setVisible(m_samplesBox->isEnabled() && m_samplesBox->value() > 1);
}

void EvaluatePage::showButtons()
{
    m_button->setText(busy() ? tr("Stop") : tr("Score"));
    m_button->setEnabled(busy() || m_task != nullptr);
    m_export->setEnabled(m_original != nullptr);
    m_take->setEnabled(m_historyTable->currentIndex().isValid());
}

void EvaluatePage::chooseExport()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the scores"), QString::fromStdString(m_task->name) + QStringLiteral(".html"),
                                                      tr("Page (*.html);;Table (*.csv);;JSON lines (*.jsonl)"));
    if (!path.isEmpty()) exportTo(path);
}

void EvaluatePage::exportTo(const QString& path)
{
    if (!m_original) return;
    m_banner->clear();
    std::vector<std::pair<std::string, std::string>> edits;
    const RecipePtr recipe = m_patched ? editsOf(*m_document.edited()) : nullptr;
    for (std::size_t i = 0; recipe && i < recipe->size(); ++i)
        edits.emplace_back("edit", describe(recipe->at(i)));
    if (m_clear)
        edits.emplace_back("stopped early", fmt::format("after {} of {} items ({}); p = {:.3g} corrected for every look", m_original->items.size(), m_clear->most,
                                                        sequentialEndName(m_clear->end), m_clear->p));
    m_exportJob.start<bool>(
        tr("Writing the scores"),
        [task = m_task, options = m_options, name = m_document.content()->checkpoint->name(), original = m_original, patched = m_patched, floor = m_floor,
         control = m_control, edits, file = std::filesystem::path(path.toStdString())](Progress&) -> Result<bool> {
            const Scoring scoring{*task, options, name, {"original", "patched"}, original.get(), patched.get(), floor, control ? &control->control : nullptr,
                                  control ? control->side.score.get() : nullptr, edits};
            const std::string text = file.extension() == ".jsonl" ? itemLines(*task, options, *original, patched.get())
                                     : file.extension() == ".csv" ? toCsv(makeReport(scoring))
                                                                  : toHtml(makeReport(scoring));
            if (auto done = writeTextAtomically(file, text); !done) return failure(done);
            return true;
        },
        [this, path](const Result<bool>& done) {
            if (!done) return m_banner->sayError(done.error());
            m_banner->say(Banner::Kind::Calm, tr("Written: %1").arg(path.toHtmlEscaped()));
        });
}

struct EvaluatePage::Kept {
    QString place; // of the task: a file or a name
    std::shared_ptr<const Task> task;
    ScorePtr original, patched;
    PairedComparison paired;
    std::optional<std::size_t> floor;
    std::optional<ScoredUntilClear> clear;
    std::shared_ptr<const ScoredControl> control;
    Settings settings;
    EvaluateOptions options;
};

std::any EvaluatePage::kept() const
{
    const QString place = m_tasks->currentIndex() < 0 ? QString() : m_tasks->currentData().toString();
    return std::make_shared<const Kept>(Kept{place, m_task, m_original, m_patched, m_paired, m_floor, m_clear, m_control, m_settings, m_options});
}

void EvaluatePage::take(const std::any& state)
{
    const Kept& kept = *std::any_cast<std::shared_ptr<const Kept>>(state);
    if (!m_document.isOpen() || kept.place.isEmpty()) return;
    if (m_stale) listTasks();
    if (!kept.task) return setTask(kept.place); // it was being read
    m_taskJob.cancel();
    showChoice(kept.place);
    showTask(kept.task);
    m_original = kept.original;
    m_patched = kept.patched;
    m_paired = kept.paired;
    m_floor = kept.floor;
    m_clear = kept.clear;
    m_control = kept.control;
    m_settings = kept.settings;
    m_options = kept.options;
    for (const ScorePtr& side : {m_original, m_patched})
        for (std::size_t i = 0; side && i < side->items.size(); ++i) m_items->add(side == m_patched, side->items[i]);
    showVerdict();
    showButtons();
    showItem();
}

QString EvaluatePage::verdict() const { return m_verdict->text(); }
QString EvaluatePage::caution() const { return m_caution->text(); }

} // namespace wb
