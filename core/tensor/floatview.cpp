#include "core/tensor/floatview.h"

#include "core/tensor/blocks.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace wb {

FloatView::FloatView(const TensorSource& source, std::size_t tensor, StoredConversion reading)
    : m_source(source), m_tensor(tensor), m_reading(reading), m_info(source.tensors()[tensor])
{
    m_info.dtype = DType::F32;
    m_info.bytes = m_info.elements * sizeof(float);
    const std::uint64_t rows = matrixOf(m_info).rows;
    if (m_reading.pairedHeads != 0 && rows % (2 * m_reading.pairedHeads) != 0)
        m_reading.pairedHeads = 0; // no whole pairs: it was not made that way
}

std::optional<std::size_t> FloatView::find(std::string_view name) const
{
    return name == m_info.name ? std::optional<std::size_t>(0) : std::nullopt;
}

std::uint64_t FloatView::storedRow(std::uint64_t row) const
{
    const std::uint64_t size = matrixOf(m_info).rows / m_reading.pairedHeads, inHead = row % size;
    return row - inHead + 2 * (inHead % (size / 2)) + inHead / (size / 2);
}

Result<void> FloatView::readStored(std::uint64_t first, std::span<float> out) const
{
    if (isQuantised(m_source.tensors()[m_tensor].dtype))
        return readFloats(m_source, m_tensor, first, out);
    std::array<double, 8192> piece; // stays in the cache, and no memory is asked for
    for (std::size_t at = 0; at < out.size(); at += piece.size()) {
        const auto values = std::span(piece).first(std::min(piece.size(), out.size() - at));
        if (auto done = readValues(m_source, m_tensor, first + at, values); !done)
            return done;
        std::ranges::transform(values, out.begin() + static_cast<std::ptrdiff_t>(at), [](double value) { return static_cast<float>(value); });
    }
    return {};
}

Result<void> FloatView::read(std::size_t, UnitRange range, std::span<std::byte> out) const
{
    std::array<float, 8192> piece; // no memory is asked for, however much is read
    const std::uint64_t cols = matrixOf(m_info).cols;
    for (std::uint64_t at = 0; at < range.count;) {
        std::uint64_t first = range.first + at, count = std::min<std::uint64_t>(piece.size(), range.count - at);
        if (m_reading.pairedHeads != 0) {
            const std::uint64_t col = first % cols;
            count = std::min(count, cols - col);
            first = storedRow(first / cols) * cols + col;
        }
        const auto values = std::span(piece).first(count);
        if (auto done = readStored(first, values); !done)
            return done;
        if (m_reading.add != 0)
            for (float& value : values)
                value += m_reading.add;
        std::memcpy(out.data() + at * sizeof(float), values.data(), values.size_bytes());
        at += count;
    }
    return {};
}

std::string FloatView::fingerprint(std::size_t) const
{
    return "float " + std::to_string(m_reading.pairedHeads) + " " + std::to_string(m_reading.add) + " " + m_source.fingerprint(m_tensor);
}

} // namespace wb
