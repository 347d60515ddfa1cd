#include "app/cli/modelarguments.h"

#include "app/cli/choices.h"
#include "core/base/file.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"

#include <charconv>
#include <map>

namespace wb::cli {
namespace {

constexpr std::uint64_t maxTextBytes = 1U << 30;
constexpr std::uint64_t programBytes = 24U << 20; // code, libraries, and what threads keep

Result<void> checkTokens(std::span<const std::uint32_t> tokens, std::uint64_t vocabulary, const std::string& where)
{
    for (const std::uint32_t token : tokens)
        if (token >= vocabulary)
            return fail(ErrorCode::TokenOutOfRange, where, std::to_string(token), std::to_string(vocabulary));
    return {};
}

} // namespace

void ModelArguments::add(CLI::App& app, const char* usual)
{
    source.addWithRecipes(app);
    app.add_option("--precision", precision,
                   std::string("f32: stored weights widened exactly; stored: products in the stored form, faster (default: ") + usual + ")")
        ->check(CLI::IsMember({"f32", "stored"}));
}

Precision ModelArguments::chosen(Precision usual) const
{
    return precision.empty() ? usual : precision == "f32" ? Precision::F32 : Precision::Stored;
}

RunBytes besideNewWeights(RunBytes runBytes, ModelPtr kept)
{
    return [runBytes = std::move(runBytes), kept = std::move(kept)](const ModelConfig& config) {
        return programBytes + (kept ? kept->bytes() : 0) + (runBytes ? runBytes(config) : 0);
    };
}

Result<LoadedModel> loadModel(const ModelArguments& arguments, const Globals& globals, const RunBytes& runBytes)
{
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    ShownProgress progress(globals);
    auto model = Model::load(*opened->source, {opened->checkpoint->root().string(), globals.memory, nullptr, besideNewWeights(runBytes, nullptr)}, progress);
    if (!model)
        return failure(model);
    return LoadedModel{std::move(*opened), std::move(*model)};
}

void CompareArguments::add(CLI::App& app, const std::string& what)
{
    auto* option = app.add_option("--compare-recipe", recipe, "Also with these staged edits, " + what)->type_name("FILE");
    app.add_option("--compare", path, "Also another checkpoint, " + what)->type_name("PATH")->excludes(option);
}

Result<LoadedModel> loadCompared(const CompareArguments& arguments, const LoadedModel& base, const Globals& globals, const RunBytes& runBytes)
{
    Opened opened = base.opened;
    if (!arguments.path.empty()) {
        SourceArguments source;
        source.path = arguments.path;
        auto other = open(source, globals);
        if (!other)
            return failure(other);
        opened = std::move(*other);
    } else {
        auto recipe = loadRecipe(arguments.recipe);
        if (!recipe)
            return failure(recipe);
        auto patched = patchFully(opened.source, *recipe);
        if (!patched)
            return failure(patched);
        opened.source = std::move(*patched);
    }
    ShownProgress progress(globals);
    auto model = Model::load(*opened.source, {opened.checkpoint->root().string(), globals.memory, base.model, besideNewWeights(runBytes, base.model)}, progress);
    if (!model)
        return failure(model);
    return LoadedModel{std::move(opened), std::move(*model)};
}

Result<TokenizerPtr> tokenizerOf(const LoadedModel& loaded) { return loadTokenizer(*loaded.opened.checkpoint); }

void TextArguments::add(CLI::App& app)
{
    auto* from = app.add_option_group("text", "What the model reads");
    from->add_option("--tokens", ids, "Token ids: 1,2,3");
    from->add_option("--text", text, "A text, through the model's tokenizer");
    from->add_option("--file", file, "The text of a file")->type_name("FILE");
    from->require_option(1);
}

void addTemperatureRule(CLI::App& app, TemperatureRule& rule)
{
    static const std::map<std::string, TemperatureSource> sources = {
        {"fixed", TemperatureSource::Fixed}, {"entropy", TemperatureSource::Entropy}, {"regions", TemperatureSource::Regions}};
    auto* source = app.add_option("--temperature-rule", rule.source,
                                  "fixed; entropy: between T − range and T + range by the uncertainty of each place; regions: values of their own for code, numbers and quotes")
                       ->transform(oneOf(sources));
    app.add_option("--temperature-range", rule.range, "Of the entropy rule (default 0)")->needs(source);
    app.add_option("--temperature-exponent", rule.exponent, "Of the entropy rule: above 1 keeps to the cold side (default 1)")->needs(source);
    app.add_option("--temperature-code", rule.code, "In fenced blocks (default 0: the most likely token)")->needs(source);
    app.add_option("--temperature-number", rule.number, "Within numbers (default 0)")->needs(source);
    app.add_option("--temperature-quote", rule.quote, "Within quotes (default 0)")->needs(source);
}

Result<std::vector<std::uint32_t>> parseTokens(const std::string& text, std::uint64_t vocabulary)
{
    std::vector<std::uint32_t> tokens;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        std::size_t from = begin;
        while (from < end && text[from] == ' ')
            ++from;
        std::uint32_t token = 0;
        const auto [stop, problem] = std::from_chars(text.data() + from, text.data() + end, token);
        if (problem != std::errc() || stop != text.data() + end)
            return fail(ErrorCode::BadArgument, "--tokens", "\"" + text.substr(begin, end - begin) + "\" is not a token id");
        tokens.push_back(token);
        begin = end + 1;
    }
    if (auto done = checkTokens(tokens, vocabulary, "--tokens"); !done)
        return failure(done);
    return tokens;
}

Result<std::vector<std::uint32_t>> TextArguments::tokens(const LoadedModel& loaded, bool addSpecial) const
{
    const std::uint64_t vocabulary = loaded.model->config().vocabulary;
    if (!ids.empty())
        return parseTokens(ids, vocabulary);
    auto tokenizer = tokenizerOf(loaded);
    if (!tokenizer)
        return failure(tokenizer);
    auto content = file.empty() ? Result<std::string>(text) : readText(file, maxTextBytes);
    if (!content)
        return failure(content);
    auto encoded = (*tokenizer)->encode(*content, addSpecial);
    if (!encoded)
        return failure(encoded);
    const std::string where = file.empty() ? "--text" : file;
    if (encoded->ids.empty())
        return fail(ErrorCode::BadArgument, where, "it holds no token");
    if (auto done = checkTokens(encoded->ids, vocabulary, where); !done)
        return failure(done);
    return std::move(encoded->ids);
}

Result<std::vector<std::uint32_t>> TextArguments::firstTokens(const LoadedModel& loaded, const std::string& file, std::size_t most)
{
    TextArguments text;
    text.file = file;
    auto tokens = text.tokens(loaded, false);
    if (tokens && most != 0)
        tokens->resize(std::min(tokens->size(), most));
    return tokens;
}

} // namespace wb::cli
