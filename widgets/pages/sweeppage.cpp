#include "widgets/pages/sweeppage.h"

#include "core/eval/shippedtasks.h"
#include "core/recipe/recipejson.h"
#include "widgets/banner.h"
#include "widgets/charts/sweepchart.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numberfield.h"
#include "widgets/numbertext.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"

#include <nlohmann/json.hpp>

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>

#include <cmath>

namespace wb {
namespace {

const QString otherFile = QStringLiteral("?"); // no name of a task or file

// Of a list its first numbers, by place: "gains[3]".
void collectList(const Json& list, const std::string& path, std::vector<std::pair<std::string, double>>& out)
{
    constexpr std::size_t most = 16; // more would hide the others
    for (std::size_t i = 0; i < std::min(list.size(), most); ++i)
        if (list[i].is_number()) out.emplace_back(path + "[" + std::to_string(i) + "]", list[i].get<double>());
}

// Names and values of the numbers that an edit has, those within its elements too.
void collectNumbers(const Json& object, const std::string& path, std::vector<std::pair<std::string, double>>& out)
{
    for (const auto& [key, value] : object.items()) {
        const std::string name = path.empty() ? key : path + "." + key;
        if (value.is_number())
            out.emplace_back(name, value.get<double>());
        else if (value.is_object())
            collectNumbers(value, name, out);
        else if (value.is_array())
            collectList(value, name, out);
    }
}

} // namespace

void SweepPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale && m_document.isOpen()) listTasks();
}

void SweepPage::showOpened()
{
    m_job.cancel();
    m_setup.reset();
    m_report.reset();
    m_points.clear();
    m_stale = true;
    m_banner->clear();
    if (isVisible() && m_document.isOpen()) listTasks();
    showRecipe();
    showResult();
}

// Every number of every enabled edit; what was chosen stays chosen while it is there.
void SweepPage::showRecipe()
{
    if (!m_document.isOpen()) {
        m_state->say(tr("Nothing is open"), tr("Open a checkpoint and stage an edit to see how its score depends on the edit's numbers."));
        return m_stack->setCurrentIndex(0);
    }
    if (m_document.recipe()->empty()) {
        m_state->say(tr("No edits are staged"), tr("Stage an edit first: its factor, value or strength is what a sweep varies."));
        return m_stack->setCurrentIndex(0);
    }
    m_stack->setCurrentIndex(1);
    const Json json = recipeToJson(*m_document.recipe());
    for (int which = 0; which < knobRows; ++which) {
        QComboBox& box = *m_knobs[which].what;
        const QSignalBlocker quiet(&box);
        const QString before = box.currentData().toString();
        box.clear();
        if (which > 0) box.addItem(which == 1 ? tr("no second knob") : tr("no further knob"), QString());
        for (std::size_t i = 0; i < m_document.recipe()->size(); ++i) {
            const Edit& edit = m_document.recipe()->at(i);
            if (!edit.enabled) continue;
            std::vector<std::pair<std::string, double>> numbers;
            collectNumbers(json["edits"][i], "", numbers);
            if (std::ranges::none_of(numbers, [](const auto& one) { return one.first == "strength"; })) numbers.emplace_back("strength", edit.strength);
            for (const auto& [name, value] : numbers)
            {
                box.addItem(QStringLiteral("%1 = %2 · %3").arg(fromUtf8(name), SweepChart::knobText(value), editText(edit)),
                            QStringLiteral("edits[%1].%2").arg(i).arg(fromUtf8(name)));
                box.setItemData(box.count() - 1, value, Qt::UserRole + 1);
            }
        }
        const int known = box.findData(before);
        box.setCurrentIndex(std::max(0, known));
        if (known < 0) suggestRange(which);
    }
    showButtons();
}

// From half to one and a half of the number that is there; shares and strengths within their bounds.
void SweepPage::suggestRange(int which)
{
    const KnobRow& row = m_knobs[which];
    const QString name = row.what->currentData().toString();
    for (QWidget* field : {static_cast<QWidget*>(row.low), static_cast<QWidget*>(row.high), static_cast<QWidget*>(row.points)})
        field->setEnabled(!name.isEmpty());
    if (name.isEmpty()) return;
    const double value = row.what->currentData(Qt::UserRole + 1).toDouble();
    double low = value == 0 ? -1 : std::min(0.5 * value, 1.5 * value), high = value == 0 ? 1 : std::max(0.5 * value, 1.5 * value);
    if (name.endsWith(QStringLiteral(".strength"))) {
        low = 0;
        high = 1;
    }
    row.low->setValue(low);
    row.high->setValue(high);
}

// Tasks and texts beside the checkpoint, as those of the sample, tasks that come with the program, and any file.
void SweepPage::listTasks()
{
    m_stale = false;
    m_tasks->clear();
    m_heldOut->clear();
    m_heldOut->addItem(tr("no held-out set"), QString());
    const auto root = m_document.content()->checkpoint->root();
    for (const auto& folder : {root / "tasks", root.parent_path() / "tasks"}) {
        const QDir place(QString::fromStdString(folder.string()));
        for (const QString& name : place.entryList({QStringLiteral("*.jsonl"), QStringLiteral("*.txt")}, QDir::Files, QDir::Name))
            for (QComboBox* box : {m_tasks, m_heldOut}) box->addItem(name, place.filePath(name));
    }
    const bool any = m_tasks->count() != 0;
    for (const ShippedTask& task : shippedTasks()) {
        const QString name = QString::fromUtf8(task.name.data(), static_cast<qsizetype>(task.name.size()));
        if (m_tasks->findText(name + QStringLiteral(".jsonl")) < 0)
            for (QComboBox* box : {m_tasks, m_heldOut}) box->addItem(name, name);
    }
    for (QComboBox* box : {m_tasks, m_heldOut}) box->addItem(tr("A file…"), otherFile);
    m_tasks->setCurrentIndex(any ? 0 : -1);
    m_tasks->setPlaceholderText(tr("Choose a task or a text"));
    showButtons();
}

void SweepPage::chooseFile(QComboBox& box, int index)
{
    if (box.itemData(index).toString() != otherFile) return showButtons();
    const QString path = QFileDialog::getOpenFileName(this, tr("Choose a task or a text"), {}, tr("Tasks and texts (*.jsonl *.json *.txt);;All files (*)"));
    box.setCurrentIndex(&box == m_heldOut ? 0 : -1);
    if (!path.isEmpty()) addFile(box, path);
    showButtons();
}

void SweepPage::addFile(QComboBox& box, const QString& path)
{
    int index = box.findData(path);
    if (index < 0) {
        index = box.count() - 1; // before "A file…"
        box.insertItem(index, QFileInfo(path).fileName(), path);
    }
    box.setCurrentIndex(index);
}

void SweepPage::setTask(const QString& path)
{
    if (m_stale) listTasks();
    addFile(*m_tasks, path);
    showButtons();
}

void SweepPage::setHeldOut(const QString& path)
{
    if (m_stale) listTasks();
    path.isEmpty() ? m_heldOut->setCurrentIndex(0) : addFile(*m_heldOut, path);
    showButtons();
}

void SweepPage::setSearch(int points)
{
    m_method->setCurrentIndex(points > 0 ? 1 : 0);
    if (points > 0) m_evaluations->setValue(points);
}

bool SweepPage::searches() const { return m_method->currentIndex() == 1; }

void SweepPage::showMethod()
{
    m_evaluations->setVisible(searches());
    for (int which = 0; which < knobRows; ++which) {
        m_knobs[which].row->setVisible(searches() || which < gridKnobs);
        m_knobs[which].points->setVisible(!searches());
    }
    showButtons();
}

void SweepPage::setKnob(int which, const QString& name, double low, double high, int points)
{
    const KnobRow& row = m_knobs[which];
    row.what->setCurrentIndex(std::max(0, row.what->findData(name)));
    suggestRange(which);
    row.low->setValue(low);
    row.high->setValue(high);
    row.points->setValue(points);
    showButtons();
}

std::vector<Knob> SweepPage::knobs() const
{
    std::vector<Knob> out;
    for (int which = 0; which < (searches() ? knobRows : gridKnobs); ++which) {
        const KnobRow& row = m_knobs[which];
        const QString name = row.what->currentData().toString();
        if (name.isEmpty()) continue;
        if (!row.low->value() || !row.high->value()) return {};
        auto knob = parseKnob((name + QStringLiteral("=0:1:1")).toStdString());
        if (!knob) return {};
        knob->low = *row.low->value();
        knob->high = *row.high->value();
        knob->points = static_cast<std::size_t>(row.points->value());
        out.push_back(*knob);
    }
    return out;
}

void SweepPage::start()
{
    const QString path = m_tasks->currentData().toString();
    if (path.isEmpty() || path == otherFile || !m_document.isOpen() || knobs().empty()) return;
    const QString heldOut = m_heldOut->currentData().toString();
    if (!heldOut.isEmpty() && heldOut.endsWith(QStringLiteral(".txt")) != path.endsWith(QStringLiteral(".txt")))
        return m_banner->say(Banner::Kind::Warning, tr("The held-out set must be of the same kind: a task for a task, a text for a text."));
    m_banner->clear();
    m_points.clear();
    m_report.reset();
    m_setup = std::make_shared<const SweepSetup>(SweepSetup{m_document.models(), m_document.original(), m_document.recipe(), knobs(), path.toStdString(), heldOut.toStdString(),
                                                  path.endsWith(QStringLiteral(".txt")), searches() ? static_cast<std::size_t>(m_evaluations->value()) : 0, static_cast<std::size_t>(m_limit->value()),
                                                  static_cast<std::uint64_t>(m_seed->value())});
    m_job.start<SweepReportPtr, SweepPoint>(
        tr("Sweep"), [setup = m_setup](Progress& progress, const Relay<SweepPoint>& relay) { return runSweep(*setup, progress, relay); },
        [this](SweepPoint point) { addPoint(std::move(point)); }, [this](const Result<SweepReportPtr>& result) { finished(result); });
    showResult();
}

void SweepPage::addPoint(SweepPoint point)
{
    m_points.push_back(std::move(point));
    showResult();
}

void SweepPage::finished(const Result<SweepReportPtr>& result)
{
    if (result)
        m_report = *result;
    else
        m_banner->sayError(result.error());
    showResult();
}

void SweepPage::stop()
{
    if (m_job.busy()) m_jobs.cancel(m_job.job());
    showButtons();
}

void SweepPage::showResult()
{
    showButtons();
    const bool shares = !m_setup || !m_setup->text;
    SweepChartData shown;
    if (m_setup) shown = {m_setup->knobs, m_points, m_report ? std::optional(m_report->base) : std::nullopt, m_report ? std::optional(m_report->best) : std::nullopt, shares, shares, m_setup->evaluations != 0};
    m_chart->setData(std::move(shown));
    const auto score = [&](double value) { return SweepChart::scoreText(value, shares); };
    showTable();
    m_caution->clear();
    if (!m_report) {
        std::size_t all = m_setup && m_setup->evaluations != 0 ? m_setup->evaluations : 1;
        if (m_setup && m_setup->evaluations == 0)
            for (const Knob& knob : m_setup->knobs)
                all *= knob.points;
        return m_verdict->setText(m_job.busy() ? tr("%1 of %2 points are scored …").arg(m_points.size()).arg(all) : tr("Not swept yet"));
    }
    const SweepPoint& best = m_report->points[m_report->best];
    QStringList values;
    for (std::size_t k = 0; k < best.knobs.size(); ++k)
        values << QStringLiteral("%1 = %2").arg(fromUtf8(m_setup->knobs[k].name()), SweepChart::knobText(best.knobs[k]));
    m_verdict->setText(tr("Best of %n point(s): %1 with %2; without the recipe %3.", nullptr, static_cast<int>(m_points.size()))
                           .arg(values.join(QStringLiteral(", ")), score(best.score.mean), score(m_report->base.mean)));
    if (!m_report->heldOut) return m_caution->setText(tr("It was chosen on one item and says nothing of others."));
    const HeldOut& heldOut = *m_report->heldOut;
    const QString how = heldOut.how == HeldOut::How::Apart            ? QFileInfo(fromUtf8(m_setup->heldOut)).fileName()
                        : heldOut.how == HeldOut::How::CrossValidated ? tr("each tenth scored by the point that is best on the rest")
                                                                      : tr("a third of the items, which the search did not see");
    m_caution->setText(tr("It was chosen on these items and looks better than it is. Held out (%1): %2, change %3, 95 % from %4 to %5.")
                           .arg(how, score(heldOut.best.mean), score(heldOut.delta.mean), score(heldOut.delta.ci95.low), score(heldOut.delta.ci95.high)));
}

void SweepPage::showTable()
{
    const bool shares = !m_setup || !m_setup->text;
    const auto score = [&](double value) { return SweepChart::scoreText(value, shares); };
    QStringList heads;
    for (std::size_t k = 0; m_setup && k < m_setup->knobs.size(); ++k) heads << fromUtf8(m_setup->knobs[k].name());
    heads << tr("score") << tr("95 %") << tr("change") << tr("p");
    m_table->setColumnCount(static_cast<int>(heads.size()));
    m_table->setHorizontalHeaderLabels(heads);
    m_table->setRowCount(static_cast<int>(m_points.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const SweepPoint& point = m_points[static_cast<std::size_t>(row)];
        QStringList texts;
        for (const double value : point.knobs) texts << SweepChart::knobText(value);
        texts << score(point.score.mean) << QStringLiteral("%1 … %2").arg(score(point.score.ci95.low), score(point.score.ci95.high))
              << (point.delta.mean > 0 ? QStringLiteral("+") : QString()) + score(point.delta.mean) << (point.delta.p ? shortText(*point.delta.p) : QString());
        for (int col = 0; col < static_cast<int>(texts.size()); ++col) {
            auto* item = new QTableWidgetItem(texts[col]);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, col, item);
        }
    }
}

struct SweepPage::Kept {
    QString task, heldOut; // files or names, as the boxes have them
    std::shared_ptr<const SweepSetup> setup;
    std::vector<SweepPoint> points;
    SweepReportPtr report;
};

std::any SweepPage::kept() const
{
    return std::make_shared<const Kept>(Kept{m_tasks->currentData().toString(), m_heldOut->currentData().toString(), m_setup, m_points, m_report});
}

void SweepPage::take(const std::any& state)
{
    const Kept& kept = *std::any_cast<std::shared_ptr<const Kept>>(state);
    if (!m_document.isOpen() || (kept.task.isEmpty() && kept.heldOut.isEmpty())) return;
    if (!kept.task.isEmpty()) setTask(kept.task);
    setHeldOut(kept.heldOut);
    m_setup = kept.setup;
    m_points = kept.points;
    m_report = kept.report;
    showResult();
}

void SweepPage::choosePoint(int point)
{
    m_chart->setCurrent(point < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(point)));
    if (point >= 0 && m_table->currentRow() != point) m_table->selectRow(point);
    showButtons();
}

// The numbers of the chosen point, or of the best, as one step of undo.
void SweepPage::takePoint(int point)
{
    if (!m_setup || point < 0 || static_cast<std::size_t>(point) >= m_points.size()) return;
    auto recipe = withKnobs(*m_setup->recipe, m_setup->knobs, m_points[static_cast<std::size_t>(point)].knobs);
    auto done = recipe ? m_document.change(*recipe, tr("values of a sweep")) : failure(recipe);
    if (!done) m_banner->sayError(done.error());
}

void SweepPage::showButtons()
{
    const bool busy = m_job.busy();
    m_button->setText(busy ? tr("Stop") : tr("Sweep"));
    m_button->setEnabled(busy || (!m_tasks->currentData().toString().isEmpty() && m_tasks->currentData().toString() != otherFile && !knobs().empty()));
    m_take->setEnabled(m_setup && m_setup->recipe == m_document.recipe() && (m_report || m_table->currentRow() >= 0));
}

QString SweepPage::verdict() const { return m_verdict->text(); }

} // namespace wb

#include "moc_sweeppage.cpp"
