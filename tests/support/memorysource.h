// A TensorSource in memory.
#pragma once

#include "core/tensor/tensorsource.h"
#include "tests/support/safetensorsbuilder.h"

namespace wb::test {

class MemorySource final : public TensorSource {
public:
    explicit MemorySource(std::vector<BuiltTensor> tensors);
    [[nodiscard]] std::span<const TensorInfo> tensors() const override { return m_infos; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const override;
    Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const override;
    [[nodiscard]] std::string fingerprint(std::size_t tensor) const override;
    [[nodiscard]] const Json* config() const override { return m_config.get(); }
    void setConfig(const Json& config);

private:
    std::shared_ptr<const Json> m_config;
    std::vector<BuiltTensor> m_tensors;
    std::vector<TensorInfo> m_infos;
};

// All stored bytes.
[[nodiscard]] std::vector<std::byte> bytesOf(const TensorSource& source, std::size_t tensor);

} // namespace wb::test
