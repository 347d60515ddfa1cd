// The programs of tasks against their own tests. WB_HUMANEVAL names HumanEval.jsonl: then all of it is run too.
#include "core/base/file.h"
#include "core/eval/judge.h"
#include "core/eval/shippedtasks.h"
#include "tests/support/support.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

class TestJudge : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareProcess(); } // as our programs do: a sandbox that may not start breaks the pipe to it

    void extraction()
    {
        const Task number = *readTask(R"({"question":"?","answer":"#### 12"})", "n", "n");
        const Answer right = judge(number, "He has 3 + 9 = 12 of them.");
        QVERIFY(right.correct);
        QCOMPARE(right.extracted, std::string("12"));
        QCOMPARE(judge(number, "It is 13.").reason.english(), std::string("13 instead of 12"));
        QCOMPARE(judge(number, "many").reason.english(), std::string("no number; wanted 12"));
        Task exact = *readTask(R"({"prompt":"p","answer":" a b"})", "e", "e");
        QCOMPARE(judge(exact, "a b").reason.english(), std::string("only blanks differ from \" a b\""));
        exact.strip = true;
        QVERIFY(judge(exact, "a b\n").correct);
        QCOMPARE(judge(exact, "a b\n").extracted, std::string("a b"));
        const Task code = *findTask("mini_code");
        QCOMPARE(judge(code, code.items[0].solution).reason.english(), std::string("not run: there is no sandbox"));
    }

    void solutions()
    {
        const auto sandbox = Sandbox::find();
        if (!sandbox)
            QSKIP(sentence(sandbox.error()).c_str());
        Task task = *findTask("mini_code");
        task.items.resize(12);
        task.items[3].solution = "    return 'wrong'\n";
        task.items[5].test = "def check(candidate):\n    pass\n";
        Progress progress;
        const auto report = checkSolutions(task, *sandbox, progress);
        QVERIFY(report.has_value());
        QCOMPARE(report->solutionsPassed, std::size_t{11});
        QCOMPARE(report->brokenFailed, std::size_t{11}); // a test that asks nothing lets everything pass
        QCOMPARE(report->problems.size(), std::size_t{2});
        QVERIFY(!report->good());
        QVERIFY(!checkSolutions(*findTask("sort"), *sandbox, progress));
    }

    void humanEval()
    {
        const QString file = qEnvironmentVariable("WB_HUMANEVAL");
        if (file.isEmpty())
            QSKIP("WB_HUMANEVAL is not set");
        const auto sandbox = Sandbox::find();
        QVERIFY(sandbox.has_value());
        Progress progress;
        const auto report = checkSolutions(*loadTask(file.toStdString()), *sandbox, progress);
        QVERIFY(report.has_value());
        QCOMPARE(report->items, std::size_t{164});
        QVERIFY2(report->good(), report->problems.empty() ? "" : report->problems[0].c_str());
    }

    void shipped()
    {
        QVERIFY(shippedTasks().size() >= 7);
        for (const ShippedTask& one : shippedTasks()) {
            const auto task = findTask(std::string(one.name));
            QVERIFY(task.has_value());
            QCOMPARE(task->sha256, loadTask(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/tasks" / (std::string(one.name) + ".jsonl"))->sha256);
        }
        const auto unknown = findTask("arithmetics");
        QVERIFY(!unknown && sentence(unknown.error()).find("arithmetic, categories, mini_code") != std::string::npos);
    }

private:
    static Answer judge(const Task& task, const std::string& output) { return *judgeAnswer(task, task.items[0], output, nullptr, Progress()); }
};

QTEST_APPLESS_MAIN(TestJudge)
#include "tst_judge.moc"
