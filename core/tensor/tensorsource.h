// Named tensors that can be read. A file, a file with staged edits: nobody who holds a TensorSource can tell.
// Shared, const, every function safe from any thread.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/tensor/codemap.h"
#include "core/tensor/tensor.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wb {

struct UnitRange {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};

class TensorSource;
using SourcePtr = std::shared_ptr<const TensorSource>;

// A tensor made from another one element by element, whatever its place: statistics of the other give those of this
// one without reading it again. `codes` for types with a value table, `values` for F32, F64 and wide integers.
struct Derived {
    SourcePtr source;
    std::size_t tensor = 0;
    std::shared_ptr<const CodeMap> codes;
    std::function<double(double)> values; // stored value → stored value, rounding included
};

class TensorSource {
public:
    virtual ~TensorSource() = default;
    // In the order of the files. The index into this list is how a tensor is named from here on.
    [[nodiscard]] virtual std::span<const TensorInfo> tensors() const = 0;
    [[nodiscard]] virtual std::optional<std::size_t> find(std::string_view name) const = 0;
    // Stored bytes of whole units; out.size() == range.count · unitBytes. All of them, or an error.
    virtual Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const = 0;
    // Equal only if the shape, the stored bytes and the factors beside them (float8factors.h) are equal; covers file identity, place and staged edits.
    // Reads nothing.
    [[nodiscard]] virtual std::string fingerprint(std::size_t tensor) const = 0;
    // What the model says of itself (heads, ties), in the words of config.json; null when nothing does.
    [[nodiscard]] virtual const Json* config() const { return nullptr; }
    // Nothing when the tensor is not derived, or not element by element.
    [[nodiscard]] virtual std::optional<Derived> derived(std::size_t) const { return std::nullopt; }
};

// What a recipe is bound to: SHA-256 over name, stored type and shape of every tensor in name order. Independent of
// files, sharding and values, so a recipe fits every checkpoint of the same layout. Reads nothing.
[[nodiscard]] std::string layoutFingerprint(const TensorSource& source);

// Whether two tensors of a source store the same bytes in the same type and shape. Stops at the first difference.
[[nodiscard]] Result<bool> sameStored(const TensorSource& source, std::size_t a, std::size_t b);

} // namespace wb
