// Many threads on one PatchedSource and one StatisticsCache: every answer equals the one that a single thread gives.
// A plain program, so that the thread sanitizer sees nothing but our code.
#include "core/analysis/statistics.h"
#include "core/checkpoint/open.h"
#include "core/recipe/check.h"
#include "core/recipe/patchedsource.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

#include <unistd.h>

using namespace wb;

namespace {

// BF16 and F32 tensors of some chunks, in a file that is gone at the end.
std::filesystem::path writeModel()
{
    constexpr int tensors = 6;
    constexpr std::uint64_t elements = 90'000;
    Json header = Json::object();
    std::uint64_t at = 0;
    for (int i = 0; i < tensors; ++i) {
        const bool wide = i % 2 == 1;
        const std::uint64_t bytes = elements * (wide ? 4 : 2);
        header["model.layers." + std::to_string(i) + ".mlp.up_proj.weight"] = {
            {"dtype", wide ? "F32" : "BF16"}, {"shape", {300, 300}}, {"data_offsets", {at, at + bytes}}};
        at += bytes;
    }
    std::string text = header.dump();
    const std::uint64_t length = text.size();
    const auto path = std::filesystem::temp_directory_path() / ("wb-stress-" + std::to_string(::getpid()) + ".safetensors");
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(&length), sizeof length);
    file << text;
    for (std::uint64_t i = 0; i < at / 2; ++i) { // exponents near 1 in both types
        const auto code = static_cast<std::uint16_t>(0x3F00 + i * 40503 % 256);
        file.write(reinterpret_cast<const char*>(&code), sizeof code);
    }
    return path;
}

std::string answers(const PatchedSource& source, std::size_t tensor, StatisticsCache& cache)
{
    Progress progress;
    const auto statistics = computeStatistics(source, tensor, {}, cache, progress);
    const auto effect = effectOf(*source.base(), source, tensor, false, cache, progress);
    std::vector<std::byte> bytes(1000 * unitBytes(source.tensors()[tensor].dtype));
    const auto read = source.read(tensor, {100, 1000}, bytes);
    if (!statistics || !effect || !read)
        return "failed";
    std::uint64_t sum = 0;
    for (const std::byte byte : bytes)
        sum = sum * 31 + std::to_integer<std::uint64_t>(byte);
    return source.fingerprint(tensor) + dumpJson(toJson(*statistics, source.tensors()[tensor])) +
           std::to_string(effect->changed) + " " + std::to_string(sum);
}

} // namespace

int main()
{
    const auto path = writeModel();
    const auto checkpoint = openCheckpoint(path);
    std::filesystem::remove(path); // stays open
    if (!checkpoint)
        return 1;
    const RecipePtr recipe = Recipe()
                                 .with({Scale{1.02}, *Selector::parse("layer=0-3")})
                                 ->with({Clamp{-1, 1.25}, *Selector::parse("layer=1-5")});
    const auto patched = patch(*checkpoint, recipe);
    StatisticsCache cache(1 << 20); // small, so that entries come and go
    std::vector<std::string> expected;
    for (std::size_t tensor = 0; tensor < 6; ++tensor)
        expected.push_back(answers(**patched, tensor, cache));

    std::atomic<int> wrong{0};
    StatisticsCache shared(1 << 20);
    const auto again = patch(*checkpoint, recipe); // with nothing folded yet
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            for (std::size_t round = 0; round < 12; ++round) {
                const std::size_t tensor = (thread + round) % 6;
                if (answers(**again, tensor, shared) != expected[tensor])
                    ++wrong;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    std::printf("%d wrong answers of 48\n", wrong.load());
    return wrong == 0 ? 0 : 1;
}
