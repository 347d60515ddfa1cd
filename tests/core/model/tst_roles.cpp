#include "core/checkpoint/open.h"
#include "core/model/roles.h"
#include "core/model/summary.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

class TestRoles : public QObject {
    Q_OBJECT
private slots:
    void readsRoleLayerAndExpert_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("role");
        QTest::addColumn<int>("layer");
        QTest::addColumn<int>("expert");
        const auto row = [](const char* name, const char* role, int layer, int expert) {
            QTest::newRow(name) << std::string(name) << std::string(role) << layer << expert;
        };
        row("model.embed_tokens.weight", "embed_tokens", -1, -1);
        row("lm_head.weight", "lm_head", -1, -1);
        row("lm_head.bias", "lm_head.bias", -1, -1);
        row("model.norm.weight", "norm", -1, -1);
        row("model.layers.10.self_attn.q_proj.weight", "q_proj", 10, -1);
        row("model.layers.10.self_attn.q_proj.bias", "q_proj.bias", 10, -1);
        row("model.layers.0.self_attn.k_norm.weight", "k_norm", 0, -1);
        row("model.layers.3.pre_feedforward_layernorm.weight", "pre_feedforward_layernorm", 3, -1);
        row("model.layers.3.mlp.gate.weight", "router", 3, -1);
        row("model.layers.3.mlp.experts.7.up_proj.weight", "up_proj", 3, 7);
        row("model.layers.3.block_sparse_moe.experts.7.w2.weight", "down_proj", 3, 7);
        row("model.language_model.layers.3.mlp.up_proj.weight", "up_proj", 3, -1);
        row("base_model.model.model.layers.3.mlp.up_proj.weight", "up_proj", 3, -1);
        row("state_dict.model.layers.3.mlp.up_proj.weight", "up_proj", 3, -1);
        row("module._orig_mod.layers.3.mlp.up_proj.weight", "up_proj", 3, -1);
        row("layers.3.mlp.up_proj.weight", "up_proj", 3, -1);
        row("model.layers.3.block.2.weight", "other", 3, -1);
        row("transformer.wte.weight", "embed_tokens", -1, -1);
        row("wpe.weight", "position_embedding", -1, -1);
        row("transformer.h.11.attn.c_attn.bias", "qkv_proj.bias", 11, -1);
        row("h.11.mlp.c_proj.weight", "fc2", 11, -1);
        row("transformer.h.2.attn.bias", "other", 2, -1); // a mask
        row("transformer.ln_f.weight", "norm", -1, -1);
        row("gpt_neox.embed_in.weight", "embed_tokens", -1, -1);
        row("gpt_neox.layers.5.attention.query_key_value.weight", "qkv_proj", 5, -1);
        row("gpt_neox.layers.5.mlp.dense_4h_to_h.bias", "fc2.bias", 5, -1);
        row("gpt_neox.final_layer_norm.weight", "norm", -1, -1);
        row("embed_out.weight", "lm_head", -1, -1);
        row("transformer.h.5.self_attention.dense.weight", "o_proj", 5, -1);
        row("model.decoder.layers.5.fc1.weight", "fc1", 5, -1);
        row("model.decoder.layers.5.final_layer_norm.weight", "post_attention_layernorm", 5, -1);
        row("model.decoder.final_layer_norm.weight", "norm", -1, -1);
        row("model.layers.5.self_attn.dense.weight", "o_proj", 5, -1);
        row("model.final_layernorm.weight", "norm", -1, -1);
        row("model.layers.3.up_proj.weight", "other", 3, -1);
        row("vision_tower.encoder.layers.3.self_attn.q_proj.weight", "other", 3, -1);
        row("encoder.layer.3.attention.self.query.weight", "other", 3, -1); // BERT
        row("encoder.block.3.layer.0.SelfAttention.q.weight", "other", 3, -1); // T5
        row("transformer.resblocks.3.mlp.c_fc.weight", "other", 3, -1);
        row("Transformer/encoderblock_11/MlpBlock_3/Dense_0/kernel", "other", 11, -1); // JAX
        row("bert/encoder/layer_3/output/dense/kernel", "other", 3, -1);
        row("params/layers/3/mlp/kernel", "other", 3, -1);
        row("transformer/embedder/input_embedding", "other", -1, -1);
        row("model.layers.3.mlp.up_proj.weight_scale", "up_proj.scale", 3, -1);
        row("model.layers.3.mlp.experts.7.up_proj.weight_scale_inv", "up_proj.scale", 3, 7);
        row("model.layers.3.mlp.up_proj.input_scale", "other", 3, -1);
        row("model.layers.3.self_attn.q_layernorm.norms.11.weight", "q_norm", 3, -1);
        row("transformer.word_embeddings_layernorm.bias", "embedding_norm.bias", -1, -1);
        row("transformer.blocks.3.attn.Wqkv.weight", "qkv_proj", 3, -1);
        row("transformer.norm_f.weight", "norm", -1, -1);
        row("norm", "other", -1, -1);
        row("", "other", -1, -1);
    }
    void readsRoleLayerAndExpert()
    {
        QFETCH(std::string, name);
        QFETCH(std::string, role);
        QFETCH(int, layer);
        QFETCH(int, expert);
        const TensorRole found = roleOf(name);
        QCOMPARE(found.role, role);
        QCOMPARE(found.layer ? static_cast<int>(*found.layer) : -1, layer);
        QCOMPARE(found.expert ? static_cast<int>(*found.expert) : -1, expert);
    }

    void layersAreCountedWithoutATable()
    {
        TempFolder folder;
        const auto layersOf = [&](const std::vector<BuiltTensor>& tensors) {
            writeFile(folder / "a.safetensors", safetensorsBytes(tensors, {}));
            const auto checkpoint = openCheckpoint(folder / "a.safetensors");
            return checkpoint ? static_cast<int>(summarise(**checkpoint).layers) : -1;
        };
        const BuiltTensor other{"encoder.layer.5.output.dense.weight", "U8", {1}, "a"}, known{"model.layers.1.mlp.up_proj.weight", "U8", {1}, "a"};
        QCOMPARE(layersOf({other}), 6); // BERT
        QCOMPARE(layersOf({other, known}), 2); // beside a text model it is a tower of another kind
    }

    void companionsHaveNoRole()
    {
        for (const char* name : {"model.layers.3.mlp.up_proj.scales", "model.layers.3.mlp.up_proj.lora_A.weight",
                                 "model.layers.3.mlp.up_proj.SCB"}) {
            QVERIFY(roleOf(name).companion);
            QCOMPARE(roleOf(name).role, "other");
        }
    }

    void ordersAsPeopleCount()
    {
        QVERIFY(naturalLess("layer 2", "layer 10"));
        QVERIFY(!naturalLess("layer 10", "layer 2"));
        QVERIFY(naturalLess("a", "a1"));
        QVERIFY(naturalLess("a1b", "a01c"));
        QVERIFY(!naturalLess("x", "x"));
        QVERIFY(naturalLess("99999999999999999999998", "99999999999999999999999"));
    }

    void listsInOrderOfComputation()
    {
        std::vector<TensorInfo> tensors;
        for (const char* name : {"lm_head.weight", "model.layers.10.mlp.up_proj.weight", "model.layers.2.mlp.down_proj.weight",
                                 "model.layers.2.self_attn.q_proj.weight", "zeta", "model.norm.weight",
                                 "model.layers.2.input_layernorm.weight", "model.embed_tokens.weight", "alpha"})
            tensors.push_back({.name = name});
        std::string text;
        for (const std::size_t i : naturalOrder(tensors))
            text += tensors[i].name + "\n";
        QCOMPARE(text, "model.embed_tokens.weight\nmodel.layers.2.input_layernorm.weight\n"
                       "model.layers.2.self_attn.q_proj.weight\nmodel.layers.2.mlp.down_proj.weight\n"
                       "model.layers.10.mlp.up_proj.weight\nmodel.norm.weight\nlm_head.weight\nalpha\nzeta\n");
    }
};

QTEST_APPLESS_MAIN(TestRoles)
#include "tst_roles.moc"
