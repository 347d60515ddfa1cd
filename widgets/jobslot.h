// A view's place for one job at a time: what page, panel and Document use to compute in the background.
//   Replace  a new request cancels the former (another tensor was chosen)
//   Follow   the running one is finished and delivered, then only the newest request runs (a slider is
//   dragged)
// Results of a former request are never delivered. A job cancelled from the jobs panel frees the slot at once
// and delivers Cancelled, so that the view can say so.
#pragma once

#include "widgets/jobs.h"

namespace wb {

class JobSlot : public QObject {
    Q_OBJECT
public:
    enum class Mode { Replace, Follow };

    JobSlot(Jobs& jobs, Mode mode, QObject* parent);
    ~JobSlot() override;

    template <typename T>
    void start(const QString& title, std::function<Result<T>(Progress&)> work,
               std::function<void(Result<T>)> done);
    // With results that appear as they come, before done().
    template <typename T, typename Partial>
    void start(const QString& title, std::function<Result<T>(Progress&, const Relay<Partial>&)> work,
               std::function<void(Partial)> partial, std::function<void(Result<T>)> done);

    // Forgets running and waiting requests without delivering anything.
    void cancel();
    [[nodiscard]] bool busy() const { return m_stop != nullptr; }
    [[nodiscard]] quint64 job() const { return m_job; } // as Jobs lists it

private:
    template <typename T>
    void begin(const QString& title, std::function<Result<T>(Progress&)> work,
               std::function<void(Result<T>)> done);
    void request(std::function<void()> begin);
    void onCancelled(quint64 id);
    void deliver(const std::function<void()>& done);

    Jobs& m_jobs;
    Mode m_mode;
    quint64 m_job = 0;
    quint64 m_generation = 0;     // deliveries of another generation are dropped
    std::function<void()> m_stop; // delivers Cancelled; set while a job runs
    std::function<void()> m_next; // newest waiting request (Follow)
};

template <typename T>
void JobSlot::begin(const QString& title, std::function<Result<T>(Progress&)> work,
                    std::function<void(Result<T>)> done)
{
    m_stop = [done] { done(cancelledError()); };
    m_job = m_jobs.start<T>(title, this, std::move(work),
                            [this, generation = ++m_generation, done = std::move(done)](Result<T> result) {
                                if (generation == m_generation) deliver([&] { done(std::move(result)); });
                            });
}

template <typename T>
void JobSlot::start(const QString& title, std::function<Result<T>(Progress&)> work,
                    std::function<void(Result<T>)> done)
{
    request([this, title, work = std::move(work), done = std::move(done)] { begin<T>(title, work, done); });
}

template <typename T, typename Partial>
void JobSlot::start(const QString& title, std::function<Result<T>(Progress&, const Relay<Partial>&)> work,
                    std::function<void(Partial)> partial, std::function<void(Result<T>)> done)
{
    request([this, title, work = std::move(work), partial = std::move(partial), done = std::move(done)] {
        const auto receive = [this, generation = m_generation + 1, partial](Partial part) {
            if (generation == m_generation) partial(std::move(part));
        };
        const Relay<Partial> relay = m_jobs.relay<Partial>(this, receive);
        begin<T>(
            title, [work, relay](Progress& progress) { return work(progress, relay); }, done);
    });
}

} // namespace wb
