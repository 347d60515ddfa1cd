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

    // `copied`: the tied embedding is stored a second time, as the head.
    void compare(const char* name, const std::string& edits, const std::vector<std::string>& effects, const std::vector<Proven>& outcomes, bool copied = false)
    {
        const TempFolder folder;
        std::vector<BuiltTensor> tensors = modelCase(name).tensors;
        if (copied) {
            tensors.push_back(*std::ranges::find(tensors, "model.embed_tokens.weight", &BuiltTensor::name));
            tensors.back().name = "lm_head.weight";
        }
        writeFile(folder.path() / "model.safetensors", safetensorsBytes(tensors));
        writeFile(folder.path() / "config.json", dumpJson(*modelCase(name).config));
        const auto base = openCheckpoint(folder.path());
        QVERIFY(base);
        const auto recipe = recipeFromJson(*parseJson(R"({"format":"weightbench.recipe/1","edits":)" + edits + "}", "test"), "test");
        QVERIFY2(recipe, recipe ? "" : errorMessage(recipe.error()).c_str());
        StatisticsCache cache(1 << 20);
        Progress progress;
        const RecipePtr bound = (*recipe)->withBase({"base", layoutFingerprint(**base), (*base)->tensors().size()}); // as the window's are
        const auto check = checkRecipe(*base, bound, cache, progress);
        ProofOptions options;
        if (check) {
            options.together = check->together();
            options.until = check->until();
        }
        const auto proofs = proveEdits(*base, bound, options, progress);
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

    // Two factors that undo each other are nothing together, however much each would be alone.
    void pairs()
    {
        compare("llama", R"([{"op":"scale","select":"role=v_proj layer=0","factor":2},{"op":"scale","select":"role=gate_proj layer=1","factor":2},{"op":"scale","select":"role=o_proj layer=0","factor":0.5},
                             {"op":"scale","select":"role=up_proj layer=1","factor":2},{"op":"scale","select":"role=up_proj layer=1","factor":2},{"op":"scale","select":"role=down_proj layer=1","factor":0.25}])",
                {"absorbed", "effective", "absorbed", "absorbed", "absorbed", "absorbed"}, {Proven::Nothing, Proven::Changes, Proven::Nothing, Proven::Nothing, Proven::Nothing, Proven::Nothing});
        compare("llama", R"([{"op":"scale","select":"role=v_proj layer=0","factor":2},{"op":"scale","select":"role=o_proj layer=0","factor":0.6}])", {"effective", "effective"}, {Proven::Changes, Proven::Changes});
    }

    // What all logits of a place have in common no probability shows.
    void constantsOfTheHead()
    {
        compare("llama", R"([{"op":"add","select":"role=lm_head","value":0.05},{"op":"add","select":"role=lm_head","value":0.05,"elements":{"rows":[0,9]}},{"op":"scale","select":"role=lm_head","factor":1.5}])",
                {"void", "effective", "greedy_invariant"}, {Proven::Rounding, Proven::Changes, Proven::Temperature});
        compare("phi", R"([{"op":"add","select":"role=lm_head.bias","value":0.5}])", {"void"}, {Proven::Rounding});
    }

    // The verdicts are of loaders that follow the config's tie: so is the proof.
    void aStoredCopyOfTheTiedHead()
    {
        compare("llama-tied-f16", R"([{"op":"scale","select":"role=lm_head","factor":1.5},{"op":"scale","select":"role=embed_tokens","factor":1.5}])", {"void", "effective"}, {Proven::Nothing, Proven::Changes}, true);
    }

    // A LayerNorm takes away what all of its input has in common, an RMS norm does not.
    void constantsBeforeANorm()
    {
        const std::string stream = R"([{"op":"add","select":"role=o_proj layer=0","value":0.05},{"op":"add","select":"role=down_proj layer=0","value":0.05}])";
        compare("cohere", stream, {"absorbed", "absorbed"}, {Proven::Rounding, Proven::Rounding});
        compare("llama", stream, {"effective", "effective"}, {Proven::Changes, Proven::Changes});
        compare("cohere", R"([{"op":"add","select":"role=embed_tokens","value":0.05},{"op":"add","select":"role=q_proj layer=0","value":0.05}])", {"absorbed", "effective"}, {Proven::Rounding, Proven::Changes});
        compare("cohere-qk", R"([{"op":"add","select":"role=q_proj layer=0","value":0.05},{"op":"add","select":"role=k_proj layer=1","value":0.05},{"op":"add","select":"role=v_proj layer=1","value":0.05}])",
                {"absorbed", "absorbed", "effective"}, {Proven::Rounding, Proven::Rounding, Proven::Changes});
        compare("qwen3-f32", R"([{"op":"add","select":"role=q_proj layer=0","value":0.05}])", {"effective"}, {Proven::Changes});
        compare("phi", R"([{"op":"add","select":"role=fc2 layer=0","value":0.05},{"op":"add","select":"role=fc2.bias layer=0","value":0.05},{"op":"add","select":"role=fc1 layer=0","value":0.05}])",
                {"absorbed", "absorbed", "effective"}, {Proven::Rounding, Proven::Rounding, Proven::Changes});
        compare("mixtral", R"([{"op":"add","select":"role=router layer=0","value":0.05}])", {"absorbed"}, {Proven::Rounding});
        compare("bloom", R"([{"op":"scale","select":"role=embed_tokens","factor":1.5}])", {"greedy_invariant"}, {Proven::Temperature});
    }

    // What is added to all keys alike, and what the norm behind the embedding adds to all of the stream.
    void constantsBeforeASoftmax()
    {
        compare("opt", R"([{"op":"add","select":"role=k_proj.bias layer=0","value":0.5},{"op":"scale","select":"role=k_proj.bias layer=1","factor":3},{"op":"add","select":"role=q_proj.bias layer=0","value":0.5},
                          {"op":"add","select":"role=k_proj layer=0","value":0.05},{"op":"clamp","select":"role=k_proj.bias layer=0","max":0.25}])",
                {"absorbed", "absorbed", "effective", "effective", "absorbed"}, {Proven::Rounding, Proven::Rounding, Proven::Changes, Proven::Changes, Proven::Rounding});
        compare("qwen2", R"([{"op":"add","select":"role=k_proj.bias layer=0","value":0.5}])", {"effective"}, {Proven::Changes}); // turned by their places
        compare("bloom", R"([{"op":"add","select":"role=embedding_norm.bias","value":0.5},{"op":"add","select":"role=embedding_norm","value":0.5}])", {"absorbed", "effective"}, {Proven::Rounding, Proven::Changes});
    }

    // An edit is what the recipe would be without it.
    void laterEditsOfTheSameTensor()
    {
        compare("qwen3-f32", R"([{"op":"scale","select":"role=q_proj layer=0","factor":2},{"op":"add","select":"role=q_proj layer=0","value":0.05},{"op":"scale","select":"role=q_proj layer=0","factor":3},
                                 {"op":"scale","select":"role=k_proj layer=1","factor":2},{"op":"prune","select":"role=k_proj layer=1","share":0.25},{"op":"scale","select":"role=k_proj layer=1","factor":-1,"elements":{"rows":[0,3]}}])",
                {"effective", "effective", "absorbed", "absorbed", "effective", "effective"}, {Proven::Changes, Proven::Changes, Proven::Rounding, Proven::Rounding, Proven::Changes, Proven::Changes});
        compare("llama", R"([{"op":"scale","select":"role=up_proj layer=0","factor":3},{"op":"set","select":"role=up_proj layer=0","value":0.01},{"op":"add","select":"role=up_proj layer=0","value":0.01},
                             {"op":"scale","select":"role=lm_head","factor":1.5},{"op":"add","select":"role=lm_head","value":0.05},{"op":"scale","select":"role=lm_head","factor":0.5,"elements":{"rows":[0,4]}}])",
                {"void", "effective", "effective", "greedy_invariant", "effective", "effective"},
                {Proven::Nothing, Proven::Changes, Proven::Changes, Proven::Temperature, Proven::Changes, Proven::Changes});
        compare("cohere", R"([{"op":"add","select":"role=o_proj layer=0","value":0.05},{"op":"scale","select":"role=o_proj layer=0","factor":1.5},{"op":"add","select":"role=down_proj layer=0","value":0.05},{"op":"zero","select":"role=down_proj layer=0","elements":{"rows":[0,3]}}])",
                {"absorbed", "effective", "effective", "effective"}, {Proven::Rounding, Proven::Changes, Proven::Changes, Proven::Changes});
        // All layers at once: the most effective of the tensors.
        compare("qwen3-f32", R"([{"op":"scale","select":"role=q_proj","factor":2},{"op":"clamp","select":"role=q_proj layer=1","max":0.1}])", {"effective", "effective"}, {Proven::Changes, Proven::Changes});
    }

    void whatALaterEditLeavesOut()
    {
        compare("llama", R"([{"op":"scale","select":"role=down_proj layer=1","factor":3},{"op":"scale","select":"role=down_proj layer=0","factor":3},{"op":"drop_layers","layers":[1,1]}])",
                {"void", "effective", "effective"}, {Proven::Nothing, Proven::Changes, Proven::Changes});
    }
};

QTEST_APPLESS_MAIN(TestProof)
#include "tst_proof.moc"
