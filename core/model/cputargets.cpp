// What Highway asks of its own library: which instruction sets this CPU has. Of libhwy.so only these two functions are
// wanted, and every program that loads it waits for a timer that the library calibrates at its start: 4 of the 8 ms that
// `wb --version` took (measured). With them here the linker leaves the library out. Other CPUs take them from the library.
#include <hwy/targets.h>

#if HWY_ARCH_X86
namespace hwy {

// The compiler's builtins ask the system too, whether it keeps the wide registers.
std::int64_t SupportedTargets()
{
    __builtin_cpu_init();
    std::int64_t targets = HWY_EMU128;
#ifdef HWY_SSE2
    targets |= HWY_SSE2;
#endif
    if (!__builtin_cpu_supports("ssse3"))
        return targets;
    targets |= HWY_SSSE3;
    if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("aes"))
        return targets;
    targets |= HWY_SSE4;
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi2") ||
        !__builtin_cpu_supports("f16c") || !__builtin_cpu_supports("lzcnt"))
        return targets;
    targets |= HWY_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd"))
        targets |= HWY_AVX3;
    return targets;
}

ChosenTarget& GetChosenTarget()
{
    static ChosenTarget chosen;
    return chosen;
}

} // namespace hwy
#endif
