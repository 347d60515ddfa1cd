// WordPiece: the longest piece that a word begins with, then the longest of the rest. And WordLevel, where a word is one.
#pragma once

#include "core/text/parts.h"

namespace wb {

class WordPiece final : public TextModel {
public:
    // A word of more characters than `longestWord`, or one that cannot be cut, is `unknown` as a whole. `first`
    // and `prefix` stand before the pieces at the begin and inside of a word. `vocabulary` must outlive the model.
    WordPiece(const Vocabulary& vocabulary, std::optional<TokenId> unknown, std::string first, std::string prefix,
              std::uint64_t longestWord);
    bool tokenize(const TextView& word, Encoding& out) const override;

private:
    const Vocabulary& m_vocabulary;
    std::optional<TokenId> m_unknown;
    std::string m_first, m_prefix;
    std::uint64_t m_longestWord;
};

class WordLevel final : public TextModel {
public:
    WordLevel(const Vocabulary& vocabulary, std::optional<TokenId> unknown) : m_vocabulary(vocabulary), m_unknown(unknown) {}
    bool tokenize(const TextView& word, Encoding& out) const override;

private:
    const Vocabulary& m_vocabulary;
    std::optional<TokenId> m_unknown;
};

} // namespace wb
