// wb spectrum PATH: singular values of matrices, and what is read from them.
#include "app/cli/cli.h"

#include "core/analysis/fusedparts.h"
#include "core/analysis/spectrum.h"
#include "core/base/parallel.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    SourceArguments source;
    TensorArguments tensors;
    SpectrumOptions options;
    std::string vectors; // file to write
};

// WeightWatcher's words for its warnings.
Json hintOf(const Spectrum& spectrum)
{
    switch (trainingHint(spectrum)) {
    case TrainingHint::OverTrained: return "over-trained";
    case TrainingHint::UnderTrained: return "under-trained";
    case TrainingHint::None: break;
    }
    return Json();
}

Json toJson(const Spectrum& spectrum, Json out)
{
    Json values = Json::array();
    for (const double value : spectrum.values)
        values.push_back(jsonNumber(value));
    out["shape"] = {spectrum.rows, spectrum.cols};
    if (spectrum.part)
        out["part"] = *spectrum.part;
    out.update({{"singular_values", std::move(values)},
                {"exact", spectrum.exact},
                {"error_bound", jsonNumber(spectrum.errorBound)},
                {"frobenius", jsonNumber(spectrum.frobenius)},
                {"spectral", jsonNumber(spectrum.spectral)},
                {"nuclear", jsonNumber(spectrum.nuclear)},
                {"stable_rank", jsonNumber(spectrum.stableRank)},
                {"effective_rank", jsonNumber(spectrum.effectiveRank)},
                {"condition", jsonNumber(spectrum.condition)},
                {"alpha", spectrum.powerLaw ? jsonNumber(spectrum.powerLaw->alpha) : Json()},
                {"alpha_minimum", spectrum.powerLaw ? jsonNumber(spectrum.powerLaw->minimum) : Json()},
                {"alpha_distance", spectrum.powerLaw ? jsonNumber(spectrum.powerLaw->distance) : Json()},
                {"alpha_tail", spectrum.powerLaw ? Json(spectrum.powerLaw->tail) : Json()},
                {"hint", hintOf(spectrum)},
                {"random_edge", jsonNumber(spectrum.randomEdge)},
                {"above_edge", spectrum.aboveEdge},
                {"seconds", spectrum.seconds}});
    return out;
}

// Matrices of one tensor: itself, or those of a stack; of one that is stored fused also its parts.
struct Found {
    std::vector<Spectrum> matrices;
    std::vector<std::pair<std::string, Spectrum>> parts; // by role
};
struct Row {
    const TensorInfo* info;
    std::string role; // of the part that was asked for
    Spectrum spectrum;
    std::vector<std::pair<std::string, Spectrum>> parts;
};
using Rows = std::vector<Row>;

void printText(const Rows& rows)
{
    Table table({"tensor", "shape", "σ₁", "‖·‖F", "stable rank", "effective rank", "condition", "α", "above noise", "± σ"},
                {false, true, true, true, true, true, true, true, true, true});
    const auto add = [&table](const std::string& name, const Spectrum& s) {
        table.add({name, fmt::format("{}×{}", s.rows, s.cols), valueText(s.spectral), valueText(s.frobenius),
                   fmt::format("{:.2f}", s.stableRank), fmt::format("{:.1f}{}", s.effectiveRank, s.exact ? "" : " (of the first)"), valueText(s.condition),
                   s.powerLaw ? fmt::format("{:.2f}", s.powerLaw->alpha) : "", fmt::format("{}", s.aboveEdge), fmt::format("{:.1e}", s.errorBound)});
    };
    for (const Row& row : rows) {
        add(shownName(row.info->name) + (row.role.empty() ? "" : " " + row.role) + (row.spectrum.part ? fmt::format("[{}]", *row.spectrum.part) : ""), row.spectrum);
        for (const auto& [role, part] : row.parts)
            add("  " + role, part);
    }
    table.print();
}

using Spectra = std::vector<Result<Found>>; // of each tensor

Result<Found> findAll(const TensorSource& source, const ChosenMatrix& chosen, const FusedParts& fused, const SpectrumOptions& options, Progress& progress)
{
    Found found;
    const std::size_t tensor = chosen.tensor;
    if (chosen.part.fused()) {
        auto one = computeSpectrum(source, tensor, chosen.part, options, progress);
        if (!one)
            return failure(one);
        found.matrices.push_back(std::move(*one));
        return found;
    }
    auto matrices = computeSpectrum(source, tensor, options, progress);
    if (!matrices)
        return failure(matrices);
    found.matrices = std::move(*matrices);
    for (const FusedPart& part : fused.of(tensor)) {
        auto one = computeSpectrum(source, tensor, part, options, progress);
        if (!one)
            return failure(one);
        found.parts.emplace_back(part.role, std::move(*one));
    }
    return found;
}

Spectra computeAll(const TensorSource& source, const std::vector<ChosenMatrix>& chosen, const SpectrumOptions& options, const Globals& globals)
{
    Spectra results(chosen.size());
    const FusedParts fused(source, rolesOf(source.tensors()));
    ShownProgress progress(globals);
    std::uint64_t bytes = 0;
    for (const ChosenMatrix& one : chosen)
        bytes += one.part.fused() ? one.part.bytesIn(source.tensors()[one.tensor]) : source.tensors()[one.tensor].bytes * (fused.of(one.tensor).empty() ? 1 : 2);
    static_cast<Progress&>(progress).begin(ProgressStage::Computing, ProgressUnit::Bytes, bytes);
    parallelFor(chosen.size(), [&](std::size_t i) { results[i] = findAll(source, chosen[i], fused, options, progress); });
    return results;
}

// One that is not finite does not take the others along, unless it was asked for by its name.
Result<Json> leaveOut(std::vector<ChosenMatrix>& chosen, Spectra& results, bool named, const Globals& globals)
{
    Json left = Json::array();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (results[i]) {
            chosen[kept] = chosen[i];
            std::swap(results[kept++], results[i]);
            continue;
        }
        const Error& error = results[i].error();
        if (named || error.code != ErrorCode::BadArgument)
            return failure(results[i]);
        printWarning(globals, error);
        left.push_back(warningJson(error));
    }
    chosen.resize(kept);
    results.resize(kept);
    return left;
}

Result<int> run(Arguments& arguments, const Globals& globals)
{
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    auto tensors = choose(arguments.tensors, *opened);
    if (!tensors)
        return failure(tensors);
    const TensorSource& source = *opened->source;
    const bool named = !arguments.tensors.names.empty();
    if (!named) // of a selection or of all: vectors and opaque tensors have none
        std::erase_if(*tensors, [&](std::size_t tensor) { return !hasSpectrum(source.tensors()[tensor]); });
    if (tensors->empty() && !arguments.tensors.select.empty())
        return fail(ErrorCode::BadArgument, "--select", "none of the selected tensors is a matrix");
    auto chosen = chooseMatrices(arguments.tensors, source, *tensors);
    if (!chosen)
        return failure(chosen);
    for (const std::size_t tensor : *tensors) {
        const TensorInfo& info = source.tensors()[tensor];
        const std::uint64_t needed = hasSpectrum(info) ? std::min<std::uint64_t>(threadCount(), tensors->size()) * spectrumBytes(info) : 0;
        if (globals.memory != 0 && needed > globals.memory)
            return fail(ErrorCode::MemoryLimit, info.name, std::to_string(needed), std::to_string(globals.memory));
    }
    Spectra results = computeAll(source, *chosen, arguments.options, globals);
    auto left = leaveOut(*chosen, results, named, globals);
    if (!left)
        return failure(left);
    if (!arguments.vectors.empty()) {
        std::vector<ChosenMatrix> matrices = *chosen;
        std::erase_if(matrices, [&](const ChosenMatrix& one) { return source.tensors()[one.tensor].shape.size() != 2; });
        if (auto written = writeSingularVectors(*opened, matrices, {arguments.vectors, arguments.options.rank}, globals); !written)
            return failure(written);
    }
    Rows rows;
    for (std::size_t i = 0; i < chosen->size(); ++i)
        for (Spectrum& spectrum : results[i]->matrices)
            rows.push_back({&source.tensors()[(*chosen)[i].tensor], arguments.tensors.part, std::move(spectrum), results[i]->parts});
    if (!globals.json) {
        printText(rows);
        return 0;
    }
    Json shown = Json::array();
    for (const Row& row : rows) {
        shown.push_back(toJson(row.spectrum, row.role.empty() ? Json{{"name", row.info->name}} : Json{{"name", row.info->name}, {"role", row.role}}));
        for (const auto& [role, part] : row.parts)
            shown.back()["fused"].push_back(toJson(part, {{"role", role}}));
    }
    printJson("spectrum", {{"tensors", std::move(shown)}, {"left_out", std::move(*left)}});
    return 0;
}

} // namespace

Run addSpectrum(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->source.addWithRecipes(app);
    arguments->tensors.addNames(app);
    arguments->tensors.addSelect(app);
    arguments->tensors.addPart(app);
    app.add_option("--rank", arguments->options.rank, "Only the first so many singular values, randomised, with their error bound")->check(CLI::Range(1, 1 << 20));
    app.add_option("--vectors", arguments->vectors, "Also write U, S and V of the matrices (with --rank the first ones) as this safetensors file")->type_name("FILE");
    app.add_option("--seed", arguments->options.seed, "Of the random directions (default 0)");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
