// Every row of hostile and damaged GGUF files: refused with its reason, or opened as defined, in bounded time and memory.
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/export.h"
#include "core/checkpoint/open.h"
#include "tests/support/ggufbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace wb;
using namespace wb::test;

namespace {

constexpr std::uint32_t u32 = 4, text = 8, list = 9;

GgufBuilder one(std::uint32_t type = 0, std::vector<std::uint64_t> dims = {4}, std::size_t bytes = 16)
{
    GgufBuilder builder;
    builder.tensor({"a", type, std::move(dims), std::string(bytes, '\0')});
    return builder;
}

GgufBuilder two(std::uint64_t secondOffset, std::size_t firstBytes = 64)
{
    GgufBuilder builder;
    builder.tensor({"a", 0, {firstBytes / 4}, std::string(firstBytes, '\1')});
    builder.tensor({"b", 0, {8}, std::string(32, '\2'), secondOffset});
    return builder;
}

std::string listOf(std::uint32_t type, std::uint64_t count, const std::string& values = "")
{
    return GgufBuilder::raw(type) + GgufBuilder::raw(count) + values;
}

} // namespace

class TestBadGguf : public QObject {
    Q_OBJECT
private:
    TempFolder m_folder;

    // "" when it opens, else the sentence.
    std::string open(const std::string& bytes)
    {
        writeFile(m_folder / "m.gguf", bytes);
        const auto checkpoint = openCheckpoint(m_folder / "m.gguf");
        return checkpoint ? "" : sentence(checkpoint.error());
    }

private slots:
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* name, const std::string& bytes, const char* why) {
            QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << QString::fromLatin1(why);
        };
        const auto edited = [](auto change) {
            GgufBuilder builder = one();
            change(builder);
            return builder.bytes();
        };
        row("GG-01 empty", "", "does not begin with GGUF");
        row("GG-01 magic", edited([](GgufBuilder& b) { b.magic = "GGML"; }), "does not begin with GGUF");
        for (const std::uint32_t version : {0U, 1U, 4U})
            row(("GG-01 version " + std::to_string(version)).c_str(), edited([&](GgufBuilder& b) { b.version = version; }), "only 2 and 3 are read");
        row("GG-01 swapped", edited([](GgufBuilder& b) { b.version = 0x03000000; }), "big-endian");
        row("GG-01 ends in the version", std::string("GGUF\3\0", 6), "bytes are announced");
        row("GG-02 tensors -1", edited([](GgufBuilder& b) { b.tensorCount = ~std::uint64_t{0}; }), "tensors are announced");
        row("GG-02 keys 2^40", edited([](GgufBuilder& b) { b.keyCount = std::uint64_t{1} << 40; }), "keys are announced");
        row("GG-02 more tensors than there are", edited([](GgufBuilder& b) { b.tensorCount = 2; }), "");
        row("GG-02 string of 2^63", edited([](GgufBuilder& b) { b.key("k", text, GgufBuilder::raw(std::uint64_t{1} << 63)); }), "bytes are announced");
        row("GG-02 key of 2^63", edited([](GgufBuilder& b) { b.key("k", u32, "abcd"); }).replace(24, 8, GgufBuilder::raw(std::uint64_t{1} << 63)), "bytes are announced");
        row("GG-02 list of 2^61", edited([](GgufBuilder& b) { b.key("k", list, listOf(10, std::uint64_t{1} << 61)); }), "values are announced");
        row("GG-02 strings of 2^61", edited([](GgufBuilder& b) { b.key("k", list, listOf(8, std::uint64_t{1} << 61)); }), "strings are announced");
        row("GG-02 nested", edited([](GgufBuilder& b) { b.key("k", list, listOf(9, 1, listOf(4, 1, "abcd"))); }), "a list of lists");
        row("GG-03 twice", edited([](GgufBuilder& b) { b.text("k", "a").text("k", "b"); }), "names k twice");
        row("GG-03 empty key", edited([](GgufBuilder& b) { b.text("", "a"); }), "is empty");
        row("GG-03 NUL", edited([](GgufBuilder& b) { b.text(std::string("a\0b", 3), "a"); }), "holds a NUL");
        row("GG-03 bool 2", edited([](GgufBuilder& b) { b.key("k", 7, "\2"); }), "truth value of 2");
        row("GG-03 type 13", edited([](GgufBuilder& b) { b.key("k", 13, "abcd"); }), "no value type 13");
        row("GG-03 list of type 13", edited([](GgufBuilder& b) { b.key("k", list, listOf(13, 1, "abcd")); }), "no value type 13");
        for (const std::uint32_t alignment : {0U, 13U, 1U << 31, 1U << 17})
            row(("GG-04 " + std::to_string(alignment)).c_str(), edited([&](GgufBuilder& b) { b.number("general.alignment", u32, alignment); }), "not a power of two");
        row("GG-04 signed", edited([](GgufBuilder& b) { b.number("general.alignment", 5, 32); }), "32-bit number without sign");
        row("GG-04 text", edited([](GgufBuilder& b) { b.text("general.alignment", "32"); }), "32-bit number without sign");
        row("GG-05 rank 5", one(0, {1, 1, 1, 1, 1}, 4).bytes(), "5 dimensions");
        GgufBuilder rank;
        row("GG-05 rank 2^32 - 1", rank.tensor({"a", 0, {1}, "abcd", {}, ~0U}).bytes(), "4294967295 dimensions");
        row("GG-05 2^32 x 2^32", one(0, {1ULL << 32, 1ULL << 32}, 4).bytes(), "does not fit 64 bits");
        row("GG-05 2^63 - 1 x 2", one(0, {(1ULL << 63) - 1, 2}, 4).bytes(), "does not fit 64 bits");
        row("GG-05 -1", one(0, {~0ULL}, 4).bytes(), "does not fit 64 bits");
        row("GG-05 0 beside too much", one(0, {0, 1ULL << 62, 4}, 4).bytes(), "does not fit 64 bits");
        row("GG-05 bytes overflow", one(28, {1ULL << 62}, 4).bytes(), "does not fit 64 bits");
        for (const std::uint32_t type : {4U, 5U, 9U, 31U, 36U})
            row(("GG-06 type " + std::to_string(type)).c_str(), one(type).bytes(), "withdrawn");
        row("GG-07 Q4_K of 255", one(12, {255}, 144).bytes(), "blocks of 256");
        row("GG-07 Q4_0 of 16", one(2, {16}, 18).bytes(), "blocks of 32");
        row("GG-08 unaligned", two(65).bytes(), "not a multiple of 32");
        row("GG-08 overlap", two(32).bytes(), "inside the tensor");
        row("GG-08 before", two(0).bytes(), "inside the tensor");
        row("GG-08 past the end", two(1 << 20).bytes(), "the file has");
        row("GG-08 wraps", two(~std::uint64_t{31}).bytes(), "");
        row("names twice", GgufBuilder().tensor({"a", 0, {1}, "abcd"}).tensor({"a", 0, {1}, "abcd"}).bytes(), "names a twice");
        row("a name with NUL", GgufBuilder().tensor({std::string("a\0b", 3), 0, {1}, "abcd"}).bytes(), "holds a NUL");
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, why);
        const std::string said = open(bytes.toStdString());
        QVERIFY(!said.empty());
        QVERIFY2(said.find(why.toStdString()) != std::string::npos, said.c_str());
    }

    void opensWhatIsOdd()
    {
        QCOMPARE(open(one(0, {}, 4).bytes()), ""); // a scalar
        QCOMPARE(open(one(0, {0}, 0).bytes()), "");
        QCOMPARE(open(one(0, {0, 5}, 0).bytes()), "");
        QCOMPARE(open(one(12, {0}, 0).bytes()), "");
        GgufBuilder tight = one();
        tight.alignment = 1;
        QCOMPARE(open(tight.number("general.alignment", u32, 1U).bytes()), "");
        QCOMPARE((*openCheckpoint(m_folder / "m.gguf"))->warnings().size(), 1U);
        for (const std::uint32_t type : {43U, 142U, 1U << 31}) {
            QCOMPARE(open(one(type, {4}, 24).bytes()), "");
            const CheckpointPtr opened = *openCheckpoint(m_folder / "m.gguf"); // holds the tensors
            const TensorInfo& info = opened->tensors()[0];
            QVERIFY(info.dtype == DType::Opaque);
            QCOMPARE(info.bytes, 32U); // up to the end of the file
        }
        GgufBuilder gap; // 64 bytes that belong to nothing
        gap.tensor({"a", 0, {16}, std::string(128, '\1')}).tensor({"b", 0, {8}, std::string(32, '\2')});
        QCOMPARE(open(gap.bytes()), "");
        QVERIFY((*openCheckpoint(m_folder / "m.gguf"))->warnings().at(0).code == ErrorCode::TensorGap);
    }

    void aCutFileLacksItsLastTensor()
    {
        const std::string bytes = two(64).bytes();
        QCOMPARE(open(bytes.substr(0, bytes.size() - 1)), "");
        const CheckpointPtr cut = *openCheckpoint(m_folder / "m.gguf");
        QCOMPARE(cut->tensors().size(), 1U);
        QCOMPARE(cut->absent(), std::vector<std::string>{"b"});
        // GG-10: nothing can be exported, so nothing can come from anywhere else than the file.
        QVERIFY(planExport(*cut, *cut, m_folder / "out.gguf").error().code == ErrorCode::TensorAbsent);
        GgufBuilder last = two(64);
        const std::string whole = last.tensor({"c", 0, {1}, "abcd"}).bytes();
        QCOMPARE(open(whole.substr(0, whole.size() - 28)), ""); // the last padding is not needed
        QVERIFY((*openCheckpoint(m_folder / "m.gguf"))->absent().empty());
    }

    // A terabyte of holes: what is announced is bounded before anything is allocated or walked through.
    void hugeSparseFiles()
    {
        const auto sparse = [&](const std::string& begin) {
            writeFile(m_folder / "huge.gguf", begin);
            const int descriptor = ::open((m_folder / "huge.gguf").c_str(), O_WRONLY | O_CLOEXEC);
            const bool grown = ::ftruncate(descriptor, off_t{1} << 40) == 0;
            ::close(descriptor);
            if (!grown)
                return std::string("no sparse files here");
            const auto checkpoint = openCheckpoint(m_folder / "huge.gguf");
            return checkpoint ? std::string() : sentence(checkpoint.error());
        };
        GgufBuilder strings;
        strings.key("k", list, listOf(8, std::uint64_t{1} << 36));
        if (const std::string said = sparse(strings.bytes()); said == "no sparse files here")
            QSKIP("this file system has no sparse files of 1 TB");
        else
            QVERIFY2(said.find("number of strings") != std::string::npos, said.c_str());
        GgufBuilder tensors;
        tensors.tensorCount = std::uint64_t{1} << 34;
        QVERIFY(sparse(tensors.bytes()).find("number of tensors") != std::string::npos);
        GgufBuilder keys;
        keys.keyCount = std::uint64_t{1} << 34;
        QVERIFY(sparse(keys.bytes()).find("number of keys") != std::string::npos);
        GgufBuilder value;
        value.key("k", text, GgufBuilder::raw(std::uint64_t{1} << 38));
        QVERIFY(sparse(value.bytes()).find("size of all values") != std::string::npos);
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        QVERIFY2(usage.ru_maxrss < 200 * 1024, std::to_string(usage.ru_maxrss).c_str()); // KiB
    }
};

QTEST_APPLESS_MAIN(TestBadGguf)
#include "tst_badgguf.moc"
