#include "core/eval/fewshot.h"

#include <QtTest>

using namespace wb;

namespace {

Task sums(int items)
{
    std::string text;
    for (int i = 0; i < items; ++i)
        text += "{\"id\":\"" + std::to_string(i) + "\",\"prompt\":\"" + std::to_string(i) + "+1=\",\"answer\":\"" + std::to_string(i + 1) + "\",\"stop\":[\"\\n\"]}\n";
    return *readTask(text, "sums", "sums.jsonl");
}

} // namespace

class TestFewShot : public QObject {
    Q_OBJECT
private slots:
    void ownExamplesLeaveTheItemOut()
    {
        const Task task = sums(6);
        const FewShot shots = *FewShot::choose(task, 5, nullptr, 0); // all six are drawn: each item misses itself alone
        QCOMPARE(shots.prompt(task, 0), std::string("1+1=2\n2+1=3\n3+1=4\n4+1=5\n5+1=6\n0+1="));
        QCOMPARE(shots.prompt(task, 5), std::string("0+1=1\n1+1=2\n2+1=3\n3+1=4\n4+1=5\n5+1="));
        QVERIFY(shots.form().find("5 examples of sums (seed 0)") != std::string::npos && shots.form().find("never itself") != std::string::npos);
        // Two of many: most items share their prefix.
        const Task many = sums(40);
        const FewShot two = *FewShot::choose(many, 2, nullptr, 7);
        QCOMPARE(two.prompt(many, 0).size() - many.items[0].prompt.size() > 0, true);
        int same = 0;
        const auto prefix = [&](std::size_t i) { return two.prompt(many, i).substr(0, two.prompt(many, i).size() - many.items[i].prompt.size()); };
        for (std::size_t i = 0; i < 40; ++i)
            same += prefix(i) == prefix(39) ? 1 : 0;
        QVERIFY(same >= 37);
        QVERIFY(two.identity() != FewShot::choose(many, 2, nullptr, 8)->identity());
        QCOMPARE(two.identity(), FewShot::choose(many, 2, nullptr, 7)->identity());
        QCOMPARE(FewShot().identity(), std::string());
        QCOMPARE(FewShot().prompt(task, 3), std::string("3+1="));
    }

    void otherKinds()
    {
        const Task choice = *readTask(R"({"prompt":"Q:","choices":[" A"," B"],"answer":1})", "c", "c");
        QCOMPARE(FewShot::choose(choice, 1, nullptr, 0).has_value(), false); // itself is all there is
        const Task other = *readTask("{\"prompt\":\"P:\",\"choices\":[\" C\",\" D\"],\"answer\":0}\n\n", "o", "o");
        QCOMPARE(FewShot::choose(choice, 1, &other, 0)->prompt(choice, 0), std::string("P: C\n\nQ:"));
        const Task number = *readTask("{\"question\":\"1?\",\"answer\":\"so #### 1\"}\n{\"question\":\"2?\",\"answer\":\"so #### 2\"}", "n", "n");
        QCOMPARE(FewShot::choose(number, 1, nullptr, 0)->prompt(number, 1), std::string("Question: 1?\nAnswer: so #### 1\n\nQuestion: 2?\nAnswer:"));
        const auto mixed = FewShot::choose(choice, 1, &number, 0);
        QVERIFY(!mixed && sentence(mixed.error()).find("ask for number and c for choice") != std::string::npos);
        const auto few = FewShot::choose(number, 2, nullptr, 0);
        QVERIFY(!few && sentence(few.error()).find("holds 2 items and 2 examples need 3") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestFewShot)
#include "tst_fewshot.moc"
