#include "core/checkpoint/open.h"
#include "core/recipe/check.h"
#include "core/recipe/patchedsource.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

class TestCheck : public QObject {
    Q_OBJECT
private:
    TempFolder m_folder;
    CheckpointPtr m_base;

    EditCheck only(Operation operation, const std::string& select, bool enabled = true)
    {
        Edit edit{std::move(operation), *Selector::parse(select), "", "", enabled};
        const RecipePtr recipe = Recipe().with(std::move(edit));
        StatisticsCache cache;
        Progress progress;
        return checkRecipe(m_base, recipe, cache, progress)->edits.at(0);
    }

private slots:
    void initTestCase()
    {
        const std::string four = bf16Bytes({0.5F, -1.0F, 2.0F, 3.0F});
        std::vector<BuiltTensor> tensors = {{"model.embed_tokens.weight", "BF16", {2, 2}, four}, {"lm_head.weight", "BF16", {2, 2}, four}};
        for (const char* name : {"self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.q_norm.weight", "mlp.down_proj.weight"})
            tensors.push_back({std::string("model.layers.0.") + name, "BF16", {4}, four});
        tensors.push_back({"model.norm.weight", "BF16", {4}, four});
        tensors.push_back({"zeros", "BF16", {4}, bf16Bytes({0, 0, 0, 0})});
        tensors.push_back({"wide", "F32", {4}, f32Bytes({0.5F, -1.0F, 2.0F, 3.0F})});
        writeFile(m_folder / "model.safetensors", safetensorsBytes(tensors));
        writeFile(m_folder / "config.json", "{\"model_type\":\"qwen3\",\"tie_word_embeddings\":true}");
        m_base = *openCheckpoint(m_folder.path());
    }

    void saysWhatAnEditWillDo_data()
    {
        QTest::addColumn<std::string>("select");
        QTest::addColumn<double>("factor");
        QTest::addColumn<std::string>("effect");
        QTest::addColumn<int>("changed");
        const auto row = [](const char* select, double factor, const char* effect, int changed) {
            QTest::newRow((std::string(select) + " " + effect).c_str()) << std::string(select) << factor << std::string(effect) << changed;
        };
        row("role=down_proj", 2, "effective", 4);
        row("role=down_proj", 1, "void", 0);
        row("role=down_proj", 1.0001, "rounded_away", 0);
        row("role=q_proj", 2, "absorbed", 4);
        row("role=q_proj", -2, "effective", 4);
        row("role=k_proj", 2, "effective", 4); // no k_norm in this layer
        row("role=q_proj,down_proj", 2, "effective", 8);
        row("role=lm_head", 2, "void", 4);
        row("role=norm", 2, "greedy_invariant", 4);
        row("name=zeros", 2, "void", 0);
        row("name=wide", 2, "effective", 4);
    }
    void saysWhatAnEditWillDo()
    {
        QFETCH(std::string, select);
        QFETCH(double, factor);
        QFETCH(std::string, effect);
        QFETCH(int, changed);
        const EditCheck check = only(Scale{factor}, select);
        QCOMPARE(check.effect, effect);
        QCOMPARE(static_cast<int>(check.changedAfterRounding), changed);
        QVERIFY(!check.because.empty());
    }

    void clampsOutsideTheRangeAreVoid()
    {
        QCOMPARE(only(Clamp{std::nullopt, 20}, "role=down_proj").effect, "void");
        QCOMPARE(only(Clamp{std::nullopt, 2.5}, "role=down_proj").changedAfterRounding, 1U);
        QCOMPARE(only(Zero{}, "role=down_proj", false).because.english(), "the edit is switched off");
    }

    void effectsCountWhatFallsTogether()
    {
        const SourcePtr before = *patch(m_base, std::make_shared<const Recipe>());
        const SourcePtr after = *patch(m_base, Recipe().with({Clamp{-0.75, 0.75}, *Selector::parse("name=*")}));
        StatisticsCache cache;
        Progress progress;
        const std::size_t down = *m_base->find("model.layers.0.mlp.down_proj.weight");
        const EditEffect effect = *effectOf(*before, *after, down, false, cache, progress);
        QCOMPARE(effect.changed, 3U);
        QCOMPARE(*effect.merged, 1U); // 2 and 3 both become 0.75
        const double expected = std::sqrt((0.25 * 0.25 + 1.25 * 1.25 + 2.25 * 2.25) / (0.25 + 1 + 4 + 9));
        QVERIFY(std::abs(effect.relative - expected) < 1e-12);
        const EditEffect wide = *effectOf(*before, *after, *m_base->find("wide"), false, cache, progress);
        QCOMPARE(wide.changed, 3U);
        QVERIFY(std::abs(wide.relative - expected) < 1e-7);
        QVERIFY(!wide.merged && wide.exact);
        const EditEffect quick = *effectOf(*before, *after, *m_base->find("wide"), true, cache, progress);
        QCOMPARE(quick.changed, 3U);
        QVERIFY(!quick.exact && std::abs(quick.relative - expected) < 0.02);
    }

    void anEditThatSpreadsValuesMergesNone()
    {
        const Selector all = *Selector::parse("name=*");
        const RecipePtr clamped = Recipe().with({Clamp{-0.75, 0.75}, all});
        StatisticsCache cache;
        Progress progress;
        const std::size_t down = *m_base->find("model.layers.0.mlp.down_proj.weight");
        const SourcePtr before = *patch(m_base, clamped);
        const SourcePtr after = *patch(m_base, clamped->with({Scale{0.125}, all})->moved(1, 0));
        QCOMPARE(*effectOf(*before, *after, down, false, cache, progress)->merged, 0U);
    }

    void effectsCountWhatBecomesInfinite()
    {
        const SourcePtr after = *patch(m_base, Recipe().with({Scale{3e38}, *Selector::parse("name=*")}));
        StatisticsCache cache;
        Progress progress;
        for (const char* name : {"wide", "model.layers.0.mlp.down_proj.weight"})
            QCOMPARE(effectOf(*m_base, *after, *m_base->find(name), false, cache, progress)->newNonFinite, 2U); // 2 and 3
    }
};

QTEST_APPLESS_MAIN(TestCheck)
#include "tst_check.moc"
