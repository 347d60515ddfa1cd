// Sampling and generation: greedy ids of transformers, chains against their definitions, seeds, stops.
#include "core/model/generate.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <cmath>
#include <map>

using namespace wb;
using namespace wb::test;

namespace {

ModelPtr load(const TensorSource& source)
{
    Progress progress;
    return Model::load(source, {"test", 0, nullptr, {}}, progress).value_or(nullptr);
}

// Shares of 20,000 draws.
std::map<std::uint32_t, double> shares(const std::vector<float>& logits, const SamplingOptions& options, std::span<const std::uint32_t> seen = {})
{
    SamplingScratch scratch;
    std::map<std::uint32_t, double> counts;
    constexpr std::size_t draws = 20'000;
    for (std::size_t i = 0; i < draws; ++i)
        counts[sampleToken(logits, seen, options, 0, i, 0, scratch)->chosen.id] += 1.0 / draws;
    return counts;
}

void isNear(const std::map<std::uint32_t, double>& got, const std::map<std::uint32_t, double>& want)
{
    QCOMPARE(got.size(), want.size());
    for (const auto& [id, share] : want)
        QVERIFY2(got.contains(id) && std::abs(got.at(id) - share) < 0.012, qPrintable(QString("%1: %2").arg(id).arg(got.contains(id) ? got.at(id) : -1)));
}

const std::vector<float> fourLogits = {std::log(0.1F), std::log(0.4F), std::log(0.2F), std::log(0.3F)};

} // namespace

class TestGenerate : public QObject {
    Q_OBJECT
private slots:
    // Where the frequencies depend on the length, neither an earlier prompt nor growing beyond it leaves rows that were turned otherwise.
    void lengthsThatTurnOtherwise_data()
    {
        QTest::addColumn<QString>("family");
        for (const char* name : {"phi3-long", "llama-dynamic"})
            QTest::newRow(name) << name;
    }

    void lengthsThatTurnOtherwise()
    {
        QFETCH(QString, family);
        const ModelCase& one = modelCase(family.toStdString());
        const ModelPtr model = load(*one.source());
        const std::size_t original = model->config().ropes[0].originalLength;
        const std::vector<std::uint32_t> beyond = one.longIds, within(beyond.begin(), beyond.begin() + static_cast<std::ptrdiff_t>(original) - 2);
        std::vector<std::uint32_t> further(beyond.begin(), beyond.end() - 3);
        QVERIFY(beyond.size() > original + 6);
        GenerateOptions options;
        options.sampling.temperature = 0;
        options.maxTokens = 6;
        options.precision = Precision::F32;
        Progress progress;
        Generator kept(model, nullptr);
        for (const auto& prompt : {beyond, within, further, beyond}) {
            const auto got = kept.run({prompt}, options, progress), want = Generator(model, nullptr).run({prompt}, options, progress);
            QVERIFY(got && want);
            for (std::size_t i = 0; i < options.maxTokens; ++i) {
                const double mine = got->completions[0].tokens[i].sampled.chosen.logprob, fresh = want->completions[0].tokens[i].sampled.chosen.logprob;
                QVERIFY2(std::abs(mine - fresh) < 1e-5, qPrintable(QString("%1 tokens, token %2: %3 instead of %4").arg(prompt.size()).arg(i).arg(mine).arg(fresh)));
            }
        }
        if (model->config().ropes[0].kind != RopeConfig::Kind::Long)
            return; // transformers, too, goes on with rows as they are
        const auto grown = Generator(model, nullptr).run({within}, options, progress);
        QVERIFY(grown);
        std::vector<std::uint32_t> all = within;
        for (const GeneratedToken& token : grown->completions[0].tokens) {
            options.maxTokens = 1;
            const auto fresh = Generator(model, nullptr).run({all}, options, progress);
            QVERIFY(fresh);
            QVERIFY2(std::abs(token.sampled.chosen.logprob - fresh->completions[0].tokens[0].sampled.chosen.logprob) < 1e-5, qPrintable(QString::number(all.size())));
            all.push_back(token.sampled.chosen.id);
        }
    }

    void whatPromptsShareIsReadOnce()
    {
        const ModelCase& one = modelCase("qwen3-f32");
        const ModelPtr model = load(*one.source());
        std::vector<std::uint32_t> first(one.longIds.begin(), one.longIds.begin() + 24), second = first;
        second.insert(second.end(), {1, 2, 3});
        GenerateOptions options;
        options.sampling.temperature = 0;
        options.maxTokens = 5;
        options.precision = Precision::F32;
        Progress progress;
        const auto both = Generator(model, nullptr).run({first, second, first}, options, progress);
        QVERIFY(both);
        QCOMPARE(both->reusedTokens, std::size_t{24 + 23}); // the last token is read in any case
        QCOMPARE(both->completions[0].ids, both->completions[2].ids);
        for (std::size_t i = 0; i < 2; ++i) {
            const auto alone = Generator(model, nullptr).run({i == 0 ? first : second}, options, progress);
            QCOMPARE(both->completions[i].ids, alone->completions[0].ids);
        }
    }

    void greedyEqualsTransformers()
    {
        int compared = 0;
        for (const ModelCase& one : modelCases()) {
            if (one.name == "llama-dynamic" || one.name == "phi3-long") // the reference turns old keys anew there
                continue;
            GenerateOptions options;
            options.sampling.temperature = 0;
            options.maxTokens = one.greedy.size();
            options.precision = Precision::F32;
            Progress progress;
            const auto report = Generator(load(*one.source()), nullptr).run({one.shortIds}, options, progress);
            QVERIFY(report);
            QCOMPARE(report->completions[0].ids, one.greedy);
            QCOMPARE(stoppedByName(report->completions[0].stoppedBy), "max_tokens");
            ++compared;
        }
        QCOMPARE(compared, 36);
    }

    void companyAndReuseChangeNothing()
    {
        const ModelCase& one = modelCase("qwen3-f32");
        const ModelPtr model = load(*one.source());
        GenerateOptions options;
        options.sampling.seed = 5;
        options.maxTokens = 20;
        Progress progress;
        Generator alone(model, nullptr), together(model, nullptr);
        const auto first = alone.run({one.shortIds}, options, progress);
        const auto again = alone.run({one.shortIds}, options, progress);
        const auto three = together.run({one.shortIds, {1, 2, 3}, one.longIds}, options, progress);
        QVERIFY(first && again && three);
        QCOMPARE(again->completions[0].ids, first->completions[0].ids);
        QCOMPARE(again->reusedTokens, one.shortIds.size() - 1);
        QCOMPARE(three->completions[0].ids, first->completions[0].ids);
        options.sampling.seed = 6;
        QVERIFY(alone.run({one.shortIds}, options, progress)->completions[0].ids != first->completions[0].ids);
    }

    void endTokenContextAndCancel()
    {
        const ModelCase& one = modelCase("gpt2");
        const ModelPtr model = load(*one.source());
        GenerateOptions options;
        options.sampling.temperature = 0;
        options.precision = Precision::F32;
        options.endTokens = {one.greedy[3]};
        Progress progress;
        Generator generator(model, nullptr);
        const auto ended = generator.run({one.shortIds}, options, progress);
        QCOMPARE(ended->completions[0].ids.back(), one.greedy[3]);
        QCOMPARE(stoppedByName(ended->completions[0].stoppedBy), "end_token");
        options.endTokens = {};
        options.maxTokens = 200;
        const auto full = generator.run({one.shortIds}, options, progress);
        QCOMPARE(stoppedByName(full->completions[0].stoppedBy), "context_full");
        QCOMPARE(full->completions[0].ids.size() + one.shortIds.size(), std::size_t{65}); // the last one is never read
        int seen = 0;
        const auto cancelled = generator.run({one.shortIds}, options, progress, [&](std::size_t, const GeneratedToken&) { return ++seen < 4; });
        QCOMPARE(cancelled->completions[0].ids.size(), std::size_t{4});
        QCOMPARE(stoppedByName(cancelled->completions[0].stoppedBy), "cancelled");
    }

    void candidatesAndLogprobs()
    {
        SamplingScratch scratch;
        SamplingOptions greedy;
        greedy.temperature = 0;
        const auto sampled = sampleToken(fourLogits, {}, greedy, 0, 0, 3, scratch);
        QCOMPARE(sampled->chosen.id, 1U);
        QVERIFY(std::abs(sampled->chosen.logprob - std::log(0.4)) < 1e-6);
        QCOMPARE(sampled->candidates.size(), std::size_t{3});
        QCOMPARE(sampled->candidates[1].id, 3U);
        QCOMPARE(sampled->candidates[2].id, 2U);
        QVERIFY(std::abs(sampled->entropy - 1.2798542) < 1e-5);
        const std::vector<float> equal(50, 1.0F);
        QCOMPARE(sampleToken(equal, {}, greedy, 0, 0, 2, scratch)->chosen.id, 0U);
        QCOMPARE(sampleToken(equal, {}, greedy, 0, 0, 2, scratch)->candidates[1].id, 1U);
    }

    void chains()
    {
        isNear(shares(fourLogits, {}), {{0, 0.1}, {1, 0.4}, {2, 0.2}, {3, 0.3}});
        SamplingOptions hot;
        hot.temperature = 2;
        const double total = std::sqrt(0.1) + std::sqrt(0.4) + std::sqrt(0.2) + std::sqrt(0.3);
        isNear(shares(fourLogits, hot), {{0, std::sqrt(0.1) / total}, {1, std::sqrt(0.4) / total}, {2, std::sqrt(0.2) / total}, {3, std::sqrt(0.3) / total}});
        SamplingOptions two;
        two.topK = 2;
        isNear(shares(fourLogits, two), {{1, 4.0 / 7}, {3, 3.0 / 7}});
        SamplingOptions nucleus;
        nucleus.topP = 0.65; // 0.4 + 0.3 reach it
        isNear(shares(fourLogits, nucleus), {{1, 4.0 / 7}, {3, 3.0 / 7}});
        nucleus.topP = 0.75;
        isNear(shares(fourLogits, nucleus), {{1, 4.0 / 9}, {2, 2.0 / 9}, {3, 3.0 / 9}});
        nucleus.topP = 1e-9;
        isNear(shares(fourLogits, nucleus), {{1, 1.0}});
        SamplingOptions floor;
        floor.minP = 0.49; // of 0.4: 0.196
        isNear(shares(fourLogits, floor), {{1, 4.0 / 9}, {2, 2.0 / 9}, {3, 3.0 / 9}});
        SamplingOptions both;
        both.topK = 3;
        both.topP = 0.7; // of the three that are left 0.4/0.9 + 0.3/0.9 reach it
        isNear(shares(fourLogits, both), {{1, 4.0 / 7}, {3, 3.0 / 7}});
        SamplingOptions penalty;
        penalty.repetitionPenalty = 2;
        const std::vector<std::uint32_t> seen = {1, 1, 3};
        const double with = 0.1 + 0.16 + 0.2 + 0.09; // negative logits are multiplied: p becomes p²
        isNear(shares(fourLogits, penalty, seen), {{0, 0.1 / with}, {1, 0.16 / with}, {2, 0.2 / with}, {3, 0.09 / with}});
    }

    // Top-p over a large vocabulary is found piece by piece: the same set as by sorting all.
    void largeVocabulary()
    {
        std::vector<float> logits(50'000);
        for (std::size_t i = 0; i < logits.size(); ++i)
            logits[i] = static_cast<float>(i * 7919 % 50'000) / 6000.0F;
        SamplingOptions options;
        options.topP = 0.5;
        SamplingScratch scratch;
        for (std::size_t i = 0; i < 300; ++i) {
            const auto sampled = sampleToken(logits, {}, options, 0, i, 0, scratch);
            // The weights fall by e over 6,000 ranks: half of the mass lies in the first 4,158 or so.
            QVERIFY(logits[sampled->chosen.id] > static_cast<float>(50'000 - 4'200) / 6000.0F);
        }
    }

    void badInput()
    {
        SamplingScratch scratch;
        const std::vector<float> bad = {1, std::nanf(""), 2};
        QCOMPARE(sampleToken(bad, {}, {}, 0, 0, 0, scratch).error().code, ErrorCode::LogitsNotFinite);
        for (const SamplingOptions& options : {SamplingOptions{.temperature = -1}, SamplingOptions{.topP = 0}, SamplingOptions{.minP = 2},
                                               SamplingOptions{.repetitionPenalty = 0}, SamplingOptions{.temperature = std::nan("")}})
            QCOMPARE(checkSampling(options).error().code, ErrorCode::BadArgument);
        const ModelCase& one = modelCase("llama");
        Progress progress;
        Generator generator(load(*one.source()), nullptr);
        QCOMPARE(generator.run({{}}, {}, progress).error().code, ErrorCode::BadArgument);
        QCOMPARE(generator.run({{4800}}, {}, progress).error().code, ErrorCode::TokenOutOfRange);
        QCOMPARE(chainText({.temperature = 0.8, .topP = 0.95, .repetitionPenalty = 1.1, .seed = 7}),
                 std::string("repetition penalty 1.1 → temperature 0.8 → top-p 0.95 → seed 7"));
        QCOMPARE(chainText({.temperature = 0}), std::string("greedy"));
    }

    void differences()
    {
        const std::vector<std::uint32_t> a = {1, 2, 3}, b = {1, 2, 4}, c = {1, 2};
        QCOMPARE(firstDifference(a, b).value(), std::size_t{2});
        QCOMPARE(firstDifference(a, c).value(), std::size_t{2});
        QVERIFY(!firstDifference(a, a).has_value());
    }
};

QTEST_APPLESS_MAIN(TestGenerate)
#include "tst_generate.moc"
