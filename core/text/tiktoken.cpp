#include "core/text/sentencepiece.h"

#include "core/base/base64.h"
#include "core/text/bytealphabet.h"
#include "core/text/ggufpatterns.h"
#include "core/text/scorebpe.h"

#include <nlohmann/json.hpp>

#include <charconv>

namespace wb {
namespace {

struct Line {
    std::string piece; // bytes
    std::uint64_t rank = 0;
};

std::string spelled(std::string_view bytes)
{
    std::string text;
    appendAlphabet(text, bytes);
    return text;
}

std::optional<Line> lineOf(std::string_view text)
{
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos || blank == 0 || blank % 4 != 0)
        return std::nullopt;
    Line line;
    const auto [end, error] = std::from_chars(text.data() + blank + 1, text.data() + text.size(), line.rank);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    auto piece = fromBase64(text.substr(0, blank));
    if (!piece || piece->empty())
        return std::nullopt;
    line.piece = std::move(*piece);
    return line;
}

// What cuts a text for a vocabulary of so many ranks, by the name that GGUF has for it.
const char* patternName(std::size_t ranks)
{
    switch (ranks) {
    case 128000: return "llama-bpe";
    case 100256: return "llama-bpe"; // cl100k: the same pattern, which Llama 3 took over
    case 199998: return "gpt-4o";
    default: return "qwen2";
    }
}

} // namespace

bool looksLikeTiktoken(std::string_view text) { return lineOf(text.substr(0, std::min(text.find('\n'), text.size()))).has_value(); }

Result<TokenizerParts> partsOfTiktoken(std::string_view text, const std::string& where)
{
    const auto wrong = [&](const Sentence& why) { return fail(ErrorCode::TokenizerInvalid, where, why); };
    TokenizerParts parts;
    parts.kind = "byte-level BPE";
    auto vocabulary = std::make_unique<Vocabulary>();
    std::vector<double> scores;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty())
            continue;
        const auto read = lineOf(line);
        if (!read || read->rank > Vocabulary::maxId)
            return wrong(said(CORE_TEXT("reasons", "line %1 is not a piece in base64 and its rank"), number));
        if (vocabulary->add(spelled(read->piece), static_cast<TokenId>(read->rank)) != Vocabulary::Added::Yes)
            return wrong(said(CORE_TEXT("reasons", "line %1 repeats a piece or a rank"), number));
        scores.resize(std::max<std::size_t>(scores.size(), read->rank + 1));
        scores[read->rank] = -static_cast<double>(read->rank);
    }
    for (int byte = 0; byte < 256; ++byte)
        if (!vocabulary->find(alphabetOf(static_cast<std::uint8_t>(byte))))
            return wrong(said(CORE_TEXT("reasons", "the byte %1 is no piece of it"), byte));
    const auto pattern = ggufPreTokenizer(patternName(vocabulary->count()));
    parts.vocabulary = std::move(vocabulary);
    parts.model = std::make_unique<ScoreBpe>(*parts.vocabulary, std::move(scores), std::nullopt);
    Json steps = Json::parse(R"({"type":"Sequence","pretokenizers":[]})");
    for (const char* each : pattern->patterns)
        steps["pretokenizers"].push_back(Json{{"type", "Split"}, {"pattern", {{"Regex", each}}}, {"behavior", "Isolated"}});
    steps["pretokenizers"].push_back(Json::parse(R"({"type":"ByteLevel","add_prefix_space":false,"use_regex":false})"));
    auto cut = makePreTokenizers(&steps, where);
    if (!cut)
        return failure(cut);
    parts.preTokenizers = std::move(*cut);
    const Json back = Json::parse(R"({"type":"ByteLevel"})");
    auto decoders = makeDecodeSteps(&back, where);
    if (!decoders)
        return failure(decoders);
    parts.decoders = std::move(*decoders);
    return parts;
}

} // namespace wb
