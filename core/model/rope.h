// Rotary positions: pairs of elements of q and k are turned by position times a frequency per pair. The kinds and their
// formulas are those of transformers' modeling_rope_utils (linear; dynamic NTK; yarn, arXiv 2309.00071; longrope,
// arXiv 2402.13753; llama3).
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace wb {

class ConfigReader;

struct RopeConfig {
    enum class Kind : std::uint8_t { Fixed, Dynamic, Long };
    std::uint32_t dims = 0;   // of a head, from its first element on; the others stay
    bool neighbours = false;  // pairs (2i, 2i + 1); else (i, i + dims/2)
    float attentionFactor = 1; // cosines and sines are multiplied by it
    Kind kind = Kind::Fixed;
    std::vector<float> inverse;     // (dims/2) radians a position
    std::vector<float> longInverse; // Kind::Long: of sequences beyond originalLength
    std::uint64_t originalLength = 0;
    double base = 10000, factor = 1; // Kind::Dynamic

    // Of a sequence that has `length` tokens in all.
    [[nodiscard]] std::vector<float> frequencies(std::uint64_t length) const;
};

// What the family decides; everything else is read from rope_parameters, rope_scaling or keys beside them.
struct RopeDefaults {
    std::uint32_t headDim = 0;
    double base = 10000;
    const char* baseKey = "rope_theta";
    const char* partialKey = "partial_rotary_factor";
    double partial = 1;
    bool partialOfDefault = false; // whether the kind "default" honours the partial factor (Llama's does not)
    const char* layerType = nullptr; // part of rope_parameters that holds one per type of layer
    bool scaled = true;              // rope_scaling is about this one
    bool yarnIsLong = false;         // old Phi-3 files say "yarn" and mean longrope
};
[[nodiscard]] RopeConfig readRope(ConfigReader& reader, const RopeDefaults& defaults);

// (positions.size(), dims/2) each: cosines and sines in single precision, as the reference computes them.
void ropeTables(const RopeConfig& rope, std::span<const float> frequencies, std::span<const std::uint32_t> positions,
                std::span<float> cosines, std::span<float> sines);

} // namespace wb
