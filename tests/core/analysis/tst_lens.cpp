// The logit lens against the head multiplied by hand in double precision, and its last row against the model's own answer.
#include "core/analysis/lens.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

struct Passed {
    ModelPtr model;
    std::vector<std::uint32_t> tokens;
    std::vector<std::vector<float>> states; // before each block, behind the last
    std::vector<float> last;                // behind the final norm
};

Passed pass(const char* name)
{
    Passed out;
    Progress progress;
    out.model = Model::load(*modelCase(name).source(), {"test", 0, nullptr, {}}, progress).value_or(nullptr);
    for (std::uint32_t i = 0; i < 20; ++i)
        out.tokens.push_back((i * i * 7 + 3 * i) % 40);
    out.states.resize(out.model->config().layers.size() + 1);
    KvCache cache(out.model->config());
    Workspace space;
    ForwardOptions options;
    options.observer = [&](std::size_t layer, Site site, std::span<float> values, std::size_t) {
        if (site == Site::Embedding || site == Site::Block)
            out.states[site == Site::Embedding ? 0 : layer + 1].assign(values.begin(), values.end());
    };
    Sequence sequence{&cache, out.tokens};
    const auto hidden = forward(*out.model, std::span(&sequence, 1), options, space);
    out.last.assign(hidden->begin(), hidden->begin() + static_cast<std::ptrdiff_t>(out.tokens.size() * out.model->config().width));
    return out;
}

// Log-probabilities of all tokens from one state.
std::vector<double> logprobs(const Model& model, std::span<const float> state)
{
    const std::size_t width = model.config().width, vocabulary = model.config().vocabulary;
    std::vector<float> row(width);
    std::vector<double> out(vocabulary);
    double total = 0;
    for (std::size_t v = 0; v < vocabulary; ++v) {
        model.weights().head.row(v, row.data());
        for (std::size_t c = 0; c < width; ++c)
            out[v] += static_cast<double>(row[c]) * static_cast<double>(state[c]);
        const double cap = static_cast<double>(model.config().logitCap);
        if (cap > 0)
            out[v] = cap * std::tanh(out[v] / cap);
        total += std::exp(out[v]);
    }
    for (double& value : out)
        value -= std::log(total);
    return out;
}

} // namespace

class TestLens : public QObject {
    Q_OBJECT
private slots:
    // Mean over tokens of the log-probability of what follows; the interval is that of a mean of differences.
    void changesHaveTheirInterval()
    {
        const Passed passed = pass("llama");
        ModelCase other = modelCase("llama");
        for (BuiltTensor& tensor : other.tensors)
            if (tensor.name == "model.layers.0.mlp.up_proj.weight")
                for (std::size_t i = 0; i < tensor.data.size(); i += 2)
                    tensor.data[i] = static_cast<char>(tensor.data[i] ^ 0x3F);
        Progress progress;
        const ModelPtr changed = Model::load(*other.source(), {"test", 0, nullptr, {}}, progress).value_or(nullptr);
        const auto a = computeLens(*passed.model, passed.tokens, {}, progress), b = computeLens(*changed, passed.tokens, {}, progress);
        const std::vector<PairedChange> changes = lensChange(*a, *b);
        QCOMPARE(changes.size(), a->rows);
        for (std::size_t row = 0; row < a->rows; ++row) {
            std::vector<double> apart;
            double mean = 0, squares = 0;
            for (std::size_t token = 0; token + 1 < a->tokens; ++token)
                apart.push_back(b->at(row, token).nextLogprob - a->at(row, token).nextLogprob);
            const auto n = static_cast<double>(apart.size());
            for (const double one : apart)
                mean += one / n;
            for (const double one : apart)
                squares += (one - mean) * (one - mean);
            const double half = 1.959963984540054 * std::sqrt(squares / (n - 1) / n);
            QVERIFY(std::abs(changes[row].delta - mean) < 1e-12 && std::abs(changes[row].low - (mean - half)) < 1e-12 && std::abs(changes[row].high - (mean + half)) < 1e-12);
            QVERIFY(std::abs(meanNextLogprob(*b, row) - meanNextLogprob(*a, row) - mean) < 1e-12);
            QCOMPARE(half > 0, row > 0); // the embedding is the same
        }
        const auto one = computeLens(*passed.model, std::span(passed.tokens).first(1), {}, progress);
        QVERIFY(lensChange(*one, *one).empty() && lensChange(*a, *one).empty() && std::isnan(meanNextLogprob(*one, 0)));
    }

    void equalsTheHeadByHand_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"llama", "gemma2", "gpt2"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void equalsTheHeadByHand()
    {
        QFETCH(QString, name);
        const Passed passed = pass(qPrintable(name));
        const std::size_t width = passed.model->config().width, rows = passed.states.size();
        for (const bool raw : {true, false}) {
            LensOptions options;
            options.raw = raw;
            options.candidates = 3;
            Progress progress;
            const auto report = computeLens(*passed.model, passed.tokens, options, progress);
            QVERIFY2(report, report ? "" : errorMessage(report.error()).c_str());
            QCOMPARE(report->rows, rows);
            for (std::size_t row = raw ? 0 : rows - 1; row < rows; ++row) // inner rows through the norm are told apart below
                for (std::size_t token = 0; token < passed.tokens.size(); ++token) {
                    const std::vector<float>& from = row + 1 == rows ? passed.last : passed.states[row];
                    const std::vector<double> want = logprobs(*passed.model, std::span(from).subspan(token * width, width));
                    const LensCell& got = report->at(row, token);
                    QCOMPARE(got.likeliest.size(), std::size_t{3});
                    for (const Candidate& candidate : got.likeliest)
                        QVERIFY(std::abs(candidate.logprob - want[candidate.id]) < 1e-4);
                    QVERIFY(got.likeliest[0].logprob >= got.likeliest[1].logprob);
                    QVERIFY(std::abs(got.likeliest[0].logprob - *std::ranges::max_element(want)) < 1e-4);
                    if (token + 1 < passed.tokens.size())
                        QVERIFY(std::abs(got.nextLogprob - want[passed.tokens[token + 1]]) < 1e-4);
                    else
                        QVERIFY(std::isnan(got.nextLogprob));
                }
        }
    }

    // The norm before the head: RMS by hand.
    void innerRowsPassTheFinalNorm()
    {
        const Passed passed = pass("llama");
        const std::size_t width = passed.model->config().width;
        Progress progress;
        const auto report = computeLens(*passed.model, passed.tokens, {}, progress);
        const std::vector<float>& gain = passed.model->weights().finalNorm.gain;
        for (std::size_t token = 0; token < passed.tokens.size(); ++token) {
            std::vector<float> normed(width);
            double square = 0;
            for (std::size_t c = 0; c < width; ++c)
                square += std::pow(static_cast<double>(passed.states[1][token * width + c]), 2) / static_cast<double>(width);
            for (std::size_t c = 0; c < width; ++c)
                normed[c] = static_cast<float>(static_cast<double>(passed.states[1][token * width + c]) / std::sqrt(square + static_cast<double>(passed.model->config().epsilon)) * static_cast<double>(gain[c]));
            const std::vector<double> want = logprobs(*passed.model, normed);
            const Candidate& top = report->at(1, token).likeliest.front();
            QVERIFY(std::abs(top.logprob - want[top.id]) < 1e-4);
        }
    }
};

QTEST_APPLESS_MAIN(TestLens)
#include "tst_lens.moc"
