// GGUF: a file that Python's gguf wrote, blocks against ggml's own values, edits through block factors, exports, splits.
#include "core/analysis/diff.h"
#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/checkpoint/export.h"
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/open.h"
#include "core/model/roles.h"
#include "core/model/summary.h"
#include "core/recipe/check.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "core/tensor/blocks.h"
#include "core/tensor/decode.h"
#include "core/tensor/halffloat.h"
#include "tests/support/ggufbuilder.h"
#include "tests/support/memorysource.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>

using namespace wb;
using namespace wb::test;

namespace {

const std::string small = WB_TEST_DATA "/small.gguf";

std::string hashOf(std::span<const float> values)
{
    Sha256 hash;
    hash.update(std::as_bytes(values));
    return hash.finish();
}

RecipePtr recipeOf(const std::string& edits)
{
    return *recipeFromJson(*parseJson("{\"format\":\"weightbench.recipe/1\",\"edits\":[" + edits + "]}", "x"), "x");
}

// Byte i is 37·i + 11; d is 0.5 and, if there is one, m is 0.25.
std::vector<std::byte> goldenBlock(DType dtype)
{
    std::vector<std::byte> block(unitBytes(dtype));
    for (std::size_t i = 0; i < block.size(); ++i)
        block[i] = static_cast<std::byte>((37 * i + 11) % 256);
    const auto offsets = factorOffsets(dtype);
    for (std::size_t i = 0; i < offsets.size(); ++i)
        store(block.data() + offsets[i], std::uint16_t(i == 0 ? 0x3800 : 0x3400));
    return block;
}

std::vector<double> valuesOf(const TensorSource& source, std::size_t tensor)
{
    std::vector<double> values(source.tensors()[tensor].elements);
    if (!readValues(source, tensor, 0, values))
        values.clear();
    return values;
}

} // namespace

class TestGguf : public QObject {
    Q_OBJECT
private slots:
    void readsWhatPythonWrote()
    {
        const CheckpointPtr checkpoint = *openCheckpoint(small);
        QVERIFY(checkpoint->warnings().empty());
        QVERIFY(checkpoint->format() == Format::Gguf);
        const Json golden = *readJson(WB_TEST_DATA "/small-gguf.json", false, 1 << 20);
        QCOMPARE(checkpoint->tensors().size(), golden.size());
        for (const auto& [name, want] : golden.items()) {
            const std::size_t tensor = checkpoint->find(name).value();
            const TensorInfo& info = checkpoint->tensors()[tensor];
            QCOMPARE(info.storedType, want["type"].get<std::string>());
            QCOMPARE(info.shape, want["shape"].get<Shape>());
            if (info.dtype == DType::Opaque)
                continue;
            std::vector<float> floats;
            for (const double value : valuesOf(*checkpoint, tensor))
                floats.push_back(static_cast<float>(value));
            QCOMPARE(hashOf(floats), want["sha256"].get<std::string>());
            for (const std::uint64_t first : {0U, 1U, 31U, 33U}) { // pieces that cut through blocks
                std::vector<double> part(std::min<std::uint64_t>(40, info.elements - first));
                QVERIFY(readValues(*checkpoint, tensor, first, part));
                for (std::size_t i = 0; i < part.size(); ++i)
                    QCOMPARE(part[i], static_cast<double>(floats[first + i]));
            }
        }
    }

    void saysWhatTheKeysSay()
    {
        const CheckpointPtr checkpoint = *openCheckpoint(small);
        const auto& metadata = checkpoint->files()[0].metadata;
        QCOMPARE(metadata.at("general.architecture"), "llama");
        QCOMPARE(metadata.at("general.test"), "true");
        QCOMPARE(metadata.at("tokenizer.ggml.tokens"), "[\"token 0\",\"token 1\",\"token 2\",\"token 3\", … 8 values]");
        QCOMPARE((*checkpoint->config())["num_attention_heads"], 2);
        QCOMPARE((*checkpoint->config())["vocab_size"], 8);
        const ModelSummary summary = summarise(*checkpoint);
        QCOMPARE(summary.architecture, "llama");
        QCOMPARE(summary.layers, 1U);
        QCOMPARE(summary.tied.at(0).at(1), "output.weight");
        const auto roles = rolesOf(checkpoint->tensors());
        QCOMPARE(roles[*checkpoint->find("blk.0.attn_output.weight")].role, "o_proj");
        QCOMPARE(roles[*checkpoint->find("blk.0.attn_norm.weight")].role, "input_layernorm");
        const File file = std::move(*File::open(small));
        const GgufHeader header = *readGguf(file, true);
        QCOMPARE(*readGgufValue(file, *header.find("tokenizer.ggml.scores"), 100), Json({-0.0, -1.0, -2.0, -3.0, -4.0, -5.0, -6.0, -7.0}));
    }

    void oneNameStandsForTwoRoles()
    {
        GgufBuilder builder;
        for (const char* name : {"blk.0.post_attention_norm.weight", "blk.0.ffn_norm.weight", "blk.0.post_ffw_norm.weight", "blk.0.ffn_up.weight"})
            builder.tensor({name, 0, {1}, "abcd"});
        TempFolder folder;
        writeFile(folder / "m.gguf", builder.bytes());
        const auto roles = rolesOf((*openCheckpoint(folder / "m.gguf"))->tensors());
        QCOMPARE(roles[0].role, "post_attention_layernorm");
        QCOMPARE(roles[1].role, "pre_feedforward_layernorm");
        QCOMPARE(roles[2].role, "post_feedforward_layernorm");
        QCOMPARE(roles[3].role, "fc1"); // no gate
    }

    void blocksEqualTheReference_data() // formats of ggml, output of its C code
    {
        QTest::addColumn<int>("dtype");
        QTest::addColumn<std::string>("sha");
        QTest::newRow("Q4_0") << int(DType::Q4_0) << std::string("5d4f9284148ffbc0");
        QTest::newRow("Q4_1") << int(DType::Q4_1) << std::string("7103368302575a1e");
        QTest::newRow("Q5_0") << int(DType::Q5_0) << std::string("ffd3db2e131f64ec");
        QTest::newRow("Q5_1") << int(DType::Q5_1) << std::string("610d3bf91978dd26");
        QTest::newRow("Q2_K") << int(DType::Q2_K) << std::string("9eec0635a588be5d");
        QTest::newRow("Q3_K") << int(DType::Q3_K) << std::string("504a4bdf2f8e1bf6");
        QTest::newRow("Q4_K") << int(DType::Q4_K) << std::string("0b9f414ce9a98aa3");
        QTest::newRow("Q5_K") << int(DType::Q5_K) << std::string("aef895af439bb011");
        QTest::newRow("Q6_K") << int(DType::Q6_K) << std::string("59b04fb417bc6ef8");
        QTest::newRow("Q8_0") << int(DType::Q8_0) << std::string("9388312316008992");
    }
    void blocksEqualTheReference()
    {
        QFETCH(int, dtype);
        QFETCH(std::string, sha);
        std::vector<float> values(unitElements(DType(dtype)));
        decodeBlocks(DType(dtype), goldenBlock(DType(dtype)), values);
        QCOMPARE(hashOf(values).substr(0, 16), sha);
    }

    void aFactorIsAFactorOnTheBlocks()
    {
        const CheckpointPtr base = *openCheckpoint(small);
        const auto patched = *patch(base, recipeOf(R"({"op":"scale","select":"dtype=Q8_0","factor":1.5},{"op":"scale","select":"dtype=Q4_0","factor":-2},
            {"op":"scale","select":"dtype=Q4_1","factor":0.5,"elements":{"rows":[3,5]}},{"op":"zero","select":"dtype=Q8_0","elements":{"cols":[32,64]}})"));
        for (const auto& [name, factor] : {std::pair("token_embd.weight", 1.5), std::pair("blk.0.attn_q.weight", -2.0), std::pair("blk.0.attn_k.weight", 0.5)}) {
            const std::size_t tensor = *base->find(name);
            const std::uint64_t cols = matrixOf(base->tensors()[tensor]).cols;
            const std::vector<double> before = valuesOf(*base, tensor), after = valuesOf(*patched, tensor);
            for (std::size_t i = 0; i < before.size(); ++i) {
                const std::uint64_t row = i / cols, col = i % cols;
                const bool scaled = factor != 0.5 || (row >= 3 && row < 5), zeroed = factor == 1.5 && col >= 32;
                const double want = zeroed ? 0 : scaled ? before[i] * factor : before[i];
                QVERIFY2(std::abs(after[i] - want) <= std::abs(want) * 0x1p-10, qPrintable(QString::number(i))); // f16's rounding of the factor
                if (factor == -2.0)
                    QCOMPARE(after[i], want); // a power of two is exact
            }
        }
        // Pieces of whole blocks are those of the whole.
        const std::size_t tensor = *base->find("blk.0.attn_k.weight");
        std::vector<std::byte> whole(base->tensors()[tensor].bytes), part(3 * 20);
        QVERIFY(patched->read(tensor, {0, base->tensors()[tensor].units()}, whole));
        QVERIFY(patched->read(tensor, {5, 3}, part));
        QVERIFY(std::equal(part.begin(), part.end(), whole.begin() + 100));
    }

    void whatWouldQuantiseAnewIsRefused_data()
    {
        QTest::addColumn<std::string>("edit");
        for (const char* edit : {R"({"op":"add","value":1,"select":"dtype=Q4_0"})", R"({"op":"clamp","max":1,"select":"dtype=Q8_0"})",
                                 R"({"op":"normalize","select":"dtype=Q4_1"})", R"({"op":"noise","std":1,"seed":1,"select":"dtype=Q4_1"})",
                                 R"({"op":"scale","factor":2,"select":"dtype=Q4_0","elements":{"top":0.1}})",
                                 R"({"op":"scale","factor":2,"select":"dtype=Q4_0","elements":{"cols":[0,16]}})", R"({"op":"scale","factor":2,"select":"dtype=IQ4_NL"})"})
            QTest::newRow(edit) << std::string(edit);
    }
    void whatWouldQuantiseAnewIsRefused()
    {
        QFETCH(std::string, edit);
        const auto patched = patch(*openCheckpoint(small), recipeOf(edit));
        QVERIFY(!patched);
        QVERIFY(patched.error().code == ErrorCode::EditNotPossible);
    }

    void effectsCountElements()
    {
        StatisticsCache cache;
        Progress progress;
        const auto check = checkRecipe(*openCheckpoint(small), recipeOf(R"({"op":"scale","select":"role=k_proj","factor":2},{"op":"scale","select":"role=v_proj","factor":2})"), cache, progress);
        QCOMPARE(check->edits[0].elements, 32U * 64);
        QVERIFY(check->edits[0].changedAfterRounding > 32U * 64 * 9 / 10);
        QCOMPARE(check->edits[0].effect, "effective");
    }

    void exportsKeepEverythingElse()
    {
        TempFolder folder;
        const CheckpointPtr base = *openCheckpoint(small);
        const auto patched = *patch(base, recipeOf(R"({"op":"scale","select":"role=q_proj","factor":2},{"op":"scale","select":"role=norm","factor":2})"));
        Progress progress;
        const auto report = exportCheckpoint(*patched, *base, folder / "out.gguf", {}, progress);
        if (!report)
            QFAIL(sentence(report.error()).c_str());
        QVERIFY(report->verified);
        QCOMPARE(report->tensorsChanged, 2U);
        const std::string before = readFile(small), after = readFile(folder / "out.gguf");
        QCOMPARE(before.size(), after.size());
        std::uint64_t changed = 0;
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (before[i] == after[i])
                continue;
            ++changed;
            const bool inside = std::ranges::any_of(base->tensors(), [&](const TensorInfo& info) {
                return (info.name == "blk.0.attn_q.weight" || info.name == "output_norm.weight") && i >= info.at.offset && i < info.at.offset + info.bytes;
            });
            QVERIFY(inside);
        }
        QVERIFY(changed > 64);
        const auto diff = diffSources(*patched, **openCheckpoint(folder / "out.gguf"), {}, progress);
        QVERIFY(diff->nothingDiffers());
        const auto beside = diffSources(*base, **openCheckpoint(folder / "out.gguf"), {}, progress);
        QCOMPARE(beside->changed.size(), 2U);
        QCOMPARE(beside->changed[0].scale, 2.0);
    }

    void aFactorThatOverflowsIsNotWritten()
    {
        TempFolder folder;
        const CheckpointPtr base = *openCheckpoint(small);
        const auto patched = *patch(base, recipeOf(R"({"op":"scale","select":"role=q_proj","factor":1e30})"));
        Progress progress;
        const auto report = exportCheckpoint(*patched, *base, folder / "out.gguf", {}, progress);
        QVERIFY(report.error().code == ErrorCode::NotFinite);
        QVERIFY(!std::filesystem::exists(folder / "out.gguf"));
    }

    void writesAnotherType_data()
    {
        QTest::addColumn<int>("dtype");
        QTest::newRow("F32") << static_cast<int>(DType::F32);
        QTest::newRow("F16") << static_cast<int>(DType::F16);
        QTest::newRow("BF16") << static_cast<int>(DType::BF16);
    }
    void writesAnotherType()
    {
        QFETCH(int, dtype);
        const auto type = static_cast<DType>(dtype);
        TempFolder folder;
        const CheckpointPtr base = *openCheckpoint(small);
        const auto patched = *patch(base, recipeOf(R"({"op":"scale","select":"role=q_proj","factor":0.5})"));
        const SourcePtr edited = convertedFor(*base, patched, type);
        Progress progress;
        const auto report = exportCheckpoint(*edited, *base, folder / "out.gguf", {}, progress);
        QVERIFY2(report, report ? "" : sentence(report.error()).c_str());
        QVERIFY(report->verified);
        const CheckpointPtr out = *openCheckpoint(folder / "out.gguf");
        QVERIFY(out->warnings().empty());
        QCOMPARE(out->tensors().size(), base->tensors().size());
        for (std::size_t i = 0; i < base->tensors().size(); ++i) {
            const TensorInfo& before = base->tensors()[i];
            const TensorInfo& after = out->tensors()[i];
            QCOMPARE(after.name, before.name);
            QCOMPARE(after.shape, before.shape);
            const bool number = isFloat(before.dtype) || isQuantised(before.dtype);
            QVERIFY(after.dtype == (number && before.shape.size() > 1 ? type : before.dtype));
            QVERIFY(bytesOf(*out, i) == bytesOf(*edited, i));
        }
        QCOMPARE(out->files()[0].metadata.at("general.architecture"), base->files()[0].metadata.at("general.architecture"));
        QCOMPARE(out->files()[0].metadata.size(), base->files()[0].metadata.size());
        QCOMPARE(std::filesystem::file_size(folder / "out.gguf") % 32, 0U);
    }

    void cutsASplit()
    {
        TempFolder folder;
        const CheckpointPtr base = *openCheckpoint(small);
        Progress progress;
        ExportOptions options;
        options.shardBytes = 2000;
        const auto report = exportCheckpoint(*base, *base, folder / "cut", options, progress);
        QVERIFY2(report.has_value(), report ? "" : sentence(report.error()).c_str());
        const std::size_t parts = report->written.size();
        QVERIFY(parts > 2);
        const std::string count = "-of-0000" + std::to_string(parts) + ".gguf";
        QCOMPARE(report->written.front(), "small-00001" + count);
        const CheckpointPtr cut = *openCheckpoint(folder / ("cut/small-00002" + count));
        QVERIFY(cut->warnings().empty());
        QVERIFY(diffSources(*base, *cut, {.top = 0}, progress)->nothingDiffers());
        auto first = cut->files().front().metadata;
        for (const char* key : {"split.no", "split.count", "split.tensors.count"}) {
            QCOMPARE(first.erase(key), 1U);
            QVERIFY(cut->files().back().metadata.contains(key));
        }
        QVERIFY(first == base->files().front().metadata);

        const SourcePtr patched = *patch(cut, recipeOf(R"({"op":"scale","select":"role=q_proj","factor":2})"));
        options.shardBytes = 1 << 30; // put together again
        QVERIFY(exportCheckpoint(*patched, *cut, folder / "whole", options, progress));
        const CheckpointPtr whole = *openCheckpoint(folder / "whole/small.gguf");
        QVERIFY(whole->files().front().metadata == base->files().front().metadata);
        QVERIFY(diffSources(*patched, *whole, {.top = 0}, progress)->nothingDiffers());
    }

    void aSplitKeepsAnUnusualAlignment()
    {
        TempFolder folder;
        GgufBuilder builder;
        builder.alignment = 64;
        builder.text("general.architecture", "llama").number("general.alignment", 4, std::uint32_t{64});
        for (const char* name : {"a", "b", "c"})
            builder.tensor({name, 0, {4}, std::string(16, name[0])});
        writeFile(folder / "m.gguf", builder.bytes());
        const CheckpointPtr base = *openCheckpoint(folder / "m.gguf");
        Progress progress;
        ExportOptions options;
        options.shardBytes = 32;
        QVERIFY(exportCheckpoint(*base, *base, folder / "cut", options, progress));
        const CheckpointPtr cut = *openCheckpoint(folder / "cut");
        QVERIFY(cut->warnings().empty());
        QCOMPARE(cut->files().size(), 2U);
        for (const CheckpointFile& file : cut->files())
            QCOMPARE(file.dataBegin % 64, 0U);
        QVERIFY(diffSources(*base, *cut, {.top = 0}, progress)->nothingDiffers());
    }

    void splitsAreOneModel()
    {
        TempFolder folder;
        const auto part = [](std::uint16_t number, const std::string& name, char fill) {
            GgufBuilder builder;
            builder.number("split.no", 2, number).number("split.count", 2, std::uint16_t{2}).number("split.tensors.count", 5, std::int32_t{2});
            return builder.tensor({name, 0, {4}, std::string(16, fill)}).bytes();
        };
        writeFile(folder / "m-00001-of-00002.gguf", part(0, "a", 1));
        writeFile(folder / "m-00002-of-00002.gguf", part(1, "b", 2));
        for (const auto& path : {folder / "m-00001-of-00002.gguf", folder / "m-00002-of-00002.gguf", folder.path()}) {
            const auto checkpoint = openCheckpoint(path);
            QVERIFY2(checkpoint, checkpoint ? "" : sentence(checkpoint.error()).c_str());
            QCOMPARE((*checkpoint)->tensors().size(), 2U);
            QVERIFY((*checkpoint)->warnings().empty());
        }
        const CheckpointPtr base = *openCheckpoint(folder.path());
        const auto patched = *patch(base, recipeOf(R"({"op":"scale","select":"name=b","factor":2})"));
        TempFolder outside;
        Progress progress;
        QVERIFY(exportCheckpoint(*patched, *base, outside / "out", {}, progress));
        QCOMPARE(readFile(outside / "out/m-00001-of-00002.gguf"), readFile(folder / "m-00001-of-00002.gguf"));
        QCOMPARE((*openCheckpoint(outside / "out/m-00002-of-00002.gguf"))->tensors().size(), 2U);

        writeFile(folder / "m-00002-of-00002.gguf", part(0, "b", 2)); // the wrong number
        QVERIFY(!openCheckpoint(folder / "m-00001-of-00002.gguf"));
        writeFile(folder / "m-00002-of-00002.gguf", part(1, "a", 2)); // the same tensor again
        QVERIFY(openCheckpoint(folder / "m-00001-of-00002.gguf").error().code == ErrorCode::HeaderDuplicateKey);
        std::filesystem::remove(folder / "m-00002-of-00002.gguf");
        const CheckpointPtr half = *openCheckpoint(folder / "m-00001-of-00002.gguf");
        QVERIFY(half->warnings().at(0).code == ErrorCode::ShardMissing);
        QVERIFY(!planExport(*half, *half, outside / "other"));
        writeFile(folder / "n-00001-of-00000.gguf", part(0, "a", 1)); // no such count: one file, which says otherwise
        QVERIFY(!openCheckpoint(folder / "n-00001-of-00000.gguf"));
    }
};

QTEST_APPLESS_MAIN(TestGguf)
#include "tst_gguf.moc"
