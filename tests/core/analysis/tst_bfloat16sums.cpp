// Against the same sums one by one: any length, NaN and infinities among them.
#include "core/analysis/bfloat16sums.h"
#include "core/base/random.h"
#include "core/tensor/halffloat.h"

#include <QtTest>

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

using namespace wb;

class TestBFloat16Sums : public QObject {
    Q_OBJECT

private slots:
    void equalsOneByOne()
    {
        for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 16U, 31U, 1000U, 4099U}) {
            std::vector<std::uint16_t> codes;
            for (std::size_t i = 0; i < count; ++i) // every seventh any code at all
                codes.push_back(i % 7 == 3 ? static_cast<std::uint16_t>(uniform(2, 0, i) * 65536) : toBFloat16(static_cast<float>(uniform(1, 0, i) - 0.5)));
            if (count > 100)
                codes[50] = 0x7F80, codes[51] = 0xFFC1, codes[52] = 0x8000;
            std::array<double, 8> squares{};
            std::uint64_t finite = 0;
            double largest = 0;
            for (std::size_t i = 0; i < count; ++i) {
                const double value = fromBFloat16(codes[i]);
                if (!std::isfinite(value))
                    continue;
                squares[i < count / 8 * 8 ? i % 8 : 0] += value * value;
                largest = std::max(largest, std::abs(value));
                ++finite;
            }
            const BFloat16Sums got = bfloat16Sums(std::as_bytes(std::span(codes)));
            QCOMPARE(got.finite, finite);
            QCOMPARE(got.squares, std::accumulate(squares.begin(), squares.end(), 0.0));
            QCOMPARE(static_cast<double>(fromBFloat16(got.largest)), largest);
        }
    }
};

QTEST_APPLESS_MAIN(TestBFloat16Sums)
#include "tst_bfloat16sums.moc"
