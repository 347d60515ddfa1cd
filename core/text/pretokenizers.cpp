// Cutting a text into words, as pre_tokenizer of tokenizer.json names it.
#include "core/text/bytealphabet.h"
#include "core/text/stagefields.h"
#include "core/text/parts.h"
#include "core/text/splitting.h"
#include "core/text/textpattern.h"
#include "core/text/unicode.h"

namespace wb {
namespace {

constexpr const char* gpt2Split = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

class Split final : public PreTokenizer {
public:
    Split(TextPattern pattern, SplitBehavior behavior, bool invert)
        : m_pattern(std::move(pattern)), m_behavior(behavior), m_invert(invert)
    {
    }
    Result<void> apply(Words& words) const override
    {
        std::vector<TextView> out;
        std::vector<TextPattern::Match> matches;
        for (const TextView& word : words.list) {
            if (auto done = m_pattern.findAll(word.text, matches); !done)
                return done;
            splitAt(word, matches, m_behavior, m_invert, out);
        }
        words.list = std::move(out);
        return {};
    }

private:
    TextPattern m_pattern;
    SplitBehavior m_behavior;
    bool m_invert;
};

class ByteLevel final : public PreTokenizer {
public:
    ByteLevel(bool addPrefixSpace, std::optional<TextPattern> pattern, bool keepsBytes)
        : m_addPrefixSpace(addPrefixSpace), m_pattern(std::move(pattern)), m_keepsBytes(keepsBytes)
    {
    }
    Result<void> apply(Words& words) const override
    {
        if (m_addPrefixSpace)
            addSpaces(words);
        if (m_pattern) {
            std::vector<TextView> out;
            std::vector<TextPattern::Match> matches;
            for (const TextView& word : words.list) {
                if (auto done = m_pattern->findAll(word.text, matches); !done)
                    return done;
                splitAt(word, matches, SplitBehavior::Isolated, false, out);
            }
            words.list = std::move(out);
        }
        for (TextView& word : words.list) {
            if (m_keepsBytes)
                word.bytes = true; // the model maps them
            else
                spellOut(words.made, word);
        }
        return {};
    }

private:
    static void addSpaces(Words& words)
    {
        for (TextView& word : words.list)
            if (!word.text.empty() && !word.text.starts_with(' ')) {
                TracedText& text = words.made.emplace_back();
                text.append(" ", {word.sourceBegin(), word.sourceBegin()});
                text.append(word);
                word = text.view();
            }
    }
    static void spellOut(std::deque<TracedText>& made, TextView& word)
    {
        TracedText& text = made.emplace_back();
        for (std::size_t i = 0; i < word.text.size(); ++i)
            text.append(alphabetOf(static_cast<std::uint8_t>(word.text[i])), word.source(i, i + 1));
        word = text.view();
    }

    bool m_addPrefixSpace;
    std::optional<TextPattern> m_pattern;
    bool m_keepsBytes; // the last stage before a model that maps them
};

// Blanks become a visible mark, and one is put in front.
class Metaspace final : public PreTokenizer {
public:
    enum class Prepend : std::uint8_t { Always, First, Never };
    Metaspace(std::string mark, Prepend prepend, bool split) : m_mark(std::move(mark)), m_prepend(prepend), m_split(split) {}
    Result<void> apply(Words& words) const override
    {
        std::vector<TextView> out;
        std::vector<TextPattern::Match> marks;
        for (const TextView& word : words.list) {
            TracedText& text = words.made.emplace_back();
            const bool marked = word.text.starts_with(m_mark) || word.text.starts_with(' ');
            if (!marked && (m_prepend == Prepend::Always || (m_prepend == Prepend::First && word.sourceBegin() == 0)))
                text.append(m_mark, {word.sourceBegin(), word.sourceBegin()});
            for (std::size_t at = 0; at < word.text.size();) {
                const std::size_t blank = std::min(word.text.find(' ', at), word.text.size());
                text.append(word.slice(at, blank));
                if (blank < word.text.size())
                    text.append(m_mark, word.source(blank, blank + 1));
                at = blank + 1;
            }
            if (!m_split) {
                out.push_back(text.view());
                continue;
            }
            marks.clear();
            for (std::size_t at = text.text.find(m_mark); at != std::string::npos; at = text.text.find(m_mark, at + m_mark.size()))
                marks.push_back({at, at + m_mark.size()});
            splitAt(text.view(), marks, SplitBehavior::MergedWithNext, false, out);
        }
        words.list = std::move(out);
        return {};
    }

private:
    std::string m_mark;
    Prepend m_prepend;
    bool m_split;
};

// Cuts at single characters of a kind.
class SplitAtCharacters final : public PreTokenizer {
public:
    SplitAtCharacters(std::function<bool(char32_t)> matches, SplitBehavior behavior)
        : m_matches(std::move(matches)), m_behavior(behavior)
    {
    }
    Result<void> apply(Words& words) const override
    {
        std::vector<TextView> out;
        std::vector<TextPattern::Match> found;
        for (const TextView& word : words.list) {
            found.clear();
            for (std::size_t at = 0; at < word.text.size();) {
                const auto character = unicode::characterAt(word.text, at);
                if (m_matches(character.code))
                    found.push_back({at, at + character.bytes});
                at += character.bytes;
            }
            splitAt(word, found, m_behavior, false, out);
        }
        words.list = std::move(out);
        return {};
    }

private:
    std::function<bool(char32_t)> m_matches;
    SplitBehavior m_behavior;
};

// Runs of word characters and runs of other characters; blanks are left out.
class Whitespace final : public PreTokenizer {
public:
    Result<void> apply(Words& words) const override
    {
        const auto kindAt = [](const TextView& word, std::size_t at) {
            const char32_t code = unicode::characterAt(word.text, at).code;
            return unicode::isWord(code) ? 1 : unicode::isWhiteSpace(code) ? 0 : 2;
        };
        std::vector<TextView> out;
        for (const TextView& word : words.list) {
            for (std::size_t begin = 0; begin < word.text.size();) {
                const int kind = kindAt(word, begin);
                std::size_t end = begin;
                while (end < word.text.size() && kindAt(word, end) == kind)
                    end += unicode::characterAt(word.text, end).bytes;
                if (kind != 0)
                    out.push_back(word.slice(begin, end));
                begin = end;
            }
        }
        words.list = std::move(out);
        return {};
    }
};

constexpr const char* what = CORE_TEXT("reasons", "the pre-tokenizer");
constexpr int deepest = 8;

SplitBehavior behaviorOf(StageFields& fields, std::optional<std::string> otherwise)
{
    const std::string name = fields.text("behavior", std::move(otherwise));
    if (name == "Removed")
        return SplitBehavior::Removed;
    if (name == "MergedWithPrevious")
        return SplitBehavior::MergedWithPrevious;
    if (name == "MergedWithNext")
        return SplitBehavior::MergedWithNext;
    if (name == "Contiguous")
        return SplitBehavior::Contiguous;
    if (name != "Isolated")
        fields.unsupported(said(CORE_TEXT("reasons", "the split behavior %1"), name.substr(0, 100)));
    return SplitBehavior::Isolated;
}

std::unique_ptr<const PreTokenizer> makeMetaspace(StageFields& fields)
{
    const std::string mark = fields.text("replacement", "\xE2\x96\x81");
    if (mark.empty() || unicode::characterAt(mark, 0).bytes != mark.size())
        fields.wrong(said(CORE_TEXT("reasons", "replacement must be one character")));
    const bool prefix = fields.boolean("add_prefix_space", true);
    const std::string scheme = fields.text("prepend_scheme", prefix ? "always" : "never");
    if (scheme != "always" && scheme != "first" && scheme != "never")
        fields.unsupported(said(CORE_TEXT("reasons", "the prepend scheme %1"), scheme.substr(0, 100)));
    (void)fields.find("str_rep"); // older files repeat the mark
    return std::make_unique<Metaspace>(mark,
                                       scheme == "always"  ? Metaspace::Prepend::Always
                                       : scheme == "first" ? Metaspace::Prepend::First
                                                           : Metaspace::Prepend::Never,
                                       fields.boolean("split", true));
}

Result<void> build(const Json& part, const std::string& where, bool keepsBytes, int depth, PreTokenizers& out);

Result<void> buildSequence(StageFields& fields, const std::string& where, bool keepsBytes, int depth, PreTokenizers& out)
{
    const Json* list = fields.find("pretokenizers");
    if (list == nullptr || !list->is_array() || depth >= deepest) {
        fields.wrong(said(CORE_TEXT("reasons", "pretokenizers must be a list, at most %1 deep"), deepest));
        return {};
    }
    for (std::size_t i = 0; i < list->size(); ++i)
        if (auto done = build((*list)[i], where, keepsBytes && i + 1 == list->size(), depth + 1, out); !done)
            return done;
    return {};
}

Result<void> build(const Json& part, const std::string& where, bool keepsBytes, int depth, PreTokenizers& out)
{
    StageFields fields(part, what, where);
    const std::string type = fields.type();
    if (type == "Sequence") {
        if (auto done = buildSequence(fields, where, keepsBytes, depth, out); !done)
            return done;
    } else if (type == "ByteLevel") {
        std::optional<TextPattern> pattern;
        if (fields.boolean("use_regex", true)) {
            auto compiled = TextPattern::compile(gpt2Split, where);
            if (!compiled)
                return failure(compiled);
            pattern = std::move(*compiled);
        }
        (void)fields.boolean("trim_offsets", true); // of offsets, which are ours
        out.push_back(std::make_unique<ByteLevel>(fields.boolean("add_prefix_space", true), std::move(pattern), keepsBytes));
    } else if (type == "Split") {
        auto pattern = patternOf(fields);
        if (!pattern)
            return failure(pattern);
        const auto behavior = behaviorOf(fields, std::nullopt);
        out.push_back(std::make_unique<Split>(std::move(*pattern), behavior, fields.boolean("invert", false)));
    } else if (type == "Metaspace") {
        out.push_back(makeMetaspace(fields));
    } else if (type == "Whitespace") {
        out.push_back(std::make_unique<Whitespace>());
    } else if (type == "WhitespaceSplit") {
        out.push_back(std::make_unique<SplitAtCharacters>(unicode::isWhiteSpace, SplitBehavior::Removed));
    } else if (type == "BertPreTokenizer") {
        out.push_back(std::make_unique<SplitAtCharacters>(unicode::isWhiteSpace, SplitBehavior::Removed));
        out.push_back(std::make_unique<SplitAtCharacters>(unicode::isBertPunctuation, SplitBehavior::Isolated));
    } else if (type == "Punctuation") {
        out.push_back(std::make_unique<SplitAtCharacters>(unicode::isBertPunctuation, behaviorOf(fields, "Isolated")));
    } else if (type == "Digits") {
        const bool single = fields.boolean("individual_digits", false);
        out.push_back(std::make_unique<SplitAtCharacters>(unicode::isNumber, single ? SplitBehavior::Isolated : SplitBehavior::Contiguous));
    } else if (type == "CharDelimiterSplit") {
        const std::string delimiter = fields.text("delimiter");
        if (delimiter.empty() || unicode::characterAt(delimiter, 0).bytes != delimiter.size())
            fields.wrong(said(CORE_TEXT("reasons", "delimiter must be one character")));
        else
            out.push_back(std::make_unique<SplitAtCharacters>(
                [code = unicode::characterAt(delimiter, 0).code](char32_t c) { return c == code; }, SplitBehavior::Removed));
    } else if (!type.empty()) {
        fields.unsupported(said(CORE_TEXT("reasons", "the pre-tokenizer %1"), type.substr(0, 100)));
    }
    return fields.done();
}

} // namespace

Result<PreTokenizers> makePreTokenizers(const Json* part, const std::string& where, bool takesBytes)
{
    PreTokenizers list;
    if (part != nullptr && !part->is_null())
        if (auto done = build(*part, where, takesBytes, 0, list); !done)
            return failure(done);
    if (list.size() > mostStages)
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "%1 pre-tokenizers are more stages than %2"), list.size(), mostStages));
    return list;
}

} // namespace wb
