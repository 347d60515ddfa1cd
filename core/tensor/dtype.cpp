#include "core/tensor/dtype.h"

#include <algorithm>
#include <array>
#include <utility>

namespace wb {
namespace {

struct Row {
    DType dtype;
    std::string_view name;
    std::uint32_t bytes;
};

constexpr std::array rows = {
    Row{DType::F64, "F64", 8},   Row{DType::F32, "F32", 4}, Row{DType::F16, "F16", 2},       Row{DType::BF16, "BF16", 2},
    Row{DType::F8_E4M3, "F8_E4M3", 1}, Row{DType::F8_E5M2, "F8_E5M2", 1},
    Row{DType::F8_E4M3FNUZ, "F8_E4M3FNUZ", 1}, Row{DType::F8_E5M2FNUZ, "F8_E5M2FNUZ", 1}, Row{DType::F8_E8M0, "F8_E8M0", 1},
    Row{DType::I64, "I64", 8},   Row{DType::I32, "I32", 4}, Row{DType::I16, "I16", 2},       Row{DType::I8, "I8", 1},
    Row{DType::U64, "U64", 8},   Row{DType::U32, "U32", 4}, Row{DType::U16, "U16", 2},       Row{DType::U8, "U8", 1},
    Row{DType::Bool, "BOOL", 1}, Row{DType::Q8_0, "Q8_0", 34}, Row{DType::Q4_0, "Q4_0", 18}, Row{DType::Q4_1, "Q4_1", 20},
    Row{DType::Q5_0, "Q5_0", 22}, Row{DType::Q5_1, "Q5_1", 24}, Row{DType::Q2_K, "Q2_K", 84}, Row{DType::Q3_K, "Q3_K", 110},
    Row{DType::Q4_K, "Q4_K", 144}, Row{DType::Q5_K, "Q5_K", 176}, Row{DType::Q6_K, "Q6_K", 210}, Row{DType::Opaque, "opaque", 1},
};

constexpr const Row& rowOf(DType dtype) { return rows[static_cast<std::size_t>(dtype)]; }

static_assert(std::ranges::all_of(rows, [](const Row& row) { return rowOf(row.dtype).name == row.name; }));

// Names a safetensors header may use for types that are not read as numbers, with bits per element.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 4> opaqueNames = {{{"F4", 4}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"C64", 64}}};

} // namespace

std::uint32_t unitBytes(DType dtype) { return rowOf(dtype).bytes; }

bool isQuantised(DType dtype) { return dtype >= DType::Q8_0 && dtype <= DType::Q6_K; }

std::uint32_t unitElements(DType dtype) 
{
    if (!isQuantised(dtype))
        return 1;
    return dtype >= DType::Q2_K ? 256 : 32;
}

std::string_view dtypeName(DType dtype) { return rowOf(dtype).name; }

bool isFloat(DType dtype)
{
    return dtype == DType::F64 || dtype == DType::F32 || dtype == DType::F16 || dtype == DType::BF16;
}

bool isFloat8(DType dtype) { return dtype >= DType::F8_E4M3 && dtype <= DType::F8_E5M2FNUZ; }

bool hasFactors(DType dtype) { return isQuantised(dtype) || isFloat8(dtype); }

bool isInteger(DType dtype) { return dtype >= DType::I64 && dtype <= DType::U8; }

bool hasValueTable(DType dtype) { return codeCount(dtype) != 0 && !isFloat8(dtype); }

std::uint32_t codeCount(DType dtype)
{
    const std::uint32_t bytes = unitBytes(dtype);
    return dtype == DType::Opaque || bytes > 2 ? 0 : bytes == 2 ? 65536 : 256;
}

std::optional<NamedDType> safetensorsDType(std::string_view name)
{
    for (const Row& row : rows)
        if (row.name == name && row.dtype != DType::Opaque && !isQuantised(row.dtype))
            return NamedDType{row.dtype, row.bytes * 8};
    for (const auto& [opaque, bits] : opaqueNames)
        if (opaque == name)
            return NamedDType{DType::Opaque, bits};
    return std::nullopt;
}

} // namespace wb
