#include "widgets/pages/expertspage.h"

#include "core/recipe/patchedsource.h"
#include "widgets/charts/layerchart.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numberfield.h"
#include "widgets/numbertext.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace wb {
namespace {

// The whole mapping in the details: order is all that a file without names says.
bool askInDialog(QWidget* parent, const ExpertMapping& mapping)
{
    QString rows;
    for (const auto& row : mapping.rows)
        rows += QStringLiteral("%1 → %2 (%3)\n").arg(fromUtf8(row.key), fromUtf8(row.tensor)).arg(row.gains);
    QMessageBox box(QMessageBox::Question, ExpertsPage::tr("Take these vectors?"),
                    mapping.byOrder ? ExpertsPage::tr("The file names no tensors. Its %1 vectors would go to the MLP matrices of this model in order: the first to %2, the last to %3.")
                                          .arg(mapping.rows.size())
                                          .arg(shortName(mapping.rows.front().tensor), shortName(mapping.rows.back().tensor))
                                    : ExpertsPage::tr("Its %1 vectors name their tensors, and all of them are there.").arg(mapping.rows.size()),
                    QMessageBox::Ok | QMessageBox::Cancel, parent);
    box.setDetailedText(rows);
    return box.exec() == QMessageBox::Ok;
}

} // namespace

ExpertsPage::ExpertsPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_job(jobs, JobSlot::Mode::Follow, nullptr)
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
{
    m_ask = [this](const ExpertMapping& mapping) { return askInDialog(this, mapping); };
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 0);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    build();
    connect(&document, &Document::opened, this, &ExpertsPage::showOpened);
    showOpened();
}

void ExpertsPage::build()
{
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto* card = new Card(tr("Experts"), content);
    auto* addButton = new QPushButton(tr("Add…"), card);
    connect(addButton, &QPushButton::clicked, this, &ExpertsPage::askForFile);
    card->head()->addWidget(addButton);
    auto* inside = new QWidget(card);
    m_list = new QVBoxLayout(inside);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->addStretch(1);
    auto* scroll = new QScrollArea(card);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(inside);
    scroll->viewport()->setAutoFillBackground(false);
    inside->setAutoFillBackground(false);
    card->body()->addWidget(scroll, 1);
    auto* options = new QHBoxLayout;
    m_transfer = new QCheckBox(tr("transfer"), card);
    m_transfer->setToolTip(tr("Take experts of another model whose matrices have the same names and lengths; components are matched by falling singular value"));
    m_shuffle = new QCheckBox(tr("shuffled control, seed"), card);
    m_shuffle->setToolTip(tr("The same gains in random order within each matrix: what a transfer must beat"));
    m_seed = new QSpinBox(card);
    m_seed->setRange(0, 1'000'000);
    m_seed->setValue(1);
    m_seed->setButtonSymbols(QAbstractSpinBox::NoButtons);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_transfer, m_shuffle, m_seed})
        options->addWidget(widget);
    options->addStretch(1);
    m_save = new QPushButton(tr("Save the mix…"), card);
    connect(m_save, &QPushButton::clicked, this, &ExpertsPage::saveMix);
    options->addWidget(m_save);
    m_stage = new QPushButton(tr("Stage edit"), card);
    m_stage->setProperty("main", true);
    connect(m_stage, &QPushButton::clicked, this, &ExpertsPage::stage);
    options->addWidget(m_stage);
    card->body()->addLayout(options);
    m_said = captionLabel({}, card);
    m_said->setWordWrap(true);
    card->body()->addWidget(m_said);
    connect(m_transfer, &QCheckBox::toggled, this, &ExpertsPage::refresh);
    connect(m_shuffle, &QCheckBox::toggled, this, &ExpertsPage::refresh);
    connect(m_seed, &QSpinBox::valueChanged, this, &ExpertsPage::refresh);
    column->addWidget(card, 1);
    auto* below = new Card(tr("Mean gain by layer"), content);
    m_chart = new LayerChart(tr("Mean gain by layer"), QStringLiteral("gains"), tr("Add an expert to see what it turns up and down"), below);
    below->body()->addWidget(m_chart, 1);
    column->addWidget(below, 1);
    m_stack->addWidget(content);
}

void ExpertsPage::showOpened()
{
    m_job.cancel();
    m_stack->setCurrentIndex(m_document.isOpen() ? 1 : 0);
    m_state->say(tr("Nothing is open"), tr("Open the checkpoint that the experts belong to."));
    refresh();
}

void ExpertsPage::askForFile()
{
    for (const QString& path : QFileDialog::getOpenFileNames(this, tr("Add experts"), {}, tr("Experts (*.safetensors *.pt *.pth *.bin);;All files (*)")))
        add(path);
}

void ExpertsPage::add(const QString& path)
{
    if (!m_document.isOpen()) return;
    if (const QString suffix = QFileInfo(path).suffix(); suffix == QStringLiteral("pt") || suffix == QStringLiteral("pth") || suffix == QStringLiteral("bin")) return takeTorch(path);
    m_job.start<std::shared_ptr<Expert>>(
        tr("Opening an expert"),
        [file = path.toStdString()](Progress&) -> Result<std::shared_ptr<Expert>> {
            auto expert = loadExpert(file);
            if (!expert) return failure(expert);
            return std::make_shared<Expert>(std::move(*expert));
        },
        [this](const Result<std::shared_ptr<Expert>>& expert) {
            if (expert)
                take(**expert);
            else if (expert.error().code != ErrorCode::Cancelled)
                m_said->setText(errorText(expert.error()));
        });
}

void ExpertsPage::takeTorch(const QString& path)
{
    m_job.start<std::shared_ptr<ExpertMapping>>(
        tr("Opening an expert"),
        [file = path.toStdString(), source = m_document.original(), name = m_document.content()->checkpoint->name()](Progress&) -> Result<std::shared_ptr<ExpertMapping>> {
            auto mapping = importTorchExpert(file, *source, name);
            if (!mapping) return failure(mapping);
            return std::make_shared<ExpertMapping>(std::move(*mapping));
        },
        [this](const Result<std::shared_ptr<ExpertMapping>>& mapping) {
            if (!mapping && mapping.error().code != ErrorCode::Cancelled) m_said->setText(errorText(mapping.error()));
            if (mapping && m_ask(**mapping)) take((*mapping)->expert);
        });
}

void ExpertsPage::take(Expert expert)
{
    m_entries.push_back({std::move(expert), {}, nullptr, nullptr});
    addRow(m_entries.back());
    refresh();
}

void ExpertsPage::addRow(Entry& entry)
{
    entry.row = new QWidget(this);
    auto* row = new QHBoxLayout(entry.row);
    row->setContentsMargins(0, 0, 0, 0);
    entry.weight = new NumberRow(entry.row);
    entry.weight->setup(fromUtf8(entry.expert.name), linearScale(-1, 2), QStringLiteral("0"));
    entry.weight->setValue(1);
    connect(entry.weight, &NumberRow::edited, this, &ExpertsPage::refresh);
    row->addWidget(entry.weight, 1);
    auto* away = flatButton(QStringLiteral("×"), entry.row);
    away->setToolTip(tr("Take it off the list; the file stays"));
    connect(away, &QToolButton::clicked, this, [this, widget = entry.row] { remove(widget); });
    row->addWidget(away);
    const bool sigmoidal = entry.expert.parameterisation == Expert::Parameterisation::PreSigmoid;
    entry.row->setToolTip(tr("made for %1 · %2 matrices · %3 · %4\n%5")
                              .arg(fromUtf8(entry.expert.model))
                              .arg(entry.expert.vectors.size())
                              .arg(sigmoidal ? tr("sigmoid of what is stored") : tr("gains as stored"), entry.expert.keepsNuclearNorm ? tr("sum of σ kept") : tr("sum of σ free"), fromUtf8(entry.expert.origin)));
    m_list->insertWidget(m_list->count() - 1, entry.row);
}

void ExpertsPage::remove(const QWidget* row)
{
    std::erase_if(m_entries, [&](const Entry& entry) {
        if (entry.row != row) return false;
        entry.row->deleteLater();
        return true;
    });
    refresh();
}

void ExpertsPage::setWeight(std::size_t expert, double weight)
{
    m_entries[expert].weight->setValue(weight);
    refresh();
}

Result<Edit> ExpertsPage::mix() const
{
    std::vector<Expert> experts;
    std::vector<double> weights;
    for (const Entry& entry : m_entries)
        if (const double weight = entry.weight->value().value_or(0); weight != 0) {
            experts.push_back(m_shuffle->isChecked() ? entry.expert.shuffled(static_cast<std::uint64_t>(m_seed->value())) : entry.expert);
            weights.push_back(weight);
        }
    return mixOf(experts, weights);
}

void ExpertsPage::refresh()
{
    QString problem;
    for (Entry& entry : m_entries) {
        entry.problem.clear();
        if (m_document.isOpen())
            if (const auto fits = checkFits(entry.expert, *m_document.original(), m_transfer->isChecked()); !fits) entry.problem = errorText(fits.error());
        if (!entry.problem.isEmpty() && problem.isEmpty()) problem = entry.problem;
    }
    showChart();
    bool possible = m_document.isOpen() && problem.isEmpty() && !m_entries.empty();
    if (possible)
        if (const auto edit = mix(); !edit) {
            possible = false;
            problem = errorText(edit.error());
        }
    m_stage->setEnabled(possible);
    m_save->setEnabled(possible);
    setStyleProperty(m_said, "error", !problem.isEmpty());
    m_said->setText(!problem.isEmpty()        ? problem
                    : m_entries.empty()       ? tr("An expert is a vector of gains for each matrix: wb svf import takes those of Transformer-squared, training makes them.")
                    : m_transfer->isChecked() ? tr("Gains are mixed, then applied to the decomposition of each matrix. A transfer is worth what it beats: stage the shuffled control too and score both.")
                                              : tr("Gains are mixed, then applied to the decomposition of each matrix."));
}

// Of each expert and of the mix: the mean of its gains over the matrices of a layer.
void ExpertsPage::showChart()
{
    LayerChartData chart;
    chart.placeName = tr("layer");
    chart.valueName = tr("mean gain");
    std::map<std::uint32_t, std::size_t> layers;
    for (const Entry& entry : m_entries)
        for (const auto& [name, list] : entry.expert.vectors)
            if (const auto layer = roleOf(name).layer) layers.emplace(*layer, 0);
    for (auto& [layer, place] : layers) {
        place = static_cast<std::size_t>(chart.places.size());
        chart.places << QString::number(layer);
    }
    std::vector<double> mixed(layers.size());
    for (const Entry& entry : m_entries) {
        std::vector<double> sums(layers.size()), counts(layers.size());
        const GainTable gains = entry.expert.multipliers();
        for (const auto& [name, list] : gains.all())
            if (const auto layer = roleOf(name).layer)
                for (const double gain : list) {
                    sums[layers[*layer]] += gain;
                    counts[layers[*layer]] += 1;
                }
        for (std::size_t i = 0; i < sums.size(); ++i) {
            sums[i] = counts[i] > 0 ? sums[i] / counts[i] : std::nan("");
            mixed[i] += entry.weight->value().value_or(0) * sums[i];
        }
        chart.series.push_back({fromUtf8(entry.expert.name), SeriesRole::Original, m_entries.size() > 1, std::move(sums), {}, {}});
    }
    if (m_entries.size() > 1) chart.series.push_back({tr("mix"), SeriesRole::Patched, false, std::move(mixed), {}, {}});
    m_chart->setData(std::move(chart));
}

void ExpertsPage::stage()
{
    const auto edit = mix();
    const auto done = edit ? m_document.change(m_document.recipe()->with(*edit), editText(*edit)) : Result<void>(failure(edit));
    setStyleProperty(m_said, "error", !done);
    m_said->setText(done ? tr("Staged: %1").arg(fromUtf8(edit->label)) : errorText(done.error()));
}

// The mix as an expert of its own: its gains as multipliers.
void ExpertsPage::saveMix()
{
    const auto edit = mix();
    if (!edit) return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the mix"), QStringLiteral("mix.safetensors"), tr("Experts (*.safetensors)"));
    if (path.isEmpty()) return;
    const auto& svf = std::get<Svf>(edit->operation);
    Expert mixed{QFileInfo(path).completeBaseName().toStdString(), m_document.content()->checkpoint->name(), layoutFingerprint(*m_document.original()), edit->label};
    mixed.keepsNuclearNorm = svf.keepNuclearNorm;
    for (const auto& part : std::get<MixedGains>(svf.gains).parts)
        for (const auto& [name, list] : part.gains->all()) {
            auto& sum = mixed.vectors[name];
            sum.resize(list.size());
            for (std::size_t i = 0; i < list.size(); ++i)
                sum[i] += part.weight * list[i];
        }
    const auto saved = saveExpert(mixed, path.toStdString());
    setStyleProperty(m_said, "error", !saved);
    m_said->setText(saved ? tr("Saved as %1").arg(path) : errorText(saved.error()));
}

QString ExpertsPage::said() const { return m_said->text(); }

} // namespace wb

#include "moc_expertspage.cpp"
