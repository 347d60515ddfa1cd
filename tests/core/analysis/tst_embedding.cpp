// Norms and neighbours of embedding rows, against the definition on rows whose answers are known.
#include "core/analysis/embedding.h"
#include "tests/support/memorysource.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace wb;
using namespace wb::test;

namespace {

MemorySource embedding(const std::vector<float>& values, std::uint64_t cols)
{
    return MemorySource({{"model.norm.weight", "F32", {4}, f32Bytes({1, 1, 1, 1})},
                         {"model.embed_tokens.weight", "F32", {values.size() / cols, cols}, f32Bytes(values)}});
}

} // namespace

class TestEmbedding : public QObject {
    Q_OBJECT
private slots:
    void theMatrixIsFoundByItsRole()
    {
        QCOMPARE(findEmbedding(embedding({1, 2}, 2)), std::optional<std::size_t>(1));
        QVERIFY(!findEmbedding(MemorySource({{"model.embed_tokens.weight", "F32", {2}, f32Bytes({1, 2})}})));
        for (const char* name : {"transformer.wte.weight", "wte.weight", "gpt_neox.embed_in.weight"})
            QCOMPARE(findEmbedding(MemorySource({{name, "F32", {1, 2}, f32Bytes({1, 2})}})), std::optional<std::size_t>(0));
        QCOMPARE(findEmbedding(MemorySource({{"token_embd.weight", "F32", {1, 2}, f32Bytes({1, 2})}})), std::optional<std::size_t>(0));
    }

    void normsAndNeighboursOfKnownRows()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const MemorySource source = embedding({3, 4, 0, 0, 6, 8, -3, -4, 4, 3, nan, 1, 8, 6}, 2);
        Progress progress;
        const auto norms = rowNorms(source, 1, progress);
        QVERIFY(norms.has_value());
        QCOMPARE(norms->size(), std::size_t{7});
        QCOMPARE((*norms)[0], 5.0);
        QCOMPARE((*norms)[1], 0.0);
        QVERIFY(std::isnan((*norms)[5]));
        const auto nearest = nearestRows(source, 1, 0, 10, progress);
        QVERIFY(nearest.has_value());
        std::vector<std::uint64_t> rows;
        for (const Neighbour& n : *nearest)
            rows.push_back(n.row);
        QCOMPARE(rows, (std::vector<std::uint64_t>{2, 4, 6, 3})); // of equal cosines the smaller row first; no zeros, no NaN
        QCOMPARE((*nearest)[0].cosine, 1.0);
        QCOMPARE((*nearest)[1].cosine, 24.0 / 25.0);
        QCOMPARE((*nearest)[3].cosine, -1.0);
        QCOMPARE(nearestRows(source, 1, 0, 2, progress)->size(), std::size_t{2});
        QVERIFY(nearestRows(source, 1, 1, 5, progress)->empty());
        QVERIFY(nearestRows(source, 1, 5, 5, progress)->empty());
    }

    void manyChunksGiveWhatOneWould()
    {
        // 3,000 rows of 300: twelve chunks.
        std::vector<float> values(3000 * 300);
        std::uint32_t state = 7;
        for (float& value : values) {
            state = state * 1664525 + 1013904223;
            value = static_cast<float>(state >> 8) / 8388608.0F - 1;
        }
        const MemorySource source = embedding(values, 300);
        Progress progress;
        const auto nearest = nearestRows(source, 1, 1234, 5, progress);
        QVERIFY(nearest.has_value() && nearest->size() == 5);
        std::vector<std::pair<double, std::uint64_t>> all;
        const auto row = [&](std::uint64_t i) { return std::span(values).subspan(i * 300, 300); };
        for (std::uint64_t i = 0; i < 3000; ++i) {
            double dot = 0, a = 0, b = 0;
            for (std::size_t k = 0; k < 300; ++k) {
                dot += static_cast<double>(row(1234)[k]) * row(i)[k];
                a += static_cast<double>(row(1234)[k]) * row(1234)[k];
                b += static_cast<double>(row(i)[k]) * row(i)[k];
            }
            if (i != 1234)
                all.emplace_back(-dot / std::sqrt(a * b), i);
        }
        std::ranges::sort(all);
        for (std::size_t i = 0; i < 5; ++i) {
            QCOMPARE((*nearest)[i].row, all[i].second);
            QVERIFY(std::abs((*nearest)[i].cosine + all[i].first) < 1e-12);
        }
        progress.cancel();
        QCOMPARE(rowNorms(source, 1, progress).error().code, ErrorCode::Cancelled);
    }

    void opaqueTypesAreRefused()
    {
        const MemorySource source({{"model.embed_tokens.weight", "F8_E9M9", {2, 2}, std::string(4, '\1')}});
        Progress progress;
        QCOMPARE(rowNorms(source, 0, progress).error().code, ErrorCode::OpaqueDtype);
    }
};

QTEST_APPLESS_MAIN(TestEmbedding)
#include "tst_embedding.moc"
