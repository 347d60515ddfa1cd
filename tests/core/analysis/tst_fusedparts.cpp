// Parts of fused matrices against rows or columns picked here, by the layouts that the families' papers and code describe.
#include "core/analysis/fusedparts.h"
#include "core/analysis/spectrum.h"
#include "core/model/config.h"
#include "core/tensor/decode.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

class TestFusedParts : public QObject {
    Q_OBJECT

    static std::vector<double> valuesOf(const TensorSource& source, std::size_t tensor)
    {
        std::vector<double> values(source.tensors()[tensor].elements);
        return readValues(source, tensor, 0, values) ? values : std::vector<double>();
    }

private slots:
    void parts_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<QString>("tensor");
        // Row r of the stored matrix (or column, stored the other way round) belongs to this part, by heads of `size`.
        QTest::addColumn<QString>("layout");
        QTest::newRow("one after the other") << "phi3" << "model.layers.1.self_attn.qkv_proj.weight" << "blocks";
        QTest::newRow("gate and up") << "phi3" << "model.layers.0.mlp.gate_up_proj.weight" << "halves";
        QTest::newRow("columns") << "gpt2" << "transformer.h.1.attn.c_attn.weight" << "blocks";
        QTest::newRow("by head") << "neox" << "gpt_neox.layers.0.attention.query_key_value.weight" << "heads";
        QTest::newRow("by head, BLOOM") << "bloom" << "transformer.h.1.self_attention.query_key_value.weight" << "heads";
        QTest::newRow("by group") << "falcon-40b" << "transformer.h.0.self_attention.query_key_value.weight" << "groups";
        QTest::newRow("one key and value") << "falcon-7b" << "transformer.h.0.self_attention.query_key_value.weight" << "groups";
        QTest::newRow("MPT") << "mpt" << "transformer.blocks.0.attn.Wqkv.weight" << "blocks";
    }

    void parts()
    {
        QFETCH(QString, family);
        QFETCH(QString, tensor);
        QFETCH(QString, layout);
        const auto source = modelCase(family.toStdString()).source();
        const auto index = source->find(tensor.toStdString());
        QVERIFY(index);
        const auto config = readModelConfig(*source->config(), false, "");
        QVERIFY(config);
        const AttentionConfig& attention = config->layers[0].attention;
        const std::uint64_t size = attention.headDim, group = attention.heads / attention.kvHeads, q = attention.heads * size, k = attention.kvHeads * size;
        const Matrix shape = matrixOf(source->tensors()[*index]);
        const bool columns = family == "gpt2";
        const std::uint64_t all = columns ? shape.cols : shape.rows;
        const auto partOf = [&](std::uint64_t r) -> std::size_t {
            if (layout == "halves")
                return r < all / 2 ? 0 : 1;
            if (layout == "blocks")
                return r < q ? 0 : r < q + k ? 1 : 2;
            if (layout == "heads")
                return r / size % 3;
            const std::uint64_t place = r / size % (group + 2); // of the heads of a group, then its key, then its value
            return place < group ? 0 : place - group + 1;
        };
        const FusedParts fused(*source, rolesOf(source->tensors()));
        const auto parts = fused.of(*index);
        const QStringList roles = layout == "halves" ? QStringList{"gate_proj", "up_proj"} : QStringList{"q_proj", "k_proj", "v_proj"};
        QCOMPARE(parts.size(), static_cast<std::size_t>(roles.size()));
        const std::vector<double> values = valuesOf(*source, *index);
        for (std::size_t p = 0; p < parts.size(); ++p) {
            QCOMPARE(QString::fromStdString(parts[p].role), roles[static_cast<int>(p)]);
            std::vector<double> mine;
            std::uint64_t count = 0;
            for (std::uint64_t r = 0; r < all; ++r)
                count += partOf(r) == p ? 1 : 0;
            for (std::uint64_t r = 0; r < shape.rows; ++r)
                for (std::uint64_t c = 0; c < shape.cols; ++c)
                    if (partOf(columns ? c : r) == p)
                        mine.push_back(values[r * shape.cols + c]);
            Progress progress;
            const auto got = computeSpectrum(*source, *index, parts[p], {}, progress);
            QVERIFY(got);
            const std::uint64_t rows = columns ? shape.rows : count, cols = columns ? count : shape.cols;
            QCOMPARE(got->rows, rows);
            QCOMPARE(got->cols, cols);
            QCOMPARE(readMatrix(*source, *index, parts[p]).value(), mine);
            QCOMPARE(MatrixPart(parts[p]).bytesIn(source->tensors()[*index]), rows * cols * 2);
            QCOMPARE(got->values, spectrumOf(mine, rows, cols)->values);
        }
    }

    void othersAreOneMatrix()
    {
        for (const char* name : {"llama", "mixtral", "qwen3-moe"}) {
            const auto source = modelCase(name).source();
            const FusedParts fused(*source, rolesOf(source->tensors()));
            for (std::size_t i = 0; i < source->tensors().size(); ++i)
                QVERIFY2(fused.of(i).empty(), source->tensors()[i].name.c_str());
        }
        MemorySource nothing({{"transformer.h.0.attn.c_attn.weight", "F32", {2, 2}, f32Bytes({1, 2, 3, 4})}});
        QVERIFY(FusedParts(nothing, rolesOf(nothing.tensors())).of(0).empty()); // without a config nobody knows
    }
};

QTEST_APPLESS_MAIN(TestFusedParts)
#include "tst_fusedparts.moc"
