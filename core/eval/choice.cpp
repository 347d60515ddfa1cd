#include "core/eval/choice.h"

#include <algorithm>

namespace wb {
namespace {

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
    ChoiceScorer(const Model& model, Precision precision, KvCache& cache, Workspace& space, Progress& progress, BoundaryStates* boundary)
        : m_model(model), m_precision(precision), m_cache(cache), m_space(space), m_progress(progress), m_boundary(boundary), m_logits(model.config().vocabulary)
    {
    }

    // Reads the shared tokens but the last, then keeps the logits after the last.
    Result<void> readShared(std::span<const TokenId> shared)
    {
        const std::size_t kept = m_cache.keepPrefix(shared.first(shared.size() - 1));
        return read(shared.subspan(kept), [&](std::size_t first, std::span<float> hidden) {
            if (kept + first + hidden.size() / m_model.config().width == shared.size())
                m_shared = logitsOf(hidden.last(m_model.config().width));
        });
    }

    // Log-likelihood of ids[from …) after what stands before; the shared tokens are ids[0 … shared).
    Result<double> score(std::span<const TokenId> ids, std::size_t shared, std::size_t from)
    {
        double total = from <= shared && shared < ids.size() ? logprob(m_shared, ids[shared]) : 0;
        if (shared + 1 >= ids.size())
            return total;
        const auto rest = ids.subspan(shared, ids.size() - 1 - shared);
        auto done = read(rest, [&](std::size_t first, std::span<float> hidden) {
            const std::size_t width = m_model.config().width;
            for (std::size_t row = 0; row < hidden.size() / width; ++row)
                if (const std::size_t next = shared + first + row + 1; next >= from && next < ids.size())
                    total += logprob(logitsOf(hidden.subspan(row * width, width)), ids[next]);
        });
        if (!done)
            return failure(done);
        m_cache.keepPrefix(ids.first(shared));
        return total;
    }

private:
    Result<void> read(std::span<const TokenId> ids, const std::function<void(std::size_t, std::span<float>)>& each)
    {
        return forwardInSteps(m_model, m_cache, ids, {m_precision, {}}, m_space, m_progress, each, m_boundary);
    }

    std::vector<float> logitsOf(std::span<const float> hidden)
    {
        computeLogits(m_model, hidden, m_precision, Product::RowByRow, m_logits);
        return m_logits;
    }

    static double logprob(const std::vector<float>& logits, TokenId id)
    {
        return static_cast<double>(logits[id]) - kernels::logSumExp(logits.data(), logits.size());
    }

    const Model& m_model;
    Precision m_precision;
    KvCache& m_cache;
    Workspace& m_space;
    Progress& m_progress;
    BoundaryStates* m_boundary;
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
            return fail(ErrorCode::TaskInvalid, "", split->prompt == 0 ? "the prompt holds no whole token" : "the choice \"" + choice + "\" holds no token");
        splits.push_back(std::move(*split));
    }
    std::size_t shared = splits[0].prompt;
    for (const Split& split : splits)
        shared = std::min({shared, split.prompt, static_cast<std::size_t>(std::ranges::mismatch(splits[0].ids, split.ids).in1 - splits[0].ids.begin())});
    if (shared == 0)
        return fail(ErrorCode::TaskInvalid, "", "the choices share no token with each other");
    ChoiceScorer scorer(model, precision, cache, space, progress, boundary);
    if (auto done = scorer.readShared(std::span(splits[0].ids).first(shared)); !done)
        return failure(done);
    std::vector<ChoiceScore> scores;
    for (std::size_t i = 0; i < splits.size(); ++i) {
        auto total = scorer.score(splits[i].ids, shared, splits[i].prompt);
        if (!total)
            return failure(total);
        scores.push_back({*total, splits[i].ids.size() - splits[i].prompt, choices[i].size()});
    }
    return scores;
}

} // namespace wb
