#include "core/tensor/openblas.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <type_traits>

namespace wb::dense {
namespace {

// OpenBLAS decides when it is loaded which kernels it uses: for CPUs younger than itself the slowest (0.3.21 on models of 2023: wb spectrum
// took 2.3 times as long), or takes what the environment says for other programs' sake. So it is told what the instructions allow, in a
// variable of the environment, before another thread can read that, and is loaded when it is needed. One thread: ours call it, and its own
// would sum in another order on other machines.
const bool toldOpenBlas = [] {
    ::setenv("OPENBLAS_NUM_THREADS", "1", 1);
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd");
    if (wide || (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")))
        ::setenv("OPENBLAS_CORETYPE", wide ? "SKYLAKEX" : "HASWELL", 1);
#endif
    return true;
}();

[[noreturn]] void isMissing()
{
    std::fprintf(stderr, "OpenBLAS cannot be used, which is part of the installation: %s\n", ::dlerror());
    std::abort();
}

OpenBlas load()
{
    void* file = ::dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (file == nullptr)
        isMissing();
    OpenBlas out{};
    const auto find = [&](auto& function, const char* name) {
        void* found = ::dlsym(file, name);
        if (found == nullptr)
            isMissing();
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
    };
    find(out.dsyrk, "cblas_dsyrk");
    find(out.dgemm, "cblas_dgemm");
    find(out.dtrsm, "cblas_dtrsm");
    find(out.dsyr2k, "cblas_dsyr2k");
    find(out.dpotrf, "dpotrf_");
    find(out.dlatrd, "dlatrd_");
    find(out.dsytd2, "dsytd2_");
    find(out.dsterf, "dsterf_");
    find(out.dstedc, "dstedc_");
    find(out.dormtr, "dormtr_");
    find(out.dlabrd, "dlabrd_");
    find(out.dgebd2, "dgebd2_");
    find(out.dbdsdc, "dbdsdc_");
    find(out.dormbr, "dormbr_");
    find(out.dgeqrf, "dgeqrf_");
    find(out.dormqr, "dormqr_");
    find(out.dgelqf, "dgelqf_");
    find(out.dorglq, "dorglq_");
    return out;
}

} // namespace

const OpenBlas& openBlas()
{
    static const OpenBlas loaded = load();
    return loaded;
}

} // namespace wb::dense
