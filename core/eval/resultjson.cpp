#include "core/eval/resultjson.h"

#include "core/base/hash.h"

#include <nlohmann/json.hpp>

namespace wb {
namespace {

Json answerToJson(const Answer& answer)
{
    Json out = {{"correct", answer.correct}, {"output", answer.output}, {"extracted", answer.extracted}, {"reason", answer.reason.english()}};
    if (answer.reason.code > ReasonCode::Told) {
        Json& why = out["why"] = Json::array({reasonName(answer.reason.code)});
        for (const std::string& argument : answer.reason.args)
            why.push_back(argument);
    }
    return out;
}

// As data where it says so; else the words.
Reason reasonFromJson(const Json& json)
{
    const auto why = json.find("why");
    if (why == json.end() || !why->is_array() || why->empty())
        return textAt(json, "reason");
    std::vector<std::string> words;
    for (const Json& one : *why)
        words.push_back(one.is_string() ? one.get<std::string>() : "");
    const ReasonCode code = reasonCode(words[0]);
    return code > ReasonCode::Told ? Reason(code, {words.begin() + 1, words.end()}) : Reason(textAt(json, "reason"));
}

std::optional<Answer> answerFromJson(const Json& json)
{
    if (!json.is_object())
        return std::nullopt;
    Answer answer;
    const auto correct = json.find("correct");
    if (correct == json.end() || !correct->is_boolean())
        return std::nullopt;
    answer.correct = correct->get<bool>();
    for (const auto& [key, text] : {std::pair{"output", &answer.output}, std::pair{"extracted", &answer.extracted}}) {
        const auto found = json.find(key);
        if (found == json.end() || !found->is_string())
            return std::nullopt;
        *text = found->get<std::string>();
    }
    answer.reason = reasonFromJson(json);
    return answer;
}

} // namespace

std::string textAt(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

Json itemToJson(const Task& task, const ItemResult& result)
{
    Json out = {{"id", task.items[result.item].id}};
    out.update(answerToJson({result.correct, result.output, result.extracted, result.reason}));
    if (result.samples.empty())
        return out;
    out["passed"] = result.outcome().passed;
    Json& samples = out["samples"] = Json::array();
    for (const Answer& answer : result.samples)
        samples.push_back(answerToJson(answer));
    return out;
}

std::optional<ItemResult> itemFromJson(const Json& json, const Task& task, std::size_t index)
{
    auto first = answerFromJson(json);
    if (!first || index >= task.items.size())
        return std::nullopt;
    const auto id = json.find("id"), samples = json.find("samples");
    if (id == json.end() || *id != task.items[index].id)
        return std::nullopt;
    if (samples == json.end())
        return makeItemResult(index, {std::move(*first)});
    if (!samples->is_array() || samples->size() < 2)
        return std::nullopt;
    std::vector<Answer> answers;
    for (const Json& one : *samples) {
        auto answer = answerFromJson(one);
        if (!answer)
            return std::nullopt;
        answers.push_back(std::move(*answer));
    }
    return makeItemResult(index, std::move(answers));
}

std::string itemLines(const Task& task, const EvaluateOptions& options, const EvaluationReport& a, const EvaluationReport* b)
{
    std::string text;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        Json line = itemToJson(task, a.items[i]);
        line["task"] = task.sha256;
        line["precision"] = precisionName(options.precision);
        if (b != nullptr)
            line["other"] = itemToJson(task, b->items[i]);
        text += dumpJson(line) + "\n";
    }
    return text;
}

Json reportToJson(const Task& task, const EvaluationReport& report)
{
    Json items = Json::array(), passAt = Json::object();
    for (const ItemResult& result : report.items)
        items.push_back(itemToJson(task, result));
    for (const PassAt& one : report.passAt)
        passAt[std::to_string(one.k)] = {{"value", one.estimate.value}, {"stderr", one.estimate.standardError}};
    return {{"n", report.items.size()}, {"correct", report.correct}, {"score", report.score}, {"stderr", report.standardError},
            {"ci95", {report.ci95.low, report.ci95.high}}, {"pass_at", std::move(passAt)}, {"seconds", report.seconds}, {"items", std::move(items)}};
}

Json pairedToJson(const PairedComparison& paired)
{
    Json out = {{"both", paired.counts.both}, {"only_a", paired.counts.onlyA}, {"only_b", paired.counts.onlyB}, {"neither", paired.counts.neither}};
    out[paired.several ? "sign_flip_p" : "mcnemar_p"] = paired.p;
    out.update({{"p", paired.p}, {"test", paired.several ? "sign flips of the share of right answers, exact" : "McNemar, exact"}, {"delta", paired.delta},
                {"ci95", {paired.ci95.low, paired.ci95.high}}, {"enough_items", paired.enough}, {"items_needed", paired.needed ? Json(*paired.needed) : Json()}});
    return out;
}

Json settingsToJson(const Task& task, const EvaluateOptions& options)
{
    Json out = {{"precision", precisionName(options.precision)}, {"seed", options.seed}, {"samples", options.samples}};
    if (task.kind == TaskKind::Choice) {
        out["normalised"] = options.normaliseByLength;
    } else {
        SamplingOptions s = options.sampling;
        s.seed = options.seed;
        out["sampling"] = chainText(s);
        if (s.temperature != 0)
            out.update({{"temperature", s.temperature}, {"top_k", s.topK}, {"top_p", s.topP}, {"min_p", s.minP}, {"repetition_penalty", s.repetitionPenalty}});
        out["max_tokens"] = maxTokensOf(task.kind, options);
        out["strip"] = task.strip || options.chat;
    }
    out["shots"] = options.shots.count();
    if (options.shots.count() != 0)
        out["shots_form"] = options.shots.form();
    if (options.chat)
        out["chat"] = {{"template", options.chat->where()}, {"xxh3", xxh3(options.chat->source())}};
    return out;
}

} // namespace wb
