#include "core/text/unigram.h"

#include "core/text/unicode.h"

#include <fmt/format.h>

#include <algorithm>

namespace wb {

Unigram::Unigram(const Vocabulary& vocabulary, std::vector<double> scores, std::optional<TokenId> unknown, bool byteFallback)
    : m_vocabulary(vocabulary), m_scores(std::move(scores)), m_unknown(unknown)
{
    m_unknownScore = (m_scores.empty() ? 0 : *std::ranges::min_element(m_scores)) - penalty;
    for (TokenId id = 0; id < vocabulary.size(); ++id)
        if (const auto piece = vocabulary.piece(id); piece && !piece->empty())
            m_pieces.add(*piece, *vocabulary.find(*piece)); // of equal ones the last counts
    std::array<TokenId, 256> bytes{};
    bool all = byteFallback;
    for (unsigned b = 0; b < 256 && all; ++b) {
        const auto id = vocabulary.find(fmt::format("<0x{:02X}>", b));
        all = id.has_value();
        bytes[b] = id.value_or(0);
    }
    if (all)
        m_bytes = bytes;
}

bool Unigram::tokenize(const TextView& word, Encoding& out) const
{
    struct Best { // of the cuts that end at a place
        double score = 0;
        std::size_t begin = 0;
        TokenId id = 0;
        bool reached = false, known = false;
    };
    const std::string_view text = word.text;
    thread_local std::vector<Best> best;
    best.assign(text.size() + 1, {});
    for (std::size_t begin = 0; begin < text.size();) {
        const double before = best[begin].score;
        const std::size_t character = unicode::characterAt(text, begin).bytes;
        bool whole = false; // the character by itself is a piece
        const auto offer = [&](std::size_t end, double score, TokenId id, bool known) {
            if (!best[end].reached || score > best[end].score)
                best[end] = {score, begin, id, true, known};
        };
        m_pieces.at(text, begin, [&](std::size_t length, TokenId id) {
            offer(begin + length, before + m_scores[id], id, m_unknown != id);
            whole = whole || length == character;
        });
        if (!whole)
            offer(begin + character, before + m_unknownScore, 0, false);
        begin += character;
    }
    std::vector<std::size_t> cuts; // from the end; a run of unknowns has none inside
    for (std::size_t end = text.size(); end > 0;) {
        cuts.push_back(end);
        std::size_t begin = best[end].begin;
        while (!best[end].known && begin > 0 && !best[begin].known)
            begin = best[begin].begin;
        end = begin;
    }
    std::size_t begin = 0;
    for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut) {
        if (!put(word, begin, *cut, out))
            return false;
        begin = *cut;
    }
    return true;
}

bool Unigram::put(const TextView& word, std::size_t begin, std::size_t end, Encoding& out) const
{
    const std::string_view text = word.text.substr(begin, end - begin);
    const ByteRange range = word.source(begin, end);
    if (const auto id = m_vocabulary.find(text)) {
        out.ids.push_back(*id);
        out.ranges.push_back(range);
    } else if (m_bytes) {
        for (const char c : text) {
            out.ids.push_back((*m_bytes)[static_cast<unsigned char>(c)]);
            out.ranges.push_back(range);
        }
    } else if (m_unknown) {
        out.ids.push_back(*m_unknown);
        out.ranges.push_back(range);
    } else {
        return false;
    }
    return true;
}

} // namespace wb
