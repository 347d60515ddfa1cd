#include "app/cli/cli.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace wb::cli {

void printJson(const char* verb, const Json& body)
{
    Json out = {{"schema", fmt::format("wb.{}/1", verb)}};
    out.update(body);
    fmt::print("{}\n", dumpJson(out));
}

void printWarning(const Globals& globals, const Error& warning)
{
    if (!globals.quiet)
        fmt::print(stderr, "wb: warning: {}\n", sentence(warning));
}

Json warningJson(const Error& warning)
{
    return {{"code", errorText(warning.code).name}, {"where", warning.where}, {"message", errorMessage(warning)}};
}

Table::Table(std::vector<std::string> headers, std::vector<bool> rightAligned) : m_right(std::move(rightAligned))
{
    m_rows.push_back(std::move(headers));
}

void Table::add(std::vector<std::string> row) { m_rows.push_back(std::move(row)); }

namespace {

// Code points, which is close enough for names and numbers.
std::size_t width(const std::string& text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

void Table::print() const
{
    std::vector<std::size_t> widths(m_right.size());
    for (const auto& row : m_rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    for (const auto& row : m_rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - width(row[i]), ' ');
            const bool last = i + 1 == row.size();
            line += m_right[i] ? padding + row[i] : row[i] + (last ? "" : padding);
            line += last ? "" : "  ";
        }
        fmt::print("{}\n", line);
    }
}

std::string bytesText(std::uint64_t bytes)
{
    static constexpr std::array units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.3g} {}", value, units[unit]);
}

std::string countText(std::uint64_t count)
{
    std::string text = std::to_string(count);
    for (std::size_t at = text.size(); at > 3; at -= 3)
        text.insert(at - 3, " ");
    return text;
}

std::string valueText(double value) { return std::isnan(value) ? "NaN" : fmt::format("{:.6g}", value); } // whose sign means nothing

std::string shownName(const std::string& name)
{
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto c = static_cast<unsigned char>(name[i]);
        // Bidirectional controls (U+202A … U+202E, U+2066 … U+2069) could make a name look like another one.
        const std::string_view three = std::string_view(name).substr(i, 3);
        const bool bidi = (three >= "\u202A" && three <= "\u202E") || (three >= "\u2066" && three <= "\u2069");
        if (bidi)
            i += 2;
        text += bidi ? "\uFFFD" : c < 0x20 || c == 0x7F ? " " : std::string(1, name[i]);
    }
    return text;
}

std::string readBytes(const std::string& text, std::size_t& bytes)
{
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const int shift = suffix.empty() ? 0 : suffix == "K" ? 10 : suffix == "M" ? 20 : suffix == "G" ? 30 : -1;
    if (problem != std::errc() || shift < 0 || bytes > (std::size_t{1} << 33))
        return text + " is not a number of bytes such as 512M";
    bytes <<= shift;
    return "";
}

Result<std::pair<std::uint64_t, std::uint64_t>> parseRange(const std::string& text, std::uint64_t end,
                                                           const char* option)
{
    const std::size_t colon = text.find(':');
    const auto number = [](std::string_view digits, std::uint64_t otherwise) -> std::optional<std::uint64_t> {
        if (digits.empty())
            return otherwise;
        std::uint64_t value = 0;
        const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return problem == std::errc() && stop == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
    };
    const auto first = number(std::string_view(text).substr(0, colon), 0);
    const auto last = colon == std::string::npos ? std::nullopt : number(std::string_view(text).substr(colon + 1), end);
    if (!first || !last || *first >= *last || *last > end)
        return fail(ErrorCode::BadArgument, option,
                    fmt::format("{} is not a range A:B with A < B <= {}; B is not included", text, end));
    return std::pair(*first, *last);
}

} // namespace wb::cli
