// Examples and prompt as a text, and as a conversation in a model's chat form.
#include "core/eval/itemprompt.h"

#include <QtTest>
#include <nlohmann/json.hpp>

using namespace wb;

namespace {

Task sums()
{
    std::string text;
    for (const char* one : {"0", "1", "2"})
        text += std::string(R"({"id":")") + one + R"(","prompt":")" + one + R"(+1= ","answer":" )" + static_cast<char>(one[0] + 1) + R"(","stop":["\n"]})" + "\n";
    return *readTask(text, "sums", "sums.jsonl");
}

ChatTemplatePtr chat()
{
    return *ChatTemplate::parse("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}", Json::object(), "t");
}

} // namespace

class TestItemPrompt : public QObject {
    Q_OBJECT

private slots:
    void examplesAreTurns()
    {
        const Task task = sums();
        const FewShot shots = *FewShot::choose(task, 2, nullptr, 0);
        const auto plain = itemPrompt(task, 1, shots, nullptr), turned = itemPrompt(task, 1, shots, chat().get());
        QCOMPARE(plain->text, std::string("0+1=  1\n2+1=  3\n1+1= "));
        QCOMPARE(plain->chat, false);
        QCOMPARE(turned->text, std::string("<user>0+1=<assistant>1<user>2+1=<assistant>3<user>1+1=<assistant>"));
        QCOMPARE(turned->chat, true);
    }

    void choicesBeginWithoutABlank()
    {
        const TaskItem item{.choices = {" yes", " no\n"}};
        QCOMPARE(choicesOf(item, true), (std::vector<std::string>{"yes", "no"}));
        QCOMPARE(choicesOf(item, false), item.choices);
    }

    void whatTheTemplateRefusesIsSaid()
    {
        const auto refusing = *ChatTemplate::parse("{{ raise_exception('no ' + messages[0].role) }}", Json::object(), "t");
        const auto prompt = itemPrompt(sums(), 0, {}, refusing.get());
        QVERIFY(!prompt);
        QCOMPARE(sentence(prompt.error()), std::string("t: the chat template does not take this conversation: no user. Change the conversation."));
    }
};

QTEST_APPLESS_MAIN(TestItemPrompt)
#include "tst_itemprompt.moc"
