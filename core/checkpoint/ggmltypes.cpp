#include "core/checkpoint/ggmltypes.h"

#include "core/tensor/blocks.h"

#include <algorithm>
#include <array>

namespace wb {
namespace {

constexpr DType opaque = DType::Opaque;

constexpr std::array types = {
    GgmlType{0, "F32", 1, 4, DType::F32},      GgmlType{1, "F16", 1, 2, DType::F16},      GgmlType{2, "Q4_0", 32, 18, DType::Q4_0},
    GgmlType{3, "Q4_1", 32, 20, DType::Q4_1},  GgmlType{6, "Q5_0", 32, 22, DType::Q5_0},       GgmlType{7, "Q5_1", 32, 24, DType::Q5_1},
    GgmlType{8, "Q8_0", 32, 34, DType::Q8_0},  GgmlType{10, "Q2_K", 256, 84, DType::Q2_K},     GgmlType{11, "Q3_K", 256, 110, DType::Q3_K},
    GgmlType{12, "Q4_K", 256, 144, DType::Q4_K},    GgmlType{13, "Q5_K", 256, 176, DType::Q5_K},    GgmlType{14, "Q6_K", 256, 210, DType::Q6_K},
    GgmlType{15, "Q8_K", 256, 292, opaque},    GgmlType{16, "IQ2_XXS", 256, 66, opaque},  GgmlType{17, "IQ2_XS", 256, 74, opaque},
    GgmlType{18, "IQ3_XXS", 256, 98, opaque},  GgmlType{19, "IQ1_S", 256, 50, opaque},    GgmlType{20, "IQ4_NL", 32, 18, opaque},
    GgmlType{21, "IQ3_S", 256, 110, opaque},   GgmlType{22, "IQ2_S", 256, 82, opaque},    GgmlType{23, "IQ4_XS", 256, 136, opaque},
    GgmlType{24, "I8", 1, 1, DType::I8},       GgmlType{25, "I16", 1, 2, DType::I16},     GgmlType{26, "I32", 1, 4, DType::I32},
    GgmlType{27, "I64", 1, 8, DType::I64},     GgmlType{28, "F64", 1, 8, DType::F64},     GgmlType{29, "IQ1_M", 256, 56, opaque},
    GgmlType{30, "BF16", 1, 2, DType::BF16},   GgmlType{34, "TQ1_0", 256, 54, opaque},    GgmlType{35, "TQ2_0", 256, 66, opaque},
    GgmlType{39, "MXFP4", 32, 17, opaque},     GgmlType{40, "NVFP4", 64, 36, opaque},     GgmlType{41, "Q1_0", 128, 18, opaque},
    GgmlType{42, "Q2_0", 64, 18, opaque},
};

constexpr std::array<std::uint32_t, 9> withdrawn = {4, 5, 9, 31, 32, 33, 36, 37, 38};

} // namespace

std::optional<GgmlType> ggmlType(std::uint32_t id)
{
    const auto found = std::ranges::find(types, id, &GgmlType::id);
    return found == types.end() ? std::nullopt : std::optional(*found);
}

std::optional<GgmlType> ggmlType(DType dtype)
{
    const auto found = std::ranges::find(types, dtype, &GgmlType::dtype);
    return found == types.end() || dtype == DType::Opaque ? std::nullopt : std::optional(*found);
}

std::optional<GgmlType> ggmlType(std::string_view name)
{
    const auto found = std::ranges::find(types, name, &GgmlType::name);
    return found == types.end() ? std::nullopt : std::optional(*found);
}

std::span<const std::uint32_t> halfFactors(const GgmlType& type)
{
    static constexpr std::uint32_t first[] = {0}, tq1[] = {52}, tq2[] = {64};
    switch (type.id) {
    case 16: case 17: case 18: case 19: case 20: case 21: case 22: case 23: return first;
    case 34: return tq1;
    case 35: return tq2;
    default: return factorOffsets(type.dtype);
    }
}

bool isWithdrawn(std::uint32_t id) { return std::ranges::find(withdrawn, id) != withdrawn.end(); }

} // namespace wb
