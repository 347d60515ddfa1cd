#include "core/eval/serve/completionrequest.h"

#include "core/eval/serve/requestfields.h"

#include <algorithm>

namespace wb {
namespace {

constexpr std::size_t maxStops = 16, maxStopBytes = 1000, maxCandidates = 100;
constexpr int bodyDepth = 16;

Result<std::vector<TokenId>> readIds(const Json& list, std::size_t vocabulary)
{
    std::vector<TokenId> ids;
    for (const Json& one : list) {
        if (!one.is_number_unsigned())
            return fail(ErrorCode::BadArgument, "prompt", "prompt: a list of token ids holds something else");
        if (one.get<std::uint64_t>() >= vocabulary)
            return fail(ErrorCode::TokenOutOfRange, "prompt", dumpJson(one), std::to_string(vocabulary));
        ids.push_back(one.get<TokenId>());
    }
    return ids;
}

Result<ServedPrompt> encoded(const std::string& text, Result<Encoding> encoding)
{
    if (!encoding)
        return failure(encoding);
    return ServedPrompt{std::move(encoding->ids), text, std::move(encoding->ranges)};
}

// A text, a list of texts, a list of ids, or a list of such lists.
Result<std::vector<ServedPrompt>> readPrompts(const Json* json, const ServedModel& model, bool addSpecial)
{
    if (json == nullptr)
        return fail(ErrorCode::BadArgument, "prompt", "prompt: it is missing");
    const bool many = json->is_array() && !json->empty() && !(*json)[0].is_number();
    const Json list = many ? *json : Json::array({*json});
    if (list.size() > model.maxSequences)
        return fail(ErrorCode::BadArgument, "prompt", fmt::format("prompt: {} prompts in one request are more than {}", list.size(), model.maxSequences));
    std::vector<ServedPrompt> prompts;
    for (const Json& one : list) {
        if (!one.is_string() && !one.is_array())
            return fail(ErrorCode::BadArgument, "prompt", "prompt: it is neither a text, nor token ids, nor a list of either");
        Result<ServedPrompt> prompt = ServedPrompt{};
        if (one.is_string()) {
            const std::string text = one.get<std::string>();
            prompt = encoded(text, model.tokenizer->encode(text, addSpecial));
        } else if (auto ids = readIds(one, model.vocabulary)) {
            prompt->ids = std::move(*ids);
        } else {
            return failure(ids);
        }
        if (!prompt)
            return failure(prompt);
        prompts.push_back(std::move(*prompt));
    }
    return prompts;
}

std::vector<std::string> readStops(RequestFields& fields)
{
    const Json* json = fields.find("stop");
    if (json == nullptr)
        return {};
    std::vector<std::string> stops;
    for (const Json& one : json->is_array() ? *json : Json::array({*json})) {
        if (!one.is_string() || one.get_ref<const std::string&>().empty() || one.get_ref<const std::string&>().size() > maxStopBytes || stops.size() == maxStops) {
            fields.wrong("stop", fmt::format("it is not a text of at most {} bytes, nor a list of at most {} such", maxStopBytes, maxStops));
            return {};
        }
        stops.push_back(one.get<std::string>());
    }
    return stops;
}

void readSampling(RequestFields& fields, SamplingOptions& sampling, std::uint64_t seed)
{
    constexpr double least = 1e-6; // of what divides
    sampling.temperature = fields.number("temperature", 0, 100, 1);
    sampling.topP = fields.number("top_p", least, 1, 1);
    if (const Json* most = fields.find("top_k"); most == nullptr || *most != -1) // -1 is no limit to clients of vLLM, as 0 is
        sampling.topK = static_cast<std::uint32_t>(fields.count("top_k", 1U << 30).value_or(0));
    sampling.minP = fields.number("min_p", 0, 1, 0);
    sampling.repetitionPenalty = fields.number("repetition_penalty", least, 100, 1);
    if (const auto rule = fields.text("temperature_rule")) {
        const auto named = [&](TemperatureSource source) { return *rule == temperatureSourceName(source); };
        sampling.rule.source = named(TemperatureSource::Entropy) ? TemperatureSource::Entropy : named(TemperatureSource::Regions) ? TemperatureSource::Regions : TemperatureSource::Fixed;
        if (!named(sampling.rule.source))
            fields.wrong("temperature_rule", "it is none of fixed, entropy, regions");
    }
    sampling.rule.range = fields.number("temperature_range", 0, 100, 0);
    sampling.rule.exponent = fields.number("temperature_exponent", least, 100, 1);
    sampling.rule.code = fields.number("temperature_code", 0, 100, 0);
    sampling.rule.number = fields.number("temperature_number", 0, 100, 0);
    sampling.rule.quote = fields.number("temperature_quote", 0, 100, 0);
    sampling.seed = seed;
    if (const Json* given = fields.find("seed")) {
        if (given->is_number_integer())
            sampling.seed = given->is_number_unsigned() ? given->get<std::uint64_t>() : static_cast<std::uint64_t>(given->get<std::int64_t>());
        else
            fields.wrong("seed", "it is not a whole number");
    }
}

// What both kinds of request have in common.
void readCommon(RequestFields& fields, const ServedModel& model, std::uint64_t seed, CompletionRequest& request)
{
    if (const auto name = fields.text("model"); name && *name != model.name)
        fields.wrong("model", fmt::format("there is no model {} here, only {}", name->substr(0, 200), model.name));
    readSampling(fields, request.options.sampling, seed);
    request.options.precision = model.precision;
    request.options.stop = readStops(fields);
    if (!fields.flag("ignore_eos", false))
        request.options.endTokens = model.endTokens;
    request.answers = fields.count("n", model.maxSequences).value_or(1);
    if (request.answers == 0)
        fields.wrong("n", "no answer is asked for");
    request.stream = fields.flag("stream", false);
    if (const Json* options = fields.find("stream_options")) {
        RequestFields inner(*options, "stream_options.");
        request.includeUsage = inner.flag("include_usage", false);
        inner.skip({"include_obfuscation"});
        if (const auto done = inner.done(); !done)
            fields.wrong("stream_options", done.error().args[0]);
    }
    fields.mustBeEmpty({"presence_penalty", "frequency_penalty", "logit_bias"});
    fields.skip({"user", "metadata", "service_tier", "store", "safety_identifier", "prompt_cache_key"});
}

Result<void> checkSizes(const CompletionRequest& request, const ServedModel& model)
{
    if (request.sequences() > model.maxSequences)
        return fail(ErrorCode::BadArgument, "n", fmt::format("n: {} prompts with {} answers each are more than {} texts", request.prompts.size(), request.answers, model.maxSequences));
    for (const ServedPrompt& prompt : request.prompts) {
        if (prompt.ids.empty())
            return fail(ErrorCode::BadArgument, request.chat ? "messages" : "prompt", "the prompt has no token to begin with");
        // The last token that is made need not be read.
        const std::size_t read = prompt.ids.size() + std::max<std::size_t>(request.options.maxTokens, 1) - 1;
        if (read > model.context)
            return fail(ErrorCode::ContextFull, request.chat ? "messages" : "prompt", std::to_string(read), std::to_string(model.context));
    }
    return {};
}

// The content of a message: a text, or parts of which all are texts.
std::string readContent(RequestFields& fields)
{
    const Json* content = fields.find("content");
    if (content != nullptr && content->is_string())
        return content->get<std::string>();
    std::string text;
    const bool parts = content != nullptr && content->is_array();
    for (const Json& part : parts ? *content : Json::array()) {
        const bool isText = part.is_object() && part.value("type", Json()) == "text" && part.contains("text") && part["text"].is_string() && part.size() == 2;
        if (!isText)
            fields.wrong("content", "a part of it is no text");
        else
            text += part["text"].get<std::string>();
    }
    if (!parts)
        fields.wrong("content", "it is neither a text nor a list of texts");
    return text;
}

Result<std::vector<ChatMessage>> readMessages(const Json* json)
{
    if (json == nullptr || !json->is_array() || json->empty())
        return fail(ErrorCode::BadArgument, "messages", "messages: it is not a list of messages");
    std::vector<ChatMessage> messages;
    for (std::size_t i = 0; i < json->size(); ++i) {
        RequestFields fields((*json)[i], fmt::format("messages[{}].", i));
        const auto role = fields.text("role");
        if (!role)
            fields.wrong("role", "it is missing");
        messages.push_back({role.value_or(""), readContent(fields)});
        if (fields.text("type").value_or("text") != "text")
            fields.wrong("type", "it is no text");
        fields.skip({"name"});
        fields.mustBeEmpty({"tool_calls", "function_call", "refusal", "audio", "annotations"});
        if (auto done = fields.done(); !done)
            return failure(done);
    }
    return messages;
}

Result<ServedPrompt> renderChat(const Json* json, const ServedModel& model)
{
    auto messages = readMessages(json);
    if (!messages)
        return failure(messages);
    if (!model.chat)
        return tl::unexpected(*model.noChat);
    auto text = model.chat->render(*messages);
    if (!text)
        return failure(text);
    return encoded(*text, encodeChat(*model.tokenizer, *text));
}

} // namespace

Result<CompletionRequest> readCompletionRequest(std::string_view body, const ServedModel& model, std::uint64_t seed)
{
    auto json = parseJson(body, "", false, bodyDepth);
    if (!json)
        return failure(json);
    CompletionRequest request;
    RequestFields fields(*json);
    readCommon(fields, model, seed, request);
    request.echo = fields.flag("echo", false);
    request.options.maxTokens = fields.count("max_tokens", model.context).value_or(16);
    if (const auto logprobs = fields.count("logprobs", maxCandidates)) {
        request.logprobs = true;
        request.options.candidates = *logprobs;
    }
    if (const auto best = fields.count("best_of", model.maxSequences); best && *best != request.answers)
        fields.wrong("best_of", "choosing the best of several answers is not done here");
    fields.mustBeEmpty({"suffix"});
    const bool addSpecial = fields.flag("add_special_tokens", true);
    const Json* prompt = fields.find("prompt");
    if (auto done = fields.done(); !done)
        return failure(done);
    auto prompts = readPrompts(prompt, model, addSpecial);
    if (!prompts)
        return failure(prompts);
    request.prompts = std::move(*prompts);
    if (auto done = checkSizes(request, model); !done)
        return failure(done);
    return request;
}

Result<CompletionRequest> readChatRequest(std::string_view body, const ServedModel& model, std::uint64_t seed)
{
    auto json = parseJson(body, "", false, bodyDepth);
    if (!json)
        return failure(json);
    CompletionRequest request;
    request.chat = true;
    RequestFields fields(*json);
    readCommon(fields, model, seed, request);
    const auto most = fields.count("max_completion_tokens", model.context), older = fields.count("max_tokens", model.context);
    request.logprobs = fields.flag("logprobs", false);
    if (const auto alternatives = fields.count("top_logprobs", maxCandidates)) {
        if (!request.logprobs && *alternatives != 0)
            fields.wrong("top_logprobs", "it goes with logprobs only");
        request.options.candidates = *alternatives;
    }
    if (const Json* format = fields.find("response_format"); format != nullptr && *format != Json{{"type", "text"}})
        fields.wrong("response_format", "answers are plain text here");
    if (const Json* choice = fields.find("tool_choice"); choice != nullptr && *choice != "none" && *choice != "auto")
        fields.wrong("tool_choice", "there are no tools here");
    fields.mustBeEmpty({"tools", "functions", "modalities", "audio", "prediction", "web_search_options", "reasoning_effort"});
    fields.skip({"parallel_tool_calls"});
    const Json* messages = fields.find("messages");
    if (auto done = fields.done(); !done)
        return failure(done);
    auto prompt = renderChat(messages, model);
    if (!prompt)
        return failure(prompt);
    request.prompts.push_back(std::move(*prompt));
    // Unasked, an answer may fill what the prompt leaves of the context.
    const std::size_t room = model.context - std::min(model.context, request.prompts[0].ids.size());
    request.options.maxTokens = most ? *most : older ? *older : std::max<std::size_t>(room, 1);
    if (auto done = checkSizes(request, model); !done)
        return failure(done);
    return request;
}

} // namespace wb
