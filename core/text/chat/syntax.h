// What a template says, as a tree. Private to core/text.
#pragma once

#include "core/text/chat/lexer.h"
#include "core/text/chat/value.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wb::chat {

struct Expression;
using ExpressionPtr = std::unique_ptr<const Expression>;

struct Expression {
    enum class Kind : std::uint8_t {
        Literal, // value
        Name,    // text
        List, Tuple, // parts
        Map,         // parts: key, value, key, value, …
        Attribute,   // parts[0] . text
        Index,       // parts[0] [ parts[1] ]
        Slice,       // parts[0] [ parts[1] : parts[2] : parts[3] ], the last three may be null
        Call,        // parts[0] ( parts[1 …], named )
        Filter, Test, // parts[0], text, parts[1 …], named
        Not, Negative, Positive, And, Or,
        Compare,   // parts, operators between them
        Arithmetic, // parts[0] text parts[1]
        Condition,  // parts[0] if parts[1] else parts[2], which may be null
    };
    Kind kind = Kind::Literal;
    std::size_t line = 1;
    std::size_t depth = 1;
    std::string text;
    Value value;
    std::vector<ExpressionPtr> parts;
    std::vector<std::pair<std::string, ExpressionPtr>> named;
    std::vector<std::string> operators;
};

inline constexpr const char* blockTextName = "(block)"; // the variable that the filters of a SetBlock begin with

struct Statement;
using Body = std::vector<std::unique_ptr<const Statement>>;

struct Statement {
    enum class Kind : std::uint8_t {
        Text,     // text
        Output,   // value
        If,       // branches; a null condition is else
        For,      // names in value, condition (may be null), body, otherwise
        Set,      // names or owner.text = value
        SetBlock, // names[0] = body, through the filters of `value` (may be null)
        Macro,    // text (names = defaults)
        Block,    // body in a scope of its own
        Break, Continue,
    };
    struct Branch {
        ExpressionPtr condition;
        Body body;
    };
    Kind kind = Kind::Text;
    std::size_t line = 1;
    std::string text, owner;
    std::vector<std::string> names;
    std::vector<ExpressionPtr> defaults; // of the last names
    ExpressionPtr value, condition;
    std::vector<Branch> branches;
    Body body, otherwise;
};

// Refuses by name what is not done here: other statements. Other filters and tests are refused where they are reached.
[[nodiscard]] Body parseTemplate(std::string_view source, Problem& problem);

} // namespace wb::chat
