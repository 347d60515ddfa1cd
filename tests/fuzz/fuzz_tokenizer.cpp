// Tokenizers: whatever the file says, it is refused or it encodes and decodes; its ranges lie in the text.
#include "core/text/loadtokenizer.h"
#include "core/text/unicode.h"
#include "tests/fuzz/fuzz.h"

using namespace wb;

namespace {

// Small honest files of every kind, whose parts the mutations mix up.
constexpr const char* byteLevel =
    R"({"added_tokens":[{"id":9,"content":"<|end|>","special":true,"normalized":false},{"id":10,"content":"  ","lstrip":true,"rstrip":true,"single_word":true,"normalized":true}],)"
    R"("normalizer":{"type":"NFC"},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"(?i:'s|'t)|\\p{L}+|\\s+(?!\\S)|[^\\s\\w]{1,3}"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}]},)"
    R"("post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{"x":{"id":"x","ids":[9],"tokens":["x"]}}},"decoder":{"type":"ByteLevel"},)"
    R"("model":{"type":"BPE","unk_token":"a","fuse_unk":true,"ignore_merges":true,"vocab":{"a":0,"b":1,"c":2,"ab":3,"abc":4,"Ġ":5,"Ġa":6,"Ã":7,"©":8},"merges":["a b","ab c",["Ġ","a"]]}})";
constexpr const char* fallback =
    R"({"normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"▁"},{"type":"Strip"},{"type":"Nmt"},{"type":"NFKD"},{"type":"Lowercase"},{"type":"StripAccents"}]},)"
    R"("pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true},"decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":1}]},)"
    R"("model":{"type":"BPE","unk_token":"<unk>","byte_fallback":true,"end_of_word_suffix":"</w>","continuing_subword_prefix":"##","vocab":{"<unk>":0,"<0xC3>":1,"<0xA9>":2,"a":3,"##a</w>":4,"aa</w>":5},"merges":[["a","##a</w>"]]}})";
constexpr const char* unigram =
    R"({"added_tokens":[{"id":5,"content":"é","special":false}],"normalizer":{"type":"Precompiled","precompiled_charsmap":"CAAAAAAEAAAAAAAAYQA="},"pre_tokenizer":{"type":"Whitespace"},"decoder":{"type":"Metaspace"},)"
    R"("model":{"type":"Unigram","unk_id":0,"byte_fallback":true,"vocab":[["<unk>",0],["▁",-2.5],["a",-1],["ab",-1.5],["b",-3e0]]}})";
constexpr const char* wordPiece =
    R"({"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"BertPreTokenizer"},{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"MergedWithNext"},{"type":"CharDelimiterSplit","delimiter":"x"},{"type":"WhitespaceSplit"}]},)"
    R"("post_processor":{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",2],"trim_offsets":true,"add_prefix_space":false},"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},"model":{"type":"WordPiece","unk_token":"[U]","continuing_subword_prefix":"##","max_input_chars_per_word":10,"vocab":{"[U]":0,"a":1,"##b":2,"##c":3}}})";

const std::string texts[] = {"", "ab abc  a", "don't  \xC3\xA9 e\xCC\x81 \xE2\x96\x81\xE4\xB8\x80 <|end|> 12\n\n", std::string(80, 'a'), "\xF0\x9F\x98\x80\xE0\xA4\x95\xE0\xA4\xBF\xEA\xB0\x80"};

} // namespace

std::vector<std::string> fuzz::seeds() { return {byteLevel, fallback, unigram, wordPiece}; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const auto tokenizer = tokenizerOfText({reinterpret_cast<const char*>(input), size}, "input");
    if (!tokenizer)
        return 0;
    for (const std::string& text : texts) {
        const auto encoded = (*tokenizer)->encode(text, true);
        if (!encoded)
            continue;
        fuzz::require(encoded->ids.size() == encoded->ranges.size(), "a range for each id");
        for (const ByteRange& range : encoded->ranges)
            fuzz::require(range.begin <= range.end && range.end <= text.size(), "a range inside of the text");
        StreamingDecoder stream(*tokenizer, true);
        for (const TokenId id : encoded->ids)
            fuzz::require(!unicode::firstInvalid(stream.push(id)), "a streamed text is UTF-8");
        (void)stream.finish();
        fuzz::require(!unicode::firstInvalid((*tokenizer)->decode(encoded->ids, false)), "a decoded text is UTF-8");
    }
    return 0;
}
