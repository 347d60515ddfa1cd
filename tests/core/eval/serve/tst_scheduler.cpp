// Requests answered together: each gets what it would get alone, and what it asked for in the words of the API.
#include "core/eval/serve/answerwriter.h"
#include "tests/support/servedsample.h"

#include <fmt/format.h>

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const CompletionRequest> completion(const std::string& body) { return std::make_shared<const CompletionRequest>(readCompletionRequest(body, servedSample(), 0).value()); }

struct Got {
    std::vector<Json> stream;
    Json whole;
    std::optional<Error> error;
};

Got wait(const std::shared_ptr<const CompletionRequest>& request, Answer& answer)
{
    AnswerWriter writer(*request, servedSample(), {"id", 0});
    Got got;
    while (!writer.finished()) {
        auto part = answer.next(20s);
        if (!part)
            return got;
        for (Json& one : writer.take(std::move(*part)))
            got.stream.push_back(std::move(one));
    }
    got.error = writer.error();
    if (!got.error)
        got.whole = writer.whole();
    return got;
}

// The text that `wb generate` gives.
Completion alone(const CompletionRequest& request, std::size_t prompt = 0)
{
    Progress progress;
    return Generator(sampleModel(), servedSample().tokenizer).run({request.prompts[prompt].ids}, request.options, progress)->completions[0];
}

} // namespace

class TestScheduler : public QObject {
    Q_OBJECT
private slots:
    void init() { m_scheduler = std::make_unique<Scheduler>(sampleModel(), servedSample().tokenizer, Precision::F32, SchedulerLimits{3, 20}); }
    void cleanup() { m_scheduler.reset(); }

    void answersManyAsEachAlone()
    {
        std::vector<std::shared_ptr<const CompletionRequest>> requests;
        std::vector<AnswerPtr> answers;
        for (const char* prompt : {"2+3=", "Once upon a time", "79-48=", "The cat", "abc", "Tom and"}) { // twice as many as go on at once
            requests.push_back(completion(fmt::format(R"({{"prompt":"{}","max_tokens":{},"temperature":0.9,"seed":5,"ignore_eos":true}})", prompt, 4 + 3 * requests.size())));
            answers.push_back(m_scheduler->submit(requests.back()));
        }
        for (std::size_t i = 0; i < requests.size(); ++i) {
            const Got got = wait(requests[i], *answers[i]);
            const Completion want = alone(*requests[i]);
            QCOMPARE(got.whole["choices"][0]["text"], Json(want.text));
            QCOMPARE(got.whole["choices"][0]["finish_reason"], Json("length"));
            QCOMPARE(got.whole["usage"]["completion_tokens"], Json(4 + 3 * i));
        }
    }

    void severalAnswersDifferAndRepeat()
    {
        const auto request = completion(R"({"prompt":["Once upon a time","The cat"],"n":3,"max_tokens":12,"seed":3,"ignore_eos":true})");
        const Got first = wait(request, *m_scheduler->submit(request)), second = wait(request, *m_scheduler->submit(request));
        QCOMPARE(first.whole["choices"].size(), std::size_t{6});
        QVERIFY(first.whole["choices"][0]["text"] != first.whole["choices"][1]["text"]);
        for (std::size_t i = 0; i < 6; ++i) {
            QCOMPARE(first.whole["choices"][i]["index"], Json(i));
            QCOMPARE(first.whole["choices"][i]["text"], second.whole["choices"][i]["text"]);
        }
    }

    void echoScoresThePrompt()
    {
        const auto request = completion(R"({"prompt":"Once upon a time there was","max_tokens":1,"temperature":0,"logprobs":2,"echo":true})");
        const Got got = wait(request, *m_scheduler->submit(request));
        const Json& choice = got.whole["choices"][0];
        const std::vector<TokenId>& ids = request->prompts[0].ids;
        QVERIFY(choice["text"].get<std::string>().starts_with("Once upon a time there was"));
        const Json& logprobs = choice["logprobs"];
        for (const char* key : {"tokens", "token_logprobs", "top_logprobs", "text_offset"})
            QCOMPARE(logprobs[key].size(), ids.size() + 1);
        QVERIFY(logprobs["token_logprobs"][0].is_null() && logprobs["top_logprobs"][0].is_null());
        // Against the logits of a plain pass.
        KvCache cache(sampleModel()->config());
        Workspace space;
        Sequence sequence{&cache, ids};
        const auto hidden = forward(*sampleModel(), {&sequence, 1}, {}, space);
        std::vector<float> logits(ids.size() * 1024);
        computeLogits(*sampleModel(), *hidden, Precision::F32, Product::RowByRow, logits);
        std::string text;
        for (std::size_t i = 1; i <= ids.size(); ++i) {
            const std::span<const float> row = std::span(logits).subspan((i - 1) * 1024, 1024);
            const double normaliser = kernels::logSumExp(row.data(), 1024);
            const auto best = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
            const double want = static_cast<double>(row[i < ids.size() ? ids[i] : best]) - normaliser;
            QVERIFY(std::abs(logprobs["token_logprobs"][i].get<double>() - want) < 1e-4);
            double top = -1e9;
            for (const auto& [token, value] : logprobs["top_logprobs"][i].items())
                top = std::max(top, value.get<double>());
            QVERIFY(std::abs(top - (static_cast<double>(row[best]) - normaliser)) < 1e-4);
            QVERIFY(logprobs["top_logprobs"][i].size() == 2 || logprobs["top_logprobs"][i].size() == 3); // with the token that came
            QVERIFY(logprobs["top_logprobs"][i].contains(logprobs["tokens"][i].get<std::string>()));
        }
        for (const Json& token : logprobs["tokens"])
            text += token.get<std::string>();
        QCOMPARE(text, choice["text"].get<std::string>());
        QCOMPARE(logprobs["text_offset"][1].get<std::size_t>(), logprobs["tokens"][0].get<std::string>().size());
    }

    void whatIsKnownIsNotReadAgainAndIsTheSame()
    {
        const auto first = completion(R"({"prompt":"Once upon a time there was a cat who","max_tokens":0,"logprobs":2,"echo":true})"),
                   second = completion(R"({"prompt":"Once upon a time there was a dog","max_tokens":0,"logprobs":1,"echo":true})"),
                   more = completion(R"({"prompt":"Once upon a time there was a dog","max_tokens":0,"logprobs":4,"echo":true})"),
                   plain = completion(R"({"prompt":"Once upon a hill","max_tokens":3,"temperature":0})");
        Scheduler fresh(sampleModel(), servedSample().tokenizer, Precision::F32, {1, 20});
        for (const auto& request : {first, second, more, plain, second, more, first}) {
            const Got got = wait(request, *fresh.submit(request));
            Scheduler other(sampleModel(), servedSample().tokenizer, Precision::F32, {1, 20});
            const Got want = wait(request, *other.submit(request));
            QCOMPARE(got.whole["choices"][0]["text"], want.whole["choices"][0]["text"]);
            if (!request->logprobs)
                continue;
            const Json &a = got.whole["choices"][0]["logprobs"], &b = want.whole["choices"][0]["logprobs"];
            QCOMPARE(a["tokens"], b["tokens"]);
            for (std::size_t i = 1; i < a["tokens"].size(); ++i) {
                QVERIFY(std::abs(a["token_logprobs"][i].get<double>() - b["token_logprobs"][i].get<double>()) < 1e-4);
                QCOMPARE(a["top_logprobs"][i].size(), b["top_logprobs"][i].size());
            }
        }
    }

    void aStreamSaysTheSame()
    {
        for (const char* stop : {"\"zzzz\"", "\" a\"", "\"o\"", "[\"was a\",\"there\"]"}) {
            const std::string rest = fmt::format(R"("prompt":"Once upon a time","max_tokens":20,"temperature":0,"logprobs":1,"stop":{}}})", stop);
            const auto whole = completion("{" + rest), streamed = completion("{\"stream\":true," + rest);
            const Got want = wait(whole, *m_scheduler->submit(whole)), got = wait(streamed, *m_scheduler->submit(streamed));
            std::string text;
            std::size_t tokens = 0;
            for (const Json& chunk : got.stream) {
                text += chunk["choices"][0]["text"].get<std::string>();
                if (!chunk["choices"][0]["logprobs"].is_null())
                    tokens += chunk["choices"][0]["logprobs"]["tokens"].size();
            }
            QCOMPARE(text, want.whole["choices"][0]["text"].get<std::string>());
            QCOMPARE(tokens, want.whole["choices"][0]["logprobs"]["tokens"].size());
            QCOMPARE(got.stream.back()["choices"][0]["finish_reason"], want.whole["choices"][0]["finish_reason"]);
            QVERIFY(got.stream.size() > 1);
        }
    }

    void aChatStreams()
    {
        const auto request = std::make_shared<const CompletionRequest>(
            readChatRequest(R"({"messages":[{"role":"user","content":"2+3="}],"stream":true,"max_tokens":4,"temperature":0,"logprobs":true,"top_logprobs":2,"ignore_eos":true})", servedSample(), 0).value());
        const AnswerWriter writer(*request, servedSample(), {"id", 0});
        QCOMPARE(writer.opening()[0]["choices"][0]["delta"]["role"], Json("assistant"));
        const Got got = wait(request, *m_scheduler->submit(request));
        std::string text;
        for (const Json& chunk : got.stream) {
            QCOMPARE(chunk["object"], Json("chat.completion.chunk"));
            text += chunk["choices"][0]["delta"].value("content", "");
            for (const Json& token : chunk["choices"][0]["logprobs"]["content"]) {
                QCOMPARE(token["top_logprobs"].size(), std::size_t{2});
                QCOMPARE(token["bytes"].size(), token["token"].get<std::string>().size());
            }
        }
        QCOMPARE(text, alone(*request).text);
    }

    void temperaturesAreTold()
    {
        const auto request = completion(R"({"prompt":"12 plus “3","max_tokens":6,"temperature":0.9,"temperature_rule":"regions","temperature_number":0.25,"temperature_quote":0.5,"logprobs":1,"ignore_eos":true})");
        const Got got = wait(request, *m_scheduler->submit(request));
        const Json& temperatures = got.whole["choices"][0]["logprobs"]["temperatures"];
        QCOMPARE(temperatures.size(), std::size_t{6});
        QCOMPARE(temperatures[0], Json(0.25)); // after a digit, in quotes too
        const Completion want = alone(*request);
        for (std::size_t i = 0; i < 6; ++i)
            QCOMPARE(temperatures[i], Json(want.tokens[i].sampled.temperature));
    }

    void whatWaitsIsBounded()
    {
        const auto long1 = completion(R"({"prompt":"a","n":20,"max_tokens":400,"ignore_eos":true})");
        const AnswerPtr first = m_scheduler->submit(long1);
        QVERIFY(first != nullptr);
        AnswerPtr second;
        QTRY_VERIFY(second || (second = m_scheduler->submit(completion(R"({"prompt":"a"})")))); // three of the twenty go on
        QVERIFY(m_scheduler->submit(long1) == nullptr);
        first->cancel();
        AnswerPtr third;
        QTRY_VERIFY(third || (third = m_scheduler->submit(long1))); // they leave at once
    }

    void stoppingEndsAll()
    {
        const auto request = completion(R"({"prompt":"a","n":10,"max_tokens":400,"ignore_eos":true})");
        const AnswerPtr answer = m_scheduler->submit(request);
        m_scheduler->stop();
        const Got got = wait(request, *answer);
        QVERIFY(got.error && got.error->code == ErrorCode::Cancelled);
        QVERIFY(m_scheduler->submit(request) == nullptr);
    }

private:
    std::unique_ptr<Scheduler> m_scheduler;
};

QTEST_GUILESS_MAIN(TestScheduler)
#include "tst_scheduler.moc"
