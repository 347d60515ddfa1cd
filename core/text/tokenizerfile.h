// tokenizer.json as a stream: the vocabulary and the merges go into tables while they are read, the rest is small and
// becomes a document.
#pragma once

#include "core/base/json.h"
#include "core/text/vocabulary.h"

namespace wb {

// Merges in the order of the file, "left right" each, in one block.
struct MergeList {
    struct Pair {
        std::uint32_t left = 0, right = 0, end = 0; // where its parts begin in `text`, and where it ends
    };
    std::string text;
    std::vector<Pair> pairs;

    void add(std::string_view left, std::string_view right)
    {
        const auto begin = static_cast<std::uint32_t>(text.size());
        text.append(left).append(right);
        pairs.push_back({begin, begin + static_cast<std::uint32_t>(left.size()), static_cast<std::uint32_t>(text.size())});
    }
};

struct TokenizerFile {
    std::shared_ptr<const Json> rest; // all but model.vocab and model.merges
    Vocabulary vocabulary;
    std::vector<double> scores; // by id; of a vocabulary that is a list of pieces and scores
    bool hasScores = false;
    MergeList merges;
};

[[nodiscard]] Result<TokenizerFile> readTokenizerFile(const std::filesystem::path& path);
// The same from memory; `where` names it in errors.
[[nodiscard]] Result<TokenizerFile> readTokenizerText(std::string_view text, const std::string& where);

} // namespace wb
