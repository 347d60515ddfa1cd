// Against scipy 1.17 and statsmodels 0.15 (tests/data/significance.json), and some figures by hand.
#include "core/base/json.h"
#include "core/eval/significance.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <vector>

using namespace wb;

namespace {

void nearly(double got, double want, double tolerance = 1e-9)
{
    QVERIFY2(std::abs(got - want) <= tolerance * std::max(1.0, std::abs(want)), qPrintable(QString("%1 instead of %2").arg(got, 0, 'g', 12).arg(want, 0, 'g', 12)));
}

} // namespace

class TestSignificance : public QObject {
    Q_OBJECT
private slots:
    void goldens()
    {
        const auto read = readJson(std::filesystem::path(WB_TEST_DATA) / "significance.json", false, 1U << 20);
        QVERIFY(read.has_value());
        const Json& json = *read;
        for (const Json& one : json["mcnemar"])
            nearly(mcnemarExact(one["only_a"].get<std::uint64_t>(), one["only_b"].get<std::uint64_t>()), one["p"].get<double>());
        for (const Json& one : json["wilson"]) {
            const Interval got = wilsonInterval(one["right"].get<std::uint64_t>(), one["total"].get<std::uint64_t>());
            QVERIFY(std::abs(got.low - one["low"].get<double>()) < 1e-9 && std::abs(got.high - one["high"].get<double>()) < 1e-9);
        }
        for (const Json& one : json["sign_flip"])
            nearly(signFlipExact(one["differences"].get<std::vector<std::int64_t>>()), one["p"].get<double>());
        for (const Json& one : json["pass_at"])
            nearly(passAtK(one["n"].get<std::uint64_t>(), one["c"].get<std::uint64_t>(), one["k"].get<std::uint64_t>()), one["value"].get<double>());
        for (const Json& one : json["bootstrap"]) { // other draws: equal within their error
            const Interval got = pairedBootstrap(one["differences"].get<std::vector<double>>(), 5, 50'000);
            QVERIFY2(std::abs(got.low - one["low"].get<double>()) < 0.01 && std::abs(got.high - one["high"].get<double>()) < 0.01, qPrintable(QString::number(got.low)));
        }
    }

    void signFlips()
    {
        std::vector<std::int64_t> ones(15, 1); // McNemar's in another dress
        std::fill_n(ones.begin(), 3, -1);
        ones.resize(40, 0);
        nearly(signFlipExact(ones), mcnemarExact(3, 12));
        nearly(signFlipExact({}), 1);
        // Too large to enumerate: the normal approximation is near.
        std::vector<std::int64_t> large, small;
        for (int i = 0; i < 400; ++i) {
            small.push_back(i % 3 == 0 ? -1 : 1);
            large.push_back(small.back() * 100'000);
        }
        QVERIFY(std::abs(signFlipExact(small) - signFlipExact(large)) < 1e-8);
    }

    void severalAnswers()
    {
        // Shares of ten answers; scipy's permutation_test of the differences gives 0.0625.
        const std::vector<Outcome> a = {{1, 10}, {0, 10}, {5, 10}, {2, 10}, {3, 10}}, b = {{4, 10}, {6, 10}, {7, 10}, {3, 10}, {9, 10}};
        const PairedComparison paired = comparePaired(a, b, 0);
        QVERIFY(paired.several);
        nearly(paired.p, 0.0625);
        nearly(paired.delta, 0.36);
        QCOMPARE(paired.counts.onlyB, std::uint64_t{3});
        QVERIFY(paired.ci95.low > 0.1 && paired.ci95.high < 0.6);
        // Unlike numbers of answers on one side.
        const PairedComparison mixed = comparePaired(std::vector<Outcome>{{1, 2}, {0, 3}}, std::vector<Outcome>{{2, 2}, {3, 3}}, 0);
        nearly(mixed.delta, 0.75);
        nearly(mixed.p, 0.5);
        // Of one answer each it is McNemar's.
        const PairedComparison single = comparePaired(std::vector<Outcome>(4, Outcome{0, 1}), std::vector<Outcome>(4, Outcome{1, 1}), 0);
        QVERIFY(!single.several);
        nearly(single.p, 0.125);
        const Mean passes = meanPassAtK(b, 5);
        nearly(passes.value, (passAtK(10, 4, 5) + passAtK(10, 6, 5) + passAtK(10, 7, 5) + passAtK(10, 3, 5) + passAtK(10, 9, 5)) / 5);
        QVERIFY(passes.standardError > 0 && passes.standardError < 0.1);
    }

    void mcnemar()
    {
        nearly(mcnemarExact(0, 4), 0.125); // the headline run of Tensor Slayer: 1 of 20 against 5 of 20
        nearly(mcnemarExact(3, 5), 0.7265625); // its longer one: 4 of 50 against 6
        nearly(mcnemarExact(0, 0), 1);
        nearly(mcnemarExact(7, 7), 1);
        nearly(mcnemarExact(0, 6), 0.03125);
        nearly(mcnemarExact(3, 12), 0.03515625);
        nearly(mcnemarExact(100, 150), 0.0018833009350761602, 1e-9);
        QCOMPARE(mcnemarExact(5, 3), mcnemarExact(3, 5));
        QVERIFY(mcnemarExact(0, 5000) >= 0 && mcnemarExact(0, 5000) < 1e-300);
    }

    void wilson()
    {
        const Interval half = wilsonInterval(5, 10);
        nearly(half.low, 0.236593090512564, 1e-9);
        nearly(half.high, 0.763406909487436, 1e-9);
        const Interval none = wilsonInterval(0, 20);
        nearly(none.low, 0);
        nearly(none.high, 0.161125158052, 1e-9);
        const Interval all = wilsonInterval(164, 164);
        nearly(all.high, 1);
        nearly(all.low, 0.9771125748805723);
    }

    void bootstrap()
    {
        // 30 times +1, 10 times −1, 60 times 0: mean 0.2, its standard error 0.06.
        std::vector<double> differences(100, 0.0);
        std::fill_n(differences.begin(), 30, 1.0);
        std::fill_n(differences.begin() + 30, 10, -1.0);
        const Interval ci = pairedBootstrap(differences, 1, 20'000);
        nearly(ci.low, 0.2 - 1.96 * 0.06, 0.012);
        nearly(ci.high, 0.2 + 1.96 * 0.06, 0.012);
        const Interval again = pairedBootstrap(differences, 1, 20'000);
        QVERIFY(again.low == ci.low && again.high == ci.high);
        const std::vector<double> same(7, 0.25);
        QVERIFY(pairedBootstrap(same, 0).low == 0.25 && pairedBootstrap(same, 0).high == 0.25);
    }

    void needed()
    {
        QVERIFY(!itemsNeeded(3, 3, 20).has_value());
        // 4 of 20 gained, none lost: discordant 0.2, effect 0.2.
        QCOMPARE(itemsNeeded(0, 4, 20).value(), std::uint64_t(37));
        QVERIFY(itemsNeeded(3, 5, 50).value() > 700);
        const PairedComparison headline = comparePaired({1, 0, 4, 15}, 0);
        nearly(headline.delta, 0.2);
        nearly(headline.p, 0.125);
        QVERIFY(!headline.enough);
        const PairedComparison clear = comparePaired({2, 186, 1, 11}, 0);
        QVERIFY(clear.enough && clear.p < 1e-30 && clear.ci95.high < -0.8);
    }

    void passK()
    {
        nearly(passAtK(200, 40, 10), 0.89871, 1e-5);
        nearly(passAtK(1, 1, 1), 1);
        nearly(passAtK(1, 0, 1), 0);
        nearly(passAtK(10, 3, 1), 0.3);
        nearly(passAtK(5, 3, 3), 1);
        nearly(passAtK(5, 2, 3), 0.9);
    }
};

QTEST_APPLESS_MAIN(TestSignificance)
#include "tst_significance.moc"
