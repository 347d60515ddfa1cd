#include "widgets/panels/jobspanel.h"

#include "widgets/jobs.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace wb {
namespace {

constexpr qint64 worthShowingMs = 200;
constexpr int barSteps = 1000;

QString rateOf(const JobState& job)
{
    if (job.rate <= 0) return {};
    const QString rate = rateText(job.rate, job.seen.unit == ProgressUnit::Bytes);
    return job.secondsLeft < 0 ? rate
                               : JobsPanel::tr("%1 · %2 left").arg(rate, durationText(job.secondsLeft));
}

} // namespace

JobsPanel::JobsPanel(Jobs& jobs, QWidget* parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_title(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_rate(new QLabel(this))
    , m_stop(flatButton(tr("✕"), this))
{
    m_bar->setFixedWidth(160);
    m_bar->setTextVisible(false);
    m_rate->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("999 MB/s · 00:00 left")));
    m_stop->setToolTip(tr("Stop (Esc)"));
    m_stop->setAccessibleName(tr("Stop"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 8, 0);
    row->setSpacing(8);
    row->addWidget(m_title);
    row->addWidget(m_bar);
    row->addWidget(m_rate);
    row->addWidget(m_stop);
    connect(&jobs, &Jobs::changed, this, &JobsPanel::refresh);
    connect(m_stop, &QToolButton::clicked, this, [this] { m_jobs.cancel(m_shown); });
    refresh();
}

void JobsPanel::refresh()
{
    const JobState* shown = nullptr;
    int others = 0;
    for (const JobState& job : m_jobs.running()) {
        if (job.seenAt - job.startedAt < worthShowingMs || job.progress->cancelled()) continue;
        if (shown)
            ++others;
        else
            shown = &job;
    }
    setVisible(shown != nullptr);
    if (!shown) return;
    m_shown = shown->id;
    m_title->setText(others == 0 ? shown->title : tr("%1, and %n more", nullptr, others).arg(shown->title));
    const Progress::State& state = shown->seen;
    m_bar->setRange(0, state.total == 0 ? 0 : barSteps); // 0 … 0: busy without an end in sight
    if (state.total > 0)
        m_bar->setValue(
            static_cast<int>(static_cast<double>(state.done) / static_cast<double>(state.total) * barSteps));
    m_rate->setText(rateOf(*shown));
}

} // namespace wb

#include "moc_jobspanel.cpp"
