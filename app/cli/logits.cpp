// wb logits PATH: what the model predicts after each token, and its hidden states, as a safetensors file.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/checkpoint/arrayfile.h"
#include "core/model/forward.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    TextArguments text;
    std::string out;
    bool hidden = false;
};

constexpr std::size_t block = 64; // rows of logits in memory at once

// What a run over so many tokens takes beside the weights.
std::uint64_t bytesFor(const ModelConfig& config, std::size_t tokens)
{
    const std::uint64_t logits = std::uint64_t{std::min(tokens, block)} * config.vocabulary * sizeof(float);
    return KvCache::bytesFor(config, tokens) + workspaceBytes(config, std::min(tokens, stepTokens)) + logits;
}

struct Written {
    double nll = 0; // sum over positions 1 …
    double seconds = 0;
};

std::vector<ArrayFile::Array> arrays(const ModelConfig& config, std::uint64_t tokens, bool hidden)
{
    std::vector<ArrayFile::Array> out{{"logits", {tokens, config.vocabulary}}};
    for (std::size_t layer = 0; hidden && layer <= config.layers.size(); ++layer)
        out.push_back({fmt::format("hidden.{}", layer), {tokens, config.width}});
    if (hidden)
        out.push_back({"hidden.final", {tokens, config.width}});
    return out;
}

class Writer {
public:
    Writer(const Model& model, const Arguments& arguments, std::span<const std::uint32_t> tokens, ArrayFile& file)
        : m_model(model), m_arguments(arguments), m_tokens(tokens), m_file(file)
    {
    }

    Result<Written> run(Progress& progress)
    {
        ForwardOptions options{m_arguments.model.chosen(Precision::F32)};
        if (m_arguments.hidden)
            options.observer = [this](std::size_t layer, Site site, std::span<float> values, std::size_t width) { see(layer, site, values, width); };
        KvCache cache(m_model.config());
        const auto start = std::chrono::steady_clock::now();
        progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, m_tokens.size());
        auto done = forwardInSteps(m_model, cache, m_tokens, options, m_space, progress,
                                   [&](std::size_t first, std::span<float> hidden) { writeLogits(first, hidden, options.precision); });
        if (!done)
            return failure(done);
        if (!m_done)
            return failure(m_done);
        return Written{m_nll, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
    }

private:
    void see(std::size_t layer, Site site, std::span<float> values, std::size_t width)
    {
        const std::size_t last = m_model.config().layers.size();
        if (site == Site::Embedding)
            write(1, values, width);
        else if (site == Site::Block)
            write(2 + layer, values, width);
        else if (site == Site::FinalNorm)
            write(2 + last, values, width);
    }

    void write(std::size_t array, std::span<const float> values, std::size_t width)
    {
        if (m_done)
            m_done = m_file.write(array, m_first * width, values);
    }

    void writeLogits(std::size_t first, std::span<float> hidden, Precision precision)
    {
        const std::size_t width = m_model.config().width, vocabulary = m_model.config().vocabulary, rows = hidden.size() / width;
        for (std::size_t row = 0; row < rows; row += block) {
            const std::size_t some = std::min(block, rows - row);
            m_logits.resize(some * vocabulary);
            computeLogits(m_model, hidden.subspan(row * width, some * width), precision, Product::Blocks, m_logits);
            for (std::size_t i = 0; i < some; ++i)
                if (const std::size_t next = first + row + i + 1; next < m_tokens.size())
                    m_nll += kernels::logSumExp(m_logits.data() + i * vocabulary, vocabulary) -
                             static_cast<double>(m_logits[i * vocabulary + m_tokens[next]]);
            if (m_done)
                m_done = m_file.write(0, (first + row) * vocabulary, m_logits);
        }
        m_first = first + rows;
    }

    const Model& m_model;
    const Arguments& m_arguments;
    std::span<const std::uint32_t> m_tokens;
    ArrayFile& m_file;
    Workspace m_space;
    std::vector<float> m_logits;
    std::size_t m_first = 0;
    double m_nll = 0;
    Result<void> m_done;
};

Result<int> run(const Arguments& arguments, const Globals& globals)
{
    auto loaded = loadModel(arguments.model, globals, [](const ModelConfig& config) { return bytesFor(config, 1); });
    if (!loaded)
        return failure(loaded);
    const Model& model = *loaded->model;
    auto tokens = arguments.text.tokens(*loaded, true);
    if (!tokens)
        return failure(tokens);
    if (const std::uint64_t needed = model.bytes() + bytesFor(model.config(), tokens->size()); globals.memory != 0 && needed > globals.memory)
        return fail(ErrorCode::MemoryLimit, arguments.model.source.path, std::to_string(needed), std::to_string(globals.memory));
    auto file = ArrayFile::create(arguments.out, arrays(model.config(), tokens->size(), arguments.hidden));
    if (!file)
        return failure(file);
    Result<Written> written;
    {
        ShownProgress progress(globals);
        written = Writer(model, arguments, *tokens, *file).run(progress);
    }
    if (!written)
        return failure(written);
    if (auto done = file->publish(); !done)
        return failure(done);
    const bool many = tokens->size() > 1;
    const double mean = many ? written->nll / static_cast<double>(tokens->size() - 1) : std::nan("");
    const char* precision = precisionName(arguments.model.chosen(Precision::F32));
    if (globals.json)
        printJson("logits", {{"tokens", tokens->size()}, {"nll_mean", jsonNumber(mean)}, {"seconds", written->seconds}, {"precision", precision}});
    else
        fmt::print("{} tokens in {:.3f} s ({}); mean negative log-likelihood {} nats a token\n", tokens->size(), written->seconds, precision, valueText(mean));
    return 0;
}

} // namespace

Run addLogits(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    arguments->text.add(app);
    app.add_option("-o", arguments->out, "safetensors file to write; a file of that name is replaced")->required();
    app.add_flag("--hidden", arguments->hidden, "Also the residual stream after the embedding and after every block, and the final norm");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
