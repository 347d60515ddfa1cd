// Hashes that are kept by a file's identity: used as long as the file is the same, never longer.
#include "core/checkpoint/knownhashes.h"
#include "core/checkpoint/manifest.h"
#include "tests/support/support.h"

#include <QtTest>

#include <chrono>

using namespace wb;
using namespace wb::test;
namespace fs = std::filesystem;

class TestKnownHashes : public QObject {
    Q_OBJECT

private:
    static void age(const fs::path& path, int seconds) { fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::seconds(seconds)); }

    static std::string hashOf(const KnownHashes& known, const fs::path& path)
    {
        Progress progress;
        const auto file = File::open(path);
        const auto hash = file ? known.xxh3(*file, progress) : failure(file);
        return hash.value_or("none");
    }

    static std::string trueHash(const fs::path& path)
    {
        Progress progress;
        return *xxh3OfFile(path, progress);
    }

    // The only record, with another hash in it: whoever gives that one has not read the file.
    static std::string falsify(const fs::path& folder)
    {
        const fs::path record = fs::directory_iterator(folder)->path();
        std::string text = readFile(record);
        const std::string other = "xxh3:" + std::string(32, 'f');
        text.replace(text.find("xxh3:"), other.size(), other);
        writeFile(record, text);
        return other;
    }

private slots:
    void aFileThatIsTheSameIsNotReadAgain()
    {
        const TempFolder folder;
        writeFile(folder / "shard", std::string(3'000'000, 'w'));
        age(folder / "shard", 60);
        const KnownHashes known(folder / "hashes");
        QCOMPARE(hashOf(known, folder / "shard"), trueHash(folder / "shard"));
        const std::string kept = falsify(folder / "hashes");
        QCOMPARE(hashOf(known, folder / "shard"), kept);
        age(folder / "shard", 30); // written since
        QCOMPARE(hashOf(known, folder / "shard"), trueHash(folder / "shard"));
        QCOMPARE(hashOf(known, folder / "shard"), trueHash(folder / "shard"));
        falsify(folder / "hashes");
        writeFile(folder / "shard", std::string(3'000'001, 'w'));
        age(folder / "shard", 30);
        QCOMPARE(hashOf(known, folder / "shard"), trueHash(folder / "shard"));
    }

    void aFileWrittenAMomentAgoIsNotKept()
    {
        const TempFolder folder;
        writeFile(folder / "shard", "one");
        const KnownHashes known(folder / "hashes");
        QCOMPARE(hashOf(known, folder / "shard"), trueHash(folder / "shard"));
        QVERIFY(!fs::exists(folder / "hashes"));
    }

    void aDamagedRecordIsAsIfItWereNotThere()
    {
        const TempFolder folder;
        writeFile(folder / "shard", "weights");
        age(folder / "shard", 60);
        const KnownHashes known(folder / "hashes");
        const std::string hash = hashOf(known, folder / "shard");
        const fs::path record = fs::directory_iterator(folder / "hashes")->path();
        const std::string text = readFile(record);
        for (const std::string& damaged : {std::string(), text.substr(0, text.size() / 2), text + "x", "weightbench-hash-2" + text.substr(18),
                                           std::string(100'000, 'x')}) {
            writeFile(record, damaged);
            QCOMPARE(hashOf(known, folder / "shard"), hash);
        }
    }

    void aFolderThatCannotBeWrittenIsDoneWithout()
    {
        const TempFolder folder;
        writeFile(folder / "shard", "weights");
        writeFile(folder / "hashes", "a file is in the way");
        age(folder / "shard", 60);
        QCOMPARE(hashOf(KnownHashes(folder / "hashes"), folder / "shard"), trueHash(folder / "shard"));
    }
};

QTEST_GUILESS_MAIN(TestKnownHashes)
#include "tst_knownhashes.moc"
