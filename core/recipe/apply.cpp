#include "core/recipe/apply.h"

#include "core/base/bytes.h"
#include "core/tensor/decode.h"
#include "core/tensor/halffloat.h"

#include <cmath>
#include <limits>

namespace wb {
namespace {

// The value as the type stores it.
double rounded(DType dtype, double value)
{
    std::byte stored[8];
    double back = 0;
    encode(dtype, value, stored);
    decode(dtype, std::span<const std::byte>(stored, unitBytes(dtype)), std::span(&back, 1));
    return back;
}

double clamped(double value, const std::optional<double>& min, const std::optional<double>& max)
{
    if (std::isnan(value))
        return value;
    if (min && value < *min)
        return *min;
    return max && value > *max ? *max : value;
}

bool isConstant(const Operation& operation)
{
    return std::holds_alternative<Set>(operation) || std::holds_alternative<Zero>(operation);
}

std::optional<double> roundedBound(DType dtype, const std::optional<double>& bound)
{
    return bound ? std::optional(rounded(dtype, *bound)) : std::nullopt;
}

// One element in the arithmetic of torch's CPU: float for F16, BF16 and F32, double for F64 and integers. The result
// is still to be rounded to the stored type.
class Arithmetic {
public:
    Arithmetic(const Operation& operation, DType dtype)
        : m_operation(operation), m_single(isFloat(dtype) && dtype != DType::F64)
    {
        if (auto* scale = std::get_if<Scale>(&m_operation); scale != nullptr && m_single)
            scale->factor = static_cast<float>(scale->factor);
        else if (auto* add = std::get_if<Add>(&m_operation); add != nullptr && isFloat(dtype))
            add->value = rounded(dtype, add->value);
        else if (auto* set = std::get_if<Set>(&m_operation))
            set->value = rounded(dtype, set->value);
        else if (auto* clamp = std::get_if<Clamp>(&m_operation); clamp != nullptr)
            *clamp = {roundedBound(dtype, clamp->min), roundedBound(dtype, clamp->max)};
    }

    double operator()(double value) const
    {
        if (const auto* scale = std::get_if<Scale>(&m_operation))
            return m_single ? static_cast<float>(value) * static_cast<float>(scale->factor) : value * scale->factor;
        if (const auto* add = std::get_if<Add>(&m_operation))
            return m_single ? static_cast<float>(value) + static_cast<float>(add->value) : value + add->value;
        if (const auto* clamp = std::get_if<Clamp>(&m_operation))
            return clamped(value, clamp->min, clamp->max);
        const auto* set = std::get_if<Set>(&m_operation);
        return set != nullptr ? set->value : 0;
    }

    [[nodiscard]] const Operation& operation() const { return m_operation; }

private:
    Operation m_operation; // numbers as the type takes them
    bool m_single;
};

template <typename T, typename Function>
void overwrite(std::span<std::byte> stored, Function function)
{
    for (std::size_t at = 0; at + sizeof(T) <= stored.size(); at += sizeof(T))
        store(stored.data() + at, static_cast<T>(function(load<T>(stored.data() + at))));
}

// Scale and add: NaN is left as it is.
template <typename T, typename Function>
void overwriteNumbers(std::span<std::byte> stored, Function function)
{
    overwrite<T>(stored, [function](T x) { return x == x ? function(x) : x; });
}

// F32 and F64: plain loops that vectorise, since a checkpoint may be all of them.
template <typename T>
void applyFloat(const Operation& operation, std::span<std::byte> stored)
{
    if (const auto* scale = std::get_if<Scale>(&operation))
        return overwriteNumbers<T>(stored, [f = static_cast<T>(scale->factor)](T x) { return x * f; });
    if (const auto* add = std::get_if<Add>(&operation))
        return overwriteNumbers<T>(stored, [v = static_cast<T>(add->value)](T x) { return x + v; });
    if (const auto* clamp = std::get_if<Clamp>(&operation)) {
        constexpr double none = std::numeric_limits<double>::infinity();
        const auto min = static_cast<T>(clamp->min.value_or(-none)), max = static_cast<T>(clamp->max.value_or(none));
        return overwrite<T>(stored, [min, max](T x) { return x < min ? min : x > max ? max : x; }); // NaN is neither
    }
    const auto* set = std::get_if<Set>(&operation);
    overwrite<T>(stored, [v = static_cast<T>(set != nullptr ? set->value : 0)](T) { return v; });
}

} // namespace

Result<void> checkEditable(const Operation& operation, const TensorInfo& tensor)
{
    if (tensor.dtype == DType::Opaque)
        return fail(ErrorCode::EditNotPossible, tensor.name, operationName(operation), tensor.name,
                    "its type " + tensor.storedType + " is copied but not read as numbers");
    if (tensor.dtype == DType::Bool && !isConstant(operation))
        return fail(ErrorCode::EditNotPossible, tensor.name, operationName(operation), tensor.name,
                    "truth values can only be set or zeroed");
    return {};
}

CodeMap codeMapFor(const Operation& operation, DType dtype)
{
    const Arithmetic arithmetic(operation, dtype);
    const std::vector<double>& values = codeValues(dtype);
    CodeMap map(values.size());
    for (std::size_t code = 0; code < map.size(); ++code) {
        std::byte stored[8] = {};
        if (std::isnan(values[code]) && !isConstant(operation)) {
            map[code] = static_cast<std::uint16_t>(code);
            continue;
        }
        const double value = arithmetic(values[code]);
        encode(dtype, value, stored);
        map[code] = unitBytes(dtype) == 2 ? load<std::uint16_t>(stored) : std::to_integer<std::uint16_t>(stored[0]);
    }
    return map;
}

double applyToValue(const Operation& operation, DType dtype, double value)
{
    return rounded(dtype, Arithmetic(operation, dtype)(value));
}

void applyToBytes(const Operation& operation, DType dtype, std::span<std::byte> stored)
{
    const Arithmetic arithmetic(operation, dtype);
    if (dtype == DType::F32)
        return applyFloat<float>(arithmetic.operation(), stored);
    if (dtype == DType::F64)
        return applyFloat<double>(arithmetic.operation(), stored);
    const std::uint32_t unit = unitBytes(dtype);
    for (std::size_t at = 0; at + unit <= stored.size(); at += unit) {
        double value = 0;
        decode(dtype, stored.subspan(at, unit), std::span(&value, 1));
        const double result = arithmetic(value);
        if (result != value || isConstant(operation)) // 2^53 + 1 times 1 would come back as 2^53
            encode(dtype, result, stored.data() + at);
    }
}

} // namespace wb
