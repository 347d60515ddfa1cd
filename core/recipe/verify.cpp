#include "core/recipe/verify.h"

#include "core/analysis/diff.h"
#include "core/checkpoint/export.h"
#include "core/checkpoint/open.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"

#include <nlohmann/json.hpp>

namespace wb {
namespace {

constexpr const char* replayNames[] = {"equal", "differs", "base_missing", "base_differs", "not_tried"};

bool donorMissing(const Recipe& recipe)
{
    std::error_code ignored;
    for (std::size_t i = 0; i < recipe.size(); ++i)
        if (const auto* edit = std::get_if<LayerEdit>(&recipe.at(i).operation); edit != nullptr && edit->donor && !std::filesystem::exists(edit->donor->path, ignored))
            return true;
    return false;
}

// The base with the manifest's recipes; null when the base, or a checkpoint that a layer came from, is gone or is another one now.
Result<SourcePtr> replayed(const Manifest& manifest, Replay& outcome, Progress& progress)
{
    auto base = openCheckpoint(manifest.base);
    if (!base) {
        outcome = Replay::BaseMissing;
        return SourcePtr();
    }
    if (layoutFingerprint(**base) != manifest.baseLayout) {
        outcome = Replay::BaseDiffers;
        return SourcePtr();
    }
    SourcePtr source = *base;
    for (const auto& json : manifest.recipes) {
        auto recipe = recipeFromJson(*json, manifest.base);
        if (!recipe)
            return failure(recipe);
        if (auto donors = openDonors(**recipe, progress); !donors) {
            if (donors.error().code == ErrorCode::Cancelled)
                return failure(donors);
            outcome = donorMissing(**recipe) ? Replay::BaseMissing : Replay::BaseDiffers;
            return SourcePtr();
        }
        auto patched = patchFully(source, *recipe);
        if (!patched)
            return failure(patched);
        source = *patched;
    }
    if (manifest.dtype.empty())
        return source;
    const auto type = safetensorsDType(manifest.dtype);
    if (!type || !isFloat(type->dtype))
        return fail(ErrorCode::JsonInvalid, manifest.base, said(CORE_TEXT("reasons", "the type %1 is not one of floats"), manifest.dtype));
    return convertedFor(**base, source, type->dtype);
}

} // namespace

Result<ExportVerification> verifyExport(const std::filesystem::path& exported, Progress& progress)
{
    auto files = verifyFiles(exported, progress);
    if (!files)
        return failure(files);
    ExportVerification verification;
    verification.files = std::move(*files);
    if (!verification.files.differences.empty())
        return verification;
    auto base = replayed(verification.files.manifest, verification.replay, progress);
    if (!base)
        return failure(base);
    if (!*base)
        return verification;
    auto opened = openCheckpoint(exported);
    if (!opened)
        return failure(opened);
    auto report = diffSources(**base, **opened, {.top = 0}, progress);
    if (!report)
        return failure(report);
    verification.replay = report->nothingDiffers() ? Replay::Equal : Replay::Differs;
    for (const TensorDifference& difference : report->changed)
        verification.differentTensors.push_back(difference.name);
    for (const auto* names : {&report->onlyA, &report->onlyB, &report->shapeDiffers, &report->dtypeDiffers})
        verification.differentTensors.insert(verification.differentTensors.end(), names->begin(), names->end());
    return verification;
}

Json ExportVerification::toJson() const
{
    return {{"ok", ok()},
            {"files", files.manifest.files.size()},
            {"bytes", files.bytes},
            {"differences", files.differences},
            {"tensors_changed", files.manifest.changed},
            {"base", files.manifest.base},
            {"replay", replayNames[static_cast<int>(replay)]},
            {"different_tensors", differentTensors}};
}

} // namespace wb
