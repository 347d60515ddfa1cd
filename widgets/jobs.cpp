#include "widgets/jobs.h"

#include <algorithm>

namespace wb {
namespace {

constexpr int poolThreads = 3;
constexpr int pollMs = 100;
constexpr double newestWeight = 0.2;

void measure(JobState& job, qint64 now)
{
    const Progress::State state = job.progress->state();
    const bool sameStage =
        state.stage == job.seen.stage && state.unit == job.seen.unit && state.done >= job.seen.done;
    const double seconds = static_cast<double>(now - job.seenAt) / 1000.0;
    if (!sameStage) {
        job.rate = 0;
    } else if (seconds > 0) {
        const double rate = static_cast<double>(state.done - job.seen.done) / seconds;
        job.rate = job.rate > 0 ? (1 - newestWeight) * job.rate + newestWeight * rate : rate;
    }
    const bool known = state.total >= state.done && state.total > 0 && job.rate > 0;
    job.secondsLeft = known ? static_cast<double>(state.total - state.done) / job.rate : -1;
    job.seen = state;
    job.seenAt = now;
}

} // namespace

Jobs::Jobs(QObject* parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(poolThreads);
    m_timer.setInterval(pollMs);
    m_clock.start();
    connect(&m_timer, &QTimer::timeout, this, &Jobs::poll);
}

Jobs::~Jobs()
{
    for (const JobState& job : m_jobs)
        job.progress->cancel();
    m_pool.waitForDone(); // jobs that have not begun find themselves cancelled
}

void Jobs::cancel(quint64 id)
{
    const auto job = std::ranges::find(m_jobs, id, &JobState::id);
    if (job == m_jobs.end() || job->progress->cancelled()) return;
    job->progress->cancel();
    emit cancelled(id);
    emit changed();
}

void Jobs::cancelAll()
{
    std::vector<quint64> ids;
    for (const JobState& job : m_jobs)
        ids.push_back(job.id);
    for (const quint64 id : ids)
        cancel(id);
}

quint64 Jobs::enlist(const QString& title, std::shared_ptr<Progress> progress)
{
    JobState job;
    job.id = ++m_lastId;
    job.title = title;
    job.progress = std::move(progress);
    job.startedAt = job.seenAt = m_clock.elapsed();
    m_jobs.push_back(std::move(job));
    if (!m_timer.isActive()) m_timer.start();
    return m_lastId;
}

void Jobs::run(quint64 id, std::function<Delivery()> task)
{
    m_pool.start([this, id, task = std::move(task)] {
        post([this, id, deliver = task()] {
            std::erase_if(m_jobs, [id](const JobState& job) { return job.id == id; });
            deliver();
        });
    });
}

// `this` outlives the pool; a call that comes too late goes with the event.
void Jobs::post(std::function<void()> call)
{
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

void Jobs::poll()
{
    const qint64 now = m_clock.elapsed();
    for (JobState& job : m_jobs)
        measure(job, now);
    if (m_jobs.empty()) m_timer.stop(); // this last signal shows the empty list
    emit changed();
}

} // namespace wb

#include "moc_jobs.cpp"
