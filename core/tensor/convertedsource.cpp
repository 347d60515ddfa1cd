#include "core/tensor/convertedsource.h"

#include "core/base/hash.h"
#include "core/tensor/decode.h"
#include "core/tensor/float8factors.h"

namespace wb {
namespace {

class ConvertedSource final : public TensorSource {
public:
    ConvertedSource(SourcePtr base, DType dtype, Vectors vectors)
        : m_base(std::move(base)), m_dtype(dtype), m_tensors(m_base->tensors().begin(), m_base->tensors().end())
    {
        std::vector<bool> factors(m_tensors.size());
        for (std::size_t i = 0; i < m_tensors.size(); ++i)
            if (const auto found = float8FactorsOf(*m_base, i))
                factors[*found] = true;
        for (std::size_t i = 0; i < m_tensors.size(); ++i) {
            TensorInfo& info = m_tensors[i];
            const bool number = isFloat(info.dtype) || isQuantised(info.dtype), kept = vectors == Vectors::Keep && info.shape.size() <= 1;
            if (!number || kept || factors[i] || info.dtype == dtype)
                continue;
            info.dtype = dtype;
            info.storedType = dtypeName(dtype);
            info.bytes = info.elements * unitBytes(dtype);
        }
    }

    [[nodiscard]] std::span<const TensorInfo> tensors() const override { return m_tensors; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const override { return m_base->find(name); }

    Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const override
    {
        if (isSame(tensor))
            return m_base->read(tensor, range, out);
        std::vector<double> values(range.count); // exact for every float type
        if (auto done = readValues(*m_base, tensor, range.first, values); !done)
            return done;
        for (std::size_t i = 0; i < values.size(); ++i)
            encode(m_dtype, values[i], out.data() + i * unitBytes(m_dtype));
        return {};
    }

    [[nodiscard]] const Json* config() const override { return m_base->config(); }
    [[nodiscard]] std::string fingerprint(std::size_t tensor) const override
    {
        const std::string base = m_base->fingerprint(tensor);
        return isSame(tensor) ? base : xxh3(base + " as " + std::string(dtypeName(m_dtype)));
    }

    [[nodiscard]] std::optional<Derived> derived(std::size_t tensor) const override
    {
        return isSame(tensor) ? m_base->derived(tensor) : std::nullopt;
    }

private:
    [[nodiscard]] bool isSame(std::size_t tensor) const
    {
        return m_base->tensors()[tensor].dtype == m_tensors[tensor].dtype;
    }

    SourcePtr m_base;
    DType m_dtype;
    std::vector<TensorInfo> m_tensors;
};

} // namespace

SourcePtr converted(SourcePtr base, DType dtype, Vectors vectors)
{
    return std::make_shared<const ConvertedSource>(std::move(base), dtype, vectors);
}

} // namespace wb
