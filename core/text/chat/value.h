// A value of a template: Python's, as far as templates use them. Immutable but for namespaces. Private to core/text.
#pragma once

#include "core/base/json.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace wb::chat {

class Value;
struct Scope;
struct Statement;

struct ListData {
    std::vector<Value> items;
    bool tuple = false;
    std::size_t depth = 1, weight = 1;
};
struct MapData {
    std::vector<std::pair<std::string, Value>> members; // in their order
    bool loop = false;                                  // the variable of a for
    std::size_t depth = 1, weight = 1;

    [[nodiscard]] const Value* find(std::string_view name) const;
};
struct NamespaceData;
struct FunctionData;

struct TextData {
    std::string text;
    bool markup = false; // went through "safe": what is added to it is escaped, as Python's Markup does
};

// How JSON is written: on one line, or each part on its own with `indent` for each level.
struct JsonForm {
    std::optional<std::string> indent = {};
    bool sorted = false, ascii = false;
    std::string between = ", ", behindKey = ": ";
};

struct Undefined {
    std::shared_ptr<const std::string> name;         // null: it has none
    const char* what = CORE_TEXT("reasons", "a value"); // in place of a name
};
struct None {};

class Value {
public:
    static constexpr std::size_t deepest = 64; // lists in lists

    Value() = default; // undefined
    static Value undefined(const std::string& name);
    static Value unnamed(const char* what) { return Value(Data(Undefined{nullptr, what})); } // undefined too; marked with CORE_TEXT
    static Value none() { return Value(Data(None{})); }
    static Value boolean(bool value) { return Value(Data(value)); }
    static Value integer(std::int64_t value) { return Value(Data(value)); }
    static Value real(double value) { return Value(Data(value)); }
    static Value text(std::string value, bool markup = false) { return Value(Data(std::make_shared<const TextData>(TextData{std::move(value), markup}))); }
    static Value list(std::vector<Value> items, bool tuple = false);
    static Value map(std::vector<std::pair<std::string, Value>> members, bool loop = false); // the last of equal names counts
    static Value space(std::vector<std::pair<std::string, Value>> members);
    static Value function(FunctionData data);
    static Value of(const Json& json);

    [[nodiscard]] bool isUndefined() const { return holds<Undefined>(); }
    [[nodiscard]] bool isNone() const { return holds<None>(); }
    [[nodiscard]] bool isBoolean() const { return holds<bool>(); }
    [[nodiscard]] bool isInteger() const { return holds<std::int64_t>(); } // not of a truth value
    [[nodiscard]] bool isReal() const { return holds<double>(); }
    [[nodiscard]] bool isNumber() const { return isBoolean() || isInteger() || isReal(); } // as Python counts them
    [[nodiscard]] bool isText() const { return holds<TextPtr>(); }
    [[nodiscard]] bool isList() const { return holds<ListPtr>(); }
    [[nodiscard]] bool isMap() const { return holds<MapPtr>(); }
    [[nodiscard]] bool isNamespace() const { return holds<NamespacePtr>(); }
    [[nodiscard]] bool isFunction() const { return holds<FunctionPtr>(); }

    [[nodiscard]] Sentence name() const; // of something undefined
    [[nodiscard]] std::int64_t integer() const { return isBoolean() ? (std::get<bool>(m_data) ? 1 : 0) : std::get<std::int64_t>(m_data); }
    [[nodiscard]] double real() const { return isReal() ? std::get<double>(m_data) : static_cast<double>(integer()); }
    [[nodiscard]] const std::string& text() const { return std::get<TextPtr>(m_data)->text; }
    [[nodiscard]] bool isMarkup() const { return isText() && std::get<TextPtr>(m_data)->markup; }
    [[nodiscard]] const std::vector<Value>& items() const { return std::get<ListPtr>(m_data)->items; }
    [[nodiscard]] bool isTuple() const { return isList() && std::get<ListPtr>(m_data)->tuple; }
    [[nodiscard]] const MapData& map() const { return *std::get<MapPtr>(m_data); }
    [[nodiscard]] NamespaceData& space() const { return *std::get<NamespacePtr>(m_data); }
    [[nodiscard]] const FunctionData& function() const { return *std::get<FunctionPtr>(m_data); }

    [[nodiscard]] bool truth() const;
    [[nodiscard]] Sentence typeName() const; // for people
    // How much work it is to go through it all (1 and one per 16 bytes of text; saturates), and how deep its lists are.
    [[nodiscard]] std::size_t weight() const;
    [[nodiscard]] std::size_t depth() const;

    [[nodiscard]] std::string shown() const;          // Python's str()
    [[nodiscard]] std::string represented() const;    // Python's repr()
    // Python's json.dumps. False for what JSON has no form for.
    [[nodiscard]] bool appendJson(std::string& out, const JsonForm& form, std::size_t level = 0) const;

    // As the key of a mapping: a text is itself; a whole number, a truth value and None stand behind a byte that no text has. None of the rest.
    [[nodiscard]] std::optional<std::string> asKey() const;
    static Value ofKey(const std::string& key);

    [[nodiscard]] bool operator==(const Value& other) const;
    // -1, 0, 1; two numbers, texts or lists. False when they cannot be ordered.
    [[nodiscard]] bool compare(const Value& other, int& order) const;

private:
    using TextPtr = std::shared_ptr<const TextData>;
    using ListPtr = std::shared_ptr<const ListData>;
    using MapPtr = std::shared_ptr<const MapData>;
    using NamespacePtr = std::shared_ptr<NamespaceData>;
    using FunctionPtr = std::shared_ptr<const FunctionData>;
    using Data = std::variant<Undefined, None, bool, std::int64_t, double, TextPtr, ListPtr, MapPtr, NamespacePtr, FunctionPtr>;

    explicit Value(Data data) : m_data(std::move(data)) {}
    [[nodiscard]] bool appendParts(std::string& out, const JsonForm& form, std::size_t level) const;
    template <typename T>
    [[nodiscard]] bool holds() const { return std::holds_alternative<T>(m_data); }

    Data m_data;
};

struct NamespaceData {
    std::vector<std::pair<std::string, Value>> members; // never a namespace: nothing can hold itself
};
// A macro, a function every template has, or a method of `self`.
struct FunctionData {
    std::string name;
    const Statement* macro = nullptr;
    Scope* scope = nullptr; // where the macro stands
    Value self;
};

} // namespace wb::chat
