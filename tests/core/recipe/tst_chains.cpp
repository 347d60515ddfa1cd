// Edits of parts of tensors, with strengths and after each other: bit for bit what torch makes of them, read in any
// pieces; and noise, which no other element has a part in.
#include "core/analysis/statistics.h"
#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "core/tensor/decode.h"
#include "tests/support/memorysource.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace wb;
using namespace wb::test;

namespace {

RecipePtr recipeOf(const Json& rows)
{
    Json edits = rows.is_array() ? rows : Json::array({rows});
    for (Json& edit : edits)
        edit["select"] = "name=x";
    auto recipe = recipeFromJson({{"format", "weightbench.recipe/1"}, {"edits", edits}}, "x");
    return recipe ? *recipe : nullptr;
}

// (i·2654435761 mod 2^32 − 2^31) / 2^28, as the script that made the goldens.
SourcePtr sourceOf(const std::string& dtype, const std::vector<std::uint64_t>& shape)
{
    const DType type = safetensorsDType(dtype)->dtype;
    const std::uint64_t elements = std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
    std::string bytes(elements * unitBytes(type), '\0');
    for (std::uint64_t i = 0; i < elements; ++i)
        encode(type, (static_cast<double>((i * 2654435761U) % (1ULL << 32)) - 0x1p31) / 0x1p28,
               reinterpret_cast<std::byte*>(bytes.data()) + i * unitBytes(type));
    return std::make_shared<const MemorySource>(std::vector<BuiltTensor>{{"x", dtype, shape, bytes}});
}

std::vector<double> valuesOf(const TensorSource& source)
{
    std::vector<double> values(source.tensors()[0].elements);
    if (!readValues(source, 0, 0, values))
        values.clear();
    return values;
}

} // namespace

class TestChains : public QObject {
    Q_OBJECT
private slots:
    void equalTorch_data()
    {
        QTest::addColumn<std::string>("row");
        const Json rows = *readJson(WB_TEST_DATA "/chains.json", false, 1 << 20);
        QVERIFY(rows.size() >= 300);
        for (std::size_t i = 0; i < rows.size(); ++i)
            QTest::newRow(std::to_string(i).c_str()) << rows[i].dump();
    }
    void equalTorch()
    {
        QFETCH(std::string, row);
        const Json want = *parseJson(row, "row");
        const SourcePtr base = sourceOf(want["dtype"].get<std::string>(), want["shape"].get<std::vector<std::uint64_t>>());
        const auto patched = patch(base, recipeOf(want["edits"]));
        if (!patched)
            QFAIL(sentence(patched.error()).c_str());
        const std::vector<std::byte> bytes = bytesOf(**patched, 0);
        Sha256 hash;
        hash.update(bytes);
        const std::string found = hash.finish();
        if (found != want["sha256"].get<std::string>()) {
            const std::vector<double> values = valuesOf(**patched);
            for (std::size_t i = 0; i < std::min<std::size_t>(4, values.size()); ++i)
                qWarning("%zu: %.17g, torch has %.17g", i, values[i], want["first"][i].get<double>());
            QFAIL(row.c_str());
        }
        // In pieces whose ends fall anywhere.
        const TensorInfo& info = base->tensors()[0];
        const std::uint32_t unit = unitBytes(info.dtype);
        std::vector<std::byte> pieces(bytes.size());
        for (std::uint64_t first = 0, width = 1; first < info.elements; first += width, width = width % 97 + 13) {
            const std::uint64_t count = std::min(width, info.elements - first);
            QVERIFY((*patched)->read(0, {first, count}, std::span(pieces).subspan(first * unit, count * unit)));
        }
        QVERIFY(pieces == bytes);
    }

    // The preview works from counts of the base; it must not differ from counting what is read.
    void derivedStatisticsAreThoseOfTheBytes()
    {
        for (const char* dtype : {"BF16", "F16", "F32"}) {
            const SourcePtr base = sourceOf(dtype, {64, 50});
            const auto patched = *patch(base, recipeOf({{{"op", "normalize"}, {"form", "standard"}},
                                                        {{"op", "scale"}, {"factor", 2}, {"elements", {{"top", 0.1}}}},
                                                        {{"op", "prune"}, {"share", 0.25}, {"strength", 0.5}}}));
            QVERIFY(patched->derived(0));
            StatisticsCache cache, other;
            Progress progress;
            const SourcePtr written = std::make_shared<const MemorySource>(std::vector<BuiltTensor>{
                {"x", dtype, {64, 50}, [&] { const auto b = bytesOf(*patched, 0); return std::string(reinterpret_cast<const char*>(b.data()), b.size()); }()}});
            const auto a = computeStatistics(*patched, 0, {}, cache, progress), b = computeStatistics(*written, 0, {}, other, progress);
            QCOMPARE(a->mean, b->mean);
            QCOMPARE(a->std, b->std);
            QCOMPARE(a->zero, b->zero);
            QVERIFY(a->quantiles == b->quantiles);
        }
    }

    void philoxIsThePublishedOne() // known answers of its authors
    {
        using Block = std::array<std::uint32_t, 4>;
        QVERIFY((philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
        QVERIFY((philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
        QVERIFY((philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
                 Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
    }

    void quantilesOfTheNormalDistribution() // scipy.stats.norm.ppf
    {
        const std::pair<double, double> known[] = {{1e-16, -8.222082216130435}, {1e-10, -6.361340902404056}, {0.001, -3.090232306167813},
                                                   {0.02425, -1.972961051311885}, {0.3, -0.5244005127080409}, {0.51, 0.02506890825871106},
                                                   {0.925, 1.4395314709384563}, {0.975, 1.959963984540054}, {0.999999, 4.753424308817087}};
        for (const auto& [p, want] : known)
            QVERIFY2(std::abs(normalQuantile(p) - want) < 4e-15 * std::abs(want) + 1e-16, std::to_string(p).c_str());
        QCOMPARE(normalQuantile(0.5), 0.0);
    }

    void noiseIsNormalAndItsOwn()
    {
        const SourcePtr base = sourceOf("F32", {512, 1024});
        const Json noise = {{"op", "noise"}, {"std", 0.25}, {"seed", 7U}};
        const std::vector<double> before = valuesOf(*base), after = valuesOf(**patch(base, recipeOf(noise)));
        double sum = 0, squares = 0, fourth = 0, neighbours = 0, last = 0;
        for (std::size_t i = 0; i < before.size(); ++i) {
            const double z = (after[i] - before[i]) / 0.25;
            sum += z;
            squares += z * z;
            fourth += z * z * z * z;
            neighbours += z * last;
            last = z;
        }
        const auto n = static_cast<double>(before.size()); // five standard errors of each estimate
        QVERIFY(std::abs(sum / n) < 5 / std::sqrt(n));
        QVERIFY(std::abs(squares / n - 1) < 5 * std::sqrt(2 / n));
        QVERIFY(std::abs(fourth / n - 3) < 5 * std::sqrt(96 / n));
        QVERIFY(std::abs(neighbours / n) < 5 / std::sqrt(n));
        QVERIFY(valuesOf(**patch(base, recipeOf({{"op", "noise"}, {"std", 0.25}, {"seed", 8U}}))) != after);
        // Limited to a row, it is the same noise there and none elsewhere.
        const std::vector<double> row = valuesOf(**patch(base, recipeOf({{"op", "noise"}, {"std", 0.25}, {"seed", 7U}, {"elements", {{"rows", {3U, 4U}}}}})));
        for (std::size_t i = 0; i < row.size(); ++i)
            QCOMPARE(row[i], i / 1024 == 3 ? after[i] : before[i]);
    }

    void relativeNoiseIsInUnitsOfTheTensor()
    {
        const SourcePtr base = sourceOf("F64", {100, 1000});
        const auto squares = [](const std::vector<double>& values) {
            const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
            return std::accumulate(values.begin(), values.end(), 0.0, [mean](double sum, double x) { return sum + (x - mean) * (x - mean); });
        };
        const std::vector<double> before = valuesOf(*base);
        std::vector<double> delta = valuesOf(**patch(base, recipeOf({{"op", "noise"}, {"std", 0.01}, {"seed", 1U}, {"relative", true}})));
        for (std::size_t i = 0; i < delta.size(); ++i)
            delta[i] -= before[i];
        QVERIFY(std::abs(std::sqrt(squares(delta) / squares(before)) - 0.01) < 0.0002);
    }

    void headsAreCutAsTheConfigSays()
    {
        const SourcePtr base = sourceOf("F32", {16, 6});
        TensorInfo info = base->tensors()[0];
        info.name = "model.layers.0.self_attn.q_proj.weight";
        Elements elements;
        elements.heads = {3, 1};
        const Region region = *regionOf(elements, info, {4, 2, 4});
        QVERIFY((region.rows == std::vector<IndexRange>{{4, 8}, {12, 16}}));
        info.name = "model.layers.0.self_attn.k_proj.weight"; // two heads of four rows would be 8
        QVERIFY(!regionOf(elements, info, {4, 2, 4}));
    }

    void whatDoesNotMakeSenseIsRefused_data()
    {
        QTest::addColumn<std::string>("edit");
        for (const char* edit :
             {R"({"op":"prune","share":1.5})", R"({"op":"noise","std":1})", R"({"op":"noise","std":-1,"seed":1})",
              R"({"op":"normalize","form":"median"})", R"({"op":"normalize","form":"around_mean"})",
              R"({"op":"normalize","form":"around_mean","value":0})", R"({"op":"zero","strength":2.5})", R"({"op":"zero","strength":-1})",
              R"({"op":"zero","elements":"some"})", R"({"op":"zero","elements":{}})", R"({"op":"zero","elements":{"top":2}})",
              R"({"op":"zero","elements":{"top":0.1,"bottom":0.1}})", R"({"op":"zero","elements":{"of":"value"}})",
              R"({"op":"zero","elements":{"top":0.1,"of":"size"}})", R"({"op":"zero","elements":{"rows":[3,3]}})",
              R"({"op":"zero","elements":{"rows":[3]}})", R"({"op":"zero","elements":{"rows":[-1,3]}})",
              R"({"op":"zero","elements":{"quantile":[0.5,0.1]}})", R"({"op":"zero","elements":{"heads":[]}})",
              R"({"op":"zero","elements":{"heads":[1.5]}})", R"({"op":"zero","elements":{"cells":[1]}})"})
            QTest::newRow(edit) << std::string(edit);
    }
    void whatDoesNotMakeSenseIsRefused()
    {
        QFETCH(std::string, edit);
        Json json = *parseJson(edit, "edit");
        json["select"] = "name=x";
        const auto recipe = recipeFromJson({{"format", "weightbench.recipe/1"}, {"edits", {json}}}, "x");
        QVERIFY(!recipe);
        QVERIFY(recipe.error().code == ErrorCode::RecipeInvalid);
    }

    void writtenAndReadAgainIsTheSame()
    {
        const Json rows = *readJson(WB_TEST_DATA "/chains.json", false, 1 << 20);
        for (const Json& row : rows) {
            const RecipePtr recipe = recipeOf(row["edits"]);
            QVERIFY(**recipeFromJson(recipeToJson(*recipe), "x") == *recipe);
        }
    }
};

QTEST_APPLESS_MAIN(TestChains)
#include "tst_chains.moc"
