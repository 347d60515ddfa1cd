// Unigram: the cut of a word whose pieces have the highest sum of scores.
#pragma once

#include "core/text/parts.h"
#include "core/text/prefixtrie.h"

#include <array>

namespace wb {

class Unigram final : public TextModel {
public:
    // `scores` by id, finite. A character that is no piece costs the lowest score less `penalty` and is `unknown`;
    // neighbouring ones are one. `vocabulary` must outlive the model.
    Unigram(const Vocabulary& vocabulary, std::vector<double> scores, std::optional<TokenId> unknown, bool byteFallback);
    bool tokenize(const TextView& word, Encoding& out) const override;

private:
    bool put(const TextView& word, std::size_t begin, std::size_t end, Encoding& out) const;

    static constexpr double penalty = 10;
    const Vocabulary& m_vocabulary;
    std::vector<double> m_scores;
    double m_unknownScore = 0;
    std::optional<TokenId> m_unknown;
    PrefixTrie m_pieces;
    std::optional<std::array<TokenId, 256>> m_bytes; // <0xXX>
};

} // namespace wb
