// Matrices in 8-bit floats as numbers: every code as torch reads it, factors as the engine applies them (whose logits are transformers'),
// and statistics, differences and fingerprints that know of them.
#include "core/analysis/diff.h"
#include "core/analysis/scan.h"
#include "core/analysis/statistics.h"
#include "core/checkpoint/open.h"
#include "core/eval/control.h"
#include "core/model/float8.h"
#include "core/model/model.h"
#include "core/recipe/apply.h"
#include "core/recipe/check.h"
#include "core/recipe/patchedsource.h"
#include "core/tensor/convertedsource.h"
#include "core/tensor/decode.h"
#include "core/tensor/float8factors.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"
#include "tests/support/modellogits.h"
#include "tests/support/support.h"

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

std::vector<double> valuesOf(const TensorSource& source, std::size_t tensor)
{
    std::vector<double> out(source.tensors()[tensor].elements);
    const auto done = readValues(source, tensor, 0, out);
    return done ? out : std::vector<double>();
}

std::string f32Of(const std::vector<double>& values)
{
    const std::vector<float> floats(values.begin(), values.end());
    return std::string(reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float));
}

// Codes that are no NaN.
std::string codes(std::size_t count)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += static_cast<char>((i * 37 % 0x7F) | (i % 3 == 0 ? 0x80 : 0));
    return out;
}

} // namespace

class TestFloat8Factors : public QObject {
    Q_OBJECT

private slots:
    void everyCodeIsWhatTorchReads()
    {
        const CheckpointPtr stored = *openCheckpoint(std::string(WB_TEST_DATA) + "/float8.safetensors"), torch = *openCheckpoint(std::string(WB_TEST_DATA) + "/float8-logits.safetensors");
        for (const char* name : {"codes/e4m3", "codes/e5m2", "codes/e4m3fnuz", "codes/e5m2fnuz"}) {
            const auto got = valuesOf(*stored, stored->find(name).value()), want = valuesOf(*torch, torch->find(name).value());
            QCOMPARE(got.size(), std::size_t{256});
            for (std::size_t i = 0; i < got.size(); ++i)
                QVERIFY(std::isnan(want[i]) ? std::isnan(got[i]) : got[i] == want[i] && std::signbit(got[i]) == std::signbit(want[i]));
        }
        const MemorySource scales({{"s", "F8_E8M0", {4}, std::string("\0\x7F\x80\xFF", 4)}});
        const auto got = valuesOf(scales, 0);
        QCOMPARE(got[0], 0x1p-127);
        QCOMPARE(got[1], 1.0);
        QCOMPARE(got[2], 2.0);
        QVERIFY(std::isnan(got[3]));
    }

    // Blocks (whole and cut), rows, groups, one for all; also from the middle of a row.
    void factorsAreThoseOfTheEngine()
    {
        std::size_t compared = 0;
        for (const ModelCase& one : float8Cases()) {
            Progress progress;
            const auto source = one.source();
            const auto model = Model::load(*source, {"test", 0, nullptr, {}}, progress);
            QVERIFY(model);
            for (std::size_t tensor = 0; tensor < source->tensors().size(); ++tensor) {
                const TensorInfo& info = source->tensors()[tensor];
                if (!isFloat8(info.dtype))
                    continue;
                const auto scales = readFloat8Scales(*source, tensor, (*model)->config(), "test");
                QVERIFY(scales);
                const auto bytes = bytesOf(*source, tensor);
                kernels::StoredRows rows{info.dtype, bytes.data(), info.shape[0], info.shape[1], scales->grid};
                rows.factors.values = scales->values.data();
                std::vector<float> want(info.elements);
                kernels::widen(rows, want.data());
                const auto got = valuesOf(*source, tensor);
                QCOMPARE(got.size(), want.size());
                for (std::size_t i = 0; i < want.size(); ++i)
                    QVERIFY2(got[i] == static_cast<double>(want[i]), info.name.c_str());
                std::vector<double> part(info.shape[1] + 5);
                QVERIFY(readValues(*source, tensor, 3, part));
                QVERIFY(std::equal(part.begin(), part.end(), got.begin() + 3));
                ++compared;
            }
        }
        QVERIFY(compared > 40);
    }

    void powersOfTwoAreFactorsToo()
    {
        ModelCase plain = float8Case("block"), powers = plain;
        for (std::size_t i = 0; i < plain.tensors.size(); ++i) {
            BuiltTensor &wide = plain.tensors[i], &code = powers.tensors[i];
            if (wide.name.find("_scale_inv") == std::string::npos)
                continue;
            std::vector<double> values;
            code.dtype = "F8_E8M0";
            code.data.clear();
            for (std::size_t k = 0; k < wide.data.size() / sizeof(float); ++k) {
                code.data += static_cast<char>(117 + k % 3);
                values.push_back(std::ldexp(1.0, static_cast<int>(k % 3) - 10));
            }
            wide.data = f32Of(values);
        }
        Progress progress;
        const auto a = Model::load(*plain.source(), {"test", 0, nullptr, {}}, progress), b = Model::load(*powers.source(), {"test", 0, nullptr, {}}, progress);
        QVERIFY(a && b);
        QCOMPARE(logits(**b, plain.longIds, 512), logits(**a, plain.longIds, 512));
    }

    void stacksHaveFactorsOfTheirOwn()
    {
        MemorySource source({{"w", "F8_E4M3", {2, 4, 6}, std::string(48, '\x38')}, // 1
                             {"w_scale_inv", "F32", {2, 2, 3}, f32Of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})}});
        source.setConfig(Json::parse(R"({"quantization_config": {"weight_block_size": [2, 2]}})"));
        const auto values = valuesOf(source, 0);
        QCOMPARE(values.size(), std::size_t{48});
        for (std::size_t i = 0; i < 48; ++i)
            QCOMPARE(values[i], 1.0 + static_cast<double>(i / 24 * 6 + i % 24 / 12 * 3 + i % 6 / 2));
    }

    void factorsOfAnotherShapeAreRefused()
    {
        const MemorySource source({{"w", "F8_E4M3", {4, 6}, codes(24)}, {"w_scale", "F32", {3, 6}, f32Of(std::vector<double>(18, 1))}});
        std::vector<double> values(24);
        const auto done = readValues(source, 0, 0, values);
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::BadArgument);
        const std::string text = sentence(done.error());
        QVERIFY2(text.find("w_scale") != std::string::npos && text.find("[3, 6]") != std::string::npos, text.c_str());
    }

    void figuresAreOfTheWeights()
    {
        const std::vector<double> factors = {0.5, 2, 0.25, 4};
        const MemorySource coded({{"w", "F8_E5M2", {4, 8}, codes(32)}, {"w_scale", "F32", {4, 1}, f32Of(factors)}});
        const MemorySource wide({{"w", "F32", {4, 8}, f32Of(valuesOf(coded, 0))}, {"w_scale", "F32", {4, 1}, f32Of(factors)}});
        StatisticsCache cache(1 << 20);
        Progress progress;
        const auto got = computeStatistics(coded, 0, {}, cache, progress), want = computeStatistics(wide, 0, {}, cache, progress);
        QVERIFY(got && want && got->exact);
        QCOMPARE(got->mean, want->mean);
        QCOMPARE(got->max, want->max);
        QCOMPARE(got->std, want->std);
        const auto difference = diffSources(coded, wide, {}, progress);
        QVERIFY(difference);
        QVERIFY(difference->changed.empty());
        QCOMPARE(difference->dtypeDiffers.size(), std::size_t{1});
    }

    // What rounding to F8 does to weights is rounding.
    void againstTheWideModelTheDifferenceIsRounding()
    {
        std::vector<double> weights;
        std::string rounded;
        const auto& values = codeValues(DType::F8_E4M3);
        for (int i = 0; i < 4096; ++i) {
            weights.push_back(std::sin(0.7 * i) * 100);
            int nearest = 0;
            for (int code = 0; code < 256; ++code)
                if (std::abs(values[static_cast<std::size_t>(code)] - weights.back()) < std::abs(values[static_cast<std::size_t>(nearest)] - weights.back()))
                    nearest = code;
            rounded += static_cast<char>(nearest);
        }
        for (double& weight : weights)
            weight *= 0.001;
        const MemorySource wide({{"w", "F32", {64, 64}, f32Of(weights)}});
        const MemorySource coded({{"w", "F8_E4M3", {64, 64}, rounded}, {"w_scale", "F32", {1}, f32Of({0.001})}});
        Progress progress;
        const auto difference = diffSources(wide, coded, {}, progress);
        QVERIFY(difference);
        QCOMPARE(difference->changed.size(), std::size_t{1});
        QVERIFY2(difference->changed[0].character == "rounding_only", difference->changed[0].character.c_str());
        QVERIFY(difference->changed[0].cosine > 0.999);
    }

    void scanCountsTheirCodes()
    {
        const MemorySource source({{"a", "F8_E4M3", {2, 4}, std::string("\x7F\x01\x38\xFF\0\x80\0\0", 8)}, {"b", "F8_E5M2", {4}, std::string("\x7C\xFE\x03\x3C", 4)},
                                   {"c", "F8_E4M3FNUZ", {4, 2}, std::string("\x7F\xFF\0\0\0\x80\x01\0", 8)}, {"d", "F8_E5M2FNUZ", {4}, std::string("\x7C\xFE\x80\x80", 4)}});
        Progress progress;
        const auto report = scanSource(source, progress);
        QVERIFY(report);
        QCOMPARE(report->tensors.size(), std::size_t{4});
        QCOMPARE(report->tensors[0].nan, 2U);
        QCOMPARE(report->tensors[0].denormal, 0U); // as small numbers of 8 bits are
        QCOMPARE(report->tensors[0].zeroRows, 1U);
        QCOMPARE(report->tensors[1].inf, 1U);
        QCOMPARE(report->tensors[1].nan, 1U);
        QCOMPARE(report->tensors[2].nan, 1U); // what would be -0
        QCOMPARE(report->tensors[2].zeroRows, 1U);
        QCOMPARE(report->tensors[3].inf, 0U);
        QCOMPARE(report->tensors[3].nan, 2U);
    }

    // Scaling the factors scales the weights: they are another tensor to every cache.
    void editsGoToTheFactors()
    {
        const auto base = std::make_shared<const MemorySource>(std::vector<BuiltTensor>{{"w", "F8_E4M3", {4, 8}, codes(32)}, {"w_scale", "F32", {4, 1}, f32Of({0.5, 2, 0.25, 4})}});
        const auto edited = patch(base, std::make_shared<const Recipe>()->with({Scale{2}, *Selector::parse("name=w_scale")}));
        QVERIFY(edited);
        const auto before = valuesOf(*base, 0), after = valuesOf(**edited, 0);
        for (std::size_t i = 0; i < before.size(); ++i)
            QCOMPARE(after[i], 2 * before[i]);
        QVERIFY((*edited)->fingerprint(0) != base->fingerprint(0));
        QVERIFY((*edited)->changes(0) && (*edited)->changes(1));
        QVERIFY((*edited)->editsOf(0).empty());
        StatisticsCache cache(1 << 20);
        Progress progress;
        const auto effect = effectOf(*base, **edited, 0, false, cache, progress);
        QVERIFY(effect && std::abs(effect->relative - 1) < 1e-12);
        const auto control = controlOf(base, *edited, 7, progress); // of what can be edited: not of the codes
        QVERIFY(control);
        QCOMPARE(control->recipe->size(), 1U);
        const auto refused = patch(base, std::make_shared<const Recipe>()->with({Scale{2}, *Selector::parse("name=w")}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::EditNotPossible);
        QVERIFY(sentence(refused.error()).find("_scale_inv") != std::string::npos);
    }

    void fingerprintOfAFileKnowsTheFactors()
    {
        const auto opened = [](const TempFolder& folder, double factor) { // the factors in a shard of their own
            writeSharded(folder.path(), {{"model-00001-of-00002.safetensors", {{"w", "F8_E4M3", {2, 4}, codes(8)}, {"v", "F8_E4M3", {2, 4}, codes(8)}}},
                                         {"model-00002-of-00002.safetensors", {{"w_scale", "F32", {2, 1}, f32Of({factor, 1})}}}});
            return *openCheckpoint(folder.path());
        };
        TempFolder folder;
        const CheckpointPtr before = opened(folder, 1);
        const std::string ofMatrix = before->fingerprint(*before->find("w")), alone = before->fingerprint(*before->find("v"));
        std::filesystem::remove(folder / "model-00002-of-00002.safetensors");
        writeFile(folder / "model-00002-of-00002.safetensors", safetensorsBytes({{"w_scale", "F32", {2, 1}, f32Of({2, 1})}}));
        const CheckpointPtr after = *openCheckpoint(folder.path());
        QVERIFY(after->fingerprint(*after->find("w")) != ofMatrix);
        QCOMPARE(after->fingerprint(*after->find("v")), alone);
    }

    // A type for all floats is none for factors: the matrix keeps its values.
    void aConversionLeavesTheFactors()
    {
        const auto source = std::make_shared<const MemorySource>(std::vector<BuiltTensor>{{"w", "F8_E4M3", {2, 4}, codes(8)}, {"w_scale_inv", "F32", {2, 1}, f32Of({0.123456, 0.7654321})}, {"n", "F32", {2}, f32Of({1, 2})}});
        const SourcePtr narrow = converted(source, DType::BF16);
        QCOMPARE(valuesOf(*narrow, 0), valuesOf(*source, 0));
        QCOMPARE(narrow->fingerprint(1), source->fingerprint(1));
        QVERIFY(narrow->tensors()[2].dtype == DType::BF16);
    }

    // Two factors for 192 columns: blocks of 128 unless the config says otherwise.
    void fingerprintOfAFileKnowsTheBlocksOfItsConfig()
    {
        TempFolder folder;
        writeFile(folder / "model.safetensors", safetensorsBytes({{"w", "F8_E4M3", {2, 192}, codes(384)}, {"w_scale_inv", "F32", {1, 2}, f32Of({1, 2})}}));
        const CheckpointPtr usual = *openCheckpoint(folder.path());
        writeFile(folder / "config.json", R"({"quantization_config": {"weight_block_size": [96, 96]}})");
        const CheckpointPtr halves = *openCheckpoint(folder.path());
        QVERIFY(valuesOf(*usual, 0) != valuesOf(*halves, 0));
        QVERIFY(usual->fingerprint(0) != halves->fingerprint(0));
    }
};

QTEST_APPLESS_MAIN(TestFloat8Factors)
#include "tst_float8factors.moc"
