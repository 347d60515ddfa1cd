// Each fast kernel against its plain twin.
#include "core/model/fixedkernels.h"
#include "core/model/kernels.h"
#include "core/tensor/blocks.h"
#include "core/tensor/decode.h"

#include <QtTest>

#include <cmath>
#include <cstring>
#include <random>

using namespace wb;

namespace {

std::vector<float> random(std::size_t n, unsigned seed, float scale = 1)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0, scale);
    std::vector<float> out(n);
    for (float& value : out)
        value = normal(engine);
    return out;
}

// Stored rows of a type: random bytes, with factors that are ordinary numbers.
std::vector<std::byte> stored(DType dtype, std::size_t rows, std::size_t cols)
{
    std::mt19937 engine(static_cast<unsigned>(dtype) + 1);
    if (!isQuantised(dtype)) {
        std::vector<std::byte> bytes(rows * cols * unitBytes(dtype));
        for (std::size_t i = 0; i < rows * cols; ++i)
            encode(dtype, std::normal_distribution<double>()(engine), bytes.data() + i * unitBytes(dtype));
        return bytes;
    }
    std::vector<std::byte> bytes(rows * cols / unitElements(dtype) * unitBytes(dtype));
    for (std::byte& byte : bytes)
        byte = static_cast<std::byte>(engine());
    for (std::size_t at = 0; at < bytes.size(); at += unitBytes(dtype))
        for (const std::uint32_t offset : factorOffsets(dtype))
            encode(DType::F16, std::normal_distribution<double>(0, 0.02)(engine), bytes.data() + at + offset);
    return bytes;
}

void nearly(float got, double want, double tolerance = 2e-6)
{
    QVERIFY2(std::abs(static_cast<double>(got) - want) <= tolerance * std::max(1.0, std::abs(want)),
             qPrintable(QString("%1 instead of %2").arg(static_cast<double>(got), 0, 'g', 9).arg(want, 0, 'g', 9)));
}

} // namespace

class TestKernels : public QObject {
    Q_OBJECT
private slots:
    void dotRows_data()
    {
        QTest::addColumn<int>("dtype");
        QTest::addColumn<int>("cols");
        for (const DType dtype : {DType::F32, DType::F16, DType::BF16})
            for (const int cols : {1, 7, 16, 64, 77, 200})
                QTest::addRow("%s %d", std::string(dtypeName(dtype)).c_str(), cols) << static_cast<int>(dtype) << cols;
        for (const DType dtype : {DType::Q8_0, DType::Q4_0, DType::Q4_1, DType::Q5_0, DType::Q5_1})
            for (const int cols : {32, 64, 96, 256})
                QTest::addRow("%s %d", std::string(dtypeName(dtype)).c_str(), cols) << static_cast<int>(dtype) << cols;
        for (const DType dtype : {DType::Q2_K, DType::Q3_K, DType::Q4_K, DType::Q5_K, DType::Q6_K})
            for (const int cols : {256, 768})
                QTest::addRow("%s %d", std::string(dtypeName(dtype)).c_str(), cols) << static_cast<int>(dtype) << cols;
    }
    void dotRows()
    {
        QFETCH(int, dtype);
        QFETCH(int, cols);
        constexpr std::size_t rows = 5, count = 9; // twice four and one at a time
        const auto width = static_cast<std::size_t>(cols);
        std::vector<std::byte> bytes = stored(static_cast<DType>(dtype), rows, width);
        std::vector<double> values(rows * width);
        decode(static_cast<DType>(dtype), bytes, values);
        const kernels::StoredRows matrix{static_cast<DType>(dtype), bytes.data(), rows, width};
        const std::vector<float> x = random(count * width, 3);
        std::vector<float> out(count * rows), one(rows), wide(rows * width);
        kernels::dotRows(matrix, x.data(), count, width, out.data(), rows);
        kernels::widen(matrix, wide.data());
        for (std::size_t i = 0; i < rows * width; ++i)
            QCOMPARE(wide[i], static_cast<float>(values[i]));
        for (std::size_t i = 0; i < count; ++i) {
            kernels::dotRows(matrix, x.data() + i * width, 1, width, one.data(), rows);
            for (std::size_t row = 0; row < rows; ++row) {
                double want = 0, size = 0; // the sums of a CPU with fewer lanes lose more where large products cancel
                for (std::size_t col = 0; col < width; ++col) {
                    const double product = values[row * width + col] * static_cast<double>(x[i * width + col]);
                    want += product;
                    size += std::abs(product);
                }
                nearly(out[i * rows + row], want, std::max(1e-5, 0x1p-24 * size / std::max(1.0, std::abs(want))));
                QCOMPARE(out[i * rows + row], one[row]); // the same bits alone and in company
            }
        }
    }

    void fixedPointIsNear_data()
    {
        QTest::addColumn<int>("dtype");
        QTest::addColumn<int>("cols");
        for (const DType dtype : {DType::Q8_0, DType::Q4_0, DType::Q4_1, DType::Q5_0, DType::Q5_1})
            for (const int cols : {32, 64, 96, 256, 288, 320, 384, 480, 576})
                QTest::addRow("%s %d", std::string(dtypeName(dtype)).c_str(), cols) << static_cast<int>(dtype) << cols;
        for (const DType dtype : {DType::Q2_K, DType::Q3_K, DType::Q4_K, DType::Q5_K, DType::Q6_K})
            for (const int cols : {256, 768})
                QTest::addRow("%s %d", std::string(dtypeName(dtype)).c_str(), cols) << static_cast<int>(dtype) << cols;
    }
    void fixedPointIsNear()
    {
        QFETCH(int, dtype);
        QFETCH(int, cols);
        const auto type = static_cast<DType>(dtype);
        if (!kernels::multipliesFixed(type))
            QSKIP("this CPU has no VNNI");
        constexpr std::size_t rows = 5, count = 13; // eight, four and one at a time
        const auto width = static_cast<std::size_t>(cols);
        const std::vector<std::byte> bytes = stored(type, rows, width); // exactly as long as the rows are
        std::vector<double> values(rows * width);
        decode(type, bytes, values);
        const kernels::StoredRows matrix{type, bytes.data(), rows, width};
        std::vector<float> x = random(count * width, 3), out(count * rows), one(rows);
        std::fill_n(x.begin(), 32, 0.0F);
        kernels::dotFixed(matrix, kernels::FixedRows(x.data(), count, width, width), out.data(), rows);
        for (std::size_t i = 0; i < count; ++i) {
            kernels::dotFixed(matrix, kernels::FixedRows(x.data() + i * width, 1, width, width), one.data(), rows);
            for (std::size_t row = 0; row < rows; ++row) {
                double want = 0, mass = 0;
                for (std::size_t col = 0; col < width; ++col) {
                    const double product = values[row * width + col] * static_cast<double>(x[i * width + col]);
                    want += product;
                    mass += std::abs(values[row * width + col]);
                }
                // off by half a step of 1/32639 of the largest of a block, here below 5, in each product
                QVERIFY(std::abs(static_cast<double>(out[i * rows + row]) - want) < mass * 5 / 32639);
                QCOMPARE(out[i * rows + row], one[row]);
            }
        }
        x[0] = std::nanf("");
        kernels::dotFixed(matrix, kernels::FixedRows(x.data(), 1, width, width), one.data(), rows);
        QVERIFY(std::isnan(one[0]));
    }

    void bf16RoundsToEven()
    {
        const std::vector<float> x = {1.0F, 1.00390625F, 1.01171875F, -0.0F, 3.4e38F, std::nanf(""), -std::numeric_limits<float>::infinity(),
                                      1e-40F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 2.0039F, std::nanf("")};
        std::vector<std::uint16_t> out(x.size());
        kernels::roundToBf16(x, out.data());
        for (std::size_t i = 0; i < x.size(); ++i) {
            std::uint16_t want = 0;
            encode(DType::BF16, static_cast<double>(x[i]), reinterpret_cast<std::byte*>(&want));
            if (std::isnan(x[i]))
                QVERIFY((out[i] & 0x7F80U) == 0x7F80U && (out[i] & 0x7FU) != 0);
            else
                QCOMPARE(out[i], want);
        }
    }

    void norms()
    {
        for (const std::size_t n : {1U, 15U, 64U, 100U}) {
            const std::vector<float> x = random(n, 5, 3), gain = random(n, 6), bias = random(n, 7);
            std::vector<float> rms(n), layer(n);
            kernels::rmsNorm(x.data(), gain.data(), 1e-5F, n, rms.data());
            kernels::layerNorm(x.data(), gain.data(), bias.data(), 1e-5F, n, layer.data());
            double squares = 0, mean = 0, variance = 0;
            for (const float value : x) {
                squares += static_cast<double>(value) * static_cast<double>(value);
                mean += static_cast<double>(value) / static_cast<double>(n);
            }
            for (const float value : x)
                variance += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean) / static_cast<double>(n);
            for (std::size_t i = 0; i < n; ++i) {
                const auto v = static_cast<double>(x[i]), g = static_cast<double>(gain[i]);
                nearly(rms[i], g * v / std::sqrt(squares / static_cast<double>(n) + 1e-5));
                nearly(layer[i], g * (v - mean) / std::sqrt(variance + 1e-5) + static_cast<double>(bias[i]));
            }
        }
    }

    void softmaxAndLogSumExp()
    {
        for (const std::size_t n : {1U, 16U, 37U, 5000U}) {
            std::vector<float> x = random(n, 8, 6);
            double total = 0;
            for (const float value : x)
                total += std::exp(static_cast<double>(value));
            QVERIFY(std::abs(kernels::logSumExp(x.data(), n) - std::log(total)) < 1e-6);
            const std::vector<float> before = x;
            kernels::softmax(x.data(), n);
            for (std::size_t i = 0; i < n; ++i)
                nearly(x[i], std::exp(static_cast<double>(before[i])) / total);
        }
        const float bad[] = {1, std::nanf(""), 2};
        QVERIFY(std::isnan(kernels::logSumExp(bad, 3)));
    }

    void activations()
    {
        const std::vector<float> x = random(77, 9, 4), up = random(77, 10);
        const auto of = [](Activation activation, double v) {
            switch (activation) {
            case Activation::Silu: return v / (1 + std::exp(-v));
            case Activation::Gelu: return 0.5 * v * (1 + std::erf(v / std::sqrt(2.0)));
            case Activation::GeluTanh: return 0.5 * v * (1 + std::tanh(std::sqrt(2 / 3.14159265358979323846) * (v + 0.044715 * v * v * v)));
            case Activation::QuickGelu: return v / (1 + std::exp(-1.702 * v));
            case Activation::Relu: return std::max(v, 0.0);
            case Activation::Relu2: return std::max(v, 0.0) * std::max(v, 0.0);
            }
            return 0.0;
        };
        for (const Activation activation : {Activation::Silu, Activation::Gelu, Activation::GeluTanh, Activation::QuickGelu, Activation::Relu, Activation::Relu2}) {
            std::vector<float> plain = x, gated = x;
            kernels::activate(activation, plain.data(), plain.size());
            kernels::gate(activation, gated.data(), up.data(), gated.size());
            for (std::size_t i = 0; i < x.size(); ++i) {
                nearly(plain[i], of(activation, static_cast<double>(x[i])));
                nearly(gated[i], of(activation, static_cast<double>(x[i])) * static_cast<double>(up[i]));
            }
        }
    }

    void rotations()
    {
        const std::vector<float> cosines = random(20, 11), sines = random(20, 12);
        for (const bool neighbours : {false, true}) {
            const std::vector<float> x = random(48, 13);
            std::vector<float> turned = x;
            kernels::rotate(turned.data(), cosines.data(), sines.data(), 20, neighbours);
            for (std::size_t i = 0; i < 20; ++i) {
                const std::size_t a = neighbours ? 2 * i : i, b = neighbours ? 2 * i + 1 : 20 + i;
                nearly(turned[a], static_cast<double>(x[a] * cosines[i]) - static_cast<double>(x[b] * sines[i]));
                nearly(turned[b], static_cast<double>(x[b] * cosines[i]) + static_cast<double>(x[a] * sines[i]));
            }
            QVERIFY(std::equal(x.begin() + 40, x.end(), turned.begin() + 40));
        }
    }

    void rowsAtOnceGiveTheBitsOfOneByOne()
    {
        for (const std::size_t n : {1U, 16U, 64U, 80U, 131U}) {
            constexpr std::size_t count = 9;
            const std::size_t stride = n + 5;
            const std::vector<float> rows = random(count * stride, 3), a = random(n, 4), factors = random(count, 5);
            std::vector<float> got(count), sum = random(n, 6), want = sum;
            kernels::dots(a.data(), rows.data(), stride, count, n, got.data());
            kernels::addScaledRows(sum.data(), rows.data(), stride, factors.data(), count, n);
            for (std::size_t i = 0; i < count; ++i) {
                QCOMPARE(got[i], kernels::dot(a.data(), rows.data() + i * stride, n));
                kernels::addScaled(want.data(), rows.data() + i * stride, factors[i], n);
            }
            QVERIFY(sum == want);
        }
    }

    void capsAndSums()
    {
        std::vector<float> x = random(33, 14, 20);
        const std::vector<float> before = x, other = random(33, 15);
        kernels::softCap(x.data(), 5, x.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            nearly(x[i], 5 * std::tanh(static_cast<double>(before[i]) / 5));
        std::vector<float> sum = before;
        kernels::addScaled(sum.data(), other.data(), 0.5F, sum.size());
        for (std::size_t i = 0; i < sum.size(); ++i)
            nearly(sum[i], static_cast<double>(before[i]) + 0.5 * static_cast<double>(other[i]));
    }
};

QTEST_APPLESS_MAIN(TestKernels)
#include "tst_kernels.moc"
