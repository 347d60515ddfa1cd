#include "core/text/ggufpatterns.h"

#include <algorithm>
#include <array>

namespace wb {
namespace {

// The patterns of the published tokenizer.json files that the names stand for.
constexpr const char* gpt2Words = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

constexpr std::array gpt2{gpt2Words};
constexpr std::array digitsThenGpt2{R"(\p{N})", gpt2Words};
constexpr std::array falcon{R"([\p{P}\$\+<=>\^~\|`]+)", gpt2Words, R"([0-9][0-9][0-9])"};
constexpr std::array standard{R"([\p{P}\$\+<=>\^~\|]+)", gpt2Words, R"(\p{N}+)", R"([0-9][0-9][0-9])"};
constexpr std::array llama3{
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"};
constexpr std::array qwen2{
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"};
constexpr std::array qwen35{
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"};
constexpr std::array seedCoder{
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+)"};
constexpr std::array bailing{
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)"};
constexpr std::array gpt4o{
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"};
constexpr std::array tinyAya{R"(\d{1,3}(?=(?:\d{3})*\b))", gpt4o[0]};
constexpr std::array tekken{
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|)"
    R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"};
constexpr std::array deepseekCoder{R"([\r\n])", R"(\s?\p{L}+)", R"(\s?\p{P}+)", "[一-龥ࠀ-一가-퟿]+", R"(\p{N})"};
// Its second pattern is the cased letters of Unicode, one by one.
constexpr std::array deepseekLlm{
    R"([\r\n])",
    R"(\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄ)"
    R"(ῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+)",
    R"(\s?[!-/:-~！-／：-～‘-‟　-。]+)", R"(\s+$)", "[一-龥ࠀ-一가-퟿]+", R"(\p{N}+)"};
constexpr std::array deepseek3{
    R"(\p{N}{1,3})", "[一-龥぀-ゟ゠-ヿ]+",
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"};
constexpr std::array bloom{R"( ?[^(\s|.,!?…。，、।۔،)]+)"};
constexpr std::array viking{R"( ?[^(\s|.,!?…。，、।۔،)]+)", R"(\p{N})"};

constexpr std::array lines{R"([^\n]+|\n+)"};

struct Row {
    std::string_view name;
    GgufPreTokenizer value;
};
const std::array rows{
    Row{"default", {standard}},
    Row{"gpt-2", {gpt2}}, Row{"phi-2", {gpt2}}, Row{"jina-es", {gpt2}}, Row{"jina-de", {gpt2}}, Row{"gigachat", {gpt2}},
    Row{"jina-v1-en", {gpt2}}, Row{"jina-v2-es", {gpt2}}, Row{"jina-v2-de", {gpt2}}, Row{"jina-v2-code", {gpt2}},
    Row{"roberta-bpe", {gpt2, false, true}}, Row{"mpt", {gpt2}}, Row{"olmo", {gpt2}}, Row{"jais", {gpt2}}, Row{"exaone4", {gpt2}},
    Row{"trillion", {gpt2}}, Row{"granite-docling", {gpt2}}, Row{"a.x-4.0", {gpt2}}, Row{"mellum", {gpt2}}, Row{"modern-bert", {gpt2}},
    Row{"starcoder", {digitsThenGpt2}}, Row{"refact", {digitsThenGpt2}}, Row{"command-r", {digitsThenGpt2}},
    Row{"smollm", {digitsThenGpt2}}, Row{"codeshell", {digitsThenGpt2}}, Row{"exaone", {digitsThenGpt2}}, Row{"minerva-7b", {digitsThenGpt2}},
    Row{"falcon", {falcon}},
    Row{"llama3", {llama3, true, true}}, Row{"llama-v3", {llama3, true, true}}, Row{"llama-bpe", {llama3, true, true}},
    Row{"falcon3", {llama3, true, true}}, Row{"falcon-h1", {llama3, true, true}}, Row{"pixtral", {llama3, true, true}},
    Row{"midm-2.0", {llama3, true, true}}, Row{"lfm2", {llama3, true, true}},
    Row{"dbrx", {llama3}}, Row{"smaug-bpe", {llama3}}, Row{"chatglm-bpe", {llama3}}, Row{"glm4", {llama3}},
    Row{"qwen2", {qwen2}}, Row{"stablelm2", {qwen2}}, Row{"hunyuan", {qwen2}}, Row{"megrez", {qwen2}}, Row{"kormo", {qwen2}}, Row{"f2llmv2", {qwen2}}, Row{"deepseek-r1-qwen", {qwen2}},
    Row{"grok-2", {qwen2}}, Row{"qwen35", {qwen35}}, Row{"seed-coder", {seedCoder}},
    Row{"bailingmoe", {bailing}}, Row{"bailingmoe2", {bailing}}, Row{"llada-moe", {bailing}},
    Row{"gpt-4o", {gpt4o}}, Row{"llama4", {gpt4o}}, Row{"kanana2", {gpt4o}}, Row{"minimax-m2", {gpt4o}}, Row{"talkie", {gpt4o}}, Row{"tiny_aya", {tinyAya}},
    Row{"tekken", {tekken, true, true}},
    Row{"deepseek-llm", {deepseekLlm}}, Row{"deepseek-coder", {deepseekCoder}}, Row{"deepseek-v3", {deepseek3}}, Row{"hunyuan-dense", {deepseek3}},
    Row{"bloom", {bloom}}, Row{"poro-chat", {bloom}}, Row{"gpt3-finnish", {bloom}}, Row{"viking", {viking}},
    Row{"gemma4", {lines, false, true, true, true}}, Row{"granite-embed-multi-311m", {lines, false, true, true, true}}, Row{"sarvam-moe", {lines, false, false, true}},
};

} // namespace

std::optional<GgufPreTokenizer> ggufPreTokenizer(std::string_view name)
{
    const auto found = std::ranges::find(rows, name, &Row::name);
    return found == rows.end() ? std::nullopt : std::optional(found->value);
}

} // namespace wb
