// One tensor of a source as F32, whatever its numeric type: what its blocks stand for, or its values in another order of
// rows. For comparing what two formats store of the same weights.
#pragma once

#include "core/tensor/tensorsource.h"

namespace wb {

// How the stored values become those of Hugging Face.
struct StoredConversion {
    // 0, or the number of heads whose rows GGUF keeps in the order of rotated pairs: row 2·i + j of a head is row
    // j·(size/2) + i (llama.cpp's conversion of the llama family).
    std::uint64_t pairedHeads = 0;
    float add = 0; // GGUF stores the gain 1 + w of Gemma's norms; −1 gives w
    bool operator==(const StoredConversion&) const = default;
};

// Tensor 0 of this source. `source` must outlive it; never made for an opaque tensor.
class FloatView final : public TensorSource {
public:
    FloatView(const TensorSource& source, std::size_t tensor, StoredConversion reading = {});
    [[nodiscard]] std::span<const TensorInfo> tensors() const override { return {&m_info, 1}; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const override;
    Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const override;
    [[nodiscard]] std::string fingerprint(std::size_t tensor) const override;

private:
    Result<void> readStored(std::uint64_t first, std::span<float> out) const;
    [[nodiscard]] std::uint64_t storedRow(std::uint64_t row) const;

    const TensorSource& m_source;
    std::size_t m_tensor;
    StoredConversion m_reading;
    TensorInfo m_info;
};

} // namespace wb
