#include "core/analysis/decomposition.h"
#include "core/analysis/spectrum.h"
#include "core/analysis/vocabularyreading.h"
#include "tests/support/memorysource.h"

#include <QtTest>

#include <cmath>

using namespace wb;
using namespace wb::test;

class TestVocabularyReading : public QObject {
    Q_OBJECT
private slots:
    // Four tokens along the axes of a plane, of different lengths: cosines do not see the length.
    void findsTheTokensAlongAndAgainst()
    {
        const MemorySource source({{"embed", "F32", {5, 2}, f32Bytes({2, 0, -3, 0, 0, 1, 0, -0.5F, 0, 0})}});
        Progress progress;
        const std::vector<double> direction = {0.8, 0.6};
        const auto reading = readThroughVocabulary(source, 0, direction, 2, progress);
        QVERIFY(reading);
        QCOMPARE(reading->along[0].token, 0U);
        QVERIFY(std::abs(reading->along[0].cosine - 0.8) < 1e-12);
        QCOMPARE(reading->along[1].token, 2U);
        QCOMPARE(reading->against[0].token, 1U);
        QVERIFY(std::abs(reading->against[0].cosine + 0.8) < 1e-12);
        QVERIFY(!readThroughVocabulary(source, 0, std::vector<double>{1}, 2, progress));
        QCOMPARE(readThroughVocabulary(source, 0, direction, 100, progress)->along.size(), 5U); // all there are
    }

    // W = 3 e₁ f₁ᵀ + 1 e₂ f₂ᵀ, wide and tall.
    void singularVectorsOfBothSides()
    {
        const MemorySource wide({{"w", "F32", {2, 3}, f32Bytes({0, 3, 0, 1, 0, 0})}});
        const MemorySource tall({{"w", "F32", {3, 2}, f32Bytes({0, 1, 3, 0, 0, 0})}});
        const auto same = [](const Result<std::vector<double>>& got, std::vector<double> want) {
            if (!got || got->size() != want.size()) return false;
            double product = 0;
            for (std::size_t i = 0; i < want.size(); ++i)
                product += (*got)[i] * want[i];
            return std::abs(std::abs(product) - 1) < 1e-12;
        };
        QVERIFY(same(singularVector(wide, 0, 0, 0, true), {1, 0}));
        QVERIFY(same(singularVector(wide, 0, 0, 0, false), {0, 1, 0}));
        QVERIFY(same(singularVector(wide, 0, 0, 1, false), {1, 0, 0}));
        QVERIFY(same(singularVector(tall, 0, 0, 0, true), {0, 1, 0}));
        QVERIFY(same(singularVector(tall, 0, 0, 0, false), {1, 0}));
        QVERIFY(!singularVector(tall, 0, 0, 2, true));
    }

    // Shuffling keeps the elements and takes the structure away: one strong component becomes the edge of noise.
    void theControlHasNoStructure()
    {
        std::vector<float> values;
        for (int i = 0; i < 60 * 80; ++i)
            values.push_back(static_cast<float>(std::sin(1.0 + i / 80) * std::cos(2.0 + i % 80)));
        const MemorySource source({{"w", "F32", {60, 80}, f32Bytes(values)}});
        Progress progress;
        const auto original = computeSpectrum(source, 0, 0, {}, progress);
        const auto control = randomisedControl(source, 0, 0, 7), again = randomisedControl(source, 0, 0, 7);
        QVERIFY(original && control && again);
        QVERIFY(control->values == again->values);
        QVERIFY(std::abs(control->frobenius - original->frobenius) < 1e-9 * original->frobenius);
        QVERIFY(original->spectral > 3 * original->randomEdge);
        QVERIFY(control->spectral < 1.1 * control->randomEdge);
    }
};

QTEST_APPLESS_MAIN(TestVocabularyReading)
#include "tst_vocabularyreading.moc"
