// The guard's verdicts against the model itself: what it calls absorbed, void or invariant changes no answer, what it calls
// effective does.
#include "core/checkpoint/open.h"
#include "core/eval/proof.h"
#include "core/recipe/check.h"
#include "core/recipe/recipejson.h"
#include "tests/support/modelcases.h"
#include "tests/support/support.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

class TestProof : public QObject {
    Q_OBJECT

    void compare(const char* name, const std::string& edits, const std::vector<std::string>& effects, const std::vector<Proven>& outcomes)
    {
        const TempFolder folder;
        writeFile(folder.path() / "model.safetensors", safetensorsBytes(modelCase(name).tensors));
        writeFile(folder.path() / "config.json", dumpJson(*modelCase(name).config));
        const auto base = openCheckpoint(folder.path());
        QVERIFY(base);
        const auto recipe = recipeFromJson(*parseJson(R"({"format":"weightbench.recipe/1","edits":)" + edits + "}", "test"), "test");
        QVERIFY2(recipe, recipe ? "" : errorMessage(recipe.error()).c_str());
        StatisticsCache cache(1 << 20);
        Progress progress;
        const RecipePtr bound = (*recipe)->withBase({"base", layoutFingerprint(**base), (*base)->tensors().size()}); // as the window's are
        const auto check = checkRecipe(*base, bound, cache, progress);
        const auto proofs = proveEdits(*base, bound, {}, progress);
        QVERIFY2(check && proofs, check && proofs ? "" : errorMessage((check ? proofs.error() : check.error())).c_str());
        QCOMPARE(proofs->size(), effects.size());
        for (std::size_t i = 0; i < effects.size(); ++i) {
            const EditProof& proof = (*proofs)[i];
            const QString numbers = QStringLiteral("%1: %2, stored %3, F32 %4").arg(i).arg(QLatin1String(provenName(proof.outcome))).arg(proof.stored).arg(proof.exact);
            QCOMPARE(check->edits[proof.index].effect, effects[i]);
            QVERIFY2(proof.outcome == outcomes[i], qPrintable(numbers));
            QVERIFY2(agrees(proof.outcome, effects[i]), qPrintable(numbers));
        }
    }

private slots:
    // A gain that a norm divides out again, a factor on q that its norm takes, one below the rounding step, the head's temperature.
    void qwen3()
    {
        compare("qwen3-f32", R"([{"op":"scale","select":"role=q_proj layer=0","factor":1.7},
                            {"op":"scale","select":"role=down_proj layer=1","factor":1.7},
                            {"op":"scale","select":"role=up_proj layer=0","factor":1.00000001},
                            {"op":"scale","select":"role=norm","factor":1.5}])",
                {"absorbed", "effective", "rounded_away", "greedy_invariant"}, {Proven::Rounding, Proven::Changes, Proven::Nothing, Proven::Temperature});
    }

    void layersAndDisabledOnes()
    {
        compare("llama", R"([{"op":"scale","select":"role=down_proj layer=0","factor":3,"enabled":false},{"op":"drop_layers","layers":[1,1]}])", {"effective"}, {Proven::Changes});
    }

    void whatALaterEditLeavesOut()
    {
        compare("llama", R"([{"op":"scale","select":"role=down_proj layer=1","factor":3},{"op":"scale","select":"role=down_proj layer=0","factor":3},{"op":"drop_layers","layers":[1,1]}])",
                {"void", "effective", "effective"}, {Proven::Nothing, Proven::Changes, Proven::Changes});
    }
};

QTEST_APPLESS_MAIN(TestProof)
#include "tst_proof.moc"
