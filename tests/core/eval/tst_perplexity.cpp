// Perplexity against the logits of transformers, with windows and strides counted by hand.
#include "core/eval/perplexity.h"
#include "tests/support/cpu.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

ModelPtr load(const TensorSource& source)
{
    Progress progress;
    return Model::load(source, {"test", 0, nullptr, {}}, progress).value_or(nullptr);
}

double nllOf(const std::vector<float>& logits, std::size_t vocabulary, std::size_t row, std::uint32_t next)
{
    double total = 0;
    for (std::size_t i = 0; i < vocabulary; ++i)
        total += std::exp(static_cast<double>(logits[row * vocabulary + i]));
    return std::log(total) - static_cast<double>(logits[row * vocabulary + next]);
}

} // namespace

class TestPerplexity : public QObject {
    Q_OBJECT
private slots:
    void oneWindowEqualsTransformers()
    {
        const ModelCase& one = modelCase("gemma2");
        const ModelPtr model = load(*one.source());
        Progress progress;
        const auto report = computePerplexity(*model, one.longIds, {}, progress);
        QVERIFY(report);
        QCOMPARE(report->tokens, one.longIds.size() - 1);
        double total = 0, squares = 0;
        std::vector<double> each;
        for (std::size_t i = 1; i < one.longIds.size(); ++i)
            each.push_back(nllOf(one.longLogits, model->config().vocabulary, i - 1, one.longIds[i]));
        for (std::size_t i = 0; i < each.size(); ++i) {
            QVERIFY(std::abs(report->nll[i] - each[i]) < 1e-5);
            QCOMPARE(report->positions[i], i + 1);
            total += each[i];
        }
        const auto n = static_cast<double>(each.size());
        for (const double value : each)
            squares += (value - total / n) * (value - total / n);
        QVERIFY(std::abs(report->nllMean - total / n) < 1e-6);
        QVERIFY(std::abs(report->perplexity - std::exp(total / n)) < 1e-4);
        QVERIFY(std::abs(report->standardError - std::sqrt(squares / (n - 1) / n)) < 1e-6);
    }

    void windowsAndStrides()
    {
        const ModelCase& one = modelCase("llama");
        const ModelPtr model = load(*one.source());
        Progress progress;
        const auto places = [&](std::size_t window, std::size_t stride) { return computePerplexity(*model, one.longIds, {window, stride, Precision::F32, {}}, progress)->positions; };
        std::vector<std::size_t> want;
        for (std::size_t i = 1; i < 40; ++i)
            if (i % 10 != 0) // the first of each window has nothing before it
                want.push_back(i);
        QCOMPARE(places(10, 10), want);
        want.clear();
        for (std::size_t i = 1; i < 40; ++i)
            want.push_back(i);
        QCOMPARE(places(10, 5), want); // each once, the later ones with at least five before them
        QCOMPARE(places(64, 1), want);
        const auto overlap = computePerplexity(*model, one.longIds, {10, 5, Precision::F32, {}}, progress);
        // Token 17 is counted in the window that begins at 10.
        const auto alone = computePerplexity(*model, std::span(one.longIds).subspan(10, 10), {}, progress);
        if (productsDoNotDependOnRows())
            QCOMPARE(overlap->nll[16], alone->nll[6]);
        QVERIFY(std::abs(overlap->nll[16] - alone->nll[6]) < 1e-6);
    }

    // Each window begins with bos and holds one token of the text less; the first of the text counts too.
    void bosBeginsEachWindow()
    {
        const ModelCase& one = modelCase("llama");
        const ModelPtr model = load(*one.source());
        Progress progress;
        const auto alone = [&](std::size_t begin, std::size_t end) {
            std::vector<std::uint32_t> window{3};
            window.insert(window.end(), one.longIds.begin() + static_cast<std::ptrdiff_t>(begin), one.longIds.begin() + static_cast<std::ptrdiff_t>(end));
            return computePerplexity(*model, window, {}, progress)->nll;
        };
        const auto apart = computePerplexity(*model, one.longIds, {11, 11, Precision::F32, 3U}, progress);
        QCOMPARE(apart->tokens, std::size_t{40});
        QCOMPARE(apart->positions.front(), std::size_t{0});
        QCOMPARE(std::vector<double>(apart->nll.begin() + 10, apart->nll.begin() + 20), alone(10, 20));
        const auto overlapping = computePerplexity(*model, one.longIds, {11, 5, Precision::F32, 3U}, progress);
        QCOMPARE(overlapping->tokens, std::size_t{40});
        QCOMPARE(overlapping->nll[12], alone(5, 15)[7]); // the window at 5 counts 10 … 14
    }

    void badInput()
    {
        const ModelCase& one = modelCase("llama");
        const ModelPtr model = load(*one.source());
        Progress progress;
        QCOMPARE(computePerplexity(*model, std::span(one.longIds).first(1), {}, progress).error().code, ErrorCode::BadArgument);
        QCOMPARE(computePerplexity(*model, one.longIds, {10, 11, Precision::F32, {}}, progress).error().code, ErrorCode::BadArgument);
        QCOMPARE(computePerplexity(*model, one.longIds, {10, 0, Precision::F32, {}}, progress).error().code, ErrorCode::BadArgument);
        ModelCase nan = one;
        for (BuiltTensor& tensor : nan.tensors)
            if (tensor.name == "model.norm.weight")
                tensor.data.replace(0, 2, "\xc0\x7f", 2); // a NaN in BF16
        QCOMPARE(computePerplexity(*load(*nan.source()), one.longIds, {}, progress).error().code, ErrorCode::LogitsNotFinite);
        Progress cancelled;
        cancelled.cancel();
        QCOMPARE(computePerplexity(*model, one.longIds, {}, cancelled).error().code, ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestPerplexity)
#include "tst_perplexity.moc"
