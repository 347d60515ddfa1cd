// How long the element map waits for its elements, at several zooms of the largest tensor of a file:
//   bench_elements FILE [rounds]
#include "core/analysis/elementpyramid.h"
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
    const auto elements = elementsOf(*checkpoint, tensor);
    if (!elements)
        return 1;
    std::shared_ptr<const ElementPyramid> pyramid;
    const auto milliseconds = [](auto call) {
        const auto begun = std::chrono::steady_clock::now();
        call();
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
    };
    const double built = milliseconds([&] {
        Progress progress;
        if (auto made = ElementPyramid::build(*elements, height, width, progress))
            pyramid = std::move(*made);
    });
    if (!pyramid)
        return 1;
    fmt::print("  all elements summed up in {:.0f} ms, {:.1f} MB\n", built, static_cast<double>(pyramid->bytes()) / 1e6);
    const auto measure = [&](const char* what, auto show) {
        for (std::uint64_t zoom = 1; zoom <= 256; zoom *= 4) {
            const std::uint64_t rows = std::max<std::uint64_t>(1, matrix.rows / zoom), cols = std::max<std::uint64_t>(1, matrix.cols / zoom);
            const MatrixWindow window{(matrix.rows - rows) / 2, rows, (matrix.cols - cols) / 2, cols};
            std::vector<double> times;
            for (int round = 0; round < rounds; ++round)
                times.push_back(milliseconds([&] { show(window); }));
            std::ranges::sort(times);
            fmt::print("  {:16}  zoom {:3}: median {:6.1f} ms, worst {:6.1f} ms\n", what, zoom, times[times.size() / 2], times.back());
        }
    };
    const auto read = [&](Standing standing) {
        return [&elements, standing](const MatrixWindow& window) {
            Progress progress;
            (void)readElements(*elements, window, height, width, standing, progress);
        };
    };
    measure("a sample", read(Standing::First));
    measure("from the sum", [&](const MatrixWindow& window) { (void)pyramid->view(window, height, width, Standing::Largest); });
    measure("all, read again", read(Standing::Largest));
    return 0;
}
