// Bodies of requests: what they ask for, and every way of asking wrongly.
#include "core/eval/serve/answerwriter.h"
#include "tests/support/servedsample.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

class TestCompletionRequest : public QObject {
    Q_OBJECT
private slots:
    void readsEveryFormOfPrompt()
    {
        const auto text = readCompletionRequest(R"({"prompt":"2+3="})", servedSample(), 7);
        QVERIFY(text && text->prompts.size() == 1 && text->sequences() == 1);
        QCOMPARE(text->options.maxTokens, std::size_t{16});
        QCOMPARE(text->options.sampling.seed, std::uint64_t{7});
        QCOMPARE(text->options.sampling.temperature, 1.0);
        QCOMPARE(text->options.endTokens, servedSample().endTokens);
        QVERIFY(!text->logprobs && !text->echo && !text->stream);
        const std::vector<TokenId> ids = text->prompts[0].ids;
        const auto many = readCompletionRequest(R"({"prompt":["2+3=","ab"],"n":2})", servedSample(), 7);
        QVERIFY(many && many->sequences() == 4 && many->prompts[0].ids == ids);
        QCOMPARE(&many->promptOf(1), &many->prompts[0]);
        QCOMPARE(&many->promptOf(2), &many->prompts[1]);
        const auto tokens = readCompletionRequest(R"({"prompt":[1,2,3]})", servedSample(), 7), lists = readCompletionRequest(R"({"prompt":[[1,2,3],[4]]})", servedSample(), 7);
        QVERIFY(tokens && tokens->prompts[0].ids == (std::vector<TokenId>{1, 2, 3}) && !tokens->prompts[0].text);
        QVERIFY(lists && lists->prompts.size() == 2 && lists->prompts[1].ids == std::vector<TokenId>{4});
    }

    void readsTheSettings()
    {
        const auto request = readCompletionRequest(R"({"model":"original","prompt":"a","max_tokens":0,"temperature":0.5,"top_p":0.9,"top_k":5,"min_p":0.1,"repetition_penalty":1.1,
            "seed":-1,"stop":["x","yy"],"logprobs":3,"echo":true,"stream":true,"stream_options":{"include_usage":true},"ignore_eos":true,"user":"u","best_of":null,"suffix":null,
            "presence_penalty":0,"logit_bias":{}})", servedSample(), 7);
        QVERIFY(request);
        const SamplingOptions want{.temperature = 0.5, .topK = 5, .topP = 0.9, .minP = 0.1, .repetitionPenalty = 1.1, .seed = ~0ULL};
        QCOMPARE(request->options.sampling, want);
        QVERIFY(request->logprobs && request->echo && request->stream && request->includeUsage);
        QCOMPARE(request->options.candidates, std::size_t{3});
        QCOMPARE(request->options.maxTokens, std::size_t{0});
        QCOMPARE(request->options.stop, (std::vector<std::string>{"x", "yy"}));
        QVERIFY(request->options.endTokens.empty());
        const auto unlimited = readCompletionRequest(R"({"prompt":"a","top_k":-1})", servedSample(), 7); // as clients of vLLM say it
        QVERIFY(unlimited && unlimited->options.sampling.topK == 0);
    }

    void readsAChat()
    {
        const auto request = readChatRequest(R"({"messages":[{"role":"system","content":"1+1=2"},{"role":"user","content":[{"type":"text","text":"2+"},{"type":"text","text":"3="}],"name":"n"}],
            "logprobs":true,"top_logprobs":2,"tools":[],"tool_choice":"none","response_format":{"type":"text"}})", servedSample(), 1);
        QVERIFY(request && request->chat && request->logprobs && request->options.candidates == 2);
        QCOMPARE(*request->prompts[0].text, servedSample().chat->render(std::vector<ChatMessage>{{"system", "1+1=2"}, {"user", "2+3="}}).value());
        QCOMPARE(request->options.maxTokens, 512 - request->prompts[0].ids.size()); // what is left
    }

    void refusesByName_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("param");
        QTest::addColumn<int>("status");
        const auto row = [](const char* body, const char* param, int status = 400) { QTest::newRow(body) << body << param << status; };
        row("", "");
        row("[]", "request");
        row("{\"prompt\":\"a\",\"prompt\":\"b\"}", "");
        row("{}", "prompt");
        row("{\"prompt\":\"\"}", "prompt");
        row("{\"prompt\":{}}", "prompt");
        row("{\"prompt\":[]}", "prompt");
        row("{\"prompt\":[1,\"a\"]}", "prompt");
        row("{\"prompt\":[\"a\",[1]],\"n\":17}", "n");
        row("{\"prompt\":[1024]}", "prompt");
        row("{\"prompt\":[-1]}", "prompt");
        row("{\"prompt\":\"a\",\"model\":\"gpt\"}", "model", 404);
        row("{\"prompt\":\"a\",\"temperature\":-1}", "temperature");
        row("{\"prompt\":\"a\",\"top_k\":-2}", "top_k");
        row("{\"prompt\":\"a\",\"temperature\":\"hot\"}", "temperature");
        row("{\"prompt\":\"a\",\"top_p\":0}", "top_p");
        row("{\"prompt\":\"a\",\"temperature_rule\":\"head\"}", "temperature_rule");
        row("{\"prompt\":\"a\",\"temperature_rule\":\"entropy\",\"temperature_exponent\":0}", "temperature_exponent");
        row("{\"prompt\":\"a\",\"n\":0}", "n");
        row("{\"prompt\":\"a\",\"n\":1e9}", "n");
        row("{\"prompt\":\"a\",\"max_tokens\":513}", "max_tokens");
        row("{\"prompt\":\"a\",\"max_tokens\":-1}", "max_tokens");
        row("{\"prompt\":\"a\",\"max_tokens\":512}", "");
        row("{\"prompt\":\"abc def ghi\",\"max_tokens\":512}", "prompt");
        row("{\"prompt\":\"a\",\"stop\":[\"\"]}", "stop");
        row("{\"prompt\":\"a\",\"stop\":5}", "stop");
        row("{\"prompt\":\"a\",\"seed\":1.5}", "seed");
        row("{\"prompt\":\"a\",\"logprobs\":true}", "logprobs");
        row("{\"prompt\":\"a\",\"logprobs\":101}", "logprobs");
        row("{\"prompt\":\"a\",\"best_of\":2}", "best_of");
        row("{\"prompt\":\"a\",\"suffix\":\"b\"}", "suffix");
        row("{\"prompt\":\"a\",\"presence_penalty\":0.5}", "presence_penalty");
        row("{\"prompt\":\"a\",\"stream_options\":{\"x\":1}}", "stream_options");
        row("{\"prompt\":\"a\",\"dry_run\":1}", "dry_run");
        row("{\"prompt\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}", "");
    }

    void refusesByName()
    {
        QFETCH(QString, body);
        QFETCH(QString, param);
        QFETCH(int, status);
        const auto request = readCompletionRequest(body.toStdString(), servedSample(), 0);
        if (body.contains(u"\"a\",\"max_tokens\":512}")) { // the last token is not read: one and 512 fit
            QVERIFY(request);
            return;
        }
        QVERIFY(!request);
        const ErrorReply reply = errorReply(request.error());
        QCOMPARE(reply.status, status);
        const Json& error = reply.body["error"];
        QVERIFY(!error["message"].get<std::string>().empty() && error["type"] == "invalid_request_error");
        if (param == u"request")
            QCOMPARE(error["message"], Json("request: it is not an object"));
        else
            QCOMPARE(error["param"], param.isEmpty() ? Json() : Json(param.toStdString()));
    }

    void refusesChatsByName_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("param");
        const auto row = [](const char* body, const char* param) { QTest::newRow(body) << body << param; };
        row("{}", "messages");
        row("{\"messages\":[]}", "messages");
        row("{\"messages\":[5]}", "messages[0].");
        row("{\"messages\":[{\"content\":\"a\"}]}", "messages[0].role");
        row("{\"messages\":[{\"role\":\"user\"}]}", "messages[0].content");
        row("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]}", "messages[0].content");
        row("{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"tool_calls\":[{}]}]}", "messages[0].tool_calls");
        row("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{}]}", "tools");
        row("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tool_choice\":\"required\"}", "tool_choice");
        row("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"response_format\":{\"type\":\"json_object\"}}", "response_format");
        row("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"top_logprobs\":2}", "top_logprobs");
        row("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"echo\":true}", "echo");
        row("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"prompt\":\"b\"}", "prompt");
    }

    void refusesChatsByName()
    {
        QFETCH(QString, body);
        QFETCH(QString, param);
        const auto request = readChatRequest(body.toStdString(), servedSample(), 0);
        QVERIFY(!request);
        QCOMPARE(request.error().where, param.toStdString());
    }

    void withoutATemplateThereIsNoChat()
    {
        ServedModel plain = servedSample();
        plain.chat = nullptr;
        plain.noChat = Error{ErrorCode::TemplateMissing, "here", {}};
        const auto request = readChatRequest(R"({"messages":[{"role":"user","content":"a"}]})", plain, 0);
        QVERIFY(!request && request.error().code == ErrorCode::TemplateMissing && errorReply(request.error()).status == 400);
    }
};

QTEST_APPLESS_MAIN(TestCompletionRequest)
#include "tst_completionrequest.moc"
