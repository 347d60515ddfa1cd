// Products on tiles against plain sums, whatever type, parts and edges.
#include "core/model/tilekernels.h"
#include "core/tensor/decode.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace wb;
using kernels::StoredRows;
using kernels::TileRows;

namespace {

std::vector<float> random(std::size_t n, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal;
    std::vector<float> out(n);
    for (float& value : out)
        value = normal(engine) * std::exp2(static_cast<float>(static_cast<int>(engine() % 21U) - 10)); // exponents apart
    return out;
}

std::vector<std::byte> encoded(DType dtype, const std::vector<float>& values)
{
    std::vector<std::byte> bytes(values.size() / unitElements(dtype) * unitBytes(dtype));
    if (isQuantised(dtype)) { // Q8_0: codes as they come, factors as the values
        std::mt19937 engine(3);
        for (std::byte& byte : bytes)
            byte = static_cast<std::byte>(engine());
        for (std::size_t at = 0; at < bytes.size(); at += unitBytes(dtype))
            encode(DType::F16, static_cast<double>(values[at / unitBytes(dtype)]) / 128, bytes.data() + at);
        return bytes;
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        encode(dtype, static_cast<double>(values[i]), bytes.data() + i * unitBytes(dtype));
    return bytes;
}

} // namespace

class TestTileKernels : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        if (!kernels::hasTiles())
            QSKIP("this CPU has no tiles");
    }

    void equalsPlainSums_data()
    {
        QTest::addColumn<int>("dtype");
        QTest::addColumn<int>("parts");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        QTest::addColumn<int>("count");
        for (const DType dtype : {DType::BF16, DType::F16, DType::F32, DType::Q8_0})
            for (const int parts : {2, 3})
                for (const auto& [rows, cols, count] : {std::tuple(1, 32, 1), std::tuple(17, 64, 33), std::tuple(100, 96, 16), std::tuple(1000, 640, 50)})
                    for (const int odd : {0, 5}) // columns behind the last whole tile
                        if (odd == 0 || !isQuantised(dtype))
                            QTest::addRow("%s %d %dx%dx%d", dtypeName(dtype).data(), parts, rows, cols + odd, count) << static_cast<int>(dtype) << parts << rows << cols + odd << count;
    }
    void equalsPlainSums()
    {
        QFETCH(int, dtype);
        QFETCH(int, parts);
        QFETCH(int, rows);
        QFETCH(int, cols);
        QFETCH(int, count);
        const auto m = static_cast<std::size_t>(count), n = static_cast<std::size_t>(rows), k = static_cast<std::size_t>(cols), stride = k + 3, outStride = n + 7;
        const std::vector<float> x = random(m * stride, 1);
        const std::vector<std::byte> bytes = encoded(static_cast<DType>(dtype), random(n * k, 2));
        const StoredRows weights{static_cast<DType>(dtype), bytes.data(), n, k};
        std::vector<float> wide(n * k), out(m * outStride, 42.0F);
        kernels::widen(weights, wide.data());
        kernels::multiplyTiles(weights, TileRows(x.data(), m, stride, k, static_cast<std::size_t>(parts)), out.data(), outStride);
        const double tolerance = parts == 3 ? 0x1p-19 : 0x1p-15;
        for (std::size_t i = 0; i < m; ++i) {
            for (std::size_t r = 0; r < n; ++r) {
                double sum = 0, sizes = 0;
                for (std::size_t c = 0; c < k; ++c) {
                    const double term = static_cast<double>(x[i * stride + c]) * static_cast<double>(wide[r * k + c]);
                    sum += term;
                    sizes += std::abs(term);
                }
                const double got = static_cast<double>(out[i * outStride + r]);
                QVERIFY2(std::abs(got - sum) <= tolerance * sizes, qPrintable(QString("%1 %2: %3 instead of %4").arg(i).arg(r).arg(got).arg(sum)));
            }
            for (std::size_t r = n; r < outStride; ++r)
                QVERIFY(out[i * outStride + r] == 42.0F); // nothing beside the result is written
        }
    }

    void theSameBitsAloneAndInCompany()
    {
        const std::size_t m = 40, n = 50, k = 70;
        const std::vector<float> x = random(m * k, 1);
        const std::vector<std::byte> bytes = encoded(DType::F32, random(n * k, 2));
        const StoredRows weights{DType::F32, bytes.data(), n, k};
        std::vector<float> all(m * n);
        kernels::multiplyTiles(weights, TileRows(x.data(), m, k, k, 3), all.data(), n);
        for (const std::size_t i : {std::size_t{0}, std::size_t{17}, std::size_t{39}})
            for (const std::size_t r : {std::size_t{0}, std::size_t{31}, std::size_t{49}}) {
                float one = 0;
                kernels::multiplyTiles(weights.part(r, 1), TileRows(x.data() + i * k, 1, k, k, 3), &one, 1);
                QCOMPARE(one, all[i * n + r]);
            }
    }

    void weightsInTheirPlaceGiveTheSameBits()
    {
        const std::size_t k = 96;
        for (const std::size_t m : {1, 5, 16, 35})
            for (const std::size_t n : {1, 15, 16, 31, 32, 33, 100})
                for (const std::size_t parts : {2, 3}) {
                    const std::vector<float> x = random(m * (k + 2), 1);
                    const std::vector<std::byte> bytes = encoded(DType::BF16, random(n * k, 2));
                    const StoredRows weights{DType::BF16, bytes.data(), n, k};
                    QVERIFY(kernels::multipliesTurned(weights));
                    const TileRows tiles(x.data(), m, k + 2, k, parts);
                    std::vector<float> one(m * (n + 3), 7.0F), other = one;
                    kernels::multiplyTiles(weights, tiles, one.data(), n + 3);
                    kernels::multiplyTiles(weights, kernels::TurnedRows(tiles), other.data(), n + 3);
                    QVERIFY(one == other);
                }
        const std::vector<std::byte> bytes(2 * 100);
        QVERIFY(!kernels::multipliesTurned({DType::BF16, bytes.data(), 1, 100})); // columns behind the last tile
        QVERIFY(!kernels::multipliesTurned({DType::F16, bytes.data(), 1, 32}));
    }

    // ∞ and NaN go through; they do not become one of the other where single precision would keep them apart.
    void notFiniteStaysSo()
    {
        constexpr float infinite = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
        std::vector<float> x(3 * 32, 1.0F), out(3);
        x[5] = infinite;
        x[32 + 5] = -infinite;
        x[64 + 5] = nan;
        const std::vector<std::byte> bytes = encoded(DType::BF16, std::vector<float>(32, 2.0F));
        kernels::multiplyTiles({DType::BF16, bytes.data(), 1, 32}, TileRows(x.data(), 3, 32, 32, 3), out.data(), 1);
        QCOMPARE(out[0], infinite);
        QCOMPARE(out[1], -infinite);
        QVERIFY(std::isnan(out[2]));
    }
};

QTEST_APPLESS_MAIN(TestTileKernels)
#include "tst_tilekernels.moc"
