// How long the element map waits for its elements, at several zooms of the largest tensor of a file:
//   bench_elements FILE [rounds]
#include "core/analysis/elements.h"
#include "core/checkpoint/open.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

using namespace wb;

int main(int argc, char** argv)
{
    const auto checkpoint = argc > 1 ? openCheckpoint(argv[1]) : Result<CheckpointPtr>();
    if (argc < 2 || !checkpoint) {
        fmt::print(stderr, "usage: bench_elements FILE [rounds]\n");
        return 2;
    }
    const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 20;
    const auto tensors = (*checkpoint)->tensors();
    const auto largest = std::ranges::max_element(tensors, {}, &TensorInfo::elements);
    const auto tensor = static_cast<std::size_t>(largest - tensors.begin());
    const Matrix matrix = matrixOf(*largest);
    fmt::print("{} {} × {} {}\n", largest->name, matrix.rows, matrix.cols, largest->storedType);
    constexpr std::size_t height = 300, width = 900;
    for (const auto& [what, standing] : {std::pair("one of each step", Standing::First), std::pair("all, for NaN", Standing::NonFinite)})
        for (std::uint64_t zoom = 1; zoom <= 256; zoom *= 4) {
            std::vector<double> times;
            for (int round = 0; round < rounds; ++round) {
                const std::uint64_t rows = std::max<std::uint64_t>(1, matrix.rows / zoom), cols = std::max<std::uint64_t>(1, matrix.cols / zoom);
                const MatrixWindow window{(matrix.rows - rows) / 2, rows, (matrix.cols - cols) / 2, cols};
                Progress progress;
                const auto begun = std::chrono::steady_clock::now();
                if (!readElements(**checkpoint, tensor, window, height, width, progress, standing))
                    return 1;
                times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
            }
            std::ranges::sort(times);
            fmt::print("  {:16}  zoom {:3}: median {:6.1f} ms, worst {:6.1f} ms\n", what, zoom, times[times.size() / 2], times.back());
        }
    return 0;
}
