// Edits of one of the matrices that are stored as one: against numpy on rows and columns picked by what transformers' code does with them;
// what is beside the part keeps its bits.
#include "core/analysis/decomposition.h"
#include "core/checkpoint/open.h"
#include "core/recipe/check.h"
#include "core/recipe/consequence.h"
#include "core/recipe/expert.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/svf.h"
#include "core/tensor/decode.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

constexpr const char* phi3Qkv = "model.layers.1.self_attn.qkv_proj.weight";

std::vector<double> valuesOf(const TensorSource& source, std::size_t tensor)
{
    std::vector<double> values(source.tensors()[tensor].elements);
    if (!readValues(source, tensor, 0, values))
        values.clear();
    return values;
}

Result<RecipePtr> recipeOf(const Json& edit)
{
    return recipeFromJson({{"format", "weightbench.recipe/1"}, {"edits", Json::array({edit})}}, "r.json");
}

Edit edit(Operation operation, const std::string& tensor, const std::string& part)
{
    Edit out{std::move(operation), *Selector::parse("name=" + tensor)};
    out.elements.part = part;
    return out;
}

std::string refusal(const SourcePtr& source, const Edit& one)
{
    const auto patched = patch(source, Recipe().with(one));
    return patched ? "" : sentence(patched.error());
}

const Json& cases()
{
    static const Json list = *readJson(std::filesystem::path(WB_TEST_DATA) / "svf" / "parts.json", false, 1U << 20);
    return list;
}

bool holds(const Json& list, std::uint64_t index) { return list.empty() || std::ranges::find(list, Json(index)) != list.end(); }

// Another source that counts how often it is read.
class CountedSource final : public TensorSource {
public:
    explicit CountedSource(SourcePtr source) : m_source(std::move(source)) {}
    [[nodiscard]] std::span<const TensorInfo> tensors() const override { return m_source->tensors(); }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const override { return m_source->find(name); }
    Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const override
    {
        ++reads;
        return m_source->read(tensor, range, out);
    }
    [[nodiscard]] std::string fingerprint(std::size_t tensor) const override { return "counted " + m_source->fingerprint(tensor); }
    [[nodiscard]] const Json* config() const override { return m_source->config(); }
    mutable int reads = 0;

private:
    SourcePtr m_source;
};

} // namespace

class TestSvfParts : public QObject {
    Q_OBJECT
private slots:
    void agreesWithNumpy_data()
    {
        QTest::addColumn<int>("at");
        for (std::size_t i = 0; i < cases().size(); ++i)
            QTest::newRow((cases()[i]["model"].get<std::string>() + " " + cases()[i]["edit"]["elements"]["part"].get<std::string>()).c_str()) << static_cast<int>(i);
    }
    void agreesWithNumpy()
    {
        QFETCH(int, at);
        const Json& row = cases()[static_cast<std::size_t>(at)];
        const SourcePtr base = modelCase(row["model"].get<std::string>()).source();
        const auto goldens = *openCheckpoint(std::filesystem::path(WB_TEST_DATA) / "svf" / "parts.safetensors");
        const std::size_t tensor = *base->find(row["tensor"].get<std::string>());
        const auto recipe = recipeOf(row["edit"]);
        QVERIFY2(recipe, recipe ? "" : sentence(recipe.error()).c_str());
        const auto patched = patch(base, *recipe);
        QVERIFY2(patched, patched ? "" : sentence(patched.error()).c_str());
        const auto before = valuesOf(*base, tensor), got = valuesOf(**patched, tensor), want = valuesOf(*goldens, *goldens->find(row["expected"].get<std::string>()));
        QCOMPARE(got.size(), want.size());
        const std::uint64_t cols = base->tensors()[tensor].shape[1];
        std::size_t differ = 0, inside = 0;
        for (std::size_t i = 0; i < got.size(); ++i) {
            differ += got[i] != want[i] ? 1 : 0;
            QVERIFY2(std::abs(got[i] - want[i]) <= std::abs(want[i]) * 0x1p-7 + 1e-12, qPrintable(QString::number(got[i] - want[i])));
            if (holds(row["rows"], i / cols) && holds(row["cols"], i % cols))
                inside += got[i] != before[i] ? 1 : 0;
            else
                QCOMPARE(got[i], before[i]);
        }
        QVERIFY(differ <= 1); // a tie of the rounding
        QVERIFY(inside > 0);
        // The same bits again, from JSON and in pieces.
        const auto again = patch(base, *recipeFromJson(*parseJson(dumpJson(recipeToJson(**recipe)), "r"), "r"));
        QVERIFY(again);
        const auto whole = bytesOf(**patched, tensor);
        for (std::size_t first = 0; first < got.size(); first += 37) {
            const std::size_t count = std::min<std::size_t>(37, got.size() - first);
            std::vector<std::byte> piece(count * 2);
            QVERIFY((*again)->read(tensor, {first, count}, piece));
            QVERIFY(std::equal(piece.begin(), piece.end(), whole.begin() + static_cast<std::ptrdiff_t>(first * 2)));
        }
    }

    void otherEditsTakePartsToo()
    {
        for (const Json& row : cases()) {
            const SourcePtr base = modelCase(row["model"].get<std::string>()).source();
            const std::string name = row["tensor"].get<std::string>();
            const std::size_t tensor = *base->find(name);
            const auto patched = patch(base, Recipe().with(edit(Scale{2}, name, row["edit"]["elements"]["part"].get<std::string>())));
            QVERIFY(patched);
            const auto before = valuesOf(*base, tensor), got = valuesOf(**patched, tensor);
            const std::uint64_t cols = base->tensors()[tensor].shape[1];
            for (std::size_t i = 0; i < got.size(); ++i)
                QCOMPARE(got[i], before[i] * (holds(row["rows"], i / cols) && holds(row["cols"], i % cols) ? 2 : 1));
        }
    }

    void partsFollowOneAnother()
    {
        const SourcePtr base = modelCase("phi3").source();
        const std::size_t tensor = *base->find(phi3Qkv);
        const auto one = *patch(base, Recipe().with(edit(Svf{RankCut{3}, false}, phi3Qkv, "q_proj"))->with(edit(Svf{RankCut{5}, false}, phi3Qkv, "v_proj")));
        const auto other = *patch(base, Recipe().with(edit(Svf{RankCut{5}, false}, phi3Qkv, "v_proj"))->with(edit(Svf{RankCut{3}, false}, phi3Qkv, "q_proj")));
        QVERIFY(bytesOf(*one, tensor) == bytesOf(*other, tensor)); // they have no row in common
        const auto whole = *patch(base, Recipe().with(edit(Svf{RankCut{3}, false}, phi3Qkv, "")));
        QVERIFY(bytesOf(*one, tensor) != bytesOf(*whole, tensor));
    }

    // Two configs cut the same bytes at other places: nothing that is kept of one may answer for the other.
    void theConfigSaysWhereTheyAre()
    {
        const ModelCase& neox = modelCase("neox");
        const std::string name = "gpt_neox.layers.0.attention.query_key_value.weight";
        auto other = std::make_shared<MemorySource>(neox.tensors);
        Json config = *neox.config;
        config["num_attention_heads"] = 2; // of 16 rows instead of 4 of 8
        other->setConfig(config);
        const SourcePtr base = neox.source();
        const std::size_t tensor = *base->find(name);
        QCOMPARE(base->fingerprint(tensor), other->fingerprint(tensor));
        const RecipePtr recipe = Recipe().with(edit(Svf{RankCut{3}, false}, name, "k_proj"));
        for (const auto& [source, size] : {std::pair<SourcePtr, std::uint64_t>(base, 8), {other, 16}}) {
            const auto before = valuesOf(*source, tensor), after = valuesOf(**patch(source, recipe), tensor);
            for (std::uint64_t row = 0; row < 96; ++row) {
                const bool same = std::equal(before.begin() + static_cast<std::ptrdiff_t>(row * 32), before.begin() + static_cast<std::ptrdiff_t>(row * 32 + 32), after.begin() + static_cast<std::ptrdiff_t>(row * 32));
                QCOMPARE(same, row / size % 3 != 1);
            }
        }
        QVERIFY((*patch(base, recipe))->fingerprint(tensor) != (*patch(other, recipe))->fingerprint(tensor));
    }

    void refusesPartsThatAreNot_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("says");
        QTest::newRow("of what is one matrix") << "phi3" << "model.layers.0.mlp.down_proj.weight" << "up_proj" << "it is one matrix";
        QTest::newRow("of what is q_proj") << "llama" << "model.layers.0.self_attn.q_proj.weight" << "q_proj" << "it is one matrix";
        QTest::newRow("of another kind") << "phi3" << phi3Qkv << "gate_proj" << "it has no part gate_proj: its parts are q_proj, k_proj, v_proj";
    }
    void refusesPartsThatAreNot()
    {
        QFETCH(QString, model);
        QFETCH(QString, tensor);
        QFETCH(QString, part);
        QFETCH(QString, says);
        const SourcePtr base = modelCase(model.toStdString()).source();
        for (const Operation& operation : {Operation(Svf{PowerGains{1.1}, false}), Operation(Scale{2})}) {
            const QString said = QString::fromStdString(refusal(base, edit(operation, tensor.toStdString(), part.toStdString())));
            QVERIFY2(said.contains(says), qPrintable(said));
        }
    }

    void refusesWhatDoesNotFitThePart()
    {
        const SourcePtr base = modelCase("phi3").source();
        const auto says = [&](const Edit& one, const char* what) { return refusal(base, one).find(what) != std::string::npos; };
        QVERIFY(says(edit(Svf{ListedGains{std::vector<double>(32, 0.5)}, false}, phi3Qkv, "k_proj"), "the edit has 32 gains and the matrix has 16"));
        QVERIFY(says(edit(Svf{BandGains{{{0, 17, 2}}}, false}, phi3Qkv, "k_proj"), "reaches past its 16"));
        Edit both = edit(Svf{RankCut{2}, false}, phi3Qkv, "k_proj");
        both.elements.rows = IndexRange{0, 4};
        QVERIFY(says(both, "belong to a whole matrix"));
        Edit none = edit(Scale{2}, phi3Qkv, "k_proj");
        none.elements.rows = IndexRange{0, 4}; // of q
        QVERIFY(says(none, "no element in common"));
        none.elements.rows = IndexRange{30, 40};
        const std::size_t tensor = *base->find(phi3Qkv);
        const auto got = valuesOf(**patch(base, Recipe().with(none)), tensor), before = valuesOf(*base, tensor);
        for (std::size_t i = 0; i < got.size(); ++i)
            QCOMPARE(got[i], before[i] * (i / 32 >= 32 && i / 32 < 40 ? 2 : 1));
        auto nameless = std::make_shared<MemorySource>(modelCase("phi3").tensors); // no config
        QVERIFY(refusal(nameless, edit(Scale{2}, phi3Qkv, "q_proj")).find("no config says which of its rows") != std::string::npos);
        for (const char* part : {"o_proj", "", "Q_PROJ"}) {
            const auto read = recipeOf({{"op", "scale"}, {"select", "name=*"}, {"factor", 2}, {"elements", {{"part", part}}}});
            QVERIFY2(!read && sentence(read.error()).find("it must be one of q_proj, k_proj, v_proj, gate_proj, up_proj") != std::string::npos, part);
        }
        QVERIFY(!recipeOf({{"op", "scale"}, {"select", "name=*"}, {"factor", 2}, {"elements", {{"part", 3}}}}));
    }

    // What the page has decomposed serves every position of a slider.
    void decomposesOnce()
    {
        const auto base = std::make_shared<CountedSource>(modelCase("phi3").source());
        const std::size_t tensor = *base->find(phi3Qkv);
        const FusedParts fused(*base, rolesOf(base->tensors()));
        QVERIFY(decomposition(*base, tensor, *partWithRole(fused.of(tensor), "v_proj")));
        QCOMPARE(base->reads, 1);
        for (const double power : {1.1, 1.2, 1.3})
            QVERIFY(!bytesOf(**patch(base, Recipe().with(edit(Svf{PowerGains{power}, false}, phi3Qkv, "v_proj"))), tensor).empty());
        QCOMPARE(base->reads, 4); // the tensor itself each time, no matrix to decompose
    }

    void isToldApart()
    {
        const Edit q = edit(Svf{RankCut{3}, false}, phi3Qkv, "q_proj"), k = edit(Svf{RankCut{3}, false}, phi3Qkv, "k_proj");
        QVERIFY(canonical(q) != canonical(k));
        QVERIFY(describe(q).ends_with("qkv_proj.weight part q_proj"));
        QVERIFY(!uniformFactor(edit(Svf{ListedGains{{2, 2}}, false}, phi3Qkv, "q_proj"))); // not of the whole
        const SourcePtr base = modelCase("phi3").source();
        const std::size_t tensor = *base->find(phi3Qkv);
        QVERIFY((*patch(base, Recipe().with(q)))->fingerprint(tensor) != (*patch(base, Recipe().with(k)))->fingerprint(tensor));
    }

    void theGuardUnderstandsIt()
    {
        TempFolder folder;
        const ModelCase& phi3 = modelCase("phi3");
        writeFile(folder / "model.safetensors", safetensorsBytes(phi3.tensors));
        writeFile(folder / "config.json", dumpJson(*phi3.config));
        const auto base = *openCheckpoint(folder.path());
        StatisticsCache cache;
        Progress progress;
        const auto check = checkRecipe(base, Recipe().with(edit(Svf{RankCut{3}, false}, phi3Qkv, "k_proj"))->with(edit(Svf{RankCut{16}, false}, phi3Qkv, "v_proj")), cache, progress);
        QVERIFY(check);
        QCOMPARE(QString::fromStdString(check->edits[0].effect), QStringLiteral("effective"));
        QVERIFY(check->edits[0].changedAfterRounding > 400 && check->edits[0].changedAfterRounding <= 512);
        QVERIFY(check->edits[1].because.english().starts_with("the cut leaves every component"));
    }

    void expertsOfAStackAlone()
    {
        const auto data = std::filesystem::path(WB_TEST_DATA) / "svf";
        const auto base = *openCheckpoint(data / "base.safetensors");
        const std::size_t tensor = *base->find("stack.BF16");
        Edit one{Svf{RankCut{2}, true}, *Selector::parse("name=stack.BF16")};
        const auto all = bytesOf(**patch(base, Recipe().with(one)), tensor), before = bytesOf(*base, tensor);
        one.elements.experts = {1};
        const auto got = bytesOf(**patch(base, Recipe().with(one)), tensor);
        const auto third = static_cast<std::ptrdiff_t>(got.size() / 3);
        for (std::ptrdiff_t part = 0; part < 3; ++part) {
            const auto& want = part == 1 ? all : before;
            QVERIFY(std::equal(got.begin() + part * third, got.begin() + (part + 1) * third, want.begin() + part * third));
        }
        one.elements.experts = {3};
        QVERIFY(refusal(base, one).find("there is no expert 3: this tensor has 3") != std::string::npos);
    }

    void expertsFitTheirPart()
    {
        const SourcePtr base = modelCase("phi3").source();
        Expert expert{"tiny", "tiny", layoutFingerprint(*base), ""};
        expert.vectors[phi3Qkv] = std::vector<double>(16, 0.5);
        QVERIFY(!checkFits(expert, *base, false));
        QVERIFY(!checkFits(expert, *base, false, "q_proj"));
        QVERIFY(checkFits(expert, *base, false, "k_proj"));
        QVERIFY(!checkFits(expert, *base, false, "up_proj"));
    }
};

QTEST_APPLESS_MAIN(TestSvfParts)
#include "tst_svfparts.moc"
