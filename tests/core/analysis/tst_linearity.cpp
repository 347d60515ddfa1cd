// Linearity and its relatives against numbers computed in float64 by the published formulas.
#include "core/analysis/intrinsicdimension.h"
#include "core/analysis/linearity.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

struct Clouds {
    std::vector<double> x, y;
};

// X[i][j] = sin(0.7 (i+1)(j+1)), Y = X + 0.3 cos(1.3 (i+1) + j).
Clouds clouds(int rows)
{
    Clouds out;
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < 3; ++j) {
            out.x.push_back(std::sin(0.7 * (i + 1) * (j + 1)));
            out.y.push_back(out.x.back() + 0.3 * std::cos(1.3 * (i + 1) + j));
        }
    return out;
}

ModelPtr load(const TensorSource& source)
{
    Progress progress;
    return Model::load(source, {"test", 0, nullptr, {}}, progress).value_or(nullptr);
}

std::vector<std::uint32_t> manyTokens(std::size_t count)
{
    std::vector<std::uint32_t> tokens;
    for (std::size_t i = 0; i < count; ++i)
        tokens.push_back(static_cast<std::uint32_t>((i * i * 7 + i * 13 + i / 5) % 48));
    return tokens;
}

} // namespace

class TestLinearity : public QObject {
    Q_OBJECT
private slots:
    void goldens()
    {
        const Clouds twelve = clouds(12);
        const LayerLinearity out = *linearityOf(twelve.x, twelve.y, 12, 3);
        QVERIFY(std::abs(out.score - 0.9529761772771845) < 1e-12);
        QVERIFY(std::abs(out.withoutResidual - 0.45273099723420374) < 1e-12);
        QVERIFY(std::abs(out.adjusted - 0.9353422437561287) < 1e-12);
        QVERIFY(std::abs(out.withoutResidualAdjusted - 0.24750512119703016) < 1e-12);
        QVERIFY(std::abs(out.anisotropy - 0.3644300994083399) < 1e-12);
        QVERIFY(std::abs(linearityOf(twelve.y, twelve.x, 12, 3)->anisotropy - 0.4168552566746479) < 1e-12);
        const IntrinsicDimension dimension = twoNearestNeighbours(clouds(60).x, 60, 3);
        QVERIFY2(std::abs(dimension.dimension - 19.15413612589437) < 1e-9, qPrintable(QString::number(dimension.dimension, 'g', 17)));
        QCOMPARE(dimension.dropped, std::size_t{0});
        QCOMPARE(dimension.used, std::size_t{12});
    }

    // Directions without any spread are left out instead of blowing up.
    void deficientClouds()
    {
        Clouds flat = clouds(12);
        for (std::size_t i = 0; i < 12; ++i)
            flat.x[i * 3 + 2] = flat.x[i * 3] + flat.x[i * 3 + 1]; // two directions
        const LayerLinearity out = *linearityOf(flat.x, flat.y, 12, 3);
        QCOMPARE(out.rankUsed, std::size_t{2});
        QVERIFY(out.score > 0 && out.score < 1);
        QVERIFY(std::isnan(twoNearestNeighbours(std::vector<double>(9, 1.0), 3, 3).dimension)); // all in one place
    }

    // The streamed sums give what the states in one piece give.
    void streamedEqualsWhole()
    {
        const auto source = modelCase("gemma2").source();
        const ModelPtr model = load(*source);
        const std::vector<std::uint32_t> tokens = manyTokens(150);
        LinearityOptions options;
        options.window = 48;
        Progress progress;
        const auto report = computeLinearity(*model, tokens, options, progress);
        QVERIFY2(report, report ? "" : errorMessage(report.error()).c_str());
        const std::size_t layers = model->config().layers.size(), width = model->config().width;
        std::vector<std::vector<double>> states(layers + 1);
        for (std::size_t first = 0; first < tokens.size(); first += 48) {
            KvCache cache(model->config());
            Workspace space;
            ForwardOptions forwardOptions;
            forwardOptions.observer = [&](std::size_t layer, Site site, std::span<float> values, std::size_t) {
                if (site == Site::Embedding)
                    states[0].insert(states[0].end(), values.begin(), values.end());
                if (site == Site::Block && layer + 1 < layers)
                    states[layer + 1].insert(states[layer + 1].end(), values.begin(), values.end());
                if (site == Site::FinalNorm)
                    states[layers].insert(states[layers].end(), values.begin(), values.end());
            };
            QVERIFY(forwardInSteps(*model, cache, std::span(tokens).subspan(first, std::min<std::size_t>(48, tokens.size() - first)), forwardOptions, space, progress,
                                   [](std::size_t, std::span<float>) {}));
        }
        QCOMPARE(report->layers.size(), layers);
        for (std::size_t p = 0; p < layers; ++p) {
            const LayerLinearity want = *linearityOf(states[p], states[p + 1], tokens.size(), width), &got = report->layers[p];
            QVERIFY2(std::abs(got.score - want.score) < 1e-9, qPrintable(QStringLiteral("%1 %2").arg(got.score).arg(want.score)));
            QVERIFY(std::abs(got.withoutResidual - want.withoutResidual) < 1e-9);
            QVERIFY(std::abs(got.anisotropy - want.anisotropy) < 1e-9);
            QVERIFY(got.ciLow <= got.score && got.score <= got.ciHigh && got.ciHigh - got.ciLow < 0.2);
            QCOMPARE(got.afterFinalNorm, p + 1 == layers);
            const double dimension = twoNearestNeighbours(states[p], tokens.size(), width).dimension;
            QVERIFY(p == 0 ? std::isnan(dimension) && std::isnan(got.intrinsicDimension) // every token's embedding comes twice
                           : std::abs(got.intrinsicDimension - dimension) < 1e-9);
        }
        QCOMPARE(report->chanceFloor, static_cast<double>(width) / 149);
    }

    // Told one by one, the tokens' errors are what the score leaves; what was read so far comes while it is read.
    void tokenErrorsSumToTheRest()
    {
        const auto source = modelCase("gemma2").source();
        const ModelPtr model = load(*source);
        LinearityOptions options;
        options.window = 48;
        options.excludeFirst = true;
        options.mapTokens = 1000;
        Progress progress;
        std::vector<std::size_t> sofar;
        const auto report = computeLinearity(*model, manyTokens(400), options, progress, [&](const LinearityReport& part) { sofar.push_back(part.tokens); });
        QVERIFY(report);
        QCOMPARE(sofar, (std::vector<std::size_t>{141, 282}));
        QCOMPARE(report->mapTokens, report->tokens);
        for (std::size_t p = 0; p < report->layers.size(); ++p) {
            double rest = 0;
            for (std::size_t i = 0; i < report->mapTokens; ++i)
                rest += std::pow(report->tokenErrors[p * report->mapTokens + i], 2);
            QVERIFY(std::abs(rest - (1 - report->layers[p].score)) < 1e-5);
        }
        options.mapTokens = 7;
        const auto few = computeLinearity(*model, manyTokens(400), options, progress);
        QCOMPARE(few->mapTokens, std::size_t{7});
        QCOMPARE(few->tokenErrors[9], report->tokenErrors[report->mapTokens + 2]); // the second layer's third token
    }

    // A paired interval of a model and itself has no width; that of another one is narrower than the two alone.
    void changeIsPaired()
    {
        const auto source = modelCase("gemma2").source();
        const ModelPtr model = load(*source);
        LinearityOptions options;
        options.window = 48;
        Progress progress;
        const auto a = computeLinearity(*model, manyTokens(300), options, progress);
        for (const LinearityChange& change : linearityChange(*a, *a))
            QVERIFY(change.delta == 0 && change.low == 0 && change.high == 0);
        const auto fewer = computeLinearity(*model, manyTokens(200), options, progress);
        QVERIFY(linearityChange(*a, *fewer).empty());
    }

    void excludingTheFirst()
    {
        const ModelPtr model = load(*modelCase("llama").source());
        LinearityOptions options;
        options.window = 50;
        options.excludeFirst = true;
        Progress progress;
        const auto report = computeLinearity(*model, manyTokens(150), options, progress);
        QVERIFY(report);
        QCOMPARE(report->tokens, std::size_t{147});
    }

    void badInput()
    {
        const ModelPtr model = load(*modelCase("llama").source());
        Progress progress, cancelled;
        QCOMPARE(computeLinearity(*model, manyTokens(33), {}, progress).error().code, ErrorCode::BadArgument); // width 32
        LinearityOptions options;
        options.window = 1;
        QCOMPARE(computeLinearity(*model, manyTokens(60), options, progress).error().code, ErrorCode::BadArgument);
        cancelled.cancel();
        QCOMPARE(computeLinearity(*model, manyTokens(60), {}, cancelled).error().code, ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestLinearity)
#include "tst_linearity.moc"
