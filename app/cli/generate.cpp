// wb generate PATH: go on with a prompt, greedily or by sampling; with a recipe to compare, twice.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/model/generate.h"
#include "core/model/generationconfig.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"
#include "core/text/chattemplate.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    std::string prompt, prompts, ids, compareRecipe, system;
    GenerateOptions options;
    bool greedy = false, ignoreEnd = false, chat = false;
};

using Tokens = std::vector<std::uint32_t>;

// One JSON string a line, or an object with "prompt".
Result<std::vector<std::string>> readPrompts(const std::string& path)
{
    constexpr std::uint64_t most = 64U << 20;
    auto text = readText(path, most);
    if (!text)
        return failure(text);
    std::vector<std::string> prompts;
    std::size_t line = 0;
    for (std::size_t begin = 0; begin < text->size();) {
        const std::size_t end = std::min(text->find('\n', begin), text->size());
        const std::string row = text->substr(begin, end - begin);
        begin = end + 1;
        ++line;
        if (row.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        auto json = parseJson(row, fmt::format("{}:{}", path, line));
        if (!json)
            return failure(json);
        const Json& value = json->is_object() && json->contains("prompt") ? (*json)["prompt"] : *json;
        if (!value.is_string())
            return fail(ErrorCode::JsonInvalid, fmt::format("{}:{}", path, line), "a line is a text or an object with the text \"prompt\"");
        prompts.push_back(value.get<std::string>());
    }
    if (prompts.empty())
        return fail(ErrorCode::BadArgument, path, "it holds no prompt");
    return prompts;
}

Result<std::vector<std::string>> promptTexts(const Arguments& arguments)
{
    if (!arguments.prompts.empty())
        return readPrompts(arguments.prompts);
    return std::vector<std::string>{arguments.prompt};
}

// `chat`: the texts are what its template made; bos follows the tokenizer's own flag where none is written.
Result<std::vector<Tokens>> encodePrompts(const std::vector<std::string>& texts, const Tokenizer& tokenizer, bool chat)
{
    std::vector<Tokens> out;
    for (const std::string& text : texts) {
        auto encoded = chat ? encodeChat(tokenizer, text) : tokenizer.encode(text, true);
        if (!encoded)
            return failure(encoded);
        if (encoded->ids.empty())
            return fail(ErrorCode::BadArgument, "--prompt", "it has no token to begin with");
        out.push_back(std::move(encoded->ids));
    }
    return out;
}

// `rendered`: what the chat template made of the prompt; null without.
Json completionJson(const std::string& prompt, const std::string* rendered, const Tokens& promptIds, const Completion& completion, const Tokenizer* tokenizer,
                    const GenerateOptions& options)
{
    Json logprobs = Json::array(), lists = Json::array(), temperatures = Json::array();
    for (const GeneratedToken& token : completion.tokens) {
        logprobs.push_back(jsonNumber(token.sampled.chosen.logprob));
        temperatures.push_back(token.sampled.temperature);
        Json list = Json::array();
        for (const Candidate& candidate : token.sampled.candidates) {
            Json one = {{"id", candidate.id}, {"logprob", jsonNumber(candidate.logprob)}};
            if (tokenizer != nullptr)
                one["piece"] = std::string(tokenizer->piece(candidate.id).value_or(""));
            list.push_back(std::move(one));
        }
        lists.push_back(std::move(list));
    }
    Json out = {{"prompt", prompt}, {"prompt_ids", promptIds}, {"text", completion.text}, {"ids", completion.ids}, {"logprobs", std::move(logprobs)},
                {"stopped_by", stoppedByName(completion.stoppedBy)}};
    if (options.candidates != 0)
        out["candidates"] = std::move(lists);
    if (options.sampling.rule.source != TemperatureSource::Fixed)
        out["temperatures"] = std::move(temperatures);
    if (rendered != nullptr)
        out["rendered"] = *rendered;
    return out;
}

class Command {
public:
    Command(Arguments& arguments, const Globals& globals) : m_arguments(arguments), m_globals(globals) {}

    Result<int> run()
    {
        auto opened = open(m_arguments.model.source, m_globals);
        if (!opened)
            return failure(opened);
        m_opened = std::move(*opened);
        if (auto done = prepare(); !done)
            return failure(done);
        auto model = load(*m_opened.source, nullptr);
        if (!model)
            return failure(model);
        auto report = generate(*model);
        if (!report)
            return failure(report);
        std::optional<GenerateReport> other;
        if (!m_arguments.compareRecipe.empty()) {
            auto compared = compare(*model);
            if (!compared)
                return failure(compared);
            other = std::move(*compared);
        }
        print(*report, other ? &*other : nullptr);
        const auto cancelled = [](const GenerateReport& r) { return std::ranges::any_of(r.completions, [](const Completion& c) { return c.stoppedBy == StoppedBy::Cancelled; }); };
        return cancelled(*report) ? exitCode(ErrorCode::Cancelled) : 0;
    }

private:
    // Everything that can be wrong before weights are read.
    Result<void> prepare()
    {
        GenerateOptions& options = m_arguments.options;
        options.precision = m_arguments.model.chosen(Precision::Stored);
        if (m_arguments.greedy)
            options.sampling.temperature = 0;
        if (auto done = checkSampling(options.sampling); !done)
            return done;
        auto tokenizer = loadTokenizer(*m_opened.checkpoint);
        if (!tokenizer && m_arguments.ids.empty())
            return failure(tokenizer);
        if (tokenizer)
            m_tokenizer = *tokenizer;
        if (!m_tokenizer && !options.stop.empty())
            return fail(ErrorCode::BadArgument, "--stop", "without a tokenizer there is no text to stop at");
        auto config = readGenerationConfig(*m_opened.checkpoint, m_tokenizer.get());
        if (!config)
            return failure(config);
        if (!m_arguments.ignoreEnd)
            options.endTokens = config->endTokens;
        return readPromptIds();
    }

    Result<void> readPromptIds()
    {
        if (!m_arguments.ids.empty()) {
            auto tokens = parseTokens(m_arguments.ids, 1ULL << 32);
            if (!tokens)
                return failure(tokens);
            m_texts = {m_tokenizer ? m_tokenizer->decode(*tokens, false) : ""};
            m_prompts = {std::move(*tokens)};
            return {};
        }
        auto texts = promptTexts(m_arguments);
        if (!texts)
            return failure(texts);
        m_texts = std::move(*texts);
        if (m_arguments.chat)
            if (auto done = renderChats(); !done)
                return done;
        auto prompts = encodePrompts(m_arguments.chat ? m_rendered : m_texts, *m_tokenizer, m_arguments.chat);
        if (!prompts)
            return failure(prompts);
        m_prompts = std::move(*prompts);
        return {};
    }

    // Each text as what a user says, after the system's.
    Result<void> renderChats()
    {
        auto chat = loadChatTemplate(*m_opened.checkpoint, *m_tokenizer);
        if (!chat)
            return failure(chat);
        for (const std::string& text : m_texts) {
            std::vector<ChatMessage> messages;
            if (!m_arguments.system.empty())
                messages.push_back({"system", m_arguments.system});
            messages.push_back({"user", text});
            auto rendered = (*chat)->render(messages);
            if (!rendered)
                return failure(rendered);
            m_rendered.push_back(std::move(*rendered));
        }
        return {};
    }

    Result<ModelPtr> load(const TensorSource& source, const ModelPtr& share)
    {
        std::size_t longest = 0;
        for (const Tokens& prompt : m_prompts)
            longest = std::max(longest, prompt.size());
        ModelOptions options{m_opened.checkpoint->root().string(), m_globals.memory, share, {}};
        options.runBytes = besideNewWeights(
            [&](const ModelConfig& config) { return Generator::bytesFor(config, m_prompts.size(), longest + m_arguments.options.maxTokens); }, share);
        ShownProgress progress(m_globals);
        return Model::load(source, options, progress);
    }

    Result<GenerateReport> generate(const ModelPtr& model)
    {
        ShownProgress progress(m_globals);
        return Generator(model, m_tokenizer).run(m_prompts, m_arguments.options, progress);
    }

    Result<GenerateReport> compare(const ModelPtr& base)
    {
        auto recipe = loadRecipe(m_arguments.compareRecipe);
        if (!recipe)
            return failure(recipe);
        auto patched = patchFully(m_opened.source, *recipe);
        if (!patched)
            return failure(patched);
        auto model = load(**patched, base);
        if (!model)
            return failure(model);
        return generate(*model);
    }

    void print(const GenerateReport& report, const GenerateReport* other) const
    {
        if (!m_globals.json)
            return printTexts(report, other);
        Json out = {{"completions", completions(report)},
                    {"sampling", chainText(m_arguments.options.sampling)},
                    {"precision", precisionName(m_arguments.options.precision)},
                    {"prompt_tokens", report.promptTokens},
                    {"prompt_seconds", report.promptSeconds},
                    {"new_tokens", report.newTokens},
                    {"decode_seconds", report.decodeSeconds}};
        if (other != nullptr) {
            out["other"] = {{"completions", completions(*other)}};
            Json differences = Json::array();
            for (std::size_t i = 0; i < m_prompts.size(); ++i) {
                const auto place = firstDifference(report.completions[i].ids, other->completions[i].ids);
                differences.push_back(place ? Json(*place) : Json());
            }
            out["first_difference"] = m_prompts.size() == 1 ? differences[0] : differences;
        }
        printJson("generate", out);
    }

    [[nodiscard]] Json completions(const GenerateReport& report) const
    {
        Json list = Json::array();
        for (std::size_t i = 0; i < m_prompts.size(); ++i)
            list.push_back(completionJson(m_texts[i], m_arguments.chat ? &m_rendered[i] : nullptr, m_prompts[i], report.completions[i], m_tokenizer.get(), m_arguments.options));
        return list;
    }

    void printTexts(const GenerateReport& report, const GenerateReport* other) const
    {
        const auto shown = [&](std::size_t i, const Completion& completion) {
            if (!m_tokenizer)
                return fmt::format("{}", fmt::join(completion.ids, ","));
            return m_arguments.chat ? completion.text : m_texts[i] + completion.text;
        };
        for (std::size_t i = 0; i < m_prompts.size(); ++i) {
            if (other == nullptr) {
                fmt::print("{}\n", shown(i, report.completions[i]));
                continue;
            }
            const auto place = firstDifference(report.completions[i].ids, other->completions[i].ids);
            fmt::print("original: {}\npatched:  {}\n{}\n", shown(i, report.completions[i]), shown(i, other->completions[i]),
                       place ? fmt::format("first difference: new token {}", *place) : "no difference");
        }
        if (!m_globals.quiet && report.newTokens > m_prompts.size()) // the first token of each comes with its prompt
            fmt::print(stderr, "wb: {} ({}); {} tokens read in {:.3f} s, {} made at {:.1f} a second\n", chainText(m_arguments.options.sampling),
                       precisionName(m_arguments.options.precision), report.promptTokens, report.promptSeconds, report.newTokens,
                       static_cast<double>(report.newTokens - m_prompts.size()) / report.decodeSeconds);
    }

    Arguments& m_arguments;
    const Globals& m_globals;
    Opened m_opened;
    TokenizerPtr m_tokenizer;
    std::vector<std::string> m_texts, m_rendered;
    std::vector<Tokens> m_prompts;
};

void addSampling(CLI::App& app, Arguments& arguments)
{
    SamplingOptions& sampling = arguments.options.sampling;
    auto* greedy = app.add_flag("--greedy", arguments.greedy, "The most likely token at each place");
    app.add_option("--temperature", sampling.temperature, "Logits are divided by it; 0 is greedy (default 1)")->excludes(greedy);
    addTemperatureRule(app, sampling.rule);
    app.add_option("--top-k", sampling.topK, "Keep the K most likely");
    app.add_option("--top-p", sampling.topP, "Keep the fewest whose probabilities reach P");
    app.add_option("--min-p", sampling.minP, "Keep those with at least P of the largest probability");
    app.add_option("--repetition-penalty", sampling.repetitionPenalty, "Against tokens seen before (default 1: none)");
    app.add_option("--seed", sampling.seed, "Of the draws (default 0)");
}

} // namespace

Run addGenerate(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "stored");
    auto* from = app.add_option_group("prompt", "What to go on with");
    from->add_option("--prompt", arguments->prompt, "A text");
    from->add_option("--prompts", arguments->prompts, "A file of texts, one JSON string (or object with \"prompt\") a line")->type_name("FILE");
    auto* ids = from->add_option("--tokens", arguments->ids, "Token ids: 1,2,3");
    from->require_option(1);
    auto* chat = app.add_flag("--chat", arguments->chat, "The prompt is what a user says; the model's own chat template puts it into form")->excludes(ids);
    app.add_option("--system", arguments->system, "What the system says before it")->needs(chat);
    app.add_option("--max", arguments->options.maxTokens, "New tokens at most (default 128)")->check(CLI::Range(0, 1 << 20));
    addSampling(app, *arguments);
    app.add_option("--stop", arguments->options.stop, "Text that ends it; repeatable")->allow_extra_args(false);
    app.add_flag("--ignore-eos", arguments->ignoreEnd, "Go on after the tokens that end a text");
    app.add_option("--candidates", arguments->options.candidates, "Tell the K most likely tokens at each place")->check(CLI::Range(0, 1000));
    app.add_option("--compare-recipe", arguments->compareRecipe, "Also with these staged edits, same seed")->type_name("FILE");
    return [arguments, &globals] { return Command(*arguments, globals).run(); };
}

} // namespace wb::cli
