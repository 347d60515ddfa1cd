// Temperature for each token instead of one for all, so that what has to be exact is drawn coldly and free text warmly.
//   Entropy   between T − range and T + range, by the uncertainty of the place: τ = lo + (hi − lo)·(H / ln n)^exponent, H the entropy
//             of softmax over the n tokens (llama.cpp's "dynamic temperature", sampler temp-ext)
//   Regions   by where the text stands: fixed values for code, numbers, quoted text; the temperature itself for free prose
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wb {

enum class TextRegion : std::uint8_t { Prose, Code, Number, Quote };
constexpr std::size_t textRegions = 4;
[[nodiscard]] const char* regionName(TextRegion region); // "prose", "code", "number", "quote"

enum class TemperatureSource : std::uint8_t { Fixed, Entropy, Regions };
[[nodiscard]] const char* temperatureSourceName(TemperatureSource source); // "fixed", "entropy", "regions"

struct TemperatureRule {
    TemperatureSource source = TemperatureSource::Fixed;
    double range = 0;                     // of the entropy rule: half the width
    double exponent = 1;                  // likewise, above 0
    double code = 0, number = 0, quote = 0; // of the regions; 0: the most likely token
    bool operator==(const TemperatureRule&) const = default;
};

// Of the entropy rule around `temperature`, of logits that are finite or −∞ with a finite one; one token leaves it as it is.
// `entropy` of their softmax in nats, `count` those that are not −∞.
[[nodiscard]] double entropyTemperature(double temperature, const TemperatureRule& rule, double entropy, std::size_t count);
// "entropy 0.2 … 1.4", "code 0.2, number 0, quote 0.7, prose 1"; "" of a fixed one.
[[nodiscard]] std::string ruleText(double temperature, const TemperatureRule& rule);

// Where a text stands that grows piece by piece: in a fenced block (``` or ~~~ at the begin of a line), in a number (after a digit, and
// its point or comma), in quotes (" or “ ” or « », which end with the paragraph at the latest). What begins with the next token is
// known only after it.
class RegionTracker {
public:
    void push(std::string_view text);
    [[nodiscard]] TextRegion region() const;

private:
    void endLine();
    void takeCharacter(std::string_view character);

    std::string m_line;        // of the text so far, as long as it may be a fence
    std::string m_waiting;     // of a character that is not complete
    bool m_fenced = false, m_blank = true; // blank: the line so far holds nothing
    char m_fence = 0;          // that opened the block
    std::string m_quote;       // what closes the quotes; empty outside
    bool m_number = false;
};

} // namespace wb
