#include "app/cli/cli.h"

#include "core/analysis/decomposition.h"
#include "core/checkpoint/open.h"
#include "core/model/roles.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/savedselections.h"
#include "core/recipe/svf.h"

#include <algorithm>

namespace wb::cli {

std::size_t Globals::cacheBytes() const
{
    constexpr std::size_t usual = std::size_t{192} << 20;
    return memory == 0 ? usual : std::min(usual, memory / 2);
}

void SourceArguments::add(CLI::App& app)
{
    app.add_option("PATH", path, "Checkpoint: a folder, a .safetensors, a model.safetensors.index.json, or a .gguf")->required();
}

void SourceArguments::addWithRecipes(CLI::App& app)
{
    add(app);
    app.add_option("--recipe", recipes, "Staged edits; repeatable, applied in order")->type_name("FILE");
}

Result<Opened> open(const SourceArguments& arguments, const Globals& globals)
{
    auto checkpoint = openCheckpoint(arguments.path, {.limits = globals.limits});
    if (!checkpoint)
        return failure(checkpoint);
    for (const Error& warning : (*checkpoint)->warnings())
        printWarning(globals, warning);
    if (globals.memory != 0) {
        limitDecompositions(globals.memory / 8);
        limitRecomposed(globals.memory / 8);
    }
    Opened opened{*checkpoint, *checkpoint, *checkpoint};
    for (const std::string& file : arguments.recipes) {
        auto recipe = loadRecipe(file);
        if (!recipe)
            return failure(recipe);
        auto patched = patchFully(opened.source, *recipe);
        if (!patched)
            return failure(patched);
        opened.source = *patched;
        opened.layout = layoutOf(opened.checkpoint, *opened.source);
    }
    return opened;
}

void TensorArguments::addNames(CLI::App& app) { app.add_option("TENSOR", names, "Names of tensors (default: all)"); }

void TensorArguments::addSelect(CLI::App& app)
{
    app.add_option("--select", select, "Selection such as \"role=q_proj layer=10-27\", or @name of a saved one")->type_name("S");
}

void addPartOption(CLI::App& app, std::string& part, const std::string& help)
{
    app.add_option("--part", part, help)->type_name("ROLE")->check(CLI::IsMember(std::vector<std::string>(fusedRoles.begin(), fusedRoles.end())));
}

void TensorArguments::addPart(CLI::App& app) { addPartOption(app, part, "Of tensors that hold several matrices as one (q, k and v; gate and up) this one"); }

Result<std::vector<std::size_t>> choose(const TensorArguments& arguments, const Opened& opened)
{
    const TensorSource& source = *opened.source;
    std::vector<bool> chosen(source.tensors().size(), arguments.names.empty() && arguments.select.empty());
    for (const std::string& name : arguments.names) {
        const auto tensor = source.find(name);
        if (!tensor)
            return fail(ErrorCode::TensorNotFound, opened.checkpoint->root().string(), name,
                        std::to_string(source.tensors().size()));
        chosen[*tensor] = true;
    }
    if (!arguments.select.empty()) {
        auto text = expandSelection(arguments.select);
        if (!text)
            return failure(text);
        auto selector = Selector::parse(*text);
        if (!selector)
            return failure(selector);
        auto selected = selector->select(source);
        if (!selected)
            return selected;
        for (const std::size_t tensor : *selected)
            chosen[tensor] = true;
    }
    std::vector<std::size_t> order = naturalOrder(source.tensors());
    std::erase_if(order, [&](std::size_t tensor) { return !chosen[tensor]; });
    return order;
}

std::string ChosenMatrix::name(const TensorSource& source) const
{
    const std::string& own = source.tensors()[tensor].name;
    return part.fused() ? own + "." + part.fused()->role : own;
}

Result<std::vector<ChosenMatrix>> chooseMatrices(const TensorArguments& arguments, const TensorSource& source, std::span<const std::size_t> tensors)
{
    std::vector<ChosenMatrix> out;
    if (arguments.part.empty()) {
        for (const std::size_t tensor : tensors)
            out.push_back({tensor});
        return out;
    }
    const FusedParts fused(source, rolesOf(source.tensors()));
    for (const std::size_t tensor : tensors) {
        const FusedPart* part = partWithRole(fused.of(tensor), arguments.part);
        if (part != nullptr)
            out.push_back({tensor, *part});
        else if (!arguments.names.empty())
            return fail(ErrorCode::BadArgument, source.tensors()[tensor].name, noPartSentence(fused.of(tensor), arguments.part));
    }
    if (out.empty())
        return fail(ErrorCode::BadArgument, "--part", "none of the chosen tensors holds a " + arguments.part + " beside others");
    return out;
}

} // namespace wb::cli
