// wb recipe as other programs call it: what an edit will do, and foreign edits as a recipe.
#include "core/base/json.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QProcess>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

class TestRecipeCli : public QObject {
    Q_OBJECT
private:
    TempFolder m_folder;

    struct Outcome {
        int code;
        std::string out, err;
    };
    Outcome run(const QStringList& arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(QString::fromStdString(m_folder.path().string()));
        process.start(QStringLiteral(WB_BINARY), arguments);
        process.waitForFinished(60000);
        return {process.exitCode(), process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
    }

private slots:
    void initTestCase()
    {
        writeFile(m_folder / "m.safetensors", safetensorsBytes({{"model.layers.0.mlp.down_proj.weight", "BF16", {2, 2}, bf16Bytes({1, -2, 3, 0.5F})},
                                                                 {"model.layers.0.self_attn.q_proj.weight", "BF16", {2, 2}, bf16Bytes({1, -2, 3, 0.5F})}}));
        writeFile(m_folder / "ts.json", R"([{"tensor_name":"model.layers.0.mlp.down_proj.weight","operation":"scale","value":2,"target":"top 25%","reason":"why"},
                                           {"tensor_name":"model.layers.0.self_attn.q_proj.weight","operation":"clamp_max","value":20}])");
    }

    void importsChecksAndApplies()
    {
        const Outcome imported = run({"--json", "recipe", "import", "ts.json", "--from", "tensor-slayer", "-o", "r.json"});
        QCOMPARE(imported.code, 0);
        QCOMPARE((*parseJson(imported.out, "out"))["edits"], 2);
        const Outcome checked = run({"--json", "recipe", "check", "r.json", "m.safetensors"});
        QCOMPARE(checked.code, 0);
        const Json edits = (*parseJson(checked.out, "out"))["edits"];
        QCOMPARE(edits[0]["effect"], "effective");
        QCOMPARE(edits[0]["changed_after_rounding"], 1); // 3 is the only one from the 75 % quantile, 1.5, up
        QCOMPARE(edits[0]["matched"], Json::array({"model.layers.0.mlp.down_proj.weight"}));
        QCOMPARE(edits[1]["effect"], "void");
        QCOMPARE(run({"recipe", "check", "r.json", "m.safetensors", "--strict"}).code, 1);
        const Outcome values = run({"--json", "values", "m.safetensors", "model.layers.0.mlp.down_proj.weight", "--recipe", "r.json"});
        QCOMPARE((*parseJson(values.out, "out"))["values"], (*parseJson("[[1.0,-2.0],[6.0,0.5]]", "want")));
    }

    void textSaysWhy()
    {
        const Outcome checked = run({"recipe", "check", "r.json", "m.safetensors"});
        QVERIFY(checked.out.find("void: no element lies outside the bounds") != std::string::npos);
        QVERIFY(checked.out.find("effective: 1 of 4 elements change after rounding") != std::string::npos);
    }

    // From making the recipe to the proof of its export, by a path that is relative to the recipe.
    void transplantsALayer()
    {
        const QString original = QStringLiteral(WB_SOURCE_DIR "/resources/sample/original"), damaged = QStringLiteral(WB_SOURCE_DIR "/resources/sample/damaged");
        std::filesystem::create_directory(m_folder / "deep");
        std::filesystem::copy(damaged.toStdString(), m_folder / "other");
        const Outcome made = run({"--json", "layers", original, "--transplant", "3:4", "--from", "other/", "-o", "deep/t.json"});
        QVERIFY2(made.code == 0, made.err.c_str());
        QCOMPARE((*parseJson(made.out, "out"))["edit"], "transplant_layer 3 of other → 4");
        Json recipe = *readJson(m_folder / "deep/t.json", false, 1 << 20);
        QCOMPARE(recipe["edits"][0]["from"]["checkpoint"].get<std::string>(), (m_folder / "other").string());
        recipe["edits"][0]["from"]["checkpoint"] = "../other";
        writeFile(m_folder / "deep/t.json", dumpJson(recipe, 1));
        const Json checked = (*parseJson(run({"--json", "recipe", "check", "--prove", "deep/t.json", original}).out, "out"))["edits"][0];
        QCOMPARE(checked["effect"], "effective");
        QCOMPARE(checked["matched"].size(), std::size_t{11});
        QCOMPARE(checked["proof"]["agrees"], true);
        const Outcome applied = run({"--json", "apply", original, "deep/t.json", "-o", "out"});
        QVERIFY2(applied.code == 0, applied.err.c_str());
        QCOMPARE((*parseJson(applied.out, "out"))["tensors_changed"], 11);
        const Json staged = *parseJson(run({"--json", "perplexity", original, "--recipe", "deep/t.json", "--text", "one two three four"}).out, "out");
        const Json exported = *parseJson(run({"--json", "perplexity", "out", "--text", "one two three four"}).out, "out");
        QVERIFY(staged.contains("nll_mean") && staged["nll_mean"] == exported["nll_mean"]);
        QCOMPARE(run({"verify", "out"}).code, 0);
        const Outcome beyond = run({"layers", original, "--transplant", "3:8", "--from", "other", "-o", "x.json"});
        QVERIFY2(beyond.code == 4 && beyond.err.find("the checkpoint has layers 0 to 7") != std::string::npos, beyond.err.c_str());
        QVERIFY(!std::filesystem::exists(m_folder / "x.json"));
        QCOMPARE(run({"layers", original, "--transplant", "3:4", "-o", "x.json"}).code, 2);
        std::filesystem::remove_all(m_folder / "other");
        const Outcome missing = run({"perplexity", original, "--recipe", "deep/t.json", "--text", "one two"});
        QVERIFY2(missing.code == 4 && missing.err.find("cannot be opened: there is no such file or folder") != std::string::npos, missing.err.c_str());
    }

    void refusesInOneSentence()
    {
        QCOMPARE(run({"recipe", "import", "ts.json", "--from", "elsewhere", "-o", "x.json"}).code, 2);
        writeFile(m_folder / "bad.json", R"([{"tensor_name":"a","operation":"scale","value":2,"target":"middle 5%"}])");
        const Outcome bad = run({"recipe", "import", "bad.json", "--from", "tensor-slayer", "-o", "x.json"});
        QCOMPARE(bad.code, 3);
        QVERIFY(bad.err.find("there is no target middle 5%") != std::string::npos);
        QVERIFY(!std::filesystem::exists(m_folder / "x.json"));
        writeFile(m_folder / "rows.json", R"({"format":"weightbench.recipe/1","edits":[{"op":"zero","select":"role=q_proj","elements":{"rows":[1,3]}}]})");
        const Outcome rows = run({"recipe", "check", "rows.json", "m.safetensors"});
        QCOMPARE(rows.code, 4);
        QVERIFY(rows.err.find("there are no rows 1 to 3 in a tensor with 2") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestRecipeCli)
#include "tst_recipecli.moc"
