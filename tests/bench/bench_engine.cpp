// The engine against the memory it streams, in one run:
//   bench_engine CHECKPOINT [rounds]
// Reading memory, a matrix–vector product, prompt and decoding speed in both precisions, and what a staged edit costs
// before the patched model runs. Medians.
#include "core/base/parallel.h"
#include "core/checkpoint/open.h"
#include "core/model/generate.h"
#include "core/recipe/patchedsource.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>

namespace {

using namespace wb;
using Clock = std::chrono::steady_clock;

template <typename Work>
double median(int rounds, Work work)
{
    std::vector<double> seconds;
    for (int i = 0; i < rounds; ++i) {
        const auto begun = Clock::now();
        work();
        seconds.push_back(std::chrono::duration<double>(Clock::now() - begun).count());
    }
    std::ranges::nth_element(seconds, seconds.begin() + rounds / 2);
    return seconds[static_cast<std::size_t>(rounds / 2)];
}

// Sums 256 MB on all threads: GB/s.
double memorySpeed(int rounds)
{
    const std::vector<std::uint64_t> memory(32U << 20, 1);
    std::atomic<std::uint64_t> total{0};
    const double seconds = median(rounds, [&] {
        parallelFor(64, [&](std::size_t part) {
            const auto* at = memory.data() + part * memory.size() / 64;
            std::uint64_t sums[8] = {};
            for (std::size_t i = 0; i < memory.size() / 64; i += 8)
                for (std::size_t k = 0; k < 8; ++k)
                    sums[k] += at[i + k];
            total += std::accumulate(std::begin(sums), std::end(sums), std::uint64_t{0});
        });
    });
    return static_cast<double>(memory.size() * 8) / 1e9 / seconds;
}

ModelPtr load(const TensorSource& source, ModelPtr share = nullptr)
{
    Progress progress;
    auto model = Model::load(source, {"", 0, std::move(share), {}}, progress);
    if (!model) {
        fmt::print(stderr, "{}\n", sentence(model.error()));
        std::exit(1);
    }
    return *model;
}

std::vector<std::uint32_t> someTokens(const Model& model, std::size_t count)
{
    std::vector<std::uint32_t> tokens(count);
    for (std::size_t i = 0; i < count; ++i)
        tokens[i] = static_cast<std::uint32_t>(i * 7919 % model.config().vocabulary);
    return tokens;
}

void speeds(const ModelPtr& model, int rounds, double memory)
{
    const double gigabytes = static_cast<double>(model->bytes()) / 1e9;
    for (const Precision precision : {Precision::F32, Precision::Stored}) {
        const std::vector<std::uint32_t> prompt = someTokens(*model, 512);
        Workspace space;
        const double prefill = median(rounds, [&] {
            KvCache cache(model->config());
            Sequence sequence{&cache, prompt};
            static_cast<void>(forward(*model, {&sequence, 1}, {precision, {}}, space));
        });
        GenerateOptions options;
        options.sampling.temperature = 0;
        options.maxTokens = 65;
        options.precision = precision;
        Generator generator(model, nullptr);
        Progress progress;
        std::vector<double> rates;
        for (int i = 0; i < rounds; ++i) {
            const auto report = generator.run({someTokens(*model, 16)}, options, progress);
            rates.push_back(64 / report->decodeSeconds);
        }
        std::ranges::sort(rates);
        const double decode = rates[rates.size() / 2];
        fmt::print("{}: prompt of 512 {:.0f} tokens/s (without logits), decoding {:.0f} tokens/s = {:.2f} of memory speed\n", precisionName(precision),
                   512 / prefill, decode, decode * gigabytes / memory);
    }
}

void swaps(const SourcePtr& source, const ModelPtr& base, int rounds)
{
    for (const char* name : {"k_proj", "down_proj", "embed_tokens"}) {
        auto selector = Selector::parse(fmt::format("role={}{}", name, std::string_view(name) == "embed_tokens" ? "" : " layer=1"));
        if (!selector)
            continue;
        int step = 0;
        const double seconds = median(rounds, [&] { // another factor each time: nothing is remembered
            Edit edit;
            edit.operation = Scale{1.0 + 0.01 * ++step};
            edit.select = *selector;
            auto patched = patch(source, Recipe().with(edit));
            if (patched)
                static_cast<void>(load(**patched, base));
        });
        fmt::print("scale of {}: patched model after {:.1f} ms\n", name, 1000 * seconds);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const auto checkpoint = argc > 1 ? openCheckpoint(argv[1]) : Result<CheckpointPtr>();
    if (argc < 2 || !checkpoint) {
        fmt::print(stderr, "usage: bench_engine CHECKPOINT [rounds]\n");
        return 2;
    }
    const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
    const double memory = memorySpeed(rounds);
    ModelPtr model;
    const double loading = median(rounds, [&] { model = load(**checkpoint); });
    fmt::print("{} threads, memory {:.1f} GB/s, weights {:.3f} GB loaded in {:.3f} s\n", threadCount(), memory, static_cast<double>(model->bytes()) / 1e9, loading);
    speeds(model, rounds, memory);
    swaps(*checkpoint, model, rounds);
    return 0;
}
