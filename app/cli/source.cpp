#include "app/cli/cli.h"

#include "core/checkpoint/open.h"
#include "core/model/roles.h"

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

void TensorArguments::add(CLI::App& app) { app.add_option("TENSOR", names, "Names of tensors (default: all)"); }

Result<std::vector<std::size_t>> choose(const TensorArguments& arguments, const Opened& opened)
{
    const TensorSource& source = *opened.source;
    std::vector<bool> chosen(source.tensors().size(), arguments.names.empty());
    for (const std::string& name : arguments.names) {
        const auto tensor = source.find(name);
        if (!tensor)
            return fail(ErrorCode::TensorNotFound, opened.checkpoint->root().string(), name,
                        std::to_string(source.tensors().size()));
        chosen[*tensor] = true;
    }
    std::vector<std::size_t> order = naturalOrder(source.tensors());
    std::erase_if(order, [&](std::size_t tensor) { return !chosen[tensor]; });
    return order;
}

} // namespace wb::cli
