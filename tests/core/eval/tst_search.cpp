// Searching several numbers of a recipe, and points that are kept.
#include "core/eval/sweep.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"
#include "tests/support/support.h"

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

// Two factors of a model whose score is a known function of them: what the search asks for is seen in the recipes that are made.
struct Bench {
    std::shared_ptr<MemorySource> source = modelCase("llama").source();
    ModelPtr base = load(*source);
    RecipePtr recipe = *recipeFromJson(*parseJson(R"({"format":"weightbench.recipe/1","edits":[{"op":"scale","select":"role=down_proj layer=1","factor":1},
        {"op":"scale","select":"role=up_proj layer=1","factor":1}]})", "test"), "test");
    std::vector<Knob> knobs{*parseKnob("edits[0].factor=0:2:1"), *parseKnob("edits[1].factor=0:2:1")};
    std::vector<double> last{1, 1};
    std::size_t scored = 0;
    MakeModel make = [this](const RecipePtr& edited, const ModelPtr& share) -> Result<ModelPtr> {
        last = {std::get<Scale>(edited->at(0).operation).factor, std::get<Scale>(edited->at(1).operation).factor};
        auto patched = patch(source, edited);
        if (!patched)
            return failure(patched);
        return load(**patched, share);
    };
    // Nine items in nats, best at (0.5, 1.5); every third one is better at (1.5, 0.5) by far.
    Metric metric()
    {
        Metric out;
        out.steps = 9;
        out.moreIsBetter = out.shares = false;
        out.score = [this](const ModelPtr& model, BoundaryStates*, Progress& progress) -> Result<std::vector<double>> {
            ++scored;
            if (!progress.advance(9))
                return cancelledError();
            const std::vector<double> at = model == base ? std::vector{1.0, 1.0} : last;
            std::vector<double> values;
            for (int i = 0; i < 9; ++i) {
                const double x = i % 3 == 2 ? 1.5 : 0.5, y = i % 3 == 2 ? 0.5 : 1.5;
                values.push_back(std::pow(at[0] - x, 2) + std::pow(at[1] - y, 2) + 0.01 * i);
            }
            return values;
        };
        return out;
    }
};

} // namespace

class TestSearch : public QObject {
    Q_OBJECT
private slots:
    void findsTheMinimumAndTellsWhatItIsWorth()
    {
        Bench bench;
        Progress progress;
        const Metric metric = bench.metric();
        const auto report = search(bench.base, *bench.recipe, bench.knobs, 150, bench.make, metric, nullptr, {}, progress);
        QVERIFY2(report, report ? "" : errorMessage(report.error()).c_str());
        QCOMPARE(report->points.size(), std::size_t{150});
        const SweepPoint& best = report->points[report->best];
        QVERIFY2(std::hypot(best.knobs[0] - 0.5, best.knobs[1] - 1.5) < 0.1, qPrintable(QStringLiteral("%1 %2").arg(best.knobs[0]).arg(best.knobs[1])));
        QCOMPARE(best.score.values.size(), std::size_t{6}); // without every third
        QVERIFY(report->heldOut->how == HeldOut::How::Third);
        QCOMPARE(report->heldOut->best.values.size(), std::size_t{3});
        QVERIFY(best.delta.mean < 0 && report->heldOut->delta.mean > 1); // better where it was sought, worse where not
    }

    void theSeedDecides()
    {
        const auto knobsOf = [](std::uint64_t seed) {
            Bench bench;
            Progress progress;
            std::vector<std::vector<double>> out;
            SweepOptions options;
            options.seed = seed;
            const Metric metric = bench.metric();
            const auto report = search(bench.base, *bench.recipe, bench.knobs, 30, bench.make, metric, nullptr, options, progress);
            for (const SweepPoint& point : report->points)
                out.push_back(point.knobs);
            return out;
        };
        QCOMPARE(knobsOf(3), knobsOf(3));
        QVERIFY(knobsOf(3) != knobsOf(4));
    }

    // A stopped search takes up what it had: the same points, none scored twice.
    void goesOn()
    {
        const TempFolder folder;
        const std::filesystem::path path = folder / "points.jsonl";
        const Json key = {{"model", "m"}};
        const auto run = [&](std::size_t stopAfter, std::size_t& scored) {
            Bench bench;
            Progress progress;
            auto kept = KeptPoints::open(path, key);
            SweepOptions options;
            options.kept = kept ? &*kept : nullptr;
            const Metric metric = bench.metric();
            auto report = search(bench.base, *bench.recipe, bench.knobs, 30, bench.make, metric, nullptr, options, progress,
                                 [&](const SweepPoint&, std::size_t index) { if (index + 1 == stopAfter) progress.cancel(); });
            scored = bench.scored;
            return report;
        };
        std::size_t scored = 0;
        QCOMPARE(run(12, scored).error().code, ErrorCode::Cancelled);
        writeFile(path, readFile(path) + "{\"values\":[1"); // torn
        const auto whole = run(0, scored);
        QVERIFY(whole);
        QVERIFY(scored <= 1 + 30 - 12);
        std::filesystem::remove(path);
        const auto fresh = run(0, scored);
        QCOMPARE(scored, std::size_t{31});
        QCOMPARE(whole->points.size(), fresh->points.size());
        for (std::size_t i = 0; i < whole->points.size(); ++i) {
            QCOMPARE(whole->points[i].knobs, fresh->points[i].knobs);
            QCOMPARE(whole->points[i].score.values, fresh->points[i].score.values);
        }
        const auto other = KeptPoints::open(path, {{"model", "another"}});
        QCOMPARE(other.error().code, ErrorCode::BadArgument);
    }

    void badInput()
    {
        Bench bench;
        Progress progress;
        const Metric metric = bench.metric();
        QCOMPARE(search(bench.base, *bench.recipe, bench.knobs, 0, bench.make, metric, nullptr, {}, progress).error().code, ErrorCode::BadArgument);
        QCOMPARE(search(bench.base, *bench.recipe, {}, 5, bench.make, metric, nullptr, {}, progress).error().code, ErrorCode::BadArgument);
    }
};

QTEST_APPLESS_MAIN(TestSearch)
#include "tst_search.moc"
