// Singular values of a matrix and what is read from them. Exact by LAPACK; of very large matrices, or when only the first are
// wanted, randomised with a bound that is computed and not hoped for.
#pragma once

#include "core/analysis/matrixpart.h"
#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace wb {

struct SpectrumOptions {
    std::size_t rank = 0;         // only the first so many, randomised; 0: all of them
    std::size_t exactUpTo = 8192; // smaller side: a larger matrix gives its first 512, randomised
    std::uint64_t seed = 0;       // of the random directions
};

// Exponent of the power law p(λ) ~ λ^−α in the tail of the eigenvalues λ = σ², by maximum likelihood above the λmin whose
// Kolmogorov-Smirnov distance is least (Clauset, Shalizi & Newman 2009, arXiv 0706.1062), what WeightWatcher calls alpha. As there and in the
// powerlaw package, the distance looks at one side of each step of the empirical distribution (the share of values below); the other side
// would add up to 1/tail and choose longer tails.
struct PowerLaw {
    double alpha = 0, minimum = 0, distance = 0;
    std::size_t tail = 0; // eigenvalues in it
};
inline constexpr std::size_t fewestForPowerLaw = 50;
// Ascending positive values; nothing with fewer than 50.
[[nodiscard]] std::optional<PowerLaw> fitPowerLaw(std::span<const double> ascending);

struct Spectrum {
    std::uint64_t rows = 0, cols = 0;
    std::optional<std::uint64_t> part;   // of a stacked tensor: the expert
    std::vector<double> values;          // descending
    bool exact = true;
    double errorBound = 0;               // no value is further off than this (absolute)
    double frobenius = 0, spectral = 0;
    double nuclear = 0;                  // of the values that are there
    double stableRank = 0;               // ‖A‖²F / σ₁²
    double effectiveRank = 0;            // exp of the entropy of σ/Σσ (Roy & Vetterli 2007); of the values that are there
    double condition = 0;                // σ₁ / the smallest; infinite where that is rounding of zero
    std::optional<PowerLaw> powerLaw;
    // Edge of the Marchenko-Pastur law for a random matrix of the same size and element variance: singular values above it are not noise.
    double randomEdge = 0;
    std::size_t aboveEdge = 0;           // values above it that are no rounding of zero
    double seconds = 0;
};

// One for a matrix, one for each expert of a stacked tensor. BadArgument for other shapes and for values that are not finite,
// OpaqueDtype. Any thread.
[[nodiscard]] Result<std::vector<Spectrum>> computeSpectrum(const TensorSource& source, std::size_t tensor, const SpectrumOptions& options, Progress& progress);
// One of its matrices alone.
[[nodiscard]] Result<Spectrum> computeSpectrum(const TensorSource& source, std::size_t tensor, const MatrixPart& part, const SpectrumOptions& options, Progress& progress);
// The same elements in random order (by seed): what its structure is compared with, WeightWatcher's randomised layer.
[[nodiscard]] Result<Spectrum> randomisedControl(const TensorSource& source, std::size_t tensor, const MatrixPart& part, std::uint64_t seed);
// What that takes at a time.
[[nodiscard]] std::uint64_t spectrumBytes(const TensorInfo& info);
// Whether a tensor has one.
[[nodiscard]] bool hasSpectrum(const TensorInfo& info);

// Of a matrix in memory (rows, cols), which is used up. Cancelled, as the thread's ProgressScope says.
[[nodiscard]] Result<Spectrum> spectrumOf(std::vector<double>& matrix, std::size_t rows, std::size_t cols, const SpectrumOptions& options = {});

// All that singular values alone say: without the edge of noise, for which the elements' mean must be known.
[[nodiscard]] Spectrum spectrumOfValues(std::vector<double> descending, std::size_t rows, std::size_t cols);

// What WeightWatcher says of a layer by its α: below 2 over-trained, above 6 under-trained. A hint, not a finding.
enum class TrainingHint : std::uint8_t { None, OverTrained, UnderTrained };
[[nodiscard]] TrainingHint trainingHint(const Spectrum& spectrum);

} // namespace wb
