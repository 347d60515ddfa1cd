// What the tensor page computes: one range for both histograms, and a neighbour to compare with.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/pages/tensorreport.h"

#include <QtTest>

#include <numeric>

namespace wb {

using test::makeEdit;
using test::TinyModel;

class TestTensorReport : public QObject {
    Q_OBJECT

private slots:
    void anUneditedTensorHasNoPatchedSide()
    {
        const TensorReport report = compute(std::make_shared<const Recipe>(), m_down1);
        QVERIFY(!report.patched);
        QCOMPARE(report.original.count, std::uint64_t{32});
    }

    void bothHistogramsShareTheUnionOfTheRanges()
    {
        const auto recipe = std::make_shared<const Recipe>()->with(makeEdit(Scale{2}, "role=down_proj"));
        const TensorReport report = compute(recipe, m_down1);
        QVERIFY(report.patched);
        QCOMPARE(report.original.histogram.edges, report.patched->histogram.edges);
        QCOMPARE(report.original.histogram.edges.front(), report.patched->min);
        QCOMPARE(total(report.original.histogram), std::uint64_t{32});
        QCOMPARE(total(report.patched->histogram), std::uint64_t{32});
    }

    void oneSingleValueStillHasARange()
    {
        const auto tensor = *m_opened->checkpoint->find("model.layers.0.input_layernorm.weight");
        const TensorReport report = compute(std::make_shared<const Recipe>(), tensor);
        QVERIFY(report.original.histogram.edges.front() < 1 && report.original.histogram.edges.back() > 1);
        QCOMPARE(total(report.original.histogram), std::uint64_t{4});
    }

    void otherLayersHaveTheSameRole()
    {
        const auto others = otherLayers(m_opened->roles, m_down1);
        QCOMPARE(others.size(), std::size_t{3});
        StatisticsCache cache;
        Progress progress;
        const auto middle = middleOf(*m_opened->checkpoint, others, cache, progress);
        QVERIFY(std::ranges::find(others, *middle) != others.end());
        QVERIFY(otherLayers(m_opened->roles, *m_opened->checkpoint->find("odd")).empty());
    }

private:
    TensorReport compute(const RecipePtr& recipe, std::size_t tensor)
    {
        TensorRequest request;
        request.original = m_opened->checkpoint;
        request.patched = patch(m_opened->checkpoint, recipe).value();
        request.tensor = tensor;
        StatisticsCache cache;
        Progress progress;
        return computeTensorReport(request, cache, progress).value();
    }
    static std::uint64_t total(const Histogram& histogram)
    {
        return std::accumulate(histogram.counts.begin(), histogram.counts.end(), std::uint64_t{0});
    }

    TinyModel m_model;
    std::shared_ptr<const Opened> m_opened = m_model.opened();
    std::size_t m_down1 = *m_opened->checkpoint->find(TinyModel::down1);
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestTensorReport)
#include "tst_tensorreport.moc"
