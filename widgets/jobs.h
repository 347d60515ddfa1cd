// The only place of the window with threads. A job is one core function run in a pool of three with a
// Progress of its own; its result is delivered on the GUI thread, and only if the object that asked for it
// still lives. Views do not use Jobs directly but through a JobSlot (jobslot.h). GUI thread only.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <QTimer>

#include <exception>
#include <functional>
#include <memory>
#include <vector>

namespace wb {

// One job that is waiting or running, as the jobs panel shows it.
struct JobState {
    quint64 id = 0;
    QString title;
    std::shared_ptr<Progress> progress;
    double rate = 0;         // of the progress' unit a second, smoothed; 0 = not known yet
    double secondsLeft = -1; // -1 = not known
    Progress::State seen;    // when the rate was last measured
    qint64 seenAt = 0;       // ms on the clock of Jobs, as the next
    qint64 startedAt = 0;
};

// Hands a partial result to the GUI thread; callable from the job's thread.
template <typename Partial>
using Relay = std::function<void(Partial)>;

class Jobs : public QObject {
    Q_OBJECT
public:
    explicit Jobs(QObject* parent = nullptr);
    ~Jobs() override; // cancels everything and waits

    // Runs work(progress) in the pool, then done(result) here if `guard` lives. Exceptions of the allocator
    // become OutOfMemory. The number names the job to cancel().
    template <typename T>
    quint64 start(const QString& title, QObject* guard, std::function<Result<T>(Progress&)> work,
                  std::function<void(Result<T>)> done);

    // What arrives before the job's result, in order, if `guard` lives.
    template <typename Partial>
    Relay<Partial> relay(QObject* guard, std::function<void(Partial)> receive);

    [[nodiscard]] const std::vector<JobState>& running() const { return m_jobs; }
    // Stops a job; its function notices at its next step. `cancelled` tells the owner at once.
    void cancel(quint64 id);
    void cancelAll();

signals:
    void changed();             // list or progress; every 100 ms while there are jobs
    void cancelled(quint64 id); // by cancel()

private:
    using Delivery = std::function<void()>;

    quint64 enlist(const QString& title, std::shared_ptr<Progress> progress);
    void run(quint64 id, std::function<Delivery()> task);
    void post(std::function<void()> call);
    void poll();

    QThreadPool m_pool;
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<JobState> m_jobs;
    quint64 m_lastId = 0;
};

template <typename T>
Result<T> runGuarded(const std::function<Result<T>(Progress&)>& work, Progress& progress)
{
    if (progress.cancelled()) return cancelledError();
    const ProgressScope scope(progress);
    try {
        return work(progress);
    } catch (const std::exception& exception) { // core throws nothing of its own: this is the allocator
        return fail(ErrorCode::OutOfMemory, "", exception.what());
    }
}

template <typename T>
quint64 Jobs::start(const QString& title, QObject* guard, std::function<Result<T>(Progress&)> work,
                    std::function<void(Result<T>)> done)
{
    auto progress = std::make_shared<Progress>();
    const quint64 id = enlist(title, progress);
    // What `done` holds may belong to the GUI thread, so the pool passes it on and never destroys it.
    auto deliver = std::make_shared<std::function<void(Result<T>)>>(std::move(done));
    run(id,
        [progress, work = std::move(work), deliver = std::move(deliver),
         living = QPointer<QObject>(guard)]() mutable -> Delivery {
            auto result = std::make_shared<Result<T>>(runGuarded<T>(work, *progress));
            return [result, deliver = std::move(deliver), living = std::move(living)] {
                if (living) (*deliver)(std::move(*result));
            };
        });
    return id;
}

template <typename Partial>
Relay<Partial> Jobs::relay(QObject* guard, std::function<void(Partial)> receive)
{
    auto deliver = std::make_shared<std::function<void(Partial)>>(std::move(receive));
    return [this, deliver, living = QPointer<QObject>(guard)](Partial partial) {
        auto value = std::make_shared<Partial>(std::move(partial));
        post([deliver, living, value] {
            if (living) (*deliver)(std::move(*value));
        });
    };
}

} // namespace wb
