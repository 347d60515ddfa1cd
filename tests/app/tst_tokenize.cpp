// wb tokenize as other programs call it.
#include "core/base/json.h"
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

Outcome run(const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral(WB_BINARY), QStringList{QStringLiteral("tokenize")} + arguments);
    process.waitForFinished(60000);
    return {process.exitCode(), process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
}

const QString llama3 = QStringLiteral(WB_TEST_DATA "/tokenizers/llama3");

} // namespace

class TestTokenize : public QObject {
    Q_OBJECT
    TempFolder m_folder;

    QString file(const std::string& name, const std::string& text) const
    {
        writeFile(m_folder / name, text);
        return QString::fromStdString((m_folder / name).string());
    }

private slots:
    void textBecomesIdsPiecesAndTextAgain()
    {
        const Outcome outcome = run({llama3, "--text", "the end", "--special", "--json"});
        QCOMPARE(outcome.code, 0);
        const Json json = outcome.json();
        QCOMPARE(json.begin().key(), std::string("schema"));
        QCOMPARE(json["ids"][0], Json(1500U)); // begin of text
        QCOMPARE(json["pieces"][0], Json("<|begin_of_text|>"));
        QCOMPARE(json["pieces"].size(), json["ids"].size());
        QCOMPARE(json["text"], Json("<|begin_of_text|>the end"));
        QCOMPARE(json["text_without_special"], Json("the end"));
        const Json plain = run({llama3 + "/tokenizer.json", "--file", file("t.txt", "the end"), "--json"}).json();
        QCOMPARE(plain["ids"].size() + 1, json["ids"].size());
    }

    void idsBecomeText()
    {
        QCOMPARE(run({llama3, "--ids", "1500,1501"}).out, std::string("<|begin_of_text|><|end_of_text|>\n"));
        const Json json = run({llama3, "--ids", "1500,1501", "--json"}).json();
        QCOMPARE(json["ids"], Json::array({1500U, 1501U}));
        QCOMPARE(json["text_without_special"], Json(""));
        const Outcome outside = run({llama3, "--ids", "1500,999999"});
        QCOMPARE(outside.code, 2);
        QVERIFY2(outside.err.find("999999") != std::string::npos, outside.err.c_str());
    }

    void linesAreTokenizedOneByOne()
    {
        const Outcome outcome = run({llama3, "--lines", file("l.jsonl", "\"a\"\n\n\"the \\ud83d\\ude00\"\n\"\"\n"), "--json"});
        QCOMPARE(outcome.code, 0);
        const Json lines = outcome.json()["lines"];
        QCOMPARE(lines.size(), std::size_t{3});
        QCOMPARE(lines[1]["text"], Json("the \xF0\x9F\x98\x80"));
        QCOMPARE(lines[2], Json({{"ids", Json::array()}, {"text", ""}}));
        const Outcome wrong = run({llama3, "--lines", file("w.jsonl", "\"a\"\n[1]\n")});
        QCOMPARE(wrong.code, 3);
        QVERIFY2(wrong.err.find("w.jsonl:2") != std::string::npos, wrong.err.c_str());
    }

    void whatCannotBeDoneIsOneSentence()
    {
        QCOMPARE(run({llama3}).code, 2);
        QCOMPARE(run({llama3, "--text", "a", "--ids", "1"}).code, 2);
        QCOMPARE(run({llama3, "--file", file("bad.txt", "a\xC3(")}).code, 2);
        QCOMPARE(run({QString::fromStdString(m_folder.path().string()), "--text", "a"}).code, 3);
        const Outcome unknown = run({file("tokenizer-u.json", R"({"model":{"type":"Telepathy","vocab":{"a":0}}})"), "--text", "a", "--json"});
        QCOMPARE(unknown.code, 4);
        QCOMPARE(unknown.json()["code"], Json("tokenizer_unsupported"));
        QVERIFY2(unknown.err.find("Telepathy") != std::string::npos, unknown.err.c_str());
    }
};

QTEST_APPLESS_MAIN(TestTokenize)
#include "tst_tokenize.moc"
