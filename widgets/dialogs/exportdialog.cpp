#include "widgets/dialogs/exportdialog.h"

#include "core/recipe/recipejson.h"
#include "widgets/banner.h"
#include "widgets/document.h"
#include "widgets/jobslot.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"

#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

namespace wb {
namespace {

std::filesystem::path pathFrom(const QString& text)
{
    return std::filesystem::path(QFile::encodeName(text).toStdString());
}

QLabel* wrapping(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

ExportDialog::ExportDialog(Document& document, Jobs& jobs, QWidget* parent)
    : QDialog(parent), m_document(document), m_jobs(jobs),
      m_planSlot(new JobSlot(jobs, JobSlot::Mode::Follow, this))
{
    setWindowTitle(tr("Export"));
    build();
    connect(m_path, &QLineEdit::textChanged, this, &ExportDialog::plan);
    for (QCheckBox* box : {m_link, m_fromDisk, m_replace, m_allowNonFinite})
        connect(box, &QCheckBox::toggled, this, &ExportDialog::plan);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_close, &QPushButton::clicked, this, &QDialog::hide);
    connect(&m_jobs, &Jobs::changed, this, &ExportDialog::showProgress);
    connect(&m_document, &Document::recipeChanged, this, &ExportDialog::follow);
}

void ExportDialog::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    m_summary = wrapping(this);
    column->addWidget(m_summary);
    m_banner = new Banner(this);
    column->addWidget(m_banner);
    column->addWidget(buildForm());
    m_plan = wrapping(this);
    m_plan->setProperty("caption", true);
    column->addWidget(m_plan);
    m_bar = new QProgressBar(this);
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    column->addWidget(m_bar);
    m_barText = captionLabel({}, this);
    column->addWidget(m_barText);
    m_proof = wrapping(this);
    column->addWidget(m_proof);
    column->addStretch(1);
    auto* buttons = new QHBoxLayout;
    m_stop = new QPushButton(tr("Stop"), this);
    m_export = new QPushButton(tr("Export"), this);
    m_export->setDefault(true);
    m_export->setProperty("main", true);
    m_close = new QPushButton(tr("Close"), this);
    connect(m_stop, &QPushButton::clicked, this, [this] { m_jobs.cancel(m_exportJob); }); // it tells how it ended
    buttons->addStretch(1);
    for (QPushButton* button : {m_stop, m_close, m_export})
        buttons->addWidget(button);
    column->addLayout(buttons);
    resize(640, 460);
}

QWidget* ExportDialog::buildForm()
{
    auto* form = new QWidget(this);
    auto* column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(captionLabel(tr("Write to"), form));
    auto* row = new QHBoxLayout;
    m_path = new QLineEdit(form);
    auto* browse = new QPushButton(tr("Choose…"), form);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::choose);
    row->addWidget(m_path, 1);
    row->addWidget(browse);
    column->addLayout(row);
    const auto box = [&](const QString& text, const QString& tip) {
        auto* check = new QCheckBox(text, form);
        check->setToolTip(tip);
        column->addWidget(check);
        return check;
    };
    m_link = box(tr("Hard links for untouched files"),
                 tr("Writes less. The export then shares bytes with the source: a change of one is a change of the other."));
    m_fromDisk = box(tr("Read the proof back from the device"),
                     tr("Drops what was written from memory first. Slower; proves the disk and not only the file system."));
    m_replace = box(tr("Replace an export that is already there"),
                    tr("The new one takes its place in one step; only something that an export made is ever replaced."));
    m_allowNonFinite = box(tr("Allow new NaN and infinities"),
                           tr("Without this an export that would hold values which the source does not is refused."));
    return form;
}

void ExportDialog::begin()
{
    if (isRunning()) {
        show();
        raise();
        return;
    }
    describe();
    m_path->setText(suggestedDestination());
    plan();
    show();
    raise();
    m_path->setFocus();
    m_path->selectAll();
}

// While it is open: the place that was chosen stays, unless it is another checkpoint's or written by now.
void ExportDialog::follow()
{
    if (!isVisible() || isRunning()) return;
    if (!m_document.isOpen()) {
        hide();
        return;
    }
    const bool anew = m_about.lock() != m_document.content() || !m_proof->text().isEmpty();
    describe();
    if (anew) m_path->setText(suggestedDestination());
    plan();
}

void ExportDialog::describe()
{
    m_about = m_document.content();
    const std::size_t edits = m_document.recipe()->size();
    m_summary->setText(edits == 0
                           ? tr("Nothing is staged: this writes a copy of %1.")
                                 .arg(QString::fromStdString(m_document.content()->checkpoint->name()))
                           : tr("%n edit(s) staged on %1. The source stays as it is.", nullptr, static_cast<int>(edits))
                                 .arg(QString::fromStdString(m_document.content()->checkpoint->name())));
    m_banner->clear();
    m_proof->clear();
    m_stop->hide();
    m_bar->hide();
    m_barText->clear();
}

// A sample inside an installed program, a hub cache: not places to write beside.
QString ExportDialog::placeToWrite() const
{
    const QFileInfo source(QString::fromStdString(m_document.content()->checkpoint->root().string()));
    return QFileInfo(source.absolutePath()).isWritable() ? source.absolutePath() : QDir::homePath();
}

QString ExportDialog::destination() const
{
    const QString typed = m_path->text();
    return typed.isEmpty() || !m_document.isOpen() ? typed : QDir::cleanPath(QDir(placeToWrite()).filePath(typed));
}

QString ExportDialog::suggestedDestination() const
{
    const Checkpoint& checkpoint = *m_document.content()->checkpoint;
    const QFileInfo source(QString::fromStdString(checkpoint.root().string()));
    const QDir folder(placeToWrite());
    const QString ending = checkpoint.isFolder()                    ? QString()
                           : checkpoint.format() == Format::Gguf ? QStringLiteral(".gguf")
                                                                 : QStringLiteral(".safetensors");
    const QString base = checkpoint.isFolder() ? source.fileName() : source.completeBaseName();
    QString path = folder.filePath(base + QStringLiteral("-edited") + ending);
    for (int i = 2; QFileInfo::exists(path); ++i)
        path = folder.filePath(base + QStringLiteral("-edited-%1").arg(i) + ending);
    return path;
}

void ExportDialog::setDestination(const QString& path) { m_path->setText(path); }

void ExportDialog::choose()
{
    if (!m_document.isOpen()) return; // closed while it was exported
    const QFileInfo now(destination());
    const bool folder = m_document.content()->checkpoint->isFolder();
    // A folder that does not exist yet is chosen as a file name; only exports are ever replaced, and that is asked here.
    const QString chosen = QFileDialog::getSaveFileName(
        this, folder ? tr("New folder for the export") : tr("File for the export"), now.absoluteFilePath(),
        folder ? tr("Folder (*)") : tr("Weights (*.safetensors *.gguf)"), nullptr, QFileDialog::DontConfirmOverwrite);
    if (!chosen.isEmpty()) m_path->setText(chosen);
}

ExportOptions ExportDialog::options() const
{
    ExportOptions options;
    options.link = m_link->isChecked();
    options.fromDisk = m_fromDisk->isChecked();
    options.replace = m_replace->isChecked();
    options.allowNonFinite = m_allowNonFinite->isChecked();
    options.recipes.push_back(std::make_shared<const Json>(recipeToJson(*m_document.recipe())));
    return options;
}

void ExportDialog::plan()
{
    if (!m_document.isOpen() || isRunning()) return;
    m_export->setEnabled(false);
    const CheckpointPtr layout = m_document.layout();
    m_planSlot->start<ExportPlan>(
        tr("Looking at the destination"),
        [layout, edited = m_document.stagedFully(), to = pathFrom(destination()), options = options()](Progress&) {
            return planExport(*edited, *layout, to, options);
        },
        [this](const Result<ExportPlan>& plan) { showPlan(plan); });
}

void ExportDialog::showPlan(const Result<ExportPlan>& plan)
{
    if (isRunning()) return;
    m_export->setEnabled(plan.has_value());
    if (!plan) {
        m_plan->clear();
        m_banner->sayError(plan.error());
        return;
    }
    m_banner->clear();
    m_plan->setText(tr("%n tensor(s) touched, in %1 of %2 files · %3 to write, %4 free there", nullptr,
                       static_cast<int>(plan->touched.size()))
                        .arg(countText(plan->names(false).size()), countText(plan->files.size()),
                             bytesText(plan->bytesToWrite), bytesText(plan->freeBytes)) +
                    (QDir::isRelativePath(m_path->text()) ? QLatin1Char('\n') + destination() : QString()));
}

bool ExportDialog::isRunning() const { return m_exportJob != 0; }

QString ExportDialog::proof() const { return m_proof->text(); }

void ExportDialog::start()
{
    if (isRunning() || !m_document.isOpen()) return;
    m_destination = destination();
    m_banner->clear();
    m_proof->clear();
    m_export->setEnabled(false);
    m_stop->setEnabled(true);
    m_stop->show();
    m_bar->setValue(0);
    m_bar->show();
    const CheckpointPtr layout = m_document.layout();
    m_exportJob = m_jobs.start<ExportReport>(
        tr("Export to %1").arg(QFileInfo(m_destination).fileName()), this,
        [layout, edited = m_document.stagedFully(), to = pathFrom(m_destination), options = options()](Progress& progress) {
            return exportCheckpoint(*edited, *layout, to, options, progress);
        },
        [this](const Result<ExportReport>& report) {
            m_exportJob = 0;
            showReport(report);
        });
}

void ExportDialog::showProgress()
{
    if (!isRunning()) return;
    for (const JobState& job : m_jobs.running()) {
        if (job.id != m_exportJob) continue;
        if (job.progress->cancelled()) {
            m_stop->setEnabled(false);
            return m_barText->setText(tr("stopping …"));
        }
        const Progress::State state = job.progress->state();
        if (state.total != 0)
            m_bar->setValue(static_cast<int>(1000.0 * static_cast<double>(state.done) / static_cast<double>(state.total)));
        const QString stage = state.stage == ProgressStage::Verifying ? tr("reading back and comparing") : tr("writing");
        m_barText->setText(job.secondsLeft < 0 ? stage
                                               : tr("%1 · %2 · %3 left")
                                                     .arg(stage, rateText(job.rate, true), durationText(job.secondsLeft)));
    }
}

void ExportDialog::showReport(const Result<ExportReport>& report)
{
    m_stop->hide();
    m_bar->hide();
    m_barText->clear();
    if (!report) {
        if (report.error().code == ErrorCode::Cancelled)
            m_banner->say(Banner::Kind::Calm, tr("Stopped. Nothing was left at the destination."));
        else
            m_banner->sayError(report.error());
        m_export->setEnabled(true);
        return;
    }
    const int changed = static_cast<int>(report->tensorsChanged);
    QStringList lines;
    lines << tr("<b>%n tensor(s) of %1 differ, as intended; %2 are bit-equal; %3.</b>", nullptr, changed)
                 .arg(countText(report->tensors), countText(report->tensorsIdentical),
                      report->finite ? tr("all values are finite") : tr("NaN or infinities are among the changed ones"));
    lines << tr("%1 written, synced, opened again, hashed and compared in %2 s.")
                 .arg(bytesText(report->bytesWritten), QString::number(report->seconds, 'f', 2));
    lines << tr("Proof: %1").arg(QString::fromStdString(report->manifest).toHtmlEscaped());
    lines << tr("<code>wb verify</code> says the same at any time.");
    m_proof->setText(lines.join(QStringLiteral("<br>")));
    m_plan->clear();
    m_close->setDefault(true);
    emit exported(m_destination);
}

} // namespace wb
