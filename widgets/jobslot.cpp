#include "widgets/jobslot.h"

#include <utility>

namespace wb {

JobSlot::JobSlot(Jobs& jobs, Mode mode, QObject* parent)
    : QObject(parent)
    , m_jobs(jobs)
    , m_mode(mode)
{
    connect(&jobs, &Jobs::cancelled, this, &JobSlot::onCancelled);
}

JobSlot::~JobSlot()
{
    cancel();
}

void JobSlot::cancel()
{
    m_next = nullptr;
    if (!busy()) return;
    ++m_generation;
    m_stop = nullptr; // before Jobs tells that it was cancelled: this was not the user
    m_jobs.cancel(m_job);
}

void JobSlot::request(std::function<void()> begin)
{
    if (m_mode == Mode::Follow && busy()) {
        m_next = std::move(begin);
        return;
    }
    cancel();
    begin();
}

void JobSlot::onCancelled(quint64 id)
{
    if (!busy() || id != m_job) return;
    ++m_generation; // the job itself ends later and is not delivered
    m_next = nullptr;
    const auto stop = std::exchange(m_stop, nullptr);
    stop();
}

// `done` may start another request, which is newer than the waiting one, or delete the slot.
void JobSlot::deliver(const std::function<void()>& done)
{
    m_stop = nullptr;
    const auto next = std::exchange(m_next, nullptr);
    const QPointer<JobSlot> self(this);
    done();
    if (self && next && !busy()) next();
}

} // namespace wb

#include "moc_jobslot.cpp"
