// Functions of vectors in single precision. Highway compiles this file once for each instruction set by including it again.
#include "core/model/kernels.h"

#include <cmath>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/model/kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace wb::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
// At most 16 lanes, as the products with stored rows.
using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr D d{};

HWY_INLINE float sum(V v) { return hn::GetLane(hn::SumOfLanes(d, v)); }

// B vectors of the sum stay in registers while the rows go by.
template <std::size_t B>
HWY_INLINE void addRows(float* out, const float* rows, std::size_t stride, const float* factors, std::size_t count)
{
    const std::size_t lanes = hn::Lanes(d);
    V sums[B];
    for (std::size_t b = 0; b < B; ++b)
        sums[b] = hn::LoadU(d, out + b * lanes);
    for (std::size_t i = 0; i < count; ++i) {
        const V f = hn::Set(d, factors[i]);
        for (std::size_t b = 0; b < B; ++b)
            sums[b] = hn::MulAdd(f, hn::LoadU(d, rows + i * stride + b * lanes), sums[b]);
    }
    for (std::size_t b = 0; b < B; ++b)
        hn::StoreU(sums[b], d, out + b * lanes);
}

void AddScaledRows(float* out, const float* rows, std::size_t stride, const float* factors, std::size_t count, std::size_t n)
{
    const std::size_t lanes = hn::Lanes(d);
    std::size_t at = 0;
    for (; at + 4 * lanes <= n; at += 4 * lanes)
        addRows<4>(out + at, rows + at, stride, factors, count);
    for (; at + lanes <= n; at += lanes)
        addRows<1>(out + at, rows + at, stride, factors, count);
    for (; at < n; ++at)
        for (std::size_t i = 0; i < count; ++i)
            out[at] = std::fma(factors[i], rows[i * stride + at], out[at]);
}

void AddScaled(float* out, const float* x, float factor, std::size_t n)
{
    const V f = hn::Set(d, factor);
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(hn::MulAdd(f, hn::LoadU(d, x + i), hn::LoadU(d, out + i)), d, out + i);
    for (; i < n; ++i)
        out[i] = std::fma(factor, x[i], out[i]);
}

void Add(float* out, const float* x, std::size_t n)
{
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(hn::Add(hn::LoadU(d, out + i), hn::LoadU(d, x + i)), d, out + i);
    for (; i < n; ++i)
        out[i] += x[i];
}

void Scale(float* x, float factor, std::size_t n)
{
    const V f = hn::Set(d, factor);
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(hn::Mul(f, hn::LoadU(d, x + i)), d, x + i);
    for (; i < n; ++i)
        x[i] *= factor;
}

void RmsNorm(const float* x, const float* gain, float epsilon, std::size_t n, float* out)
{
    const float factor = 1 / std::sqrt(dot(x, x, n) / static_cast<float>(n) + epsilon);
    const V f = hn::Set(d, factor);
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(hn::Mul(hn::LoadU(d, gain + i), hn::Mul(f, hn::LoadU(d, x + i))), d, out + i);
    for (; i < n; ++i)
        out[i] = gain[i] * (factor * x[i]);
}

void LayerNorm(const float* x, const float* gain, const float* bias, float epsilon, std::size_t n, float* out)
{
    double total = 0; // in double: a mean far from 0 must not eat the variance
    for (std::size_t i = 0; i < n; ++i)
        total += static_cast<double>(x[i]);
    const auto mean = static_cast<float>(total / static_cast<double>(n));
    const std::size_t lanes = hn::Lanes(d);
    const V m = hn::Set(d, mean);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(hn::Sub(hn::LoadU(d, x + i), m), d, out + i);
    for (; i < n; ++i)
        out[i] = x[i] - mean;
    const float factor = 1 / std::sqrt(dot(out, out, n) / static_cast<float>(n) + epsilon);
    const V f = hn::Set(d, factor);
    for (i = 0; i + lanes <= n; i += lanes)
        hn::StoreU(hn::MulAdd(hn::Mul(f, hn::LoadU(d, out + i)), hn::LoadU(d, gain + i), hn::LoadU(d, bias + i)), d, out + i);
    for (; i < n; ++i)
        out[i] = std::fma(factor * out[i], gain[i], bias[i]);
}

float maximum(const float* x, std::size_t n)
{
    const std::size_t lanes = hn::Lanes(d);
    float most = x[0];
    std::size_t i = 0;
    if (n >= lanes) {
        V best = hn::LoadU(d, x);
        for (i = lanes; i + lanes <= n; i += lanes)
            best = hn::Max(best, hn::LoadU(d, x + i));
        most = hn::GetLane(hn::MaxOfLanes(d, best));
    }
    for (; i < n; ++i)
        most = std::max(most, x[i]);
    return most;
}

// A whole vector's worth by one formula: the tail goes through the same Exp, padded.
template <typename Function>
HWY_INLINE void mapInPlace(float* x, std::size_t n, const Function& function)
{
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(function(hn::LoadU(d, x + i), i), d, x + i);
    if (i == n)
        return;
    HWY_ALIGN float tail[16] = {};
    std::memcpy(tail, x + i, (n - i) * sizeof(float));
    hn::Store(function(hn::Load(d, tail), i), d, tail);
    std::memcpy(x + i, tail, (n - i) * sizeof(float));
}

void Softmax(float* x, std::size_t n)
{
    const V most = hn::Set(d, maximum(x, n));
    mapInPlace(x, n, [&](V v, std::size_t) { return hn::Exp(d, hn::Sub(v, most)); });
    const std::size_t lanes = hn::Lanes(d);
    V sums = hn::Zero(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        sums = hn::Add(sums, hn::LoadU(d, x + i));
    float total = sum(sums);
    for (; i < n; ++i)
        total += x[i];
    Scale(x, 1 / total, n);
}

void SoftCap(float* x, float cap, std::size_t n)
{
    const V c = hn::Set(d, cap), inverse = hn::Set(d, 1 / cap);
    mapInPlace(x, n, [&](V v, std::size_t) { return hn::Mul(c, hn::Tanh(d, hn::Mul(v, inverse))); });
}

HWY_INLINE V sigmoid(V v)
{
    const V one = hn::Set(d, 1.0F);
    return hn::Div(one, hn::Add(one, hn::Exp(d, hn::Neg(hn::Max(v, hn::Set(d, -80.0F))))));
}

HWY_INLINE V gelu(V v) // through erf, element by element: only older models use it
{
    HWY_ALIGN float values[16];
    hn::Store(v, d, values);
    for (std::size_t i = 0; i < hn::Lanes(d); ++i)
        values[i] = 0.5F * values[i] * (1 + std::erf(values[i] * 0.70710678118654752F));
    return hn::Load(d, values);
}

HWY_INLINE V geluTanh(V v)
{
    const V cubic = hn::Mul(hn::Mul(hn::Mul(v, v), v), hn::Set(d, 0.044715F));
    const V inner = hn::Mul(hn::Set(d, 0.7978845608028654F), hn::Add(v, cubic));
    return hn::Mul(hn::Mul(hn::Set(d, 0.5F), v), hn::Add(hn::Set(d, 1.0F), hn::Tanh(d, inner)));
}

template <typename Finish>
HWY_INLINE void activation(Activation kind, float* x, std::size_t n, const Finish& finish)
{
    const V zero = hn::Zero(d);
    switch (kind) {
    case Activation::Silu: return mapInPlace(x, n, [&](V v, std::size_t i) { return finish(hn::Mul(v, sigmoid(v)), i); });
    case Activation::Gelu: return mapInPlace(x, n, [&](V v, std::size_t i) { return finish(gelu(v), i); });
    case Activation::GeluTanh: return mapInPlace(x, n, [&](V v, std::size_t i) { return finish(geluTanh(v), i); });
    case Activation::QuickGelu:
        return mapInPlace(x, n, [&](V v, std::size_t i) { return finish(hn::Mul(v, sigmoid(hn::Mul(v, hn::Set(d, 1.702F)))), i); });
    case Activation::Relu: return mapInPlace(x, n, [&](V v, std::size_t i) { return finish(hn::Max(v, zero), i); });
    case Activation::Relu2:
        return mapInPlace(x, n, [&](V v, std::size_t i) { const V r = hn::Max(v, zero); return finish(hn::Mul(r, r), i); });
    }
}

void Activate(Activation kind, float* x, std::size_t n)
{
    activation(kind, x, n, [](V v, std::size_t) { return v; });
}

void Gate(Activation kind, float* x, const float* up, std::size_t n)
{
    const std::size_t lanes = hn::Lanes(d);
    activation(kind, x, n, [&](V v, std::size_t i) {
        if (i + lanes <= n)
            return hn::Mul(v, hn::LoadU(d, up + i));
        HWY_ALIGN float tail[16] = {};
        std::memcpy(tail, up + i, (n - i) * sizeof(float));
        return hn::Mul(v, hn::Load(d, tail));
    });
}

void Rotate(float* x, const float* cosines, const float* sines, std::size_t half, bool neighbours)
{
    std::size_t i = 0;
    const std::size_t lanes = hn::Lanes(d);
    for (; !neighbours && i + lanes <= half; i += lanes) {
        const V a = hn::LoadU(d, x + i), b = hn::LoadU(d, x + half + i);
        const V c = hn::LoadU(d, cosines + i), s = hn::LoadU(d, sines + i);
        hn::StoreU(hn::Sub(hn::Mul(a, c), hn::Mul(b, s)), d, x + i);
        hn::StoreU(hn::Add(hn::Mul(b, c), hn::Mul(a, s)), d, x + half + i);
    }
    for (; i < half; ++i) {
        float& first = neighbours ? x[2 * i] : x[i];
        float& second = neighbours ? x[2 * i + 1] : x[half + i];
        const float a = first, b = second;
        first = a * cosines[i] - b * sines[i];
        second = b * cosines[i] + a * sines[i];
    }
}

double Divergence(const float* p, double pLogSum, const float* q, double qLogSum, std::size_t n)
{
    const hn::CappedTag<double, 8> wide;
    const hn::Rebind<float, decltype(wide)> narrow;
    const std::size_t lanes = hn::Lanes(wide);
    const auto load = [&](const float* at) { return hn::PromoteTo(wide, hn::LoadU(narrow, at)); };
    const auto pSum = hn::Set(wide, pLogSum), difference = hn::Set(wide, pLogSum - qLogSum);
    auto sums = hn::Zero(wide);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const auto logit = load(p + i);
        const auto delta = hn::Sub(hn::Sub(logit, load(q + i)), difference);
        const auto excess = hn::Add(delta, hn::Expm1(wide, hn::Neg(delta)));
        sums = hn::MulAdd(hn::Exp(wide, hn::Sub(logit, pSum)), excess, sums);
    }
    double total = hn::GetLane(hn::SumOfLanes(wide, sums));
    for (; i < n; ++i) {
        const double delta = static_cast<double>(p[i]) - static_cast<double>(q[i]) - (pLogSum - qLogSum);
        total += std::exp(static_cast<double>(p[i]) - pLogSum) * (delta + std::expm1(-delta));
    }
    return total;
}

double LogSumExp(const float* x, std::size_t n)
{
    const float most = maximum(x, n);
    const V m = hn::Set(d, most);
    const std::size_t lanes = hn::Lanes(d), chunk = 64 * lanes; // single precision within a chunk, double across
    double total = 0;
    std::size_t i = 0;
    while (i + lanes <= n) {
        V sums = hn::Zero(d);
        for (const std::size_t end = std::min(n, i + chunk); i + lanes <= end; i += lanes)
            sums = hn::Add(sums, hn::Exp(d, hn::Sub(hn::LoadU(d, x + i), m)));
        total += static_cast<double>(sum(sums));
    }
    for (; i < n; ++i)
        total += std::exp(static_cast<double>(x[i]) - static_cast<double>(most));
    return static_cast<double>(most) + std::log(total);
}

} // namespace
} // namespace wb::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wb::kernels {

HWY_EXPORT(AddScaled);
HWY_EXPORT(AddScaledRows);
HWY_EXPORT(Add);
HWY_EXPORT(Scale);
HWY_EXPORT(RmsNorm);
HWY_EXPORT(LayerNorm);
HWY_EXPORT(Softmax);
HWY_EXPORT(SoftCap);
HWY_EXPORT(Activate);
HWY_EXPORT(Gate);
HWY_EXPORT(Rotate);
HWY_EXPORT(LogSumExp);
HWY_EXPORT(Divergence);

void addScaledRows(float* out, const float* rows, std::size_t stride, const float* factors, std::size_t count, std::size_t n)
{
    HWY_DYNAMIC_DISPATCH(AddScaledRows)(out, rows, stride, factors, count, n);
}
void addScaled(float* out, const float* x, float factor, std::size_t n) { HWY_DYNAMIC_DISPATCH(AddScaled)(out, x, factor, n); }
void add(float* out, const float* x, std::size_t n) { HWY_DYNAMIC_DISPATCH(Add)(out, x, n); }
void scale(float* x, float factor, std::size_t n) { HWY_DYNAMIC_DISPATCH(Scale)(x, factor, n); }
void rmsNorm(const float* x, const float* gain, float epsilon, std::size_t n, float* out)
{
    HWY_DYNAMIC_DISPATCH(RmsNorm)(x, gain, epsilon, n, out);
}
void layerNorm(const float* x, const float* gain, const float* bias, float epsilon, std::size_t n, float* out)
{
    HWY_DYNAMIC_DISPATCH(LayerNorm)(x, gain, bias, epsilon, n, out);
}
void softmax(float* x, std::size_t n) { HWY_DYNAMIC_DISPATCH(Softmax)(x, n); }
void softCap(float* x, float cap, std::size_t n) { HWY_DYNAMIC_DISPATCH(SoftCap)(x, cap, n); }
void activate(Activation activation, float* x, std::size_t n) { HWY_DYNAMIC_DISPATCH(Activate)(activation, x, n); }
void gate(Activation activation, float* x, const float* up, std::size_t n) { HWY_DYNAMIC_DISPATCH(Gate)(activation, x, up, n); }
void rotate(float* x, const float* cosines, const float* sines, std::size_t half, bool neighbours)
{
    HWY_DYNAMIC_DISPATCH(Rotate)(x, cosines, sines, half, neighbours);
}
double logSumExp(const float* x, std::size_t n) { return HWY_DYNAMIC_DISPATCH(LogSumExp)(x, n); }
double divergence(const float* p, double pLogSum, const float* q, double qLogSum, std::size_t n)
{
    return HWY_DYNAMIC_DISPATCH(Divergence)(p, pLogSum, q, qLogSum, n);
}

} // namespace wb::kernels
#endif
