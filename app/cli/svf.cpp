// wb svf split PATH -o BANK: U, S and V of the chosen matrices.
// wb svf recipe PATH EXPERT[:weight]… -o RECIPE: experts, mixed, as one edit.
// wb svf import FILE.pt PATH -o EXPERT: the reference's vectors as an expert, after the mapping was shown and confirmed.
// wb svf export EXPERT PATH -o FILE.pt: back again.
#include "app/cli/cli.h"

#include "core/analysis/decomposition.h"
#include "core/base/file.h"
#include "core/model/roles.h"
#include "core/recipe/expert.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace wb::cli {
namespace {

struct SplitArguments {
    SourceArguments source;
    TensorArguments tensors;
    VectorsOptions vectors;
};

// Matrices of the layers, unless others are asked for.
Result<std::vector<std::size_t>> matricesToSplit(const SplitArguments& arguments, const Opened& opened)
{
    auto chosen = choose(arguments.tensors, opened);
    if (!chosen)
        return chosen;
    const bool asked = !arguments.tensors.names.empty() || !arguments.tensors.select.empty();
    const auto infos = opened.source->tensors();
    std::erase_if(*chosen, [&](std::size_t tensor) {
        const TensorInfo& info = infos[tensor];
        return info.shape.size() != 2 || info.elements == 0 || !isFloat(info.dtype) || std::min(info.shape[0], info.shape[1]) > largestDecomposed || (!asked && !roleOf(info.name).layer);
    });
    if (chosen->empty())
        return fail(ErrorCode::BadArgument, "svf split", "none of the chosen tensors is a matrix of a float type");
    return chosen;
}

Result<int> runSplit(const SplitArguments& arguments, const Globals& globals)
{
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    auto chosen = matricesToSplit(arguments, *opened);
    if (!chosen)
        return failure(chosen);
    auto matrices = chooseMatrices(arguments.tensors, *opened->source, *chosen);
    if (!matrices)
        return failure(matrices);
    auto written = writeSingularVectors(*opened, *matrices, arguments.vectors, globals);
    if (!written)
        return failure(written);
    Json rows = Json::array();
    Table table({"tensor", "components", "‖W − UΣVᵀ‖ / ‖W‖"}, {false, true, true});
    for (std::size_t i = 0; i < matrices->size(); ++i) {
        const TensorInfo& info = opened->source->tensors()[(*matrices)[i].tensor];
        const Matrix shape = (*matrices)[i].part.shapeIn(info);
        rows.push_back({{"name", info.name}, {"shape", {shape.rows, shape.cols}}, {"components", written->components[i]}, {"reconstruction_error", written->errors[i]}});
        if (!arguments.tensors.part.empty())
            rows.back()["role"] = arguments.tensors.part;
        table.add({shownName((*matrices)[i].name(*opened->source)), std::to_string(written->components[i]), fmt::format("{:.1e}", written->errors[i])});
    }
    if (globals.json)
        printJson("svf.split", {{"bank", arguments.vectors.out}, {"tensors", std::move(rows)}});
    else
        table.print();
    return 0;
}

struct RecipeArguments {
    SourceArguments source;
    std::vector<std::string> experts;
    std::string out, part;
    bool transfer = false;
    std::optional<std::uint64_t> shuffle;
};

// "FILE:0.7": the weight stands after the last colon when it is a number.
std::pair<std::string, double> withWeight(const std::string& text)
{
    const std::size_t colon = text.rfind(':');
    double weight = 1;
    if (colon == std::string::npos)
        return {text, 1};
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data() + colon + 1, end, weight);
    if (problem != std::errc() || stop != end || !std::isfinite(weight))
        return {text, 1};
    return {text.substr(0, colon), weight};
}

Result<int> runRecipe(const RecipeArguments& arguments, const Globals& globals)
{
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    std::vector<Expert> experts;
    std::vector<double> weights;
    for (const std::string& text : arguments.experts) {
        const auto [path, weight] = withWeight(text);
        auto expert = loadExpert(path);
        if (!expert)
            return failure(expert);
        if (auto fits = checkFits(*expert, *opened->source, arguments.transfer, arguments.part); !fits)
            return failure(fits);
        experts.push_back(arguments.shuffle ? expert->shuffled(*arguments.shuffle) : std::move(*expert));
        weights.push_back(weight);
    }
    auto edit = mixOf(experts, weights);
    if (!edit)
        return failure(edit);
    edit->elements.part = arguments.part;
    const TensorSource& source = *opened->source;
    Recipe recipe(BaseIdentity{opened->checkpoint->name(), layoutFingerprint(source), source.tensors().size()});
    const RecipePtr made = recipe.with(*edit);
    if (auto fits = patch(opened->source, made); !fits) // checked before anything is written
        return failure(fits);
    if (auto saved = saveRecipe(*made, arguments.out); !saved)
        return failure(saved);
    Json rows = Json::array();
    for (std::size_t i = 0; i < experts.size(); ++i)
        rows.push_back({{"name", experts[i].name}, {"weight", weights[i]}, {"matrices", experts[i].vectors.size()}});
    if (globals.json)
        printJson("svf.recipe", {{"recipe", arguments.out}, {"experts", std::move(rows)}, {"edits", 1}, {"tensors", experts[0].vectors.size()}});
    else
        fmt::print("{} → {}\n", shownName(describe(edit->operation)), shownName(arguments.out));
    if (arguments.transfer && !arguments.shuffle && !globals.quiet)
        fmt::print(stderr, "wb: a transfer is worth what it beats: make the control with --shuffle SEED and score both\n");
    return 0;
}

struct TorchArguments {
    std::string file, out, name;
    SourceArguments source;
    bool confirm = false;
};

Result<int> runImport(const TorchArguments& arguments, const Globals& globals)
{
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    auto mapping = importTorchExpert(arguments.file, *opened->source, opened->checkpoint->name());
    if (!mapping)
        return failure(mapping);
    if (!arguments.name.empty())
        mapping->expert.name = arguments.name;
    const bool writes = arguments.confirm || !mapping->byOrder;
    if (writes)
        if (auto saved = saveExpert(mapping->expert, arguments.out); !saved)
            return failure(saved);
    Json rows = Json::array();
    Table table({"key", "tensor", "gains"}, {false, false, true});
    for (const auto& row : mapping->rows) {
        rows.push_back({{"key", row.key}, {"tensor", row.tensor}, {"gains", row.gains}});
        table.add({shownName(row.key), shownName(row.tensor), std::to_string(row.gains)});
    }
    if (globals.json) {
        printJson("svf.import", {{"mapping", std::move(rows)}, {"by_order", mapping->byOrder}, {"expert", writes ? Json(arguments.out) : Json()}});
        return writes ? 0 : 1;
    }
    table.print();
    if (writes)
        fmt::print("{} vectors → {}\n", mapping->rows.size(), shownName(arguments.out));
    else
        fmt::print("The file names no tensors: this is the order of the model's MLP matrices. Nothing was written; --confirm takes it.\n");
    return writes ? 0 : 1;
}

Result<int> runExport(const TorchArguments& arguments, const Globals& globals)
{
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    auto expert = loadExpert(arguments.file);
    if (!expert)
        return failure(expert);
    if (auto fits = checkFits(*expert, *opened->source, false); !fits)
        return failure(fits);
    auto bytes = torchExpertOf(*expert, *opened->source);
    if (!bytes)
        return failure(bytes);
    if (auto written = writeTextAtomically(arguments.out, *bytes); !written)
        return failure(written);
    if (globals.json)
        printJson("svf.export", {{"file", arguments.out}, {"vectors", expert->vectors.size()}});
    else
        fmt::print("{} vectors → {}\n", expert->vectors.size(), shownName(arguments.out));
    return 0;
}

} // namespace

Run addSvf(CLI::App& app, const Globals& globals)
{
    auto split = std::make_shared<SplitArguments>();
    CLI::App* splitting = app.add_subcommand("split", "U, S and V of the layers' matrices as a safetensors file");
    split->source.addWithRecipes(*splitting);
    split->tensors.addNames(*splitting);
    split->tensors.addSelect(*splitting);
    split->tensors.addPart(*splitting);
    splitting->add_option("-o", split->vectors.out, "File to write; a regular file of that name is replaced")->required()->type_name("BANK");
    splitting->add_flag("--f64", split->vectors.wide, "In double precision instead of single");
    auto mix = std::make_shared<RecipeArguments>();
    CLI::App* mixing = app.add_subcommand("recipe", "Experts, mixed by weight, as one edit of a recipe");
    mix->source.add(*mixing);
    mixing->add_option("EXPERT", mix->experts, "Expert files, each with :WEIGHT (default 1)")->required();
    mixing->add_option("-o", mix->out, "Recipe to write; a file of that name is replaced")->required()->type_name("RECIPE");
    mixing->add_flag("--transfer", mix->transfer, "Take experts of another model whose matrices have the same names and lengths");
    addPartOption(*mixing, mix->part, "The gains are those of this part of each tensor, which is stored with others as one");
    mixing->add_option("--shuffle", mix->shuffle, "Permute the gains within each matrix: the control of a transfer")->type_name("SEED");
    auto in = std::make_shared<TorchArguments>(), out = std::make_shared<TorchArguments>();
    CLI::App* importing = app.add_subcommand("import", "Vectors of the Transformer-squared reference (.pt) as an expert");
    importing->add_option("FILE", in->file, "policy_params.pt or learnable_params.pt")->required();
    in->source.add(*importing);
    importing->add_option("-o", in->out, "Expert to write")->required()->type_name("EXPERT");
    importing->add_option("--name", in->name, "What the expert is called (default: the file's name)");
    importing->add_flag("--confirm", in->confirm, "Take the shown order of a file that names no tensors");
    CLI::App* exporting = app.add_subcommand("export", "An expert as the reference's policy_params.pt");
    exporting->add_option("EXPERT", out->file, "Expert file")->required();
    out->source.add(*exporting);
    exporting->add_option("-o", out->out, "File to write; a file of that name is replaced")->required()->type_name("FILE");
    app.require_subcommand(1);
    return [=, &globals] {
        return splitting->parsed() ? runSplit(*split, globals)
               : mixing->parsed()  ? runRecipe(*mix, globals)
               : importing->parsed() ? runImport(*in, globals)
                                     : runExport(*out, globals);
    };
}

} // namespace wb::cli
