#include "app/cli/cli.h"

#include "core/checkpoint/open.h"

#include <algorithm>

namespace wb::cli {

std::size_t Globals::cacheBytes() const
{
    constexpr std::size_t usual = std::size_t{192} << 20;
    return memory == 0 ? usual : std::min(usual, memory / 2);
}

void SourceArguments::add(CLI::App& app)
{
    app.add_option("PATH", path, "Checkpoint: a folder, a .safetensors, or a model.safetensors.index.json")->required();
}

Result<Opened> open(const SourceArguments& arguments, const Globals& globals)
{
    auto checkpoint = openCheckpoint(arguments.path, {.limits = globals.limits});
    if (!checkpoint)
        return failure(checkpoint);
    for (const Error& warning : (*checkpoint)->warnings())
        printWarning(globals, warning);
    return Opened{*checkpoint, *checkpoint};
}

} // namespace wb::cli
