// Models that do not fit: each is its own error, found before weights are read.
#include "core/model/forward.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

Result<ModelPtr> load(const ModelCase& one, std::uint64_t maxBytes = 0)
{
    Progress progress;
    return Model::load(*one.source(), {"test", maxBytes, nullptr, {}}, progress);
}

ModelCase with(const std::string& name, const std::function<void(Json&)>& change)
{
    ModelCase one = modelCase(name);
    Json config = *one.config;
    change(config);
    one.config = std::make_shared<const Json>(std::move(config));
    return one;
}

void refused(const ModelCase& one, ErrorCode code, const QByteArray& words)
{
    const auto model = load(one);
    QVERIFY(!model);
    const std::string text = sentence(model.error());
    QVERIFY2(model.error().code == code && text.find(words.toStdString()) != std::string::npos, text.c_str());
}

} // namespace

class TestBadModels : public QObject {
    Q_OBJECT
private slots:
    void configs()
    {
        using J = Json&;
        const auto bad = [](const char* name, const std::function<void(J)>& change, const char* words) {
            refused(with(name, change), ErrorCode::ConfigInvalid, words);
        };
        bad("llama", [](J c) { c["num_attention_heads"] = 0; }, "num_attention_heads = 0");
        bad("llama", [](J c) { c["num_attention_heads"] = -4; }, "num_attention_heads = -4");
        bad("llama", [](J c) { c["num_attention_heads"] = 4.5; }, "num_attention_heads = 4.5");
        bad("llama", [](J c) { c["hidden_size"] = "32"; }, "hidden_size = \"32\"");
        bad("llama", [](J c) { c["hidden_size"] = 1e300; }, "hidden_size");
        bad("llama", [](J c) { c.erase("hidden_size"); }, "hidden_size is missing");
        bad("llama", [](J c) { c.erase("model_type"); }, "model_type is missing");
        bad("llama", [](J c) { c["num_key_value_heads"] = 3; }, "4 heads cannot share 3");
        bad("llama", [](J c) { c["num_hidden_layers"] = 1 << 23; }, "more than any model has");
        bad("llama", [](J c) { c["rms_norm_eps"] = "NaN"; }, "rms_norm_eps");
        bad("llama", [](J c) { c["tie_word_embeddings"] = 1; }, "tie_word_embeddings = 1");
        bad("llama", [](J c) { c["rope_parameters"] = 7; }, "rope_parameters is not an object");
        bad("llama-linear", [](J c) { c["rope_parameters"]["factor"] = 0; }, "factor of the rotary positions is not positive");
        bad("llama-linear", [](J c) { c["rope_parameters"].erase("factor"); }, "factor of the rotary positions is missing");
        bad("phi3-long", [](J c) { c["rope_parameters"]["long_factor"] = {1, 2}; }, "long_factor of the rotary positions is not a list of 4");
        bad("llama", [](J c) { c["rope_parameters"]["rope_theta"] = 0.5; }, "base 0.5");
        bad("llama", [](J c) { c["head_dim"] = 7; }, "7");
        bad("gemma3", [](J c) { c["layer_types"] = {"sliding_attention"}; }, "nothing of layer 1");
        bad("mixtral", [](J c) { c["num_experts_per_tok"] = 9; }, "9 of 5 experts");
    }

    void whatTheEngineDoesNotKnow()
    {
        using J = Json&;
        const auto unknown = [](const char* name, const std::function<void(J)>& change, const char* words) {
            refused(with(name, change), ErrorCode::ModelUnsupported, words);
        };
        unknown("llama", [](J c) { c["model_type"] = "mamba"; }, "model_type = mamba");
        unknown("llama", [](J c) { c["hidden_act"] = "mish"; }, "hidden_act = mish");
        unknown("llama", [](J c) { c["rope_parameters"]["rope_type"] = "spiral"; }, "rope_type = spiral");
        unknown("llama", [](J c) { c["quantization_config"] = {{"quant_method", "gptq"}}; }, "quantization_config");
        unknown("mpt", [](J c) { c["attn_config"]["clip_qkv"] = 6.0; }, "clip_qkv = 6.0");
        unknown("mpt", [](J c) { c["attn_config"]["alibi"] = false; }, "alibi = false");
        unknown("bloom", [](J c) { c["apply_residual_connection_post_layernorm"] = true; }, "post_layernorm = true");
        unknown("gemma", [](J c) { c["use_bidirectional_attention"] = true; }, "use_bidirectional_attention = true");
        unknown("gemma3", [](J c) { c["layer_types"][0] = "chunked_attention"; }, "chunked_attention");
    }

    // What a GGUF of MPT may say: our reading of its keys is by those of config.json.
    void mptOfGguf()
    {
        const Json plain = {{"model_type", "mpt"},       {"vocab_size", 8},          {"hidden_size", 16},   {"num_attention_heads", 2},
                            {"num_hidden_layers", 1}, {"intermediate_size", 32}, {"alibi_bias_max", 8.0}};
        QVERIFY(readModelConfig(plain, true, "x"));
        for (const auto& [key, value, words] : {std::tuple("clip_qkv", 6.5, "clip_qkv = 6.5"), std::tuple("alibi_bias_max", 0.0, "alibi_bias_max = 0")}) {
            Json changed = plain;
            changed[key] = value;
            const auto config = readModelConfig(changed, true, "x");
            QVERIFY(!config);
            QVERIFY2(sentence(config.error()).find(words) != std::string::npos, sentence(config.error()).c_str());
        }
    }

    void tensors()
    {
        for (const std::string name : {"model.layers.1.mlp.up_proj.weight", "model.norm.weight", "model.embed_tokens.weight", "lm_head.weight"}) {
            ModelCase one = modelCase("llama");
            std::erase_if(one.tensors, [&](const BuiltTensor& tensor) { return tensor.name == name; });
            refused(one, ErrorCode::ModelTensorMissing, QByteArray::fromStdString(name));
        }
        ModelCase turned = modelCase("llama");
        for (BuiltTensor& tensor : turned.tensors)
            if (tensor.name == "model.layers.0.mlp.down_proj.weight")
                std::swap(tensor.shape[0], tensor.shape[1]);
        refused(turned, ErrorCode::ModelTensorShape, "[48, 32]");
        refused(with("llama", [](Json& c) { c["vocab_size"] = 49; }), ErrorCode::ModelTensorShape, "[49, 32]");
        refused(with("neox", [](Json& c) { c["intermediate_size"] = 64; }), ErrorCode::ModelTensorShape, "64");
        ModelCase opaque = modelCase("llama");
        opaque.tensors[0].dtype = "F4";
        opaque.tensors[0].data.resize(opaque.tensors[0].data.size() / 4);
        refused(opaque, ErrorCode::OpaqueDtype, "F4");
        MemorySource bare(modelCase("llama").tensors);
        Progress progress;
        QCOMPARE(Model::load(bare, {"test", 0, nullptr, {}}, progress).error().code, ErrorCode::ConfigInvalid);
    }

    void memoryIsRefusedWithNumbers()
    {
        const auto model = load(modelCase("llama"), 1000);
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::MemoryLimit);
        QCOMPARE(model.error().args[1], std::string("1000"));
        QVERIFY(std::stoull(model.error().args[0]) > 30'000);
    }

    // Tied by config, two unequal matrices stored: the stored head runs. Equal ones are one in memory.
    void tiedWithAStoredHead()
    {
        ModelCase equal = with("llama", [](Json& c) { c["tie_word_embeddings"] = true; });
        const auto tensor = [&](const char* name) -> BuiltTensor& { return *std::ranges::find(equal.tensors, std::string(name), &BuiltTensor::name); };
        const auto other = load(equal);
        QVERIFY(other && !(*other)->config().tied);
        tensor("lm_head.weight").data = tensor("model.embed_tokens.weight").data;
        const auto same = load(equal);
        QVERIFY(same && (*same)->config().tied);
        QCOMPARE((*same)->bytes() + 48 * 32 * 2, (*other)->bytes());
    }

    void nanWeightsEnd()
    {
        ModelCase one = modelCase("mixtral");
        for (BuiltTensor& tensor : one.tensors)
            if (tensor.name.find("block_sparse_moe.gate") != std::string::npos)
                for (std::size_t i = 0; i < tensor.data.size(); i += 2)
                    tensor.data.replace(i, 2, "\xc0\x7f", 2);
        const auto model = load(one);
        QVERIFY(model);
        KvCache cache((*model)->config());
        Workspace space;
        Sequence sequence{&cache, one.longIds};
        const auto hidden = forward(**model, {&sequence, 1}, {}, space);
        QVERIFY(hidden);
        QVERIFY(std::isnan((*hidden)[0]));
    }

    void wrappersAreLookedThrough()
    {
        for (const std::string prefix : {"", "language_model.model.", "model.language_model.", "module.model.", "base_model.model.model."}) {
            ModelCase one = modelCase("llama");
            for (BuiltTensor& tensor : one.tensors)
                if (tensor.name.starts_with("model."))
                    tensor.name = prefix + tensor.name.substr(6);
            QVERIFY2(load(one).has_value(), prefix.c_str());
        }
    }

    void textPartOfALargerConfig()
    {
        ModelCase one = modelCase("gemma3");
        Json outer = {{"model_type", "gemma3"}, {"text_config", *one.config}, {"vision_config", Json::object()}};
        one.config = std::make_shared<const Json>(std::move(outer));
        QVERIFY(load(one).has_value());
    }
};

QTEST_APPLESS_MAIN(TestBadModels)
#include "tst_badmodels.moc"
