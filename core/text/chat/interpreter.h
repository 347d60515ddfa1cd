// Runs a template. Private to core/text.
#pragma once

#include "core/text/chat/builtins.h"
#include "core/text/chat/syntax.h"

#include <deque>

namespace wb::chat {

// Variables of one block; those of a loop begin anew each time.
struct Scope {
    Scope* parent = nullptr;
    std::vector<std::pair<std::string, Value>> names;
    bool kept = false; // a macro stands in it
};

// One rendering: not reused, one thread.
class Interpreter {
public:
    explicit Interpreter(Problem& problem) : m_machine(problem) {}

    // `variables` is a mapping.
    [[nodiscard]] std::string run(const Body& body, const Value& variables);

private:
    enum class Flow : std::uint8_t { On, Break, Continue };

    Flow run(const Body& body, Scope& scope);
    Flow run(const Statement& statement, Scope& scope);
    void put(std::string_view text);
    Flow choose(const Statement& statement, Scope& scope);
    void loop(const Statement& statement, Scope& scope);
    [[nodiscard]] std::vector<Value> loopItems(const Statement& statement, Scope& scope);
    void assign(const Statement& statement, Scope& scope);
    void unpack(const Statement& statement, Scope& scope, const Value& value);
    [[nodiscard]] std::string captured(const Body& body, Scope& scope);
    [[nodiscard]] Value callMacro(const FunctionData& function, const Arguments& arguments);
    void setAttribute(const Statement& statement, Scope& scope, Value value);

    [[nodiscard]] Value eval(const Expression& expression, Scope& scope);
    [[nodiscard]] Value evalParts(const Expression& expression, Scope& scope);
    [[nodiscard]] Value look(const std::string& name, Scope& scope);
    [[nodiscard]] Value call(const Expression& expression, Scope& scope);
    [[nodiscard]] Value compare(const Expression& expression, Scope& scope);
    [[nodiscard]] Value slice(const Expression& expression, Scope& scope);
    [[nodiscard]] Arguments arguments(const Expression& expression, Scope& scope);

    Scope& open(Scope* parent);
    void close(Scope& scope);
    static void set(Scope& scope, const std::string& name, Value value);

    Machine m_machine;
    std::deque<Scope> m_scopes;
    std::string m_out;
    std::size_t m_depth = 0;
};

// a sign b, of + - ~ * / // % **.
[[nodiscard]] Value calculate(Machine& machine, const std::string& sign, const Value& a, const Value& b);

} // namespace wb::chat
