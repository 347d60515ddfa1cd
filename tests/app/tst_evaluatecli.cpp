// wb evaluate, compare and task as a user runs them, on the sample.
#include "core/base/json.h"
#include "tests/support/support.h"

#include <QProcess>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

namespace {

struct Answer {
    int code = -1;
    Json json;
    std::string out, err;
};

Answer wbRun(const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral(WB_BINARY), arguments);
    process.waitForFinished(120'000);
    Answer answer;
    answer.code = process.exitCode();
    answer.err = process.readAllStandardError().toStdString();
    answer.out = process.readAllStandardOutput().toStdString();
    if (const auto json = parseJson(answer.out, "stdout"))
        answer.json = *json;
    return answer;
}

QString sample(const char* name) { return QString::fromStdString((std::filesystem::path(WB_SOURCE_DIR) / "resources/sample" / name).string()); }

} // namespace

class TestEvaluateCli : public QObject {
    Q_OBJECT
private slots:
    void aChatFormIsPartOfTheSettings()
    {
        const QStringList common = {"--json", "evaluate", sample("original"), "--task", "arithmetic", "--limit", "6", "--shots", "2"};
        const Answer plain = wbRun(common), chat = wbRun(common + QStringList{"--chat"});
        QVERIFY2(chat.code == 0, chat.err.c_str());
        QVERIFY(chat.json["chat"]["template"].get<std::string>().ends_with("tokenizer_config.json"));
        QCOMPARE(chat.json["strip"], Json(true));
        QVERIFY(!plain.json.contains("chat"));
        QCOMPARE(chat.json["items"].size(), std::size_t{6});
        writeFile(m_folder / "code.jsonl", R"({"task_id":"a","prompt":"def f():\n","entry_point":"f","test":"def check(c):\n    assert c() == 1\n","canonical_solution":"    return 1\n"})");
        const Answer code = wbRun({"--json", "evaluate", sample("original"), "--task", file("code.jsonl"), "--chat"});
        QCOMPARE(code.code, 2);
    }

    void everythingAtOnce()
    {
        const QStringList common = {"--json", "evaluate", sample("original"), "--task", "sort", "--max", "24", "--compare", sample("damaged"), "--noise-floor", "--control",
                                    "--control-recipe", file("control.json"), "--resume", file("results"), "-o", file("items.jsonl"), "--csv", file("items.csv"), "--report", file("page.html")};
        const Answer first = wbRun(common);
        QVERIFY2(first.code == 0, first.err.c_str());
        QCOMPARE(first.json["noise_floor"]["flipped"], 0U);
        QVERIFY(first.json["paired"]["only_a"].get<int>() >= 180 && first.json["paired"]["mcnemar_p"].get<double>() < 1e-30);
        QVERIFY(first.json["sentences"][0].get<std::string>().starts_with("damaged solves 0 more of 200, 18"));
        QVERIFY(first.json["sentences"][0].get<std::string>().ends_with("A/A floor 0."));
        const double wanted = first.json["control"]["edit_norm"].get<double>();
        QVERIFY(std::abs(first.json["control"]["norm"].get<double>() - wanted) < 0.01 * wanted);
        QCOMPARE(first.json["control"]["n"], 200U);
        for (const char* name : {"control.json", "items.jsonl", "items.csv", "page.html"})
            QVERIFY(std::filesystem::file_size(m_folder / name) > 200);
        // Four results are kept; the second run computes nothing and says the same.
        QCOMPARE(std::distance(std::filesystem::directory_iterator(m_folder / "results"), std::filesystem::directory_iterator()), std::ptrdiff_t{4});
        Answer again = wbRun(common);
        QVERIFY2(again.code == 0, again.err.c_str());
        const auto timeless = [](Json json) {
            json["other"].erase("seconds");
            json["control"].erase("seconds");
            json.erase("seconds");
            return json;
        };
        QVERIFY(timeless(again.json) == timeless(first.json));
        // What -o wrote is read back; both sides of one file are the same.
        const Answer same = wbRun({"--json", "compare", file("items.jsonl"), file("items.jsonl")});
        QVERIFY2(same.code == 0, same.err.c_str());
        QCOMPARE(same.json["n"], 200U);
        QCOMPARE(same.json["paired"]["mcnemar_p"], 1.0);
    }

    void samplesAndShots()
    {
        const Answer answer = wbRun({"--json", "evaluate", sample("original"), "--task", "arithmetic", "--limit", "10", "--max", "12", "--samples", "5", "--temperature", "1", "--shots", "2"});
        QVERIFY2(answer.code == 0, answer.err.c_str());
        QCOMPARE(answer.json["pass_at"].size(), std::size_t{2});
        QCOMPARE(answer.json["pass_at"]["1"]["value"], answer.json["score"]);
        QVERIFY(answer.json["pass_at"]["5"]["value"] >= answer.json["score"]);
        QCOMPARE(answer.json["items"][0]["samples"].size(), std::size_t{5});
        QCOMPARE(answer.json["temperature"], 1.0);
        QVERIFY(answer.json["shots_form"].get<std::string>().starts_with("2 examples"));
    }

    void earlyStop()
    {
        const Answer answer = wbRun({"--json", "evaluate", sample("original"), "--task", "reverse", "--max", "24", "--compare", sample("damaged"), "--early-stop"});
        QVERIFY2(answer.code == 0, answer.err.c_str());
        QCOMPARE(answer.json["sequential"]["end"], "difference");
        QCOMPARE(answer.json["n"], 16U);
        QVERIFY(answer.json["sequential"]["false_alarms"].get<double>() <= 0.05);
    }

    void countsAlone()
    {
        const Answer headline = wbRun({"--json", "compare", "--items", "1,0,4,15"});
        QCOMPARE(headline.json["paired"]["mcnemar_p"], 0.125);
        QCOMPARE(headline.json["paired"]["enough_items"], false);
        QVERIFY(headline.json["sentences"].back().get<std::string>().find("20 items say little") == 0);
        const Answer longer = wbRun({"--json", "compare", "--items", "1,3,5,41"});
        QVERIFY(std::abs(longer.json["paired"]["mcnemar_p"].get<double>() - 0.7265625) < 1e-9);
        QVERIFY(longer.json["sentences"].back().get<std::string>().find("50 items say little") == 0);
    }

    void badInput()
    {
        const auto refused = [](const QStringList& arguments, int code, const char* words) {
            const Answer answer = wbRun(arguments);
            QVERIFY2(answer.code == code && answer.err.find(words) != std::string::npos, answer.err.c_str());
        };
        refused({"evaluate", sample("original"), "--task", "sums"}, 2, "with the program come arithmetic, categories");
        refused({"evaluate", sample("original"), "--task", "sort", "--samples", "3", "--temperature", "0"}, 2, "give a temperature");
        refused({"evaluate", sample("original"), "--task", "sort", "--control"}, 2, "needs two sides");
        refused({"evaluate", sample("original"), "--task", "sort", "--shots", "400"}, 2, "holds 200 items and 400 examples need 401");
        refused({"compare", "--items", "1,2,3"}, 2, "is not four counts");
        refused({"compare", "--items", "1,2,3,x"}, 2, "is not four counts");
        refused({"compare", "a"}, 2, "two files");
        refused({"compare", "nowhere", "nowhere"}, 3, "nowhere");
        refused({"task", "sort", "--canonical"}, 3, "there are no programs to run");
        QVERIFY(wbRun({"task"}).out.find("mini_code\n") != std::string::npos);
    }

private:
    [[nodiscard]] QString file(const char* name) const { return QString::fromStdString((m_folder / name).string()); }
    TempFolder m_folder;
};

QTEST_APPLESS_MAIN(TestEvaluateCli)
#include "tst_evaluatecli.moc"
