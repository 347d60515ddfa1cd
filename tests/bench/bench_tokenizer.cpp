// bench_tokenizer PATH TEXTFILE: seconds to load, and MB/s of encoding and decoding in one thread; medians of five.
#include "core/text/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

namespace {

template <typename Work>
double seconds(Work work)
{
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    std::ranges::sort(times);
    return times[2];
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        fmt::print(stderr, "bench_tokenizer PATH TEXTFILE\n");
        return 2;
    }
    std::ifstream in(argv[2], std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto tokenizer = wb::loadTokenizer(std::filesystem::path(argv[1]));
    if (!tokenizer) {
        fmt::print(stderr, "{}\n", wb::sentence(tokenizer.error()));
        return 3;
    }
    const auto encoded = (*tokenizer)->encode(text, false);
    if (!encoded) {
        fmt::print(stderr, "{}\n", wb::sentence(encoded.error()));
        return 3;
    }
    const double megabytes = static_cast<double>(text.size()) / 1e6;
    fmt::print("load {:.3f} s\n", seconds([&] { (void)wb::loadTokenizer(std::filesystem::path(argv[1])); }));
    fmt::print("encode {:.2f} MB/s, {} tokens\n", megabytes / seconds([&] { (void)(*tokenizer)->encode(text, false); }), encoded->ids.size());
    fmt::print("decode {:.2f} MB/s\n", megabytes / seconds([&] { (void)(*tokenizer)->decode(encoded->ids, false); }));
    return 0;
}
