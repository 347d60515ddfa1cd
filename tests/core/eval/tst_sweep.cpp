// Sweeps: knobs, every point as scored alone, the best with its held-out score.
#include "core/eval/sweep.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

ModelPtr load(const TensorSource& source, const ModelPtr& share = nullptr)
{
    Progress progress;
    return Model::load(source, {"test", 0, share, {}}, progress).value_or(nullptr);
}

RecipePtr recipeOf(const char* edits)
{
    return *recipeFromJson(*parseJson(std::string(R"({"format":"weightbench.recipe/1","edits":)") + edits + "}", "test"), "test");
}

struct Bench {
    std::shared_ptr<MemorySource> source = modelCase("llama").source();
    std::vector<std::uint32_t> tokens = modelCase("llama").longIds;
    ModelPtr base = load(*source);
    MakeModel make = [this](const RecipePtr& recipe, const ModelPtr& share) -> Result<ModelPtr> {
        auto patched = patch(source, recipe);
        if (!patched)
            return failure(patched);
        return load(**patched, share);
    };
};

// A metric of six items whose scores are those of `table` at the point that was made last.
Metric tableMetric(const std::vector<std::vector<double>>& table, std::size_t& calls)
{
    Metric metric;
    metric.steps = table[0].size();
    metric.score = [&](const ModelPtr&, BoundaryStates*, Progress&) -> Result<std::vector<double>> { return table[calls++]; };
    return metric;
}

} // namespace

class TestSweep : public QObject {
    Q_OBJECT
private slots:
    void knobs()
    {
        const auto knob = parseKnob("edits[2].elements.top=0.5:1.5:11");
        QVERIFY(knob);
        QCOMPARE(knob->edit, std::size_t{2});
        QCOMPARE(knob->key, std::string("elements.top"));
        QCOMPARE(knob->at(0), 0.5);
        QCOMPARE(knob->at(5), 1.0);
        QCOMPARE(knob->at(10), 1.5);
        QCOMPARE(parseKnob("edits[0].factor=2:3:1")->at(0), 2.0);
        for (const char* bad : {"", "edits[0].factor", "edits[].factor=1:2:3", "edits[0].=1:2:3", "edits[0].factor=1:2", "edits[0].factor=1:2:0", "edits[0].factor=1:x:3",
                                "edits[0].factor=nan:2:3", "edit[0].factor=1:2:3", "edits[0].factor=1:2:99999999", "edits[-1].factor=1:2:3"})
            QVERIFY2(!parseKnob(bad) && parseKnob(bad).error().code == ErrorCode::BadArgument, bad);
    }

    void knobsInRecipes()
    {
        const RecipePtr recipe = recipeOf(R"([{"op":"scale","select":"layer=0","factor":2},{"op":"add","select":"layer=1","value":1,"elements":{"top":0.1,"of":"value"}},
            {"op":"noise","select":"layer=1","std":0.1,"seed":3}])");
        const std::vector<Knob> knobs{*parseKnob("edits[0].factor=0:1:2"), *parseKnob("edits[1].elements.top=0.2:0.3:2"), *parseKnob("edits[2].seed=1:9:9")};
        const auto out = withKnobs(*recipe, knobs, std::vector{0.5, 0.25, 7.0});
        QVERIFY2(out, out ? "" : errorMessage(out.error()).c_str());
        const Json json = recipeToJson(**out);
        QCOMPARE(json["edits"][0]["factor"].get<double>(), 0.5);
        QCOMPARE(json["edits"][1]["elements"]["top"].get<double>(), 0.25);
        QCOMPARE(json["edits"][2]["seed"].get<int>(), 7);
        const auto strength = withKnobs(*recipe, std::vector{*parseKnob("edits[0].strength=0:1:2")}, std::vector{0.5});
        QCOMPARE((*strength)->at(0).strength, 0.5);
        const auto problem = [&](const char* knob, double value) { return withKnobs(*recipe, std::vector{*parseKnob(knob)}, std::vector{value}).error().code; };
        QCOMPARE(problem("edits[3].factor=0:1:2", 0), ErrorCode::BadArgument);
        QCOMPARE(problem("edits[0].select=0:1:2", 0), ErrorCode::BadArgument);
        QCOMPARE(problem("edits[0].elements.top=0:1:2", 0), ErrorCode::BadArgument);
        QCOMPARE(problem("edits[0].wrong=0:1:2", 0), ErrorCode::RecipeInvalid);
        QCOMPARE(problem("edits[0].strength=0:9:2", 9), ErrorCode::RecipeInvalid);
    }

    void knobsWithinLists()
    {
        const RecipePtr recipe = recipeOf(R"([{"op":"svf","select":"layer=0","gains":[1,0.5,0.25]},{"op":"scale","select":"layer=1","factor":2,"elements":{"rows":[0,4]}}])");
        const auto out = withKnobs(*recipe, std::vector{*parseKnob("edits[0].gains[1]=0:1:2"), *parseKnob("edits[1].elements.rows[1]=2:3:2")}, std::vector{0.75, 3.0});
        QVERIFY2(out, out ? "" : errorMessage(out.error()).c_str());
        const Json json = recipeToJson(**out);
        QCOMPARE(json["edits"][0]["gains"], Json({1.0, 0.75, 0.25}));
        QCOMPARE(json["edits"][1]["elements"]["rows"], Json({0, 3}));
        for (const char* knob : {"edits[0].gains[3]=0:1:2", "edits[0].gains[x]=0:1:2", "edits[0].gains[=0:1:2", "edits[0].gains=0:1:2", "edits[0].gains[1][0]=0:1:2", "edits[0].gains[1]x=0:1:2",
                                 "edits[1].factor[0]=0:1:2"})
            QVERIFY2(withKnobs(*recipe, std::vector{*parseKnob(knob)}, std::vector{0.0}).error().code == ErrorCode::BadArgument, knob);
    }

    // Two knobs on a text: each point has the numbers of its own model, computed whole.
    void pointsAreThoseOfTheirModels_data()
    {
        QTest::addColumn<QByteArray>("edits");
        QTest::addColumn<int>("firstLayer");
        QTest::newRow("last layer") << QByteArray(R"([{"op":"scale","select":"role=down_proj layer=1","factor":1},{"op":"scale","select":"role=up_proj layer=1","factor":1}])") << 1;
        QTest::newRow("another edit before") << QByteArray(R"([{"op":"scale","select":"role=norm","factor":1},{"op":"scale","select":"role=up_proj layer=1","factor":1},
            {"op":"scale","select":"layer=0","factor":1.1}])") << 1;
        QTest::newRow("first layer") << QByteArray(R"([{"op":"scale","select":"role=down_proj layer=0","factor":1},{"op":"scale","select":"role=up_proj layer=1","factor":1}])") << 0;
    }

    void pointsAreThoseOfTheirModels()
    {
        QFETCH(QByteArray, edits);
        QFETCH(int, firstLayer);
        const Bench bench;
        const RecipePtr recipe = recipeOf(edits.constData());
        const std::vector<Knob> knobs{*parseKnob("edits[0].factor=0.5:1.5:3"), *parseKnob("edits[1].factor=0.8:1.2:2")};
        const PerplexityOptions options{20, 20, Precision::F32, {}};
        const auto metric = textMetric(bench.tokens, options);
        QVERIFY(metric);
        Progress progress;
        std::size_t told = 0;
        const auto report = sweep(bench.base, *recipe, knobs, bench.make, *metric, nullptr, {}, progress, [&](const SweepPoint&, std::size_t index) { QCOMPARE(index, told++); });
        QVERIFY2(report, report ? "" : errorMessage(report.error()).c_str());
        QCOMPARE(told, std::size_t{6});
        QCOMPARE(report->firstLayer, static_cast<std::size_t>(firstLayer));
        QCOMPARE(progress.state().done, progress.state().total);
        QCOMPARE(report->base.values, computePerplexity(*bench.base, bench.tokens, options, progress)->nll);
        std::size_t best = 0;
        for (std::size_t i = 0; i < 6; ++i) {
            const SweepPoint& point = report->points[i];
            QCOMPARE(point.knobs, (std::vector{0.5 + 0.5 * static_cast<double>(i / 2), i % 2 == 0 ? 0.8 : 1.2}));
            const auto alone = computePerplexity(**bench.make(*withKnobs(*recipe, knobs, point.knobs), nullptr), bench.tokens, options, progress);
            QCOMPARE(point.score.values, alone->nll);
            QVERIFY(std::abs(point.score.mean - alone->nllMean) < 1e-12);
            QVERIFY(std::abs(point.delta.mean - (alone->nllMean - report->base.mean)) < 1e-12);
            best = point.score.mean < report->points[best].score.mean ? i : best;
        }
        QCOMPARE(report->best, best);
        QVERIFY(report->heldOut && report->heldOut->how == HeldOut::How::CrossValidated);
        QVERIFY(report->heldOut->best.mean >= report->points[best].score.mean - 1e-12); // never better than what was chosen
    }

    // Without any effect the best of many points still looks good; held out it does not.
    void chosenOnNoise()
    {
        const std::vector<std::vector<double>> table{{0, 1, 0, 1, 0, 1}, {1, 1, 1, 0, 0, 0}, {0, 0, 0, 1, 1, 1}, {1, 0, 1, 0, 1, 0}};
        const Bench bench;
        const RecipePtr recipe = recipeOf(R"([{"op":"scale","select":"layer=0","factor":1}])");
        std::size_t calls = 0;
        Progress progress;
        const auto report = sweep(bench.base, *recipe, std::vector{*parseKnob("edits[0].factor=1:3:3")}, bench.make, tableMetric(table, calls), nullptr, {}, progress);
        QVERIFY(report);
        QCOMPARE(report->best, std::size_t{0}); // the first of equals
        QCOMPARE(report->points[0].score.mean, 0.5);
        // Leaving item i out: item 0 → point 1 (3 of 5 without it), 1 → 1, 2 → 1, 3 → 0, 4 → 0, 5 → 0.
        QCOMPARE(report->heldOut->best.values, (std::vector<double>{0, 0, 0, 0, 0, 0}));
        QCOMPARE(report->heldOut->delta.mean, -0.5);
        QCOMPARE(*report->points[0].delta.p, mcnemarExact(2, 2));
    }

    void heldOutMetric()
    {
        const std::vector<std::vector<double>> table{{0, 0}, {0, 1}, {1, 1}}, others{{1, 0, 0, 1}, {1, 1, 0, 1}};
        const Bench bench;
        const RecipePtr recipe = recipeOf(R"([{"op":"scale","select":"layer=0","factor":1}])");
        std::size_t calls = 0, otherCalls = 0;
        Progress progress;
        const Metric heldOut = tableMetric(others, otherCalls);
        const auto report = sweep(bench.base, *recipe, std::vector{*parseKnob("edits[0].factor=1:2:2")}, bench.make, tableMetric(table, calls), &heldOut, {}, progress);
        QCOMPARE(report->best, std::size_t{1});
        QVERIFY(report->heldOut->how == HeldOut::How::Apart);
        QCOMPARE(report->heldOut->base.mean, 0.5);
        QCOMPARE(report->heldOut->best.mean, 0.75);
        QCOMPARE(report->heldOut->delta.mean, 0.25);
    }

    void stops()
    {
        const Bench bench;
        const auto metric = textMetric(bench.tokens, {});
        Progress progress;
        progress.cancel();
        const auto report = sweep(bench.base, *recipeOf(R"([{"op":"scale","select":"layer=0","factor":1}])"), std::vector{*parseKnob("edits[0].factor=1:2:2")}, bench.make,
                                  *metric, nullptr, {}, progress);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestSweep)
#include "tst_sweep.moc"
