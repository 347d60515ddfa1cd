#include "core/recipe/apply.h"

#include "core/base/bytes.h"
#include "core/recipe/svf.h"
#include "core/tensor/blocks.h"
#include "core/tensor/decode.h"

#include <cmath>
#include <limits>

namespace wb {
namespace {

bool isConstant(const Operation& operation)
{
    return std::holds_alternative<Set>(operation) || std::holds_alternative<Zero>(operation);
}

bool isSame(double a, double b) { return a == b && std::signbit(a) == std::signbit(b); }

double clamped(double value, const std::optional<double>& min, const std::optional<double>& max)
{
    if (min && value < *min)
        return *min;
    return max && value > *max ? *max : value;
}

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

// F32 and F64: plain loops that vectorise, since a checkpoint may be all of them. False: not one of these.
template <typename T>
bool applyFloat(const Operation& operation, std::span<std::byte> stored)
{
    if (const auto* scale = std::get_if<Scale>(&operation)) {
        overwriteNumbers<T>(stored, [f = static_cast<T>(scale->factor)](T x) { return x * f; });
    } else if (const auto* add = std::get_if<Add>(&operation)) {
        overwriteNumbers<T>(stored, [v = static_cast<T>(add->value)](T x) { return x + v; });
    } else if (const auto* clamp = std::get_if<Clamp>(&operation)) {
        constexpr double none = std::numeric_limits<double>::infinity();
        const auto min = static_cast<T>(clamp->min.value_or(-none)), max = static_cast<T>(clamp->max.value_or(none));
        overwrite<T>(stored, [min, max](T x) { return x < min ? min : x > max ? max : x; }); // NaN is neither
    } else if (isConstant(operation)) {
        const auto* set = std::get_if<Set>(&operation);
        overwrite<T>(stored, [v = static_cast<T>(set != nullptr ? set->value : 0)](T) { return v; });
    } else {
        return false;
    }
    return true;
}

// What the type or the shape does not allow, as the end of a sentence; "" when it is possible.
Sentence obstacle(const Operation& operation, const TensorInfo& tensor)
{
    if (tensor.dtype == DType::Opaque)
        return said(CORE_TEXT("reasons", "its type %1 is copied but not read as numbers"), tensor.storedType);
    if (isFloat8(tensor.dtype))
        return said(CORE_TEXT("reasons", "its type %1 holds codes of 8 bits, which most edits would leave as they are or round coarsely; what is to be scaled is the tensor of its factors, whose name ends in _scale or _scale_inv"), tensor.storedType);
    if (tensor.dtype == DType::F8_E8M0)
        return said(CORE_TEXT("reasons", "its type F8_E8M0 holds powers of 2 alone, to which an edited value would be rounded"));
    if (tensor.dtype == DType::Bool && !isConstant(operation))
        return said(CORE_TEXT("reasons", "it holds truth values, which can only be set or zeroed"));
    if (isQuantised(tensor.dtype) && !std::holds_alternative<Scale>(operation) && !std::holds_alternative<Zero>(operation))
        return said(CORE_TEXT("reasons", "its type %1 stores blocks of %2 values with common factors, which can be scaled and zeroed; anything else would quantise the tensor anew"), tensor.storedType, unitElements(tensor.dtype));
    if (std::holds_alternative<Normalize>(operation) && !isFloat(tensor.dtype))
        return said(CORE_TEXT("reasons", "its type %1 holds whole numbers, which have no mean 0 and standard deviation 1"), tensor.storedType);
    return {};
}

// Edited elements must be whole blocks, all of them alike.
Sentence obstacleOfBlocks(const Edit& edit, const TensorInfo& tensor, const Region& region)
{
    const std::uint64_t each = unitElements(tensor.dtype);
    if (edit.elements.band)
        return said(CORE_TEXT("reasons", "its values come in blocks of %1 with common factors, so that single values cannot be chosen"), each);
    for (const IndexRange& cols : region.cols)
        if (cols.first % each != 0 || (cols.end % each != 0 && cols.end != region.matrix.cols))
            return said(CORE_TEXT("reasons", "columns %1 to %2 cut through blocks of %3 values"), cols.first, cols.end, each);
    return {};
}

} // namespace

Result<void> checkEditable(const Edit& edit, const TensorInfo& tensor, const HeadShape& heads, std::span<const FusedPart> fused)
{
    const bool svf = std::holds_alternative<Svf>(edit.operation) && tensor.dtype != DType::Opaque && !isFloat8(tensor.dtype) && tensor.dtype != DType::F8_E8M0;
    Sentence reason = svf ? obstacleOfSvf(edit, tensor, fused) : obstacle(edit.operation, tensor);
    if (reason.empty()) {
        if (auto region = regionOf(edit.elements, tensor, heads, fused); !region)
            reason = reasonOf(region.error());
        else if (isQuantised(tensor.dtype))
            reason = obstacleOfBlocks(edit, tensor, *region);
    }
    if (reason.empty())
        return {};
    return fail(ErrorCode::EditNotPossible, tensor.name, said(operationName(edit.operation)), tensor.name, reason);
}

TensorEdit::TensorEdit(const Edit& edit, const TensorInfo& tensor, Region region, const EditFacts& facts)
    : m_dtype(tensor.dtype)
    , m_single((isFloat(tensor.dtype) && tensor.dtype != DType::F64) || isQuantised(tensor.dtype))
    , m_constant(isConstant(edit.operation) && edit.strength == 1)
    , m_operation(edit.operation)
    , m_band{edit.elements.band ? edit.elements.band->of : Measure::Value, facts.low, facts.high}
    , m_hasBand(edit.elements.band.has_value())
    , m_strength(edit.strength)
    , m_region(std::move(region))
{
    takeNumbers(facts);
    if (edit.strength == 0) { // a band that holds nothing: x + 0 would still turn -0 into 0
        m_hasBand = true;
        m_band = {Measure::Value, 1, 0};
    }
    if (const auto* noise = std::get_if<Noise>(&m_operation))
        m_noise.emplace(noise->seed, tensor.name);
    else if (hasValueTable(m_dtype))
        m_map = codeMap();
}

// Numbers as the type takes them.
void TensorEdit::takeNumbers(const EditFacts& facts)
{
    const auto roundedBound = [this](const std::optional<double>& bound) { return bound ? std::optional(rounded(*bound)) : std::nullopt; };
    if (auto* scale = std::get_if<Scale>(&m_operation)) {
        const double factor = m_strength == 1 ? scale->factor : 1 + m_strength * (scale->factor - 1);
        scale->factor = m_single ? static_cast<float>(factor) : factor;
        m_strength = 1;
    } else if (auto* add = std::get_if<Add>(&m_operation)) {
        add->value *= m_strength;
        if (isFloat(m_dtype))
            add->value = rounded(add->value);
        m_strength = 1;
    } else if (auto* set = std::get_if<Set>(&m_operation)) {
        set->value = rounded(set->value);
    } else if (auto* clamp = std::get_if<Clamp>(&m_operation)) {
        *clamp = {roundedBound(clamp->min), roundedBound(clamp->max)};
    } else if (auto* noise = std::get_if<Noise>(&m_operation)) {
        noise->std *= m_strength * (noise->relative ? facts.std : 1);
        m_strength = 1;
    } else if (auto* normalize = std::get_if<Normalize>(&m_operation)) {
        m_mean = rounded(facts.mean);
        const double std = rounded(facts.std);
        m_std = normalize->form == Normalize::Form::AroundMean ? rounded(m_single ? static_cast<float>(std) * static_cast<float>(normalize->value)
                                                                                  : std * normalize->value)
                : normalize->form == Normalize::Form::Epsilon  ? rounded(std + rounded(1e-8))
                                                               : std;
    } else if (std::holds_alternative<Prune>(m_operation)) {
        m_pruneUpTo = facts.pruneUpTo;
    }
}

// The value as the type stores it.
double TensorEdit::rounded(double value) const
{
    std::byte stored[8];
    double back = 0;
    encode(m_dtype, value, stored);
    decode(m_dtype, std::span<const std::byte>(stored, unitBytes(m_dtype)), std::span(&back, 1));
    return back;
}

double TensorEdit::normalized(double value) const
{
    const double centred = rounded(value - m_mean);
    const double scaled = rounded(m_single ? static_cast<float>(centred) / static_cast<float>(m_std) : centred / m_std);
    return std::get<Normalize>(m_operation).form == Normalize::Form::AroundMean ? scaled + m_mean : scaled;
}

double TensorEdit::changed(double value, std::uint64_t index) const
{
    const auto sum = [this](double a, double b) { return m_single ? static_cast<float>(a) + static_cast<float>(b) : a + b; };
    double result = 0;
    if (const auto* scale = std::get_if<Scale>(&m_operation))
        result = m_single ? static_cast<float>(value) * static_cast<float>(scale->factor) : value * scale->factor;
    else if (const auto* add = std::get_if<Add>(&m_operation))
        result = sum(value, add->value);
    else if (const auto* clamp = std::get_if<Clamp>(&m_operation))
        result = clamped(value, clamp->min, clamp->max);
    else if (const auto* set = std::get_if<Set>(&m_operation))
        result = set->value;
    else if (const auto* noise = std::get_if<Noise>(&m_operation))
        result = sum(value, noise->std * m_noise->at(index));
    else if (std::holds_alternative<Normalize>(m_operation))
        result = normalized(value);
    else if (std::holds_alternative<Prune>(m_operation))
        result = std::abs(value) <= m_pruneUpTo ? 0 : value;
    if (m_strength == 1)
        return result;
    const double whole = rounded(result);
    return isSame(whole, value) ? value : value + m_strength * (whole - value); // of an infinity, or -0, the sum is another one
}

CodeMap TensorEdit::codeMap() const
{
    if (!m_map.empty())
        return m_map;
    const std::vector<double>& values = codeValues(m_dtype);
    CodeMap map = identityMap(m_dtype);
    for (std::size_t code = 0; code < map.size(); ++code) {
        if ((std::isnan(values[code]) && !m_constant) || (m_hasBand && !m_band.holds(values[code])))
            continue;
        const double value = changed(values[code], 0);
        if (!m_constant && isSame(value, values[code]))
            continue;
        std::byte stored[8] = {};
        encode(m_dtype, value, stored);
        map[code] = unitBytes(m_dtype) == 2 ? load<std::uint16_t>(stored) : std::to_integer<std::uint16_t>(stored[0]);
    }
    return map;
}

double TensorEdit::value(double stored) const
{
    if ((std::isnan(stored) && !m_constant) || (m_hasBand && !m_band.holds(stored)))
        return stored;
    return rounded(changed(stored, 0));
}

void TensorEdit::applyGenerally(std::uint64_t first, std::span<std::byte> stored) const
{
    const std::uint32_t unit = unitBytes(m_dtype);
    for (std::size_t at = 0; at + unit <= stored.size(); at += unit) {
        double value = 0;
        decode(m_dtype, stored.subspan(at, unit), std::span(&value, 1));
        if ((std::isnan(value) && !m_constant) || (m_hasBand && !m_band.holds(value)))
            continue;
        const double result = changed(value, first + at / unit);
        if (m_constant || !isSame(result, value)) // 2^53 + 1 times 1 would come back as 2^53
            encode(m_dtype, result, stored.data() + at);
    }
}

void TensorEdit::applyRun(std::uint64_t first, std::span<std::byte> stored) const
{
    if (isQuantised(m_dtype)) {
        const auto* scale = std::get_if<Scale>(&m_operation);
        return scaleBlocks(m_dtype, scale != nullptr ? scale->factor : 1 - m_strength, stored); // zero leaves 1 − s of x
    }
    if (!m_map.empty())
        return applyMap(m_map, m_dtype, stored);
    const bool plain = !m_hasBand && m_strength == 1;
    if (plain && m_dtype == DType::F32 && applyFloat<float>(m_operation, stored))
        return;
    if (plain && m_dtype == DType::F64 && applyFloat<double>(m_operation, stored))
        return;
    applyGenerally(first, stored);
}

void TensorEdit::apply(std::uint64_t first, std::span<std::byte> stored) const
{
    const std::uint64_t unit = unitBytes(m_dtype), each = unitElements(m_dtype);
    forRuns(m_region, {first, first + stored.size() / unit * each}, [&](std::uint64_t at, std::uint64_t count) {
        applyRun(at, stored.subspan((at - first) / each * unit, count / each * unit));
    });
}

} // namespace wb
