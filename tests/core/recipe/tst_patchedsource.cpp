#include "core/analysis/statistics.h"
#include "core/base/bytes.h"
#include "core/recipe/apply.h"
#include "core/recipe/patchedsource.h"
#include "core/tensor/decode.h"
#include "tests/support/memorysource.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace wb;
using namespace wb::test;

namespace {

std::vector<float> someValues(std::size_t count)
{
    std::mt19937 random(3);
    std::vector<float> values(count);
    for (float& value : values)
        value = static_cast<float>(static_cast<int>(random() % 20001) - 10000) / 5000.0F;
    return values;
}

SourcePtr model()
{
    const std::vector<float> values = someValues(600);
    std::vector<BuiltTensor> tensors;
    for (int layer = 0; layer < 12; ++layer) {
        const std::string prefix = "model.layers." + std::to_string(layer);
        tensors.push_back({prefix + ".mlp.down_proj.weight", "BF16", {20, 30}, bf16Bytes(values)});
        tensors.push_back({prefix + ".self_attn.q_proj.weight", "F32", {600}, f32Bytes(values)});
    }
    tensors.push_back({"model.norm.weight", "F16", {2}, std::string("\0\x3C\0\x3C", 4)});
    tensors.push_back({"packed", "F8_E9M9", {4}, "abcd"});
    tensors.push_back({"a[0]*", "I16", {2}, std::string("\1\0\2\0", 4)});
    return std::make_shared<const MemorySource>(std::move(tensors));
}

Edit edit(Operation operation, const std::string& select) { return {std::move(operation), *Selector::parse(select)}; }

RecipePtr recipe(std::vector<Edit> edits)
{
    RecipePtr made = std::make_shared<const Recipe>();
    for (Edit& one : edits)
        made = made->with(std::move(one));
    return made;
}

std::string selected(const std::string& text)
{
    auto selector = Selector::parse(text);
    if (!selector)
        return sentence(selector.error());
    auto found = selector->select(*model());
    if (!found)
        return sentence(found.error());
    const SourcePtr source = model();
    std::string names;
    for (const std::size_t i : *found)
        names += source->tensors()[i].name + " ";
    return names;
}

Operation randomOperation(std::mt19937& random)
{
    const double number = static_cast<double>(random() % 1000) / 300 - 1;
    switch (random() % 5) {
    case 0: return Scale{number};
    case 1: return Add{number};
    case 2: return Clamp{-std::abs(number), std::abs(number)};
    case 3: return random() % 4 == 0 ? Operation(Zero{}) : Operation(Scale{1.02});
    default: return Add{number / 100};
    }
}

} // namespace

class TestPatchedSource : public QObject {
    Q_OBJECT
private slots:
    void selects_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("count");
        const auto row = [](const char* text, int count) { QTest::newRow(text) << std::string(text) << count; };
        row("role=down_proj", 12);
        row("role=down_proj,q_proj", 24);
        row("role=down_proj layer=0-3,10", 5);
        row("layer=11 | role=norm", 3);
        row("layer=11 role=q_proj | role=norm", 2);
        row("!role=down_proj !role=q_proj", 3);
        row("(layer=1 | layer=2) role=q_proj", 2);
        row("name=model.layers.1.*", 2);
        row("name=model.layers.?.mlp*", 10);
        row("name=model.layers.[0-2].mlp*", 3);
        row("name=model.layers.[!0-2].mlp*", 7);
        row("name~layers\\.1[01]\\.", 4);
        row("name~\"(q|down)_proj\"", 24);
        row("name~(q|down)_proj", 24);
        row("name=\"a[0]*\"", 1);
        row("dtype=F32", 12);
        row("params>500", 24);
        row("params<=4", 3);
    }
    void selects()
    {
        QFETCH(std::string, text);
        QFETCH(int, count);
        const std::string names = selected(text);
        QVERIFY2(std::ranges::count(names, ' ') == count, names.c_str());
    }

    void namesWhatIsWrongWithASelection_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("says");
        const auto row = [](const char* text, const char* says) { QTest::newRow(text) << std::string(text) << std::string(says); };
        row("", "character 1");
        row("rolle=x", "no term rolle");
        row("role", "character 1");
        row("role=", "a value was expected");
        row("layer=x", "character 7: x is not a number");
        row("layer=5-2", "5-2");
        row("name~(", "parenthes");
        row("name=\"a", "closing quote");
        row("(role=norm", "closing bracket");
        row("role=norm )", "character 11");
        row("role=norm |", "was expected");
        row("! role=norm", "after !");
        row("layer=99", "matches none of the 27 tensors");
        row("stdev>1", "no term std");
        row("name~a\\2", "reference");
    }
    void namesWhatIsWrongWithASelection()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, says);
        QVERIFY2(selected(text).find(says) != std::string::npos, selected(text).c_str());
    }

    void refusesNestingWithoutEndAndTakesLongLists()
    {
        for (const char c : {'(', '!'}) {
            const auto selector = Selector::parse(std::string(2'000'000, c) + "role=norm");
            QVERIFY(!selector && selector.error().code == ErrorCode::SelectorSyntax);
        }
        QVERIFY(Selector::parse(std::string(60, '(') + "role=norm" + std::string(60, ')')));
        std::string list = "role=norm";
        for (int i = 0; i < 100'000; ++i)
            list += " | role=norm";
        const auto selector = Selector::parse(list);
        QVERIFY(selector);
        QCOMPARE(selector->select(*model())->size(), 1U);
    }

    void selectsOneTensorWhateverItsName()
    {
        const SourcePtr source = model();
        for (const TensorInfo& info : source->tensors()) {
            const auto found = Selector::forTensor(info.name).select(*source);
            QVERIFY(found);
            QCOMPARE(found->size(), 1U);
        }
    }

    void readsThePiecesOfTheWhole()
    {
        const auto patched = *patch(model(), recipe({edit(Scale{1.02}, "layer=1"), edit(Add{0.3}, "layer=1")}));
        for (const std::size_t tensor : {2U, 3U}) {
            const std::vector<std::byte> whole = bytesOf(*patched, tensor);
            const std::uint32_t unit = unitBytes(patched->tensors()[tensor].dtype);
            std::vector<std::byte> part(7 * unit);
            QVERIFY(patched->read(tensor, {100, 7}, part));
            QVERIFY(std::equal(part.begin(), part.end(), whole.begin() + 100 * unit));
            QVERIFY(whole != bytesOf(*model(), tensor));
        }
    }

    void equalsTheEditsOneByOne()
    {
        std::mt19937 random(11);
        for (int round = 0; round < 60; ++round) {
            std::vector<Edit> edits;
            for (std::size_t i = 0; i < 1 + random() % 5; ++i)
                edits.push_back(edit(randomOperation(random), "layer=3"));
            const auto patched = *patch(model(), recipe(edits));
            for (const std::size_t tensor : {6U, 7U}) {
                const DType dtype = patched->tensors()[tensor].dtype;
                std::vector<double> expected(600), got(600);
                decode(dtype, bytesOf(*model(), tensor), expected);
                for (const Edit& one : edits) {
                    const TensorInfo& info = patched->tensors()[tensor];
                    const TensorEdit single(one, info, *regionOf({}, info, {}), {});
                    for (double& value : expected)
                        value = single.value(value);
                }
                decode(dtype, bytesOf(*patched, tensor), got);
                QCOMPARE(got, expected);
            }
        }
    }

    void anEmptyOrDisabledRecipeIsTheBase()
    {
        Edit off = edit(Zero{}, "layer=1");
        off.enabled = false;
        const auto patched = *patch(model(), recipe({off}));
        for (std::size_t i = 0; i < patched->tensors().size(); ++i) {
            QCOMPARE(patched->fingerprint(i), model()->fingerprint(i));
            QVERIFY(!patched->derived(i));
        }
        QCOMPARE(patched->selectedBy(0).size(), 2U);
        QVERIFY(patched->editsOf(2).empty());
    }

    void fingerprintsFollowTheEdits()
    {
        const auto a = *patch(model(), recipe({edit(Scale{0.1}, "layer=1")}));
        const auto same = *patch(model(), recipe({edit(Scale{0.1}, "layer=0-1")}));
        const auto other = *patch(model(), recipe({edit(Scale{0.10000000000000002}, "layer=1")}));
        QCOMPARE(a->fingerprint(2), same->fingerprint(2));
        QVERIFY(a->fingerprint(2) != other->fingerprint(2));
        QVERIFY(a->fingerprint(2) != a->fingerprint(3));
    }

    // One selection takes matrices and vectors: each is edited to its own end, whichever was read first.
    void tensorsOfOneTypeAndUnlikeSizesAreEditedWhole()
    {
        const std::vector<float> values = someValues(60);
        for (const bool vectorFirst : {true, false}) {
            const auto source = std::make_shared<const MemorySource>(std::vector<BuiltTensor>{
                {"a", "F32", {6}, f32Bytes({values.begin(), values.begin() + 6})}, {"b", "F32", {6, 10}, f32Bytes(values)}, {"c", "F32", {10, 6}, f32Bytes(values)}});
            const auto patched = *patch(source, recipe({edit(Scale{2}, "name=*")}));
            (void)bytesOf(*patched, vectorFirst ? 0 : 1);
            for (const std::size_t tensor : {0U, 1U, 2U}) {
                const std::vector<std::byte> bytes = bytesOf(*patched, tensor), before = bytesOf(*source, tensor);
                for (std::size_t at = 0; at < bytes.size(); at += 4)
                    QCOMPARE(load<float>(bytes.data() + at), 2 * load<float>(before.data() + at));
            }
        }
    }

    void statisticsOfDerivedTensorsEqualThoseOfTheirBytes()
    {
        const auto patched = *patch(model(), recipe({edit(Scale{1.7}, "layer=1"), edit(Clamp{-1, 1}, "layer=1")}));
        StatisticsCache cache;
        Progress progress;
        for (const std::size_t tensor : {2U, 3U}) {
            const TensorInfo& info = patched->tensors()[tensor];
            const std::vector<std::byte> bytes = bytesOf(*patched, tensor);
            const MemorySource plain({{"x", info.storedType, info.shape,
                                       std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())}});
            const Statistics got = *computeStatistics(*patched, tensor, {}, cache, progress);
            const Statistics want = *computeStatistics(plain, 0, {}, cache, progress);
            QCOMPARE(got.mean, want.mean);
            QCOMPARE(got.kurtosis, want.kurtosis);
            QCOMPARE(got.quantiles, want.quantiles);
            QCOMPARE(got.histogram.counts, want.histogram.counts);
            QCOMPARE(got.outliers[9].index, want.outliers[9].index);
            const Statistics quick = *computeStatistics(*patched, tensor, {.bins = 65, .quick = true}, cache, progress);
            QCOMPARE(quick.exact, hasValueTable(info.dtype));
            QVERIFY(std::abs(quick.std - want.std) < 0.01 * want.std);
        }
    }

    // More elements than torch.quantile takes: a bound between two neighbours of F32 is neither of them.
    void boundsOfLargeTensorsAreInDouble()
    {
        constexpr std::size_t count = 16'000'004, ones = 8'000'000;
        std::vector<float> values(count, std::nextafter(1.0F, 2.0F));
        std::fill_n(values.begin(), ones, 1.0F);
        const auto base = std::make_shared<const MemorySource>(std::vector<BuiltTensor>{{"x", "F32", {count}, f32Bytes(values)}});
        Edit upper = edit(Zero{}, "name=x");
        upper.elements.band = ValueBand{ValueBand::Kind::Quantile, (ones - 0.7) / (count - 1), 1, Measure::Value};
        const auto patched = *patch(base, recipe({upper}));
        std::vector<std::byte> around(8);
        QVERIFY(patched->read(0, {ones - 1, 2}, around));
        QCOMPARE(load<float>(around.data()), 1.0F);
        QCOMPARE(load<float>(around.data() + 4), 0.0F);
    }

    // Nearly all are -1 and become 9; the few 1 in a later piece, which become 11, are as large in the base.
    void outliersAreFoundWhereAnEditTurnsTheirOrder()
    {
        std::vector<float> values(3 * countPiece, -1);
        for (std::size_t i = 0; i < 4; ++i)
            values[countPiece + 7 + 100 * i] = 1;
        const auto base = std::make_shared<const MemorySource>(std::vector<BuiltTensor>{{"x", "BF16", {values.size()}, bf16Bytes(values)}});
        const auto patched = *patch(base, recipe({edit(Add{10}, "name=*")}));
        StatisticsCache cache;
        Progress progress;
        const Statistics got = *computeStatistics(*patched, 0, {}, cache, progress);
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(got.outliers[i].index, countPiece + 7 + 100 * i);
            QCOMPARE(got.outliers[i].value, 11.0);
        }
        QCOMPARE(got.outliers[4].index, 0U);
    }

    // Two names of one storage, as torch.save keeps tied tensors: noise goes by the name and heads by what the name says, so what is known of
    // one is not known of the other.
    void namesOfOneStorageAreEditedApart()
    {
        const std::vector<float> values = someValues(600);
        const std::string q = "model.layers.0.self_attn.q_proj.weight", k = "model.layers.0.self_attn.k_proj.weight";
        auto base = std::make_shared<MemorySource>(std::vector<BuiltTensor>{{q, "F32", {20, 30}, f32Bytes(values)}, {k, "F32", {20, 30}, f32Bytes(values)}});
        base->setConfig({{"num_attention_heads", 4U}, {"num_key_value_heads", 2U}});
        QCOMPARE(base->fingerprint(0), base->fingerprint(1));
        const auto noisy = *patch(base, recipe({edit(Noise{0.5, 1, false}, "name=*")}));
        QVERIFY(bytesOf(*noisy, 0) != bytesOf(*noisy, 1));
        QVERIFY(noisy->fingerprint(0) != noisy->fingerprint(1));
        Edit head = edit(Prune{0.5}, "name=*");
        head.elements.heads = {1};
        const auto pruned = *patch(base, recipe({head}));
        for (const std::size_t tensor : {0U, 1U}) {
            const std::size_t rows = tensor == 0 ? 5 : 10;
            const std::vector<std::byte> bytes = bytesOf(*pruned, tensor);
            std::size_t zeros = 0;
            for (std::size_t i = rows * 30; i < 2 * rows * 30; ++i)
                zeros += load<float>(bytes.data() + 4 * i) == 0 ? 1 : 0;
            QVERIFY(zeros >= rows * 15 && zeros <= rows * 15 + 2); // with ties
        }
    }

    void refusesBeforeAnythingIsStaged()
    {
        const auto opaque = patch(model(), recipe({edit(Scale{2}, "layer=1"), edit(Scale{2}, "name=packed")}));
        QVERIFY(opaque.error().code == ErrorCode::EditNotPossible);
        QCOMPARE(opaque.error().where, "edit 2");
        QVERIFY(patch(model(), recipe({edit(Zero{}, "name=nothing")})).error().code == ErrorCode::SelectionEmpty);
        const auto bound = recipe({edit(Zero{}, "layer=1")})->withBase({"other", "0123456789abcdef", 5});
        QVERIFY(patch(model(), bound).error().code == ErrorCode::RecipeBaseMismatch);
        QVERIFY(patch(model(), bound->withBase({"other", layoutFingerprint(*model()), 27})));
    }
};

QTEST_APPLESS_MAIN(TestPatchedSource)
#include "tst_patchedsource.moc"
