#include "core/text/splitting.h"

namespace wb {
namespace {

struct Part {
    std::size_t begin, end;
    bool matched;
};

// The whole text in matched and other parts.
void cover(std::size_t size, std::span<const TextPattern::Match> matches, bool invert, std::vector<Part>& parts)
{
    std::size_t at = 0;
    for (const auto& match : matches) {
        if (at < match.begin)
            parts.push_back({at, match.begin, invert});
        parts.push_back({match.begin, match.end, !invert});
        at = match.end;
    }
    if (at < size)
        parts.push_back({at, size, invert});
}

} // namespace

void splitAt(const TextView& text, std::span<const TextPattern::Match> matches, SplitBehavior behavior, bool invert,
             std::vector<TextView>& out)
{
    if (behavior == SplitBehavior::Isolated) { // the common one: each part by itself, whatever it is
        std::size_t at = 0;
        for (const auto& match : matches) {
            if (at < match.begin)
                out.push_back(text.slice(at, match.begin));
            if (match.begin < match.end)
                out.push_back(text.slice(match.begin, match.end));
            at = match.end;
        }
        if (at < text.text.size())
            out.push_back(text.slice(at, text.text.size()));
        return;
    }
    std::vector<Part> parts;
    cover(text.text.size(), matches, invert, parts);
    for (std::size_t i = 0; i < parts.size();) {
        Part part = parts[i++];
        const auto join = [&] { part.end = parts[i++].end; };
        switch (behavior) {
        case SplitBehavior::Isolated: break;
        case SplitBehavior::Removed:
            if (part.matched)
                continue;
            break;
        case SplitBehavior::MergedWithPrevious: // one match ends a part; a second one begins its own
            if (!part.matched && i < parts.size() && parts[i].matched)
                join();
            break;
        case SplitBehavior::MergedWithNext:
            if (part.matched && i < parts.size() && !parts[i].matched)
                join();
            break;
        case SplitBehavior::Contiguous:
            while (i < parts.size() && parts[i].matched == part.matched)
                join();
            break;
        }
        if (part.begin < part.end)
            out.push_back(text.slice(part.begin, part.end));
    }
}

} // namespace wb
