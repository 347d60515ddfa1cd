#include "core/eval/serve/answerwriter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

std::size_t charactersOf(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// A logit of −∞ has no number in JSON; clients know this one for it.
double shown(double logprob) { return std::isfinite(logprob) ? logprob : -9999.0; }

Json bytesJson(const std::string& text)
{
    Json bytes = Json::array();
    for (const char c : text)
        bytes.push_back(static_cast<unsigned char>(c));
    return bytes;
}

} // namespace

AnswerWriter::AnswerWriter(const CompletionRequest& request, const ServedModel& model, AnswerHead head)
    : m_request(request), m_model(model), m_head(std::move(head)), m_choices(request.sequences()), m_open(request.sequences())
{
}

// What a token adds inside of a text: decoded after itself, since decoders treat the begin of a text in a way of their own.
std::string AnswerWriter::tokenText(TokenId id) const
{
    const std::array<TokenId, 2> twice = {id, id};
    const std::string one = m_model.tokenizer->decode(std::span(twice).first(1), false), two = m_model.tokenizer->decode(twice, false);
    return two.starts_with(one) ? two.substr(one.size()) : one;
}

AnswerWriter::TokenRow AnswerWriter::row(TokenId id, std::optional<double> logprob, const std::vector<Candidate>& candidates) const
{
    TokenRow out;
    out.token = tokenText(id);
    if (!logprob)
        return out;
    out.logprob = shown(*logprob);
    const auto add = [&](TokenId candidate, std::string text, double value) {
        const auto taken = [&](const std::string& name) { return std::ranges::any_of(out.top, [&](const auto& one) { return one.first == name; }); };
        if (text.find("\xEF\xBF\xBD") != std::string::npos || taken(text)) // a part of a character, or two tokens of one text
            text = fmt::format("token_id:{}", candidate);
        out.top.emplace_back(std::move(text), shown(value));
    };
    for (const Candidate& candidate : candidates)
        add(candidate.id, candidate.id == id ? out.token : tokenText(candidate.id), candidate.logprob);
    // The token that came is among them in any case, as clients expect.
    if (!candidates.empty() && std::ranges::none_of(candidates, [&](const Candidate& one) { return one.id == id; }))
        add(id, out.token, *logprob);
    return out;
}

void AnswerWriter::echoPrompt(Choice& choice, const ServedPrompt& prompt, std::vector<ScoredToken> scores) const
{
    std::string decoded;
    StreamingDecoder decoder(m_model.tokenizer, false);
    std::vector<std::size_t> ends; // bytes of the decoded text after each token
    for (const TokenId id : prompt.ids) {
        decoded += decoder.push(id);
        ends.push_back(decoded.size());
    }
    decoded += decoder.finish();
    choice.text = prompt.text ? *prompt.text : decoded;
    choice.echoed = choice.text.size();
    for (std::size_t i = 0; m_request.logprobs && i < prompt.ids.size(); ++i) {
        const bool known = i != 0 && i < scores.size();
        TokenRow one = row(prompt.ids[i], known ? std::optional(scores[i].logprob) : std::nullopt, known ? scores[i].candidates : std::vector<Candidate>());
        const std::size_t begin = prompt.text ? prompt.ranges[i].begin : i == 0 ? 0 : ends[i - 1];
        one.offset = charactersOf(std::string_view(choice.text).substr(0, begin));
        choice.rows.push_back(std::move(one));
    }
    choice.characters = charactersOf(choice.text);
}

std::vector<Json> AnswerWriter::take(AnswerPart part)
{
    Choice& choice = m_choices[part.sequence];
    if (part.error) {
        m_error = std::move(part.error);
        return {};
    }
    if (part.promptRead && m_request.echo)
        echoPrompt(choice, m_request.promptOf(part.sequence), std::move(part.prompt));
    if (part.token) {
        ++choice.tokens;
        if (m_request.logprobs) {
            TokenRow one = row(part.token->sampled.chosen.id, part.token->sampled.chosen.logprob, part.token->sampled.candidates);
            one.offset = choice.characters;
            if (m_request.options.sampling.rule.source != TemperatureSource::Fixed)
                one.temperature = part.token->sampled.temperature;
            choice.rows.push_back(std::move(one));
        }
        choice.text += part.token->text;
        choice.characters += charactersOf(part.token->text);
    }
    if (part.ended) {
        choice.text.resize(std::min(choice.text.size(), choice.echoed + part.textBytes));
        choice.finish = *part.ended == StoppedBy::EndToken || *part.ended == StoppedBy::StopString ? "stop" : "length";
        --m_open;
    }
    if (!m_request.stream)
        return {};
    const std::size_t certain = certainBytes(choice);
    if (certain == choice.sent && choice.rows.empty() && choice.finish.empty())
        return {};
    const std::string fresh = choice.text.substr(choice.sent, certain - choice.sent);
    choice.sent = certain;
    Json one = choiceJson(part.sequence, fresh, std::exchange(choice.rows, {}), choice.finish, true);
    return {object(Json::array({std::move(one)}), true)};
}

// A text that may turn out to begin a stop string is held back.
std::size_t AnswerWriter::certainBytes(const Choice& choice) const
{
    std::size_t held = 0;
    if (choice.finish.empty())
        for (const std::string& stop : m_request.options.stop)
            for (std::size_t n = std::min(stop.size(), choice.text.size() - std::min(choice.text.size(), choice.echoed)); n > held; --n)
                if (choice.text.ends_with(std::string_view(stop).substr(0, n)))
                    held = n;
    return std::max(choice.sent, choice.text.size() - held);
}

Json AnswerWriter::logprobsJson(const std::vector<TokenRow>& rows) const
{
    if (!m_request.logprobs)
        return nullptr;
    if (m_request.chat) {
        const auto entry = [](const std::string& token, double logprob) { return Json{{"token", token}, {"logprob", logprob}, {"bytes", bytesJson(token)}}; };
        Json content = Json::array();
        for (const TokenRow& row : rows) {
            Json one = entry(row.token, row.logprob.value_or(0)), top = Json::array();
            for (const auto& [token, logprob] : row.top)
                if (top.size() < m_request.options.candidates)
                    top.push_back(entry(token, logprob));
            one["top_logprobs"] = std::move(top);
            if (row.temperature)
                one["temperature"] = *row.temperature;
            content.push_back(std::move(one));
        }
        return {{"content", std::move(content)}, {"refusal", nullptr}};
    }
    Json tokens = Json::array(), values = Json::array(), tops = Json::array(), offsets = Json::array(), temperatures = Json::array();
    for (const TokenRow& row : rows) {
        tokens.push_back(row.token);
        values.push_back(row.logprob ? Json(*row.logprob) : Json());
        Json top = Json::object();
        for (const auto& [token, logprob] : row.top)
            top[token] = logprob;
        tops.push_back(row.logprob ? std::move(top) : Json());
        offsets.push_back(row.offset);
        temperatures.push_back(row.temperature ? Json(*row.temperature) : Json());
    }
    Json out = {{"tokens", std::move(tokens)}, {"token_logprobs", std::move(values)}, {"top_logprobs", std::move(tops)}, {"text_offset", std::move(offsets)}};
    if (m_request.options.sampling.rule.source != TemperatureSource::Fixed)
        out["temperatures"] = std::move(temperatures);
    return out;
}

Json AnswerWriter::choiceJson(std::size_t index, const std::string& text, const std::vector<TokenRow>& rows, const std::string& finish, bool chunk) const
{
    Json out = {{"index", index}};
    if (!m_request.chat)
        out["text"] = text;
    else if (chunk)
        out["delta"] = text.empty() && rows.empty() ? Json::object() : Json{{"content", text}};
    else
        out["message"] = {{"role", "assistant"}, {"content", text}, {"refusal", nullptr}};
    out["logprobs"] = chunk && rows.empty() ? Json() : logprobsJson(rows);
    out["finish_reason"] = finish.empty() ? Json() : Json(finish);
    return out;
}

Json AnswerWriter::object(Json choices, bool chunk) const
{
    const char* kind = !m_request.chat ? "text_completion" : chunk ? "chat.completion.chunk" : "chat.completion";
    return {{"id", m_head.id}, {"object", kind}, {"created", m_head.created}, {"model", m_model.name},
            {"system_fingerprint", fmt::format("weightbench {}", precisionName(m_model.precision))}, {"choices", std::move(choices)}};
}

Json AnswerWriter::usage() const
{
    std::size_t prompts = 0, made = 0;
    for (const ServedPrompt& prompt : m_request.prompts)
        prompts += prompt.ids.size();
    for (const Choice& choice : m_choices)
        made += choice.tokens;
    return {{"prompt_tokens", prompts}, {"completion_tokens", made}, {"total_tokens", prompts + made}};
}

Json AnswerWriter::whole() const
{
    Json choices = Json::array();
    for (std::size_t i = 0; i < m_choices.size(); ++i)
        choices.push_back(choiceJson(i, m_choices[i].text, m_choices[i].rows, m_choices[i].finish, false));
    Json out = object(std::move(choices), false);
    out["usage"] = usage();
    out["weightbench"] = {{"sampling", chainText(m_request.options.sampling)}, {"precision", precisionName(m_model.precision)}};
    return out;
}

std::vector<Json> AnswerWriter::opening() const
{
    std::vector<Json> out;
    for (std::size_t i = 0; m_request.chat && i < m_choices.size(); ++i)
        out.push_back(object(Json::array({{{"index", i}, {"delta", {{"role", "assistant"}, {"content", ""}}}, {"logprobs", nullptr}, {"finish_reason", nullptr}}}), true));
    return out;
}

std::vector<Json> AnswerWriter::closing() const
{
    if (!m_request.includeUsage)
        return {};
    Json last = object(Json::array(), true);
    last["usage"] = usage();
    return {std::move(last)};
}

Json errorBody(const std::string& message, const char* type, const std::string& param, const char* code)
{
    return {{"error", {{"message", message}, {"type", type}, {"param", param.empty() ? Json() : Json(param)}, {"code", code}}}};
}

ErrorReply errorReply(const Error& error)
{
    const ErrorText& row = errorText(error.code);
    const std::string message = fillTemplate(row.text, error.args);
    if (error.code == ErrorCode::BadArgument && error.where == "model")
        return {404, errorBody(message, "invalid_request_error", "model", "model_not_found")};
    if (error.code == ErrorCode::ContextFull)
        return {400, errorBody(message, "invalid_request_error", error.where, "context_length_exceeded")};
    if (error.code == ErrorCode::LogitsNotFinite)
        return {500, errorBody(message, "server_error", "", row.name)};
    if (row.category == ErrorCategory::Resource || row.category == ErrorCategory::Cancelled)
        return {503, errorBody(message, "server_error", "", row.name)};
    return {400, errorBody(message, "invalid_request_error", error.where, row.name)};
}

Json modelJson(const ServedModel& model, std::int64_t created)
{
    return {{"id", model.name}, {"object", "model"}, {"created", created}, {"owned_by", "weightbench"}, {"max_model_len", model.context}};
}

Json modelsJson(const ServedModel& model, std::int64_t created) { return {{"object", "list"}, {"data", Json::array({modelJson(model, created)})}}; }

} // namespace wb
