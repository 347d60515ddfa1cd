// What a config says of a model's layers, rewritten for another list of them: how many there are, and what kind each is.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace wb {

// How many layers the config says there are.
[[nodiscard]] std::optional<std::uint32_t> configuredLayers(const Json* config);

// `config` for the layers of `content`, each by the layer of the `layers` before whose weights it has. Lists with an entry for each
// layer, lists of numbers of layers and counts of the first ones go with them; EditNotPossible names a key that cannot say it.
[[nodiscard]] Result<Json> layeredConfig(const Json& config, std::uint32_t layers, const std::vector<std::uint32_t>& content);

} // namespace wb
