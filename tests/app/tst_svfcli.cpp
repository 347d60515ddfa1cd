// wb svf as other programs call it.
#include "core/base/json.h"
#include "core/recipe/expert.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QProcess>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

class TestSvfCli : public QObject {
    Q_OBJECT
private:
    TempFolder m_folder;

    struct Outcome {
        int code;
        Json out;
        std::string err;
    };
    Outcome run(const QStringList& arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(QString::fromStdString(m_folder.path().string()));
        process.start(QStringLiteral(WB_BINARY), QStringList{QStringLiteral("--json")} + arguments);
        process.waitForFinished(60000);
        auto json = parseJson(process.readAllStandardOutput().toStdString(), "out");
        return {process.exitCode(), json ? *json : Json(), process.readAllStandardError().toStdString()};
    }

private slots:
    void initTestCase()
    {
        const std::string bytes = f32Bytes({3, 0, 0, 0, 2, 0, 0, 0, 1});
        std::vector<BuiltTensor> tensors;
        for (const char* name : {"down_proj", "gate_proj", "up_proj"})
            tensors.push_back({std::string("model.layers.0.mlp.") + name + ".weight", "F32", {3, 3}, bytes});
        writeFile(m_folder / "m.safetensors", safetensorsBytes(tensors));
        writeFile(m_folder / "other.safetensors", safetensorsBytes({tensors[0], tensors[1], tensors[2], {"model.norm.weight", "F32", {1}, f32Bytes({1})}}));
        Expert expert{"e", "m", "", ""};
        for (const BuiltTensor& tensor : tensors)
            expert.vectors[tensor.name] = {0.5, 0.5, 0.25};
        expert.keepsNuclearNorm = false;
        QVERIFY(saveExpert(expert, m_folder / "free.safetensors"));
    }

    void splits()
    {
        const Outcome split = run({"svf", "split", "m.safetensors", "-o", "bank.safetensors", "--f64"});
        QCOMPARE(split.code, 0);
        QCOMPARE(split.out["schema"], "wb.svf.split/1");
        QCOMPARE(split.out["tensors"].size(), 3U);
        QVERIFY(split.out["tensors"][0]["reconstruction_error"].get<double>() < 1e-14);
        const Outcome s = run({"values", "bank.safetensors", "model.layers.0.mlp.up_proj.weight.S"});
        QCOMPARE(s.out["values"].dump(), "[[3.0,2.0,1.0]]");
        // The same by the other verb, the first two components only.
        QCOMPARE(run({"spectrum", "m.safetensors", "model.layers.0.mlp.up_proj.weight", "--rank", "2", "--vectors", "two.safetensors"}).code, 0);
        QCOMPARE(run({"values", "two.safetensors", "model.layers.0.mlp.up_proj.weight.S"}).out["values"].dump(), "[[3.0,2.0]]");
        QCOMPARE(run({"values", "two.safetensors", "model.layers.0.mlp.up_proj.weight.V"}).out["shape"].dump(), "[3,2]");
        QCOMPARE(run({"svf", "split", "m.safetensors", "-o", "no.safetensors", "--memory", "15M"}).code, 2); // less than buffers need
    }

    void mixesIntoARecipe()
    {
        QCOMPARE(run({"svf", "recipe", "m.safetensors", "free.safetensors:2", "-o", "r.json"}).code, 0);
        const Outcome values = run({"values", "m.safetensors", "model.layers.0.mlp.up_proj.weight", "--recipe", "r.json"});
        QCOMPARE(values.out["values"].dump(), "[[3.0,0.0,0.0],[0.0,2.0,0.0],[0.0,0.0,0.5]]");
        QCOMPARE(run({"svf", "recipe", "m.safetensors", "nowhere.safetensors", "-o", "r.json"}).code, 3);
        QCOMPARE(run({"svf", "recipe", "m.safetensors", "m.safetensors", "-o", "r.json"}).code, 3); // no expert
    }

    void importsAfterTheMappingIsConfirmed()
    {
        Expert expert{"e", "m", "", ""};
        for (const char* name : {"down_proj", "gate_proj", "up_proj"})
            expert.vectors[std::string("model.layers.0.mlp.") + name + ".weight"] = {0.5, 0.5, 0.25};
        QVERIFY(saveExpert(expert, m_folder / "kept.safetensors"));
        QCOMPARE(run({"svf", "export", "kept.safetensors", "m.safetensors", "-o", "e.pt"}).code, 0);
        const Outcome shown = run({"svf", "import", "e.pt", "m.safetensors", "-o", "back.safetensors"});
        QCOMPARE(shown.code, 1);
        QCOMPARE(shown.out["by_order"], true);
        QCOMPARE(shown.out["mapping"][0]["tensor"], "model.layers.0.mlp.gate_proj.weight");
        QVERIFY(!std::filesystem::exists(m_folder / "back.safetensors"));
        QCOMPARE(run({"svf", "import", "e.pt", "m.safetensors", "-o", "back.safetensors", "--confirm"}).code, 0);
        QCOMPARE(run({"svf", "recipe", "other.safetensors", "back.safetensors", "-o", "r.json"}).code, 4);
        QCOMPARE(run({"svf", "recipe", "other.safetensors", "back.safetensors", "-o", "r.json", "--transfer", "--shuffle", "1"}).code, 0);
    }
};

QTEST_APPLESS_MAIN(TestSvfCli)
#include "tst_svfcli.moc"
