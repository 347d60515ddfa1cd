// wb recipe check RECIPE PATH: does it fit, what does it match, and what will each edit do?
#include "app/cli/cli.h"

#include "core/recipe/check.h"
#include "core/recipe/recipejson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    std::string recipe;
    SourceArguments source;
    bool strict = false;
};

void printText(const Recipe& recipe, const RecipeCheck& check)
{
    for (const EditCheck& edit : check.edits) {
        fmt::print("{}  {}\n", edit.index + 1, shownName(describe(recipe.at(edit.index))));
        fmt::print("   {} {}, {} of {} elements change\n", edit.matched.size(), edit.matched.size() == 1 ? "tensor" : "tensors",
                   countText(edit.changedAfterRounding), countText(edit.elements));
        fmt::print("   {}\n", edit.effect == "effective" ? edit.effect : edit.effect + ": " + edit.because);
    }
}

Result<int> run(const Arguments& arguments, const Globals& globals)
{
    auto recipe = loadRecipe(arguments.recipe);
    if (!recipe)
        return failure(recipe);
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    StatisticsCache cache(globals.cacheBytes());
    Result<RecipeCheck> check;
    {
        ShownProgress progress(globals);
        check = checkRecipe(opened->checkpoint, *recipe, cache, progress);
    }
    if (!check)
        return failure(check);
    if (globals.json)
        printJson("recipe.check", check->toJson());
    else
        printText(**recipe, *check);
    const bool all = std::ranges::all_of(check->edits, [](const EditCheck& edit) { return edit.effect == "effective"; });
    return arguments.strict && !all ? 1 : 0;
}

} // namespace

Run addRecipe(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    CLI::App* check = app.add_subcommand("check", "What each edit matches and does");
    check->add_option("RECIPE", arguments->recipe, "Recipe file")->required();
    arguments->source.add(*check);
    check->add_flag("--strict", arguments->strict, "Exit code 1 unless every edit is effective");
    app.require_subcommand(1);
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
