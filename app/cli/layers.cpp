// wb layers PATH: what each layer is worth to a text, in which order they may go, and recipes that edit the list of layers.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/analysis/linearity.h"
#include "core/analysis/linearmap.h"
#include "core/base/random.h"
#include "core/eval/layercost.h"
#include "core/recipe/donor.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    std::string file, out, order = "linearity";
    std::string drop, fold, repeat, copy, transplant, from;
    std::size_t tokens = 0, window = 512, curve = 0; // tokens: 0 is all
    std::uint64_t seed = 0;
    LinearMapOptions map;
};

constexpr std::uint64_t stateBytes = std::uint64_t{512} << 20;

// "5-7" or "5".
Result<std::pair<std::uint32_t, std::uint32_t>> stretch(const std::string& text, const char* option, char between)
{
    const std::size_t at = text.find(between);
    const std::string first = text.substr(0, at), last = at == std::string::npos ? first : text.substr(at + 1);
    const auto number = [](const std::string& part) { return !part.empty() && part.size() < 6 && part.find_first_not_of("0123456789") == std::string::npos; };
    if (!number(first) || !number(last))
        return fail(ErrorCode::BadArgument, option, fmt::format("\"{}\" is no stretch of layers such as 5{}7", text, between));
    return std::pair(static_cast<std::uint32_t>(std::stoul(first)), static_cast<std::uint32_t>(std::stoul(last)));
}

struct Measured {
    LinearityReport linearity;
    std::vector<LayerCost> costs, curve;
    std::vector<std::uint32_t> order;
};

// Which layer goes first: the step with the highest linearity, the cheapest one, or any.
std::vector<std::uint32_t> orderOf(const Arguments& arguments, const Measured& measured)
{
    std::vector<std::uint32_t> order(measured.costs.size());
    std::iota(order.begin(), order.end(), 0U);
    if (arguments.order == "linearity")
        std::ranges::stable_sort(order, std::greater(), [&](std::uint32_t layer) { return measured.linearity.layers[layer].score; });
    else if (arguments.order == "cost")
        std::ranges::stable_sort(order, {}, [&](std::uint32_t layer) { return measured.costs[layer].delta; });
    else
        std::ranges::stable_sort(order, {}, [&](std::uint32_t layer) { return uniform(arguments.seed, 0, layer); });
    return order;
}

Json costJson(const LayerCost& cost)
{
    return {{"without", cost.without}, {"nll", jsonNumber(cost.nll)}, {"delta_nll", jsonNumber(cost.delta)}, {"ci95", {jsonNumber(cost.ci95.low), jsonNumber(cost.ci95.high)}}};
}

void print(const Measured& measured, const Globals& globals, const Arguments& arguments)
{
    if (globals.json) {
        Json out = {{"layers", Json::array()}, {"curve", Json::array()}, {"order", arguments.order}, {"tokens", measured.linearity.tokens}, {"precision", "f32"}};
        for (std::size_t i = 0; i < measured.costs.size(); ++i) {
            Json layer = costJson(measured.costs[i]);
            layer["score"] = jsonNumber(measured.linearity.layers[i].score);
            layer["without_residual"] = jsonNumber(measured.linearity.layers[i].withoutResidual);
            out["layers"].push_back(std::move(layer));
        }
        for (const LayerCost& cost : measured.curve)
            out["curve"].push_back(costJson(cost));
        return printJson("layers", out);
    }
    Table table({"layer", "linearity", "without residual", "loss without it", "Δ loss", "95 %"}, std::vector<bool>(6, true));
    for (std::size_t i = 0; i < measured.costs.size(); ++i) {
        const LayerCost& cost = measured.costs[i];
        table.add({std::to_string(i), fmt::format("{:.4f}", measured.linearity.layers[i].score), fmt::format("{:.4f}", measured.linearity.layers[i].withoutResidual),
                   fmt::format("{:.4f}", cost.nll), fmt::format("{:+.4f}", cost.delta), fmt::format("{:+.4f} … {:+.4f}", cost.ci95.low, cost.ci95.high)});
    }
    table.print();
    if (measured.curve.empty())
        return;
    fmt::print("\nlayers left out in the order of {}\n", arguments.order);
    Table curve({"left out", "last", "loss", "Δ loss", "95 %"}, std::vector<bool>(5, true));
    for (const LayerCost& cost : measured.curve)
        curve.add({std::to_string(cost.without.size()), std::to_string(cost.without.back()), fmt::format("{:.4f}", cost.nll), fmt::format("{:+.4f}", cost.delta),
                   fmt::format("{:+.4f} … {:+.4f}", cost.ci95.low, cost.ci95.high)});
    curve.print();
}

Result<int> rank(const Arguments& arguments, const LoadedModel& loaded, std::span<const std::uint32_t> tokens, const Globals& globals)
{
    ShownProgress progress(globals);
    Measured measured;
    LinearityOptions linearityOptions;
    linearityOptions.window = arguments.window;
    auto linearity = computeLinearity(*loaded.model, tokens, linearityOptions, progress);
    if (!linearity)
        return failure(linearity);
    measured.linearity = std::move(*linearity);
    LayerCostOptions options;
    options.text.window = options.text.stride = arguments.window;
    options.maxBytes = globals.memory;
    options.stateBytes = globals.memory == 0 ? stateBytes : globals.memory / 8;
    options.where = loaded.opened.checkpoint->root().string();
    auto costs = layerCosts(loaded.opened.source, loaded.model, tokens, options, progress);
    if (!costs)
        return failure(costs);
    measured.costs = std::move(*costs);
    if (arguments.curve != 0) {
        std::vector<std::uint32_t> order = orderOf(arguments, measured);
        order.resize(std::min(arguments.curve, order.size() - 1));
        auto curve = removalCurve(loaded.opened.source, loaded.model, order, tokens, options, progress);
        if (!curve)
            return failure(curve);
        measured.curve = std::move(*curve);
    }
    print(measured, globals, arguments);
    return 0;
}

// The one edit that was asked for.
Result<LayerEdit> editOf(const Arguments& arguments)
{
    LayerEdit edit;
    for (const auto& [text, kind, option, between] : {std::tuple(&arguments.drop, LayerEdit::Kind::Drop, "--drop", '-'), std::tuple(&arguments.fold, LayerEdit::Kind::Fold, "--fold", '-'),
                                                      std::tuple(&arguments.repeat, LayerEdit::Kind::Repeat, "--repeat", '-'), std::tuple(&arguments.copy, LayerEdit::Kind::Copy, "--copy", ':'),
                                                      std::tuple(&arguments.transplant, LayerEdit::Kind::Transplant, "--transplant", ':')}) {
        if (text->empty())
            continue;
        auto layers = stretch(*text, option, between);
        if (!layers)
            return failure(layers);
        edit = {kind, layers->first, layers->second, nullptr};
        if (!edit.setsOnePlace() && edit.first > edit.last)
            return fail(ErrorCode::BadArgument, option, fmt::format("layer {} lies behind layer {}", edit.first, edit.last));
    }
    return edit;
}

Result<int> write(const Arguments& arguments, LayerEdit edit, const SourcePtr& source, const std::optional<LinearMap>& map, const Globals& globals)
{
    if (map)
        edit.map = makeMatrix(map->width, map->width, map->values);
    Edit staged;
    staged.operation = edit;
    const std::string text = describe(staged);
    if (map)
        staged.reason = fmt::format("{} map on {} tokens: misses {:.4f} of the stream's length, leaving out {:.4f}", arguments.map.diagonal ? "diagonal" : "linear", map->tokens, map->replaced, map->removed);
    const RecipePtr recipe = Recipe({"", layoutFingerprint(*source), source->tensors().size()}).with(staged);
    if (auto fits = patchFully(source, recipe); !fits) // says what is wrong before anything is written
        return failure(fits);
    if (auto saved = saveRecipe(*recipe, arguments.out); !saved)
        return failure(saved);
    if (globals.json) {
        Json out = {{"recipe", arguments.out}, {"edit", text}};
        if (map)
            out.update({{"tokens", map->tokens}, {"rank_used", map->rankUsed}, {"removed_error", jsonNumber(map->removed)}, {"replaced_error", jsonNumber(map->replaced)}});
        printJson("layers", out);
        return 0;
    }
    fmt::print("{}: {}\n", arguments.out, text);
    if (map)
        fmt::print("{}\n", staged.reason);
    return 0;
}

Result<int> run(Arguments& arguments, const Globals& globals)
{
    const bool edits = !arguments.drop.empty() || !arguments.fold.empty() || !arguments.repeat.empty() || !arguments.copy.empty() || !arguments.transplant.empty();
    auto edit = editOf(arguments);
    if (!edit)
        return failure(edit);
    if (edits && arguments.out.empty())
        return fail(ErrorCode::BadArgument, "-o", "an edit of layers needs a place for its recipe");
    if (edits && edit->kind == LayerEdit::Kind::Transplant) {
        ShownProgress progress(globals);
        auto donor = donorOf(arguments.from, edit->first, progress);
        if (!donor)
            return failure(donor);
        edit->donor = std::move(*donor);
    }
    if (edits && edit->kind != LayerEdit::Kind::Fold) {
        auto opened = open(arguments.model.source, globals);
        return opened ? write(arguments, *edit, opened->source, std::nullopt, globals) : failure(opened);
    }
    if (arguments.file.empty())
        return fail(ErrorCode::BadArgument, "--file", edits ? "a map is fitted on a text" : "layers are measured on a text");
    arguments.map.window = arguments.window;
    LinearityOptions linearity;
    linearity.window = arguments.window;
    auto loaded = loadModel(arguments.model, globals, [&](const ModelConfig& config) { return std::max(linearityBytes(config, linearity), linearMapBytes(config, arguments.map)); });
    if (!loaded)
        return failure(loaded);
    auto tokens = TextArguments::firstTokens(*loaded, arguments.file, arguments.tokens);
    if (!tokens)
        return failure(tokens);
    if (!edits)
        return rank(arguments, *loaded, *tokens, globals);
    Result<LinearMap> map = [&] {
        ShownProgress progress(globals);
        return computeLinearMap(*loaded->model, *tokens, edit->first, edit->last, arguments.map, progress);
    }();
    return map ? write(arguments, *edit, loaded->opened.source, *map, globals) : failure(map);
}

} // namespace

Run addLayers(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    app.add_option("--file", arguments->file, "The text that layers are measured, or a map fitted, on")->type_name("FILE");
    app.add_option("--tokens", arguments->tokens, "So many tokens of it (default: all)");
    app.add_option("--window", arguments->window, "Tokens the model sees at once (default 512)")->check(CLI::Range(2, 1 << 20));
    app.add_option("--curve", arguments->curve, "Also the loss as so many layers are left out one after the other");
    app.add_option("--order", arguments->order, "Which goes first in the curve: linearity, cost or random")->check(CLI::IsMember({"linearity", "cost", "random"}));
    app.add_option("--seed", arguments->seed, "Of a random order");
    auto* edit = app.add_option_group("edit", "Write a recipe that edits the list of layers");
    edit->add_option("--drop", arguments->drop, "Leave out layers A to B")->type_name("A-B");
    edit->add_option("--fold", arguments->fold, "Replace layers A to B by their best linear map, folded into the down matrix of the layer before (ReplaceMe)")->type_name("A-B");
    edit->add_option("--repeat", arguments->repeat, "Let layers A to B run twice")->type_name("A-B");
    edit->add_option("--copy", arguments->copy, "Put layer A in the place of layer B")->type_name("A:B");
    auto* transplant = edit->add_option("--transplant", arguments->transplant, "Put layer A of the checkpoint --from in the place of layer B")->type_name("A:B");
    edit->require_option(0, 1);
    transplant->needs(app.add_option("--from", arguments->from, "Another checkpoint with layers of the same shapes; the recipe is bound to its layer by SHA-256")->type_name("PATH")->needs(transplant));
    app.add_option("--ridge", arguments->map.ridge, "Of the map, in units of the mean square of what it multiplies (default 0)")->check(CLI::NonNegativeNumber);
    app.add_flag("--diagonal", arguments->map.diagonal, "A map of one factor a channel");
    app.add_flag("--exclude-first", arguments->map.excludeFirst, "Without the first token of each window");
    app.add_option("-o,--output", arguments->out, "The recipe; a map lies beside it")->type_name("RECIPE");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
