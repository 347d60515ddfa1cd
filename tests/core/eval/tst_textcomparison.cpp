// Two models on one text, against the logits of transformers and sums done the plain way.
#include "core/eval/textcomparison.h"
#include "core/recipe/patchedsource.h"
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

std::vector<double> logProbabilities(std::span<const float> logits)
{
    double total = 0;
    for (const float value : logits)
        total += std::exp(static_cast<double>(value));
    std::vector<double> out;
    for (const float value : logits)
        out.push_back(static_cast<double>(value) - std::log(total));
    return out;
}

} // namespace

class TestTextComparison : public QObject {
    Q_OBJECT
private slots:
    // The factor 0.5 on the final norm halves all logits of a model without bias or cap: both sides are known from transformers.
    void equalsTransformers()
    {
        const ModelCase& one = modelCase("llama");
        const auto source = one.source();
        Edit edit;
        edit.operation = Scale{0.5};
        edit.select = *Selector::parse("role=norm");
        const auto patched = patch(source, Recipe().with(edit));
        QVERIFY(patched);
        Progress progress;
        const auto out = compareOnText(*load(*source), *load(**patched), one.longIds, {}, progress);
        QVERIFY(out);
        const std::size_t n = one.longIds.size() - 1, vocabulary = one.longLogits.size() / one.longIds.size();
        QCOMPARE(out->divergence.size(), n);
        double delta = 0, squares = 0, kl = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const std::span row = std::span(one.longLogits).subspan(i * vocabulary, vocabulary);
            std::vector<float> halved(row.begin(), row.end());
            for (float& value : halved)
                value *= 0.5F;
            const std::vector<double> p = logProbabilities(row), q = logProbabilities(halved);
            double divergence = 0;
            for (std::size_t j = 0; j < vocabulary; ++j)
                divergence += std::exp(p[j]) * (p[j] - q[j]);
            const std::uint32_t token = one.longIds[i + 1];
            QVERIFY(std::abs(out->a.nll[i] + p[token]) < 1e-5);
            QVERIFY(std::abs(out->b.nll[i] + q[token]) < 1e-5);
            QVERIFY(std::abs(out->divergence[i] - divergence) < 1e-5);
            QCOMPARE(out->sameTop[i], std::uint8_t{1});
            delta += out->delta(i);
            kl += divergence;
        }
        const auto count = static_cast<double>(n);
        for (std::size_t i = 0; i < n; ++i)
            squares += std::pow(out->delta(i) - delta / count, 2);
        QVERIFY(std::abs(out->deltaMean - delta / count) < 1e-9);
        QVERIFY(std::abs(out->deltaMean - (out->b.nllMean - out->a.nllMean)) < 1e-9);
        QVERIFY(std::abs(out->deltaError - std::sqrt(squares / (count - 1) / count)) < 1e-9);
        QVERIFY(std::abs(out->kl.mean - kl / count) < 1e-5);
        QVERIFY(out->kl.median <= out->kl.p99 && out->kl.p99 <= out->kl.max && out->kl.median > 0);
        QCOMPARE(out->sameTopShare, 1.0);
    }

    void equalModelsDifferByNothing()
    {
        const ModelCase& one = modelCase("gemma2");
        const ModelPtr model = load(*one.source());
        Progress progress;
        const auto same = compareOnText(*model, *model, one.longIds, {16, 8, Precision::F32, {}}, progress);
        QVERIFY(same);
        QCOMPARE(same->deltaMean, 0.0);
        QCOMPARE(same->kl.max, 0.0);
        QCOMPARE(same->a.nll, computePerplexity(*model, one.longIds, {16, 8, Precision::F32, {}}, progress)->nll);
        const auto noise = compareWithItself(*model, one.longIds, {}, progress);
        QVERIFY(noise);
        QVERIFY(std::abs(noise->deltaMean) < 1e-5);
        QVERIFY(noise->kl.max < 1e-9);
    }

    // Small divergences keep their digits: KL of logits that differ by 1e-6 in one place is p(1 − p)·1e-12 / 2.
    void smallDivergences()
    {
        std::vector<float> a(37, 0.0F), b = a;
        b[5] = 1e-6F;
        const double got = kernels::divergence(a.data(), kernels::logSumExp(a.data(), 37), b.data(), std::log(36 + std::exp(static_cast<double>(b[5]))), 37);
        const double p = 1.0 / 37, want = p * (1 - p) * static_cast<double>(b[5]) * static_cast<double>(b[5]) / 2;
        QVERIFY2(std::abs(got - want) < 0.02 * want, qPrintable(QString::number(got / want)));
    }

    void badInput()
    {
        const ModelPtr a = load(*modelCase("llama").source());
        Progress progress, cancelled;
        const std::vector<std::uint32_t> one{1}, some{1, 2, 3};
        QCOMPARE(compareOnText(*a, *a, one, {}, progress).error().code, ErrorCode::BadArgument);
        cancelled.cancel();
        QCOMPARE(compareOnText(*a, *a, some, {}, cancelled).error().code, ErrorCode::Cancelled);
        for (const ModelCase& other : modelCases()) {
            const ModelPtr b = load(*other.source());
            if (b->config().vocabulary == a->config().vocabulary)
                continue;
            QCOMPARE(compareOnText(*a, *b, some, {}, progress).error().code, ErrorCode::BadArgument);
            return;
        }
    }
};

QTEST_APPLESS_MAIN(TestTextComparison)
#include "tst_textcomparison.moc"
