// Statistics kept on disk: what comes back is bit for bit what was kept, and nothing else ever comes back.
#include "core/analysis/statisticsstore.h"
#include "core/checkpoint/open.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace wb {

class TestStatisticsStore : public QObject {
    Q_OBJECT

private:
    test::TempFolder m_folder;

    CheckpointPtr checkpoint(const std::string& name)
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        test::writeFile(m_folder / name,
                        test::safetensorsBytes({{"a.weight", "BF16", {2, 2}, test::bf16Bytes({1.0F, -3.0F, 0.3F, nan})},
                                                {"b.weight", "BF16", {3}, test::bf16Bytes({nan, nan, nan})}}));
        return *openCheckpoint(m_folder / name);
    }
    static StatisticsStore::ByTensor computed(const TensorSource& source)
    {
        StatisticsStore::ByTensor all;
        StatisticsCache cache;
        Progress progress;
        for (std::size_t i = 0; i < source.tensors().size(); ++i)
            all.push_back(std::make_shared<const Statistics>(*computeStatistics(source, i, {}, cache, progress)));
        return all;
    }
    static bool same(double a, double b)
    {
        return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
    }
    static bool nothing(const StatisticsStore::ByTensor& all)
    {
        return std::ranges::all_of(all, [](const auto& one) { return one == nullptr; });
    }

private slots:
    void comesBackBitForBit()
    {
        const auto source = checkpoint("round.safetensors");
        const StatisticsStore store(m_folder / "cache");
        QVERIFY(nothing(store.load(*source)));
        const auto kept = computed(*source);
        QVERIFY(store.save(*source, kept));
        const auto loaded = store.load(*source);
        QCOMPARE(loaded.size(), kept.size());
        for (std::size_t i = 0; i < kept.size(); ++i) {
            QVERIFY(loaded[i]);
            for (const std::string& name : statisticNames())
                QVERIFY(same(*statisticByName(*loaded[i], name), *statisticByName(*kept[i], name)));
            QCOMPARE(loaded[i]->count, kept[i]->count);
        }
        QVERIFY(loaded[0]->min < 0);
    }

    void aChangedFileIsNotFound()
    {
        const StatisticsStore store(m_folder / "cache");
        const auto before = checkpoint("changed.safetensors");
        QVERIFY(store.save(*before, computed(*before)));
        std::filesystem::remove(m_folder / "changed.safetensors");
        const auto after = checkpoint("changed.safetensors");
        QVERIFY(before->fingerprint(0) != after->fingerprint(0));
        QVERIFY(nothing(store.load(*after)));
    }

    void damageIsAsIfNothingWereThere()
    {
        const auto source = checkpoint("damage.safetensors");
        const StatisticsStore store(m_folder / "cache");
        QVERIFY(store.save(*source, computed(*source)));
        const auto file = store.fileOf(*source);
        const Json whole = *readJson(file, false, 1 << 20);
        const auto with = [&](auto change) {
            Json damaged = whole;
            change(damaged);
            test::writeFile(file, dumpJson(damaged));
            return store.load(*source)[0] == nullptr;
        };
        QVERIFY(!with([](Json&) {}));
        QVERIFY(with([](Json& json) { json["format"] = "weightbench-statistics-0"; }));
        QVERIFY(with([](Json& json) { json.erase("tensors"); }));
        QVERIFY(with([](Json& json) { json = Json::array(); }));
        QVERIFY(with([](Json& json) { json["tensors"][0][1]["count"] = 5U; })); // of another size
        QVERIFY(with([](Json& json) { json["tensors"][0][1]["zero"] = 1000U; }));
        QVERIFY(with([](Json& json) { json["tensors"][0][1]["nan"] = -1; }));
        QVERIFY(with([](Json& json) { json["tensors"][0][1]["std"] = "wide"; }));
        QVERIFY(with([](Json& json) { json["tensors"][0][1].erase("l2"); }));
        QVERIFY(with([](Json& json) { json["tensors"][0][1] = 7; }));
        test::writeFile(file, dumpJson(whole).substr(0, 40));
        QVERIFY(nothing(store.load(*source)));
    }

    void theFolderStaysWithinItsLimit()
    {
        const StatisticsStore store(m_folder / "small", 1);
        const auto first = checkpoint("first.safetensors"), second = checkpoint("second.safetensors");
        QVERIFY(store.save(*first, computed(*first)));
        QVERIFY(!nothing(store.load(*first))); // what was just written stays
        QVERIFY(store.save(*second, computed(*second)));
        QVERIFY(nothing(store.load(*first)));
        QVERIFY(!nothing(store.load(*second)));
    }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestStatisticsStore)
#include "tst_statisticsstore.moc"
