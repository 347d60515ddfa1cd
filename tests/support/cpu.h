// What the products of a library do on this CPU, for tests whose expectation goes by it.
#pragma once

namespace wb::test {

// oneDNN sums a product in single precision in the same order whatever its number of rows; with fewer than these lanes it has kernels of its own for
// few rows, whose last bits differ.
[[nodiscard]] inline bool productsDoNotDependOnRows()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") != 0;
#else
    return false;
#endif
}

// Otherwise weights in BF16 are widened and nothing is rounded (core/model/linear.cpp asks oneDNN the same).
[[nodiscard]] inline bool hasBf16Products()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") != 0;
#else
    return false;
#endif
}

} // namespace wb::test
