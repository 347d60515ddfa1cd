// What stands apart: the same by the definition, one tensor at a time.
#include "core/analysis/standouts.h"
#include "core/base/random.h"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace wb;

class TestStandouts : public QObject {
    Q_OBJECT
private slots:
    void theExpectedValueIsTheMedianOfTheOthers()
    {
        for (const std::size_t count : {4, 5, 6, 17, 100}) {
            std::vector<TensorRole> roles(count);
            std::vector<double> values(count);
            for (std::size_t i = 0; i < count; ++i) {
                roles[i].role = "up_proj";
                roles[i].layer = static_cast<std::uint32_t>(i);
                values[i] = std::round(8 * uniform(count, 0, i)) + 1; // with ties
            }
            values[1] = 100;
            values[2] = 0.01;
            const std::vector<Standout> found = findStandouts(roles, values);
            QVERIFY(found.size() >= 2);
            for (const Standout& one : found) {
                std::vector<double> others = values;
                others.erase(others.begin() + static_cast<std::ptrdiff_t>(one.tensor));
                std::ranges::sort(others);
                const std::size_t middle = others.size() / 2;
                const double median = others.size() % 2 == 1 ? others[middle] : (others[middle] + others[middle - 1]) / 2;
                QCOMPARE(one.expected, median);
                QCOMPARE(one.ratio, values[one.tensor] / median);
            }
            QVERIFY(std::ranges::any_of(found, [](const Standout& one) { return one.tensor == 1; }));
            QVERIFY(std::ranges::any_of(found, [](const Standout& one) { return one.tensor == 2; }));
        }
    }

    // Experts of one layer are none of each other's layers.
    void eachExpertHasItsOwnDepth()
    {
        std::vector<TensorRole> roles;
        std::vector<double> values;
        for (std::uint32_t layer = 0; layer < 6; ++layer)
            for (std::uint32_t expert = 0; expert < 2; ++expert) {
                TensorRole role;
                role.role = "up_proj";
                role.layer = layer;
                role.expert = expert;
                roles.push_back(role);
                values.push_back(expert == 0 ? 1 : 10);
            }
        QVERIFY(findStandouts(roles, values).empty());
        values[4] = 10; // expert 0 of layer 2
        const auto found = findStandouts(roles, values);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].tensor, std::size_t{4});
    }
};

QTEST_GUILESS_MAIN(TestStandouts)
#include "tst_standouts.moc"
