// What every template can use: filters, tests, functions, and the methods of texts, lists and mappings. Where the reference
// changes a list it refuses, and so do these. Private to core/text.
#pragma once

#include "core/text/chat/machine.h"

namespace wb::chat {

struct Arguments {
    std::vector<Value> values;
    std::vector<std::pair<std::string, Value>> named;

    // The one at that place or of that name; null without.
    [[nodiscard]] const Value* find(std::size_t place, std::string_view name) const;
    [[nodiscard]] bool isSet(std::size_t place, std::string_view name) const;
    // A text or a number that is given; otherwise `other`.
    [[nodiscard]] std::string text(std::size_t place, std::string_view name, const std::string& other) const;
    [[nodiscard]] std::int64_t number(std::size_t place, std::string_view name, std::int64_t other) const;
};

[[nodiscard]] bool isFilter(std::string_view name);
[[nodiscard]] bool isTest(std::string_view name);
[[nodiscard]] bool isFunction(std::string_view name);
[[nodiscard]] bool hasMethod(const Value& self, std::string_view name);

[[nodiscard]] Value applyFilter(Machine& machine, std::string_view name, const Value& value, const Arguments& arguments);
[[nodiscard]] bool applyTest(Machine& machine, std::string_view name, const Value& value, const Arguments& arguments);
[[nodiscard]] Value callFunction(Machine& machine, std::string_view name, const Arguments& arguments);
// Python's text % values, and text.format(values).
[[nodiscard]] Value formatPercents(Machine& machine, const std::string& text, const Arguments& arguments);
[[nodiscard]] Value formatBraces(Machine& machine, const std::string& text, const Arguments& arguments);
[[nodiscard]] Value callMethod(Machine& machine, const Value& self, std::string_view name, const Arguments& arguments);

// value.name and value[key]; undefined when there is none.
[[nodiscard]] Value attributeOf(Machine& machine, const Value& value, const std::string& name);
[[nodiscard]] Value elementOf(Machine& machine, const Value& value, const Value& key);
// What a loop goes through: items, keys, characters. Nothing undefined has any; a problem for what has none.
[[nodiscard]] std::vector<Value> elementsOf(Machine& machine, const Value& value);
[[nodiscard]] bool contains(Machine& machine, const Value& whole, const Value& part);
[[nodiscard]] bool equal(Machine& machine, const Value& a, const Value& b);

} // namespace wb::chat
