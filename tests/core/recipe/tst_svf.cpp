#include "core/analysis/decomposition.h"
#include "core/base/parallel.h"
#include "core/checkpoint/open.h"
#include "core/recipe/check.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/svf.h"
#include "core/tensor/decode.h"
#include "tests/support/memorysource.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

const std::filesystem::path data = std::filesystem::path(WB_TEST_DATA) / "svf";

std::vector<double> valuesOf(const TensorSource& source, std::size_t tensor)
{
    std::vector<double> values(source.tensors()[tensor].elements);
    if (!readValues(source, tensor, 0, values))
        values.clear();
    return values;
}

RecipePtr recipeOf(const Json& edit)
{
    const Json json = {{"format", "weightbench.recipe/1"}, {"edits", Json::array({edit})}};
    auto recipe = recipeFromJson(json, "r.json");
    return recipe ? *recipe : nullptr;
}

Edit edit(Gains gains, bool kept, const std::string& select = "name=*") { return {Svf{std::move(gains), kept}, *Selector::parse(select)}; }

// A diagonal matrix has the singular values that stand in it.
std::shared_ptr<const MemorySource> diagonal(const std::string& type = "F32")
{
    std::string bytes = f32Bytes({3, 0, 0, 0, 2, 0, 0, 0, 1});
    if (type == "BF16")
        bytes = bf16Bytes({3, 0, 0, 0, 2, 0, 0, 0, 1});
    return std::make_shared<const MemorySource>(std::vector<BuiltTensor>{{"w", type, {3, 3}, bytes}});
}

double sigmoid(double p) { return 1 / (1 + std::exp(-p)); }

std::string refusal(const SourcePtr& source, const Edit& one)
{
    auto patched = patch(source, Recipe().with(one));
    if (!patched)
        return sentence(patched.error());
    std::vector<std::byte> out(source->tensors()[0].bytes);
    const auto done = (*patched)->read(0, {0, source->tensors()[0].units()}, out);
    return done ? "" : sentence(done.error());
}

} // namespace

class TestSvf : public QObject {
    Q_OBJECT
private slots:
    // A small power raises no rounding of zero: the rank never grows.
    void powersOfZero()
    {
        const auto gains = multipliers(Svf{PowerGains{0}, false}, 1, "w", std::vector<double>{4, 2, 1e-16, 0});
        QVERIFY(gains);
        QCOMPARE(*gains, (std::vector<double>{1, 2, 1, 1}));
    }

    // systems.md 4.1 of the project's reference: S = (3, 2, 1), p = (.1, .5, -.4).
    void keepsTheNuclearNormAsTheReferenceDoes()
    {
        const std::vector<double> s = {3, 2, 1};
        const Svf svf{ListedGains{{sigmoid(0.1), sigmoid(0.5), sigmoid(-0.4)}}, true};
        const auto m = multipliers(svf, 1, "w", s);
        QVERIFY(m);
        const double want[] = {2.9336016370253613, 2.3188826738885093, 0.7475156890861296};
        double sum = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            QVERIFY(std::abs((*m)[i] * s[i] - want[i]) < 1e-12);
            sum += (*m)[i] * s[i];
        }
        QVERIFY(std::abs(sum - 6) < 1e-12);
        QVERIFY(std::abs((*m)[0] / sigmoid(0.1) - 1.862678055939151) < 1e-12);
    }

    void agreesWithNumpy_data()
    {
        QTest::addColumn<std::string>("tensor");
        QTest::addColumn<std::string>("expected");
        QTest::addColumn<std::string>("edit");
        const auto cases = readJson(data / "cases.json", false, 1U << 20);
        for (const Json& row : *cases) {
            const auto tensor = row["tensor"].get<std::string>(), expected = row["expected"].get<std::string>();
            QTest::newRow((expected + " " + tensor).c_str()) << tensor << expected << dumpJson(row["edit"]);
        }
    }
    void agreesWithNumpy()
    {
        QFETCH(std::string, tensor);
        QFETCH(std::string, expected);
        QFETCH(std::string, edit);
        const auto base = *openCheckpoint(data / "base.safetensors"), goldens = *openCheckpoint(data / "expected.safetensors");
        const auto patched = patch(base, recipeOf(*parseJson(edit, "edit")));
        QVERIFY2(patched, patched ? "" : sentence(patched.error()).c_str());
        const std::size_t at = *base->find(tensor);
        const auto got = valuesOf(**patched, at), want = valuesOf(*goldens, *goldens->find(expected));
        QCOMPARE(got.size(), want.size());
        const DType dtype = base->tensors()[at].dtype;
        const double ulp = dtype == DType::F64 ? 0 : dtype == DType::F32 ? 0x1p-23 : dtype == DType::F16 ? 0x1p-10 : 0x1p-7;
        std::size_t differ = 0;
        for (std::size_t i = 0; i < got.size(); ++i) {
            differ += got[i] != want[i] && dtype != DType::F64 ? 1 : 0;
            QVERIFY2(std::abs(got[i] - want[i]) <= std::abs(want[i]) * ulp + 1e-12, qPrintable(QString::number(got[i] - want[i])));
        }
        QVERIFY(differ <= 1 + (tensor.starts_with("deficient") ? got.size() / 100 : 0)); // a tie of the rounding
    }

    void replaysToTheBit()
    {
        const auto base = *openCheckpoint(data / "base.safetensors");
        const RecipePtr recipe = Recipe().with(edit(PowerGains{1.2}, true, "name=tall.*"))->with({Scale{1.5}, *Selector::parse("name=tall.*")})->with(edit(RankCut{7}, false, "name=tall.*"))->with({Add{0.01}, *Selector::parse("name=tall.*")});
        for (const char* name : {"tall.BF16", "tall.F64"}) {
            const std::size_t at = *base->find(name);
            const auto whole = bytesOf(**patch(base, recipe), at);
            const std::uint32_t unit = unitBytes(base->tensors()[at].dtype);
            for (const std::size_t piece : {7U, 100U}) { // cut anywhere, from several threads
                std::vector<std::byte> out(whole.size());
                const auto patched = *patch(base, recipe);
                const std::size_t pieces = (base->tensors()[at].elements + piece - 1) / piece;
                parallelFor(pieces, [&](std::size_t i) {
                    const std::size_t first = i * piece, count = std::min<std::size_t>(piece, base->tensors()[at].elements - first);
                    QVERIFY(patched->read(at, {first, count}, std::span(out).subspan(first * unit, count * unit)));
                });
                QVERIFY(out == whole);
            }
        }
    }

    void changesNoBitWhereEveryGainIsOne()
    {
        const auto base = *openCheckpoint(data / "base.safetensors");
        for (const bool kept : {false, true})
            for (const auto& gains : {Gains(PowerGains{1}), Gains(RankCut{1000}), Gains(EnergyCut{1}), Gains(BandGains{{{0, 10, 1}}})}) {
                const auto patched = *patch(base, Recipe().with(edit(gains, kept)));
                for (std::size_t at = 0; at < base->tensors().size(); ++at)
                    QVERIFY2(bytesOf(*patched, at) == bytesOf(*base, at), describe(Svf{gains, kept}).c_str());
            }
        // A common gain is no change either while the sum is kept.
        const auto patched = *patch(diagonal(), Recipe().with(edit(ListedGains{{0.3, 0.3, 0.3}}, true)));
        QVERIFY(bytesOf(*patched, 0) == bytesOf(*diagonal(), 0));
    }

    // F64 holds matrices whose squares it does not.
    void energyBeyondTheSquares()
    {
        const std::vector<double> values = {4, 3, 2, 1};
        for (const double share : {0.5, 0.84, 0.97})
            for (const int power : {600, -600, -1070}) {
                std::vector<double> scaled;
                for (const double value : values)
                    scaled.push_back(std::ldexp(value, power));
                const Svf svf{EnergyCut{share}, false};
                QCOMPARE(*multipliers(svf, 1, "w", scaled), *multipliers(svf, 1, "w", values));
            }
        QCOMPARE(*multipliers({EnergyCut{0.84}, false}, 1, "w", values), (std::vector<double>{1, 1, 1, 0}));
    }

    void mixesMultipliers()
    {
        const auto table = [](std::vector<double> gains) { return std::make_shared<const GainTable>(std::map<std::string, std::vector<double>>{{"w", std::move(gains)}}); };
        const MixedGains mix{{{"a", 0.25, table({1, 2, 4})}, {"b", 0.75, table({1, 0, 2})}}};
        const auto got = valuesOf(**patch(diagonal(), Recipe().with(edit(mix, false))), 0);
        const std::vector<double> want = {3, 0, 0, 0, 1, 0, 0, 0, 2.5};
        for (std::size_t i = 0; i < 9; ++i)
            QVERIFY(std::abs(got[i] - want[i]) < 1e-6);
    }

    void refuses_data()
    {
        QTest::addColumn<std::string>("says");
        QTest::addColumn<Gains>("gains");
        QTest::addColumn<bool>("kept");
        QTest::newRow("length") << std::string("has 2 gains and the matrix has 3") << Gains(ListedGains{{1, 2}}) << false;
        QTest::newRow("band") << std::string("the band 1:4 reaches past its 3") << Gains(BandGains{{{1, 4, 2}}}) << false;
        QTest::newRow("nothing left") << std::string("which no factor brings back to 6") << Gains(RankCut{0}) << true;
        QTest::newRow("negative") << std::string("leave a sum of singular values of -6") << Gains(ListedGains{{-1, -1, -1}}) << true;
        QTest::newRow("expert") << std::string("the expert e has no gains for it") << Gains(MixedGains{{{"e", 1, std::make_shared<const GainTable>(std::map<std::string, std::vector<double>>{})}}}) << false;
    }
    void refuses()
    {
        QFETCH(std::string, says);
        QFETCH(Gains, gains);
        QFETCH(bool, kept);
        const std::string said = refusal(diagonal(), edit(gains, kept));
        QVERIFY2(said.find(says) != std::string::npos, said.c_str());
    }

    void refusesWhatHasNoSingularValues()
    {
        const auto made = [](const std::string& type, const Shape& shape, const std::string& bytes) {
            return std::make_shared<const MemorySource>(std::vector<BuiltTensor>{{"w", type, shape, bytes}});
        };
        const Edit power = edit(PowerGains{1.1}, false);
        QVERIFY(refusal(made("F32", {4}, f32Bytes({1, 2, 3, 4})), power).find("its shape is [4]") != std::string::npos);
        QVERIFY(refusal(made("I16", {1, 2}, std::string(4, '\1')), power).find("whole numbers") != std::string::npos);
        QVERIFY(refusal(made("F32", {2, 2}, f32Bytes({1, 2, NAN, 4})), power).find("not finite") != std::string::npos);
        Edit part = power;
        part.elements.rows = IndexRange{0, 1};
        QVERIFY(refusal(diagonal(), part).find("belong to a whole matrix") != std::string::npos);
    }

    void knowsWhatHasNoEffect()
    {
        TempFolder folder;
        writeFile(folder / "model.safetensors", safetensorsBytes({{"model.layers.0.mlp.down_proj.weight", "BF16", {3, 3}, bf16Bytes({3, 0, 0, 0, 2, 0, 0, 0, 1})}}));
        const auto base = *openCheckpoint(folder / "model.safetensors");
        const auto effect = [&](Gains gains, bool kept) {
            StatisticsCache cache;
            Progress progress;
            const EditCheck check = checkRecipe(base, Recipe().with(edit(std::move(gains), kept)), cache, progress)->edits.at(0);
            return check.effect + " " + check.because.english();
        };
        QCOMPARE(effect(PowerGains{1}, false), "void every gain is 1");
        QVERIFY(effect(ListedGains{{2, 2, 2}}, true).starts_with("void a gain that all"));
        QVERIFY(effect(RankCut{3}, false).starts_with("void the cut leaves"));
        QVERIFY(effect(PowerGains{1.00001}, false).starts_with("rounded_away"));
        QVERIFY(effect(ListedGains{{2, 2, 2}}, false).starts_with("effective"));
        QVERIFY(effect(RankCut{2}, true).starts_with("effective"));
    }

    void comesBackAsItWas()
    {
        const auto table = std::make_shared<const GainTable>(std::map<std::string, std::vector<double>>{{"a", {1, 0.1}}, {"b", {3}}});
        for (const Gains& gains : {Gains(ListedGains{{1, 0.1, 1e-300}}), Gains(BandGains{{{0, 3, 0.5}, {7, 9, -1}}}), Gains(PowerGains{1.1}),
                                   Gains(CurveGains{true, {{0, 1.5}, {0.3, 1}}}), Gains(EnergyCut{0.99}), Gains(RankCut{64}), Gains(MixedGains{{{"e", 0.7, table}}})}) {
            const RecipePtr recipe = Recipe().with(edit(gains, true));
            const auto again = recipeFromJson(*parseJson(dumpJson(recipeToJson(*recipe)), "r"), "r");
            QVERIFY2(again, again ? "" : sentence(again.error()).c_str());
            QVERIFY(**again == *recipe);
            QCOMPARE(canonical((*again)->at(0)), canonical(recipe->at(0)));
        }
    }

    // Long lists go beside the recipe, by their hash; a model of that name is never overwritten.
    void longListsLiveBesideTheRecipe()
    {
        TempFolder folder;
        std::vector<double> gains;
        for (int i = 0; i < 5000; ++i)
            gains.push_back(1.0 / (1 + i));
        const auto table = std::make_shared<const GainTable>(std::map<std::string, std::vector<double>>{{"a", gains}, {"b", {0.1}}});
        RecipePtr recipe = Recipe().with(edit(MixedGains{{{"e", 0.5, table}}}, true))->with(edit(ListedGains{gains}, false));
        QVERIFY(saveRecipe(*recipe, folder / "r.json"));
        QVERIFY(readFile(folder / "r.json").size() < 2000);
        QVERIFY(**loadRecipe(folder / "r.json") == *recipe);
        const std::string before = readFile(folder / "r.json");
        gains[0] = 2;
        recipe = Recipe().with(edit(ListedGains{gains}, false));
        QVERIFY(saveRecipe(*recipe, folder / "r.json"));
        QVERIFY(**loadRecipe(folder / "r.json") == *recipe);
        writeFile(folder / "r.json", before); // as if the program had died before the recipe was written
        QVERIFY(loadRecipe(folder / "r.json"));
        // A missing file is named.
        QVERIFY(saveRecipe(*recipe, folder / "s.json"));
        std::filesystem::remove(folder / "s.safetensors");
        const auto missing = loadRecipe(folder / "s.json");
        QVERIFY(!missing && sentence(missing.error()).find("s.safetensors") != std::string::npos);
        // A model beside it stays what it is.
        const std::string model = safetensorsBytes({{"w", "F32", {1}, f32Bytes({1})}});
        writeFile(folder / "m.safetensors", model);
        QVERIFY(saveRecipe(*recipe, folder / "m.json"));
        QCOMPARE(readFile(folder / "m.safetensors"), model);
        QVERIFY(**loadRecipe(folder / "m.json") == *recipe);
    }

    void damagedPayloadsAreRefused()
    {
        TempFolder folder;
        const RecipePtr recipe = Recipe().with(edit(ListedGains{std::vector<double>(5000, 0.5)}, false));
        QVERIFY(saveRecipe(*recipe, folder / "r.json"));
        std::string payload = readFile(folder / "r.safetensors");
        payload.back() = static_cast<char>(payload.back() ^ 1);
        writeFile(folder / "r.safetensors", payload);
        const auto loaded = loadRecipe(folder / "r.json");
        QVERIFY(!loaded && sentence(loaded.error()).find("do not have the hash") != std::string::npos);
    }

    void refusesGainsThatAreNone_data()
    {
        QTest::addColumn<std::string>("gains");
        for (const char* text : {"[]", "[1,\"a\"]", "[1e400]", "1", "{}", "{\"rule\":\"wild\"}", "{\"rule\":\"power\"}", "{\"rule\":\"power\",\"value\":1,\"x\":2}", "{\"rule\":\"energy\",\"value\":1.5}",
                                 "{\"rule\":\"rank\",\"value\":-1}", "{\"rule\":\"bands\",\"bands\":[[3,1,1]]}", "{\"rule\":\"bands\",\"bands\":[[0,1]]}",
                                 "{\"rule\":\"curve\",\"scale\":\"log\",\"points\":[[0,0]]}", "{\"rule\":\"curve\",\"scale\":\"linear\",\"points\":[[0.5,1],[0.5,2]]}",
                                 "{\"rule\":\"curve\",\"scale\":\"cubic\",\"points\":[[0.5,1]]}", "{\"rule\":\"mix\",\"experts\":[]}", "{\"rule\":\"mix\",\"experts\":[{\"name\":\"a\",\"weight\":1,\"gains\":{}}]}"})
            QTest::newRow(text) << std::string(text);
    }
    void refusesGainsThatAreNone()
    {
        QFETCH(std::string, gains);
        const auto json = parseJson("{\"format\":\"weightbench.recipe/1\",\"edits\":[{\"op\":\"svf\",\"select\":\"name=*\",\"gains\":" + gains + "}]}", "r");
        QVERIFY(!json || !recipeFromJson(*json, "r"));
    }
};

QTEST_APPLESS_MAIN(TestSvf)
#include "tst_svf.moc"
