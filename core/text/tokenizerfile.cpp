#include "core/text/tokenizerfile.h"

#include "core/base/file.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <iterator>
#include <set>

namespace wb {
namespace {

constexpr std::uint64_t maxFileBytes = 512U << 20;
constexpr std::size_t maxMerges = 16U << 20, maxPiece = 64U << 10, maxRestBytes = 64U << 20;
constexpr int maxDepth = 32;

class Reader {
public:
    Reader(TokenizerFile& file, std::string where) : m_file(file), m_where(std::move(where)), m_dom(m_rest, false) {}

    std::optional<Error> error;
    [[nodiscard]] Json takeRest() { return std::move(m_rest); }

    bool null() { return m_table == Table::None ? charge(1) && m_dom.null() : misplaced(said("null")); }
    bool boolean(bool value) { return m_table == Table::None ? charge(1) && m_dom.boolean(value) : misplaced(said(CORE_TEXT("reasons", "a truth value"))); }
    bool binary(Json::binary_t&) { return misplaced(said("binary")); }
    bool number_integer(std::int64_t value)
    {
        if (m_table == Table::None)
            return charge(8) && m_dom.number_integer(value);
        return m_table == Table::Scores ? score(static_cast<double>(value)) : misplaced(said(CORE_TEXT("reasons", "the number %1"), value));
    }
    bool number_unsigned(std::uint64_t value)
    {
        if (m_table == Table::None)
            return charge(8) && m_dom.number_unsigned(value);
        if (m_table == Table::Ids)
            return put(m_key, value);
        return m_table == Table::Scores ? score(static_cast<double>(value)) : misplaced(said(CORE_TEXT("reasons", "the number %1"), value));
    }
    bool number_float(double value, const std::string& text)
    {
        if (!std::isfinite(value))
            return refuse(said(CORE_TEXT("reasons", "the number %1 does not fit"), text.substr(0, 40)));
        if (m_table == Table::None)
            return charge(8) && m_dom.number_float(value, text);
        return m_table == Table::Scores ? score(value) : misplaced(said(CORE_TEXT("reasons", "the number %1"), text.substr(0, 40)));
    }
    bool string(std::string& value)
    {
        switch (m_table) {
        case Table::None: return charge(value.size()) && m_dom.string(value);
        case Table::Ids: return misplaced(said(CORE_TEXT("reasons", "a text")));
        case Table::Scores:
            if (m_depth != m_tableDepth + 1 || m_parts++ != 0)
                return misplaced(said(CORE_TEXT("reasons", "a text")));
            m_key = value;
            return true;
        case Table::Merges: return m_depth == m_tableDepth ? mergeOfText(value) : mergePart(value);
        }
        return true;
    }
    bool start_object(std::size_t size)
    {
        if (!deeper())
            return false;
        if (m_table != Table::None)
            return misplaced(said(CORE_TEXT("reasons", "an object")));
        if (m_next == Table::Ids) {
            open(Table::Ids);
            return true;
        }
        if (m_next == Table::Merges)
            return refuse(said(CORE_TEXT("reasons", "the merges are not a list")));
        m_keys.emplace_back();
        return charge(16) && m_dom.start_object(size);
    }
    bool end_object()
    {
        --m_depth;
        if (m_table == Table::Ids) {
            close();
            return true;
        }
        m_keys.pop_back();
        return m_dom.end_object();
    }
    bool start_array(std::size_t size)
    {
        if (!deeper())
            return false;
        if (m_table == Table::None && m_next != Table::None) {
            m_file.hasScores = m_file.hasScores || m_next == Table::Ids;
            open(m_next == Table::Ids ? Table::Scores : Table::Merges);
            return true;
        }
        m_parts = 0;
        if ((m_table == Table::Scores || m_table == Table::Merges) && m_depth == m_tableDepth + 1)
            return true;
        return m_table == Table::None ? charge(16) && m_dom.start_array(size) : misplaced(said(CORE_TEXT("reasons", "a list")));
    }
    bool end_array()
    {
        const int depth = m_depth--;
        if (m_table == Table::None)
            return m_dom.end_array();
        if (depth == m_tableDepth) {
            close();
            return true;
        }
        return m_parts == 2 || refuse(said(CORE_TEXT("reasons", "entry %1 of the %2 has %3 parts and not 2"), m_entry, name(), m_parts));
    }
    bool key(std::string& name)
    {
        if (m_table == Table::Ids) {
            m_key = name;
            return true;
        }
        if (!m_keys.back().insert(name).second)
            return refuse(said(CORE_TEXT("reasons", "the key %1 stands twice"), name.substr(0, 100)));
        if (m_depth == 1)
            m_inModel = name == "model";
        m_next = m_inModel && m_depth == 2 && name == "vocab"    ? Table::Ids
                 : m_inModel && m_depth == 2 && name == "merges" ? Table::Merges
                                                                 : Table::None;
        return m_next != Table::None || (charge(name.size()) && m_dom.key(name));
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&)
    {
        return refuse(said(CORE_TEXT("reasons", "it is not JSON in UTF-8 at byte %1"), position));
    }

private:
    enum class Table : std::uint8_t { None, Ids, Scores, Merges };

    [[nodiscard]] Sentence name() const { return said(m_table == Table::Merges ? CORE_TEXT("reasons", "merges") : CORE_TEXT("reasons", "vocabulary")); }
    void open(Table table)
    {
        m_table = table;
        m_tableDepth = m_depth;
        m_next = Table::None;
        m_entry = 0;
    }
    void close() { m_table = Table::None; }

    bool deeper() { return ++m_depth <= maxDepth || refuse(said(CORE_TEXT("reasons", "it is nested more than %1 deep"), maxDepth)); }
    // What becomes a document is bounded by itself.
    bool charge(std::size_t bytes)
    {
        if (m_next != Table::None)
            return refuse(said(CORE_TEXT("reasons", "the vocabulary or the merges are neither an object nor a list")));
        m_restBytes += bytes;
        return m_restBytes <= maxRestBytes || refuse(said(CORE_TEXT("reasons", "there are more than %1 bytes besides the vocabulary"), maxRestBytes));
    }
    bool misplaced(const Sentence& what) { return refuse(said(CORE_TEXT("reasons", "entry %1 of the %2 is or holds %3"), m_entry, name(), what)); }

    bool put(const std::string& piece, std::uint64_t id)
    {
        ++m_entry;
        if (piece.size() > maxPiece)
            return refuse(said(CORE_TEXT("reasons", "piece %1 has %2 bytes and %3 is the most"), id, piece.size(), maxPiece));
        switch (m_file.vocabulary.add(piece, static_cast<TokenId>(std::min<std::uint64_t>(id, ~0U)))) {
        case Vocabulary::Added::Yes: return true;
        case Vocabulary::Added::PieceTwice:
            if (m_file.hasScores) { // a list may; an object may not
                m_file.vocabulary.addAgain(piece, static_cast<TokenId>(id));
                return true;
            }
            return refuse(said(CORE_TEXT("reasons", "the piece %1 stands twice in the vocabulary"), piece.substr(0, 100)));
        case Vocabulary::Added::IdTwice: return refuse(said(CORE_TEXT("reasons", "two pieces have the id %1"), id));
        case Vocabulary::Added::IdTooLarge: break;
        }
        return refuse(said(CORE_TEXT("reasons", "the id %1 is larger than %2"), id, Vocabulary::maxId));
    }
    bool score(double value)
    {
        if (m_depth != m_tableDepth + 1 || m_parts++ != 1)
            return misplaced(said(CORE_TEXT("reasons", "a number")));
        m_file.scores.push_back(value);
        return put(m_key, m_file.scores.size() - 1);
    }

    bool mergeOfText(std::string_view text)
    {
        const std::size_t blank = text.find(' ');
        if (blank == std::string_view::npos || blank == 0 || blank + 1 == text.size() || text.find(' ', blank + 1) != std::string_view::npos)
            return refuse(said(CORE_TEXT("reasons", "merge %1 is not two pieces with a blank between"), m_entry));
        return merge(text.substr(0, blank), text.substr(blank + 1));
    }
    bool mergePart(const std::string& text)
    {
        if (m_parts == 0)
            m_key = text;
        if (++m_parts != 2)
            return m_parts < 2 || misplaced(said(CORE_TEXT("reasons", "three texts")));
        return merge(m_key, text);
    }
    bool merge(std::string_view left, std::string_view right)
    {
        ++m_entry;
        MergeList& list = m_file.merges;
        if (list.pairs.size() >= maxMerges || left.size() + right.size() > maxPiece)
            return refuse(said(CORE_TEXT("reasons", "there are more than %1 merges, or one is longer than %2 bytes"), maxMerges, maxPiece));
        list.add(left, right);
        return true;
    }

    bool refuse(const Sentence& why)
    {
        if (!error)
            error = errorOf(ErrorCode::TokenizerInvalid, m_where, why);
        return false;
    }

    TokenizerFile& m_file;
    std::string m_where;
    Json m_rest;
    nlohmann::detail::json_sax_dom_parser<Json> m_dom;
    std::vector<std::set<std::string>> m_keys; // of the open objects of the document
    int m_depth = 0, m_tableDepth = 0;
    bool m_inModel = false;
    Table m_table = Table::None; // being read
    Table m_next = Table::None;  // what the next value is
    std::string m_key;           // the piece whose id or score comes, or the left part of a merge
    std::size_t m_parts = 0;     // of an entry that is a list
    std::size_t m_entry = 0;
    std::size_t m_restBytes = 0;
};

// The bytes of a file one after the other, a block at a time.
class FileBytes {
public:
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;
    using iterator_category = std::input_iterator_tag;

    struct Source {
        const File& file;
        std::vector<char> block;
        std::uint64_t begin = 0; // of the block in the file
        std::optional<Error> error;
        std::size_t size = 0;

        bool fill(std::uint64_t at)
        {
            begin = at;
            size = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), file.size() - at));
            if (auto done = file.readAt(at, std::as_writable_bytes(std::span(block.data(), size))); !done) {
                error = done.error();
                return false;
            }
            return true;
        }
    };

    FileBytes() = default; // the end
    explicit FileBytes(Source& source) : m_source(&source) { more(0); }
    reference operator*() const { return *m_at; }
    FileBytes& operator++()
    {
        if (++m_at == m_end)
            more(m_source->begin + m_source->size);
        return *this;
    }
    FileBytes operator++(int)
    {
        FileBytes before = *this;
        ++*this;
        return before;
    }
    bool operator==(const FileBytes& other) const { return m_at == other.m_at; }

private:
    void more(std::uint64_t at)
    {
        m_at = m_end = nullptr;
        if (at < m_source->file.size() && m_source->fill(at)) {
            m_at = m_source->block.data();
            m_end = m_at + m_source->size;
        }
    }
    Source* m_source = nullptr;
    const char* m_at = nullptr;
    const char* m_end = nullptr;
};

template <typename Iterator>
Result<TokenizerFile> read(Iterator begin, Iterator end, const std::string& where)
{
    TokenizerFile file;
    Reader reader(file, where);
    if (!Json::sax_parse(std::move(begin), std::move(end), &reader))
        return tl::unexpected(reader.error.value_or(errorOf(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "it ends too early")))));
    file.rest = std::make_shared<const Json>(reader.takeRest());
    return file;
}

} // namespace

Result<TokenizerFile> readTokenizerText(std::string_view text, const std::string& where)
{
    return read(text.begin(), text.end(), where);
}

Result<TokenizerFile> readTokenizerFile(const std::filesystem::path& path)
{
    auto file = File::open(path);
    if (!file)
        return failure(file);
    if (file->size() > maxFileBytes)
        return fail(ErrorCode::FileTooLarge, path.string(), std::to_string(file->size()), std::to_string(maxFileBytes));
    FileBytes::Source source{*file, std::vector<char>(64U << 10), 0, std::nullopt, 0};
    auto content = read(FileBytes(source), FileBytes(), path.string());
    if (source.error)
        return tl::unexpected(*source.error);
    return content;
}

} // namespace wb
