#include "core/eval/control.h"

#include "core/recipe/patchedsource.h"
#include "core/tensor/floatview.h"

#include <fmt/format.h>

#include <cmath>

namespace wb {
namespace {

constexpr std::uint64_t chunk = 1U << 18; // elements
constexpr int corrections = 3;

Edit noiseOf(const std::string& tensor, double deviation, std::uint64_t seed)
{
    Edit edit;
    edit.operation = Noise{deviation, seed, false};
    edit.select = Selector::forTensor(tensor);
    edit.reason = "control: random, of the same norm";
    return edit;
}

// Noise on one tensor whose stored difference has this norm, as nearly as the type allows, and the norm it has.
Result<std::pair<Edit, double>> matched(const SourcePtr& base, std::size_t tensor, double norm, std::uint64_t seed)
{
    const TensorInfo& info = base->tensors()[tensor];
    double deviation = norm / std::sqrt(static_cast<double>(info.elements));
    std::optional<std::pair<Edit, double>> best;
    for (int step = 0; step <= corrections; ++step) {
        Edit edit = noiseOf(info.name, deviation, seed);
        auto patched = patch(base, std::make_shared<const Recipe>()->with(edit));
        if (!patched)
            return failure(patched);
        auto got = differenceNorm(*base, tensor, **patched, tensor);
        if (!got)
            return failure(got);
        if (!best || std::abs(*got - norm) < std::abs(best->second - norm))
            best.emplace(std::move(edit), *got);
        if (std::abs(*got - norm) <= 0.001 * norm)
            break;
        deviation *= *got > 0 ? norm / *got : 2;
    }
    return std::move(*best);
}

} // namespace

Result<double> differenceNorm(const TensorSource& a, std::size_t tensorA, const TensorSource& b, std::size_t tensorB)
{
    const std::uint64_t elements = a.tensors()[tensorA].elements;
    const FloatView left(a, tensorA), right(b, tensorB);
    std::vector<float> x(std::min(chunk, elements)), y(x.size());
    double squares = 0;
    for (std::uint64_t first = 0; first < elements; first += chunk) {
        const std::uint64_t count = std::min(chunk, elements - first);
        for (const auto& [view, into] : {std::pair(&left, &x), std::pair(&right, &y)})
            if (auto done = view->read(0, {first, count}, std::as_writable_bytes(std::span(*into).first(count))); !done)
                return failure(done);
        for (std::uint64_t i = 0; i < count; ++i) {
            const double d = static_cast<double>(y[i]) - static_cast<double>(x[i]);
            squares += d * d;
        }
    }
    return std::sqrt(squares);
}

Result<Control> controlOf(const SourcePtr& base, const SourcePtr& edited, std::uint64_t seed, Progress& progress)
{
    if (layoutFingerprint(*base) != layoutFingerprint(*edited))
        return fail(ErrorCode::BadArgument, "--control", said(CORE_TEXT("reasons", "the two have not the same tensors, so there is no edit to match")));
    progress.begin(ProgressStage::Comparing, ProgressUnit::Tensors, base->tensors().size());
    Control out;
    RecipePtr recipe = std::make_shared<const Recipe>(BaseIdentity{"", layoutFingerprint(*base), base->tensors().size()});
    double editSquares = 0, controlSquares = 0;
    for (std::size_t i = 0; i < base->tensors().size(); ++i) {
        if (!progress.advance(1))
            return cancelledError();
        const TensorInfo& info = base->tensors()[i];
        const auto other = edited->find(info.name);
        if (!other || base->fingerprint(i) == edited->fingerprint(*other) || info.dtype == DType::Opaque || isFloat8(info.dtype))
            continue; // nothing can be edited there; of 8-bit floats the factors are
        const auto norm = differenceNorm(*base, i, *edited, *other);
        if (!norm)
            return failure(norm);
        if (*norm == 0)
            continue;
        if (!std::isfinite(*norm))
            return fail(ErrorCode::NotFinite, info.name, info.name);
        auto noise = matched(base, i, *norm, seed);
        if (!noise)
            return failure(noise);
        recipe = recipe->with(std::move(noise->first));
        editSquares += *norm * *norm;
        controlSquares += noise->second * noise->second;
    }
    if (recipe->empty())
        return fail(ErrorCode::BadArgument, "--control", said(CORE_TEXT("reasons", "nothing differs, so there is no edit to match")));
    out.recipe = recipe;
    out.editNorm = std::sqrt(editSquares);
    out.controlNorm = std::sqrt(controlSquares);
    return out;
}

} // namespace wb
