#include "core/checkpoint/pickle.h"

#include "core/base/bytes.h"

#include <fmt/format.h>

#include <bit>
#include <optional>
#include <unordered_map>

namespace wb {
namespace {

constexpr std::uint64_t mostOpcodes = 20'000'000, mostNodes = 5'000'000, mostMemo = 5'000'000, longestText = 1U << 20;

} // namespace

// The machine: a stack of nodes, the places of marks, and the memo.
class PickleReader {
public:
    PickleReader(std::span<const std::byte> bytes, const std::string& where) : m_bytes(bytes), m_where(where) {}

    Result<Pickle> run()
    {
        for (std::uint64_t count = 0; !m_done; ++count) {
            m_start = m_at;
            if (count == mostOpcodes)
                complain(said(CORE_TEXT("reasons", "the pickle has more than %1 opcodes"), mostOpcodes));
            const std::uint8_t opcode = byte();
            if (!m_problem.empty() || !(container(opcode) || constant(opcode) || text(opcode) || memory(opcode) || call(opcode)))
                complain(said(CORE_TEXT("reasons", "opcode 0x%1 is not one of a state dict"), fmt::format("{:02x}", opcode)));
            if (!m_problem.empty())
                return fail(ErrorCode::HeaderInvalid, m_where, said(CORE_TEXT("reasons", "pickle, byte %1: %2"), m_start, m_problem));
        }
        m_out.m_length = m_at;
        return std::move(m_out);
    }

private:
    using Kind = Pickle::Kind;
    using Ref = Pickle::Ref;

    void complain(Sentence what)
    {
        if (m_problem.empty())
            m_problem = std::move(what);
    }

    std::span<const std::byte> take(std::uint64_t count)
    {
        if (count > m_bytes.size() - m_at) {
            complain(said(CORE_TEXT("reasons", "%1 bytes are wanted and %2 are left"), count, m_bytes.size() - m_at));
            m_at = m_bytes.size();
            return {};
        }
        const auto taken = m_bytes.subspan(m_at, count);
        m_at += count;
        return taken;
    }
    template <typename T>
    T number()
    {
        const auto taken = take(sizeof(T));
        return taken.empty() ? T{} : load<T>(taken.data());
    }
    std::uint8_t byte() { return number<std::uint8_t>(); }

    std::string_view chars(std::uint64_t count)
    {
        if (count > longestText)
            return complain(said(CORE_TEXT("reasons", "a text of %1 bytes is longer than %2"), count, longestText)), std::string_view();
        const auto taken = take(count);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }
    std::string_view line()
    {
        std::size_t length = 0;
        while (length < m_bytes.size() - m_at && m_bytes[m_at + length] != std::byte{'\n'} && length < longestText)
            ++length;
        const auto text = chars(length);
        if (byte() != '\n')
            complain(said(CORE_TEXT("reasons", "a line does not end")));
        return text;
    }

    Ref make(Pickle::Node node)
    {
        if (m_out.m_nodes.size() >= mostNodes) {
            complain(said(CORE_TEXT("reasons", "it builds more than %1 values"), mostNodes));
            return 0;
        }
        m_out.m_nodes.push_back(std::move(node));
        return static_cast<Ref>(m_out.m_nodes.size() - 1);
    }
    void push(Pickle::Node node) { m_stack.push_back(make(std::move(node))); }
    Ref pop()
    {
        const std::size_t floor = m_marks.empty() ? 0 : m_marks.back();
        if (m_stack.size() <= floor || m_out.m_nodes.empty())
            return complain(said(CORE_TEXT("reasons", "the stack is empty"))), 0;
        const Ref top = m_stack.back();
        m_stack.pop_back();
        return top;
    }
    std::vector<Ref> popToMark()
    {
        if (m_marks.empty())
            return complain(said(CORE_TEXT("reasons", "there is no mark"))), std::vector<Ref>();
        const auto first = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<Ref> items(first, m_stack.end());
        m_stack.erase(first, m_stack.end());
        m_marks.pop_back();
        return items;
    }
    std::vector<Ref> popCount(std::size_t count)
    {
        std::vector<Ref> items(count);
        for (std::size_t i = count; i-- > 0;)
            items[i] = pop();
        return items;
    }
    // Adds to the container on top of the stack. What a class would do with items is not known: they are dropped.
    void extend(const std::vector<Ref>& items, Kind kind)
    {
        if (m_stack.empty() || !m_problem.empty())
            return complain(said(CORE_TEXT("reasons", "items without a container")));
        Pickle::Node& container = m_out.m_nodes[m_stack.back()];
        if (kind == Kind::Dict && items.size() % 2 != 0)
            return complain(said(CORE_TEXT("reasons", "a key without a value")));
        if (container.kind == Kind::Call)
            return;
        if (container.kind != kind)
            return complain(said(CORE_TEXT("reasons", "items for what is no container of them")));
        container.items.insert(container.items.end(), items.begin(), items.end());
    }

    bool container(std::uint8_t opcode)
    {
        switch (opcode) {
        case '(': m_marks.push_back(m_stack.size()); return true;
        case '}': push({Kind::Dict}); return true;
        case ']': push({Kind::List}); return true;
        case ')': push({Kind::Tuple}); return true;
        case 0x8f: push({Kind::Set}); return true;
        case 't': push({Kind::Tuple, 0, 0, {}, {}, popToMark()}); return true;
        case 0x85:
        case 0x86:
        case 0x87: push({Kind::Tuple, 0, 0, {}, {}, popCount(opcode - 0x84U)}); return true;
        case 'a': extend(popCount(1), Kind::List); return true;
        case 'e': extend(popToMark(), Kind::List); return true;
        case 's': extend(popCount(2), Kind::Dict); return true;
        case 'u': extend(popToMark(), Kind::Dict); return true;
        default: return false;
        }
    }

    bool constant(std::uint8_t opcode)
    {
        switch (opcode) {
        case 'N': push({Kind::None}); return true;
        case 0x88:
        case 0x89: push({Kind::Bool, opcode == 0x88 ? 1 : 0}); return true;
        case 'J': push({Kind::Int, number<std::int32_t>()}); return true;
        case 'K': push({Kind::Int, byte()}); return true;
        case 'M': push({Kind::Int, number<std::uint16_t>()}); return true;
        case 0x8a: longInteger(byte()); return true;
        case 'G': push({Kind::Float, 0, std::bit_cast<double>(__builtin_bswap64(number<std::uint64_t>()))}); return true;
        default: return false;
        }
    }

    // Two's complement, little-endian; longer ones are kept as their bytes.
    void longInteger(std::uint64_t length)
    {
        const std::string_view digits = chars(length);
        if (digits.size() > 8)
            return push({Kind::Bytes, 0, 0, digits});
        std::uint64_t value = !digits.empty() && (static_cast<unsigned char>(digits.back()) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
        for (std::size_t i = digits.size(); i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(digits[i]);
        push({Kind::Int, static_cast<std::int64_t>(value)});
    }

    bool text(std::uint8_t opcode)
    {
        switch (opcode) {
        case 'X': push({Kind::Text, 0, 0, chars(number<std::uint32_t>())}); return true;
        case 0x8c:
        case 'U': push({Kind::Text, 0, 0, chars(byte())}); return true;
        case 0x8d: push({Kind::Text, 0, 0, chars(number<std::uint64_t>())}); return true;
        case 'B': push({Kind::Bytes, 0, 0, chars(number<std::uint32_t>())}); return true;
        case 'C': push({Kind::Bytes, 0, 0, chars(byte())}); return true;
        case 0x8e: push({Kind::Bytes, 0, 0, chars(number<std::uint64_t>())}); return true;
        default: return false;
        }
    }

    void remember(std::uint32_t key)
    {
        if (m_stack.empty() || m_memo.size() >= mostMemo)
            return complain(said(CORE_TEXT("reasons", "nothing to remember, or too much")));
        m_memo[key] = m_stack.back();
    }
    void recall(std::uint32_t key)
    {
        const auto found = m_memo.find(key);
        if (found == m_memo.end())
            return complain(said(CORE_TEXT("reasons", "there is nothing remembered as %1"), key));
        m_stack.push_back(found->second);
    }

    bool memory(std::uint8_t opcode)
    {
        switch (opcode) {
        case 0x80:
            if (const int protocol = byte(); protocol > 5)
                complain(said(CORE_TEXT("reasons", "protocol %1 is not known"), protocol));
            return true;
        case 0x95: number<std::uint64_t>(); return true; // the length of a frame
        case 'q': remember(byte()); return true;
        case 'r': remember(number<std::uint32_t>()); return true;
        case 0x94: remember(static_cast<std::uint32_t>(m_memo.size())); return true;
        case 'h': recall(byte()); return true;
        case 'j': recall(number<std::uint32_t>()); return true;
        default: return false;
        }
    }

    bool call(std::uint8_t opcode)
    {
        switch (opcode) {
        case 'c': {
            const auto module = line();
            push({Kind::Symbol, 0, 0, module, line()});
            return true;
        }
        case 0x93: {
            const auto names = popCount(2);
            if (m_problem.empty())
                push({Kind::Symbol, 0, 0, m_out.m_nodes[names[0]].text, m_out.m_nodes[names[1]].text});
            return true;
        }
        case 'Q': push({Kind::Persistent, 0, 0, {}, {}, popCount(1)}); return true;
        case 'R':
        case 0x81: record(popCount(2)); return true;
        case 'b': popCount(1); return true; // the state of an object says nothing of tensors
        case '.':
            m_out.m_root = pop();
            m_done = true;
            return true;
        default: return false;
        }
    }

    void record(std::vector<Ref> call)
    {
        if (!m_problem.empty())
            return;
        auto dict = m_out.isSymbol(call[0], "collections", "OrderedDict") ? pairsOf(m_out.m_nodes[call[1]]) : std::nullopt;
        if (dict)
            push({Kind::Dict, 0, 0, {}, {}, std::move(*dict)});
        else
            push({Kind::Call, 0, 0, {}, {}, std::move(call)});
    }

    // What an OrderedDict is made with: nothing, or as Python 2 writes it a list of pairs.
    std::optional<std::vector<Ref>> pairsOf(const Pickle::Node& arguments) const
    {
        std::vector<Ref> out;
        if (arguments.kind != Kind::Tuple || arguments.items.size() > 1)
            return std::nullopt;
        if (arguments.items.empty())
            return out;
        const Pickle::Node& list = m_out.m_nodes[arguments.items[0]];
        if (list.kind != Kind::List)
            return std::nullopt;
        for (const Ref item : list.items) {
            const Pickle::Node& pair = m_out.m_nodes[item];
            if ((pair.kind != Kind::List && pair.kind != Kind::Tuple) || pair.items.size() != 2)
                return std::nullopt;
            out.insert(out.end(), pair.items.begin(), pair.items.end());
        }
        return out;
    }

    std::span<const std::byte> m_bytes;
    const std::string& m_where;
    std::size_t m_at = 0, m_start = 0;
    bool m_done = false;
    Sentence m_problem;
    std::vector<Ref> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint32_t, Ref> m_memo;
    Pickle m_out;
};

bool Pickle::isSymbol(Ref node, std::string_view module, std::string_view name) const
{
    const Node& found = m_nodes[node];
    return found.kind == Kind::Symbol && found.text == module && found.second == name;
}

Result<Pickle> Pickle::read(std::span<const std::byte> bytes, const std::string& where) { return PickleReader(bytes, where).run(); }

} // namespace wb
