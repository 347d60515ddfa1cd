// What a model is asked: items of one kind, read from JSON lines.
//   {"id","prompt","answer","stop"}               the text that follows must equal the answer
//   {"id","prompt","choices","answer"}            the likeliest choice must be number `answer`
//   {"task_id","prompt","entry_point","test",…}   HumanEval: the program must pass its test
//   {"question","answer"}                         GSM8K: the last number must be the one after "####"
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wb {

enum class TaskKind : std::uint8_t { Exact, Choice, Code, Number };
[[nodiscard]] const char* taskKindName(TaskKind kind); // "exact", …

struct TaskItem {
    std::string id;
    std::string prompt;
    std::string answer;              // Exact, Number
    std::vector<std::string> stop;
    std::vector<std::string> choices; // Choice
    std::size_t choice = 0;           // the right one
    std::string entryPoint, test;    // Code
    std::string solution;            // Code: one that passes; Number: how the answer is found. May be empty
};

struct Task {
    std::string name; // of the file, without its ending
    TaskKind kind = TaskKind::Exact;
    bool strip = false; // blanks around an answer do not count
    std::vector<TaskItem> items;
    std::string sha256; // of the text it was read from
};

// TaskInvalid names the line; items of different kinds in one file, an answer that is no choice, two items with one id.
[[nodiscard]] Result<Task> loadTask(const std::filesystem::path& path);
[[nodiscard]] Result<Task> readTask(std::string_view text, const std::string& name, const std::string& where);

// A seeded choice of `count` items in the order of the file; all of them when there are no more. The same for every model.
[[nodiscard]] std::vector<std::size_t> sampleItems(std::size_t items, std::size_t count, std::uint64_t seed);

// Of a text: the last number, without thousands separators ("1,234.50" → "1234.5"); "" when there is none.
[[nodiscard]] std::string lastNumber(const std::string& text);
// Of an answer: the first number after "####", as GSM8K's own answers put it; the last number without the mark.
[[nodiscard]] std::string answerNumber(const std::string& text);

} // namespace wb
