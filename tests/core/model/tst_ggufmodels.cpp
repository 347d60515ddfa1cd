// Models in GGUF against transformers on the dequantised weights: names, row order, frequencies, quantised products.
#include "core/checkpoint/open.h"
#include "core/model/forward.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <cstring>

using namespace wb;
using namespace wb::test;

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
        for (const auto& [ids, name] : {std::pair(one.shortIds, "/short"), std::pair(one.longIds, "/long")}) {
            KvCache cache((*model)->config());
            Workspace space;
            Sequence sequence{&cache, ids};
            const auto hidden = forward(**model, {&sequence, 1}, {}, space);
            QVERIFY(hidden);
            std::vector<float> got(ids.size() * (*model)->config().vocabulary), want(got.size());
            computeLogits(**model, *hidden, Precision::F32, Product::RowByRow, got);
            const std::vector<std::byte> bytes = bytesOf(*golden, golden->find(type + name).value());
            QCOMPARE(bytes.size(), want.size() * sizeof(float));
            std::memcpy(want.data(), bytes.data(), bytes.size());
            const double error = relativeError(got, want);
            QVERIFY2(error < 1e-5, qPrintable(QString::number(error)));
        }
    }
};

QTEST_APPLESS_MAIN(TestGgufModels)
#include "tst_ggufmodels.moc"
