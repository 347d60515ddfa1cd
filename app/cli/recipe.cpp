// wb recipe check RECIPE PATH: does it fit, what does it match, and what will each edit do?
// wb recipe import FILE --from FORMAT -o RECIPE: another program's edits as a recipe.
#include "app/cli/cli.h"

#include "core/eval/proof.h"
#include "core/recipe/check.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/tensorslayer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    std::string recipe;
    SourceArguments source;
    bool strict = false, prove = false;
};

void printText(const Recipe& recipe, const RecipeCheck& check, std::span<const EditProof> proofs)
{
    for (const EditCheck& edit : check.edits) {
        fmt::print("{}  {}\n", edit.index + 1, shownName(describe(recipe.at(edit.index))));
        fmt::print("   {} {}, {} of {} elements change\n", edit.matched.size(), edit.matched.size() == 1 ? "tensor" : "tensors",
                   countText(edit.changedAfterRounding), countText(edit.elements));
        fmt::print("   {}: {}\n", edit.effect, shownName(edit.because.english()));
        for (const EditProof& proof : proofs)
            if (proof.index == edit.index)
                fmt::print("   the model {} ({}): logits change by {:.3g} of their range, {:.3g} in F32; likeliest token the same at {:.1f} % of places\n",
                           agrees(proof.outcome, edit.effect) ? "agrees" : "DISAGREES", provenName(proof.outcome), proof.stored, proof.exact, 100 * proof.sameTop);
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
    std::vector<EditProof> proofs;
    if (arguments.prove) {
        ShownProgress progress(globals);
        ProofOptions options;
        options.maxBytes = globals.memory;
        options.where = opened->checkpoint->root().string();
        options.together = check->together();
        options.until = check->until();
        auto proven = proveEdits(opened->checkpoint, *recipe, options, progress);
        if (!proven)
            return failure(proven);
        proofs = std::move(*proven);
    }
    if (globals.json) {
        Json out = check->toJson();
        for (const EditProof& proof : proofs) {
            out["edits"][proof.index]["proof"] = proof.toJson();
            out["edits"][proof.index]["proof"]["agrees"] = agrees(proof.outcome, check->edits[proof.index].effect);
        }
        printJson("recipe.check", out);
    } else {
        printText(**recipe, *check, proofs);
    }
    const bool all = std::ranges::all_of(check->edits, [](const EditCheck& edit) { return edit.effect == "effective"; });
    return arguments.strict && !all ? 1 : 0;
}

struct ImportArguments {
    std::string file, from, out;
};

Result<int> runImport(const ImportArguments& arguments, const Globals& globals)
{
    auto recipe = importTensorSlayer(arguments.file); // the only format so far; the option's check names it
    if (!recipe)
        return failure(recipe);
    if (auto saved = saveRecipe(**recipe, arguments.out); !saved)
        return failure(saved);
    if (globals.json)
        printJson("recipe.import", {{"edits", (*recipe)->size()}, {"recipe", arguments.out}});
    else
        fmt::print("{} edits → {}\n", (*recipe)->size(), shownName(arguments.out));
    return 0;
}

} // namespace

Run addRecipe(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    CLI::App* check = app.add_subcommand("check", "What each edit matches and does");
    check->add_option("RECIPE", arguments->recipe, "Recipe file")->required();
    arguments->source.add(*check);
    check->add_flag("--strict", arguments->strict, "Exit code 1 unless every edit is effective");
    check->add_flag("--prove", arguments->prove, "Run the model with and without each edit, in the stored types and in F32, and say whether it agrees");
    auto importing = std::make_shared<ImportArguments>();
    CLI::App* import = app.add_subcommand("import", "Another program's edits as a recipe");
    import->add_option("FILE", importing->file, "What the other program wrote")->required();
    import->add_option("--from", importing->from, "Its format: tensor-slayer")->required()->check(CLI::IsMember({"tensor-slayer"}));
    import->add_option("-o", importing->out, "Recipe to write; a file of that name is replaced")->required();
    app.require_subcommand(1);
    return [arguments, importing, import, &globals] {
        return import->parsed() ? runImport(*importing, globals) : run(*arguments, globals);
    };
}

} // namespace wb::cli
