#include "core/base/parallel.h"

#include "core/base/progress.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace wb {
namespace {

// A region of the engine lasts some microseconds and the next one follows at once: waking a sleeping thread takes longer
// than that. So both sides look for this long (about 40 µs) before they sleep.
constexpr int looksBeforeSleep = 2000;

void relax()
{
#if defined(__x86_64__) || defined(__i386__)
    _mm_pause();
#else
    std::this_thread::yield();
#endif
}

template <typename Condition>
void lookFor(Condition condition)
{
    for (int i = 0; i < looksBeforeSleep && !condition(); ++i)
        relax();
}

thread_local bool insideBody = false;
std::atomic<unsigned> requestedThreads{0};

struct Batch {
    const std::function<void(std::size_t)>* body = nullptr;
    std::size_t count = 0;
    const Progress* progress = ProgressScope::current();
    std::atomic<std::size_t> next{0};
    std::atomic<unsigned> helpers{0}; // workers inside this batch; changed under the pool's mutex

    void work()
    {
        const ProgressScope scope(progress);
        insideBody = true;
        for (std::size_t i = next++; i < count; i = next++)
            (*body)(i);
        insideBody = false;
    }
};

// Several callers may have a batch at once (jobs of the window); idle workers take the oldest with work left.
class Pool {
public:
    explicit Pool(unsigned workers)
    {
        for (unsigned i = 0; i < workers; ++i)
            m_workers.emplace_back([this] { loop(); });
    }
    ~Pool()
    {
        {
            std::lock_guard lock(m_mutex);
            m_stop = true;
        }
        m_wake.notify_all();
        for (std::thread& worker : m_workers)
            worker.join();
    }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    void run(Batch& batch)
    {
        unsigned sleepers = 0;
        {
            std::lock_guard lock(m_mutex);
            m_batches.push_back(&batch);
            ++m_posted;
            sleepers = m_sleepers;
        }
        if (sleepers != 0)
            m_wake.notify_all();
        batch.work();
        {
            std::lock_guard lock(m_mutex);
            std::erase(m_batches, &batch); // nobody joins from here on
        }
        lookFor([&] { return batch.helpers == 0; });
        std::unique_lock lock(m_mutex); // also waits until the last helper has let go of the batch
        m_idle.wait(lock, [&] { return batch.helpers == 0; });
    }

private:
    Batch* pending()
    {
        const auto found = std::ranges::find_if(m_batches, [](Batch* b) { return b->next < b->count; });
        return found == m_batches.end() ? nullptr : *found;
    }

    void loop()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            if (!m_stop && pending() == nullptr) {
                const std::uint64_t seen = m_posted;
                lock.unlock();
                lookFor([&] { return m_posted != seen; });
                lock.lock();
            }
            ++m_sleepers;
            Batch* batch = nullptr; // asked for once: its last piece may be taken while it is looked at
            m_wake.wait(lock, [&] {
                batch = pending();
                return m_stop || batch != nullptr;
            });
            --m_sleepers;
            if (m_stop)
                return;
            ++batch->helpers;
            lock.unlock();
            batch->work();
            lock.lock();
            if (--batch->helpers == 0)
                m_idle.notify_all();
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_idle;
    std::vector<Batch*> m_batches;
    std::vector<std::thread> m_workers;
    std::atomic<std::uint64_t> m_posted{0}; // batches so far
    unsigned m_sleepers = 0;
    bool m_stop = false;
};

} // namespace

void setThreadCount(unsigned count) { requestedThreads = count; }

unsigned threadCount()
{
    const unsigned requested = requestedThreads;
    return requested != 0 ? requested : std::max(1U, std::thread::hardware_concurrency());
}

void parallelFor(std::size_t count, const std::function<void(std::size_t)>& body)
{
    if (insideBody || count < 2 || threadCount() == 1) {
        for (std::size_t i = 0; i < count; ++i)
            body(i);
        return;
    }
    static Pool pool(threadCount() - 1);
    Batch batch;
    batch.body = &body;
    batch.count = count;
    pool.run(batch);
}

} // namespace wb
