// What running a template may cost, shared by all that takes part. A template is data from outside: whatever it says, it ends
// soon, and in little memory. Private to core/text.
#pragma once

#include "core/text/chat/problem.h"
#include "core/text/chat/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace wb::chat {

class Machine {
public:
    static constexpr std::size_t mostWork = 2'000'000;      // one each expression, tag, value and 16 bytes of text
    static constexpr std::size_t longestText = 16U << 20;   // bytes
    static constexpr std::size_t deepest = 300;             // expressions, tags and macros in each other, as they run

    explicit Machine(Problem& problem) : m_problem(problem) {}

    // False once it is too much, or something is wrong already.
    bool spend(std::size_t work)
    {
        m_work += std::min(work, mostWork);
        if (m_work > mostWork)
            m_problem.wrong(line, said(CORE_TEXT("reasons", "it takes more than %1 steps"), mostWork));
        return !m_problem.any();
    }
    // Values made in the run, paid for.
    Value made(std::string text)
    {
        if (text.size() > longestText)
            return wrong(said(CORE_TEXT("reasons", "a text of %1 bytes is longer than %2"), text.size(), longestText));
        return spend(1 + text.size() / 16) ? Value::text(std::move(text)) : Value();
    }
    Value made(std::vector<Value> items, bool tuple = false) { return checked(Value::list(std::move(items), tuple)); }
    Value made(std::vector<std::pair<std::string, Value>> members) { return checked(Value::map(std::move(members))); }

    Value wrong(const Sentence& what)
    {
        m_problem.wrong(line, what);
        return {};
    }
    Value unsupported(const Sentence& what)
    {
        m_problem.unsupported(line, what);
        return {};
    }
    [[nodiscard]] bool failed() const { return m_problem.any(); }
    [[nodiscard]] Problem& problem() { return m_problem; }

    std::size_t line = 1; // of what runs now

private:
    Value checked(Value value)
    {
        if (value.depth() > Value::deepest)
            return wrong(said(CORE_TEXT("reasons", "lists lie deeper than %1 in each other"), Value::deepest));
        const std::size_t parts = value.isList() ? value.items().size() : value.map().members.size();
        return spend(1 + parts) ? value : Value();
    }

    Problem& m_problem;
    std::size_t m_work = 0;
};

} // namespace wb::chat
