// The one worker pool of core. A caller splits its work into a fixed number of pieces that does not depend on the
// number of threads, and combines the results in index order: same numbers on any machine.
#pragma once

#include "core/base/result.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>

namespace wb {

// Threads used by parallelFor, the calling one included. 0 = all cores. Call it before the first use.
void setThreadCount(unsigned count);
[[nodiscard]] unsigned threadCount();

// Calls body(i) once for each i in [0, count), in no promised order, and returns when all are done.
// A call from inside a body runs inline. Bodies must not throw; they see the caller's ProgressScope.
void parallelFor(std::size_t count, const std::function<void(std::size_t)>& body);

// Runs `work(lane, chunk)` for every chunk in [0, chunks) on as many lanes as there are threads; a lane is what one
// thread keeps between its chunks (buffers, counters), made by `makeLane()` and given to `finish(lane)`, one at a time.
// Which lane gets which chunk is not fixed, so a lane may only add up integers; other results are stored by chunk.
// The first error stops all lanes.
template <typename MakeLane, typename Work, typename Finish>
[[nodiscard]] Result<void> forChunks(std::size_t chunks, MakeLane makeLane, Work work, Finish finish)
{
    std::mutex mutex;
    std::optional<Error> error;
    std::atomic<std::size_t> next{0};
    parallelFor(std::min<std::size_t>(threadCount(), chunks), [&](std::size_t) {
        auto lane = makeLane();
        for (std::size_t chunk = next++; chunk < chunks; chunk = next++) {
            Result<void> done = work(lane, chunk);
            if (done)
                continue;
            const std::lock_guard lock(mutex);
            if (!error)
                error = done.error();
            next = chunks;
            return;
        }
        const std::lock_guard lock(mutex);
        finish(lane);
    });
    if (error)
        return tl::unexpected(*error);
    return {};
}

} // namespace wb
