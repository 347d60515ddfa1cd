// Results that other programs wrote, item by item, for the same paired comparison as ours:
//   lm-evaluation-harness  samples_*.jsonl: "doc_id", "resps", "filtered_resps", "filter", and one key a metric
//   HumanEval's harness    *_results.jsonl: "task_id", "completion", "result", "passed"; several lines of a task are its samples
//   Tensor Slayer          "task_id", "completion", "passed", "result_status"
//   wb evaluate            "id", "correct", "output", "reason": of -o, or a file of a --resume folder
#pragma once

#include "core/eval/evaluate.h"

#include <filesystem>
#include <string_view>

namespace wb {

struct ImportOptions {
    std::string metric; // of lm-evaluation-harness: "exact_match", "acc_norm", …; "": the first that it names
    std::string filter; // likewise: "strict-match", …; "": the first
};

struct ImportedResults {
    std::string name;   // of the file, without its ending
    std::string origin; // "lm-evaluation-harness", "HumanEval", "wb"
    std::string metric, filter;
    std::string precision; // of wb's own, where the file says it
    struct Item {
        std::string id;
        std::string question; // hash of what was asked, where the file says it: items of unlike questions are not paired
        std::vector<Answer> answers;
        [[nodiscard]] Outcome outcome() const;
    };
    std::vector<Item> items; // in the order of the file
};

// BadArgument names the line and what is wrong with it: no such format, a metric that is not 0 or 1, an item twice.
[[nodiscard]] Result<ImportedResults> importResults(const std::filesystem::path& path, const ImportOptions& options = {});
[[nodiscard]] Result<ImportedResults> readResults(std::string_view text, const std::string& name, const std::string& where, const ImportOptions& options);

// Two results brought together by id.
struct MatchedResults {
    std::vector<std::pair<std::size_t, std::size_t>> pairs; // places in a and b, in the order of a
    std::size_t onlyInA = 0, onlyInB = 0;                   // items that the other does not have: they do not count
};
// BadArgument when there is no common item, when a common one asked something else on the other side, or when the two were
// scored by unlike metrics or precisions.
[[nodiscard]] Result<MatchedResults> matchResults(const ImportedResults& a, const ImportedResults& b);
[[nodiscard]] PairedComparison compareMatched(const ImportedResults& a, const ImportedResults& b, const MatchedResults& matched, std::uint64_t seed);

} // namespace wb
