// A text on its way to the model that remembers, byte by byte, where it came from.
#pragma once

#include "core/text/tokenizer.h"

namespace wb {

// A part of a text, not owned. Without `from` byte i is byte base + i of the source.
struct TextView {
    std::string_view text;
    std::uint32_t base = 0;
    std::span<const ByteRange> from;
    bool bytes = false; // each byte stands for its character of the byte-level alphabet

    [[nodiscard]] TextView slice(std::size_t begin, std::size_t end) const
    {
        return {text.substr(begin, end - begin), base + static_cast<std::uint32_t>(begin),
                from.empty() ? from : from.subspan(begin, end - begin), bytes};
    }
    // Of the bytes [begin, end) of this view; an empty part has an empty range.
    [[nodiscard]] ByteRange source(std::size_t begin, std::size_t end) const
    {
        if (from.empty())
            return {base + static_cast<std::uint32_t>(begin), base + static_cast<std::uint32_t>(end)};
        ByteRange range = from[begin < from.size() ? begin : from.size() - 1];
        for (std::size_t i = begin; i < end; ++i) {
            range.begin = range.begin < from[i].begin ? range.begin : from[i].begin;
            range.end = range.end > from[i].end ? range.end : from[i].end;
        }
        return range;
    }
    // First byte of the source; what is put in front of a text has the place of its first character.
    [[nodiscard]] std::uint32_t sourceBegin() const { return from.empty() ? base : from.front().begin; }
};

// A changed text, owned. Not moved while views of it are about.
struct TracedText {
    std::string text;
    std::vector<ByteRange> from; // one per byte

    void append(std::string_view piece, ByteRange range)
    {
        text += piece;
        from.insert(from.end(), piece.size(), range);
    }
    void append(const TextView& piece)
    {
        text += piece.text;
        if (!piece.from.empty()) {
            from.insert(from.end(), piece.from.begin(), piece.from.end());
            return;
        }
        for (std::uint32_t i = 0; i < piece.text.size(); ++i)
            from.push_back({piece.base + i, piece.base + i + 1});
    }
    [[nodiscard]] TextView view() const { return {text, 0, from, false}; }
};

} // namespace wb
