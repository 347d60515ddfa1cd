// The forward pass against transformers, on every family and in every way of running it.
#include "core/model/forward.h"
#include "core/tensor/convertedsource.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"
#include "tests/support/modellogits.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

namespace {

ModelPtr load(const TensorSource& source, ModelPtr share = nullptr)
{
    Progress progress;
    auto model = Model::load(source, {"test", 0, std::move(share), {}}, progress);
    if (!model)
        qWarning("%s", sentence(model.error()).c_str());
    return model.value_or(nullptr);
}

void addCases()
{
    QTest::addColumn<std::string>("name");
    for (const ModelCase& one : modelCases())
        QTest::newRow(one.name.c_str()) << one.name;
}

} // namespace

class TestForward : public QObject {
    Q_OBJECT
private slots:
    void knowsAllCases() { QCOMPARE(modelCases().size(), std::size_t{38}); }

    void equalsTransformers_data() { addCases(); }
    void equalsTransformers()
    {
        QFETCH(std::string, name);
        const ModelCase& one = modelCase(name);
        const ModelPtr model = load(*one.source());
        QVERIFY(model);
        const double shortError = relativeError(logits(*model, one.shortIds, 512), one.shortLogits);
        const double longError = relativeError(logits(*model, one.longIds, 512), one.longLogits);
        QVERIFY2(shortError < 1e-5 && longError < 1e-5, qPrintable(QString("%1 %2").arg(shortError).arg(longError)));
    }

    // Stored in double precision, which the kernels do not read; GPT-2's matrices are turned on the way.
    void weightsInF64_data() { addCases(); }
    void weightsInF64()
    {
        QFETCH(std::string, name);
        const ModelCase& one = modelCase(name);
        const ModelPtr model = load(*converted(one.source(), DType::F64));
        QVERIFY(model);
        QVERIFY(relativeError(logits(*model, one.shortIds, 512), one.shortLogits) < 1e-5);
    }

    // Token by token and in uneven pieces: the cache, windows and positions.
    void piecesEqualTheWhole_data() { addCases(); }
    void piecesEqualTheWhole()
    {
        QFETCH(std::string, name);
        const ModelCase& one = modelCase(name);
        const ModelPtr model = load(*one.source());
        QVERIFY(model);
        for (const std::size_t step : {1U, 5U, 17U})
            QVERIFY(relativeError(logits(*model, one.longIds, step), one.longLogits) < 1e-5);
    }

    void greedyIds_data() { addCases(); }
    void greedyIds()
    {
        QFETCH(std::string, name);
        if (name == "llama-dynamic" || name == "phi3-long")
            QSKIP("the reference without a cache turns old keys anew when the length passes a limit");
        const ModelCase& one = modelCase(name);
        const ModelPtr model = load(*one.source());
        QVERIFY(model);
        KvCache cache(model->config());
        Workspace space;
        std::vector<std::uint32_t> next = one.shortIds, made;
        std::vector<float> last(model->config().vocabulary);
        while (made.size() < one.greedy.size()) {
            Sequence sequence{&cache, next};
            const auto hidden = forward(*model, {&sequence, 1}, {}, space);
            QVERIFY(hidden);
            computeLogits(*model, hidden->last(model->config().width), Precision::F32, Product::RowByRow, last);
            made.push_back(static_cast<std::uint32_t>(std::ranges::max_element(last) - last.begin()));
            next = {made.back()};
        }
        QCOMPARE(made, one.greedy);
    }

    void companyChangesNoBit_data() { addCases(); }
    void companyChangesNoBit()
    {
        QFETCH(std::string, name);
        const ModelCase& one = modelCase(name);
        const ModelPtr model = load(*one.source());
        QVERIFY(model);
        for (const Precision precision : {Precision::F32, Precision::Stored}) {
            std::vector<KvCache> caches(19, KvCache(model->config()));
            std::vector<Sequence> sequences;
            for (std::size_t i = 0; i < caches.size(); ++i) // of different lengths and contents
                sequences.push_back({&caches[i], std::span(one.longIds).subspan(i, 1 + i % 5)});
            Workspace together, alone;
            const auto hidden = forward(*model, sequences, {precision}, together);
            QVERIFY(hidden);
            std::size_t row = 0;
            for (const Sequence& sequence : sequences) {
                KvCache cache(model->config());
                Sequence single{&cache, sequence.tokens};
                const auto mine = forward(*model, {&single, 1}, {precision}, alone);
                QVERIFY(mine);
                QVERIFY(std::ranges::equal(*mine, hidden->subspan(row, mine->size())));
                row += mine->size();
            }
        }
    }

    void storedPrecisionIsClose_data() { addCases(); }
    void storedPrecisionIsClose()
    {
        QFETCH(std::string, name);
        const ModelCase& one = modelCase(name);
        const ModelPtr model = load(*one.source());
        QVERIFY(model);
        const double error = relativeError(logits(*model, one.longIds, 512, Precision::Stored), one.longLogits);
        QVERIFY2(error < 0.03, qPrintable(QString::number(error))); // activations of 8 bits
    }

    void prefixIsTakenUp()
    {
        const ModelCase& one = modelCase("qwen2");
        const ModelPtr model = load(*one.source());
        KvCache cache(model->config());
        Workspace space;
        Sequence all{&cache, one.longIds};
        QVERIFY(forward(*model, {&all, 1}, {}, space));
        std::vector<std::uint32_t> other(one.longIds.begin(), one.longIds.begin() + 30);
        other.push_back((one.longIds[30] + 1) % model->config().vocabulary);
        QCOMPARE(cache.keepPrefix(other), std::size_t{30});
        Sequence rest{&cache, std::span(other).last(1)};
        const auto hidden = forward(*model, {&rest, 1}, {}, space);
        QVERIFY(hidden);
        std::vector<float> mine(model->config().vocabulary);
        computeLogits(*model, *hidden, Precision::F32, Product::RowByRow, mine);
        const std::vector<float> whole = logits(*model, other, 512);
        QVERIFY(relativeError(mine, {whole.end() - static_cast<std::ptrdiff_t>(mine.size()), whole.end()}) < 1e-5);
    }

    // A window forgets: a prefix it needs and lost is not taken up, and memory stays bounded.
    void windowBoundsMemory()
    {
        const ModelCase& one = modelCase("mistral-window");
        const ModelPtr model = load(*one.source());
        KvCache cache(model->config());
        Workspace space;
        std::vector<std::uint32_t> many(5000);
        for (std::size_t i = 0; i < many.size(); ++i)
            many[i] = static_cast<std::uint32_t>(i * 7 % model->config().vocabulary);
        Progress progress;
        progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, many.size());
        QVERIFY(forwardInSteps(*model, cache, many, {}, space, progress, [](std::size_t, std::span<float>) {}));
        QCOMPARE(cache.length(), many.size());
        QVERIFY(cache.bytes() <= KvCache::bytesFor(model->config(), many.size()));
        QVERIFY(cache.bytes() < many.size() * 2 * 16 * sizeof(float)); // a third of what all rows of two layers take
        std::vector<std::uint32_t> early(many.begin(), many.begin() + 100);
        QCOMPARE(cache.keepPrefix(early), std::size_t{0});
    }

    // The bias of a head is its own, also when the matrix is the embedding.
    void aTiedHeadKeepsItsBias()
    {
        ModelCase stored = modelCase("phi");
        const auto tensor = [](ModelCase& one, const char* name) { return std::ranges::find(one.tensors, std::string(name), &BuiltTensor::name); };
        tensor(stored, "lm_head.weight")->data = tensor(stored, "model.embed_tokens.weight")->data;
        ModelCase tied = stored;
        tied.tensors.erase(tensor(tied, "lm_head.weight"));
        Json config = *tied.config;
        config["tie_word_embeddings"] = true;
        tied.config = std::make_shared<const Json>(std::move(config));
        const ModelPtr two = load(*stored.source()), one = load(*tied.source());
        QVERIFY(two && one);
        QVERIFY(one->config().tied && !two->config().tied);
        QCOMPARE(logits(*one, tied.shortIds, 512), logits(*two, stored.shortIds, 512));
    }

    void hotSwapReadsTheEditedTensorAlone()
    {
        ModelCase one = modelCase("llama");
        const ModelPtr base = load(*one.source());
        QCOMPARE(base->newBytes() >= base->bytes(), true);
        const auto edited = std::ranges::find(one.tensors, std::string("model.layers.1.self_attn.k_proj.weight"), &BuiltTensor::name);
        QVERIFY(edited != one.tensors.end());
        edited->data[1] ^= 1;
        const ModelPtr patched = load(*one.source(), base);
        QCOMPARE(patched->newBytes(), std::uint64_t{16 * 32 * 2});
        QCOMPARE(patched->bytes(), base->bytes());
        QCOMPARE(patched->firstDifference(*base).value(), std::size_t{1});
        QCOMPARE(logits(*patched, one.longIds, 512), logits(*load(*one.source()), one.longIds, 512));
        QVERIFY(logits(*patched, one.longIds, 512) != logits(*base, one.longIds, 512));
        QVERIFY(!load(*modelCase("llama").source(), base)->firstDifference(*base).has_value());
    }

    void observersSeeAndChange()
    {
        const ModelCase& one = modelCase("llama");
        const ModelPtr model = load(*one.source());
        const auto run = [&](const Observer& observer) {
            KvCache cache(model->config());
            Workspace space;
            Sequence sequence{&cache, one.shortIds};
            const auto hidden = forward(*model, {&sequence, 1}, {Precision::F32, observer}, space);
            return std::vector<float>(hidden->begin(), hidden->end());
        };
        std::vector<std::string> seen;
        const auto plain = run({});
        const auto watched = run([&](std::size_t layer, Site site, std::span<float> values, std::size_t width) {
            seen.push_back(std::to_string(layer) + siteName(site));
            QCOMPARE(values.size(), one.shortIds.size() * width);
        });
        QCOMPARE(watched, plain);
        QCOMPARE(seen.size(), std::size_t{2 + 7 * 2});
        QCOMPARE(seen.front(), std::string("0embedding"));
        QCOMPARE(seen.back(), std::string("2final_norm"));
        const auto ablated = run([](std::size_t layer, Site site, std::span<float> values, std::size_t) {
            if (layer == 1 && site == Site::FeedForwardOut)
                std::ranges::fill(values, 0.0F);
        });
        QVERIFY(ablated != plain);
    }
};

QTEST_APPLESS_MAIN(TestForward)
#include "tst_forward.moc"
