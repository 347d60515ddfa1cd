// Is an export still what it was? Its files are hashed against the manifest, and when the base is at hand the recipes are
// applied to it again and every tensor compared.
#pragma once

#include "core/base/json.h"
#include "core/checkpoint/manifest.h"

#include <filesystem>

namespace wb {

enum class Replay : std::uint8_t { Equal, Differs, BaseMissing, BaseDiffers, NotTried }; // the last one: the files differ already

struct ExportVerification {
    VerifyReport files;
    Replay replay = Replay::NotTried;
    std::vector<std::string> differentTensors; // from the replay
    [[nodiscard]] bool ok() const { return files.differences.empty() && replay != Replay::Differs; }
    [[nodiscard]] Json toJson() const;
};

[[nodiscard]] Result<ExportVerification> verifyExport(const std::filesystem::path& exported, Progress& progress);

} // namespace wb
