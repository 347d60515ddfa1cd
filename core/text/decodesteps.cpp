// From pieces to text, as decoder of tokenizer.json names it.
#include "core/text/bytealphabet.h"
#include "core/text/stagefields.h"
#include "core/text/parts.h"
#include "core/text/replacing.h"
#include "core/text/unicode.h"

#include <array>

namespace wb {
namespace {

using Pieces = std::vector<std::string>;

class FromBytes final : public DecodeStep { // of the byte-level alphabet
public:
    void apply(Pieces& pieces) const override
    {
        std::string bytes;
        for (const std::string& piece : pieces) {
            const std::size_t before = bytes.size();
            bool all = true;
            for (std::size_t at = 0; at < piece.size() && all;) {
                const auto character = unicode::characterAt(piece, at);
                const auto byte = byteOfAlphabet(character.code);
                all = byte.has_value();
                if (all)
                    bytes += static_cast<char>(*byte);
                at += character.bytes;
            }
            if (!all) { // an added token, in plain characters
                bytes.resize(before);
                bytes += piece;
            }
        }
        pieces.assign(1, unicode::repaired(bytes));
    }
};

class ByteFallback final : public DecodeStep {
public:
    void apply(Pieces& pieces) const override
    {
        Pieces out;
        std::string bytes;
        const auto put = [&] {
            if (!unicode::firstInvalid(bytes))
                out.push_back(bytes);
            else
                out.insert(out.end(), bytes.size(), "\xEF\xBF\xBD");
            bytes.clear();
        };
        for (std::string& piece : pieces) {
            if (const auto byte = byteOf(piece)) {
                bytes += static_cast<char>(*byte);
                continue;
            }
            if (!bytes.empty())
                put();
            out.push_back(std::move(piece));
        }
        if (!bytes.empty())
            put();
        pieces = std::move(out);
    }

private:
    static std::optional<std::uint8_t> byteOf(std::string_view piece)
    {
        if (piece.size() != 6 || !piece.starts_with("<0x") || piece.back() != '>')
            return std::nullopt;
        unsigned value = 0;
        for (const char c : piece.substr(3, 2)) {
            if (std::isxdigit(static_cast<unsigned char>(c)) == 0)
                return std::nullopt;
            value = value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        return static_cast<std::uint8_t>(value);
    }
};

class Fuse final : public DecodeStep {
public:
    void apply(Pieces& pieces) const override
    {
        std::string all;
        for (const std::string& piece : pieces)
            all += piece;
        pieces.assign(1, std::move(all));
    }
};

class Strip final : public DecodeStep {
public:
    Strip(std::string content, std::uint64_t start, std::uint64_t stop) : m_content(std::move(content)), m_start(start), m_stop(stop) {}
    void apply(Pieces& pieces) const override
    {
        for (std::string& piece : pieces) {
            std::string_view text = piece;
            for (std::uint64_t i = 0; i < m_start && text.starts_with(m_content); ++i)
                text.remove_prefix(m_content.size());
            for (std::uint64_t i = 0; i < m_stop && text.ends_with(m_content); ++i)
                text.remove_suffix(m_content.size());
            piece = std::string(text);
        }
    }

private:
    std::string m_content; // one character
    std::uint64_t m_start, m_stop;
};

class FromMetaspace final : public DecodeStep {
public:
    FromMetaspace(std::string mark, bool dropsFirst) : m_mark(std::move(mark)), m_dropsFirst(dropsFirst) {}
    void apply(Pieces& pieces) const override
    {
        for (std::size_t i = 0; i < pieces.size(); ++i)
            pieces[i] = replaceText(pieces[i], m_mark, i == 0 && m_dropsFirst ? "" : " ");
    }

private:
    std::string m_mark;
    bool m_dropsFirst;
};

class JoinWordPieces final : public DecodeStep {
public:
    JoinWordPieces(std::string prefix, bool cleanup) : m_prefix(std::move(prefix)), m_cleanup(cleanup) {}
    void apply(Pieces& pieces) const override
    {
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (i > 0)
                pieces[i] = pieces[i].starts_with(m_prefix) ? pieces[i].substr(m_prefix.size()) : " " + pieces[i];
            if (m_cleanup)
                for (const auto& [from, to] : tidied)
                    pieces[i] = replaceText(pieces[i], from, to);
        }
    }

private:
    static constexpr std::array<std::pair<const char*, const char*>, 11> tidied{{{" .", "."}, {" ?", "?"}, {" !", "!"}, {" ,", ","}, {" ' ", "'"}, {" n't", "n't"},
                                                                                {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}}};
    std::string m_prefix;
    bool m_cleanup;
};

class EndsWords final : public DecodeStep { // BPEDecoder: a suffix marks the end of a word
public:
    explicit EndsWords(std::string suffix) : m_suffix(std::move(suffix)) {}
    void apply(Pieces& pieces) const override
    {
        for (std::size_t i = 0; i < pieces.size(); ++i)
            pieces[i] = replaceText(pieces[i], m_suffix, i + 1 == pieces.size() ? "" : " ");
    }

private:
    std::string m_suffix;
};

class ReplaceInPieces final : public DecodeStep {
public:
    ReplaceInPieces(TextPattern pattern, std::string content) : m_pattern(std::move(pattern)), m_content(std::move(content)) {}
    void apply(Pieces& pieces) const override
    {
        std::vector<TextPattern::Match> matches;
        for (std::string& piece : pieces) {
            if (!m_pattern.findAll(piece, matches) || matches.empty())
                continue; // a piece on which the pattern gives up stays
            std::string out;
            std::size_t at = 0;
            for (const auto& match : matches) {
                out.append(piece, at, match.begin - at).append(m_content);
                at = match.end;
            }
            piece = out.append(piece, at);
        }
    }

private:
    TextPattern m_pattern;
    std::string m_content;
};

constexpr int deepest = 8;
constexpr std::size_t mostGrowth = 4096; // that all replacements together may make of a character

Result<void> build(const Json& part, const std::string& where, int depth, std::size_t& growth, DecodeSteps& out)
{
    StageFields fields(part, CORE_TEXT("reasons", "the decoder"), where);
    const std::string type = fields.type();
    if (type == "Sequence") {
        const Json* list = fields.find("decoders");
        if (list == nullptr || !list->is_array() || depth >= deepest) {
            fields.wrong(said(CORE_TEXT("reasons", "decoders must be a list, at most %1 deep"), deepest));
        } else {
            for (const Json& element : *list)
                if (auto done = build(element, where, depth + 1, growth, out); !done)
                    return done;
        }
    } else if (type == "ByteLevel") {
        (void)fields.boolean("add_prefix_space", true); // of encoding; files repeat the whole object
        (void)fields.boolean("trim_offsets", true);
        (void)fields.boolean("use_regex", true);
        out.push_back(std::make_unique<FromBytes>());
    } else if (type == "ByteFallback") {
        out.push_back(std::make_unique<ByteFallback>());
    } else if (type == "Fuse") {
        out.push_back(std::make_unique<Fuse>());
    } else if (type == "Replace") {
        auto pattern = patternOf(fields);
        if (!pattern)
            return failure(pattern);
        const std::string content = fields.text("content");
        growth *= std::min(std::max<std::size_t>(1, content.size()), mostGrowth);
        if (growth > mostGrowth)
            fields.wrong(said(CORE_TEXT("reasons", "its replacements make up to %1 bytes of one"), growth));
        else
            out.push_back(std::make_unique<ReplaceInPieces>(std::move(*pattern), content));
    } else if (type == "Strip") {
        const std::string content = fields.text("content");
        if (content.empty() || unicode::characterAt(content, 0).bytes != content.size())
            fields.wrong(said(CORE_TEXT("reasons", "content must be one character")));
        const auto start = fields.count("start");
        out.push_back(std::make_unique<Strip>(content, start, fields.count("stop")));
    } else if (type == "Metaspace") {
        const std::string mark = fields.text("replacement", "\xE2\x96\x81");
        const bool prefix = fields.boolean("add_prefix_space", true);
        const std::string scheme = fields.text("prepend_scheme", prefix ? "always" : "never");
        (void)fields.boolean("split", true);
        (void)fields.find("str_rep");
        if (mark.empty())
            fields.wrong(said(CORE_TEXT("reasons", "replacement must be one character")));
        out.push_back(std::make_unique<FromMetaspace>(mark, scheme != "never"));
    } else if (type == "WordPiece") {
        const std::string prefix = fields.text("prefix", "##");
        out.push_back(std::make_unique<JoinWordPieces>(prefix, fields.boolean("cleanup", true)));
    } else if (type == "BPEDecoder") {
        out.push_back(std::make_unique<EndsWords>(fields.text("suffix", "</w>")));
    } else if (!type.empty()) {
        fields.unsupported(said(CORE_TEXT("reasons", "the decoder %1"), type.substr(0, 100)));
    }
    return fields.done();
}

} // namespace

Result<DecodeSteps> makeDecodeSteps(const Json* part, const std::string& where)
{
    DecodeSteps list;
    std::size_t growth = 1;
    if (part != nullptr && !part->is_null())
        if (auto done = build(*part, where, 0, growth, list); !done)
            return failure(done);
    if (list.size() > mostStages)
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "%1 decoders are more stages than %2"), list.size(), mostStages));
    return list;
}

} // namespace wb
