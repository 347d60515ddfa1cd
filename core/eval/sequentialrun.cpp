#include "core/eval/sequentialrun.h"

#include "core/base/random.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace wb {
namespace {

constexpr std::size_t block = Scorer::sequences;
constexpr std::uint64_t shuffleStream = 2; // 1 chooses the items
constexpr std::array names = {"difference", "hopeless", "all_items"};

Result<std::vector<ItemResult>> scoreBlock(Scorer& scorer, std::span<const std::size_t> items, Progress& progress, const OnItem& onItem)
{
    std::vector<ItemResult> results;
    const auto keep = [&](const ItemResult& result) {
        results.push_back(result);
        onItem(result);
    };
    if (auto done = scorer.score(items, progress, keep); !done)
        return failure(done);
    return results;
}

} // namespace

const char* sequentialEndName(SequentialEnd end) { return names[static_cast<std::size_t>(end)]; }

std::vector<std::size_t> shuffledItems(const Task& task, const EvaluateOptions& options)
{
    std::vector<std::size_t> items = chosenItems(task, options);
    for (std::size_t i = items.size(); i > 1; --i)
        std::swap(items[i - 1], items[std::min(i - 1, static_cast<std::size_t>(uniform(options.seed, shuffleStream, i) * static_cast<double>(i)))]);
    return items;
}

Result<SequentialReport> evaluateUntilClear(Scorer& a, Scorer& b, const Task& task, const EvaluateOptions& options, const SequentialDesign& design,
                                            Progress& progress, const OnEitherItem& onItem)
{
    const auto tellOf = [&onItem](bool ofB) {
        return [&onItem, ofB](const ItemResult& result) {
            if (onItem)
                onItem(ofB, result);
        };
    };
    const auto start = std::chrono::steady_clock::now();
    if (options.samples != 1)
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "early stop")), said(CORE_TEXT("reasons", "it counts items with one answer each; give one sample")));
    const std::vector<std::size_t> items = shuffledItems(task, options);
    if (items.size() > design.most())
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "early stop")), said(CORE_TEXT("reasons", "%1 items are more than the design's %2"), items.size(), design.most()));
    progress.begin(ProgressStage::Computing, ProgressUnit::Items, 2 * items.size());
    SequentialReport report;
    std::vector<ItemResult> left, right;
    std::uint64_t onlyA = 0, onlyB = 0;
    double smallest = 1;
    bool clear = false;
    for (std::size_t first = 0; first < items.size() && !clear; first += block) {
        const auto some = std::span(items).subspan(first, std::min(block, items.size() - first));
        auto mine = scoreBlock(a, some, progress, tellOf(false));
        if (!mine)
            return failure(mine);
        auto theirs = scoreBlock(b, some, progress, tellOf(true));
        if (!theirs)
            return failure(theirs);
        for (std::size_t i = 0; i < some.size(); ++i) {
            const bool one = (*mine)[i].correct, other = (*theirs)[i].correct;
            if (one == other)
                continue;
            ++(one ? onlyA : onlyB);
            smallest = std::min(smallest, mcnemarExact(onlyA, onlyB));
            clear = clear || design.crossed(onlyA, onlyB);
        }
        left.insert(left.end(), mine->begin(), mine->end());
        right.insert(right.end(), theirs->begin(), theirs->end());
        report.end = clear ? SequentialEnd::Difference : SequentialEnd::AllItems;
        const std::size_t still = items.size() - left.size();
        if (!clear && still != 0 && design.hopeless(onlyA, onlyB, still)) {
            report.end = SequentialEnd::Hopeless;
            break;
        }
    }
    report.discordant = onlyA + onlyB;
    report.p = design.p(smallest);
    report.a = summarise(std::move(left), options.seed);
    report.b = summarise(std::move(right), options.seed);
    report.a.seconds = report.b.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

} // namespace wb
