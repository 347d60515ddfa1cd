// Files of torch.save opened as checkpoints, and written as safetensors.
#include "core/checkpoint/export.h"
#include "core/checkpoint/open.h"
#include "core/tensor/decode.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

using namespace wb;
using namespace wb::test;

namespace {

namespace fs = std::filesystem;

const fs::path data = fs::path(WB_TEST_DATA) / "torch";

std::vector<double> valuesOf(const TensorSource& source, const std::string& name)
{
    const std::size_t tensor = source.find(name).value();
    std::vector<double> values(source.tensors()[tensor].elements);
    if (!readValues(source, tensor, 0, values))
        values.clear();
    return values;
}

Json expected(const char* file) { return (*readJson(data / "expected.json", true, 1 << 20))[file]; }

std::string warningsOf(const Checkpoint& checkpoint)
{
    std::string text;
    for (const Error& warning : checkpoint.warnings())
        text += sentence(warning) + "\n";
    return text;
}

} // namespace

class TestOpenTorch : public QObject {
    Q_OBJECT
private slots:
    void aFileIsACheckpoint_data()
    {
        QTest::addColumn<std::string>("ending");
        QTest::newRow("zip") << std::string(".zip.pt");
        QTest::newRow("older") << std::string(".old.pt");
    }
    void aFileIsACheckpoint()
    {
        QFETCH(std::string, ending);
        const auto checkpoint = openCheckpoint(data / ("state" + ending));
        QVERIFY(checkpoint);
        QVERIFY((*checkpoint)->format() == Format::Torch);
        QVERIFY2((*checkpoint)->absent().empty() && (*checkpoint)->warnings().empty(), warningsOf(**checkpoint).c_str());
        const Json golden = expected("state"); // `turned` lies with strides 1, 3, `expanded` with 0
        for (const auto& [name, want] : golden.items()) {
            QCOMPARE((*checkpoint)->tensors()[(*checkpoint)->find(name).value()].shape, want["shape"].get<Shape>());
            QCOMPARE(valuesOf(**checkpoint, name), want["values"].get<std::vector<double>>());
        }
        QCOMPARE(golden.size(), (*checkpoint)->tensors().size());
    }

    void whatIsNoTensorIsSaid()
    {
        const auto checkpoint = openCheckpoint(data / "nested.zip.pt");
        QCOMPARE(valuesOf(**checkpoint, "model.a"), (std::vector<double>{1, 1}));
        QVERIFY(warningsOf(**checkpoint).find("3 values in it are not tensors of numbers and are left out, the first: step: a number") != std::string::npos);
        QVERIFY(warningsOf(**checkpoint).find("nothing can be exported") == std::string::npos);
    }

    void aFileIsWrittenUnderTheNameOfItsFormat()
    {
        TempFolder folder;
        Progress progress;
        const auto source = openCheckpoint(data / "nested.zip.pt");
        const auto refused = exportCheckpoint(**source, **source, folder / "out.pt", {}, progress);
        QCOMPARE(refused.error().code, ErrorCode::BadArgument);
        QVERIFY(!fs::exists(folder / "out.pt"));
        QVERIFY(exportCheckpoint(**source, **source, folder / "out.safetensors", {}, progress));
    }

    void aFolderIsWrittenAsSafetensors()
    {
        TempFolder folder;
        fs::create_directory(folder / "model");
        fs::copy_file(data / "experts.zip.pt", folder / "model/pytorch_model.bin");
        writeFile(folder / "model/config.json", R"({"model_type":"llama"})");
        Progress progress;
        const auto source = openCheckpoint(folder / "model");
        QVERIFY(source);
        QVERIFY((*source)->config() != nullptr);
        QCOMPARE((*source)->sidecars(), (std::vector<std::string>{"config.json"}));
        QVERIFY(exportCheckpoint(**source, **source, folder / "out", {}, progress));
        QVERIFY(fs::exists(folder / "out/model.safetensors") && !fs::exists(folder / "out/pytorch_model.bin"));
        const auto written = openCheckpoint(folder / "out");
        QVERIFY((*written)->format() == Format::Safetensors);
        QCOMPARE((*written)->tensors().size(), (*source)->tensors().size());
        const Json golden = expected("experts");
        for (const auto& [name, want] : golden.items())
            QCOMPARE(valuesOf(**written, name), want["values"].get<std::vector<double>>());
    }

    void shardsOfAnIndex()
    {
        TempFolder folder;
        fs::copy_file(data / "experts.zip.pt", folder / "pytorch_model-00001-of-00002.bin");
        fs::copy_file(data / "nested.zip.pt", folder / "pytorch_model-00002-of-00002.bin");
        Json map = Json::object();
        const Json golden = expected("experts");
        for (const auto& item : golden.items())
            map[item.key()] = "pytorch_model-00001-of-00002.bin";
        map["model.a"] = "pytorch_model-00002-of-00002.bin";
        writeFile(folder / "pytorch_model.bin.index.json", dumpJson({{"metadata", Json::object()}, {"weight_map", map}}));
        for (const fs::path& path : {folder.path(), folder / "pytorch_model.bin.index.json"}) {
            const auto checkpoint = openCheckpoint(path);
            QVERIFY(checkpoint);
            QCOMPARE((*checkpoint)->files().size(), 2U);
            QCOMPARE(valuesOf(**checkpoint, "model.a"), (std::vector<double>{1, 1}));
            QVERIFY(warningsOf(**checkpoint).find("model.b.c") != std::string::npos); // not listed by the index
        }
    }

    void nothingOfAnEvilFileIsRun()
    {
        const auto checkpoint = openCheckpoint(data / "evil.pt");
        QVERIFY(checkpoint);
        QCOMPARE((*checkpoint)->tensors().size(), 1U);
        QVERIFY2(warningsOf(**checkpoint).find("evil") != std::string::npos, warningsOf(**checkpoint).c_str());
    }
};

QTEST_APPLESS_MAIN(TestOpenTorch)
#include "tst_opentorch.moc"
