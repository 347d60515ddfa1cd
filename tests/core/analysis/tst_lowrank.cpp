// Differences of low rank, and two descendants of one base, against numpy (tests/data/make_diff_goldens.py).
#include "core/analysis/diff.h"
#include "core/analysis/threeway.h"
#include "core/base/parallel.h"
#include "core/checkpoint/open.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/memorysource.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

namespace {

CheckpointPtr opened(const char* which)
{
    return *openCheckpoint(std::string(WB_TEST_DATA) + "/diff-" + which + ".safetensors");
}

Json golden() { return *readJson(std::string(WB_TEST_DATA) + "/diff.json", false, 1U << 20); }

bool close(double x, const Json& wanted, double tolerance)
{
    return std::abs(x - wanted.get<double>()) <= tolerance * std::abs(wanted.get<double>());
}

} // namespace

class TestLowRank : public QObject {
    Q_OBJECT
private slots:
    void findsTheRankOfADifference_data()
    {
        QTest::addColumn<int>("threads");
        QTest::newRow("one thread") << 1;
        QTest::newRow("all") << 0;
    }
    void findsTheRankOfADifference()
    {
        QFETCH(int, threads);
        setThreadCount(static_cast<unsigned>(threads));
        Progress progress;
        const auto report = diffSources(*opened("base"), *opened("a"), {}, progress);
        setThreadCount(0);
        QVERIFY(report);
        const Json wanted = golden()["ranks"];
        std::size_t found = 0;
        for (const TensorDifference& difference : report->changed) {
            QCOMPARE(difference.character == "low_rank", wanted.contains(difference.name));
            QCOMPARE(difference.lowRank.has_value(), wanted.contains(difference.name));
            if (!difference.lowRank)
                continue;
            const Json& numbers = wanted[difference.name];
            QCOMPARE(difference.lowRank->rank, numbers["rank"].get<std::uint64_t>());
            QVERIFY(close(difference.lowRank->effectiveRank, numbers["effective_rank"], 1e-3));
            QVERIFY(close(difference.lowRank->captured, numbers["captured"], 1e-3));
            ++found;
        }
        QCOMPARE(found, wanted.size());
    }

    void givesTheSameFiguresOnAnyNumberOfThreads()
    {
        Progress progress;
        std::vector<std::string> texts;
        for (const unsigned threads : {1U, 2U, 3U}) {
            setThreadCount(threads);
            texts.push_back(dumpJson(diffSources(*opened("base"), *opened("a"), {}, progress)->toJson(), 0));
        }
        setThreadCount(0);
        QCOMPARE(texts[0], texts[1]);
        QCOMPARE(texts[0], texts[2]);
    }

    void comparesBothSidesWithTheirBase()
    {
        Progress progress;
        const auto report = compareWithBase(*opened("base"), *opened("a"), *opened("b"), progress);
        QVERIFY(report);
        QCOMPARE(report->notInBoth, std::vector<std::string>{"gone"});
        const Json wanted = golden()["three_way"];
        QCOMPARE(report->changed.size(), wanted.size());
        const Json rows = report->toJson()["changed"];
        for (const Json& row : rows) {
            const Json& numbers = wanted[row["name"].get<std::string>()];
            for (const char* count : {"elements_a", "elements_b", "elements_both", "conflicts"})
                QCOMPARE(row[count].get<std::uint64_t>(), numbers[count].get<std::uint64_t>());
            for (const char* size : {"relative_a", "relative_b"})
                QVERIFY(close(row[size].get<double>(), numbers[size], 1e-5));
            if (numbers["cosine"].is_null())
                QCOMPARE(row["cosine"].get<std::string>(), "NaN");
            else
                QVERIFY(close(row["cosine"].get<double>(), numbers["cosine"], 1e-4));
        }
        const auto side = [&](const std::string& name) {
            return (*std::ranges::find_if(rows, [&](const Json& row) { return row["name"] == name; }))["changed_in"].get<std::string>();
        };
        QCOMPARE(side("full"), "a");
        QCOMPARE(side("overlap"), "both");
    }

    void isNotTakenForLowRankWithoutFiniteValues()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        std::vector<float> values(64 * 64, 1.0F), other(64 * 64, 1.5F);
        other[7] = nan;
        const MemorySource a({{"w", "F32", {64, 64}, f32Bytes(values)}}), b({{"w", "F32", {64, 64}, f32Bytes(other)}});
        Progress progress;
        QVERIFY(!diffSources(a, b, {}, progress)->changed.at(0).lowRank);
    }
};

QTEST_APPLESS_MAIN(TestLowRank)
#include "tst_lowrank.moc"
