#include "core/model/temperature.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::array regionNames = {"prose", "code", "number", "quote"};
constexpr std::array sourceNames = {"fixed", "entropy", "regions"};
constexpr std::size_t fenceLine = 3; // characters of a line that decide

std::size_t bytesOfCharacter(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80U ? 1 : byte < 0xE0U ? 2 : byte < 0xF0U ? 3 : 4;
}

} // namespace

const char* regionName(TextRegion region) { return regionNames[static_cast<std::size_t>(region)]; }
const char* temperatureSourceName(TemperatureSource source) { return sourceNames[static_cast<std::size_t>(source)]; }

double entropyTemperature(double temperature, const TemperatureRule& rule, double entropy, std::size_t count)
{
    if (count < 2)
        return temperature;
    const double low = std::max(0.0, temperature - rule.range), high = temperature + rule.range;
    const double share = std::clamp(entropy / std::log(static_cast<double>(count)), 0.0, 1.0);
    return low + (high - low) * std::pow(share, rule.exponent);
}

std::string ruleText(double temperature, const TemperatureRule& rule)
{
    if (rule.source == TemperatureSource::Fixed)
        return "";
    if (rule.source == TemperatureSource::Regions)
        return fmt::format("code {}, number {}, quote {}, prose {}", rule.code, rule.number, rule.quote, temperature);
    const std::string bounds = fmt::format("entropy {:.6g} … {:.6g}", std::max(0.0, temperature - rule.range), temperature + rule.range);
    return rule.exponent == 1 ? bounds : fmt::format("{}, exponent {}", bounds, rule.exponent);
}

void RegionTracker::push(std::string_view text)
{
    m_waiting += text;
    std::size_t at = 0;
    while (at < m_waiting.size()) {
        const std::size_t bytes = bytesOfCharacter(m_waiting[at]);
        if (at + bytes > m_waiting.size())
            break;
        takeCharacter(std::string_view(m_waiting).substr(at, bytes));
        at += bytes;
    }
    m_waiting.erase(0, at);
}

void RegionTracker::takeCharacter(std::string_view character)
{
    const char first = character[0];
    if (first == '\n')
        return endLine();
    m_blank = m_blank && (first == ' ' || first == '\t' || first == '\r');
    if (m_line.size() < fenceLine && !(m_line.empty() && first == ' '))
        m_line += first;
    if (m_line.size() == fenceLine && (m_line == "```" || m_line == "~~~") && (!m_fenced || m_fence == first)) {
        m_fenced = !m_fenced;
        m_fence = first;
        m_line += ' '; // once a line
        m_quote.clear();
    }
    // A point or comma within a number belongs to it as long as nothing else follows.
    m_number = (first >= '0' && first <= '9') || (m_number && (first == '.' || first == ','));
    if (m_fenced)
        return;
    if (!m_quote.empty()) {
        if (character == m_quote)
            m_quote.clear();
    } else if (character == "\"") {
        m_quote = "\"";
    } else if (character == "“") {
        m_quote = "”";
    } else if (character == "«") {
        m_quote = "»";
    }
}

void RegionTracker::endLine()
{
    if (m_blank)
        m_quote.clear();
    m_line.clear();
    m_blank = true;
    m_number = false;
}

TextRegion RegionTracker::region() const
{
    if (m_fenced)
        return TextRegion::Code;
    if (m_number)
        return TextRegion::Number;
    return m_quote.empty() ? TextRegion::Prose : TextRegion::Quote;
}

} // namespace wb
