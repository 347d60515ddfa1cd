// Selections by statistic, and selections saved by name. The other terms are in tst_patchedsource.
#include "core/recipe/savedselections.h"
#include "core/recipe/selector.h"
#include "tests/support/memorysource.h"
#include "tests/support/support.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace wb;
using namespace wb::test;

namespace {

// Counts reads, so that a test can tell what was read.
class CountingSource final : public TensorSource {
public:
    explicit CountingSource(SourcePtr base) : m_base(std::move(base)) {}
    [[nodiscard]] std::span<const TensorInfo> tensors() const override { return m_base->tensors(); }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const override { return m_base->find(name); }
    Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const override
    {
        ++m_reads;
        return m_base->read(tensor, range, out);
    }
    [[nodiscard]] std::string fingerprint(std::size_t tensor) const override { return "counting " + m_base->fingerprint(tensor); }
    [[nodiscard]] int reads() const { return m_reads; }

private:
    SourcePtr m_base;
    mutable std::atomic<int> m_reads{0};
};

SourcePtr model()
{
    std::vector<float> flat(100), heavy(100);
    for (std::size_t i = 0; i < flat.size(); ++i)
        flat[i] = heavy[i] = static_cast<float>(i) / 50 - 1;
    heavy[7] = 40; // excess kurtosis about 90
    return std::make_shared<const MemorySource>(std::vector<BuiltTensor>{
        {"model.layers.0.mlp.down_proj.weight", "F32", {100}, f32Bytes(flat)},
        {"model.layers.1.mlp.down_proj.weight", "BF16", {100}, bf16Bytes(heavy)},
        {"model.layers.1.mlp.up_proj.weight", "F32", {100}, f32Bytes(heavy)},
        {"constant", "F32", {4}, f32Bytes({1, 1, 1, 1})}, // kurtosis is not a number
        {"opaque", "F8_E9M9", {4}, "abcd"},
        {std::string("br\xFFken"), "F32", {4}, f32Bytes({0, 0, 0, -3})},
    });
}

std::string selected(const std::string& text, const TensorSource& source)
{
    auto selector = Selector::parse(text);
    if (!selector)
        return sentence(selector.error());
    auto found = selector->select(source);
    if (!found)
        return sentence(found.error());
    std::string indices;
    for (const std::size_t i : *found)
        indices += std::to_string(i);
    return indices;
}

} // namespace

class TestSelector : public QObject {
    Q_OBJECT
private slots:
    // Factors of 8-bit floats have a role of their own; what else belongs to another tensor has none.
    void factorsAreNoWeights()
    {
        const MemorySource source({{"model.layers.1.mlp.up_proj.weight", "F8_E4M3", {2, 2}, "abcd"},
                                   {"model.layers.1.mlp.up_proj.weight_scale", "F32", {2, 1}, f32Bytes({1, 2})},
                                   {"model.layers.1.mlp.up_proj.scales", "F32", {2, 1}, f32Bytes({1, 2})}});
        QCOMPARE(selected("role=up_proj", source), "0");
        QCOMPARE(selected("role=up_proj.scale", source), "1");
        QCOMPARE(selected("role=up_proj,up_proj.scale", source), "01");
        QVERIFY(selected("role=other", source).find('2') == std::string::npos);
    }

    void selectsByStatistic_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("want");
        const auto row = [](const char* text, const char* want) { QTest::newRow(text) << std::string(text) << std::string(want); };
        row("kurtosis>20", "12");
        row("!kurtosis>20", "0345"); // what has no kurtosis has none above 20
        row("kurtosis<=20", "05");
        row("kurtosis>20 role=down_proj", "1");
        row("abs_max=40", "12");
        row("max>=1 layer=0 | std=0", "3"); // 0.98 is the largest of layer 0
        row("zero=3", "5");
        row("nan>0 | min<-2", "5");
        row("name~^br", "5");
    }
    void selectsByStatistic()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, want);
        QCOMPARE(selected(text, *model()), want);
    }

    void readsOnlyWhatTheOtherTermsLeave()
    {
        const CountingSource source(model());
        QVERIFY(!Selector::parse("role=down_proj layer=1")->reads());
        QVERIFY(Selector::parse("!(role=down_proj kurtosis>20)")->reads());
        QCOMPARE(selected("kurtosis>20 layer=1 role=up_proj", source), "2");
        const int once = source.reads();
        QVERIFY(once > 0);
        QCOMPARE(selected("kurtosis>21 layer=1 role=up_proj", source), "2");
        QCOMPARE(source.reads(), once); // known now
        QCOMPARE(selected("kurtosis>20 layer=9 | role=lm_head", source).substr(0, 8), "kurtosis");
        QCOMPARE(source.reads(), once);
    }

    void stopsWhenCancelled()
    {
        Progress progress;
        progress.cancel();
        const CountingSource source(std::make_shared<const MemorySource>(
            std::vector<BuiltTensor>{{"never asked before", "F32", {2}, f32Bytes({1, 2})}}));
        QVERIFY(Selector::parse("std>0")->select(source, progress).error().code == ErrorCode::Cancelled);
    }

    void saysWhatIsWrong()
    {
        QVERIFY(selected("kurtosi>20", *model()).find("there is no term kurtosi") != std::string::npos);
        QVERIFY(selected("kurtosis>big", *model()).find("big is not a number") != std::string::npos);
        QVERIFY(selected("kurtosis~3", *model()).find("there is no kurtosis~") != std::string::npos);
        QVERIFY(selected("name~(a+)+$b", *model()).find("matches none") != std::string::npos);
    }

    void expressionsThatTakeTooLongAreRefused()
    {
        const MemorySource source({{std::string(200, 'a'), "F32", {1}, f32Bytes({1})}});
        QVERIFY(selected("name~^(a|aa|a?)+$b|^(a*)*(a*)*(a*)*c$", source).find("takes too long") != std::string::npos);
    }

    void everyNameCanBeSelectedAlone()
    {
        for (const char* name : {">", "=x", "~", "<", "a=b", "!", "|", "(", ")", "\"", "\\", "a b", "*", "[a]", "", "@x"}) {
            const MemorySource source({{name, "F32", {1}, f32Bytes({1})}, {"other", "F32", {1}, f32Bytes({1})}});
            const Selector selector = Selector::forTensor(name);
            QCOMPARE(selector.select(source)->size(), 1U);
            QVERIFY(Selector::parse(selector.text())); // as a recipe stores it
        }
    }

    void savedSelectionsAreFoundByName()
    {
        TempFolder folder;
        const std::filesystem::path file = folder / "deep/selections.json";
        QVERIFY(loadSelections(file)->empty());
        QVERIFY(saveSelections({{"late queries", "role=q_proj layer=10-27"}, {"odd", "name=\"a b\""}}, file));
        QCOMPARE(*expandSelection("@late queries", file), "role=q_proj layer=10-27");
        QCOMPARE(*expandSelection("role=k_proj", file), "role=k_proj");
        const auto unknown = expandSelection("@late", file);
        QCOMPARE(unknown.error().args.back(), "there is no saved selection late; there are late queries, odd");
        writeFile(file, "[1]");
        QVERIFY(!loadSelections(file));
    }
};

QTEST_APPLESS_MAIN(TestSelector)
#include "tst_selector.moc"
