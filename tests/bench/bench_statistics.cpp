// Statistics of a BF16 and an F32 tensor against reading the same bytes and against memory, in one run:
//   bench_statistics FILE.safetensors [rounds]     (the largest tensor of the file)
#include "core/analysis/statistics.h"
#include "core/base/parallel.h"
#include "core/checkpoint/open.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace {

using Clock = std::chrono::steady_clock;

template <typename Work>
double fastest(int rounds, Work work)
{
    double best = 1e9;
    for (int i = 0; i < rounds; ++i) {
        const auto begun = Clock::now();
        work();
        best = std::min(best, std::chrono::duration<double>(Clock::now() - begun).count());
    }
    return best;
}

} // namespace

int main(int argc, char** argv)
{
    const auto checkpoint = argc > 1 ? wb::openCheckpoint(argv[1]) : wb::Result<wb::CheckpointPtr>();
    if (argc < 2 || !checkpoint) {
        fmt::print(stderr, "usage: bench_statistics FILE.safetensors [rounds]\n");
        return 2;
    }
    const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
    const auto tensors = (*checkpoint)->tensors();
    const auto largest = std::ranges::max_element(tensors, {}, &wb::TensorInfo::bytes);
    const auto tensor = static_cast<std::size_t>(largest - tensors.begin());
    const double gigabytes = static_cast<double>(largest->bytes) / 1e9;
    const std::uint32_t unit = wb::unitBytes(largest->dtype);
    constexpr std::uint64_t piece = 1U << 20;
    const std::size_t pieces = (largest->bytes + piece - 1) / piece;
    const double read = fastest(rounds, [&] {
        const auto done = wb::forChunks(
            pieces, [] { return std::vector<std::byte>(piece); },
            [&](std::vector<std::byte>& buffer, std::size_t i) {
                const std::uint64_t bytes = std::min(piece, largest->bytes - i * piece);
                return (*checkpoint)->read(tensor, {i * piece / unit, bytes / unit}, std::span(buffer).first(bytes));
            },
            [](std::vector<std::byte>&) {});
        if (!done)
            std::abort();
    });
    const double statistics = fastest(rounds, [&] {
        wb::StatisticsCache cache;
        wb::Progress progress;
        if (!wb::computeStatistics(**checkpoint, tensor, {}, cache, progress))
            std::abort();
    });
    fmt::print("{} {} of {:.2f} GB, {} threads: reading {:.1f} GB/s, statistics {:.1f} GB/s, {:.2f} of reading\n",
               largest->name, largest->storedType, gigabytes, wb::threadCount(), gigabytes / read, gigabytes / statistics,
               read / statistics);
    return 0;
}
