// A layer of another checkpoint in the place of one of this: its bytes, what the model computes against one put together by hand, what
// binds it, and what cannot be.
#include "core/base/hash.h"
#include "core/checkpoint/export.h"
#include "core/checkpoint/open.h"
#include "core/model/forward.h"
#include "core/recipe/check.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/verify.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"
#include "tests/support/support.h"

#include <QtTest>

#include <bit>

using namespace wb;
using namespace wb::test;

namespace {

constexpr const char* layerOne = "model.layers.1.";
constexpr const char* layerTwo = "model.layers.2.";

// The tiny Llama with a third layer.
ModelCase threeLayers()
{
    ModelCase model = modelCase("llama");
    const std::vector<BuiltTensor> two = model.tensors;
    for (BuiltTensor tensor : two)
        if (tensor.name.starts_with("model.layers.0.")) {
            tensor.name = layerTwo + tensor.name.substr(std::string_view(layerTwo).size());
            model.tensors.push_back(std::move(tensor));
        }
    Json config = *model.config;
    config["num_hidden_layers"] = 3U;
    model.config = std::make_shared<const Json>(std::move(config));
    return model;
}

// A fine-tune of it: every weight a little different.
ModelCase sibling()
{
    ModelCase model = threeLayers();
    for (BuiltTensor& tensor : model.tensors)
        for (std::size_t i = 0; i < tensor.data.size(); i += 2)
            tensor.data[i] = static_cast<char>(tensor.data[i] ^ static_cast<char>(0x10 + i / 2 % 8));
    return model;
}

void write(const std::filesystem::path& folder, const ModelCase& model)
{
    std::filesystem::create_directories(folder);
    writeFile(folder / "model.safetensors", safetensorsBytes(model.tensors, {{"format", "pt"}}));
    writeFile(folder / "config.json", dumpJson(*model.config, 2));
}

BuiltTensor& tensorOf(ModelCase& model, const std::string& name) { return *std::ranges::find(model.tensors, name, &BuiltTensor::name); }

std::vector<float> hiddenOf(const TensorSource& source)
{
    const std::vector<std::uint32_t> tokens = {3, 14, 15, 9, 2, 6, 5, 35, 8, 9, 7, 9};
    Progress progress;
    const auto model = Model::load(source, {"test", 0, nullptr, {}}, progress);
    if (!model)
        return {};
    KvCache cache((*model)->config());
    Workspace space;
    Sequence sequence{&cache, tokens};
    const auto hidden = forward(**model, std::span(&sequence, 1), {}, space);
    return {hidden->begin(), hidden->begin() + static_cast<std::ptrdiff_t>(tokens.size() * (*model)->config().width)};
}

Edit transplant(std::uint32_t from, std::uint32_t to, const LayerDonor& donor)
{
    Edit edit;
    edit.operation = LayerEdit{LayerEdit::Kind::Transplant, from, to, nullptr, donor};
    return edit;
}

Edit copy(std::uint32_t from, std::uint32_t to)
{
    Edit edit;
    edit.operation = LayerEdit{LayerEdit::Kind::Copy, from, to, nullptr};
    return edit;
}

RecipePtr recipeOf(std::vector<Edit> edits)
{
    RecipePtr recipe = std::make_shared<const Recipe>();
    for (Edit& edit : edits)
        recipe = recipe->with(std::move(edit));
    return recipe;
}

} // namespace

class TestDonor : public QObject {
    Q_OBJECT

private:
    const TempFolder m_folder;
    std::filesystem::path m_a = m_folder.path() / "a", m_b = m_folder.path() / "b";
    Progress m_progress;

    LayerDonor donor(std::uint32_t layer) { return *donorOf(m_b, layer, m_progress); }
    // Why a cannot take layer `from` of such a model in the place of layer 1.
    QString reason(const ModelCase& other, std::uint32_t from = 2)
    {
        static int number = 0;
        const auto folder = m_folder.path() / ("other" + std::to_string(++number));
        write(folder, other);
        const auto there = donorOf(folder, from, m_progress);
        const auto done = patchFully(*openCheckpoint(m_a), recipeOf({transplant(from, 1, *there)}));
        return done ? QString() : QString::fromStdString(sentence(done.error()));
    }

private slots:
    void init()
    {
        write(m_a, threeLayers());
        write(m_b, sibling());
    }

    // Exported and read back: layer 1 has the bytes of b's layer 2, everything else those of a.
    void theBytesAreTheOthers()
    {
        const auto a = openCheckpoint(m_a), b = openCheckpoint(m_b);
        const RecipePtr recipe = recipeOf({transplant(2, 1, donor(2))});
        const auto source = patchFully(*a, recipe);
        QVERIFY2(source, source ? "" : sentence(source.error()).c_str());
        ExportOptions options;
        options.recipes = {std::make_shared<const Json>(recipeToJson(*recipe))};
        const auto out = m_folder.path() / "out";
        const auto report = exportCheckpoint(**source, *layoutOf(*a, **source), out, options, m_progress);
        QVERIFY2(report, report ? "" : sentence(report.error()).c_str());
        QVERIFY(report->verified);
        QCOMPARE(report->tensorsChanged, std::uint64_t{9});
        const auto opened = openCheckpoint(out);
        QVERIFY(opened);
        QCOMPARE((*opened)->tensors().size(), (*a)->tensors().size());
        for (std::size_t i = 0; i < (*opened)->tensors().size(); ++i) {
            const std::string& name = (*opened)->tensors()[i].name;
            const bool taken = name.starts_with(layerOne);
            const Checkpoint& want = taken ? **b : **a;
            const std::string there = taken ? layerTwo + name.substr(std::string_view(layerOne).size()) : name;
            QVERIFY2(bytesOf(**opened, i) == bytesOf(want, *want.find(there)), name.c_str());
        }
        const auto verified = verifyExport(out, m_progress);
        QVERIFY2(verified, verified ? "" : sentence(verified.error()).c_str());
        QCOMPARE(verified->replay, Replay::Equal);
        // Without the other checkpoint the files are verified, the edits are not replayed.
        std::filesystem::remove_all(m_b);
        QCOMPARE(verifyExport(out, m_progress)->replay, Replay::BaseMissing);
        ModelCase changed = sibling();
        tensorOf(changed, "model.layers.2.mlp.up_proj.weight").data[0] ^= 1;
        write(m_b, changed);
        QCOMPARE(verifyExport(out, m_progress)->replay, Replay::BaseDiffers);
        std::filesystem::remove_all(out);
    }

    void theModelIsTheOnePutTogether()
    {
        ModelCase byHand = threeLayers();
        ModelCase b = sibling();
        for (BuiltTensor& tensor : byHand.tensors)
            if (tensor.name.starts_with(layerOne))
                tensor.data = tensorOf(b, layerTwo + tensor.name.substr(std::string_view(layerOne).size())).data;
        const auto a = openCheckpoint(m_a);
        const auto source = patchFully(*a, recipeOf({transplant(2, 1, donor(2))}));
        const std::vector<float> got = hiddenOf(**source);
        QVERIFY(!got.empty());
        QCOMPARE(got, hiddenOf(*byHand.source()));
        QVERIFY(got != hiddenOf(**a));
    }

    // Edits of values do not reach it; a later copy or transplant takes its place, repeating repeats it.
    void othersEditsOfTheSamePlace()
    {
        const auto a = openCheckpoint(m_a);
        Edit scale;
        scale.operation = Scale{0.5};
        scale.select = *Selector::parse("layer=1 role=down_proj");
        const auto hidden = [&](std::vector<Edit> edits) { return hiddenOf(**patchFully(*a, recipeOf(std::move(edits)))); };
        const std::vector<float> alone = hidden({transplant(2, 1, donor(2))});
        QCOMPARE(hidden({transplant(2, 1, donor(2)), scale}), alone);
        QCOMPARE(hidden({transplant(2, 1, donor(2)), copy(2, 1)}), hidden({copy(2, 1)}));
        QCOMPARE(hidden({copy(2, 1), transplant(2, 1, donor(2))}), alone);
        Edit twice;
        twice.operation = LayerEdit{LayerEdit::Kind::Repeat, 1, 1, nullptr};
        const auto source = patchFully(*a, recipeOf({transplant(2, 1, donor(2)), twice}));
        const auto b = openCheckpoint(m_b);
        for (const char* name : {"model.layers.1.mlp.up_proj.weight", "model.layers.2.mlp.up_proj.weight"})
            QVERIFY(bytesOf(**source, *(*source)->find(name)) == bytesOf(**b, *(*b)->find("model.layers.2.mlp.up_proj.weight")));
        Edit off = transplant(2, 1, {(m_folder.path() / "nowhere").string(), std::string(64, '0')});
        off.enabled = false;
        QCOMPARE(hidden({off}), hiddenOf(**a));
    }

    void otherTypesAreConverted()
    {
        ModelCase wide = sibling();
        for (BuiltTensor& tensor : wide.tensors) {
            std::vector<float> values;
            for (std::size_t i = 0; i < tensor.data.size(); i += 2) {
                const auto bits = static_cast<std::uint32_t>(static_cast<unsigned char>(tensor.data[i]) | static_cast<unsigned char>(tensor.data[i + 1]) << 8) << 16;
                values.push_back(std::bit_cast<float>(bits));
            }
            tensor.dtype = "F32";
            tensor.data = f32Bytes(values);
        }
        const auto a = openCheckpoint(m_a);
        const auto exact = patchFully(*a, recipeOf({transplant(2, 1, donor(2))}));
        const auto folder = m_folder.path() / "wide";
        write(folder, wide);
        const auto narrowed = patchFully(*a, recipeOf({transplant(2, 1, *donorOf(folder, 2, m_progress))}));
        QVERIFY2(narrowed, narrowed ? "" : sentence(narrowed.error()).c_str());
        for (std::size_t i = 0; i < (*exact)->tensors().size(); ++i)
            QVERIFY(bytesOf(**exact, i) == bytesOf(**narrowed, i));
        for (BuiltTensor& tensor : wide.tensors)
            tensor.dtype = "I32";
        const QString why = reason(wide);
        QVERIFY2(why.contains(QStringLiteral("is stored as I32 there and as BF16 here")), qPrintable(why));
    }

    void whatDoesNotFitIsSaidWithNumbers()
    {
        ModelCase narrow = sibling();
        BuiltTensor& up = tensorOf(narrow, "model.layers.2.mlp.up_proj.weight");
        up.shape = {32, 48};
        QString why = reason(narrow);
        QVERIFY2(why.startsWith(QStringLiteral("edit 1: transplant_layer cannot be done on 2 of other")) && why.contains(QStringLiteral("model.layers.2.mlp.up_proj.weight is 32 × 48 there and 48 × 32 here")), qPrintable(why));
        ModelCase less = sibling();
        std::erase_if(less.tensors, [](const BuiltTensor& tensor) { return tensor.name == "model.layers.2.self_attn.o_proj.weight"; });
        why = reason(less);
        QVERIFY2(why.contains(QStringLiteral("layer 2 there has no tensor like model.layers.1.self_attn.o_proj.weight")), qPrintable(why));
        ModelCase more = sibling();
        more.tensors.push_back({"model.layers.2.self_attn.q_norm.weight", "BF16", {1}, std::string(2, '\0')});
        why = reason(more);
        QVERIFY2(why.contains(QStringLiteral("model.layers.2.self_attn.q_norm.weight there has no counterpart in layer 1 here")), qPrintable(why));
        ModelCase heads = sibling();
        Json config = *heads.config;
        config["num_attention_heads"] = 2U;
        config["num_key_value_heads"] = 1U;
        heads.config = std::make_shared<const Json>(config);
        why = reason(heads);
        QVERIFY2(why.contains(QStringLiteral("layers there have 2 attention heads and here 4")), qPrintable(why));
        ModelCase turned = sibling();
        config = *turned.config;
        config.erase("rope_parameters");
        config["rope_theta"] = 123456.0;
        turned.config = std::make_shared<const Json>(config);
        why = reason(turned);
        QVERIFY2(why.contains(QStringLiteral("of another kind")) && why.contains(QStringLiteral("full attention, rope")), qPrintable(why));
        const auto beyond = donorOf(m_b, 7, m_progress);
        QVERIFY(!beyond && QString::fromStdString(sentence(beyond.error())).contains(QStringLiteral("the checkpoint has layers 0 to 2")));
        QVERIFY(!planLayers(*recipeOf({transplant(0, 3, donor(0))}), 3)); // no such place
    }

    // Gemma 2's layers take turns: the window goes with the layer.
    void theKindGoesWithTheLayer()
    {
        const auto folder = m_folder.path() / "gemma";
        write(folder, modelCase("gemma2"));
        const auto base = openCheckpoint(folder);
        const auto source = patchFully(*base, recipeOf({transplant(0, 1, *donorOf(folder, 0, m_progress))}));
        QVERIFY2(source, source ? "" : sentence(source.error()).c_str());
        const auto same = patchFully(*base, recipeOf({copy(0, 1)}));
        QCOMPARE(dumpJson(*(*source)->config()), dumpJson(*(*same)->config()));
        QCOMPARE(hiddenOf(**source), hiddenOf(**same));
    }

    void aMissingOrChangedOneIsASentence()
    {
        const auto a = openCheckpoint(m_a);
        const RecipePtr recipe = recipeOf({transplant(2, 1, donor(2))});
        const auto held = patchFully(*a, recipe);
        QVERIFY(held);
        ModelCase changed = sibling();
        tensorOf(changed, "model.layers.0.mlp.up_proj.weight").data[0] ^= 1;
        write(m_b, changed); // another layer: this one is what it was
        QVERIFY(patchFully(*a, recipe));
        std::vector<std::byte> row(64);
        const auto late = (*held)->read(*(*held)->find("model.layers.1.input_layernorm.weight"), {0, 32}, row);
        QVERIFY(!late && late.error().code == ErrorCode::SourceChanged); // its file is no longer the one that was opened
        tensorOf(changed, "model.layers.2.mlp.up_proj.weight").data[0] ^= 1;
        write(m_b, changed);
        auto done = patchFully(*a, recipe);
        QVERIFY(!done);
        QString why = QString::fromStdString(sentence(done.error()));
        QVERIFY2(why.contains(QStringLiteral("is another one now: its SHA-256 is ")), qPrintable(why));
        std::filesystem::remove_all(m_b);
        done = patchFully(*a, recipe);
        QVERIFY(!done);
        why = QString::fromStdString(sentence(done.error()));
        QVERIFY2(why.contains(QStringLiteral("cannot be opened: there is no such file or folder")) && why.contains(QString::fromStdString(m_b.string())), qPrintable(why));
        QVERIFY(!openDonors(*recipe, m_progress));
    }

    void recipesNameItFromWhereTheyLie()
    {
        const RecipePtr recipe = recipeOf({transplant(2, 1, donor(2))});
        QVERIFY(**recipeFromJson(recipeToJson(*recipe), "x") == *recipe);
        QVERIFY(saveRecipe(*recipe, m_folder.path() / "r.json")); // beside the checkpoint
        QVERIFY2(readFile(m_folder.path() / "r.json").find("\"checkpoint\": \"b\"") != std::string::npos, readFile(m_folder.path() / "r.json").c_str());
        QVERIFY(**loadRecipe(m_folder.path() / "r.json") == *recipe);
        std::filesystem::create_directories(m_folder.path() / "deep");
        QVERIFY(saveRecipe(*recipe, m_folder.path() / "deep/r.json")); // not inside its folder: as it is
        QVERIFY(readFile(m_folder.path() / "deep/r.json").find('"' + m_b.string() + '"') != std::string::npos);
        std::string text = readFile(m_folder.path() / "deep/r.json");
        text.replace(text.find(m_b.string()), m_b.string().size(), "../b");
        writeFile(m_folder.path() / "deep/r.json", text);
        QVERIFY(**loadRecipe(m_folder.path() / "deep/r.json") == *recipe);
        for (const char* bad : {R"("layers":[2,1])", R"("layers":[2,1],"from":"b")", R"("layers":[2,1],"from":{"checkpoint":"b"})", R"("layers":[2,1],"from":{"checkpoint":"b","sha256":"0"}})",
                                R"("layers":[2,1],"from":{"checkpoint":"","sha256":"0000000000000000000000000000000000000000000000000000000000000000"})"})
            QVERIFY2(!recipeFromJson(*parseJson(std::string(R"({"format":"weightbench.recipe/1","edits":[{"op":"transplant_layer",)") + bad + "}]}", "x"), "x"), bad);
    }

    void checkCountsWhatChanges()
    {
        const auto a = openCheckpoint(m_a);
        StatisticsCache cache(1 << 20);
        Edit scale;
        scale.operation = Scale{0.5};
        scale.select = *Selector::parse("layer=1 role=down_proj");
        auto check = checkRecipe(*a, recipeOf({transplant(2, 1, donor(2)), scale}), cache, m_progress);
        QVERIFY2(check, check ? "" : sentence(check.error()).c_str());
        QCOMPARE(check->edits[0].matched.size(), std::size_t{9});
        QCOMPARE(check->edits[0].effect, std::string("effective"));
        QVERIFY(check->edits[0].changedAfterRounding > check->edits[0].elements / 2);
        QCOMPARE(check->edits[1].effect, std::string("void")); // of the layer that gave its place
        check = checkRecipe(*a, recipeOf({transplant(1, 1, *donorOf(m_a, 1, m_progress))}), cache, m_progress);
        QCOMPARE(check->edits[0].effect, std::string("void"));
        QCOMPARE(check->edits[0].because.english(), std::string("the layer has these values already"));
        const auto missing = checkRecipe(*a, recipeOf({transplant(2, 1, {(m_folder.path() / "nowhere").string(), std::string(64, '0')})}), cache, m_progress);
        QVERIFY(!missing && missing.error().code == ErrorCode::EditNotPossible);
    }

    // Independent of files and of the number that the layer has.
    void theHashIsOfTheLayer()
    {
        const SourcePtr source = threeLayers().source();
        QCOMPARE(*layerHash(*source, 0, m_progress), *layerHash(*source, 2, m_progress));
        QVERIFY(*layerHash(*source, 0, m_progress) != *layerHash(*source, 1, m_progress));
        QCOMPARE(*layerHash(*source, 0, m_progress), *layerHash(**openCheckpoint(m_a), 0, m_progress));
        const std::vector<BuiltTensor> small = {{"h.5.b", "F32", {1}, std::string(4, 'b')}, {"h.5.a", "F32", {2, 1}, std::string(8, 'a')}};
        QCOMPARE(*layerHash(MemorySource(small), 5, m_progress), sha256("h.#.a\nF32\n2 × 1\naaaaaaaah.#.b\nF32\n1\nbbbb"));
    }
};

QTEST_APPLESS_MAIN(TestDonor)
#include "tst_donor.moc"
