#include "core/eval/scorer.h"

#include "core/base/hash.h"
#include "core/base/parallel.h"
#include "core/eval/choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace wb {
namespace {

constexpr std::size_t otherBatch = 5; // sequences that go on together with otherOrder

// Draws of an item depend on the seed, its id and the number of the answer alone.
std::uint64_t seedOf(std::uint64_t seed, const std::string& id, std::size_t part)
{
    const std::string hex = xxh3(fmt::format("{}\n{}\n{}", seed, part, id));
    std::uint64_t value = 0;
    std::from_chars(hex.data(), hex.data() + 16, value, 16);
    return value;
}

} // namespace

Result<void> checkOptions(const Task& task, const EvaluateOptions& options)
{
    if (auto done = checkSampling(options.sampling); !done)
        return done;
    if (options.chat && task.kind == TaskKind::Code)
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "chat")), said(CORE_TEXT("reasons", "the programs of %1 go on with their prompts, which an answer in a chat does not"), task.name));
    if (options.samples == 0)
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "samples")), said(CORE_TEXT("reasons", "0 answers cannot be scored")));
    if (options.samples > 1 && task.kind == TaskKind::Choice)
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "samples")), said(CORE_TEXT("reasons", "choices are compared by log-likelihood: %1 times are the same as one"), options.samples));
    if (options.samples > 1 && options.sampling.temperature == 0)
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "samples")), said(CORE_TEXT("reasons", "%1 greedy answers to one item are the same; give a temperature"), options.samples));
    return {};
}

std::size_t maxTokensOf(TaskKind kind, const EvaluateOptions& options)
{
    if (options.maxTokens != 0)
        return options.maxTokens;
    return kind == TaskKind::Code ? 512 : kind == TaskKind::Number ? 256 : 64;
}

Outcome ItemResult::outcome() const
{
    if (samples.empty())
        return {correct ? 1U : 0U, 1};
    return {static_cast<std::uint64_t>(std::ranges::count_if(samples, &Answer::correct)), samples.size()};
}

ItemResult makeItemResult(std::size_t item, std::vector<Answer> answers)
{
    ItemResult result;
    result.item = item;
    result.output = answers[0].output;
    result.extracted = answers[0].extracted;
    result.reason = answers[0].reason;
    result.correct = answers[0].correct;
    if (answers.size() > 1) {
        result.samples = std::move(answers);
        result.correct = result.outcome().mostly();
    }
    return result;
}

Result<std::size_t> longestText(const Tokenizer& tokenizer, const Task& task, std::span<const std::size_t> items, const EvaluateOptions& options)
{
    std::size_t longest = 0;
    for (const std::size_t index : items) {
        const auto prompt = itemPrompt(task, index, options.shots, options.chat.get());
        if (!prompt)
            return failure(prompt);
        const std::vector<std::string> choices = choicesOf(task.items[index], prompt->chat);
        const auto choice = std::ranges::max_element(choices, {}, [](const std::string& text) { return text.size(); });
        auto encoded = prompt->encode(tokenizer, choice == choices.end() ? "" : *choice);
        if (!encoded)
            return failure(encoded);
        longest = std::max(longest, encoded->ids.size());
    }
    return longest + (task.kind == TaskKind::Choice ? 0 : maxTokensOf(task.kind, options));
}

// An item on its way: its prompt, and the answers as they come.
struct Scorer::Asked {
    std::size_t item = 0;
    std::vector<TokenId> prompt;
    Reason problem; // why it cannot be asked
    std::vector<std::string> outputs;
};

Scorer::Scorer(ModelPtr model, TokenizerPtr tokenizer, const Task& task, EvaluateOptions options, const Sandbox* sandbox)
    : m_model(std::move(model)), m_tokenizer(std::move(tokenizer)), m_task(task), m_rules{task.name, task.kind, task.strip || options.chat, {}, {}}, m_options(std::move(options)), m_sandbox(sandbox),
      m_generator(m_model, m_tokenizer)
{
}

Result<void> Scorer::score(std::span<const std::size_t> given, Progress& progress, const OnItem& onItem)
{
    std::vector<std::size_t> items(given.begin(), given.end());
    if (m_options.otherOrder)
        std::ranges::reverse(items);
    // Draws go by item, so that an item's answers are the same in any company: its samples are a run of their own.
    const std::size_t together = m_options.samples > 1 ? 1 : m_options.otherOrder ? otherBatch : sequences;
    for (std::size_t first = 0; first < items.size(); first += together) {
        const auto some = std::span(items).subspan(first, std::min(together, items.size() - first));
        if (m_task.kind != TaskKind::Choice) {
            if (auto done = generate(some, progress, onItem); !done)
                return done;
            continue;
        }
        for (const std::size_t item : some)
            if (auto done = choose(item, progress, onItem); !done)
                return done;
    }
    return {};
}

// Too long for the model: never cut silently.
Reason Scorer::tooLong(std::size_t tokens) const
{
    const std::size_t most = m_model->config().maxPositions;
    if (most == 0 || tokens <= most)
        return {};
    return {ReasonCode::PromptTooLong, {std::to_string(tokens), std::to_string(most)}};
}

Result<void> Scorer::choose(std::size_t index, Progress& progress, const OnItem& onItem)
{
    const TaskItem& item = m_task.items[index];
    if (!m_cache)
        m_cache.emplace(m_model->config());
    Progress inner; // counts tokens; items are what the caller sees
    Answer answer;
    const auto prompt = itemPrompt(m_task, index, m_options.shots, m_options.chat.get());
    if (!prompt)
        return failure(prompt);
    auto scores = scoreChoices(*m_model, *m_tokenizer, *prompt, choicesOf(item, prompt->chat), m_options.precision, *m_cache, m_space, inner, m_options.boundary);
    if (!scores && scores.error().code != ErrorCode::ContextFull && scores.error().code != ErrorCode::TaskInvalid)
        return failure(scores);
    if (scores) {
        const auto value = [&](const ChoiceScore& s) { return m_options.normaliseByLength ? s.logprob / static_cast<double>(std::max<std::size_t>(1, s.bytes)) : s.logprob; };
        const auto best = static_cast<std::size_t>(std::ranges::max_element(*scores, {}, value) - scores->begin());
        answer.output = item.choices[best];
        answer.extracted = std::to_string(best);
        answer.correct = best == item.choice;
        const std::string likelihood = fmt::format("{:.4f}", value((*scores)[best]));
        answer.reason = answer.correct ? Reason(ReasonCode::Likelihood, {likelihood})
                                       : Reason(ReasonCode::OtherLikelier, {likelihood, item.choices[item.choice], fmt::format("{:.4f}", value((*scores)[item.choice]))});
    } else {
        answer.reason = errorMessage(scores.error());
    }
    onItem(makeItemResult(index, {std::move(answer)}));
    if (!progress.advance(1))
        return cancelledError();
    return {};
}

Result<std::vector<Scorer::Asked>> Scorer::ask(std::span<const std::size_t> items) const
{
    std::vector<Asked> asked;
    for (const std::size_t index : items) {
        const auto prompt = itemPrompt(m_task, index, m_options.shots, m_options.chat.get());
        if (!prompt)
            return failure(prompt);
        auto encoded = prompt->encode(*m_tokenizer);
        if (!encoded)
            return failure(encoded);
        Asked one;
        one.item = index;
        one.prompt = std::move(encoded->ids);
        if (one.prompt.empty())
            one.problem = ReasonCode::PromptEmpty;
        else
            one.problem = tooLong(one.prompt.size() + 1);
        asked.push_back(std::move(one));
    }
    return asked;
}

// Runs the model on items with the same stops; on one item where answers are drawn.
Result<void> Scorer::answer(std::span<Asked*> asked, Progress& progress)
{
    GenerateOptions options;
    options.sampling = m_options.sampling;
    options.maxTokens = maxTokensOf(m_task.kind, m_options);
    options.precision = m_options.precision;
    options.endTokens = m_options.endTokens;
    options.stop = m_task.items[asked[0]->item].stop;
    for (std::size_t first = 0; first < m_options.samples; first += sequences) {
        const std::size_t some = std::min(sequences, m_options.samples - first);
        options.sampling.seed = seedOf(m_options.seed, m_task.items[asked[0]->item].id, first / sequences);
        std::vector<std::vector<TokenId>> prompts;
        for (const Asked* one : asked)
            prompts.insert(prompts.end(), some, one->prompt);
        Progress inner;
        auto report = m_generator.run(prompts, options, inner, [&](std::size_t, const GeneratedToken&) { return !progress.cancelled(); });
        if (!report)
            return failure(report);
        if (progress.cancelled())
            return cancelledError();
        for (std::size_t i = 0; i < prompts.size(); ++i)
            asked[i / some]->outputs.push_back(std::move(report->completions[i].text));
    }
    return {};
}

Result<void> Scorer::generate(std::span<const std::size_t> items, Progress& progress, const OnItem& onItem)
{
    auto asked = ask(items);
    if (!asked)
        return failure(asked);
    std::vector<Asked*> possible;
    for (Asked& one : *asked)
        if (one.problem.empty())
            possible.push_back(&one);
    // Items of one task have the same stops nearly always; those that differ are generated apart. So are drawn answers.
    for (std::size_t first = 0; first < possible.size();) {
        std::size_t end = first + 1;
        while (m_options.sampling.temperature == 0 && end < possible.size() &&
               m_task.items[possible[end]->item].stop == m_task.items[possible[first]->item].stop)
            ++end;
        if (auto done = answer(std::span(possible).subspan(first, end - first), progress); !done)
            return done;
        first = end;
    }
    std::vector<std::vector<Answer>> answers(asked->size());
    std::vector<std::optional<Error>> errors(asked->size() * m_options.samples);
    for (auto& mine : answers)
        mine.resize(m_options.samples);
    parallelFor(errors.size(), [&](std::size_t i) {
        Asked& one = (*asked)[i / m_options.samples];
        Answer& mine = answers[i / m_options.samples][i % m_options.samples];
        mine.reason = one.problem;
        if (!one.problem.empty())
            return;
        auto judged = judgeAnswer(m_rules, m_task.items[one.item], std::move(one.outputs[i % m_options.samples]), m_sandbox, progress);
        if (judged)
            mine = std::move(*judged);
        else
            errors[i] = judged.error();
    });
    for (const auto& error : errors)
        if (error)
            return tl::unexpected(*error);
    if (progress.cancelled())
        return cancelledError();
    for (std::size_t i = 0; i < asked->size(); ++i) {
        onItem(makeItemResult((*asked)[i].item, std::move(answers[i])));
        if (!progress.advance(1))
            return cancelledError();
    }
    return {};
}

} // namespace wb
