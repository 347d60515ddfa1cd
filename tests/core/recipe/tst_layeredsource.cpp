// Edits of the list of layers: what the shorter model computes against the whole one stopped in between, the golden of the
// linear map, the config's lists, and an export that opens as an ordinary checkpoint.
#include "core/analysis/linearmap.h"
#include "core/checkpoint/export.h"
#include "core/checkpoint/open.h"
#include "core/model/forward.h"
#include "core/recipe/check.h"
#include "core/recipe/layeredconfig.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/verify.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"
#include "tests/support/support.h"

#include <QtTest>

#include <cmath>
#include <cstring>

using namespace wb;
using namespace wb::test;

namespace {

RecipePtr recipeOf(std::vector<LayerEdit> edits)
{
    RecipePtr recipe = std::make_shared<const Recipe>();
    for (const LayerEdit& one : edits) {
        Edit edit;
        edit.operation = one;
        recipe = recipe->with(edit);
    }
    return recipe;
}

LayerEdit drop(std::uint32_t first, std::uint32_t last) { return {LayerEdit::Kind::Drop, first, last, nullptr}; }
LayerEdit repeat(std::uint32_t first, std::uint32_t last) { return {LayerEdit::Kind::Repeat, first, last, nullptr}; }
LayerEdit copy(std::uint32_t from, std::uint32_t to) { return {LayerEdit::Kind::Copy, from, to, nullptr}; }

ModelPtr load(const TensorSource& source, const ModelPtr& share = nullptr)
{
    Progress progress;
    auto model = Model::load(source, {"test", 0, share, {}}, progress);
    return model ? *model : nullptr;
}

const std::vector<std::uint32_t> tokens = {3, 14, 15, 9, 2, 6, 5, 35, 8, 9, 7, 9};

std::vector<float> hiddenOf(const Model& model)
{
    KvCache cache(model.config());
    Workspace space;
    Sequence sequence{&cache, tokens};
    const auto hidden = forward(model, std::span(&sequence, 1), {}, space);
    return {hidden->begin(), hidden->begin() + static_cast<std::ptrdiff_t>(tokens.size() * model.config().width)};
}

// A folder with the tiny model as transformers would write it.
void writeFolder(const std::filesystem::path& folder, const ModelCase& model)
{
    std::filesystem::create_directories(folder);
    writeFile(folder / "model.safetensors", safetensorsBytes(model.tensors, {{"format", "pt"}}));
    writeFile(folder / "config.json", dumpJson(*model.config, 2));
}

// The config of four layers with `more`, for those of `content`, without their number; or why it cannot be.
std::string written(const Json& more, const std::vector<std::uint32_t>& content)
{
    Json config = {{"num_hidden_layers", 4U}};
    config.update(more);
    const auto out = layeredConfig(config, 4, content);
    if (!out)
        return sentence(out.error());
    Json shown = *out;
    shown.erase("num_hidden_layers");
    return dumpJson(shown);
}

std::string reasonOf(const SourcePtr& base, const RecipePtr& recipe)
{
    const auto done = patchFully(base, recipe);
    return done ? "" : errorMessage(done.error());
}

} // namespace

class TestLayeredSource : public QObject {
    Q_OBJECT
private slots:
    void plans()
    {
        const auto content = [](const std::vector<LayerEdit>& edits) {
            const auto plan = planLayers(*recipeOf(edits), 6);
            return plan ? plan->content : std::vector<std::uint32_t>();
        };
        using List = std::vector<std::uint32_t>;
        QCOMPARE(content({}), (List{0, 1, 2, 3, 4, 5}));
        QCOMPARE(content({drop(1, 2)}), (List{0, 3, 4, 5}));
        QCOMPARE(content({drop(1, 1), drop(4, 5)}), (List{0, 2, 3}));
        QCOMPARE(content({repeat(1, 2)}), (List{0, 1, 2, 1, 2, 3, 4, 5}));
        QCOMPARE(content({repeat(1, 2), drop(2, 2)}), (List{0, 1, 1, 3, 4, 5}));
        QCOMPARE(content({copy(5, 0)}), (List{5, 1, 2, 3, 4, 5}));
        QCOMPARE(content({drop(0, 5)}), List{}); // refused
        QCOMPARE(content({drop(3, 6)}), List{});
        const EditMatrixPtr map = makeMatrix(2, 2, {1, 0, 0, 1});
        QVERIFY(planLayers(*recipeOf({{LayerEdit::Kind::Fold, 2, 3, map}}), 6)->folds[0].layer == 1);
        QVERIFY(!planLayers(*recipeOf({{LayerEdit::Kind::Fold, 0, 1, map}}), 6));
        QVERIFY(!planLayers(*recipeOf({drop(1, 1), {LayerEdit::Kind::Fold, 2, 3, map}}), 6));
    }

    // The first layers alone: the stream of the whole model at that place, through the final norm.
    void droppedLayersDoNotRun()
    {
        for (const char* name : {"llama", "gpt2", "gemma2", "mixtral", "mpt", "bloom", "opt", "falcon", "neox", "olmo2"}) {
            const SourcePtr base = modelCase(name).source();
            const ModelPtr whole = load(*base);
            const auto layers = static_cast<std::uint32_t>(whole->config().layers.size());
            const auto source = patchFully(base, recipeOf({drop(1, layers - 1)}));
            QVERIFY2(source, source ? "" : errorMessage(source.error()).c_str());
            const ModelPtr first = load(**source, whole);
            QVERIFY(first);
            QCOMPARE(first->config().layers.size(), std::size_t{1});
            QCOMPARE(first->newBytes(), std::uint64_t{0}); // nothing is read twice
            QCOMPARE(first->firstDifference(*whole), std::optional<std::size_t>(1));
            std::vector<float> stream;
            ForwardOptions options;
            options.observer = [&](std::size_t layer, Site site, std::span<float> values, std::size_t) {
                if (site == Site::Block && layer == 0)
                    stream.assign(values.begin(), values.end());
            };
            KvCache cache(whole->config());
            Workspace space;
            Sequence sequence{&cache, tokens};
            QVERIFY(forward(*whole, std::span(&sequence, 1), options, space));
            KvCache endCache(whole->config());
            ForwardOptions end;
            end.firstLayer = layers;
            end.states = stream;
            Sequence again{&endCache, tokens};
            const auto want = forward(*whole, std::span(&again, 1), end, space);
            const std::vector<float> got = hiddenOf(*first);
            QVERIFY2(std::equal(got.begin(), got.end(), want->begin()), name);
        }
    }

    // Gemma 2's layers take turns: who is left keeps its own window.
    void kindsGoWithTheirLayers()
    {
        const SourcePtr base = modelCase("gemma2").source();
        const ModelPtr whole = load(*base);
        const auto layers = static_cast<std::uint32_t>(whole->config().layers.size());
        QVERIFY(layers >= 2 && whole->config().layers[0].attention.window != whole->config().layers[1].attention.window);
        const ModelPtr second = load(**patchFully(base, recipeOf({drop(0, 0)})));
        QCOMPARE(second->config().layers[0].attention.window, whole->config().layers[1].attention.window);
        const ModelPtr twice = load(**patchFully(base, recipeOf({copy(0, 1)})));
        QCOMPARE(twice->config().layers[1].attention.window, whole->config().layers[0].attention.window);
        const Json listed = {{"num_hidden_layers", 4U}, {"layer_types", {"a", "b", "c", "d"}}, {"others", {1, 2, 3}}};
        const auto config = layeredConfig(listed, 4, {0, 3, 3});
        QCOMPARE(dumpJson((*config)["layer_types"]), std::string(R"(["a","d","d"])"));
        QCOMPARE((*config)["num_hidden_layers"].get<int>(), 3);
        QCOMPARE((*config)["others"].size(), std::size_t{3});
        const Json byChance = {{"num_hidden_layers", 3U}, {"eos_token_id", {1, 106, 107}}, {"architectures", {"A", "B", "C"}}};
        QCOMPARE((*layeredConfig(byChance, 3, {0, 2}))["eos_token_id"].size(), std::size_t{3});
        QCOMPARE((*layeredConfig(byChance, 3, {0, 2}))["architectures"].size(), std::size_t{3});
        QVERIFY(!layeredConfig({{"num_hidden_layers", 5U}}, 4, {0}));
        QVERIFY(!layeredConfig({{"num_hidden_layers", 4U}, {"full_attention_interval", 4U}}, 4, {0, 1, 3}));
        QVERIFY(layeredConfig({{"num_hidden_layers", 4U}, {"full_attention_interval", 2U}}, 4, {0, 1, 0, 3}));
        QVERIFY(layeredConfig({{"num_hidden_layers", 4U}, {"full_attention_interval", 4U}, {"layer_types", {"a", "b", "c", "d"}}}, 4, {0, 1, 3}));
        QVERIFY(layeredConfig({{"num_hidden_layers", 4U}, {"moe_layer_freq", 1U}, {"moe_layers", Json::array()}}, 4, {0, 1, 3}));
    }

    // Layers without experts: a list of their numbers, a period of the others, or how many come first.
    void denseLayersStayDense()
    {
        QCOMPARE(written({{"mlp_only_layers", Json::array({1U})}}, {0, 1, 1, 3}), std::string(R"({"mlp_only_layers":[1,2]})"));
        QCOMPARE(written({{"mlp_only_layers", {0U, 1U, 2U, 3U}}}, {3, 3}), std::string(R"({"mlp_only_layers":[0,1]})"));
        QCOMPARE(written({{"mlp_only_layers", Json::array({1U})}, {"decoder_sparse_step", 1U}}, {0, 2}), std::string(R"({"mlp_only_layers":[],"decoder_sparse_step":1})"));
        QCOMPARE(written({{"mlp_only_layers", Json::array({3U})}, {"decoder_sparse_step", 2U}}, {0, 1, 3}), std::string(R"({"mlp_only_layers":[0,2],"decoder_sparse_step":1})"));
        QCOMPARE(written({{"mlp_only_layers", Json()}, {"decoder_sparse_step", 2U}}, {1, 3}), std::string(R"({"mlp_only_layers":[],"decoder_sparse_step":1})"));
        QVERIFY(written({{"decoder_sparse_step", 2U}}, {0, 1}).find("decoder_sparse_step") != std::string::npos); // of which family it is nobody says
        QVERIFY(written({{"mlp_only_layers", Json::array()}, {"decoder_sparse_step", 0U}}, {0, 1}).find("the config goes by") != std::string::npos);
        QCOMPARE(written({{"first_k_dense_replace", 2U}}, {0, 2, 3}), std::string(R"({"first_k_dense_replace":1})"));
        QCOMPARE(written({{"first_k_dense_replace", 2U}}, {1, 0, 1, 2, 3}), std::string(R"({"first_k_dense_replace":3})"));
        QVERIFY(written({{"first_k_dense_replace", 2U}}, {0, 2, 1, 3}).find("first_k_dense_replace") != std::string::npos);
        const SourcePtr base = modelCase("qwen3-moe-mixed").source();
        const ModelPtr whole = load(*base);
        const std::vector<std::pair<LayerEdit, std::vector<std::size_t>>> edits = {{drop(0, 0), {1}}, {drop(1, 1), {0}}, {repeat(0, 0), {0, 0, 1}}, {copy(1, 0), {1, 1}}};
        for (const auto& [edit, content] : edits) {
            const auto source = patchFully(base, recipeOf({edit}));
            QVERIFY2(source, source ? "" : errorMessage(source.error()).c_str());
            const ModelPtr model = load(**source, whole);
            QVERIFY(model && model->config().layers.size() == content.size());
            for (std::size_t i = 0; i < content.size(); ++i)
                QVERIFY(model->config().layers[i].feedForward.kind == whole->config().layers[content[i]].feedForward.kind);
        }
    }

    // What else families say of their layers: numbers of those of a kind, a letter for each, a stretch of them.
    void otherKindsGoWithTheirLayers()
    {
        QCOMPARE(written({{"moe_layers", {1U, 3U}}, {"interleave_moe_layer_step", 2U}, {"layer_types", {"a", "b", "c", "d"}}}, {1, 2}), std::string(R"({"moe_layers":[0],"interleave_moe_layer_step":2,"layer_types":["b","c"]})"));
        QCOMPARE(written({{"attn_layer_indices", {1U, 2U}}}, {0, 2, 3, 2}), std::string(R"({"attn_layer_indices":[1,3]})"));
        QCOMPARE(written({{"hybrid_override_pattern", "M*-E"}}, {3, 0, 0}), std::string(R"({"hybrid_override_pattern":"EMM"})"));
        QCOMPARE(written({{"attention_types", {{{"global", "local"}, 2U}}}, {"attention_layers", {"global", "local", "global", "local"}}}, {1, 3}), std::string(R"({"attention_types":[[["local","local"],1]],"attention_layers":["local","local"]})"));
        QCOMPARE(written({{"num_dense_layers", 1U}}, {1, 2}), std::string(R"({"num_dense_layers":0})"));
        QCOMPARE(written({{"moe_layer_start_index", 1U}, {"moe_layer_end_index", 2U}}, {1, 2, 3}), std::string(R"({"moe_layer_start_index":0,"moe_layer_end_index":1})"));
        QCOMPARE(written({{"moe_layer_start_index", 1U}, {"moe_layer_end_index", -1}}, {0, 0, 3}), std::string(R"({"moe_layer_start_index":2,"moe_layer_end_index":-1})"));
        QCOMPARE(written({{"num_blocks", 4U}}, {0, 1}), std::string(R"({"num_blocks":2})"));
        const Json counted = {{"layers_block_type", {"mamba", "mlp", "mamba", "attention"}}}; // Nemotron-H has no other count
        QCOMPARE(dumpJson(*layeredConfig(counted, 4, {3, 0})), std::string(R"({"layers_block_type":["attention","mamba"]})"));
        const auto refuses = [](const std::string& key, const char* more, const std::vector<std::uint32_t>& content) { return written(Json::parse(more), content).find("goes by the number of a layer in " + key) != std::string::npos; };
        QVERIFY(refuses("moe_layer_start_index", R"({"moe_layer_start_index":1,"moe_layer_end_index":2})", {1, 0, 2}));
        QVERIFY(refuses("moe_layer_start_index", R"({"moe_layer_start_index":1,"moe_layer_interval":2})", {1, 2}));
        QVERIFY(refuses("block_types", R"({"block_types":["r","r","a"]})", {0, 2, 3}));
        QVERIFY(refuses("hidden_size_per_layer_input", R"({"hidden_size_per_layer_input":8})", {0}));
        QVERIFY(refuses("num_kv_shared_layers", R"({"num_kv_shared_layers":1})", {0}));
        QVERIFY(refuses("hybrid_layer_ids", R"({"hybrid_layer_ids":[1]})", {0}));
        QVERIFY(refuses("expert_layer_period", R"({"expert_layer_period":2,"layer_types":["a","b","c","d"]})", {1, 2}));
        QCOMPARE(written({{"block_types", {"r", "a"}}}, {0, 3}), std::string(R"({"block_types":["r","a"]})"));
        QCOMPARE(written({{"hidden_size_per_layer_input", 8U}}, {0, 1, 2, 3}), std::string(R"({"hidden_size_per_layer_input":8})")); // nothing is moved
    }

    // Layers behind those that the config counts predict further tokens (DeepSeek-V3); they are numbered on.
    void furtherTokensComeAfter()
    {
        ModelCase more = modelCase("llama");
        more.tensors.push_back({"model.layers.2.self_attn.q_proj.weight", "F32", {1}, "abcd"});
        more.tensors.push_back({"model.layers.2.eh_proj.weight", "F32", {1}, "efgh"});
        const SourcePtr base = more.source();
        QCOMPARE(layerCount(*base), 2U);
        for (const auto& [edit, number] : {std::pair(drop(0, 0), "1"), std::pair(repeat(0, 1), "4")}) {
            const auto source = patchFully(base, recipeOf({edit}));
            QVERIFY2(source, source ? "" : errorMessage(source.error()).c_str());
            const auto found = (*source)->find("model.layers." + std::string(number) + ".eh_proj.weight");
            QVERIFY(found && bytesOf(**source, *found) == bytesOf(*base, base->tensors().size() - 1));
            QVERIFY(load(**source));
        }
    }

    // systems.md 2.7: published formula, float64.
    void goldenOfTheMap()
    {
        const std::vector<double> m = {1, 0, 0, 1, 1, 1, 2, -1}, before = {1, 2, 0, 1, 3, 0, 1, 1}, after = {2, 2, 1, 3, 3, 2, 0, 1};
        const LinearMap map = *linearMapOf(m, before, after, 4, 2, {});
        const double want[] = {0.9411764705882352, 0.588235294117647, 0.6470588235294117, 2.5294117647058822};
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(std::abs(static_cast<double>(map.values[i]) - want[i]) < 1e-6);
        const double size = std::sqrt(4.0 + 4 + 1 + 9 + 9 + 4 + 0 + 1);
        QVERIFY(std::abs(map.replaced * size - 1.5339299776947408) < 1e-12);
        QVERIFY(std::abs(map.removed * size - 3.3166247903554) < 1e-12);
        LinearMapOptions diagonal;
        diagonal.diagonal = true; // Σ m (n + m − l) / Σ m²
        const LinearMap factors = *linearMapOf(m, before, after, 4, 2, diagonal);
        QVERIFY(std::abs(static_cast<double>(factors.values[0]) - 5.0 / 6) < 1e-6 && factors.values[1] == 0);
        QVERIFY(std::abs(static_cast<double>(factors.values[3]) - 7.0 / 3) < 1e-6);
    }

    // W_down := mapᵀ·W_down, and the bias with it: the feed-forward adds M·T.
    void theMapIsFolded_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("llama") << QStringLiteral("llama");
        QTest::newRow("gpt2, stored the other way round") << QStringLiteral("gpt2");
        QTest::newRow("mixtral, all experts") << QStringLiteral("mixtral");
        QTest::newRow("qwen3 with experts") << QStringLiteral("qwen3-moe");
    }
    void theMapIsFolded()
    {
        QFETCH(QString, name);
        const SourcePtr base = modelCase(name.toStdString()).source();
        const ModelPtr whole = load(*base);
        const std::size_t width = whole->config().width;
        std::vector<float> map(width * width);
        for (std::size_t i = 0; i < width; ++i)
            for (std::size_t j = 0; j < width; ++j)
                map[i * width + j] = (i == j ? 1.0F : 0.0F) + 0.0625F * static_cast<float>((i * 7 + j * 3) % 5);
        const auto source = patchFully(base, recipeOf({{LayerEdit::Kind::Fold, 1, 1, makeMatrix(width, width, map)}}));
        QVERIFY2(source, source ? "" : errorMessage(source.error()).c_str());
        const ModelPtr folded = load(**source, whole);
        const auto addedBy = [](const Model& model) {
            std::vector<float> added;
            ForwardOptions options;
            options.observer = [&](std::size_t layer, Site site, std::span<float> values, std::size_t) {
                if (site == Site::FeedForwardOut && layer == 0)
                    added.assign(values.begin(), values.end());
            };
            KvCache cache(model.config());
            Workspace space;
            Sequence sequence{&cache, tokens};
            (void)forward(model, std::span(&sequence, 1), options, space);
            return added;
        };
        const std::vector<float> before = addedBy(*whole), after = addedBy(*folded);
        double worst = 0, most = 0;
        for (std::size_t t = 0; t < tokens.size(); ++t)
            for (std::size_t j = 0; j < width; ++j) {
                double want = 0;
                for (std::size_t i = 0; i < width; ++i)
                    want += static_cast<double>(before[t * width + i]) * static_cast<double>(map[i * width + j]);
                worst = std::max(worst, std::abs(want - static_cast<double>(after[t * width + j])));
                most = std::max(most, std::abs(want));
            }
        QVERIFY2(worst < 5e-3 * most, qPrintable(QString::number(worst / most))); // rounded to the stored type
    }

    void recipesKeepTheirMaps()
    {
        const TempFolder folder;
        const RecipePtr recipe = recipeOf({{LayerEdit::Kind::Fold, 1, 1, makeMatrix(2, 2, {1, 2.5F, -3, 0.125F})}, drop(3, 4)});
        const auto again = recipeFromJson(recipeToJson(*recipe), "x");
        QVERIFY2(again, again ? "" : errorMessage(again.error()).c_str());
        QVERIFY(**again == *recipe);
        const auto path = folder.path() / "short.json";
        QVERIFY(saveRecipe(*recipe, path));
        QVERIFY(QString::fromStdString(readFile(path)).contains(QStringLiteral("\"tensor\": \"sha256:")));
        QVERIFY(std::filesystem::exists(folder.path() / "short.safetensors"));
        const auto loaded = loadRecipe(path);
        QVERIFY2(loaded, loaded ? "" : errorMessage(loaded.error()).c_str());
        QVERIFY(**loaded == *recipe);
        std::string bytes = readFile(folder.path() / "short.safetensors");
        bytes.back() = static_cast<char>(bytes.back() ^ 1);
        writeFile(folder.path() / "short.safetensors", bytes);
        QVERIFY(!loadRecipe(path));
        std::filesystem::remove(folder.path() / "short.safetensors");
        QVERIFY(QString::fromStdString(errorMessage(loadRecipe(path).error())).contains(QStringLiteral("should be in short.safetensors beside it")));
        for (const char* bad : {R"({"op":"drop_layers"})", R"({"op":"drop_layers","layers":[1]})", R"({"op":"drop_layers","layers":[3,1]})", R"({"op":"drop_layers","layers":[1,-1]})",
                                R"({"op":"fold_layers","layers":[1,1]})", R"({"op":"fold_layers","layers":[1,1],"map":{"rows":2,"cols":1,"f32":"AAAAAAAAAAA="}})",
                                R"({"op":"fold_layers","layers":[1,1],"map":{"rows":1,"cols":1,"f32":"AA*AAA=="}})", R"({"op":"drop_layers","layers":[1,2],"select":"*"})"})
            QVERIFY2(!recipeFromJson(*parseJson(std::string(R"({"format":"weightbench.recipe/1","edits":[)") + bad + "]}", "x"), "x"), bad);
    }

    // Exported, the result is an ordinary folder; verify replays it.
    void exportIsAnOrdinaryCheckpoint()
    {
        const TempFolder folder;
        writeFolder(folder.path() / "base", modelCase("llama"));
        const auto base = openCheckpoint(folder.path() / "base");
        Edit scale;
        scale.operation = Scale{0.5};
        scale.select = *Selector::parse("role=down_proj layer=0");
        const RecipePtr recipe = recipeOf({repeat(0, 1), drop(1, 1)})->with(scale);
        const auto source = patchFully(*base, recipe);
        QVERIFY2(source, source ? "" : errorMessage(source.error()).c_str());
        ExportOptions options;
        options.recipes = {std::make_shared<const Json>(recipeToJson(*recipe))};
        Progress progress;
        const auto report = exportCheckpoint(**source, *layoutOf(*base, **source), folder.path() / "out", options, progress);
        QVERIFY2(report, report ? "" : errorMessage(report.error()).c_str());
        const auto opened = openCheckpoint(folder.path() / "out");
        QVERIFY(opened);
        QCOMPARE((*(*opened)->config())["num_hidden_layers"].get<int>(), 2);
        QCOMPARE(hiddenOf(*load(**opened)), hiddenOf(*load(**source)));
        const auto verified = verifyExport(folder.path() / "out", progress);
        QVERIFY2(verified, verified ? "" : errorMessage(verified.error()).c_str());
        QVERIFY(verified->ok());
        QCOMPARE(verified->replay, Replay::Equal);
    }

    void whatCannotBeSaysWhy()
    {
        const SourcePtr mixtral = modelCase("mixtral").source();
        const ModelPtr model = load(*mixtral);
        const std::size_t width = model->config().width;
        const EditMatrixPtr map = makeMatrix(width, width, std::vector<float>(width * width, 1));
        const auto unknown = std::make_shared<MemorySource>(modelCase("mixtral").tensors); // which may add to the experts what no map reaches
        Json config = *modelCase("mixtral").config;
        config["model_type"] = "another";
        unknown->setConfig(config);
        QVERIFY(QString::fromStdString(reasonOf(unknown, recipeOf({{LayerEdit::Kind::Fold, 1, 1, map}}))).contains(QStringLiteral("experts")));
        Progress progress;
        QVERIFY(!computeLinearMap(*load(*modelCase("gemma2").source()), tokens, 1, 1, {}, progress));
        QVERIFY(QString::fromStdString(reasonOf(modelCase("gemma2").source(), recipeOf({{LayerEdit::Kind::Fold, 1, 1, map}}))).contains(QStringLiteral("norm")));
        QVERIFY(QString::fromStdString(reasonOf(mixtral, recipeOf({drop(7, 9)}))).contains(QStringLiteral("layers 0 to")));
        const auto none = std::make_shared<MemorySource>(std::vector<BuiltTensor>{{"a", "F32", {1}, f32Bytes({1})}});
        QVERIFY(QString::fromStdString(reasonOf(none, recipeOf({drop(0, 0)}))).contains(QStringLiteral("has no layers")));
        QVERIFY(QString::fromStdString(reasonOf(std::make_shared<MemorySource>(modelCase("llama").tensors), recipeOf({drop(1, 1)}))).contains(QStringLiteral("config")));
    }

    // A name may hold any number; it is no layer then.
    void numbersInNamesAreNotTrusted()
    {
        ModelCase odd = modelCase("llama");
        odd.tensors.push_back({"model.layers.4000000000.mlp.down_proj.weight", "F32", {1}, std::string(4, '\0')});
        const auto source = patchFully(odd.source(), recipeOf({drop(1, 1)}));
        QVERIFY2(source, source ? "" : errorMessage(source.error()).c_str());
        QVERIFY((*source)->find("model.layers.4000000000.mlp.down_proj.weight").has_value());
        QVERIFY(!(*source)->find("model.layers.1.mlp.down_proj.weight").has_value());
    }

    // A vision tower beside the language model counts layers of its own, more of them even, and keeps them.
    void otherTowersKeepTheirLayers()
    {
        ModelCase seeing = modelCase("llama");
        const auto tower = [](int layer) { return "vision_tower.encoder.layers." + std::to_string(layer) + ".self_attn.q_proj.weight"; };
        for (int layer = 0; layer < 5; ++layer)
            seeing.tensors.push_back({tower(layer), "F32", {1}, std::string(4, static_cast<char>(layer))});
        const SourcePtr base = seeing.source();
        QCOMPARE(layerCount(*base), 2U);
        const auto source = patchFully(base, recipeOf({drop(1, 1)}));
        QVERIFY2(source, source ? "" : errorMessage(source.error()).c_str());
        QVERIFY(!(*source)->find("model.layers.1.mlp.down_proj.weight").has_value());
        for (int layer = 0; layer < 5; ++layer) {
            const auto at = (*source)->find(tower(layer));
            QVERIFY(at);
            QCOMPARE(bytesOf(**source, *at), std::vector<std::byte>(4, static_cast<std::byte>(layer)));
        }
    }

    void checkTellsTheCount()
    {
        const TempFolder folder;
        writeFolder(folder.path() / "base", modelCase("llama"));
        StatisticsCache cache(1 << 20);
        Progress progress;
        const auto check = checkRecipe(*openCheckpoint(folder.path() / "base"), recipeOf({drop(1, 1)}), cache, progress);
        QVERIFY2(check, check ? "" : errorMessage(check.error()).c_str());
        QCOMPARE(check->edits[0].effect, std::string("effective"));
        QCOMPARE(check->edits[0].because.args, (std::vector<std::string>{"1", "2"}));
    }
};

QTEST_APPLESS_MAIN(TestLayeredSource)
#include "tst_layeredsource.moc"
