#include "core/text/textpattern.h"

#include "core/text/unicode.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <ctime>

namespace wb {
namespace {

constexpr std::size_t longestPattern = 64U << 10;
constexpr std::uint32_t mostBacktracks = 2'000'000, deepest = 20'000, mostHeapKiB = 20'000;
// A call may begin this many matches before time is looked at.
constexpr std::size_t startsPerCall = 4096;
constexpr double longestSeconds = 1, secondsPerByte = 1e-6;

double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

} // namespace

struct TextPattern::Code {
    pcre2_code* code = nullptr;
    std::string text;
    [[nodiscard]] std::string shown() const { return text.substr(0, 200); }
    ~Code() { pcre2_code_free(code); }
};

TextPattern::TextPattern(std::unique_ptr<Code> code) : m_code(std::move(code)) {}
TextPattern::TextPattern(TextPattern&&) noexcept = default;
TextPattern& TextPattern::operator=(TextPattern&&) noexcept = default;
TextPattern::~TextPattern() = default;

Result<TextPattern> TextPattern::compile(const std::string& regex, const std::string& where)
{
    if (regex.size() > longestPattern)
        return fail(ErrorCode::TokenizerInvalid, where,
                    said(CORE_TEXT("reasons", "a pattern has %1 bytes and %2 is the most"), regex.size(), longestPattern));
    auto translated = translateOniguruma(regex, where);
    if (!translated)
        return failure(translated);
    const std::unique_ptr<pcre2_compile_context, void (*)(pcre2_compile_context*)> context(
        pcre2_compile_context_create(nullptr), pcre2_compile_context_free);
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(context.get(), 100);
    int number = 0;
    PCRE2_SIZE at = 0;
    auto code = std::make_unique<Code>();
    code->text = regex;
    code->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated->data()), translated->size(),
                               PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT, &number, &at,
                               context.get());
    if (code->code == nullptr) {
        PCRE2_UCHAR message[128];
        pcre2_get_error_message(number, message, sizeof message);
        return fail(ErrorCode::TokenizerInvalid, where,
                    said(CORE_TEXT("reasons", "the pattern %1 is wrong at character %2: %3"), regex.substr(0, 200), at + 1, reinterpret_cast<const char*>(message)));
    }
    pcre2_jit_compile(code->code, PCRE2_JIT_COMPLETE); // where it is not available the interpreter does the same
    return TextPattern(std::move(code));
}

Result<TextPattern> TextPattern::literal(const std::string& text)
{
    TextPattern pattern(nullptr);
    pattern.m_literal = text;
    return pattern;
}

Result<void> TextPattern::findAll(std::string_view text, std::vector<Match>& matches) const
{
    matches.clear();
    if (!m_code) {
        if (!m_literal.empty())
            for (std::size_t at = text.find(m_literal); at != std::string_view::npos; at = text.find(m_literal, at + m_literal.size()))
                matches.push_back({at, at + m_literal.size()});
        return {};
    }
    const std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(
        pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
    const std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> context(
        pcre2_match_context_create(nullptr), pcre2_match_context_free);
    pcre2_set_match_limit(context.get(), mostBacktracks);
    pcre2_set_depth_limit(context.get(), deepest);
    pcre2_set_heap_limit(context.get(), mostHeapKiB);
    const double mostSeconds = longestSeconds + secondsPerByte * static_cast<double>(text.size());
    double began = -1;
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    const PCRE2_SIZE* place = pcre2_get_ovector_pointer(data.get());
    std::uint32_t calls = 0;
    for (std::size_t at = 0; at <= text.size();) {
        pcre2_set_offset_limit(context.get(), at + startsPerCall);
        int found = pcre2_match(m_code->code, subject, text.size(), at, PCRE2_NO_UTF_CHECK, data.get(), context.get());
        if (found == PCRE2_ERROR_JIT_STACKLIMIT)
            found = pcre2_match(m_code->code, subject, text.size(), at, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, data.get(), context.get());
        if (found < 0 && found != PCRE2_ERROR_NOMATCH)
            return fail(ErrorCode::TextNotEncodable, "",
                        said(CORE_TEXT("reasons", "the pattern %1 needs more than %2 steps at byte %3"), m_code->shown(), mostBacktracks, at));
        if (found >= 0 && (place[0] < place[1] || matches.empty() || matches.back().end != place[1])) {
            matches.push_back({place[0], place[1]});
            at = place[1];
        } else if (found >= 0) { // an empty match where the last one ended
            at += at < text.size() ? unicode::characterAt(text, at).bytes : 1;
        } else {
            at += startsPerCall + 1;
            while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80)
                ++at;
        }
        if (found >= 0 && (++calls & 0xFFFU) != 0)
            continue;
        const double now = threadSeconds();
        began = began < 0 ? now : began;
        if (now - began > mostSeconds)
            return fail(ErrorCode::TextNotEncodable, "",
                        said(CORE_TEXT("reasons", "the pattern %1 takes more than %2 s"), m_code->shown(), fmt::format("{:.0f}", mostSeconds)));
    }
    return {};
}

} // namespace wb
