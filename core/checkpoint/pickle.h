// A Python pickle read without executing it: every opcode only builds nodes of our own. What a pickle would import or call stands there as
// a symbol and a record of the call; nothing is looked up, imported or run. Opcodes are those of torch's restricted unpickler and what
// protocol 4 adds for the same values; any other is refused by name and place.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace wb {

class Pickle {
public:
    using Ref = std::uint32_t; // of a node
    enum class Kind : std::uint8_t {
        None, Bool, Int, Float, Text, Bytes, Tuple, List, Set,
        Dict,       // items: key, value, key, value, …; an OrderedDict too
        Symbol,     // text: module, second: name
        Call,       // items: callable, arguments — of REDUCE and NEWOBJ
        Persistent, // items: its id
    };
    struct Node {
        Kind kind = Kind::None;
        std::int64_t integer = 0; // of Int and Bool
        double number = 0;
        std::string_view text, second; // into the bytes that were read
        std::vector<Ref> items;
    };

    // Reads one pickle from the start of `bytes`, which must outlive it. HeaderInvalid names the opcode and its offset; at most 20 million
    // opcodes, 5 million nodes, texts of 1 MiB.
    [[nodiscard]] static Result<Pickle> read(std::span<const std::byte> bytes, const std::string& where);

    [[nodiscard]] const Node& at(Ref node) const { return m_nodes[node]; }
    [[nodiscard]] const Node& root() const { return m_nodes[m_root]; }
    [[nodiscard]] std::uint32_t nodeCount() const { return static_cast<std::uint32_t>(m_nodes.size()); }
    [[nodiscard]] std::size_t length() const { return m_length; } // bytes read
    // Whether the node is this symbol.
    [[nodiscard]] bool isSymbol(Ref node, std::string_view module, std::string_view name) const;

private:
    friend class PickleReader;
    std::vector<Node> m_nodes;
    Ref m_root = 0;
    std::size_t m_length = 0;
};

} // namespace wb
