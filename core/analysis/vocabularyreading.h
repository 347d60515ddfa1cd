// A direction of the residual stream read through the vocabulary: the tokens whose row of an embedding or head points along it most, and
// against it most. What a singular vector of a layer's matrix listens to or writes, in words.
#pragma once

#include "core/analysis/matrixpart.h"
#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace wb {

struct VocabularyReading {
    struct Row {
        std::uint32_t token = 0;
        double cosine = 0; // of the token's row and the direction
    };
    std::vector<Row> along, against; // strongest first
};

// `direction` has as many numbers as the matrix (vocabulary, width) has columns. BadArgument otherwise.
[[nodiscard]] Result<VocabularyReading> readThroughVocabulary(const TensorSource& source, std::size_t matrix, std::span<const double> direction, std::size_t tokens, Progress& progress);

// Singular vector `component` of one of a tensor's matrices (rows, cols): U's column (outputs) or V's (inputs), of unit length. Decomposes once (decomposition.h).
[[nodiscard]] Result<std::vector<double>> singularVector(const TensorSource& source, std::size_t tensor, const MatrixPart& part, std::size_t component, bool outputs);

} // namespace wb
