// A comparison of two scorings for people: a sentence, a table, a page.
#pragma once

#include "core/eval/evaluate.h"

#include <string>
#include <utility>
#include <vector>

namespace wb {

struct ReportSide {
    std::string name;   // "original", "patched", the name of a file
    double score = 0;
    Interval ci95;
    std::size_t correct = 0;
};

struct ReportItem {
    std::string id, prompt;
    std::vector<std::vector<Answer>> answers; // of each side
};

// Of one side or of two.
struct ResultReport {
    std::string title;
    std::vector<std::pair<std::string, std::string>> settings; // what was done, for the head
    std::vector<ReportSide> sides;
    std::vector<std::string> sentences; // what it means, the most important first
    std::vector<ReportItem> items;
};

// "patched solves 12 more of 164, 3 fewer; p = 0.035; A/A floor 0"
[[nodiscard]] std::string verdictWords(const PairedComparison& paired, const std::string& name, std::optional<std::size_t> floor);
// What the numbers cannot say; "" when there are items enough.
[[nodiscard]] std::string cautionWords(const PairedComparison& paired, std::optional<std::size_t> floor);

[[nodiscard]] ReportSide reportSide(const std::string& name, const EvaluationReport& report);
// Items of one or two scorings of a task; `b` may be null.
[[nodiscard]] std::vector<ReportItem> reportItems(const Task& task, const EvaluationReport& a, const EvaluationReport* b);

// One line an item: id, right on either side, what it means, outputs, reasons (RFC 4180).
[[nodiscard]] std::string toCsv(const ResultReport& report);
// One page that needs nothing else: no script, no font, no network.
[[nodiscard]] std::string toHtml(const ResultReport& report);

} // namespace wb
