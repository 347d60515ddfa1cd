// Matrices of numbers of 8 bits with factors in tensors beside them (core/tensor/float8factors.h): what the
// config says of them, and the factors themselves. Sources: the config and loader of DeepSeek-V3 (blocks), compressed-tensors
// ("float-quantized": a factor for the matrix, a row, or a block), FBGEMM (rows).
#pragma once

#include "core/model/configreader.h"
#include "core/model/kernels.h"
#include "core/tensor/tensorsource.h"

#include <vector>

namespace wb {

// Of the value of quantization_config. What else it may mean is `reader`'s unsupported().
[[nodiscard]] Float8Config readFloat8Config(const Json& quantisation, const char* key, ConfigReader& reader);

// What the config asks for that the engine does not imitate: quantised activations, as "activation_scheme = dynamic"; "" for nothing.
[[nodiscard]] std::string quantisedActivations(const Json& config);

struct Float8Scales {
    std::vector<float> values;
    kernels::Float8Factors grid; // of the whole matrix, without the values
    std::string key;             // equal only for equal factors; goes behind that of the matrix
};
// The factors of a matrix (rows, cols) of such numbers. ModelTensorMissing, ModelTensorShape, or what reading gives.
[[nodiscard]] Result<Float8Scales> readFloat8Scales(const TensorSource& source, std::size_t tensor, const ModelConfig& config, const std::string& where);

} // namespace wb
