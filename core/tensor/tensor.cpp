#include "core/tensor/tensor.h"

#include "core/base/bytes.h"

namespace wb {

Matrix matrixOf(const TensorInfo& tensor)
{
    if (tensor.shape.empty())
        return {};
    const std::uint64_t cols = tensor.shape.back();
    return cols == 0 ? Matrix{0, 0} : Matrix{tensor.elements / cols, cols};
}

std::optional<std::uint64_t> elementCount(const Shape& shape)
{
    constexpr std::uint64_t limit = std::uint64_t{1} << 63;
    std::uint64_t product = 1;
    bool empty = false;
    for (const std::uint64_t dimension : shape) {
        empty = empty || dimension == 0;
        const auto next = checkedMultiply(product, dimension == 0 ? 1 : dimension);
        if (!next || *next >= limit)
            return std::nullopt;
        product = *next;
    }
    return empty ? 0 : product;
}

std::string shapeText(const Shape& shape)
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + "]";
}

} // namespace wb
