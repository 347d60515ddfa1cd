#include "core/tensor/tensor.h"

namespace wb {

Matrix matrixOf(const TensorInfo& tensor)
{
    if (tensor.shape.empty())
        return {};
    const std::uint64_t cols = tensor.shape.back();
    return cols == 0 ? Matrix{0, 0} : Matrix{tensor.elements / cols, cols};
}

std::string shapeText(const Shape& shape)
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + "]";
}

} // namespace wb
