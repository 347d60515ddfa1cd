// No fault hurts an export: whatever fails, at whichever call, the destination is the old one or the new one and the
// source keeps its bytes. Reads fail through a pread of our own, which takes the place of the library's.
#include "core/base/parallel.h"
#include "core/checkpoint/manifest.h"
#include "core/recipe/verify.h"
#include "tests/support/exportmodel.h"
#include "tests/support/safetensorsbuilder.h"

#include <QtTest>

#include <atomic>
#include <csignal>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace wb;
using namespace wb::test;
namespace fs = std::filesystem;

namespace {

enum class ReadFault { None, Error, End };
std::atomic<ReadFault> readFault{ReadFault::None};
std::atomic<int> readsLeft{0}; // until one fails

std::int64_t readOrFail(int fd, void* buffer, std::size_t size, std::int64_t offset)
{
    const ReadFault fault = readFault;
    if (fault != ReadFault::None && --readsLeft == 0) {
        errno = EIO;
        return fault == ReadFault::End ? 0 : -1;
    }
    return ::syscall(SYS_pread64, fd, buffer, size, offset);
}

} // namespace

extern "C" ssize_t pread(int fd, void* buffer, std::size_t size, off_t offset) { return readOrFail(fd, buffer, size, offset); }
extern "C" ssize_t pread64(int fd, void* buffer, std::size_t size, off64_t offset) { return readOrFail(fd, buffer, size, offset); }

namespace {

constexpr int mostCalls = 500;

// The destination in its two states, and the source, as they must be found after a fault.
struct States {
    ExportModel model;
    fs::path out = model.folder / "out";
    std::string source = tree(model.base), before, after;

    explicit States(bool replace)
    {
        if (!exported(model.checkpoint, scale("name=a.weight", 0.5), out))
            qFatal("the export without a fault failed");
        after = weights();
        fs::remove_all(out);
        if (replace && exported(model.checkpoint, scale("name=a.weight", 0.25), out))
            before = weights();
    }
    // The manifest holds the time of the export, so it is left out.
    [[nodiscard]] std::string weights() const
    {
        if (!fs::exists(out))
            return "";
        fs::copy(out, model.folder / "copy", fs::copy_options::recursive);
        fs::remove(model.folder / "copy/weightbench-manifest.json");
        const std::string text = tree(model.folder / "copy");
        fs::remove_all(model.folder / "copy");
        return text;
    }
    [[nodiscard]] Result<ExportReport> run(const FileCalls& calls, bool replace)
    {
        return exported(model.checkpoint, scale("name=a.weight", 0.5), out, {.replace = replace, .calls = &calls});
    }
    // Old or new and whole, nothing beside it but what a dead export left, the source as it was.
    [[nodiscard]] bool whole(bool killed) const
    {
        const std::string now = weights();
        Progress progress;
        if (now != before && now != after)
            return false;
        if (!now.empty() && !(verifyExport(out, progress) && verifyExport(out, progress)->ok()))
            return false;
        const auto beside = std::distance(fs::directory_iterator(model.folder.path()), {});
        return (killed || beside == (now.empty() ? 1 : 2)) && tree(model.base) == source;
    }
    void restore(const FileCalls& calls, bool replace)
    {
        fs::remove_all(out);
        if (replace && !exported(model.checkpoint, scale("name=a.weight", 0.25), out, {.calls = &calls}))
            qFatal("the destination could not be made again");
    }
};

// The same for a single file, which has its manifest beside it.
struct FileStates {
    ExportModel model;
    CheckpointPtr file = *openCheckpoint(model.base / ExportModel::second);
    fs::path out = model.folder / "out.safetensors", manifest = model.folder / "out.safetensors.manifest.json";
    std::string before, after, manifestBefore;

    // `old`: what is there before: nothing, a file of an export, or one without a manifest.
    explicit FileStates(const std::string& old)
    {
        if (!run(FileCalls::system()))
            qFatal("the export without a fault failed");
        after = readFile(out);
        reset(old);
        before = bytesOf(out);
        manifestBefore = bytesOf(manifest);
    }
    void reset(const std::string& old) const
    {
        fs::remove(out);
        fs::remove(manifest);
        if (old == "an export" && !exported(file, scale("name=b.weight", 0.25), out))
            qFatal("the destination could not be made");
        if (old == "a file")
            writeFile(out, "somebody's");
    }
    [[nodiscard]] static std::string bytesOf(const fs::path& path) { return fs::exists(path) ? readFile(path) : ""; }
    [[nodiscard]] Result<ExportReport> run(const FileCalls& calls) const
    {
        return exported(file, scale("name=b.weight", 0.5), out, {.replace = true, .calls = &calls});
    }
    // The old file or the new one, and the manifest beside it is its own.
    [[nodiscard]] bool whole() const
    {
        const std::string now = bytesOf(out);
        Progress progress;
        if (now != before && now != after)
            return false;
        if (now.empty() || !fs::exists(manifest))
            return now == before;
        const auto report = verifyFiles(out, progress);
        return report && report->differences.empty() && (now == before || !report->manifest.changed.empty());
    }
};

void kindsAndModes(const std::vector<const char*>& kinds, const std::vector<int>& numbers)
{
    QTest::addColumn<std::string>("kind");
    QTest::addColumn<int>("number");
    QTest::addColumn<bool>("replace");
    for (const char* kind : kinds)
        for (const int number : numbers)
            for (const bool replace : {false, true})
                QTest::addRow("%s %d %s", kind, number, replace ? "over an export" : "fresh") << std::string(kind) << number << replace;
}

// Runs `act` in a process of its own, which may kill itself.
bool wasKilled(const std::function<void()>& act)
{
    const pid_t child = ::fork();
    if (child == 0) {
        setThreadCount(1); // the pool's threads did not come along
        act();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

} // namespace

class TestExportFaults : public QObject {
    Q_OBJECT
private slots:
    void aFailedCall_data() { kindsAndModes({"create", "allocate", "write", "sync", "rename"}, {EIO, ENOSPC}); }
    void aFailedCall()
    {
        QFETCH(std::string, kind);
        QFETCH(int, number);
        QFETCH(bool, replace);
        States states(replace);
        int failures = 0;
        for (int n = 1; n < mostCalls; ++n, ++failures) {
            Nth nth{n};
            const auto report = states.run(actingOn(kind, nth, [number] { return number; }), replace);
            if (report)
                break; // fewer than n calls are made
            QCOMPARE(exitCode(report.error().code), 6);
            QVERIFY(states.whole(false));
            // Past the rename only the folder's own sync can fail.
            QVERIFY(kind == "sync" || states.weights() == states.before);
            states.restore(FileCalls::system(), replace);
        }
        QVERIFY(failures > 0 && failures < mostCalls - 1);
    }

    void aFailedRead_data() { kindsAndModes({"error", "end"}, {0}); }
    void aFailedRead()
    {
        QFETCH(std::string, kind);
        QFETCH(bool, replace);
        States states(replace);
        int failures = 0;
        for (int n = 1; n < mostCalls; ++n, ++failures) {
            readsLeft = n;
            readFault = kind == "end" ? ReadFault::End : ReadFault::Error;
            const auto report = states.run(FileCalls::system(), replace);
            readFault = ReadFault::None;
            QVERIFY(states.whole(false));
            // Whether a file is a GGUF may stay unknown: then it has to be read as safetensors.
            QCOMPARE(states.weights(), report ? states.after : states.before);
            if (report)
                states.restore(FileCalls::system(), replace);
            if (readsLeft > 0)
                break; // fewer than n reads are made
        }
        QVERIFY(failures > 10 && failures < mostCalls - 1); // headers, pieces, sidecars, the proof
    }

    void killedAtEveryCall_data() { kindsAndModes({"create", "allocate", "write", "sync", "rename"}, {0}); }
    void killedAtEveryCall()
    {
        QFETCH(std::string, kind);
        QFETCH(bool, replace);
        States states(replace);
        int kills = 0;
        for (int n = 1; n < mostCalls; ++n, ++kills) {
            const bool killed = wasKilled([&] {
                Nth nth{n};
                (void)states.run(actingOn(kind, nth, [] { return ::raise(SIGKILL); }), replace);
            });
            if (!killed)
                break;
            QVERIFY(states.whole(true));
            states.restore(FileCalls::system(), replace);
        }
        QVERIFY(kills > 0 && kills < mostCalls - 1);
        states.restore(FileCalls::system(), replace);
        QVERIFY(states.run(FileCalls::system(), replace)); // with nothing in its way
        QVERIFY(states.whole(false));
        QCOMPARE(states.weights(), states.after);
    }

    void aSingleFile_data()
    {
        QTest::addColumn<std::string>("kind");
        QTest::addColumn<std::string>("old");
        QTest::addColumn<bool>("kill");
        for (const char* kind : {"create", "write", "sync", "rename"})
            for (const char* old : {"nothing", "a file", "an export"})
                for (const bool kill : {false, true})
                    QTest::addRow("%s, %s, %s", kind, old, kill ? "killed" : "failed") << std::string(kind) << std::string(old) << kill;
    }
    void aSingleFile()
    {
        QFETCH(std::string, kind);
        QFETCH(std::string, old);
        QFETCH(bool, kill);
        const FileStates states(old);
        int faults = 0;
        for (int n = 1; n < mostCalls; ++n, ++faults) {
            Nth nth{n};
            bool ended = false;
            if (kill)
                ended = !wasKilled([&] {
                    Nth own{n};
                    (void)states.run(actingOn(kind, own, [] { return ::raise(SIGKILL); }));
                });
            else
                ended = (void(states.run(actingOn(kind, nth, [] { return EIO; }))), nth.seen < n);
            QVERIFY(states.whole());
            if (ended)
                break;
            if (!kill && FileStates::bytesOf(states.out) == states.before)
                QCOMPARE(FileStates::bytesOf(states.manifest), states.manifestBefore);
            if (kill) { // what was left hinders nothing
                QVERIFY(states.run(FileCalls::system()));
                QCOMPARE(readFile(states.out), states.after);
                QVERIFY(readFile(states.manifest).find("replaces") == std::string::npos);
            }
            QCOMPARE(std::distance(fs::directory_iterator(states.model.folder.path()), {}),
                     1 + int(fs::exists(states.out)) + int(fs::exists(states.manifest)));
            states.reset(old);
        }
        QVERIFY(faults > 1 && faults < mostCalls - 1);
    }

    void aSourceThatChangesMeanwhile_data()
    {
        QTest::addColumn<std::string>("how"); // MM-01, MM-03
        for (const char* how : {"truncated", "grown", "rewritten", "replaced", "deleted"})
            QTest::newRow(how) << std::string(how);
    }
    void aSourceThatChangesMeanwhile()
    {
        QFETCH(std::string, how);
        for (const std::string& shard : {ExportModel::first, ExportModel::second}) {
            int changes = 0;
            for (int n = 1; n < mostCalls; ++n, ++changes) {
                ExportModel model;
                const fs::path path = model.base / shard;
                Nth nth{n};
                const FileCalls calls = actingOn("write", nth, [&] { return change(path, how), 0; });
                const auto report = exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out", {.calls = &calls});
                // Sidecars are written behind the last look at the source: a change there comes too late to matter.
                if (report) {
                    QVERIFY(nth.seen < n || fs::exists(model.folder / "out"));
                    break;
                }
                QVERIFY(report.error().code == ErrorCode::SourceChanged);
                QVERIFY(!fs::exists(model.folder / "out"));
            }
            QVERIFY(changes > 3);
        }
    }

    void aBitThatFlipsOnTheWayIsSeen()
    {
        States states(false); // EX-07
        int flips = 0;
        for (int n = 1; n < mostCalls; ++n, ++flips) {
            Nth nth{n};
            FileCalls calls = FileCalls::system();
            calls.write = [&, write = calls.write](int fd, const void* data, std::size_t size, std::uint64_t offset) {
                std::string bytes(static_cast<const char*>(data), size);
                if (nth.hit())
                    bytes[size / 2] = static_cast<char>(bytes[size / 2] ^ 1);
                return write(fd, bytes.data(), size, offset);
            };
            const auto report = states.run(calls, false);
            if (nth.seen < n)
                break;
            QVERIFY(!report);
            QVERIFY(report.error().code == ErrorCode::VerifyFailed);
            QVERIFY(states.whole(false));
        }
        QVERIFY(flips > 3);
    }

private:
    static void change(const fs::path& path, const std::string& how)
    {
        const std::string bytes = readFile(path);
        if (how == "truncated")
            fs::resize_file(path, bytes.size() / 2);
        if (how == "grown")
            writeFile(path, bytes + "x");
        if (how == "rewritten")
            writeFile(path, std::string(bytes.size(), 'x'));
        if (how == "deleted" || how == "replaced")
            fs::remove(path);
        if (how == "replaced")
            writeFile(path, bytes);
    }
};

QTEST_APPLESS_MAIN(TestExportFaults)
#include "tst_exportfaults.moc"
