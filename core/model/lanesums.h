// Sums of the lanes of several vectors of 16 at once, for kernels of AVX-512: an output of its own costs three instructions instead of a
// dozen. Added by the tree of _mm512_reduce_add_ps (halves, quarters, lanes two apart, neighbours), so that the bits are the same.
#pragma once

#if defined(__x86_64__)
#pragma GCC diagnostic push // the headers of GCC 12 leave operands open (bug 105593)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop

#define WB_AVX512 __attribute__((target("avx512f,avx512dq"), always_inline))

namespace wb::kernels {

// [a of 8 lanes | b of 8 lanes]
WB_AVX512 inline __m512 halvesOf(__m512 a, __m512 b)
{
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0b01'00'01'00), _mm512_shuffle_f32x4(a, b, 0b11'10'11'10));
}
// Four lanes each of a, b, c, d.
WB_AVX512 inline __m512 quartersOf(__m512 a, __m512 b, __m512 c, __m512 d)
{
    const __m512 first = halvesOf(a, b), second = halvesOf(c, d);
    return _mm512_add_ps(_mm512_shuffle_f32x4(first, second, 0b10'00'10'00), _mm512_shuffle_f32x4(first, second, 0b11'01'11'01));
}

WB_AVX512 inline __m128 sumsOf(const __m512 (&v)[4])
{
    const __m512 quarters = quartersOf(v[0], v[1], v[2], v[3]);
    const __m512 pairs = _mm512_add_ps(quarters, _mm512_permute_ps(quarters, 0b01'00'11'10));
    const __m512 all = _mm512_add_ps(pairs, _mm512_permute_ps(pairs, 0b10'11'00'01));
    const __m512i firsts = _mm512_setr_epi32(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
    return _mm512_castps512_ps128(_mm512_permutexvar_ps(firsts, all));
}

WB_AVX512 inline __m256 sumsOf(const __m512 (&v)[8])
{
    const __m512 even = quartersOf(v[0], v[2], v[4], v[6]), odd = quartersOf(v[1], v[3], v[5], v[7]);
    const __m512 pairs = _mm512_add_ps(_mm512_unpacklo_ps(even, odd), _mm512_unpackhi_ps(even, odd));
    const __m512 all = _mm512_add_ps(pairs, _mm512_permute_ps(pairs, 0b01'00'11'10));
    const __m512i firsts = _mm512_setr_epi32(0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13);
    return _mm512_castps512_ps256(_mm512_permutexvar_ps(firsts, all));
}

WB_AVX512 inline __m512 sumsOf(const __m512 (&v)[16])
{
    const __m512 a = quartersOf(v[0], v[4], v[8], v[12]), b = quartersOf(v[1], v[5], v[9], v[13]);
    const __m512 c = quartersOf(v[2], v[6], v[10], v[14]), d = quartersOf(v[3], v[7], v[11], v[15]);
    const __m512d first = _mm512_castps_pd(_mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b)));
    const __m512d second = _mm512_castps_pd(_mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d)));
    return _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(first, second)), _mm512_castpd_ps(_mm512_unpackhi_pd(first, second)));
}

} // namespace wb::kernels
#endif
