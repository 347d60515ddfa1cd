#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace wb {
namespace {

thread_local bool insideBody = false;
std::atomic<unsigned> requestedThreads{0};

struct Batch {
    const std::function<void(std::size_t)>* body = nullptr;
    std::size_t count = 0;
    std::atomic<std::size_t> next{0};
    unsigned helpers = 0; // workers inside this batch; guarded by the pool's mutex

    void work()
    {
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
        {
            std::lock_guard lock(m_mutex);
            m_batches.push_back(&batch);
        }
        m_wake.notify_all();
        batch.work();
        std::unique_lock lock(m_mutex);
        std::erase(m_batches, &batch);
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
            m_wake.wait(lock, [this] { return m_stop || pending() != nullptr; });
            if (m_stop)
                return;
            Batch* batch = pending();
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
