// A patched model that starts at the states of its base gives the bits of a whole pass.
#include "core/model/boundary.h"
#include "core/recipe/patchedsource.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

namespace {

ModelPtr load(const TensorSource& source, const ModelPtr& share = nullptr)
{
    Progress progress;
    return Model::load(source, {"test", 0, share, {}}, progress).value_or(nullptr);
}

// The model with one tensor scaled.
ModelPtr scaled(const SourcePtr& source, const std::string& selection, const ModelPtr& base)
{
    Edit edit;
    edit.operation = Scale{1.5};
    edit.select = *Selector::parse(selection);
    const auto patched = patch(source, Recipe().with(edit));
    if (!patched)
        qWarning("%s", errorMessage(patched.error()).c_str());
    return patched ? load(**patched, base) : nullptr;
}

struct Pass {
    std::vector<float> hidden;
    std::size_t layers = 0; // that were computed in each step
};

// In steps of 16.
Pass read(const Model& model, std::span<const std::uint32_t> tokens, BoundaryStates* boundary, KvCache* kept = nullptr)
{
    KvCache own(model.config());
    KvCache& cache = kept != nullptr ? *kept : own;
    Workspace space;
    Progress progress;
    Pass pass;
    ForwardOptions options;
    options.step = 16;
    options.observer = [&](std::size_t, Site site, std::span<float>, std::size_t) { pass.layers += site == Site::Block ? 1 : 0; };
    const auto done = forwardInSteps(model, cache, tokens, options, space, progress,
                                     [&](std::size_t, std::span<float> hidden) { pass.hidden.insert(pass.hidden.end(), hidden.begin(), hidden.end()); }, boundary);
    return done ? pass : Pass{};
}

} // namespace

class TestBoundary : public QObject {
    Q_OBJECT
private slots:
    void sameBitsWithFewerLayers_data()
    {
        QTest::addColumn<QString>("family");
        for (const char* name : {"llama", "gemma2", "gpt2", "phi3", "mistral-window", "qwen3-f32", "mixtral"})
            QTest::newRow(name) << name;
    }

    void sameBitsWithFewerLayers()
    {
        QFETCH(QString, family);
        const ModelCase& one = modelCase(family.toStdString());
        const auto source = one.source();
        const ModelPtr base = load(*source);
        const std::size_t layers = base->config().layers.size();
        QVERIFY(layers >= 2);
        BoundaryStates boundary(base, Precision::F32, BoundaryStates::layersFor(base->config(), one.longIds.size(), 1U << 20), 1U << 20);
        const std::size_t steps = (one.longIds.size() + 15) / 16;
        const Pass first = read(*base, one.longIds, &boundary);
        QCOMPARE(first.layers, steps * layers);
        QCOMPARE(first.hidden, read(*base, one.longIds, nullptr).hidden);
        QCOMPARE(boundary.bytes(), layers * one.longIds.size() * base->config().width * sizeof(float));
        const ModelPtr last = scaled(source, "layer=" + std::to_string(layers - 1), base);
        QVERIFY(last);
        QCOMPARE(boundary.startOf(*last), layers - 1);
        const Pass fast = read(*last, one.longIds, &boundary), slow = read(*last, one.longIds, nullptr);
        QCOMPARE(fast.layers, steps);
        QCOMPARE(slow.layers, steps * layers);
        QCOMPARE(fast.hidden, slow.hidden);
        QVERIFY(fast.hidden != first.hidden);
        const ModelPtr end = scaled(source, "role=norm", base); // the final norm alone
        QVERIFY(end);
        QCOMPARE(boundary.startOf(*end), layers);
        QCOMPARE(read(*end, one.longIds, &boundary).layers, std::size_t{0});
        QCOMPARE(read(*end, one.longIds, &boundary).hidden, read(*end, one.longIds, nullptr).hidden);
        const ModelPtr whole = scaled(source, "layer=0", base); // nothing can be spared
        QVERIFY(whole);
        QCOMPARE(read(*whole, one.longIds, &boundary).hidden, read(*whole, one.longIds, nullptr).hidden);
    }

    // Whatever tensor of whatever family an edit is in, no pass starts behind it.
    void noTensorIsOverlooked()
    {
        std::size_t tensors = 0;
        for (const ModelCase& one : modelCases()) {
            const auto source = one.source();
            const ModelPtr base = load(*source);
            QVERIFY2(base, one.name.c_str());
            BoundaryStates boundary(base, Precision::F32, BoundaryStates::layersFor(base->config(), one.shortIds.size(), 1U << 20), 1U << 20);
            read(*base, one.shortIds, &boundary);
            for (const TensorInfo& tensor : source->tensors()) {
                const ModelPtr model = scaled(source, "name=" + tensor.name, base);
                QVERIFY2(model, tensor.name.c_str());
                QVERIFY2(read(*model, one.shortIds, &boundary).hidden == read(*model, one.shortIds, nullptr).hidden, (one.name + " " + tensor.name).c_str());
                ++tensors;
            }
        }
        QVERIFY(tensors > 500);
    }

    // Kept states that end in the middle, another text after a shared beginning, a cache that goes on: the bits stay the same.
    void whatIsNotKeptIsComputed()
    {
        const ModelCase& one = modelCase("llama");
        const auto source = one.source();
        const ModelPtr base = load(*source);
        const std::size_t last = base->config().layers.size() - 1, stepBytes = 16 * base->config().width * sizeof(float);
        const ModelPtr patched = scaled(source, "layer=" + std::to_string(last), base);
        BoundaryStates small(base, Precision::F32, {last}, stepBytes); // the first step only
        read(*base, one.longIds, &small);
        QCOMPARE(small.bytes(), stepBytes);
        QCOMPARE(read(*patched, one.longIds, &small).hidden, read(*patched, one.longIds, nullptr).hidden);

        BoundaryStates all(base, Precision::F32, {last}, 1U << 20);
        read(*base, one.longIds, &all);
        std::vector<std::uint32_t> other = one.longIds;
        other.back() = other.back() == 1 ? 2 : 1;
        QCOMPARE(read(*patched, other, &all).hidden, read(*patched, other, nullptr).hidden);
        KvCache cache(patched->config());
        const std::span<const std::uint32_t> beginning = std::span(one.longIds).first(16);
        read(*patched, beginning, &all, &cache); // another length in the end: not found, from the start
        QCOMPARE(cache.firstLayer(), std::size_t{0});
        const auto rest = std::span(one.longIds).subspan(16);
        const std::vector<float> want = read(*patched, one.longIds, nullptr).hidden;
        const std::vector<float> got = read(*patched, rest, &all, &cache).hidden;
        QCOMPARE(got, std::vector<float>(want.begin() + 16 * static_cast<std::ptrdiff_t>(base->config().width), want.end()));
    }

    void layersThatFit()
    {
        const ModelPtr model = load(*modelCase("llama").source());
        const ModelConfig& config = model->config();
        const std::size_t count = config.layers.size(), each = 10 * config.width * sizeof(float);
        QCOMPARE(BoundaryStates::layersFor(config, 10, each - 1), std::vector<std::size_t>{});
        QCOMPARE(BoundaryStates::layersFor(config, 10, each), std::vector<std::size_t>{count});
        QCOMPARE(BoundaryStates::layersFor(config, 10, 100 * each).size(), count);
        QCOMPARE(BoundaryStates::layersFor(config, 10, 100 * each).back(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestBoundary)
#include "tst_boundary.moc"
