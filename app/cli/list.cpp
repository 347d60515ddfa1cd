// wb list PATH: every tensor, in natural order.
#include "app/cli/cli.h"

#include "core/model/roles.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

Json toJson(const Opened& opened, std::size_t tensor, const TensorRole& role)
{
    const TensorInfo& info = opened.source->tensors()[tensor];
    return {{"name", info.name},
            {"role", role.role},
            {"layer", role.layer ? Json(*role.layer) : Json()},
            {"expert", role.expert ? Json(*role.expert) : Json()},
            {"dtype", info.storedType},
            {"shape", info.shape},
            {"parameters", info.elements},
            {"bytes", info.bytes},
            {"file", opened.checkpoint->files()[info.at.file].name},
            {"offset", info.at.offset},
            {"fingerprint", opened.source->fingerprint(tensor)}};
}

void printText(const Opened& opened, const std::vector<std::size_t>& order)
{
    Table table({"tensor", "role", "dtype", "shape", "parameters", "bytes"}, {false, false, false, false, true, true});
    const std::vector<TensorRole> roles = rolesOf(opened.source->tensors());
    for (const std::size_t tensor : order) {
        const TensorInfo& info = opened.source->tensors()[tensor];
        table.add({shownName(info.name), roles[tensor].role, info.storedType, shapeText(info.shape),
                   countText(info.elements), bytesText(info.bytes)});
    }
    table.print();
}

} // namespace

Run addList(CLI::App& app, const Globals& globals)
{
    struct Arguments {
        SourceArguments source;
        TensorArguments tensors;
    };
    auto arguments = std::make_shared<Arguments>();
    arguments->source.addWithRecipes(app);
    arguments->tensors.addSelect(app);
    return [arguments, &globals]() -> Result<int> {
        auto opened = open(arguments->source, globals);
        if (!opened)
            return failure(opened);
        auto order = choose(arguments->tensors, *opened);
        if (!order)
            return failure(order);
        if (!globals.json) {
            printText(*opened, *order);
            return 0;
        }
        Json tensors = Json::array();
        const std::vector<TensorRole> roles = rolesOf(opened->source->tensors());
        for (const std::size_t tensor : *order)
            tensors.push_back(toJson(*opened, tensor, roles[tensor]));
        printJson("list", {{"tensors", tensors}});
        return 0;
    };
}

} // namespace wb::cli
