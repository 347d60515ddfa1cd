// Matrices that are stored as one: q, k and v, or gate and up. Their singular values are those of each part, which the whole only mixes.
#pragma once

#include "core/analysis/matrixpart.h"
#include "core/model/roles.h"

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace wb {

// What a part can be.
inline constexpr std::array<std::string_view, 5> fusedRoles = {"q_proj", "k_proj", "v_proj", "gate_proj", "up_proj"};

// Which tensors of a checkpoint are such, where the engine knows its architecture; read from config, names and shapes.
class FusedParts {
public:
    // `roles`: rolesOf() its tensors.
    FusedParts(const TensorSource& source, std::span<const TensorRole> roles);
    [[nodiscard]] std::span<const FusedPart> of(std::size_t tensor) const; // none: it is one matrix

private:
    std::map<std::size_t, std::vector<FusedPart>> m_parts;
};

// The part of that role among those of one tensor; null when there is none.
[[nodiscard]] const FusedPart* partWithRole(std::span<const FusedPart> parts, std::string_view role);
// Why it is null, as the end of a sentence.
[[nodiscard]] Sentence noPartSentence(std::span<const FusedPart> parts, const std::string& role);

} // namespace wb
