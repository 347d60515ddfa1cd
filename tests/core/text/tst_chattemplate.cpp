// Conversations become the texts that transformers makes of them; templates that go on forever or ask for what is not done here end
// in one sentence.
#include "core/checkpoint/open.h"
#include "core/text/chattemplate.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>
#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

namespace {

Json goldens()
{
    auto file = readJson(std::string(WB_TEST_DATA) + "/chat.json", false, 16U << 20);
    return file ? *file : Json();
}

Result<std::string> rendered(const std::string& source, const Json& variables)
{
    const auto parsed = ChatTemplate::parse(source, Json::object(), "t");
    return parsed ? (*parsed)->render(variables) : Result<std::string>(failure(parsed));
}

std::string codeOf(const Result<std::string>& result) { return result ? "none" : errorText(result.error().code).name; }

// A tokenizer of single letters with <s> in front, as a folder.
void writeTokenizer(const std::filesystem::path& folder, const std::string& config)
{
    Json vocabulary = {{"<s>", 0U}, {"</s>", 1U}};
    for (char c = ' '; c < 127; ++c)
        vocabulary[std::string(1, c)] = vocabulary.size();
    const Json single = Json::array({Json{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0U}}}}, Json{{"Sequence", {{"id", "A"}, {"type_id", 0U}}}}});
    const Json tokenizer = {{"added_tokens", {{{"id", 0U}, {"content", "<s>"}, {"special", true}}, {{"id", 1U}, {"content", "</s>"}, {"special", true}}}},
                            {"post_processor", {{"type", "TemplateProcessing"}, {"single", single}, {"special_tokens", {{"<s>", {{"id", "<s>"}, {"ids", {0U}}, {"tokens", {"<s>"}}}}}}}},
                            {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", Json::array()}}}};
    writeFile(folder / "tokenizer.json", dumpJson(tokenizer));
    writeFile(folder / "tokenizer_config.json", config);
    writeFile(folder / "model.safetensors", safetensorsBytes({}));
}

} // namespace

class TestChatTemplate : public QObject {
    Q_OBJECT

private slots:
    void stylesEqualTransformers()
    {
        const Json file = goldens();
        QVERIFY(file["styles"].size() >= 15);
        int equal = 0;
        for (const Json& style : file["styles"]) {
            const auto parsed = ChatTemplate::parse(style["source"].get<std::string>(), style["variables"], "t");
            QVERIFY2(parsed, (style["name"].get<std::string>() + ": " + (parsed ? "" : sentence(parsed.error()))).c_str());
            for (const Json& one : style["cases"]) {
                std::vector<ChatMessage> messages;
                for (const Json& message : file["conversations"][one["messages"].get<std::string>()])
                    messages.push_back({message["role"].get<std::string>(), message["content"].get<std::string>()});
                const auto text = (*parsed)->render(messages, one["answering"].get<bool>());
                const std::string which = style["name"].get<std::string>() + ", " + one["messages"].get<std::string>() + ": ";
                if (one.contains("error")) {
                    QVERIFY2(!text, which.c_str());
                    if (text.error().code == ErrorCode::TemplateRefused)
                        QCOMPARE(text.error().args[0], one["error"].get<std::string>());
                    ++equal;
                    continue;
                }
                QVERIFY2(text, (which + (text ? "" : sentence(text.error()))).c_str());
                QVERIFY2(*text == one["text"].get<std::string>(), (which + *text).c_str());
                ++equal;
            }
        }
        QCOMPARE(equal, 300);
    }

    void piecesOfTheLanguageEqualJinja()
    {
        const Json file = goldens();
        const Json variables = {{"messages", file["conversations"]["answered"]}, {"tools", nullptr}, {"documents", nullptr}, {"add_generation_prompt", true}};
        for (const Json& piece : file["pieces"]) {
            const auto source = piece["source"].get<std::string>();
            const auto text = rendered(source, variables);
            if (piece.contains("error")) {
                QVERIFY2(!text, source.c_str());
                continue;
            }
            QVERIFY2(text, (source + ": " + (text ? "" : sentence(text.error()))).c_str());
            QVERIFY2(*text == piece["text"].get<std::string>(), (source + "\n" + *text + "\n" + piece["text"].get<std::string>()).c_str());
        }
    }

    void theClockStandsStill() { QCOMPARE(*rendered("{{ strftime_now('%d %b %Y %%%-m') }}", Json::object()), std::string("26 Jul 2024 %7")); }

    void whatIsOutsideIsNamed()
    {
        const std::vector<std::pair<std::string, std::string>> cases = {
            {"{% include 'x' %}", "the tag \"include\""}, {"{{ a | urlize }}", "the filter \"urlize\""}, {"{{ a is filter }}", "the test \"filter\""},
            {"{% for a in b recursive %}{% endfor %}", "a recursive loop"}, {"\n{{ 'a'.encode() }}", "the method \"encode\" of a text (line 2)"}, {"{{ f(*a) }}", "arguments out of a list"}};
        for (const auto& [source, what] : cases) {
            const auto text = rendered(source, Json::object());
            QCOMPARE(codeOf(text), std::string("template_unsupported"));
            QVERIFY2(sentence(text.error()).find(what) != std::string::npos, sentence(text.error()).c_str());
        }
        QCOMPARE(sentence(rendered("a\n{{ b.c }}", Json::object()).error()),
                 std::string("t: the chat template is not valid: line 2: \"c\" is asked of \"b\", which is not defined. Give it a plain prompt."));
    }

    void runawayTemplatesEnd()
    {
        std::string deep, chain = "{{ 1", tags;
        for (int i = 0; i < 5000; ++i) {
            deep += "(";
            chain += "~1";
            tags += "{% if 1 %}";
        }
        for (const std::string& source :
             {std::string("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"), std::string("{{ 'x' * 999999999 }}"), std::string("{{ [0] * 999999999 }}"),
              std::string("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"), std::string("{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}"),
              std::string("{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}"),
              std::string("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}"),
              std::string("{% set a = 'ab' * 1000000 %}{{ a.replace('', a) }}"), std::string("{% set ns = namespace() %}{% set ns.me = ns %}"), std::string("{{ 9223372036854775807 + 1 }}"),
              "{{ " + deep, chain + " }}", tags}) {
            const auto text = rendered(source, Json::object());
            QVERIFY2(!text, source.substr(0, 60).c_str());
            QCOMPARE(codeOf(text), std::string("template_invalid"));
        }
    }

    void theFileBesideTheWeightsComesFirst()
    {
        QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        const auto answer = [&]() -> std::string {
            const auto checkpoint = openCheckpoint(root);
            if (!checkpoint)
                return sentence(checkpoint.error());
            const auto tokenizer = loadTokenizer(**checkpoint);
            if (!tokenizer)
                return sentence(tokenizer.error());
            const auto chat = loadChatTemplate(**checkpoint, **tokenizer);
            if (!chat)
                return errorText(chat.error().code).name;
            const auto text = (*chat)->render(std::vector<ChatMessage>{{"user", "hi"}});
            return text ? *text : sentence(text.error());
        };
        writeTokenizer(root, R"({"bos_token":"<s>"})");
        QCOMPARE(answer(), std::string("template_missing"));
        writeTokenizer(root, R"({"bos_token":"<s>","chat_template":[{"name":"tools","template":"t"},{"name":"default","template":"{{ bos_token }}config {{ messages[0].content }}"}]})");
        QCOMPARE(answer(), std::string("<s>config hi"));
        writeFile(root / "chat_template.jinja", "file {{ messages[0].content }}\n");
        QCOMPARE(answer(), std::string("file hi"));
    }

    void aBosIsNeverThereTwice()
    {
        QTemporaryDir folder;
        writeTokenizer(folder.path().toStdString(), R"({"bos_token":"<s>","eos_token":{"content":"</s>"}})");
        const auto tokenizer = loadTokenizer(std::filesystem::path(folder.path().toStdString()));
        QVERIFY2(tokenizer, tokenizer ? "" : sentence(tokenizer.error()).c_str());
        const std::vector<TokenId> wanted = encodeChat(**tokenizer, "<s>ab</s>")->ids;
        QCOMPARE(wanted.front(), 0U);
        QCOMPARE(wanted.size(), std::size_t{4});
        QCOMPARE(encodeChat(**tokenizer, "ab</s>")->ids, wanted);
    }
};

QTEST_APPLESS_MAIN(TestChatTemplate)
#include "tst_chattemplate.moc"
