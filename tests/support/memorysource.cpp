#include "tests/support/memorysource.h"

#include "core/base/hash.h"

#include <cstring>

namespace wb::test {

MemorySource::MemorySource(std::vector<BuiltTensor> tensors) : m_tensors(std::move(tensors))
{
    for (const BuiltTensor& tensor : m_tensors) {
        TensorInfo info{tensor.name, DType::Opaque, tensor.dtype, tensor.shape, 1, tensor.data.size(), {}};
        if (const auto type = safetensorsDType(tensor.dtype))
            info.dtype = type->dtype;
        for (const std::uint64_t dimension : tensor.shape)
            info.elements *= dimension;
        m_infos.push_back(std::move(info));
    }
}

std::optional<std::size_t> MemorySource::find(std::string_view name) const
{
    for (std::size_t i = 0; i < m_infos.size(); ++i)
        if (m_infos[i].name == name)
            return i;
    return std::nullopt;
}

Result<void> MemorySource::read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const
{
    std::memcpy(out.data(), m_tensors[tensor].data.data() + range.first * unitBytes(m_infos[tensor].dtype), out.size());
    return {};
}

std::string MemorySource::fingerprint(std::size_t tensor) const
{
    return xxh3(m_tensors[tensor].dtype + shapeText(m_tensors[tensor].shape) + m_tensors[tensor].data);
}

void MemorySource::setConfig(const Json& config) { m_config = std::make_shared<const Json>(config); }

std::vector<std::byte> bytesOf(const TensorSource& source, std::size_t tensor)
{
    std::vector<std::byte> bytes(source.tensors()[tensor].bytes);
    if (!source.read(tensor, {0, source.tensors()[tensor].units()}, bytes))
        bytes.clear();
    return bytes;
}

} // namespace wb::test
