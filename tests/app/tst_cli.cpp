// wb as other programs call it: exit codes, JSON, one sentence on stderr.
#include "core/base/json.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QProcess>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

namespace {

struct Outcome {
    int code = -1;
    std::string out, err;
    [[nodiscard]] Json json() const { return *parseJson(out, "stdout"); }
};

} // namespace

class TestCli : public QObject {
    Q_OBJECT
private:
    TempFolder m_folder;
    std::string m_model;

    Outcome run(const QStringList& arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(QString::fromStdString(m_folder.path().string()));
        process.start(QStringLiteral(WB_BINARY), arguments);
        process.waitForFinished(60000);
        return {process.exitCode(), process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
    }

    std::string recipe(const std::string& name, const std::string& edits) const
    {
        writeFile(m_folder / name, "{\"format\":\"weightbench.recipe/1\",\"edits\":[" + edits + "]}");
        return name;
    }

private slots:
    void initTestCase()
    {
        std::vector<BuiltTensor> tensors;
        for (const int layer : {10, 2})
            tensors.push_back({"model.layers." + std::to_string(layer) + ".mlp.down_proj.weight", "BF16", {2, 2},
                               bf16Bytes({1, -2, 3, 0.5F})});
        std::filesystem::create_directories(m_folder / "m");
        writeFile(m_folder / "m/model.safetensors", safetensorsBytes(tensors, {{"format", "pt"}}));
        writeFile(m_folder / "m/config.json", "{\"model_type\":\"llama\",\"num_hidden_layers\":99}");
        recipe("half.json", "{\"op\":\"scale\",\"select\":\"layer=2\",\"factor\":0.5}");
        recipe("none.json", "{\"op\":\"scale\",\"select\":\"layer=3\",\"factor\":0.5}");
        recipe("inf.json", "{\"op\":\"scale\",\"select\":\"layer=2\",\"factor\":3e38}");
    }

    // The numbers behind the words are control characters to some libraries.
    void wordsThatCanBeChosenAreText()
    {
        const Outcome wrong = run({"stats", "m", "--by", "foo"});
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.find("foo is none of col|expert|head|row") != std::string::npos, wrong.err.c_str());
        for (const std::string& text : {wrong.err, run({"stats", "--help"}).out, run({"--progress", "foo", "info", "m"}).err})
            QVERIFY2(std::ranges::none_of(text, [](unsigned char c) { return c < ' ' && c != '\n'; }), text.c_str());
        QCOMPARE(run({"--json", "stats", "m", "--by", "col"}).json()["tensors"][0]["by"]["kind"], "col");
    }

    void infoAndListDescribeTheModel()
    {
        const Json info = run({"--json", "info", "m"}).json();
        QCOMPARE(info.begin().key(), "schema");
        QCOMPARE(info["schema"].get<std::string>(), "wb.info/1");
        QCOMPARE(info["architecture"].get<std::string>(), "llama");
        QCOMPARE(info["parameters"].get<int>(), 8);
        QCOMPARE(info["metadata"]["format"].get<std::string>(), "pt");
        QCOMPARE(info["warnings"][0]["code"].get<std::string>(), "config_misfit");
        const Json list = run({"list", "m", "--json"}).json();
        QCOMPARE(list["tensors"][0]["layer"].get<int>(), 2);
        QCOMPARE(list["tensors"][1]["role"].get<std::string>(), "down_proj");
        QCOMPARE(run({"list", "m", "--json", "--select", "layer=10"}).json()["tensors"].size(), 1U);
    }

    void stagedEditsShowInEveryReadingVerb()
    {
        const Json stats = run({"--json", "stats", "m", "--recipe", "half.json", "--quantiles", "0.5,1"}).json();
        QCOMPARE(stats["tensors"][0]["max"].get<double>(), 1.5);
        QCOMPARE(stats["tensors"][1]["quantiles"]["0.5"].get<double>(), 0.75);
        QCOMPARE(stats["tensors"][1]["outliers"][0]["index"].dump(), "[1,0]");
        const Json values = run({"--json", "values", "m", "model.layers.2.mlp.down_proj.weight", "--recipe", "half.json",
                                 "--rows", "1:2", "--raw"}).json();
        QCOMPARE(values["values"].dump(), "[[1.5,0.25]]");
        QCOMPARE(values["codes"].dump(), "[[16320,16000]]");
        const Outcome diff = run({"--json", "diff", "m", "m", "--recipe-b", "half.json"});
        QCOMPARE(diff.code, 1);
        QCOMPARE(diff.json()["changed"][0]["character"].get<std::string>(), "scaled");
        QCOMPARE(diff.json()["changed"][0]["relative"].get<double>(), 0.5);
        QCOMPARE(run({"diff", "m", "m"}).code, 0);
    }

    void appliesAndVerifies()
    {
        const Outcome applied = run({"--json", "apply", "m", "half.json", "-o", "out"});
        QCOMPARE(applied.code, 0);
        QCOMPARE(applied.json()["verified"].get<bool>(), true);
        QCOMPARE(applied.json()["tensors_changed"].get<int>(), 1);
        QCOMPARE(run({"verify", "out"}).code, 0);
        QCOMPARE(run({"apply", "m", "half.json", "-o", "out"}).code, 2);
        QCOMPARE(run({"apply", "m", "half.json", "-o", "out", "--replace"}).code, 0);
        QCOMPARE(run({"diff", "out", "m", "--recipe-b", "half.json"}).code, 0);
        std::filesystem::resize_file(m_folder / "out/config.json", 3);
        QCOMPARE(run({"verify", "out"}).code, 1);
    }

    void checksARecipe()
    {
        const Outcome check = run({"--json", "recipe", "check", "half.json", "m", "--strict"});
        QCOMPARE(check.code, 0);
        QCOMPARE(check.json()["edits"][0]["effect"].get<std::string>(), "effective");
        QCOMPARE(run({"recipe", "check", "none.json", "m"}).code, 4);
    }

    void answersBadInputWithASentenceAndACode_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* words, int code, const char* says) {
            QTest::newRow(words) << QString::fromLatin1(words) << code << QString::fromLatin1(says);
        };
        row("lst m", 2, "no verb lst");
        row("info", 2, "PATH");
        row("info m --nonsense", 2, "--nonsense");
        row("stats m --bins 0", 2, "--bins");
        row("stats m --range 2:1", 2, "LO < HI");
        row("stats m --memory 1K", 2, "16M");
        row("stats m --select rolle=x", 2, "no term rolle");
        row("stats m --select layer=77", 4, "none of the 2 tensors");
        row("list m --select ", 2, "--select: it is empty");
        row("spectrum m --seed -1", 2, "--seed: it is negative");
        row("stats m --bins 5 --quantiles 0.5,nan", 2, "--quantiles: it is not a finite number");
        row("stats m nothing", 4, "no tensor nothing among the 2");
        row("values m model.layers.2.mlp.down_proj.weight --rows 1:9", 2, "B <= 2");
        row("info nowhere", 3, "no such file");
        row("list m --recipe nowhere.json", 3, "no such file");
        row("list m --recipe m/config.json", 3, "format is missing");
        row("apply m none.json -o x", 4, "matches none");
        row("apply m inf.json -o x", 4, "new values that are NaN or infinite");
        row("apply m half.json -o m", 2, "source itself");
        row("apply m half.json -o no/such", 6, "no folder");
        row("verify m", 3, "weightbench-manifest.json");
    }
    void answersBadInputWithASentenceAndACode()
    {
        QFETCH(QString, words);
        QFETCH(int, code);
        QFETCH(QString, says);
        const Outcome outcome = run(QStringList{QStringLiteral("--json")} + words.split(QLatin1Char(' ')));
        QCOMPARE(outcome.code, code);
        const std::string last = outcome.err.substr(outcome.err.rfind("wb: ", outcome.err.size()));
        QVERIFY2(last.find(says.toStdString()) != std::string::npos, outcome.err.c_str());
        QCOMPARE(outcome.json()["schema"].get<std::string>(), "wb.error/1");
        QVERIFY(!std::filesystem::exists(m_folder / "x"));
    }

    void aFullDiskIsSaidAndLeavesNothing()
    {
        // No file may grow past 4 KiB here, which is what a full disk looks like to the writer.
        std::vector<BuiltTensor> tensors = {{"model.layers.2.mlp.down_proj.weight", "BF16", {4000}, std::string(8000, '\1')}};
        writeFile(m_folder / "big.safetensors", safetensorsBytes(tensors));
        QProcess process;
        process.setWorkingDirectory(QString::fromStdString(m_folder.path().string()));
        process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("ulimit -f 8; exec " WB_BINARY
                                                  " apply big.safetensors half.json -o y.safetensors")});
        process.waitForFinished(60000);
        QCOMPARE(process.exitCode(), 6);
        for (const auto& entry : std::filesystem::directory_iterator(m_folder.path()))
            QVERIFY(entry.path().filename().string().find("y.safetensors") == std::string::npos);
    }

    void linksNoQt()
    {
        QProcess process;
        process.start(QStringLiteral("ldd"), {QStringLiteral(WB_BINARY)});
        process.waitForFinished();
        const QByteArray libraries = process.readAllStandardOutput();
        QVERIFY(libraries.contains("libc.so"));
        QVERIFY(!libraries.contains("libQt"));
    }

    void progressIsJsonLinesOnRequest()
    {
        const Outcome outcome = run({"--progress", "json", "stats", "m"});
        const Json line = *parseJson(outcome.err.substr(outcome.err.find('{'), outcome.err.find('\n', outcome.err.find('{')) - outcome.err.find('{')), "stderr");
        QCOMPARE(line["unit"].get<std::string>(), "bytes");
        QCOMPARE(line["stage"].get<std::string>(), "reading");
        QVERIFY(run({"--quiet", "info", "m"}).err.empty());
    }
};

QTEST_APPLESS_MAIN(TestCli)
#include "tst_cli.moc"
