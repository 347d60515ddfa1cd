#include "core/recipe/recipejson.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;

namespace {

Result<RecipePtr> parsed(const std::string& text)
{
    auto json = parseJson(text, "r.json");
    return json ? recipeFromJson(*json, "r.json") : Result<RecipePtr>(failure(json));
}

std::string withEdit(const std::string& edit)
{
    return "{\"format\":\"weightbench.recipe/1\",\"edits\":[" + edit + "]}";
}

Edit edit(Operation operation, const std::string& select)
{
    return {std::move(operation), *Selector::parse(select)};
}

} // namespace

class TestRecipeJson : public QObject {
    Q_OBJECT
private slots:
    void comesBackAsItWas()
    {
        test::TempFolder folder;
        RecipePtr recipe = std::make_shared<const Recipe>(BaseIdentity{"model", "abc", 3});
        recipe = recipe->with(edit(Scale{0.1}, "role=q_proj layer=0-3"))->with(edit(Add{-1e-300}, "name=*"));
        recipe = recipe->with(edit(Clamp{std::nullopt, 20}, "name~^a"))->with(edit(Set{1.5}, "dtype=BF16"));
        Edit last = edit(Zero{}, "params>1e6");
        last.label = "off";
        last.reason = "because";
        last.enabled = false;
        recipe = recipe->with(last);
        QVERIFY(saveRecipe(*recipe, folder / "r.json"));
        const auto loaded = loadRecipe(folder / "r.json");
        QVERIFY(loaded);
        QVERIFY(**loaded == *recipe);
    }

    void refuses_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("says");
        const auto row = [](const char* id, const std::string& text, const char* says) {
            QTest::newRow(id) << text << std::string(says);
        };
        row("not an object", "[]", "object");
        row("no format", "{\"edits\":[]}", "format is missing");
        row("other format", "{\"format\":\"weightbench.recipe/2\",\"edits\":[]}", "weightbench.recipe/1");
        row("no edits", "{\"format\":\"weightbench.recipe/1\"}", "edits is missing");
        row("edits no list", "{\"format\":\"weightbench.recipe/1\",\"edits\":{}}", "list");
        row("unknown key", "{\"format\":\"weightbench.recipe/1\",\"edits\":[],\"x\":1}", "no key x");
        row("unknown key of an edit", withEdit("{\"op\":\"zero\",\"select\":\"name=a\",\"factor\":1}"), "edits[0]: there is no key factor");
        row("unknown op", withEdit("{\"op\":\"twist\",\"select\":\"name=a\"}"), "no op twist");
        row("no factor", withEdit("{\"op\":\"scale\",\"select\":\"name=a\"}"), "factor is missing");
        row("factor a text", withEdit("{\"op\":\"scale\",\"select\":\"name=a\",\"factor\":\"2\"}"), "finite number");
        row("no bound", withEdit("{\"op\":\"clamp\",\"select\":\"name=a\",\"min\":null}"), "needs min or max");
        row("bounds crossed", withEdit("{\"op\":\"clamp\",\"select\":\"name=a\",\"min\":2,\"max\":1}"), "min 2 is larger than max 1");
        row("selection", withEdit("{\"op\":\"zero\",\"select\":\"rolle=a\"}"), "no term rolle");
        row("part", withEdit("{\"op\":\"zero\",\"select\":\"name=a\",\"elements\":{\"tip\":0.1}}"), "elements");
        row("enabled a number", withEdit("{\"op\":\"zero\",\"select\":\"name=a\",\"enabled\":1}"), "true or false");
        row("edit a text", withEdit("\"zero\""), "object");
        row("base a text", "{\"format\":\"weightbench.recipe/1\",\"edits\":[],\"base\":\"x\"}", "base");
    }
    void refuses()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, says);
        const auto recipe = parsed(text);
        QVERIFY(!recipe);
        QVERIFY(recipe.error().code == ErrorCode::RecipeInvalid);
        QVERIFY2(sentence(recipe.error()).find(says) != std::string::npos, sentence(recipe.error()).c_str());
    }

    void changesMakeNewRecipes()
    {
        const RecipePtr empty = std::make_shared<const Recipe>();
        const RecipePtr two = empty->with(edit(Scale{2}, "name=a"))->with(edit(Scale{3}, "name=b"));
        QCOMPARE(empty->size(), 0U);
        QVERIFY(*two->moved(0, 1)->moved(1, 0) == *two);
        QCOMPARE(describe(two->moved(0, 1)->at(0)), "scale ×3 · b");
        QVERIFY(*two->without(1)->with(edit(Scale{3}, "name=b")) == *two);
        QVERIFY(!(*two->replaced(0, edit(Zero{}, "name=a")) == *two));
        QCOMPARE(two->first(1)->joined(*two)->size(), 3U);
    }

    void describesInWordsOfEveryLanguage()
    {
        QCOMPARE(describe(Operation(Scale{0.0625})), "×0.0625");
        QCOMPARE(describe(Operation(Add{-0.1})), "−0.1");
        QCOMPARE(describe(Operation(Add{0.1})), "+0.1");
        QCOMPARE(describe(Operation(Clamp{-1, 20})), "-1 … 20");
        QCOMPARE(describe(Operation(Clamp{std::nullopt, 20})), "≤ 20");
        QCOMPARE(describe(Operation(Normalize{Normalize::Form::AroundMean, 1.1})), "(x − μ) / (1.1 σ) + μ");
        QCOMPARE(describe(Operation(Prune{0.5})), "50 %");
        QCOMPARE(describe(Operation(Noise{0.01, 7, true})), "± 0.01 σ, seed 7");
        const auto canonicalOf = [](const Operation& operation) {
            Edit edit;
            edit.operation = operation;
            return canonical(edit);
        };
        QVERIFY(canonicalOf(Scale{0.1}) != canonicalOf(Scale{0.10000000000000002}));
        QVERIFY(canonicalOf(Add{2}) != canonicalOf(Set{2}));
        Edit half, part;
        half.strength = 0.5;
        part.elements.rows = IndexRange{0, 1};
        QVERIFY(canonical(half) != canonical(Edit()) && canonical(part) != canonical(Edit()));
    }
};

QTEST_APPLESS_MAIN(TestRecipeJson)
#include "tst_recipejson.moc"
