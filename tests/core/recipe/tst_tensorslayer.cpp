// Tensor Slayer's recommendations as recipes, and its 44 published edits on a Qwen3 of 28 layers against torch.
#include "core/base/hash.h"
#include "core/checkpoint/open.h"
#include "core/recipe/check.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/tensorslayer.h"
#include "tests/support/memorysource.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <map>

using namespace wb;
using namespace wb::test;

namespace {

// As make_tensorslayer_golden.py fills them.
std::vector<BuiltTensor> smallQwen(const Json& golden)
{
    std::vector<BuiltTensor> tensors;
    for (const Json& row : golden["tensors"]) {
        BuiltTensor tensor{row[0].get<std::string>(), "BF16", row[1].get<std::vector<std::uint64_t>>(), ""};
        std::uint64_t elements = 1;
        for (const std::uint64_t extent : tensor.shape)
            elements *= extent;
        std::vector<float> values(elements);
        for (std::uint64_t i = 0; i < elements; ++i)
            values[i] = static_cast<float>((static_cast<double>(((i + 1000 * tensors.size()) * 2654435761U) % (1ULL << 32)) - 0x1p31) / 0x1p26);
        tensor.data = bf16Bytes(values);
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

std::string problemIn(const char* text)
{
    const auto recipe = tensorSlayerRecipe(text, "x.json");
    return recipe ? "" : recipe.error().where + ": " + recipe.error().args.front();
}

} // namespace

class TestTensorSlayer : public QObject {
    Q_OBJECT
private:
    Json m_golden;
    RecipePtr m_published;

private slots:
    void initTestCase()
    {
        m_golden = *readJson(WB_TEST_DATA "/tensorslayer.json", false, 1 << 20);
        m_published = *loadRecipe(WB_SOURCE_DIR "/resources/recipes/tensor-slayer-qwen3-0.6b.json");
        QCOMPARE(m_published->size(), 44U);
    }

    void thePublishedEditsEqualTorch()
    {
        const SourcePtr base = std::make_shared<const MemorySource>(smallQwen(m_golden));
        QCOMPARE(base->tensors().size(), 311U);
        const auto patched = *patch(base, m_published);
        Sha256 whole;
        for (std::size_t i = 0; i < 311; ++i) {
            const auto bytes = bytesOf(*patched, i);
            whole.update(bytes);
            const auto want = m_golden["edited"].find(base->tensors()[i].name);
            QCOMPARE(!patched->editsOf(i).empty(), want != m_golden["edited"].end());
            if (want == m_golden["edited"].end())
                continue;
            Sha256 hash;
            hash.update(bytes);
            QCOMPARE(hash.finish(), want->get<std::string>());
        }
        QCOMPARE(whole.finish(), m_golden["all"].get<std::string>());
    }

    void whatTheyDoIsSaidBeforehand()
    {
        TempFolder folder;
        std::vector<BuiltTensor> tensors = smallQwen(m_golden);
        tensors[2].data = tensors[0].data; // the head is stored as a copy of the embedding
        writeFile(folder / "model.safetensors", safetensorsBytes(tensors));
        writeFile(folder / "config.json", "{\"model_type\":\"qwen3\",\"tie_word_embeddings\":true}");
        StatisticsCache cache;
        Progress progress;
        const auto check = checkRecipe(*openCheckpoint(folder.path()), m_published, cache, progress);
        if (!check)
            QFAIL(sentence(check.error()).c_str());
        std::map<std::string, int> effects;
        for (const EditCheck& edit : check->edits)
            ++effects[edit.effect];
        QCOMPARE(effects["absorbed"], 18); // q_proj goes into q_norm
        QCOMPARE(effects["void"], 1);      // the copied head
        QCOMPARE(effects["effective"], 25);
        QVERIFY(check->edits[1].because.english().find("used twice") != std::string::npos);
        QVERIFY(check->edits[2].because.english().find("v_proj only") != std::string::npos);
    }

    void rowsBecomeEdits()
    {
        const auto recipe = tensorSlayerRecipe(R"json([
            {"tensor_name": "a", "operation": "scale", "value": 1.02, "target": "all", "confidence": 0.9, "reason": "Why not."},
            {"tensor_name": "b[0]", "operation": "clamp_max", "value": "3", "target": "top 12.5%"},
            {"tensor": "c", "operation": "clamp", "value": "-0.5, 20", "target": "bottom 10%", "confidence": "high"},
            {"tensor_name": "d", "operation": "normalize", "value": 1}])json", "x.json");
        if (!recipe)
            QFAIL(sentence(recipe.error()).c_str());
        QCOMPARE((*recipe)->size(), 4U);
        QVERIFY((*recipe)->at(0).operation == Operation(Scale{1.02}));
        QCOMPARE((*recipe)->at(0).reason, "Why not. (confidence 0.9)");
        QVERIFY((*recipe)->at(1).operation == Operation(Clamp{std::nullopt, 3}));
        QCOMPARE((*recipe)->at(1).elements.band->low, 0.125);
        QCOMPARE((*recipe)->at(1).select.text(), "name=\"b[0]\"");
        QVERIFY((*recipe)->at(2).operation == Operation(Clamp{-0.5, 20}));
        QVERIFY((*recipe)->at(2).elements.band->kind == ValueBand::Kind::Bottom);
        QVERIFY((*recipe)->at(3).operation == Operation(Normalize{Normalize::Form::Epsilon, 1}));
    }

    void listsAreFoundInProse()
    {
        QCOMPARE((*tensorSlayerRecipe("Sure! Here it is:\n```json\n[{\"tensor_name\":\"a\",\"operation\":\"zero\"}]\n```\nEnjoy.", "x"))->size(), 1U);
        QCOMPARE((*tensorSlayerRecipe(R"({"recommendations":[{"tensor_name":"a","operation":"add","value":1}]})", "x"))->size(), 1U);
    }

    void whatItsCodeTakesSilentlyIsRefused()
    {
        QCOMPARE(problemIn(R"([{"tensor_name":"a","operation":"scale","value":2,"target":"middle 10%"}])"),
                 "x.json: recommendation 1: there is no target middle 10%; there are all, top X% and bottom X%");
        QVERIFY(problemIn(R"([{"tensor_name":"a","operation":"zero"},{"tensor_name":"a","operation":"rotate","value":2}])").starts_with("x.json: recommendation 2: there is no operation rotate"));
        QVERIFY(!problemIn(R"([{"tensor_name":"a","operation":"scale","value":NaN}])").empty());
        QVERIFY(!problemIn(R"([{"tensor_name":"a","operation":"scale"}])").empty());
        QVERIFY(!problemIn(R"([{"tensor_name":"a","operation":"clamp","value":"3,1"}])").empty());
        QVERIFY(!problemIn(R"([{"tensor_name":"a","operation":"zero","target":"top 101%"}])").empty());
        QVERIFY(!problemIn("[]").empty());
        QVERIFY(!problemIn("[1]").empty());
        QVERIFY(!problemIn("{}").empty());
        QVERIFY(!problemIn("no list at all").empty());
    }
};

QTEST_APPLESS_MAIN(TestTensorSlayer)
#include "tst_tensorslayer.moc"
