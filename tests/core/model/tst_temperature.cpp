// A temperature for each token: the entropy rule against its formula, and where a text stands.
#include "core/model/sampling.h"

#include <QtTest>

#include <cmath>

using namespace wb;

namespace {

TextRegion after(const std::vector<std::string>& pieces)
{
    RegionTracker tracker;
    for (const std::string& piece : pieces)
        tracker.push(piece);
    return tracker.region();
}

} // namespace

class TestTemperature : public QObject {
    Q_OBJECT
private slots:
    void entropyRule()
    {
        // z = (2, 1, 0, −1): H = .9475369639754255 of ln 4, between .2 and 1.4
        const TemperatureRule rule{.source = TemperatureSource::Entropy, .range = 0.6};
        QVERIFY(std::abs(entropyTemperature(0.8, rule, .9475369639754255, 4) - 1.0202041273917986) < 1e-14);
        QCOMPARE(entropyTemperature(0.8, rule, 0, 1), 0.8); // one token: as it is
        QCOMPARE(entropyTemperature(0.5, rule, 0, 4), 0.0); // 0.5 − 0.6 ends at 0
        QVERIFY(std::abs(entropyTemperature(0.8, rule, std::log(4.0), 4) - 1.4) < 1e-15);
        TemperatureRule square = rule;
        square.exponent = 2;
        QVERIFY(std::abs(entropyTemperature(0.8, square, .9475369639754255, 4) - (0.2 + 1.2 * .6835034394931654 * .6835034394931654)) < 1e-14);
    }

    void drawsByTheRule()
    {
        const std::vector<float> logits = {2, 1, 0, -1};
        SamplingScratch scratch;
        SamplingOptions options{.temperature = 0.8, .rule = {.source = TemperatureSource::Entropy, .range = 0.6}};
        SamplingOptions fixed{.temperature = 1.0202041273917986};
        for (std::uint64_t place = 0; place < 200; ++place) {
            const auto drawn = sampleToken(logits, {}, options, 0, place, 0, scratch);
            QVERIFY(std::abs(drawn->temperature - 1.0202041273917986) < 1e-6);
            QCOMPARE(drawn->chosen.id, sampleToken(logits, {}, fixed, 0, place, 0, scratch)->chosen.id);
        }
        // Tokens that cannot come do not count.
        const std::vector<float> less = {2, 1, 0, -1, -INFINITY, -INFINITY};
        QVERIFY(std::abs(sampleToken(less, {}, options, 0, 0, 0, scratch)->temperature - 1.0202041273917986) < 1e-6);
        options.temperature = 0; // greedy stays greedy
        QCOMPARE(sampleToken(logits, {}, options, 0, 0, 0, scratch)->chosen.id, 0U);
    }

    void drawsByTheRegion()
    {
        const std::vector<float> logits = {2, 1, 0, -1};
        SamplingScratch scratch;
        const SamplingOptions options{.temperature = 1.5, .rule = {.source = TemperatureSource::Regions, .code = 0.25, .number = 0, .quote = 0.5}};
        const auto of = [&](TextRegion region) { return sampleToken(logits, {}, options, 0, 3, 0, scratch, region)->temperature; };
        QCOMPARE(of(TextRegion::Prose), 1.5);
        QCOMPARE(of(TextRegion::Code), 0.25);
        QCOMPARE(of(TextRegion::Quote), 0.5);
        for (std::uint64_t place = 0; place < 50; ++place)
            QCOMPARE(sampleToken(logits, {}, options, 0, place, 0, scratch, TextRegion::Number)->chosen.id, 0U);
    }

    void whereATextStands()
    {
        QCOMPARE(after({}), TextRegion::Prose);
        QCOMPARE(after({"It costs 1"}), TextRegion::Number);
        QCOMPARE(after({"It costs 1."}), TextRegion::Number);
        QCOMPARE(after({"It costs 1. "}), TextRegion::Prose);
        QCOMPARE(after({"It costs .", ","}), TextRegion::Prose);
        QCOMPARE(after({"He said \"", "come"}), TextRegion::Quote);
        QCOMPARE(after({"He said \"come\" and"}), TextRegion::Prose);
        QCOMPARE(after({"“Eins ", "zwei"}), TextRegion::Quote);
        QCOMPARE(after({"\xE2\x80", "\x9C" "a"}), TextRegion::Quote); // the mark itself in two pieces
        QCOMPARE(after({"«да» и"}), TextRegion::Prose);
        QCOMPARE(after({"a \" b\nc"}), TextRegion::Quote); // a line is no paragraph
        QCOMPARE(after({"a \" b\n \nc"}), TextRegion::Prose);
        QCOMPARE(after({"Like so:\n`", "``python\nx = 1"}), TextRegion::Code);
        QCOMPARE(after({"```\n\"x\n```\nThen"}), TextRegion::Prose);
        QCOMPARE(after({"```\n~~~\nx"}), TextRegion::Code); // another fence does not close it
        QCOMPARE(after({"a ``` b"}), TextRegion::Prose);
    }

    void wordsAndBounds()
    {
        QCOMPARE(chainText({.temperature = 0.8, .rule = {.source = TemperatureSource::Entropy, .range = 0.6}}), std::string("temperature by entropy 0.2 … 1.4 → seed 0"));
        QCOMPARE(chainText({.temperature = 1, .rule = {.source = TemperatureSource::Regions, .code = 0.2}}), std::string("temperature by code 0.2, number 0, quote 0, prose 1 → seed 0"));
        QVERIFY(!checkSampling({.rule = {.range = -1}}) && !checkSampling({.rule = {.exponent = 0}}) && !checkSampling({.rule = {.quote = NAN}}));
    }
};

QTEST_APPLESS_MAIN(TestTemperature)
#include "tst_temperature.moc"
