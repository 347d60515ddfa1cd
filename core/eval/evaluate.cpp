#include "core/eval/evaluate.h"

#include "core/base/parallel.h"
#include "core/eval/choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t batch = 16; // items that go on together

std::size_t maxTokensOf(TaskKind kind, std::size_t given)
{
    if (given != 0)
        return given;
    return kind == TaskKind::Code ? 512 : kind == TaskKind::Number ? 256 : 64;
}

std::string stripped(const std::string& text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

class Evaluation {
public:
    Evaluation(const ModelPtr& model, const TokenizerPtr& tokenizer, const Task& task, const EvaluateOptions& options, const Sandbox* sandbox,
               Progress& progress, const OnItem& onItem)
        : m_model(model), m_tokenizer(tokenizer), m_task(task), m_options(options), m_sandbox(sandbox), m_progress(progress), m_onItem(onItem),
          m_generator(model, tokenizer)
    {
    }

    Result<EvaluationReport> run()
    {
        const auto start = std::chrono::steady_clock::now();
        const std::vector<std::size_t> items = sampleItems(m_task.items.size(), m_options.limit == 0 ? m_task.items.size() : m_options.limit, m_options.seed);
        m_progress.begin(ProgressStage::Computing, ProgressUnit::Items, items.size());
        for (std::size_t first = 0; first < items.size(); first += batch) {
            const auto some = std::span(items).subspan(first, std::min(batch, items.size() - first));
            auto done = m_task.kind == TaskKind::Choice ? chooseAll(some) : generateAll(some);
            if (!done)
                return failure(done);
        }
        finish();
        m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return std::move(m_report);
    }

private:
    bool add(ItemResult result)
    {
        m_report.items.push_back(std::move(result));
        if (m_onItem)
            m_onItem(m_report.items.back());
        return m_progress.advance(1);
    }

    // Too long for the model: never cut silently.
    [[nodiscard]] std::optional<std::string> tooLong(std::size_t tokens) const
    {
        const std::size_t most = m_model->config().maxPositions;
        if (most == 0 || tokens <= most)
            return std::nullopt;
        return fmt::format("its {} tokens do not fit the model's {} positions", tokens, most);
    }

    Result<void> chooseAll(std::span<const std::size_t> items)
    {
        for (const std::size_t index : items) {
            const TaskItem& item = m_task.items[index];
            if (!m_cache)
                m_cache.emplace(m_model->config());
            Progress inner; // counts tokens; items are what the caller sees
            auto scores = scoreChoices(*m_model, *m_tokenizer, item.prompt, item.choices, m_options.precision, *m_cache, m_space, inner);
            if (!scores && (scores.error().code == ErrorCode::ContextFull || scores.error().code == ErrorCode::TaskInvalid)) {
                if (!add({index, false, "", errorMessage(scores.error())}))
                    return cancelledError();
                continue;
            }
            if (!scores)
                return failure(scores);
            const auto value = [&](const ChoiceScore& s) { return m_options.normaliseByLength ? s.logprob / static_cast<double>(std::max<std::size_t>(1, s.bytes)) : s.logprob; };
            const auto best = static_cast<std::size_t>(std::ranges::max_element(*scores, {}, value) - scores->begin());
            const bool correct = best == item.choice;
            std::string reason = fmt::format("log-likelihood {:.4f}", value((*scores)[best]));
            if (!correct)
                reason += fmt::format("; wanted \"{}\" with {:.4f}", item.choices[item.choice], value((*scores)[item.choice]));
            if (!add({index, correct, item.choices[best], std::move(reason)}))
                return cancelledError();
        }
        return {};
    }

    Result<void> generateAll(std::span<const std::size_t> items)
    {
        GenerateOptions options;
        options.sampling.temperature = 0;
        options.maxTokens = maxTokensOf(m_task.kind, m_options.maxTokens);
        options.precision = m_options.precision;
        options.endTokens = m_options.endTokens;
        std::vector<std::vector<TokenId>> prompts;
        std::vector<ItemResult> results;
        std::vector<std::size_t> placeOf; // of each prompt, in results
        for (const std::size_t index : items) {
            const TaskItem& item = m_task.items[index];
            auto encoded = m_tokenizer->encode(item.prompt, true);
            if (!encoded)
                return failure(encoded);
            ItemResult result{index, false, "", ""};
            if (encoded->ids.empty())
                result.reason = "the prompt holds no token";
            else if (const auto problem = tooLong(encoded->ids.size() + 1))
                result.reason = *problem;
            if (result.reason.empty()) {
                prompts.push_back(std::move(encoded->ids));
                placeOf.push_back(results.size());
            }
            results.push_back(std::move(result));
        }
        // Items of one task have the same stops nearly always; those that differ are generated apart.
        for (std::size_t first = 0; first < prompts.size();) {
            options.stop = m_task.items[results[placeOf[first]].item].stop;
            std::size_t end = first + 1;
            while (end < prompts.size() && m_task.items[results[placeOf[end]].item].stop == options.stop)
                ++end;
            Progress inner;
            auto report = m_generator.run({prompts.begin() + static_cast<std::ptrdiff_t>(first), prompts.begin() + static_cast<std::ptrdiff_t>(end)}, options, inner,
                                          [&](std::size_t, const GeneratedToken&) { return !m_progress.cancelled(); });
            if (!report)
                return failure(report);
            if (m_progress.cancelled())
                return cancelledError();
            for (std::size_t i = first; i < end; ++i)
                results[placeOf[i]].output = std::move(report->completions[i - first].text);
            first = end;
        }
        return judgeAll(results, placeOf);
    }

    Result<void> judgeAll(std::vector<ItemResult>& results, const std::vector<std::size_t>& answered)
    {
        std::vector<Result<void>> done(answered.size());
        parallelFor(answered.size(), [&](std::size_t i) { done[i] = judge(results[answered[i]]); });
        for (const Result<void>& one : done)
            if (!one)
                return failure(one);
        for (ItemResult& result : results)
            if (!add(std::move(result)))
                return cancelledError();
        return {};
    }

    Result<void> judge(ItemResult& result) const
    {
        const TaskItem& item = m_task.items[result.item];
        if (m_task.kind == TaskKind::Code)
            return runProgram(item, result);
        if (m_task.kind == TaskKind::Number) {
            const std::string number = lastNumber(result.output);
            result.correct = number == item.answer;
            if (!result.correct)
                result.reason = number.empty() ? fmt::format("no number; wanted {}", item.answer) : fmt::format("{} instead of {}", number, item.answer);
            return {};
        }
        const std::string got = m_task.strip ? stripped(result.output) : result.output, want = m_task.strip ? stripped(item.answer) : item.answer;
        result.correct = got == want;
        if (!result.correct)
            result.reason = stripped(got) == stripped(want) ? fmt::format("only blanks differ from \"{}\"", want) : fmt::format("wanted \"{}\"", want);
        return {};
    }

    Result<void> runProgram(const TaskItem& item, ItemResult& result) const
    {
        if (m_sandbox == nullptr) {
            result.reason = "not run: there is no sandbox";
            return {};
        }
        auto run = m_sandbox->run(fmt::format("{}{}\n{}\ncheck({})\n", item.prompt, result.output, item.test, item.entryPoint), &m_progress);
        if (!run)
            return failure(run);
        result.correct = run->passed;
        result.reason = run->passed ? "" : run->reason;
        return {};
    }

    void finish()
    {
        const auto n = static_cast<double>(m_report.items.size());
        m_report.correct = static_cast<std::size_t>(std::ranges::count_if(m_report.items, &ItemResult::correct));
        m_report.score = static_cast<double>(m_report.correct) / n;
        m_report.standardError = std::sqrt(m_report.score * (1 - m_report.score) / n);
        m_report.ci95 = wilsonInterval(m_report.correct, m_report.items.size());
    }

    const ModelPtr& m_model;
    const TokenizerPtr& m_tokenizer;
    const Task& m_task;
    const EvaluateOptions& m_options;
    const Sandbox* m_sandbox;
    Progress& m_progress;
    const OnItem& m_onItem;
    Generator m_generator;
    Workspace m_space;
    std::optional<KvCache> m_cache;
    EvaluationReport m_report;
};

} // namespace

Result<EvaluationReport> evaluateTask(const ModelPtr& model, const TokenizerPtr& tokenizer, const Task& task, const EvaluateOptions& options,
                                      const Sandbox* sandbox, Progress& progress, const OnItem& onItem)
{
    return Evaluation(model, tokenizer, task, options, sandbox, progress, onItem).run();
}

PairedCounts pairedCounts(const EvaluationReport& a, const EvaluationReport& b)
{
    PairedCounts counts;
    for (std::size_t i = 0; i < std::min(a.items.size(), b.items.size()); ++i) {
        const bool left = a.items[i].correct, right = b.items[i].correct;
        ++(left && right ? counts.both : left ? counts.onlyA : right ? counts.onlyB : counts.neither);
    }
    return counts;
}

} // namespace wb
