// One matrix among those that a tensor holds: the tensor itself, one of a stack by its number, or the rows (or columns) that belong
// together where several matrices are stored as one (fusedparts.h).
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensorsource.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wb {

struct FusedPart {
    struct Range {
        std::uint64_t first = 0, end = 0; // `end` is not included
        bool operator==(const Range&) const = default;
    };
    std::string role;          // "q_proj", "gate_proj", …: what it would be alone
    std::vector<Range> ranges; // in the order of its rows; of the stored rows, or of columns where the matrix is stored (in, out)
    bool columns = false;
    [[nodiscard]] std::uint64_t size() const; // rows (or columns) of it
    bool operator==(const FusedPart&) const = default;
};

class MatrixPart {
public:
    // Either is taken for the matrix that it names.
    MatrixPart(std::uint64_t stacked = 0) : m_stacked(stacked) {}
    MatrixPart(FusedPart fused) : m_fused(std::move(fused)) {}

    [[nodiscard]] std::uint64_t stacked() const { return m_stacked; } // 0 unless it is one of a stack
    [[nodiscard]] const std::optional<FusedPart>& fused() const { return m_fused; }
    [[nodiscard]] Matrix shapeIn(const TensorInfo& info) const;       // of a tensor of two or three dimensions
    [[nodiscard]] std::uint64_t bytesIn(const TensorInfo& info) const; // as stored
    // Runs of neighbouring elements of the tensor, in the order of the matrix's own rows.
    [[nodiscard]] std::vector<FusedPart::Range> runsIn(const TensorInfo& info) const;
    [[nodiscard]] std::string key() const; // equal exactly when it is the same matrix of a tensor; for caches
    bool operator==(const MatrixPart&) const = default;

private:
    std::uint64_t m_stacked = 0;
    std::optional<FusedPart> m_fused;
};

// As many matrices as a tensor of two or three dimensions is a stack of.
[[nodiscard]] std::uint64_t partsOf(const TensorInfo& info);

// Its elements, row-major. BadArgument, as the end of a sentence, for values that are not finite: what has no singular values.
[[nodiscard]] Result<std::vector<double>> readMatrix(const TensorSource& source, std::size_t tensor, const MatrixPart& part);

} // namespace wb
