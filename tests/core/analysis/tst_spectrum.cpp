// Singular values against numpy's, the power law against WeightWatcher's formula (tests/data/make_spectrum_goldens.py).
#include "core/analysis/spectrum.h"
#include "core/base/json.h"
#include "tests/support/memorysource.h"
#include "tests/support/support.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <cstring>

using namespace wb;
using namespace wb::test;

namespace {

std::vector<double> matrix()
{
    std::vector<double> out;
    for (int i = 1; i <= 80; ++i)
        for (int j = 1; j <= 60; ++j)
            out.push_back(std::sin(0.37 * i * j) + 3.0 / (i + j) + (i == j ? 1 : 0));
    return out;
}

std::vector<double> transposed(const std::vector<double>& a, std::size_t rows, std::size_t cols)
{
    std::vector<double> out(a.size());
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < cols; ++c)
            out[c * rows + r] = a[r * cols + c];
    return out;
}

// Four directions.
std::vector<double> deficient()
{
    std::vector<double> out;
    for (int i = 1; i <= 80; ++i)
        for (int j = 1; j <= 60; ++j) {
            double value = 0;
            for (int k = 1; k <= 4; ++k)
                value += std::sin(i * k) * std::cos(k * j);
            out.push_back(value);
        }
    return out;
}

} // namespace

class TestSpectrum : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_golden = *parseJson(readFile(std::filesystem::path(WB_TEST_DATA) / "spectrum.json"), "spectrum.json"); }

    void equalsNumpy()
    {
        for (const bool turned : {false, true}) {
            std::vector<double> a = turned ? transposed(matrix(), 80, 60) : matrix();
            const Spectrum out = *spectrumOf(a, turned ? 60 : 80, turned ? 80 : 60);
            QVERIFY(out.exact);
            QCOMPARE(out.values.size(), std::size_t{60});
            for (std::size_t i = 0; i < 60; ++i) {
                const double want = m_golden["values"][i].get<double>();
                QVERIFY2(std::abs(out.values[i] - want) < 1e-9 * want, qPrintable(QString::number(out.values[i] / want - 1)));
                QVERIFY(std::abs(out.values[i] - want) <= out.errorBound + 1e-13);
            }
            QVERIFY(std::abs(out.frobenius - m_golden["frobenius"].get<double>()) < 1e-10);
            QVERIFY(std::abs(out.effectiveRank - m_golden["effective_rank"].get<double>()) < 1e-9);
            QVERIFY(std::abs(out.stableRank - std::pow(out.frobenius / out.values[0], 2)) < 1e-9);
            QVERIFY(out.powerLaw);
            QVERIFY2(std::abs(out.powerLaw->alpha - m_golden["alpha"].get<double>()) < 1e-6, qPrintable(QString::number(out.powerLaw->alpha)));
            QVERIFY(std::abs(out.powerLaw->minimum - m_golden["minimum"].get<double>()) < 1e-6);
        }
    }

    // Where a Gram matrix would lose the digits, LAPACK's own SVD takes over.
    void deficientMatrices()
    {
        std::vector<double> a = deficient();
        const Spectrum out = *spectrumOf(a, 80, 60);
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(std::abs(out.values[i] - m_golden["deficient"][i].get<double>()) < 1e-10 * out.values[0]);
        for (std::size_t i = 4; i < 60; ++i)
            QVERIFY(out.values[i] < 1e-12 * out.values[0]);
        QVERIFY(!out.powerLaw); // four values are too few, and the others are rounding
        std::vector<double> zero(12);
        const Spectrum nothing = *spectrumOf(zero, 4, 3);
        QCOMPARE(nothing.values, std::vector<double>(3));
        QCOMPARE(nothing.stableRank, 0.0);
        QVERIFY(!nothing.powerLaw);
    }

    // Randomised ones are inside their bound, and of a matrix of low rank nearly exact.
    void randomisedWithinBound()
    {
        std::vector<double> a = matrix();
        const Spectrum out = *spectrumOf(a, 80, 60, {8, 8192, 3});
        QVERIFY(!out.exact);
        QCOMPARE(out.values.size(), std::size_t{8});
        for (std::size_t i = 0; i < 8; ++i)
            QVERIFY(std::abs(out.values[i] - m_golden["values"][i].get<double>()) <= out.errorBound);
        std::vector<double> low = deficient();
        const Spectrum near = *spectrumOf(low, 80, 60, {6, 8192, 3});
        QVERIFY2(near.errorBound < 1e-5 * near.values[0], qPrintable(QString::number(near.errorBound)));
        QVERIFY(std::abs(near.values[3] - m_golden["deficient"][3].get<double>()) < 1e-9 * near.values[0]);
        // Where next to nothing is left, the bound is neither 0 nor the rounding of a difference of squares.
        std::vector<double> whole = deficient(), some = deficient();
        const Spectrum exact = *spectrumOf(whole, 80, 60);
        for (std::size_t i = 0; i < some.size(); ++i)
            some[i] += 1e-9 * std::sin(static_cast<double>(i * i));
        std::vector<double> copy = some;
        const Spectrum wanted = *spectrumOf(copy, 80, 60), found = *spectrumOf(some, 80, 60, {6, 8192, 3});
        for (const auto& [got, want] : {std::pair(&near, &exact), std::pair(&found, &wanted)}) {
            for (std::size_t i = 0; i < 6; ++i)
                QVERIFY2(std::abs(got->values[i] - want->values[i]) <= got->errorBound + 60 * 2.3e-16 * want->values[0], qPrintable(QString("%1: %2").arg(i).arg(got->errorBound)));
            QVERIFY(got->errorBound > 0);
        }
        QVERIFY2(near.errorBound < 1e-11 * near.values[0], qPrintable(QString::number(near.errorBound)));
        QVERIFY2(found.errorBound > 1e-9 && found.errorBound < 1e-6, qPrintable(QString::number(found.errorBound)));
        std::vector<double> again = matrix();
        QCOMPARE(spectrumOf(again, 80, 60, {8, 8192, 3})->values, out.values); // the seed decides
    }

    // F64 holds matrices whose squares it does not.
    void scalesBeyondTheSquares()
    {
        std::vector<double> plain = matrix();
        const Spectrum want = *spectrumOf(plain, 80, 60);
        for (const double scale : {std::exp2(700), std::exp2(-700), std::exp2(-540)}) {
            for (const std::size_t rank : {std::size_t{0}, std::size_t{8}}) {
                std::vector<double> a = matrix();
                for (double& value : a)
                    value *= scale;
                const Spectrum out = *spectrumOf(a, 80, 60, {rank, 8192, 3});
                for (std::size_t i = 0; i < out.values.size(); ++i)
                    QVERIFY(std::abs(out.values[i] / scale - want.values[i]) <= out.errorBound / scale + 1e-12 * want.spectral);
                QVERIFY(out.errorBound > 0);
                QVERIFY(std::abs(out.frobenius / scale / want.frobenius - 1) < 1e-12);
                QVERIFY(std::abs(out.stableRank / want.stableRank - 1) < 1e-9 || rank != 0);
                QVERIFY(std::abs(out.randomEdge / scale / want.randomEdge - 1) < 1e-12);
                QVERIFY(rank != 0 || (out.aboveEdge == want.aboveEdge && std::abs(out.powerLaw->alpha / want.powerLaw->alpha - 1) < 1e-9));
            }
        }
    }

    // What is left of zero by rounding stands above no edge, and no condition is made of it.
    void roundingOfZeroIsNothing()
    {
        for (const std::size_t cols : {24U, 16U, 9U}) {
            std::vector<double> ones(16 * cols, 1);
            const Spectrum out = *spectrumOf(ones, 16, cols);
            QVERIFY(std::abs(out.values[0] - std::sqrt(16.0 * static_cast<double>(cols))) < 1e-12);
            QCOMPARE(out.aboveEdge, std::size_t{1});
            QVERIFY(std::isinf(out.condition));
        }
        std::vector<double> low = deficient();
        QVERIFY(std::isinf(spectrumOf(low, 80, 60)->condition));
    }

    void randomMatricesHaveNothingAboveTheEdge()
    {
        std::vector<double> noise;
        quint64 state = 1;
        for (int i = 0; i < 200 * 100; ++i) {
            double total = 0;
            for (int k = 0; k < 12; ++k) {
                state = state * 6364136223846793005ULL + 1442695040888963407ULL;
                total += static_cast<double>(state >> 11U) / 9007199254740992.0;
            }
            noise.push_back(total - 6);
        }
        const Spectrum out = *spectrumOf(noise, 200, 100);
        QVERIFY(out.aboveEdge <= 1);
        QVERIFY(std::abs(out.values[0] / out.randomEdge - 1) < 0.05);
    }

    void tensorsOfASource()
    {
        const auto floats = [](const std::vector<float>& values) { return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)); };
        const MemorySource source({{"matrix", "F32", {2, 2}, floats({3, 0, 0, -4})},
                                   {"stack", "F32", {2, 2, 2}, floats({1, 0, 0, 2, 5, 0, 0, 0})},
                                   {"vector", "F32", {2}, floats({1, 2})},
                                   {"broken", "F32", {1, 2}, floats({1, std::nanf("")})},
                                   {"opaque", "F8_E9M9", {}, "a"}});
        Progress progress;
        const auto one = computeSpectrum(source, 0, {}, progress);
        QVERIFY(one);
        QVERIFY(std::abs((*one)[0].values[0] - 4) < 1e-12 && std::abs((*one)[0].values[1] - 3) < 1e-12);
        const auto stack = computeSpectrum(source, 1, {}, progress);
        QCOMPARE(stack->size(), std::size_t{2});
        QCOMPARE((*stack)[1].part, std::optional<std::uint64_t>(1));
        QVERIFY(std::abs((*stack)[1].values[0] - 5) < 1e-12);
        QCOMPARE(computeSpectrum(source, 2, {}, progress).error().code, ErrorCode::BadArgument);
        QCOMPARE(computeSpectrum(source, 3, {}, progress).error().code, ErrorCode::BadArgument);
        QCOMPARE(computeSpectrum(source, 4, {}, progress).error().code, ErrorCode::OpaqueDtype);
        QVERIFY(!hasSpectrum(source.tensors()[2]));
    }

private:
    Json m_golden;
};

QTEST_APPLESS_MAIN(TestSpectrum)
#include "tst_spectrum.moc"
