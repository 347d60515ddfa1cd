// A comparison of two scorings for people: a sentence, a table, a page.
#pragma once

#include "core/eval/control.h"
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

// What an evaluation found, for a report. Nothing is owned.
struct Scoring {
    const Task& task;
    const EvaluateOptions& options;
    std::string checkpoint;                     // for the title
    std::vector<std::string> names;             // of the sides
    const EvaluationReport* a = nullptr;
    const EvaluationReport* b = nullptr;        // may be null
    std::optional<std::size_t> floor;           // flippedItems of a scored again
    const Control* control = nullptr;           // with its scores
    const EvaluationReport* controlScore = nullptr;
    std::vector<std::pair<std::string, std::string>> more; // settings beside those of the options: recipes
};
[[nodiscard]] ResultReport makeReport(const Scoring& scoring);
// Its sentences alone.
[[nodiscard]] std::vector<std::string> reportSentences(const Scoring& scoring);

// "patched solves 12 more of 164, 3 fewer; p = 0.035; A/A floor 0"
[[nodiscard]] std::string verdictWords(const PairedComparison& paired, const std::string& name, std::optional<std::size_t> floor);
// What the numbers cannot say; "" when there are items enough.
[[nodiscard]] std::string cautionWords(const PairedComparison& paired, std::optional<std::size_t> floor);


// One line an item: id, right on either side, what it means, outputs, reasons (RFC 4180).
[[nodiscard]] std::string toCsv(const ResultReport& report);
// One page that needs nothing else: no script, no font, no network.
[[nodiscard]] std::string toHtml(const ResultReport& report);

} // namespace wb
