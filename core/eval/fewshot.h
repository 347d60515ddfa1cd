// Worked examples before the question. The same ones before every item, so that what all prompts share is read once.
#pragma once

#include "core/eval/task.h"

namespace wb {

class FewShot {
public:
    FewShot() = default; // none

    // `count` examples of `from`, chosen by the seed; `from` null: of the task itself, where an item that is an example gets
    // another one in its place. BadArgument when there are too few, are of another kind, or have no answer to show.
    [[nodiscard]] static Result<FewShot> choose(const Task& task, std::size_t count, const Task* from, std::uint64_t seed);

    // What the model reads for an item.
    [[nodiscard]] std::string prompt(const Task& task, std::size_t item) const;
    // "" without examples; else how they are put, for the result.
    [[nodiscard]] const std::string& form() const { return m_form; }
    // For cache keys: all that decides what prompt() gives beside the task.
    [[nodiscard]] std::string identity() const;
    [[nodiscard]] std::size_t count() const { return m_count; }

    struct Example {
        std::size_t item = 0;
        std::string prompt, answer;
        std::string text; // both, and what separates them from the next
    };
    // Those before an item.
    [[nodiscard]] std::vector<const Example*> shown(std::size_t item) const;

private:
    std::vector<Example> m_examples; // one more than shown where they are the task's own
    std::size_t m_count = 0;
    bool m_own = false;
    std::string m_form;
};

} // namespace wb
