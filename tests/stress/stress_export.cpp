// More shards than descriptors, read by many threads while two exports of them run: everything arrives whole. A plain
// program, so that the thread sanitizer sees nothing but our code.
#include "core/base/parallel.h"
#include "core/checkpoint/export.h"
#include "core/checkpoint/open.h"
#include "core/recipe/patchedsource.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

using namespace wb;
namespace fs = std::filesystem;

namespace {

constexpr int shards = 120;
constexpr std::uint64_t elements = 200'000; // of the one tensor that is larger than a piece; the others have one

std::string nameOf(int shard) { return "t" + std::to_string(shard); }

fs::path writeModel()
{
    const fs::path folder = fs::temp_directory_path() / ("wb-stress-export-" + std::to_string(::getpid()));
    fs::create_directories(folder / "base");
    Json map = Json::object();
    for (int i = 0; i < shards; ++i) {
        const std::uint64_t count = i == 0 ? elements : 1;
        const std::string text = Json({{nameOf(i), {{"dtype", "F32"}, {"shape", {count}}, {"data_offsets", {0U, count * 4}}}}}).dump();
        const std::uint64_t length = text.size();
        const std::string file = "model-" + std::to_string(i) + ".safetensors";
        std::ofstream out(folder / "base" / file, std::ios::binary);
        out.write(reinterpret_cast<const char*>(&length), sizeof length);
        out << text;
        const auto value = static_cast<float>(i + 1);
        for (std::uint64_t k = 0; k < count; ++k)
            out.write(reinterpret_cast<const char*>(&value), sizeof value);
        map[nameOf(i)] = file;
    }
    std::ofstream(folder / "base/model.safetensors.index.json") << Json({{"weight_map", map}}).dump();
    return folder;
}

bool holds(const TensorSource& source, int shard, float factor)
{
    float value = 0;
    const auto tensor = source.find(nameOf(shard));
    return tensor && source.read(*tensor, {0, 1}, std::as_writable_bytes(std::span(&value, 1))) &&
           value == static_cast<float>(shard + 1) * factor;
}

bool exports(const CheckpointPtr& base, const fs::path& to)
{
    const auto select = Selector::parse("name=*");
    const auto patched = patch(base, Recipe().with({Scale{0.5}, *select}));
    Progress progress;
    const auto report = exportCheckpoint(**patched, *base, to, {}, progress);
    if (!report) {
        std::printf("%s\n", sentence(report.error()).c_str());
        return false;
    }
    const auto out = openCheckpoint(to);
    for (int i = 0; out && i < shards; ++i)
        if (!holds(**out, i, 0.5F))
            return false;
    return out.has_value();
}

} // namespace

int main()
{
    const struct rlimit files{128, 128};
    ::setrlimit(RLIMIT_NOFILE, &files);
    setThreadCount(4);
    const fs::path folder = writeModel();
    const auto base = openCheckpoint(folder / "base");
    std::atomic<int> failures{base ? 0 : 1};
    std::vector<std::thread> threads;
    for (int worker = 0; base && worker < 4; ++worker)
        threads.emplace_back([&, worker] {
            for (int i = 0; i < 2000; ++i)
                failures += holds(**base, (i * (2 * worker + 7)) % shards, 1) ? 0 : 1;
        });
    for (const char* to : {"one", "two"})
        if (base)
            threads.emplace_back([&, to] { failures += exports(*base, folder / to) ? 0 : 1; });
    for (std::thread& thread : threads)
        thread.join();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    std::printf("%d failures\n", failures.load());
    return failures == 0 ? 0 : 1;
}
