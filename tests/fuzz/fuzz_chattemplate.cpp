// Chat templates: whatever they say, they end soon, in a text that is UTF-8 or in a sentence, and say the same again.
#include "core/text/chattemplate.h"
#include "core/text/unicode.h"
#include "tests/fuzz/fuzz.h"

#include <nlohmann/json.hpp>

using namespace wb;

std::vector<std::string> fuzz::seeds()
{
    std::vector<std::string> out = {
        "{% set x = namespace(n=0) %}{% for a, b in {'k': [1, 2.5, none]}.items() if b is defined %}{% set x.n = x.n + loop.index %}{{ a ~ b[::-1] | tojson(indent=2) }}{% else %}-{% endfor %}",
        "{%- macro f(a, b='y') -%}{{ a.split(',', 1)[0] | upper | indent }}{%- endmacro -%}\n  {%+ if f('p,q') != '' and not 1 > 2 %}{{ f(b=\"\\u00e9\") }}{% elif x is string %}{% break %}{% endif %}\n",
        "{# c #}{{ ('a' if messages[0]['role'] in ['user'] else 'b') * 3 }}{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('-') | replace('a', 'bb') }}",
        "{% set t %} x {{ range(9) | sort(reverse=true) | sum }}{% endset %}{{ t | trim ~ 'abc'[1:] ~ -7 // 2 ** 3 % 4 }}{% generation %}{{ strftime_now('%d') }}{% endgeneration %}{{ raise_exception('no') }}"};
    if (const auto file = readJson(std::string(WB_TEST_DATA) + "/chat.json", false, 16U << 20))
        for (const Json& style : (*file)["styles"])
            out.push_back(style["source"].get<std::string>());
    return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    static const std::vector<ChatMessage> messages = {{"system", "s"}, {"user", " a\xC3\xA9 "}, {"assistant", "<think>x</think>y"}, {"user", "z"}};
    const Json variables = {{"bos_token", "<s>"}, {"eos_token", "</s>"}};
    const auto parsed = ChatTemplate::parse({reinterpret_cast<const char*>(input), size}, variables, "input");
    if (!parsed)
        return 0;
    const auto text = (*parsed)->render(messages), again = (*parsed)->render(messages);
    fuzz::require(text.has_value() == again.has_value(), "the same twice");
    if (!text)
        return 0;
    fuzz::require(*text == *again, "the same text twice");
    fuzz::require(!unicode::firstInvalid(*text), "a rendered text is UTF-8");
    return 0;
}
