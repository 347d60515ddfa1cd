// Scoring two models side by side and stopping as soon as the answer is clear, with the rate of false alarms exact.
//
// Under "the edit makes no difference" each item that only one side gets right (discordant) falls to either side like a fair
// coin, whatever the share of such items. The sum over discordant items is then a symmetric random walk, and the chance that it
// ever crosses a boundary within a known number of steps is counted step by step, not simulated. The boundary is that of a
// constant level (Pocock 1977): after d discordant items stop when McNemar's exact p of them alone is at most `level`, where
// `level` is the largest for which a crossing within `most` steps has a chance of at most `alpha`. Looking less often than after
// every item only makes alarms rarer. Stopping for lack of hope (hopeless()) adds none.
#pragma once

#include <cstdint>
#include <vector>

namespace wb {

class SequentialDesign {
public:
    // `most`: items to be scored at most, and so discordant ones. 0 < alpha < 1.
    SequentialDesign(std::uint64_t most, double alpha);

    [[nodiscard]] double level() const { return m_level; }       // McNemar's p at which to stop
    [[nodiscard]] double falseAlarms() const { return m_alarms; } // exact chance of a crossing without a difference; ≤ alpha
    [[nodiscard]] std::uint64_t most() const { return m_most; }

    [[nodiscard]] bool crossed(std::uint64_t onlyA, std::uint64_t onlyB) const;
    // Even if all of the `left` items fell to the side that leads, there would be no crossing.
    [[nodiscard]] bool hopeless(std::uint64_t onlyA, std::uint64_t onlyB, std::uint64_t left) const;
    // Of a path whose smallest McNemar p so far was `smallest`: the chance without a difference that some p within `most` steps is
    // as small. A valid p whenever one stops.
    [[nodiscard]] double p(double smallest) const;
    // Chance of a crossing within `discordant` steps when each falls to one side with probability `share`.
    [[nodiscard]] double power(double share, std::uint64_t discordant) const;

private:
    std::uint64_t m_most;
    double m_level = 0, m_alarms = 0;
    std::vector<std::uint64_t> m_boundary; // after d steps: least count of the larger side that crosses; d + 1: none does
};

} // namespace wb
