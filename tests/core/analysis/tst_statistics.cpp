#include "core/analysis/outliers.h"
#include "core/analysis/profile.h"
#include "core/analysis/standouts.h"
#include "core/analysis/statistics.h"
#include "core/analysis/valuetable.h"
#include "core/base/parallel.h"
#include "core/checkpoint/open.h"
#include "tests/support/memorysource.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <numeric>

using namespace wb;
using namespace wb::test;

namespace {

bool close(double a, double b, double tolerance)
{
    return a == b || std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
}

const CheckpointPtr& goldenTensors()
{
    static const CheckpointPtr checkpoint = *openCheckpoint(WB_TEST_DATA "/statistics.safetensors");
    return checkpoint;
}

const Json& golden()
{
    static const Json json = *readJson(WB_TEST_DATA "/statistics.json", true, 1 << 20);
    return json;
}

Statistics statistics(const TensorSource& source, std::size_t tensor, StatisticsOptions options = {})
{
    StatisticsCache cache;
    Progress progress;
    return *computeStatistics(source, tensor, options, cache, progress);
}

} // namespace

class TestStatistics : public QObject {
    Q_OBJECT
private slots:
    // Tensors of few elements are not counted in a table: the figures are the table's to the bit, of all codes there are.
    void fewElementsAreAsInATable_data()
    {
        QTest::addColumn<std::string>("type");
        QTest::addColumn<int>("elements");
        for (const char* type : {"BF16", "F16", "I8", "U8", "I16", "U16", "BOOL"})
            for (const int elements : {0, 1, 2, 700, 8192})
                QTest::addRow("%s %d", type, elements) << std::string(type) << elements;
    }
    void fewElementsAreAsInATable()
    {
        QFETCH(std::string, type);
        QFETCH(int, elements);
        const auto count = static_cast<std::uint64_t>(elements);
        std::string bytes;
        for (std::uint64_t i = 0; i < count * (type.ends_with("8") || type == "BOOL" ? 1 : 2); ++i)
            bytes += type == "BOOL" ? static_cast<char>(i * 7 % 3 == 0) : i % 5 < 2 ? '\0' : static_cast<char>(i * 2654435761U >> 13); // zeros, denormals, NaN, many equal ones
        const MemorySource source({{"w", type, {count}, bytes}});
        StatisticsCache cache;
        Progress progress;
        const Statistics got = statistics(source, 0), want = [&] {
            auto counted = countValues(source, 0, progress);
            Statistics s = statisticsOf(*counted);
            s.outliers = *findOutliers(source, 0, 10, cache, progress);
            return s;
        }();
        QCOMPARE(toJson(got, source.tensors()[0]).dump(), toJson(want, source.tensors()[0]).dump());
        QCOMPARE(got.outliers.size(), want.outliers.size());
    }

    void equalsNumpy_data()
    {
        QTest::addColumn<std::string>("name");
        for (const auto& [name, row] : golden()["tensors"].items())
            QTest::newRow(name.c_str()) << name;
    }
    void equalsNumpy()
    {
        QFETCH(std::string, name);
        const Json& want = golden()["tensors"][name];
        const auto tensor = goldenTensors()->find(name);
        QVERIFY(tensor.has_value());
        const auto quantiles = golden()["quantiles"].get<std::vector<double>>();
        const Statistics got = statistics(*goldenTensors(), *tensor, {.bins = 31, .quantiles = quantiles});
        const Json json = toJson(got, goldenTensors()->tensors()[*tensor]);
        for (const auto& [key, value] : want.items()) {
            if (key == "quantiles" || key == "histogram" || key == "outliers")
                continue;
            const double tolerance = key == "skew" || key == "kurtosis" ? 1e-9 : 1e-12;
            QVERIFY2(close(json[key].get<double>(), value.get<double>(), tolerance), key.c_str());
        }
        if (!want.contains("quantiles")) {
            QCOMPARE(json["mean"].get<std::string>(), "NaN");
            QVERIFY(got.histogram.counts.empty());
            return;
        }
        for (std::size_t i = 0; i < quantiles.size(); ++i)
            QVERIFY2(close(got.quantiles[i].second, want["quantiles"][i].get<double>(), 1e-12), std::to_string(i).c_str());
        QCOMPARE(got.histogram.counts, want["histogram"].get<std::vector<std::uint64_t>>());
        for (std::size_t i = 0; i < got.outliers.size(); ++i) {
            QCOMPARE(got.outliers[i].index, want["outliers"][i][0].get<std::uint64_t>());
            QCOMPARE(got.outliers[i].value, want["outliers"][i][1].get<double>());
        }
        QVERIFY(got.exact);
    }

    void isTheSameOnAnyNumberOfThreads()
    {
        // Several chunks of each kind.
        std::vector<float> values(1'500'000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = std::sin(static_cast<float>(i) * 0.37F) * static_cast<float>(1 + i % 7);
        TempFolder folder;
        writeFile(folder / "x.safetensors",
                  safetensorsBytes({{"f32", "F32", {values.size()}, f32Bytes(values)},
                                    {"bf16", "BF16", {values.size()}, bf16Bytes(values)}}));
        const CheckpointPtr checkpoint = *openCheckpoint(folder / "x.safetensors");
        for (std::size_t tensor = 0; tensor < 2; ++tensor) {
            setThreadCount(1);
            const std::string one = dumpJson(toJson(statistics(*checkpoint, tensor), checkpoint->tensors()[tensor]));
            setThreadCount(3);
            const std::string three = dumpJson(toJson(statistics(*checkpoint, tensor), checkpoint->tensors()[tensor]));
            QCOMPARE(one, three);
        }
        setThreadCount(0);
    }

    void emptyAndScalarTensorsHaveStatistics()
    {
        TempFolder folder;
        writeFile(folder / "x.safetensors",
                  safetensorsBytes({{"a", "F32", {0, 4}, ""}, {"b", "BF16", {0}, ""}, {"c", "F32", {}, f32Bytes({3})}}));
        const CheckpointPtr checkpoint = *openCheckpoint(folder / "x.safetensors");
        QCOMPARE(statistics(*checkpoint, 0).count, 0U);
        QCOMPARE(statistics(*checkpoint, 1).count, 0U);
        QVERIFY(std::isnan(statistics(*checkpoint, 1).mean));
        const Statistics scalar = statistics(*checkpoint, 2);
        QCOMPARE(scalar.mean, 3.0);
        QCOMPARE(scalar.std, 0.0);
        QVERIFY(std::isnan(scalar.kurtosis));
        QCOMPARE(scalar.histogram.edges.front(), 2.5);
    }

    // Equal numbers beside which half a unit is nothing have bins all the same, and the range of F64 has quantiles.
    void theLargestNumbersHaveBinsAndQuantiles()
    {
        constexpr double most = std::numeric_limits<double>::max();
        const std::vector<double> equal(3, most), ends = {-most, most};
        const auto bytes = [](const std::vector<double>& values) { return std::string(reinterpret_cast<const char*>(values.data()), values.size() * 8); };
        TempFolder folder;
        writeFile(folder / "x.safetensors", safetensorsBytes({{"a", "F32", {3}, f32Bytes({1e30F, 1e30F, 1e30F})}, {"b", "F64", {3}, bytes(equal)}, {"c", "F64", {2}, bytes(ends)}}));
        const CheckpointPtr checkpoint = *openCheckpoint(folder / "x.safetensors");
        for (const std::size_t tensor : {0U, 1U}) {
            const Histogram histogram = statistics(*checkpoint, tensor).histogram;
            QVERIFY(histogram.edges.front() < histogram.edges[1] && histogram.edges.front() < histogram.edges.back());
            QCOMPARE(std::accumulate(histogram.counts.begin(), histogram.counts.end(), std::uint64_t{0}), 3U);
        }
        const Statistics wide = statistics(*checkpoint, 2);
        QCOMPARE(wide.quantiles.front().second, -most);
        QCOMPARE(wide.quantiles[5].second, 0.0); // the median
        QCOMPARE(wide.quantiles.back().second, most);
    }

    void outliersOfManyEqualValuesAreTheFirst()
    {
        std::vector<float> values(1'200'000, 1.0F);
        values[7] = -1;
        values[1'100'000] = 2;
        TempFolder folder;
        writeFile(folder / "x.safetensors", safetensorsBytes({{"a", "BF16", {1200, 1000}, bf16Bytes(values)}}));
        const CheckpointPtr checkpoint = *openCheckpoint(folder / "x.safetensors");
        const Statistics got = statistics(*checkpoint, 0, {.outliers = 3});
        QCOMPARE(got.outliers[0].index, 1'100'000U);
        QCOMPARE(got.outliers[1].index, 0U);
        QCOMPARE(got.outliers[2].index, 1U);
        QCOMPARE(coordinates(1'100'000, {1200, 1000}), (std::vector<std::uint64_t>{1100, 0}));
    }

    // Regions of zeros and lengths that are no multiple of what is counted in one go are counted in other ways.
    void countsEveryElementOfAnyLength()
    {
        for (const std::size_t length : {1U, 31U, 32U, 33U, 95U, 96U, 1000U, 70'001U}) {
            std::vector<float> values(length);
            std::size_t zero = 0, ones = 0, negativeZero = 0;
            for (std::size_t i = 0; i < length; ++i) {
                values[i] = i % 96 < 64 ? 0.0F : i % 3 == 0 ? 1.0F : i % 3 == 1 ? -0.0F : -2.0F;
                zero += values[i] == 0 && !std::signbit(values[i]) ? 1 : 0;
                negativeZero += values[i] == 0 && std::signbit(values[i]) ? 1 : 0;
                ones += values[i] == 1 ? 1 : 0;
            }
            TempFolder folder;
            writeFile(folder / "x.safetensors", safetensorsBytes({{"a", "BF16", {length}, bf16Bytes(values)}}));
            const CheckpointPtr checkpoint = *openCheckpoint(folder / "x.safetensors");
            Progress progress;
            const ValueTable table = *countValues(*checkpoint, 0, progress);
            QCOMPARE(table.counts[0], zero);
            QCOMPARE(table.counts[0x8000], negativeZero);
            QCOMPARE(table.counts[0x3F80], ones);
            QCOMPARE(table.counts[0xC000], length - zero - negativeZero - ones);
        }
    }

    void profilesCutATensorByRowsColumnsHeadsAndExperts()
    {
        TempFolder folder;
        std::vector<float> values;
        for (int i = 0; i < 24; ++i)
            values.push_back(static_cast<float>(i));
        values[5] = std::numeric_limits<float>::quiet_NaN();
        writeFile(folder / "x.safetensors",
                  safetensorsBytes({{"model.layers.0.self_attn.q_proj.weight", "F32", {4, 6}, f32Bytes(values)},
                                    {"model.layers.0.self_attn.o_proj.weight", "F32", {4, 6}, f32Bytes(values)},
                                    {"experts", "BF16", {2, 3, 4}, bf16Bytes(values)}}));
        const CheckpointPtr checkpoint = *openCheckpoint(folder / "x.safetensors");
        Progress progress;
        const auto profile = [&](std::size_t tensor, ProfileKind kind, HeadShape heads = {}) {
            return profileOf(*checkpoint, tensor, kind, heads, progress);
        };
        const Profile rows = *profile(0, ProfileKind::Row);
        QCOMPARE(rows.groups.size(), 4U);
        QCOMPARE(rows.groups[0].nan, 1U);
        QCOMPARE(rows.groups[0].mean, 2.0);
        QVERIFY(close(rows.groups[1].std, std::sqrt(35.0 / 12), 1e-12));
        const Profile columns = *profile(0, ProfileKind::Column);
        QCOMPARE(columns.groups.size(), 6U);
        QCOMPARE(columns.groups[1].mean, 10.0);
        const Profile heads = *profile(0, ProfileKind::Head, {2, 1, 2});
        QCOMPARE(heads.groups.size(), 2U);
        QCOMPARE(heads.groups[1].min, 12.0);
        QCOMPARE(profile(1, ProfileKind::Head, {2, 1, 3})->groups[1].min, 3.0);
        QCOMPARE(profile(2, ProfileKind::Expert)->groups[1].absMax, 23.0);
        QVERIFY(profile(0, ProfileKind::Expert).error().code == ErrorCode::BadArgument);
        QVERIFY(profile(0, ProfileKind::Head).error().code == ErrorCode::BadArgument);
        QVERIFY(profile(2, ProfileKind::Head, {2, 1, 2}).error().code == ErrorCode::BadArgument);
        QVERIFY(profile(0, ProfileKind::Head, {3, 1, 2}).error().code == ErrorCode::BadArgument);
    }

    void cancelsAndForgetsWhatWasUsedLongestAgo()
    {
        StatisticsCache cache(100);
        Progress progress;
        progress.cancel();
        QVERIFY(computeStatistics(*goldenTensors(), *goldenTensors()->find("f32"), {}, cache, progress).error().code ==
                ErrorCode::Cancelled);
        const auto table = std::make_shared<const ValueTable>();
        for (const char* key : {"a", "b", "c"})
            cache.keep(key, table, 40);
        QVERIFY(!cache.find<ValueTable>("a"));
        QVERIFY(cache.find<ValueTable>("b"));
        cache.keep("d", table, 40);
        QVERIFY(!cache.find<ValueTable>("c"));
        QVERIFY(cache.find<ValueTable>("b"));
    }

    void findsWhatStandsApartFromItsRole()
    {
        std::vector<TensorRole> roles;
        std::vector<double> values;
        for (std::uint32_t layer = 0; layer < 8; ++layer) {
            roles.push_back({.role = "down_proj", .layer = layer});
            values.push_back(layer == 1 ? 0.8 : 0.05);
        }
        roles.push_back({.role = "up_proj", .layer = 0}); // alone in its role
        values.push_back(100);
        auto found = findStandouts(roles, values);
        QCOMPARE(found.size(), 1U);
        QCOMPARE(found[0].tensor, 1U);
        QCOMPARE(found[0].ratio, 16.0);
        values[3] = std::numeric_limits<double>::quiet_NaN(); // not known yet
        values[5] = 0;
        found = findStandouts(roles, values);
        QCOMPARE(found.size(), 2U);
        QCOMPARE(found[0].tensor, 5U); // nothing at all is further than any factor
    }
};

QTEST_APPLESS_MAIN(TestStatistics)
#include "tst_statistics.moc"
