// Elements for pictures: which ones are taken, and what is said about it.
#include "core/analysis/elements.h"
#include "tests/support/memorysource.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace wb {
namespace {

// One I32 tensor whose elements are their own index.
class Counting : public TensorSource {
public:
    explicit Counting(Shape shape)
    {
        m_tensor.name = "t";
        m_tensor.dtype = DType::I32;
        m_tensor.shape = std::move(shape);
        for (const std::uint64_t extent : m_tensor.shape)
            m_tensor.elements *= extent;
        m_tensor.bytes = m_tensor.elements * 4;
    }
    std::span<const TensorInfo> tensors() const override { return {&m_tensor, 1}; }
    std::optional<std::size_t> find(std::string_view) const override { return 0; }
    std::string fingerprint(std::size_t) const override { return "t"; }
    Result<void> read(std::size_t, UnitRange range, std::span<std::byte> out) const override
    {
        for (std::uint64_t i = 0; i < range.count; ++i) {
            const auto value = static_cast<std::int32_t>(range.first + i);
            std::memcpy(out.data() + i * 4, &value, 4);
        }
        return {};
    }

private:
    TensorInfo m_tensor;
};

SourcePtr sourceOf(std::uint64_t rows, std::uint64_t cols, const std::vector<float>& values)
{
    return std::make_shared<const test::MemorySource>(std::vector<test::BuiltTensor>{{"w", "F32", {rows, cols}, test::f32Bytes(values)}});
}

ElementBlock read(const Shape& shape, const MatrixWindow& window, std::size_t rows, std::size_t cols)
{
    Progress progress;
    return readElements(Counting(shape), 0, window, rows, cols, progress).value();
}

} // namespace

class TestElements : public QObject {
    Q_OBJECT

private slots:
    void everyElementWhenThereIsRoom()
    {
        const ElementBlock block = read({3, 4}, {0, 3, 0, 4}, 10, 10);
        QVERIFY(block.isComplete());
        QCOMPARE(block.rows, std::size_t{3});
        QCOMPARE(block.cols, std::size_t{4});
        for (std::size_t i = 0; i < 12; ++i)
            QCOMPARE(block.values[i], static_cast<double>(i));
    }

    void everyNthRowAndColumnOtherwise()
    {
        const ElementBlock block = read({10, 9}, {0, 10, 0, 9}, 4, 3);
        QCOMPARE(block.rowStep, std::uint64_t{3});
        QCOMPARE(block.colStep, std::uint64_t{3});
        QCOMPARE(block.rows, std::size_t{4});
        QCOMPARE(block.cols, std::size_t{3});
        QCOMPARE(block.values[0], 0.0);
        QCOMPARE(block.values[1], 3.0);
        QCOMPARE(block.values[3], 27.0);
        QVERIFY(!block.isComplete());
    }

    void columnsFarApartAreTheSameElements()
    {
        const ElementBlock block = read({1, 1000000}, {0, 1, 0, 1000000}, 1, 100);
        QCOMPARE(block.cols, std::size_t{100});
        QCOMPARE(block.values[99], 990000.0);
    }

    void aWindowThatMovesShowsTheSameCells()
    {
        const ElementBlock block = read({100, 100}, {7, 50, 11, 50}, 10, 10);
        QCOMPARE(block.window, (MatrixWindow{5, 55, 10, 55}));
        QCOMPARE(block.values[0], 510.0);
        QCOMPARE(read({100, 100}, {9, 50, 14, 50}, 10, 10).values[0], 510.0);
    }

    void aWindowIsCutAtTheEdge()
    {
        const ElementBlock block = read({4, 4}, {3, 5, 2, 100}, 10, 10);
        QCOMPARE(block.window, (MatrixWindow{3, 1, 2, 2}));
        QCOMPARE(block.values, (std::vector<double>{14, 15}));
    }

    void aSingleNaNIsNeverBetweenTwoPixels()
    {
        constexpr std::size_t side = 300;
        std::vector<float> values(side * side, 1.0F);
        values[157 * side + 211] = std::numeric_limits<float>::quiet_NaN();
        const auto source = sourceOf(side, side, values);
        Progress progress;
        const MatrixWindow all{0, side, 0, side};
        const auto nans = [](const ElementBlock& block) { return std::ranges::count_if(block.values, [](double v) { return std::isnan(v); }); };
        QCOMPARE(nans(*readElements(*source, 0, all, 10, 10, progress)), 0);
        const ElementBlock block = *readElements(*elementsOf(source, 0), all, 10, 10, Standing::Largest, progress);
        QCOMPARE(nans(block), 1);
        QVERIFY(std::isnan(block.values[157 / 30 * 10 + 211 / 30]));
        QCOMPARE(block.values[0], 1.0);
    }

    void aSingleDifferenceIsNeverBetweenTwoPixels()
    {
        constexpr std::size_t rows = 120, cols = 250;
        std::vector<float> values(rows * cols, 2.0F);
        const auto a = sourceOf(rows, cols, values);
        values[77 * cols + 133] = -1;
        values[77 * cols + 134] = 2.5F; // in the same pixel, smaller
        values[5 * cols + 5] = std::numeric_limits<float>::quiet_NaN();
        const auto b = sourceOf(rows, cols, values);
        Progress progress;
        const ElementReader difference = *differenceOf(a, 0, b);
        const ElementBlock block = *readElements(difference, {0, rows, 0, cols}, 12, 10, Standing::Largest, progress);
        QVERIFY(block.standing == Standing::Largest);
        QCOMPARE(block.rows, std::size_t{12});
        QCOMPARE(block.values[7 * 10 + 5], -3.0);
        QVERIFY(std::isnan(block.values[0]));
        QCOMPARE(std::ranges::count(block.values, 0.0), 118);
        const ElementBlock cell = *readElements(difference, {77, 1, 133, 2}, 12, 10, Standing::Largest, progress);
        QCOMPARE(cell.values, (std::vector<double>{-3, 0.5}));
        const auto other = sourceOf(cols, rows, values);
        QVERIFY(differenceOf(a, 0, other).error().code == ErrorCode::BadArgument);
    }

    void scalarAndEmpty()
    {
        QCOMPARE(read({}, {0, 1, 0, 1}, 5, 5).values, std::vector<double>{0});
        QVERIFY(read({0, 4}, {0, 1, 0, 4}, 5, 5).values.empty());
    }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestElements)
#include "tst_elements.moc"
