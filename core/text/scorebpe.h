// SentencePiece's BPE as GGUF stores it: no list of merges, two neighbours merge when their join is a piece, the highest
// score first.
#pragma once

#include "core/text/parts.h"

#include <array>

namespace wb {

class ScoreBpe final : public TextModel {
public:
    // `scores` by id. A character that is no piece becomes its bytes <0xXX>, or `unknown` where these are missing; without `bytes` neighbouring ones
    // become one `unknown`. `vocabulary` must outlive the model.
    ScoreBpe(const Vocabulary& vocabulary, std::vector<double> scores, std::optional<TokenId> unknown, bool bytes = true);
    bool tokenize(const TextView& word, Encoding& out) const override;

private:
    bool put(const TextView& word, std::uint32_t begin, std::uint32_t end, Encoding& out) const;

    const Vocabulary& m_vocabulary;
    std::vector<double> m_scores;
    std::optional<TokenId> m_unknown;
    bool m_asBytes;
    std::array<std::optional<TokenId>, 256> m_bytes;
};

} // namespace wb
