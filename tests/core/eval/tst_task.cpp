#include "core/eval/task.h"
#include "tests/support/support.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

class TestTask : public QObject {
    Q_OBJECT
private slots:
    void kinds()
    {
        const Task exact = read("{\"id\":\"a\",\"prompt\":\"84+62=\",\"answer\":\"146\",\"stop\":[\"\\n\"]}\n\n{\"id\":\"b\",\"prompt\":\"1+1=\",\"answer\":\"2\",\"stop\":\"\\n\"}\n");
        QCOMPARE(exact.kind, TaskKind::Exact);
        QCOMPARE(exact.items.size(), std::size_t{2});
        QCOMPARE(exact.items[1].stop, std::vector<std::string>{"\n"});
        const Task choice = read(R"({"id":1,"prompt":"Q","choices":[" A"," B"],"answer":1})");
        QCOMPARE(choice.kind, TaskKind::Choice);
        QCOMPARE(choice.items[0].choice, std::size_t{1});
        QCOMPARE(choice.items[0].id, std::string("1"));
        const Task code = read(R"({"task_id":"HumanEval/0","prompt":"def f():\n","entry_point":"f","canonical_solution":"    return 1\n","test":"def check(c):\n    assert c() == 1\n"})");
        QCOMPARE(code.kind, TaskKind::Code);
        QCOMPARE(code.items[0].stop.size(), std::size_t{5});
        const Task number = read(R"({"question":"How many?","answer":"9 * 2 = <<9*2=18>>18\n#### 1,018"})");
        QCOMPARE(number.kind, TaskKind::Number);
        QCOMPARE(number.items[0].answer, std::string("1018"));
    }

    void numbers()
    {
        QCOMPARE(lastNumber("He has $1,234.50 left."), std::string("1234.5"));
        QCOMPARE(lastNumber("from 3 to -7."), std::string("-7"));
        QCOMPARE(lastNumber("2.0"), std::string("2"));
        QCOMPARE(lastNumber("10"), std::string("10"));
        QCOMPARE(lastNumber("1.2.3"), std::string("3"));
        QCOMPARE(lastNumber("no digits, none"), std::string(""));
        QCOMPARE(lastNumber("5, 6"), std::string("6"));
        QCOMPARE(answerNumber("3 + 4 = 7\n#### 7\nQuestion 2"), std::string("7"));
        QCOMPARE(answerNumber("3 + 4 = 7"), std::string("7"));
        QCOMPARE(answerNumber("is 12\n#### none"), std::string("12"));
        QCOMPARE(answerNumber("#### -1,234.50 of 9"), std::string("-1234.5"));
    }

    void bad()
    {
        const auto refused = [&](const char* text, const char* words) {
            writeFile(m_folder / "task.jsonl", text);
            const auto task = loadTask(m_folder / "task.jsonl");
            QVERIFY(!task);
            const std::string said = sentence(task.error());
            QVERIFY2(said.find(words) != std::string::npos, said.c_str());
        };
        refused("", "it holds no item");
        refused("{}", "task.jsonl:1");
        refused("[1]", "a line is an object");
        refused("{\"prompt\":1,\"answer\":\"\"}", "\"prompt\" is not a text");
        refused("{\"prompt\":\"a\",\"answer\":\"b\"}\n{\"prompt\":\"a\"", "task.jsonl:2");
        refused(R"({"prompt":"a","choices":["x"],"answer":0})", "fewer than two");
        refused(R"({"prompt":"a","choices":["x","y"],"answer":2})", "one of the 2 choices");
        refused(R"({"prompt":"a","choices":["x",1],"answer":0})", "list of texts");
        refused("{\"id\":\"x\",\"prompt\":\"a\",\"answer\":\"b\"}\n{\"id\":\"x\",\"prompt\":\"a\",\"answer\":\"b\"}", "stands twice");
        refused("{\"id\":\"x\",\"prompt\":\"a\",\"answer\":\"b\"}\n{\"id\":\"y\",\"prompt\":\"a\",\"choices\":[\"b\",\"c\"],\"answer\":0}", "choice and the lines before for exact");
        refused(R"({"question":"a","answer":"none"})", "holds no number");
    }

    void samples()
    {
        const auto ten = sampleItems(100, 10, 3);
        QCOMPARE(ten.size(), std::size_t{10});
        QVERIFY(std::ranges::is_sorted(ten) && std::ranges::adjacent_find(ten) == ten.end() && ten.back() < 100);
        QCOMPARE(sampleItems(100, 10, 3), ten);
        QVERIFY(sampleItems(100, 10, 4) != ten);
        QCOMPARE(sampleItems(5, 9, 0), (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    }

private:
    Task read(const char* text)
    {
        writeFile(m_folder / "task.jsonl", text);
        return *loadTask(m_folder / "task.jsonl");
    }
    TempFolder m_folder;
};

QTEST_APPLESS_MAIN(TestTask)
#include "tst_task.moc"
