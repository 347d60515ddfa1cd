// What flows through a model on a text: size and shape of the values at each observation site, channel by channel; activations
// that dwarf all others with the single weight behind them; how experts are chosen.
#pragma once

#include "core/analysis/pairedchange.h"
#include "core/model/forward.h"

#include <cstdint>
#include <span>
#include <vector>

namespace wb {

struct ActivationOptions {
    std::size_t window = 512; // tokens the model sees at once
    Precision precision = Precision::F32;
};

struct SiteActivity {
    std::size_t layer = 0;
    Site site = Site::Block;
    std::size_t width = 0;
    double mean = 0, std = 0;
    double kurtosis = 0; // fourth moment about the mean over the squared variance; 3 for a normal distribution
    double energy = 0;   // mean square
    float largest = 0;   // in magnitude, with its sign
    std::size_t largestToken = 0, largestChannel = 0;
    std::vector<float> channelMean, channelEnergy, channelLargest; // (width) each; the last in magnitude
    std::vector<double> runFirst, runSecond; // of each run of tokens: sum over its tokens of the mean, and of the mean square, over channels
};

// Above 100 in magnitude and 1000 times the median magnitude of the layer's states, of up to 512 tokens of its window (Sun et al.
// 2024, arXiv 2402.17762).
struct MassiveActivation {
    std::size_t layer = 0; // the state that enters it; the number of layers: that behind the last block
    std::size_t token = 0, channel = 0;
    float value = 0;
    double overMedian = 0;
};

// The largest value that a feed-forward adds, and the element of its down matrix that makes most of it: where that share is near
// one and the value massive, a super weight (Yu et al. 2024, arXiv 2411.07191).
struct FeedForwardPeak {
    std::size_t layer = 0, token = 0;
    std::size_t row = 0, col = 0;  // of down: channel of the stream, channel inside
    float value = 0, input = 0, weight = 0;
    double share = 0;              // weight · input over what down makes there: the value, but for a norm behind down
    double overTypical = 0;        // value over the root mean square of all that this feed-forward adds
};

struct Routing {
    std::size_t layer = 0, experts = 0, chosen = 0;
    std::vector<double> frequency; // (experts) share of tokens that choose it
    std::vector<double> together;  // (experts, experts) share of tokens that choose both
    double balance = 0;            // entropy of the choices over its largest value: 1 when all are chosen alike
};

struct ActivationReport {
    std::size_t tokens = 0;
    std::size_t runLength = 1;              // tokens of a run; the last one may be shorter
    std::vector<SiteActivity> sites;        // in the order of computation
    std::vector<MassiveActivation> massive; // of each layer the largest ones, at most massiveKept
    std::vector<std::uint64_t> massiveCount; // (layers + 1) all of them
    std::vector<FeedForwardPeak> peaks;     // of each plain or gated feed-forward
    std::vector<Routing> routing;           // of each mixture of experts
    double seconds = 0;
};
inline constexpr std::size_t massiveKept = 16;

inline constexpr std::size_t activationRuns = 512; // at most

// Other less this where a figure is a mean over tokens, or the root of one. The observations are runs of neighbouring tokens, which are
// alike: each token alone up to 512 tokens, 512 runs of equal length in a longer text. The root by its linear approximation.
struct ActivityChange {
    std::size_t layer = 0;
    Site site = Site::Block;
    PairedChange mean, energy, rms;
};
// Of the sites that both have; empty when they were not read on the same number of tokens.
[[nodiscard]] std::vector<ActivityChange> activationChange(const ActivationReport& a, const ActivationReport& b);

// Progress in tokens. BadArgument for a window of 0; LogitsNotFinite with the layer for values that are not finite.
[[nodiscard]] Result<ActivationReport> computeActivations(const Model& model, std::span<const std::uint32_t> tokens, const ActivationOptions& options,
                                                          Progress& progress);
[[nodiscard]] std::uint64_t activationBytes(const ModelConfig& config, const ActivationOptions& options); // beside the weights

} // namespace wb
