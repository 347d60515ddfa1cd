// wb lens PATH: what the head would say of the stream before each layer.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/analysis/lens.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    CompareArguments compare;
    TextArguments text;
    LensOptions options;
};

std::string pieceOf(const Tokenizer* tokenizer, std::uint32_t id) { return tokenizer != nullptr ? tokenizer->decode(std::span(&id, 1), false) : std::to_string(id); }

Json rowsJson(const LensReport& report, const Tokenizer* tokenizer)
{
    Json rows = Json::array();
    for (std::size_t row = 0; row < report.rows; ++row) {
        Json cells = Json::array();
        for (std::size_t token = 0; token < report.tokens; ++token) {
            const LensCell& cell = report.at(row, token);
            const Candidate& top = cell.likeliest.front();
            Json one = {{"id", top.id}, {"token", pieceOf(tokenizer, top.id)}, {"logprob", jsonNumber(top.logprob)}, {"next_logprob", jsonNumber(cell.nextLogprob)}, {"next_rank", cell.nextRank}};
            for (std::size_t i = 1; i < cell.likeliest.size(); ++i)
                one["others"].push_back({{"id", cell.likeliest[i].id}, {"token", pieceOf(tokenizer, cell.likeliest[i].id)}, {"logprob", jsonNumber(cell.likeliest[i].logprob)}});
            cells.push_back(std::move(one));
        }
        rows.push_back(std::move(cells));
    }
    return rows;
}

// Of the mean log-probability of the token that follows, row by row.
Json changesJson(const LensReport& report, const LensReport& other)
{
    Json rows = Json::array();
    const std::vector<PairedChange> changes = lensChange(report, other);
    for (std::size_t row = 0; row < changes.size(); ++row)
        rows.push_back({{"next_logprob", jsonNumber(meanNextLogprob(report, row))}, {"other_next_logprob", jsonNumber(meanNextLogprob(other, row))}, {"delta", jsonNumber(changes[row].delta)},
                        {"ci95", {jsonNumber(changes[row].low), jsonNumber(changes[row].high)}}});
    return {{"layers", std::move(rows)}, {"interval", "paired over tokens, taken as independent: delta ± 1.96 standard errors"}};
}

void printChanges(const LensReport& report, const LensReport& other)
{
    const std::vector<PairedChange> changes = lensChange(report, other);
    if (changes.empty())
        return;
    fmt::print("\nmean log-probability of the token that follows; 95 % paired over {} tokens, taken as independent\n", report.tokens - 1);
    Table table({"state", "this", "other", "Δ", "95 %"}, {false, true, true, true, true});
    for (std::size_t row = 0; row < changes.size(); ++row)
        table.add({row + 1 == report.rows ? std::string("end") : std::to_string(row), fmt::format("{:.4f}", meanNextLogprob(report, row)), fmt::format("{:.4f}", meanNextLogprob(other, row)),
                   fmt::format("{:+.4f}", changes[row].delta), fmt::format("{:+.4f} … {:+.4f}", changes[row].low, changes[row].high)});
    table.print();
}

// Newlines and the like would break the table.
std::string shown(const std::string& piece)
{
    std::string out;
    for (const char c : piece)
        out += c == '\n' ? std::string("⏎") : static_cast<unsigned char>(c) < ' ' ? std::string("·") : std::string(1, c);
    return out;
}

void printTable(const LensReport& report, std::span<const std::uint32_t> tokens, const Tokenizer* tokenizer)
{
    std::vector<std::string> head{"state"};
    for (const std::uint32_t id : tokens)
        head.push_back(shown(pieceOf(tokenizer, id)));
    Table table(head, std::vector<bool>(head.size(), false));
    for (std::size_t row = 0; row < report.rows; ++row) {
        std::vector<std::string> cells{row + 1 == report.rows ? std::string("end") : std::to_string(row)};
        for (std::size_t token = 0; token < report.tokens; ++token) {
            const Candidate& top = report.at(row, token).likeliest.front();
            cells.push_back(fmt::format("{} {:.2f}", shown(pieceOf(tokenizer, top.id)), top.logprob));
        }
        table.add(cells);
    }
    table.print();
}

Result<int> run(Arguments& arguments, const Globals& globals)
{
    arguments.options.precision = arguments.model.chosen(Precision::F32);
    std::size_t length = 1; // until the text is read
    const auto runBytes = [&](const ModelConfig& config) { return lensBytes(config, length, arguments.options); };
    auto loaded = loadModel(arguments.model, globals, runBytes);
    if (!loaded)
        return failure(loaded);
    auto tokens = arguments.text.tokens(*loaded, true);
    if (!tokens)
        return failure(tokens);
    length = tokens->size();
    if (const std::uint64_t needed = besideNewWeights(runBytes, loaded->model)(loaded->model->config()); globals.memory != 0 && needed > globals.memory)
        return fail(ErrorCode::MemoryLimit, arguments.model.source.path, std::to_string(needed), std::to_string(globals.memory));
    TokenizerPtr tokenizer = tokenizerOf(*loaded).value_or(nullptr); // ids can be given without one
    const auto measure = [&](const Model& model) {
        ShownProgress progress(globals);
        return computeLens(model, *tokens, arguments.options, progress);
    };
    auto both = measureBoth(*loaded, arguments.compare, globals, runBytes, measure);
    if (!both)
        return failure(both);
    const auto& [report, other] = *both;
    if (globals.json) {
        Json out = {{"tokens", *tokens}, {"raw", arguments.options.raw}, {"precision", precisionName(arguments.options.precision)}, {"layers", rowsJson(report, tokenizer.get())}, {"seconds", report.seconds}};
        if (other) {
            out["other"] = {{"layers", rowsJson(*other, tokenizer.get())}};
            out["change"] = changesJson(report, *other);
        }
        printJson("lens", out);
        return 0;
    }
    fmt::print("likeliest next token and its log-probability, {}\n", arguments.options.raw ? "the head on the raw states (only the last row is behind the final norm)" : "each state through the final norm and the head");
    printTable(report, *tokens, tokenizer.get());
    if (other) {
        fmt::print("\nother\n");
        printTable(*other, *tokens, tokenizer.get());
        printChanges(report, *other);
    }
    return 0;
}

} // namespace

Run addLens(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    arguments->text.add(app);
    app.add_flag("--raw", arguments->options.raw, "Without the final norm, as LLM-Microscope's logit lens");
    app.add_option("--candidates", arguments->options.candidates, "So many likeliest tokens of each place (default 1)")->check(CLI::Range(1, 64));
    arguments->compare.add(app, "the same text");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
