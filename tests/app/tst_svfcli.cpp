// wb svf as other programs call it.
#include "core/base/json.h"
#include "core/recipe/expert.h"
#include "tests/support/modelcases.h"
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

    // Of q, k and v in one matrix: the vectors, the gains and the edit of k alone.
    void ofAPart()
    {
        const ModelCase& phi3 = modelCase("phi3");
        std::filesystem::create_directories(m_folder / "phi3");
        writeFile(m_folder / "phi3" / "model.safetensors", safetensorsBytes(phi3.tensors));
        writeFile(m_folder / "phi3" / "config.json", dumpJson(*phi3.config));
        const Outcome split = run({"svf", "split", "phi3", "--part", "k_proj", "-o", "k.safetensors"});
        QCOMPARE(split.code, 0);
        QCOMPARE(split.out["tensors"].size(), 2U);
        QCOMPARE(split.out["tensors"][0]["shape"].dump(), "[16,32]");
        Expert expert{"k", "phi3", "", ""};
        expert.vectors["model.layers.0.self_attn.qkv_proj.weight"] = std::vector<double>(16, 0.5);
        expert.keepsNuclearNorm = false;
        QVERIFY(saveExpert(expert, m_folder / "half.safetensors"));
        QCOMPARE(run({"svf", "recipe", "phi3", "half.safetensors", "-o", "k.json"}).code, 4); // the whole has 32
        QCOMPARE(run({"svf", "recipe", "phi3", "half.safetensors", "--part", "up_proj", "-o", "k.json"}).code, 4);
        QCOMPARE(run({"svf", "recipe", "phi3", "half.safetensors", "--part", "k_proj", "-o", "k.json"}).code, 0);
        const Outcome check = run({"recipe", "check", "k.json", "phi3"});
        QCOMPARE(check.code, 0);
        QCOMPARE(check.out["edits"][0]["effect"], "effective");
        QCOMPARE(check.out["edits"][0]["changed_after_rounding"], 512); // halves are exact
        QCOMPARE(run({"apply", "phi3", "k.json", "-o", "halved"}).code, 0);
        const Outcome diff = run({"diff", "phi3", "halved"});
        QCOMPARE(diff.out["changed"].size(), 1U);
        QCOMPARE(diff.out["changed"][0]["elements_changed"], 512);
        QCOMPARE(run({"verify", "halved"}).code, 0);
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
