// Matrices stored in F8 with factors beside them: the same as transformers makes of codes times factors, and never without factors.
#include "core/checkpoint/open.h"
#include "core/model/forward.h"
#include "core/model/summary.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"
#include "tests/support/modellogits.h"
#include "tests/support/support.h"

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

Result<ModelPtr> load(const TensorSource& source, ModelPtr share = nullptr)
{
    Progress progress;
    return Model::load(source, {"test", 0, std::move(share), {}}, progress);
}

BuiltTensor& tensorOf(ModelCase& one, const std::string& name) { return *std::ranges::find(one.tensors, name, &BuiltTensor::name); }

bool isFactor(const BuiltTensor& tensor) { return tensor.name.find("_scale") != std::string::npos; }

void refused(const ModelCase& one, ErrorCode code, const std::string& words)
{
    const auto model = load(*one.source());
    QVERIFY(!model);
    const std::string text = sentence(model.error());
    QVERIFY2(model.error().code == code && text.find(words) != std::string::npos, text.c_str());
}

ModelCase with(const std::string& name, const std::function<void(Json&)>& change)
{
    ModelCase one = float8Case(name);
    Json config = *one.config;
    change(config["quantization_config"]);
    one.config = std::make_shared<const Json>(std::move(config));
    return one;
}

void writeFolder(const std::filesystem::path& folder, const ModelCase& one)
{
    std::map<std::string, std::vector<BuiltTensor>> shards;
    for (const BuiltTensor& tensor : one.tensors)
        shards[isFactor(tensor) ? "model-00002-of-00002.safetensors" : "model-00001-of-00002.safetensors"].push_back(tensor);
    writeSharded(folder, shards);
    writeFile(folder / "config.json", dumpJson(*one.config));
}

} // namespace

class TestFloat8 : public QObject {
    Q_OBJECT
private slots:
    // Whole vectors and the elements behind them.
    void everyCodeIsWhatTorchReads_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<DType>("dtype");
        QTest::newRow("E4M3") << std::string("e4m3") << DType::F8_E4M3;
        QTest::newRow("E5M2") << std::string("e5m2") << DType::F8_E5M2;
        QTest::newRow("E4M3FNUZ") << std::string("e4m3fnuz") << DType::F8_E4M3FNUZ;
        QTest::newRow("E5M2FNUZ") << std::string("e5m2fnuz") << DType::F8_E5M2FNUZ;
    }
    void everyCodeIsWhatTorchReads()
    {
        QFETCH(std::string, name);
        QFETCH(DType, dtype);
        const CheckpointPtr codes = *openCheckpoint(std::string(WB_TEST_DATA) + "/float8.safetensors");
        const CheckpointPtr values = *openCheckpoint(std::string(WB_TEST_DATA) + "/float8-logits.safetensors");
        const auto stored = bytesOf(*codes, codes->find("codes/" + name).value()), wanted = bytesOf(*values, values->find("codes/" + name).value());
        const float factor = 0.75F;
        for (const std::size_t cols : {256U, 1U}) {
            kernels::StoredRows rows{dtype, stored.data(), 256 / cols, cols};
            rows.factors = {63, 256, 1, 0, &factor};
            std::vector<float> out(256);
            kernels::widen(rows, out.data());
            for (std::size_t i = 0; i < out.size(); ++i) {
                float want;
                std::memcpy(&want, wanted.data() + i * sizeof want, sizeof want);
                QVERIFY2(std::isnan(want) ? std::isnan(out[i]) : out[i] == want * factor && std::signbit(out[i]) == std::signbit(want),
                         qPrintable(QString("code %1: %2, torch %3").arg(i).arg(static_cast<double>(out[i])).arg(static_cast<double>(want * factor))));
            }
        }
    }

    void equalsTransformers_data()
    {
        QTest::addColumn<std::string>("name");
        for (const ModelCase& one : float8Cases())
            QTest::newRow(one.name.c_str()) << one.name;
        QCOMPARE(float8Cases().size(), std::size_t{8});
    }
    void equalsTransformers()
    {
        QFETCH(std::string, name);
        const ModelCase& one = float8Case(name);
        const auto model = load(*one.source());
        QVERIFY2(model, model ? "" : sentence(model.error()).c_str());
        for (const std::size_t step : {1U, 5U, 17U, 512U}) {
            const double error = relativeError(logits(**model, one.longIds, step), one.longLogits);
            QVERIFY2(error < 1e-5, qPrintable(QString("steps of %1: %2").arg(step).arg(error)));
        }
        QVERIFY(relativeError(logits(**model, one.shortIds, 512), one.shortLogits) < 1e-5);
        const double stored = relativeError(logits(**model, one.longIds, 512, Precision::Stored), one.longLogits);
        QVERIFY2(stored < 0.03, qPrintable(QString::number(stored))); // what is left in BF16 takes activations of 8 bits
    }

    // The engine holds the codes as they are stored: not a byte an element more.
    void codesStayAsTheyAreStored()
    {
        const ModelCase& one = float8Case("block");
        const auto model = load(*one.source());
        std::uint64_t bytes = 0;
        for (const BuiltTensor& tensor : one.tensors)
            if (!isFactor(tensor) && tensor.shape.size() == 2)
                bytes += tensor.data.size();
        QCOMPARE((*model)->bytes(), bytes);
    }

    void factorsMayLieInAnotherShard()
    {
        const ModelCase& one = float8Case("row");
        TempFolder folder;
        writeFolder(folder.path(), one);
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        const auto model = load(**checkpoint);
        QVERIFY(model);
        QCOMPARE(logits(**model, one.longIds, 512), logits(**load(*one.source()), one.longIds, 512));
        const ModelSummary summary = summarise(**checkpoint);
        QCOMPARE(summary.warnings.size(), std::size_t{1});
        QCOMPARE(summary.warnings[0].code, ErrorCode::ActivationsNotQuantised);
        std::uint64_t weights = 0; // factors are no parameters
        for (const TensorInfo& tensor : (*checkpoint)->tensors())
            weights += tensor.name.find("_scale") == std::string::npos ? tensor.elements : 0;
        QCOMPARE(summary.parameters, weights);
        std::filesystem::remove(folder.path() / "model-00002-of-00002.safetensors");
        const auto half = openCheckpoint(folder.path());
        QVERIFY(half);
        const auto missing = load(**half);
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::ModelTensorMissing);
    }

    void factorsThatDoNotFitAreRefused()
    {
        const std::string matrix = "model.layers.0.mlp.down_proj.weight";
        ModelCase missing = float8Case("block");
        std::erase_if(missing.tensors, [&](const BuiltTensor& tensor) { return tensor.name == matrix + "_scale_inv"; });
        refused(missing, ErrorCode::ModelTensorMissing, matrix + "_scale_inv");
        ModelCase misshaped = float8Case("block");
        BuiltTensor& factors = tensorOf(misshaped, matrix + "_scale_inv");
        factors.shape = {1, 2};
        factors.data.resize(8);
        refused(misshaped, ErrorCode::ModelTensorShape, matrix + "_scale_inv has the shape [1, 2] and the config asks for [2, 2]");
        ModelCase rows = float8Case("row");
        BuiltTensor& ofRows = tensorOf(rows, matrix + "_scale");
        ofRows.shape = {16, 1};
        ofRows.data.resize(32);
        refused(rows, ErrorCode::ModelTensorShape, "[16, 1] and the config asks for [1] / [32, 1]");
        // Without a word of the config factors by block cannot be placed.
        ModelCase silent = float8Case("block");
        Json config = *silent.config;
        config.erase("quantization_config");
        silent.config = std::make_shared<const Json>(std::move(config));
        refused(silent, ErrorCode::ModelTensorShape, "_scale_inv");
    }

    void configsThatMeanSomethingElse()
    {
        using J = Json&;
        refused(with("row", [](J c) { c["config_groups"]["group_0"]["weights"]["num_bits"] = 4; }), ErrorCode::ModelUnsupported, "num_bits");
        refused(with("row", [](J c) { c["config_groups"]["group_0"]["weights"]["type"] = "int"; }), ErrorCode::ModelUnsupported, "int");
        refused(with("row", [](J c) { c["format"] = "pack-quantized"; }), ErrorCode::ModelUnsupported, "pack-quantized");
        refused(with("row", [](J c) { c["transform_config"] = {{"config_groups", {{"u", 1}}}}; }), ErrorCode::ModelUnsupported, "transform_config");
        refused(with("row", [](J c) { c.erase("config_groups"); }), ErrorCode::ModelUnsupported, "config_groups");
        refused(with("row", [](J c) { c["config_groups"] = 7; }), ErrorCode::ModelUnsupported, "config_groups = 7");
        refused(with("block", [](J c) { c["quant_method"] = "awq"; }), ErrorCode::ModelUnsupported, "awq");
        refused(with("block", [](J c) { c = "fp8"; }), ErrorCode::ModelUnsupported, "fp8");
        refused(with("block", [](J c) { c["weight_block_size"] = {128, 100}; }), ErrorCode::ModelUnsupported, "[128,100]");
        refused(with("block", [](J c) { c["weight_block_size"] = {128, 0}; }), ErrorCode::ConfigInvalid, "[128,0]");
        refused(with("block", [](J c) { c["weight_block_size"] = 128; }), ErrorCode::ConfigInvalid, "weight_block_size = 128");
        QVERIFY(load(*with("block", [](J c) { c.erase("weight_block_size"); }).source())); // 128 by 128 is what it means then
    }

    // Factors can be edited, and a model that differs in one of them is another model.
    void anEditedFactorIsSeen()
    {
        ModelCase one = float8Case("row");
        const auto base = load(*one.source());
        tensorOf(one, "model.layers.1.mlp.up_proj.weight_scale").data[1] ^= 1;
        const auto patched = load(*one.source(), *base);
        QVERIFY(patched);
        QCOMPARE((*patched)->newBytes(), std::uint64_t{48 * 32});
        QCOMPARE((*patched)->firstDifference(**base).value(), std::size_t{1});
        QCOMPARE(logits(**patched, one.longIds, 512), logits(**load(*one.source()), one.longIds, 512));
        QVERIFY(logits(**patched, one.longIds, 512) != logits(**base, one.longIds, 512));
    }

    void companyChangesNoBit()
    {
        const ModelCase& one = float8Case("block");
        const ModelPtr model = *load(*one.source());
        const std::vector<float> alone = logits(*model, std::span(one.longIds).first(3), 3);
        KvCache first(model->config()), second(model->config());
        std::vector<Sequence> sequences{{&first, std::span(one.longIds).subspan(10, 7)}, {&second, std::span(one.longIds).first(3)}};
        Workspace space;
        const auto hidden = forward(*model, sequences, {}, space);
        QVERIFY(hidden);
        std::vector<float> together(3 * model->config().vocabulary);
        computeLogits(*model, hidden->last(3 * model->config().width), Precision::F32, Product::RowByRow, together);
        QCOMPARE(together, alone);
    }
};

QTEST_APPLESS_MAIN(TestFloat8)
#include "tst_float8.moc"
