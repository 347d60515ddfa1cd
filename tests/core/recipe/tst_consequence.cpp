// What the architecture makes of an edit: each rule on a model that has what it speaks of, and on one that has not.
#include "core/checkpoint/open.h"
#include "core/recipe/check.h"
#include "core/recipe/recipejson.h"
#include "tests/support/ggufbuilder.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

namespace {

// One layer of llama's parts, 4 heads of 2; more by name.
std::vector<BuiltTensor> model(const std::vector<std::string>& more)
{
    std::vector<BuiltTensor> tensors;
    const auto add = [&tensors](const std::string& name, std::vector<std::uint64_t> shape) {
        std::uint64_t elements = 1;
        for (const std::uint64_t extent : shape)
            elements *= extent;
        std::vector<float> values(elements);
        for (std::size_t i = 0; i < elements; ++i)
            values[i] = 0.5F + static_cast<float>((i * 37 + tensors.size()) % 64) / 64;
        tensors.push_back({name, "BF16", std::move(shape), bf16Bytes(values)});
    };
    add("model.embed_tokens.weight", {16, 8});
    for (const char* name : {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"})
        add(std::string("model.layers.0.") + name + ".weight", {8, 8});
    for (const char* name : {"input_layernorm", "post_attention_layernorm"})
        add(std::string("model.layers.0.") + name + ".weight", {8});
    add("model.norm.weight", {8});
    for (const std::string& name : more) {
        const bool head = name.starts_with("lm_head.weight"), gated = name == "gated";
        if (gated)
            tensors[1] = {"model.layers.0.self_attn.q_proj.weight", "BF16", {16, 8}, std::string(tensors[1].data + tensors[1].data)};
        else
            add(head || name.starts_with("model.") || name.starts_with("lm_head") ? name : "model.layers.0." + name,
                head ? std::vector<std::uint64_t>{16, 8} : std::vector<std::uint64_t>{8});
    }
    return tensors;
}

std::string effects(const std::string& config, const std::vector<std::string>& more, const std::string& edits)
{
    TempFolder folder;
    writeFile(folder / "model.safetensors", safetensorsBytes(model(more)));
    writeFile(folder / "config.json", config);
    writeFile(folder / "r.json", "{\"format\":\"weightbench.recipe/1\",\"edits\":[" + edits + "]}");
    const auto recipe = loadRecipe(folder / "r.json");
    if (!recipe)
        return sentence(recipe.error());
    StatisticsCache cache;
    Progress progress;
    const auto check = checkRecipe(*openCheckpoint(folder.path()), *recipe, cache, progress);
    if (!check)
        return sentence(check.error());
    std::string text;
    for (const EditCheck& edit : check->edits)
        text += (text.empty() ? "" : " ") + edit.effect;
    return text;
}

std::string scale(const std::string& role, double factor = 2, const std::string& more = "")
{
    return "{\"op\":\"scale\",\"select\":\"role=" + role + "\",\"factor\":" + std::to_string(factor) + more + "}";
}

} // namespace

class TestConsequence : public QObject {
    Q_OBJECT
private slots:
    void rules_data()
    {
        using Names = std::vector<std::string>;
        QTest::addColumn<std::string>("config");
        QTest::addColumn<Names>("more");
        QTest::addColumn<std::string>("edits");
        QTest::addColumn<std::string>("want");
        const std::string llama = R"({"model_type":"llama","num_attention_heads":4,"head_dim":2})";
        const std::string gemma = R"({"model_type":"gemma2","num_attention_heads":4,"head_dim":2,"final_logit_softcapping":30.0})";
        const Names norms = {"self_attn.q_norm.weight", "self_attn.k_norm.weight"};
        const Names sandwich = {"pre_feedforward_layernorm.weight", "post_feedforward_layernorm.weight"};
        const auto row = [](const char* name, const std::string& config, const Names& more, const std::string& edits, const char* want) {
            QTest::newRow(name) << config << more << edits << std::string(want);
        };
        row("q into its norm", llama, norms, scale("q_proj") + "," + scale("k_proj"), "absorbed absorbed");
        row("no norm", llama, {}, scale("q_proj") + "," + scale("k_proj"), "effective effective");
        row("negative", llama, norms, scale("q_proj", -2), "effective");
        row("part of it", llama, norms, scale("q_proj", 2, R"(,"elements":{"rows":[0,1]})"), "effective");
        row("so small that epsilon shows", llama, norms, scale("q_proj", 0.01), "effective");
        row("so small by its strength", llama, norms, scale("q_proj", 0.5, R"(,"strength":1.98)"), "effective");
        row("a bias", llama, {"self_attn.q_norm.weight", "self_attn.q_proj.bias"}, scale("q_proj"), "effective");
        row("a gate beside the queries", llama, {"self_attn.q_norm.weight", "gated"}, scale("q_proj"), "effective");
        row("infinite", llama, norms, scale("q_proj", 3e38), "effective");
        row("norms behind the branches", gemma, sandwich, scale("o_proj") + "," + scale("down_proj") + "," + scale("up_proj", 3) + "," + scale("gate_proj"),
            "absorbed absorbed absorbed effective");
        row("llama's norm is before the MLP", llama, {}, scale("o_proj") + "," + scale("down_proj"), "effective effective");
        row("final norm", llama, {"lm_head.weight"}, scale("norm") + "," + scale("lm_head"), "greedy_invariant greedy_invariant");
        row("final norm with a bias", llama, {"lm_head.weight", "model.norm.bias"}, scale("norm") + "," + scale("lm_head"), "effective greedy_invariant");
        row("head with a bias", llama, {"lm_head.weight", "lm_head.bias"}, scale("norm") + "," + scale("lm_head"), "effective effective");
        row("gain of 1 + weight", gemma, {"lm_head.weight"}, scale("norm"), "effective");
        row("gain of 1 + weight, Qwen3-Next", R"({"model_type":"qwen3_next"})", {"lm_head.weight"}, scale("norm"), "effective");
        row("a constant for every logit", llama, {"lm_head.weight"}, R"({"op":"add","select":"role=lm_head","value":0.5})", "void");
        row("a constant in some columns of the head", llama, {"lm_head.weight"}, R"({"op":"add","select":"role=lm_head","value":0.5,"elements":{"cols":[0,4]}})", "void");
        row("a constant in some rows of the head", llama, {"lm_head.weight"}, R"({"op":"add","select":"role=lm_head","value":0.5,"elements":{"rows":[0,4]}})", "effective");
        row("a constant in the bias of the head", llama, {"lm_head.weight", "lm_head.bias"}, R"({"op":"add","select":"role=lm_head.bias","value":0.5})", "void");
        row("a factor under a cap", gemma, {"lm_head.weight"}, scale("lm_head"), "effective");
        row("a constant under a cap", gemma, {"lm_head.weight"}, R"({"op":"add","select":"role=lm_head","value":0.5})", "effective");
        row("v and o undo each other", llama, {}, scale("v_proj", 2) + "," + scale("o_proj", 0.5), "absorbed absorbed");
        row("in two steps", llama, {}, scale("up_proj", 2) + "," + scale("up_proj", 2) + "," + scale("down_proj", 0.25), "absorbed absorbed absorbed");
        row("not quite", llama, {}, scale("v_proj", 2) + "," + scale("o_proj", 0.51), "effective effective");
        row("with a bias between", llama, {"self_attn.v_proj.bias"}, scale("v_proj", 2) + "," + scale("o_proj", 0.5), "effective effective");
        row("q and k undo each other", llama, {}, scale("q_proj", 2) + "," + scale("k_proj", 0.5), "absorbed absorbed");
        row("one is switched off", llama, {}, scale("v_proj", 2) + "," + scale("o_proj", 0.5, R"(,"enabled":false)"), "effective void");
        row("scaled, then more added", llama, norms, scale("q_proj") + R"(,{"op":"add","select":"role=q_proj","value":0.5})", "effective effective");
        row("scaled, then more added, then scaled", llama, norms, scale("q_proj") + R"(,{"op":"add","select":"role=q_proj","value":0.5},)" + scale("q_proj"), "effective effective absorbed");
        row("scaled, then noise", llama, norms, scale("q_proj") + R"(,{"op":"noise","select":"role=q_proj","std":0.5,"seed":1})", "effective effective");
        row("scaled, then noise in its measure", llama, norms, scale("q_proj") + R"(,{"op":"noise","select":"role=q_proj","std":0.5,"seed":1,"relative":true})", "absorbed effective");
        row("scaled, then normalised", llama, norms, scale("q_proj") + R"(,{"op":"normalize","select":"role=q_proj","form":"standard"})", "absorbed effective");
        row("scaled, then set", llama, {}, scale("q_proj") + R"(,{"op":"set","select":"role=q_proj","value":0.5})", "void effective");
        row("scaled, then set in part", llama, {}, scale("q_proj") + R"(,{"op":"set","select":"role=q_proj","value":0.5,"strength":0.5})", "effective effective");
        row("infinite, then set", llama, {}, scale("q_proj", 3e38) + R"(,{"op":"set","select":"role=q_proj","value":0.5})", "void effective");
        row("scaled, then added but switched off", llama, norms, scale("q_proj") + R"(,{"op":"add","select":"role=q_proj","value":0.5,"enabled":false})", "absorbed void");
        row("at no strength", llama, {}, scale("v_proj", 2, R"(,"strength":0)"), "void");
    }
    void rules()
    {
        QFETCH(std::string, config);
        QFETCH(std::vector<std::string>, more);
        QFETCH(std::string, edits);
        QFETCH(std::string, want);
        QCOMPARE(effects(config, more, edits), want);
    }

    void gainsOfAGgufAreStoredWhole() // Gemma's 1 + w, so that a factor on the tensor is one on the gain
    {
        TempFolder folder;
        GgufBuilder builder;
        builder.text("general.architecture", "gemma3").tensor({"token_embd.weight", 0, {2, 2}, f32Bytes({1, 2, 3, 4})});
        writeFile(folder / "m.gguf", builder.tensor({"output_norm.weight", 0, {2}, f32Bytes({1, 2})}).bytes());
        writeFile(folder / "r.json", "{\"format\":\"weightbench.recipe/1\",\"edits\":[" + scale("norm") + "]}");
        StatisticsCache cache;
        Progress progress;
        const auto check = checkRecipe(*openCheckpoint(folder / "m.gguf"), *loadRecipe(folder / "r.json"), cache, progress);
        QCOMPARE(check->edits.at(0).effect, "greedy_invariant");
    }
};

QTEST_APPLESS_MAIN(TestConsequence)
#include "tst_consequence.moc"
