#include "core/analysis/scan.h"
#include "core/checkpoint/open.h"
#include "tests/support/ggufbuilder.h"
#include "tests/support/memorysource.h"
#include "tests/support/support.h"

#include <QtTest>

#include <limits>

using namespace wb;
using namespace wb::test;

class TestScan : public QObject {
    Q_OBJECT
private slots:
    void findsWhatIsWrong()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
        const MemorySource source({{"fine", "BF16", {2, 2}, bf16Bytes({1, 2, 3, 0})},
                                   {"broken", "BF16", {2, 3}, bf16Bytes({nan, inf, -inf, 0, 0, -0.0F})},
                                   {"tiny", "F32", {2}, f32Bytes({1e-40F, 1})},
                                   {"half", "F16", {3}, std::string("\1\0\0\x7C\1\x7C", 6)}, // denormal, infinite, NaN
                                   {"copy", "BF16", {2, 2}, bf16Bytes({1, 2, 3, 0})},
                                   {"other shape", "BF16", {4, 1}, bf16Bytes({1, 2, 3, 0})},
                                   {"opaque", "F8_E9M9", {2, 2}, "abcd"}});
        Progress progress;
        const ScanReport report = *scanSource(source, progress);
        QVERIFY(report.isBroken());
        QCOMPARE(report.scanned, 7U);
        QCOMPARE(report.tensors.size(), 4U);
        QCOMPARE(report.tensors[0].name, "broken");
        QCOMPARE(report.tensors[0].nan, 1U);
        QCOMPARE(report.tensors[0].inf, 2U);
        QCOMPARE(report.tensors[0].firstZeroRows, std::vector<std::uint64_t>{1});
        QCOMPARE(report.tensors[1].denormal, 1U);
        QCOMPARE(report.tensors[2].denormal + report.tensors[2].inf + report.tensors[2].nan, 3U);
        QCOMPARE(report.tensors[3].name, "other shape");
        QCOMPARE(report.tensors[3].zeroRows, 1U);
        QCOMPARE(report.duplicates, (std::vector<std::vector<std::string>>{{"fine", "copy"}}));
    }

    void zeroRowsOfAnyLength()
    {
        for (const std::uint64_t cols : {1U, 3U, 4U, 7U, 33U}) {
            std::vector<float> values(4 * cols, -0.0F);
            values[cols] = 1;                 // the first of row 1
            values[3 * cols - 1] = 0x1p-120F; // the last of row 2
            const MemorySource source({{"a", "F32", {4, cols}, f32Bytes(values)}, {"b", "BF16", {4, cols}, bf16Bytes(values)}});
            Progress progress;
            const ScanReport report = *scanSource(source, progress);
            for (const ScanFinding& finding : report.tensors)
                QCOMPARE(finding.firstZeroRows, (std::vector<std::uint64_t>{0, 3}));
            QCOMPARE(report.tensors.size(), 2U);
        }
    }

    void countsInLongRuns()
    {
        std::vector<float> values(20'000, 1.0F);
        for (std::size_t i = 0; i < values.size(); i += 4)
            values[i] = i % 8 == 0 ? std::numeric_limits<float>::quiet_NaN() : -std::numeric_limits<float>::infinity();
        const MemorySource source({{"a", "F32", {20'000}, f32Bytes(values)}, {"b", "BF16", {20'000}, bf16Bytes(values)}});
        Progress progress;
        const ScanReport report = *scanSource(source, progress);
        for (const ScanFinding& finding : report.tensors) {
            QCOMPARE(finding.nan, 2500U);
            QCOMPARE(finding.inf, 2500U);
            QCOMPARE(finding.denormal, 0U);
        }
        QCOMPARE(report.tensors.size(), 2U);
    }

    void brokenScalesOfEveryBlockType()
    {
        // type, bytes of a block, elements, where its factors are
        struct Row { std::uint32_t type; std::size_t bytes; std::uint64_t elements; std::size_t factor; };
        for (const Row& row : {Row{2, 18, 32, 0}, Row{3, 20, 32, 2}, Row{8, 34, 32, 0}, Row{6, 22, 32, 0}, Row{7, 24, 32, 2}, Row{10, 84, 256, 82},
                               Row{11, 110, 256, 108}, Row{12, 144, 256, 2}, Row{13, 176, 256, 0}, Row{14, 210, 256, 208}, Row{20, 18, 32, 0}, Row{35, 66, 256, 64}}) {
            std::string blocks(3 * row.bytes, '\0');
            blocks.replace(row.bytes + row.factor, 2, std::string("\0\x7C", 2));
            GgufBuilder builder;
            TempFolder folder;
            writeFile(folder / "m.gguf", builder.tensor({"a", row.type, {row.elements, 3}, blocks}).bytes());
            Progress progress;
            const ScanReport report = *scanSource(**openCheckpoint(folder / "m.gguf"), progress);
            QCOMPARE(report.tensors.size(), 1U);
            QCOMPARE(report.tensors[0].badScales, 1U);
        }
    }

    void stopsWhenCancelled()
    {
        Progress progress;
        progress.cancel();
        QVERIFY(scanSource(MemorySource({{"a", "F32", {1}, f32Bytes({1})}}), progress).error().code == ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestScan)
#include "tst_scan.moc"
