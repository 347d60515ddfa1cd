// The one worker pool of core. A caller splits its work into a fixed number of pieces that does not depend on the
// number of threads, and combines the results in index order: same numbers on any machine.
#pragma once

#include <cstddef>
#include <functional>

namespace wb {

// Threads used by parallelFor, the calling one included. 0 = all cores. Call it before the first use.
void setThreadCount(unsigned count);
[[nodiscard]] unsigned threadCount();

// Calls body(i) once for each i in [0, count), in no promised order, and returns when all are done.
// A call from inside a body runs inline. Bodies must not throw.
void parallelFor(std::size_t count, const std::function<void(std::size_t)>& body);

} // namespace wb
