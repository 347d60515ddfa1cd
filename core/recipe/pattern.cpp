#include "core/recipe/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace wb {

bool globMatches(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
    const auto setEnd = [&](std::size_t at) { return pattern.find(']', at + 2); };
    const auto inSet = [&](std::size_t at, std::size_t end, char c) {
        const bool negated = pattern[at + 1] == '!';
        bool found = false;
        for (std::size_t i = at + 1 + (negated ? 1 : 0); i < end; ++i) {
            if (i + 2 < end && pattern[i + 1] == '-') {
                found = found || (pattern[i] <= c && c <= pattern[i + 2]);
                i += 2;
            } else {
                found = found || pattern[i] == c;
            }
        }
        return found != negated;
    };
    while (t < text.size()) {
        const char c = p < pattern.size() ? pattern[p] : '\0';
        if (c == '*') {
            star = p++;
            mark = t;
            continue;
        }
        bool one = false;
        std::size_t width = 1;
        if (c == '[' && setEnd(p) != std::string_view::npos) {
            width = setEnd(p) - p + 1;
            one = inSet(p, p + width - 1, text[t]);
        } else if (c == '\\' && p + 1 < pattern.size()) {
            width = 2;
            one = pattern[p + 1] == text[t];
        } else {
            one = p < pattern.size() && (c == '?' || c == text[t]);
        }
        if (one) {
            p += width;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

struct Expression::Code {
    pcre2_code* code = nullptr;
    ~Code() { pcre2_code_free(code); }
};

Expression::Expression(std::unique_ptr<Code> code) : m_code(std::move(code)) {}
Expression::~Expression() = default;

std::shared_ptr<const Expression> Expression::compile(const std::string& text, Sentence& problem)
{
    int number = 0;
    PCRE2_SIZE at = 0;
    auto code = std::make_unique<Code>();
    code->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                               PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &number, &at, nullptr);
    if (code->code == nullptr) {
        PCRE2_UCHAR message[128];
        pcre2_get_error_message(number, message, sizeof message);
        problem = said(CORE_TEXT("reasons", "%1 at character %2 of the expression"), reinterpret_cast<const char*>(message), at + 1);
        return nullptr;
    }
    return std::shared_ptr<const Expression>(new Expression(std::move(code)));
}

std::optional<bool> Expression::matches(const std::string& text) const
{
    pcre2_match_data* found = pcre2_match_data_create_from_pattern(m_code->code, nullptr);
    pcre2_match_context* context = pcre2_match_context_create(nullptr);
    pcre2_set_match_limit(context, 1'000'000);
    pcre2_set_depth_limit(context, 10'000);
    pcre2_set_heap_limit(context, 16U << 10); // KiB
    const int result = pcre2_match(m_code->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, found, context);
    pcre2_match_context_free(context);
    pcre2_match_data_free(found);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        return std::nullopt;
    return result >= 0;
}

} // namespace wb
