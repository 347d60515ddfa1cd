// Matrices that are stored as one: q, k and v, or gate and up. Their singular values are those of each part, which the whole only mixes.
#pragma once

#include "core/analysis/spectrum.h"
#include "core/model/roles.h"

#include <map>
#include <string>

namespace wb {

struct FusedPart {
    struct Range {
        std::uint64_t first = 0, end = 0; // `end` is not included
    };
    std::string role;          // "q_proj", "gate_proj", …: what it would be alone
    std::vector<Range> ranges; // in the order of its rows; of the stored rows, or of columns where the matrix is stored (in, out)
    bool columns = false;
    [[nodiscard]] std::uint64_t size() const; // rows (or columns) of it
};

// Which tensors of a checkpoint are such, where the engine knows its architecture; read from config, names and shapes.
class FusedParts {
public:
    // `roles`: rolesOf() its tensors.
    FusedParts(const TensorSource& source, std::span<const TensorRole> roles);
    [[nodiscard]] std::span<const FusedPart> of(std::size_t tensor) const; // none: it is one matrix

private:
    std::map<std::size_t, std::vector<FusedPart>> m_parts;
};

// Of one part, as computeSpectrum() of a matrix. Any thread.
[[nodiscard]] Result<Spectrum> computeSpectrum(const TensorSource& source, std::size_t tensor, const FusedPart& part, const SpectrumOptions& options);

} // namespace wb
