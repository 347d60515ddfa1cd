// What becomes of the singular values of a matrix: one gain for each component, in the order of descending values. A gain of 1 keeps a
// component, 0 removes it. Given as a list, by rule, or by experts.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace wb {

struct ListedGains {
    std::vector<double> gains; // as many as the smaller side of the matrix
    bool operator==(const ListedGains&) const = default;
};
// Components first … end − 1 by `gain`, all others by 1; of overlapping bands the last one counts.
struct BandGains {
    struct Band {
        std::uint64_t first = 0, end = 0;
        double gain = 1;
        bool operator==(const Band&) const = default;
    };
    std::vector<Band> bands;
    bool operator==(const BandGains&) const = default;
};
// σ becomes σ₁·(σ/σ₁)^exponent: above 1 the spectrum falls faster, below 1 it is flattened. A singular value of 0 stays 0; so does one
// that is the rounding of 0, not above n·ε·σ₁, which a small exponent would raise to what no matrix holds.
struct PowerGains {
    double exponent = 1;
    bool operator==(const PowerGains&) const = default;
};
// Through points (place, gain), place 0 … 1 from the first component to the last, ascending; between them the gain (linear) or its
// logarithm (log; gains above 0) is interpolated, beyond them it stays.
struct CurveGains {
    struct Point {
        double place = 0, gain = 1;
        bool operator==(const Point&) const = default;
    };
    bool logarithmic = false;
    std::vector<Point> points;
    bool operator==(const CurveGains&) const = default;
};
// The fewest first components that hold this share of Σσ² stay, the others become 0.
struct EnergyCut {
    double share = 1; // 0 … 1
    bool operator==(const EnergyCut&) const = default;
};
struct RankCut {
    std::uint64_t rank = 0; // so many first components stay
    bool operator==(const RankCut&) const = default;
};

// The multipliers of one expert, by tensor name. Immutable and shared by all recipes that use it.
class GainTable {
public:
    explicit GainTable(std::map<std::string, std::vector<double>> gains);
    [[nodiscard]] const std::map<std::string, std::vector<double>>& all() const { return m_gains; }
    [[nodiscard]] const std::vector<double>* find(const std::string& tensor) const;
    [[nodiscard]] const std::string& hash() const { return m_hash; } // of names and gains
    bool operator==(const GainTable& other) const { return m_gains == other.m_gains; }

private:
    std::map<std::string, std::vector<double>> m_gains;
    std::string m_hash;
};
// Σ weight · gains of the parts: multipliers are mixed, not what they were trained as, on one decomposition.
struct MixedGains {
    struct Part {
        std::string name; // of the expert
        double weight = 1;
        std::shared_ptr<const GainTable> gains;
        bool operator==(const Part& other) const { return name == other.name && weight == other.weight && *gains == *other.gains; }
    };
    std::vector<Part> parts;
    bool operator==(const MixedGains&) const = default;
};

using Gains = std::variant<ListedGains, BandGains, PowerGains, CurveGains, EnergyCut, RankCut, MixedGains>;

// Singular-value fine-tuning by hand (Transformer²; Sun, Cetin & Tang 2025, arXiv 2501.06252): W' = U diag(c·g∘σ) Vᵀ. With the nuclear
// norm kept, as their code has it and their paper has not, c = Σσ / Σ g∘σ, so that a common gain does nothing; else c = 1.
struct Svf {
    Gains gains;
    bool keepNuclearNorm = false;

    Svf();
    Svf(Gains chosen, bool keepNorm);
    // Not in the class: where they are inlined GCC 12 warns of members that other kinds of gains have.
    Svf(const Svf& other);
    Svf(Svf&& other) noexcept;
    Svf& operator=(const Svf& other);
    Svf& operator=(Svf&& other) noexcept;
    ~Svf();
    bool operator==(const Svf& other) const;
};

// Why these gains cannot be used on matrices of so many components, as the end of a sentence; "" when they can.
[[nodiscard]] Sentence obstacleOfGains(const Svf& svf, const std::string& tensor, std::uint64_t components);
// c·g for each component, of which `values` are the singular values, descending; a strength s makes 1 + s·(g − 1) of a gain g first.
// BadArgument, as the end of a sentence, when there is no c: Σ g∘σ ≤ 0.
[[nodiscard]] Result<std::vector<double>> multipliers(const Svf& svf, double strength, const std::string& tensor, std::span<const double> values);
// The gain that all components have whatever the matrix, if there is one; 1 with the nuclear norm kept.
[[nodiscard]] std::optional<double> commonGain(const Svf& svf);

[[nodiscard]] std::string describe(const Svf& svf);  // language-neutral: "σ^1.1, Σσ kept", "rank ≤ 64"
[[nodiscard]] std::string canonical(const Svf& svf); // equal exactly when they are the same

} // namespace wb
