// Bodies of requests to wb serve: each is read or refused with a sentence and a status, and what is read keeps within the limits.
#include "core/eval/serve/answerwriter.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/servedsample.h"

using namespace wb;

std::vector<std::string> fuzz::seeds()
{
    return {R"({"model":"original","prompt":"2+3=","max_tokens":5,"temperature":0.5,"top_p":0.9,"top_k":5,"min_p":0.1,"seed":-1,"stop":["x","yy"],"logprobs":3,"echo":true,"n":2})",
            R"({"prompt":[[1,2,3],[4]],"stream":true,"stream_options":{"include_usage":true},"ignore_eos":true,"suffix":null,"logit_bias":{},"best_of":1})",
            R"({"prompt":["a","\u00e9\ud83d\ude00"],"repetition_penalty":1.1,"presence_penalty":0,"add_special_tokens":false,"user":"u"})",
            R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"2+"}],"name":"n"}],"logprobs":true,"top_logprobs":2,"max_completion_tokens":9})",
            R"({"messages":[{"role":"user","content":"a","type":"text","tool_calls":[]}],"tools":[],"tool_choice":"none","response_format":{"type":"text"},"max_tokens":3})"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const std::string_view body(reinterpret_cast<const char*>(input), size);
    const ServedModel& model = test::servedSample();
    for (const bool chat : {false, true}) {
        const auto request = chat ? readChatRequest(body, model, 1) : readCompletionRequest(body, model, 1);
        if (!request) {
            const ErrorReply reply = errorReply(request.error());
            fuzz::require(reply.status >= 400 && reply.status < 500, "a request that is refused is the client's fault");
            fuzz::require(!reply.body["error"]["message"].get<std::string>().empty(), "a refusal says why");
            continue;
        }
        fuzz::require(request->sequences() >= 1 && request->sequences() <= model.maxSequences, "a bounded number of texts");
        fuzz::require(checkSampling(request->options.sampling).has_value(), "settings that can be drawn by");
        for (const ServedPrompt& prompt : request->prompts) {
            fuzz::require(!prompt.ids.empty() && prompt.ids.size() + request->options.maxTokens <= model.context + 1, "texts that fit");
            for (const TokenId id : prompt.ids)
                fuzz::require(id < model.vocabulary, "tokens of the vocabulary");
        }
        AnswerWriter writer(*request, model, {"id", 0});
        AnswerPart part;
        part.promptRead = true;
        part.prompt.resize(request->prompts[0].ids.size());
        static_cast<void>(writer.take(std::move(part)));
        static_cast<void>(dumpJson(writer.whole()));
    }
    return 0;
}
