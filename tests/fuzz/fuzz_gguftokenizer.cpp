// Tokenizers of GGUF: whatever the keys say, it is refused or it encodes and decodes.
#include "core/base/file.h"
#include "core/text/loadtokenizer.h"
#include "core/text/unicode.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/ggufbuilder.h"

using namespace wb;

namespace {

constexpr std::uint32_t arrayType = 9, f32 = 6, i32 = 5, u32 = 4;

template <typename T>
std::string list(std::uint32_t type, const std::vector<T>& values)
{
    std::string bytes = test::GgufBuilder::raw(type) + test::GgufBuilder::raw(std::uint64_t{values.size()});
    for (const T value : values)
        bytes += test::GgufBuilder::raw(value);
    return bytes;
}

std::string file(const std::string& model, const std::vector<std::string>& tokens)
{
    test::GgufBuilder gguf;
    gguf.text("tokenizer.ggml.model", model).text("tokenizer.ggml.pre", "smollm").texts("tokenizer.ggml.tokens", tokens);
    std::vector<float> scores;
    std::vector<std::int32_t> types;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        scores.push_back(-static_cast<float>(i));
        types.push_back(i == 0 ? 2 : i == 1 ? 3 : i == 2 ? 4 : 1);
    }
    gguf.key("tokenizer.ggml.scores", arrayType, list(f32, scores)).key("tokenizer.ggml.token_type", arrayType, list(i32, types));
    gguf.texts("tokenizer.ggml.merges", {"a b", "ab c"});
    gguf.number("tokenizer.ggml.bos_token_id", u32, std::uint32_t{1}).number("tokenizer.ggml.unknown_token_id", u32, std::uint32_t{0});
    return gguf.bytes();
}

const std::string texts[] = {"", "ab abc  a", "<s>don't  \xC3\xA9 \xE2\x96\x81\xE4\xB8\x80 12\n", std::string(80, 'a')};

} // namespace

std::vector<std::string> fuzz::seeds()
{
    const std::vector<std::string> tokens = {"<unk>", "<s>", "\n\n", "a", "b", "c", "ab", "abc", "\xC4\xA0", "\xE2\x96\x81", "\xE2\x96\x81" "ab", "<0xC3>", "<0xA9>"};
    return {file("gpt2", tokens), file("llama", tokens), file("bert", tokens), file("t5", tokens)};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const auto opened = File::open(fuzz::asFile(input, size, "t.gguf"));
    fuzz::require(opened.has_value(), "the file was written");
    const auto tokenizer = tokenizerOfGguf(*opened);
    if (!tokenizer)
        return 0;
    for (const std::string& text : texts) {
        const auto encoded = (*tokenizer)->encode(text, true);
        if (!encoded)
            continue;
        fuzz::require(encoded->ids.size() == encoded->ranges.size(), "a range for each id");
        fuzz::require(!unicode::firstInvalid((*tokenizer)->decode(encoded->ids, false)), "a decoded text is UTF-8");
    }
    return 0;
}
