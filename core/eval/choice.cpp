#include "core/eval/choice.h"

#include <algorithm>

namespace wb {
namespace {

constexpr std::size_t shortTokens = 16;  // forward() gives sequences up to here the same bits alone and in company
constexpr std::size_t togetherMost = 8;  // choices whose caches stand beside each other
constexpr std::size_t logitRows = 16;    // at once

struct Split {
    std::vector<TokenId> ids;
    std::size_t prompt = 0; // tokens of it
};

Result<Split> splitAt(const Tokenizer& tokenizer, const ItemPrompt& prompt, const std::string& choice)
{
    auto encoded = prompt.encode(tokenizer, choice);
    if (!encoded)
        return failure(encoded);
    Split out{std::move(encoded->ids), 0};
    // The template's tokens have empty ranges; those before the text belong to the prompt.
    while (out.prompt < out.ids.size() && encoded->ranges[out.prompt].end <= prompt.text.size())
        ++out.prompt;
    return out;
}

class ChoiceScorer {
public:
    // `longest`: tokens that are read of the longest text; all are read as if they were so long, since what they share is read once.
    ChoiceScorer(const Model& model, Precision precision, KvCache& cache, Workspace& space, Progress& progress, BoundaryStates* boundary, std::size_t longest)
        : m_model(model), m_precision(precision), m_cache(cache), m_space(space), m_progress(progress), m_boundary(boundary), m_longest(longest), m_shared(model.config().vocabulary)
    {
    }

    // Reads the shared tokens but the last, then keeps the logits after the last.
    Result<void> readShared(std::span<const TokenId> shared)
    {
        const std::size_t kept = m_cache.keepPrefix(shared.first(shared.size() - 1), m_longest);
        return read(shared.subspan(kept), [&](std::size_t first, std::span<float> hidden) {
            if (kept + first + hidden.size() / m_model.config().width == shared.size())
                computeLogits(m_model, hidden.last(m_model.config().width), m_precision, Product::RowByRow, m_shared);
        });
    }

    // Log-likelihoods of each choice's tokens after what stands before; what all share has been read. Short ones are read together.
    Result<std::vector<double>> scoreAll(std::span<const Split> splits, std::size_t shared)
    {
        std::vector<double> totals(splits.size());
        std::vector<std::size_t> together;
        for (std::size_t i = 0; i < splits.size(); ++i) {
            const auto& [ids, from] = splits[i];
            if (from <= shared && shared < ids.size())
                totals[i] = logprob(m_shared.data(), ids[shared]);
            if (shared + 1 >= ids.size())
                continue;
            if (m_boundary == nullptr && ids.size() - 1 - shared <= shortTokens) {
                together.push_back(i);
                continue;
            }
            if (auto done = readAlone(splits[i], shared, totals[i]); !done)
                return failure(done);
        }
        for (std::size_t first = 0; first < together.size(); first += togetherMost)
            if (auto done = readTogether(splits, std::span(together).subspan(first, std::min(togetherMost, together.size() - first)), shared, totals); !done)
                return failure(done);
        return totals;
    }

private:
    struct Wanted {
        std::size_t row; // of hidden states
        TokenId next;
        double* total;
    };

    static std::span<const TokenId> restOf(const Split& split, std::size_t shared) { return std::span(split.ids).subspan(shared, split.ids.size() - 1 - shared); }

    // The rows of hidden states, the first of which is `row`, whose next token counts; token `first` of the rest stands in it.
    static void want(const Split& split, std::size_t shared, std::size_t first, std::size_t row, std::size_t rows, double& total, std::vector<Wanted>& out)
    {
        for (std::size_t i = 0; i < rows; ++i)
            if (const std::size_t next = shared + first + i + 1; next >= split.prompt)
                out.push_back({row + i, split.ids[next], &total});
    }

    Result<void> readAlone(const Split& split, std::size_t shared, double& total)
    {
        auto done = read(restOf(split, shared), [&](std::size_t first, std::span<float> hidden) {
            std::vector<Wanted> wanted;
            want(split, shared, first, 0, hidden.size() / m_model.config().width, total, wanted);
            addLogprobs(hidden, wanted);
        });
        const auto before = std::span(split.ids).first(shared);
        if (done && m_cache.keepPrefix(before, m_longest) < shared) // a window has lost what comes before a long choice
            return readShared(before);
        return done;
    }

    Result<void> readTogether(std::span<const Split> splits, std::span<const std::size_t> which, std::size_t shared, std::vector<double>& totals)
    {
        std::vector<KvCache> caches(which.size(), m_cache);
        std::vector<Sequence> sequences;
        std::vector<Wanted> wanted;
        std::size_t row = 0;
        for (std::size_t i = 0; i < which.size(); ++i) {
            const auto rest = restOf(splits[which[i]], shared);
            sequences.push_back({&caches[i], rest, m_longest});
            want(splits[which[i]], shared, 0, row, rest.size(), totals[which[i]], wanted);
            row += rest.size();
        }
        auto hidden = forward(m_model, sequences, {m_precision, {}}, m_space, &m_progress);
        if (!hidden)
            return failure(hidden);
        addLogprobs(*hidden, wanted);
        return {};
    }

    void addLogprobs(std::span<const float> hidden, std::span<const Wanted> wanted)
    {
        const std::size_t width = m_model.config().width, vocabulary = m_model.config().vocabulary;
        std::vector<float> states;
        for (std::size_t first = 0; first < wanted.size(); first += logitRows) {
            const auto some = wanted.subspan(first, std::min(logitRows, wanted.size() - first));
            states.clear();
            for (const Wanted& one : some)
                states.insert(states.end(), hidden.begin() + static_cast<std::ptrdiff_t>(one.row * width), hidden.begin() + static_cast<std::ptrdiff_t>((one.row + 1) * width));
            m_logits.resize(std::max(m_logits.size(), some.size() * vocabulary));
            computeLogits(m_model, states, m_precision, Product::RowByRow, std::span(m_logits).first(some.size() * vocabulary));
            for (std::size_t i = 0; i < some.size(); ++i)
                *some[i].total += logprob(m_logits.data() + i * vocabulary, some[i].next);
        }
    }

    Result<void> read(std::span<const TokenId> ids, const std::function<void(std::size_t, std::span<float>)>& each)
    {
        ForwardOptions options{m_precision, {}};
        options.finalLength = m_longest;
        return forwardInSteps(m_model, m_cache, ids, options, m_space, m_progress, each, m_boundary);
    }

    [[nodiscard]] double logprob(const float* logits, TokenId id) const
    {
        return static_cast<double>(logits[id]) - kernels::logSumExp(logits, m_model.config().vocabulary);
    }

    const Model& m_model;
    Precision m_precision;
    KvCache& m_cache;
    Workspace& m_space;
    Progress& m_progress;
    BoundaryStates* m_boundary;
    std::size_t m_longest;
    std::vector<float> m_logits, m_shared;
};

} // namespace

Result<std::vector<ChoiceScore>> scoreChoices(const Model& model, const Tokenizer& tokenizer, const ItemPrompt& prompt,
                                              const std::vector<std::string>& choices, Precision precision, KvCache& cache, Workspace& space,
                                              Progress& progress, BoundaryStates* boundary)
{
    std::vector<Split> splits;
    for (const std::string& choice : choices) {
        auto split = splitAt(tokenizer, prompt, choice);
        if (!split)
            return failure(split);
        if (split->prompt == 0 || split->prompt == split->ids.size())
            return fail(ErrorCode::TaskInvalid, "", split->prompt == 0 ? said(CORE_TEXT("reasons", "the prompt holds no whole token")) : said(CORE_TEXT("reasons", "the choice \"%1\" holds no token"), choice));
        splits.push_back(std::move(*split));
    }
    std::size_t shared = splits[0].prompt;
    for (const Split& split : splits)
        shared = std::min({shared, split.prompt, static_cast<std::size_t>(std::ranges::mismatch(splits[0].ids, split.ids).in1 - splits[0].ids.begin())});
    if (shared == 0)
        return fail(ErrorCode::TaskInvalid, "", said(CORE_TEXT("reasons", "the choices share no token with each other")));
    const std::size_t longest = std::ranges::max_element(splits, {}, [](const Split& split) { return split.ids.size(); })->ids.size() - 1;
    ChoiceScorer scorer(model, precision, cache, space, progress, boundary, longest);
    if (auto done = scorer.readShared(std::span(splits[0].ids).first(shared)); !done)
        return failure(done);
    const auto totals = scorer.scoreAll(splits, shared);
    if (!totals)
        return failure(totals);
    std::vector<ChoiceScore> scores;
    for (std::size_t i = 0; i < splits.size(); ++i)
        scores.push_back({(*totals)[i], splits[i].ids.size() - splits[i].prompt, choices[i].size()});
    return scores;
}

} // namespace wb
