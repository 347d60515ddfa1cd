// The same weights in two formats: matched by role, rows and gains read as Hugging Face stores them.
#include "core/analysis/diff.h"
#include "core/checkpoint/open.h"
#include "tests/support/ggufbuilder.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

namespace {

std::vector<float> values(std::size_t count)
{
    std::vector<float> list(count);
    for (std::size_t i = 0; i < count; ++i)
        list[i] = static_cast<float>((i * 37) % 101) / 64 - 0.7F;
    return list;
}

// llama.cpp's conversion: heads, 2, size/2 rows → heads, size/2, 2 rows.
std::vector<float> paired(const std::vector<float>& rows, std::size_t heads, std::size_t cols)
{
    const std::size_t size = rows.size() / cols / heads;
    std::vector<float> out;
    for (std::size_t head = 0; head < heads; ++head)
        for (std::size_t i = 0; i < size / 2; ++i)
            for (std::size_t j = 0; j < 2; ++j) {
                const auto from = rows.begin() + static_cast<std::ptrdiff_t>((head * size + j * (size / 2) + i) * cols);
                out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(cols));
            }
    return out;
}

} // namespace

class TestCrossFormat : public QObject {
    Q_OBJECT
private slots:
    // Of many elements a little is enough to show that rounding leans to one side, which is no factor yet.
    void roundingThatLeansIsNoScale()
    {
        TempFolder folder;
        std::vector<float> before(65536), after(before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            before[i] = 1 + static_cast<float>(i % 128) / 128; // each a code of its type
            after[i] = i % 50 == 0 ? before[i] + 1.0F / 128 : before[i];
        }
        writeFile(folder / "a.safetensors", safetensorsBytes({{"w", "BF16", {256, 256}, bf16Bytes(before)}}));
        writeFile(folder / "b.safetensors", safetensorsBytes({{"w", "BF16", {256, 256}, bf16Bytes(after)}}));
        for (float& value : after)
            value *= 1.02F;
        writeFile(folder / "c.safetensors", safetensorsBytes({{"w", "BF16", {256, 256}, bf16Bytes(after)}}));
        Progress progress;
        const auto word = [&](const char* other) {
            return diffSources(**openCheckpoint(folder / "a.safetensors"), **openCheckpoint(folder / other), {}, progress)->changed.at(0).character;
        };
        QCOMPARE(word("b.safetensors"), std::string("rounding_only"));
        QCOMPARE(word("c.safetensors"), std::string("scaled"));
    }

    void theSameLlamaDiffersInNothing()
    {
        TempFolder folder;
        const std::vector<float> q = values(8 * 4), k = values(4 * 4);
        writeFile(folder / "model.safetensors", safetensorsBytes({{"model.layers.0.self_attn.q_proj.weight", "F32", {8, 4}, f32Bytes(q)},
                                                                   {"model.layers.0.self_attn.k_proj.weight", "F32", {4, 4}, f32Bytes(k)},
                                                                   {"model.layers.0.mlp.gate_proj.weight", "F32", {2, 4}, f32Bytes(values(8))},
                                                                   {"model.layers.0.mlp.up_proj.weight", "BF16", {2, 4}, bf16Bytes(values(8))}}));
        const auto gguf = [&](const std::vector<float>& rows) {
            GgufBuilder builder;
            builder.text("general.architecture", "llama").number("llama.attention.head_count", 4, 2U).number("llama.attention.head_count_kv", 4, 1U);
            builder.tensor({"blk.0.attn_q.weight", 0, {4, 8}, f32Bytes(rows)}).tensor({"blk.0.attn_k.weight", 0, {4, 4}, f32Bytes(paired(k, 1, 4))});
            builder.tensor({"blk.0.ffn_gate.weight", 0, {4, 2}, f32Bytes(values(8))});
            return builder.tensor({"blk.0.ffn_up.weight", 0, {4, 2}, f32Bytes(values(8))}).tensor({"extra", 0, {1}, "abcd"}).bytes();
        };
        Progress progress;
        const auto compare = [&](const std::vector<float>& rows) {
            writeFile(folder / "m.gguf", gguf(rows));
            return *diffSources(**openCheckpoint(folder / "model.safetensors"), **openCheckpoint(folder / "m.gguf"), {}, progress);
        };
        const DiffReport same = compare(paired(q, 2, 4));
        QCOMPARE(same.onlyB, std::vector<std::string>{"extra"});
        QVERIFY(same.onlyA.empty() && same.shapeDiffers.empty());
        QCOMPARE(same.identical, 3U);
        QCOMPARE(same.dtypeDiffers, std::vector<std::string>{"model.layers.0.mlp.up_proj.weight"});
        QVERIFY(same.changed.size() <= 1); // BF16 against F32
        if (!same.changed.empty())
            QCOMPARE(same.changed[0].character, "rounding_only");
        QCOMPARE(compare(q).changed.at(0).name, "model.layers.0.self_attn.q_proj.weight"); // not in pairs: another matrix
        std::vector<float> doubled = q;
        for (float& value : doubled)
            value *= 2;
        const DiffReport scaled = compare(paired(doubled, 2, 4));
        QCOMPARE(scaled.changed.at(0).scale, 2.0);
        QCOMPARE(scaled.changed.at(0).character, "scaled");
    }

    void gemmasGainsAreOneMore()
    {
        TempFolder folder;
        writeFile(folder / "model.safetensors", safetensorsBytes({{"model.norm.weight", "F32", {4}, f32Bytes({0.5F, -0.25F, 0, 1})}}));
        GgufBuilder builder;
        builder.text("general.architecture", "gemma3").tensor({"output_norm.weight", 0, {4}, f32Bytes({1.5F, 0.75F, 1, 2})});
        writeFile(folder / "m.gguf", builder.tensor({"blk.0.ffn_norm.weight", 0, {4}, f32Bytes({1, 1, 1, 1})}).bytes());
        Progress progress;
        const DiffReport report = *diffSources(**openCheckpoint(folder / "model.safetensors"), **openCheckpoint(folder / "m.gguf"), {}, progress);
        QCOMPARE(report.identical, 1U);
        QVERIFY(report.changed.empty());
    }
};

QTEST_APPLESS_MAIN(TestCrossFormat)
#include "tst_crossformat.moc"
