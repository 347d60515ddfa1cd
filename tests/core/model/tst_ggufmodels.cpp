// Models in GGUF against transformers on the dequantised weights: names, row order, frequencies, quantised products; and
// those of every family against llama.cpp.
#include "core/base/json.h"
#include "core/checkpoint/open.h"
#include "core/model/forward.h"
#include "core/tensor/decode.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

using namespace wb;
using namespace wb::test;

namespace {

void equals(const Model& model, const std::vector<std::uint32_t>& ids, const Checkpoint& golden, const std::string& name)
{
    KvCache cache(model.config());
    Workspace space;
    Sequence sequence{&cache, ids};
    const auto hidden = forward(model, {&sequence, 1}, {}, space);
    QVERIFY(hidden);
    std::vector<float> got(ids.size() * model.config().vocabulary), want(got.size());
    computeLogits(model, *hidden, Precision::F32, Product::RowByRow, got);
    const std::vector<std::byte> bytes = bytesOf(golden, golden.find(name).value());
    QCOMPARE(bytes.size(), want.size() * sizeof(float));
    std::memcpy(want.data(), bytes.data(), bytes.size());
    const double error = relativeError(got, want);
    QVERIFY2(error < 1e-5, qPrintable(QString::number(error)));
}

} // namespace

class TestGgufModels : public QObject {
    Q_OBJECT
private slots:
    void logits_data()
    {
        QTest::addColumn<std::string>("type");
        for (const char* type : {"f16", "q8_0", "q4_0", "q4_1"})
            QTest::newRow(type) << std::string(type);
    }
    void logits()
    {
        QFETCH(std::string, type);
        const std::string data = WB_TEST_DATA;
        const CheckpointPtr file = *openCheckpoint(data + "/model-" + type + ".gguf");
        const CheckpointPtr golden = *openCheckpoint(data + "/model-gguf.safetensors");
        Progress progress;
        const auto model = Model::load(*file, {"test", 0, nullptr, {}}, progress);
        QVERIFY2(model.has_value(), model ? "" : sentence(model.error()).c_str());
        QVERIFY((*model)->config().gguf && !(*model)->config().tied);
        const ModelCase& one = modelCase("llama-llama3");
        for (const auto& [ids, name] : {std::pair(one.shortIds, "/short"), std::pair(one.longIds, "/long")})
            equals(**model, ids, *golden, type + name);
    }

    void typesOf256ElementsABlock()
    {
        const std::string data = WB_TEST_DATA "/model-kquants";
        const CheckpointPtr file = *openCheckpoint(data + ".gguf"), golden = *openCheckpoint(data + ".safetensors");
        std::set<std::string> types;
        for (const TensorInfo& tensor : file->tensors())
            types.insert(tensor.storedType);
        QCOMPARE(types, (std::set<std::string>{"F32", "Q2_K", "Q3_K", "Q4_K", "Q5_0", "Q5_1", "Q5_K", "Q6_K"}));
        Progress progress;
        const auto model = Model::load(*file, {"test", 0, nullptr, {}}, progress);
        QVERIFY2(model.has_value(), model ? "" : sentence(model.error()).c_str());
        std::vector<double> ids(golden->tensors()[golden->find("ids").value()].elements);
        QVERIFY(readValues(*golden, golden->find("ids").value(), 0, ids));
        equals(**model, {ids.begin(), ids.end()}, *golden, "short");
    }

    void familiesAsInLlamaCpp_data()
    {
        QTest::addColumn<std::string>("name");
        const Json golden = *readJson(WB_TEST_DATA "/gguf-families/golden.json", false, 1 << 20);
        for (const auto& [name, rows] : golden.at("log_probabilities").items())
            QTest::newRow(name.c_str()) << name;
    }
    void familiesAsInLlamaCpp()
    {
        QFETCH(std::string, name);
        const std::string folder = WB_TEST_DATA "/gguf-families/";
        const Json golden = *readJson(folder + "golden.json", false, 1 << 20);
        const auto prompt = golden.at("prompt").get<std::vector<std::uint32_t>>();
        const CheckpointPtr file = *openCheckpoint(folder + name + ".gguf");
        Progress progress;
        const auto model = Model::load(*file, {"test", 0, nullptr, {}}, progress);
        QVERIFY2(model.has_value(), model ? "" : sentence(model.error()).c_str());
        for (const auto& [length, row] : golden.at("log_probabilities").at(name).items()) {
            const auto want = row.get<std::vector<double>>();
            KvCache cache((*model)->config());
            Workspace space;
            Sequence sequence{&cache, std::span(prompt).first(std::stoul(length))};
            const auto hidden = forward(**model, {&sequence, 1}, {}, space);
            QVERIFY(hidden);
            std::vector<float> got(want.size());
            computeLogits(**model, hidden->last((*model)->config().width), Precision::F32, Product::RowByRow, got);
            const double sum = kernels::logSumExp(got.data(), got.size());
            double worst = 0;
            for (std::size_t i = 0; i < got.size(); ++i)
                worst = std::max(worst, std::abs(got[i] - sum - want[i]));
            const auto [low, high] = std::ranges::minmax(want);
            // llama.cpp has its GELU from a table in half precision: 3e-4; without one 2e-6 at most.
            QVERIFY2(worst < 1e-3 * (high - low), qPrintable(QString::number(worst)));
        }
    }

    // Tensors whose use in a family is not known are no noise to be left out: they would change the numbers.
    void unknownTensorsAreRefused()
    {
        const CheckpointPtr file = *openCheckpoint(WB_TEST_DATA "/gguf-families/mpt.gguf");
        for (const std::string extra : {"", "position_embd.weight", "blk.0.attn_q_norm.weight"}) {
            std::vector<BuiltTensor> tensors;
            for (std::size_t i = 0; i < file->tensors().size(); ++i) {
                const std::vector<std::byte> bytes = bytesOf(*file, i);
                tensors.push_back({file->tensors()[i].name, "F32", file->tensors()[i].shape, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}});
            }
            if (!extra.empty())
                tensors.push_back({extra, "F32", {32}, std::string(32 * sizeof(float), '\0')});
            MemorySource source(std::move(tensors));
            source.setConfig(*file->config());
            Progress progress;
            const auto model = Model::load(source, {"test", 0, nullptr, {}}, progress);
            QCOMPARE(model.has_value(), extra.empty());
            if (!model)
                QVERIFY2(model.error().code == ErrorCode::ModelUnsupported && sentence(model.error()).find(extra) != std::string::npos, sentence(model.error()).c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestGgufModels)
#include "tst_ggufmodels.moc"
