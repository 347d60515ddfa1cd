// Element types: those that are read as numbers and edited, and the sizes of those that are only listed and copied.
//
// A unit is the smallest piece that decodes alone: one element of a numeric type, one block of a quantised one, one byte
// of an opaque one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wb {

enum class DType : std::uint8_t {
    F64, F32, F16, BF16,
    F8_E4M3, F8_E5M2,                 // codes of 8 bits, which a matrix's factors multiply (float8factors.h); looked at, not edited
    F8_E4M3FNUZ, F8_E5M2FNUZ,         // the same with one more in the exponent's bias: finite but for one NaN, and no -0
    F8_E8M0,                          // powers of 2 without a sign: such factors
    I64, I32, I16, I8, U64, U32, U16, U8, Bool,
    Q8_0, Q4_0, Q4_1, Q5_0, Q5_1,     // blocks of 32 elements of a row with one or two factors, as ggml lays them out (blocks.h)
    Q2_K, Q3_K, Q4_K, Q5_K, Q6_K,     // … of 256 elements whose groups have scales of their own
    Opaque, // listed and copied bit for bit; not read as numbers
};

[[nodiscard]] std::uint32_t unitBytes(DType dtype);
[[nodiscard]] std::uint32_t unitElements(DType dtype); // 32 or 256 of a quantised type, else 1
[[nodiscard]] bool isQuantised(DType dtype);           // Q8_0 … Q6_K
[[nodiscard]] std::string_view dtypeName(DType dtype); // "BF16", as safetensors spells it
[[nodiscard]] bool isFloat(DType dtype);               // F64 F32 F16 BF16
[[nodiscard]] bool isFloat8(DType dtype);              // F8_E4M3 … F8_E5M2FNUZ
[[nodiscard]] bool hasFactors(DType dtype);            // quantised or F8: a value is more than its code
[[nodiscard]] bool isInteger(DType dtype);             // I64 … U8, not Bool
// At most 65,536 codes that are values: F16 BF16 F8_E8M0 I16 U16 I8 U8 Bool. Statistics and edits of these go by value tables.
[[nodiscard]] bool hasValueTable(DType dtype);
[[nodiscard]] std::uint32_t codeCount(DType dtype); // 256 or 65,536 of 8 and 16 bits, else 0

// What a safetensors dtype name stands for: the type (Opaque if it is only copied) and bits per element.
struct NamedDType {
    DType dtype;
    std::uint32_t bits;
};
[[nodiscard]] std::optional<NamedDType> safetensorsDType(std::string_view name);

} // namespace wb
