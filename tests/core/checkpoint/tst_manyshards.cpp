// A checkpoint of more shards than a process may have files open. ids: the project's list of bad inputs.
#include "core/base/parallel.h"
#include "core/checkpoint/open.h"
#include "tests/support/memorysource.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

#include <fmt/format.h>

#include <sys/resource.h>

using namespace wb;
using namespace wb::test;

namespace {

constexpr std::size_t allowed = 256; // files of this process

std::string shardName(std::size_t shard, std::size_t shards)
{
    return fmt::format("model-{:05}-of-{:05}.safetensors", shard + 1, shards);
}

// Shard i holds the number i.
void writeShards(const TempFolder& folder, std::size_t shards)
{
    std::string index = R"({"weight_map":{)";
    for (std::size_t i = 0; i < shards; ++i) {
        writeFile(folder / shardName(i, shards),
                  safetensorsBytes({{fmt::format("t{}", i), "F32", {1}, f32Bytes({static_cast<float>(i)})}}));
        index += fmt::format(R"({}"t{}":"{}")", i == 0 ? "" : ",", i, shardName(i, shards));
    }
    writeFile(folder / "model.safetensors.index.json", index + "}}");
}

bool holds(const Checkpoint& checkpoint, std::size_t shard)
{
    float value = -1;
    const auto tensor = checkpoint.find(fmt::format("t{}", shard));
    return tensor && checkpoint.read(*tensor, {0, 1}, std::as_writable_bytes(std::span(&value, 1))) &&
           value == static_cast<float>(shard);
}

std::size_t openDescriptors()
{
    const std::filesystem::directory_iterator folder("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
}

} // namespace

class TestManyShards : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() // before the first file is opened
    {
        const struct rlimit files{allowed, allowed};
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &files), 0);
    }

    void opensMoreShardsThanDescriptors()
    {
        TempFolder folder; // IX-05
        constexpr std::size_t shards = 65'000;
        writeShards(folder, shards);
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        QCOMPARE((*checkpoint)->tensors().size(), shards);
        QVERIFY((*checkpoint)->warnings().empty());
        QVERIFY(openDescriptors() < allowed);
        for (std::size_t i = 0; i < shards; i += 997) {
            QVERIFY(holds(**checkpoint, i));
            QVERIFY(holds(**checkpoint, shards - 1));
        }
        QVERIFY((*checkpoint)->checkUnchanged());
    }

    void readsFromManyThreads()
    {
        TempFolder folder;
        writeShards(folder, 2 * allowed);
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        std::atomic<std::size_t> right{0};
        parallelFor(8, [&](std::size_t task) {
            for (std::size_t i = 0; i < 2000; ++i)
                right += holds(**checkpoint, (i * (task + 1) * 31) % (2 * allowed)) ? 1 : 0;
        });
        QCOMPARE(right.load(), 8U * 2000U);
        QVERIFY(openDescriptors() < allowed);
    }

    void saysThatAFileWasReplacedWhileItWasClosed()
    {
        TempFolder folder;
        writeShards(folder, allowed);
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        const std::string other = safetensorsBytes({{"t0", "F32", {1}, f32Bytes({7})}}) + "x";
        writeFile(folder / "other", other);
        std::filesystem::rename(folder / "other", folder / shardName(0, allowed)); // not read for longest: closed
        float value = 0;
        const auto done = (*checkpoint)->read(*(*checkpoint)->find("t0"), {0, 1}, std::as_writable_bytes(std::span(&value, 1)));
        QVERIFY(!done);
        QVERIFY(done.error().code == ErrorCode::SourceReplaced);
        QCOMPARE(done.error().args[1], std::to_string(other.size()));
        QVERIFY(holds(**checkpoint, 1));
        QVERIFY((*checkpoint)->checkUnchanged().error().code == ErrorCode::SourceChanged);
    }

    void keepsTheOldDataOfAFileThatIsStillOpen()
    {
        TempFolder folder; // MM-01, by rename and by deletion
        writeShards(folder, 2);
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        writeFile(folder / "other", safetensorsBytes({{"t0", "F32", {1}, f32Bytes({7})}}));
        std::filesystem::rename(folder / "other", folder / shardName(0, 2));
        std::filesystem::remove(folder / shardName(1, 2));
        QVERIFY(holds(**checkpoint, 0));
        QVERIFY(holds(**checkpoint, 1));
        QVERIFY((*checkpoint)->checkUnchanged().error().code == ErrorCode::SourceChanged);
    }
};

QTEST_GUILESS_MAIN(TestManyShards)
#include "tst_manyshards.moc"
