// Runs that are interrupted, files that are torn, keys that are alike.
#include "core/base/json.h"
#include "core/checkpoint/open.h"
#include "core/eval/resultjson.h"
#include "core/eval/resultstore.h"
#include "core/eval/shippedtasks.h"
#include "core/model/generationconfig.h"
#include "core/recipe/patchedsource.h"
#include "tests/support/support.h"

#include <QtTest>

#include <set>

using namespace wb;
using namespace wb::test;

namespace {

RecipePtr scaled(double factor, bool enabled = true)
{
    Edit edit;
    edit.operation = Scale{factor};
    edit.select = *Selector::parse("role=down_proj layer=1");
    edit.enabled = enabled;
    return std::make_shared<const Recipe>()->with(edit);
}

} // namespace

class TestResultStore : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_checkpoint = openCheckpoint(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/original").value_or(nullptr);
        QVERIFY(m_checkpoint);
        m_tokenizer = loadTokenizer(*m_checkpoint).value_or(nullptr);
        m_options.endTokens = readGenerationConfig(*m_checkpoint, m_tokenizer.get())->endTokens;
        m_options.limit = 40;
        m_options.maxTokens = 24;
        m_task = *findTask("reverse");
    }

    void unlikeKeys()
    {
        std::set<std::string> names;
        const auto add = [&](const TensorSource& source, const Task& task, const EvaluateOptions& options) { names.insert(resultKey(source, "t", task, options, nullptr).name()); };
        add(*m_checkpoint, m_task, m_options);
        add(*m_checkpoint, m_task, m_options);
        QCOMPARE(names.size(), std::size_t{1});
        std::size_t kinds = 1;
        const auto changed = [&](auto change) {
            EvaluateOptions options = m_options;
            change(options);
            add(*m_checkpoint, m_task, options);
            QCOMPARE(names.size(), ++kinds);
        };
        changed([](EvaluateOptions& o) { o.precision = Precision::Stored; });
        changed([](EvaluateOptions& o) { o.limit = 41; });
        changed([](EvaluateOptions& o) { o.seed = 1; });
        changed([](EvaluateOptions& o) { o.maxTokens = 25; });
        changed([](EvaluateOptions& o) { o.endTokens = {1}; });
        changed([](EvaluateOptions& o) { o.otherOrder = true; });
        changed([](EvaluateOptions& o) { o.sampling.temperature = 0.5; });
        changed([](EvaluateOptions& o) { o.sampling = {.temperature = 0.5, .topP = 0.9}; });
        changed([](EvaluateOptions& o) { o.sampling.temperature = 0.5, o.samples = 4; });
        changed([this](EvaluateOptions& o) { o.shots = *FewShot::choose(m_task, 2, nullptr, 0); });
        changed([this](EvaluateOptions& o) { o.shots = *FewShot::choose(m_task, 2, nullptr, 1); });
        Task stripped = m_task;
        stripped.strip = true;
        add(*m_checkpoint, stripped, m_options);
        add(*m_checkpoint, *findTask("sort"), m_options);
        add(**patch(m_checkpoint, scaled(2)), m_task, m_options);
        add(**patch(m_checkpoint, scaled(3)), m_task, m_options);
        QCOMPARE(names.size(), kinds + 4);
        add(**patch(m_checkpoint, scaled(2, false)), m_task, m_options); // an edit that is switched off
        QCOMPARE(names.size(), kinds + 4);
        QVERIFY(resultKey(*m_checkpoint, "other", m_task, m_options, nullptr).name() != resultKey(*m_checkpoint, "t", m_task, m_options, nullptr).name());
    }

    void interruptedRunGoesOn()
    {
        Progress whole;
        const auto wanted = evaluateTask(*model(), m_tokenizer, m_task, m_options, nullptr, whole);
        std::size_t first = 0;
        {
            auto kept = open();
            Progress progress;
            const auto stopped = evaluateKept(*kept, [this] { return model(); }, m_tokenizer, m_task, m_options, nullptr, progress, [&](const ItemResult&) {
                if (++first == 20)
                    progress.cancel();
            });
            QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        }
        // The machine went down in the middle of a line.
        const auto path = m_folder / "results" / (key().name() + ".jsonl");
        std::string text = readFile(path);
        writeFile(path, text.substr(0, text.size() - 7));
        std::size_t again = 0, loads = 0;
        {
            auto kept = open();
            QCOMPARE(kept->items().size(), first - 1);
            Progress progress;
            const auto report = evaluateKept(*kept, [&] { return ++loads, model(); }, m_tokenizer, m_task, m_options, nullptr, progress, [&](const ItemResult&) { ++again; });
            QVERIFY(report.has_value());
            QVERIFY(report->items == wanted->items);
            QCOMPARE(report->score, wanted->score);
            QVERIFY(again == 40 && loads == 1);
        }
        // All is there: no model is loaded, nothing is written.
        text = readFile(path);
        auto kept = open();
        Progress progress;
        const auto report = evaluateKept(*kept, [&] { return ++loads, model(); }, m_tokenizer, m_task, m_options, nullptr, progress);
        QVERIFY(report->items == wanted->items && loads == 1);
        QCOMPARE(readFile(path), text);
        const auto busy = KeptResults::open(m_folder / "results", key(), m_task, Json::object());
        QVERIFY(!busy && sentence(busy.error()).find("another run") != std::string::npos);
    }

    void damagedFiles()
    {
        const auto path = m_folder / "results" / (key().name() + ".jsonl");
        std::string text = readFile(path);
        const std::size_t third = text.find('\n', text.find('\n', text.find('\n') + 1) + 1) + 1;
        writeFile(path, text.substr(0, third) + "{\"id\":\"nothing of this task\",\"correct\":true,\"output\":\"\",\"extracted\":\"\",\"reason\":\"\"}\n" + text.substr(third));
        QCOMPARE(open()->items().size(), std::size_t{2}); // up to the damage
        QCOMPARE(readFile(path), text.substr(0, third));
        writeFile(path, "something else\n");
        const auto foreign = KeptResults::open(m_folder / "results", key(), m_task, Json::object());
        QVERIFY(!foreign && sentence(foreign.error()).find("no file of results") != std::string::npos);
        QCOMPARE(readFile(path), std::string("something else\n"));
        writeFile(path, R"({"format":"weightbench.results/1","key":{"model":"x"},"about":{}})" "\n");
        const auto other = KeptResults::open(m_folder / "results", key(), m_task, Json::object());
        QVERIFY(!other && sentence(other.error()).find("another model, task or setting") != std::string::npos);
        writeFile(path, "{\"form"); // torn in its first line
        QVERIFY(open()->items().empty());
    }

    void history()
    {
        const auto folder = m_folder / "history";
        const auto finish = [&](const SourcePtr& source, bool all) {
            auto kept = KeptResults::open(folder, resultKey(*source, "t", m_task, m_options, nullptr), m_task, aboutResult("sample", *source, m_task)).value();
            std::vector<ItemResult> items = {makeItemResult(0, {{true, "a", "a", ""}}), makeItemResult(1, {{false, "b", "b", "no"}})};
            for (const ItemResult& item : items)
                QVERIFY(kept->add(item).has_value());
            if (all)
                QVERIFY(kept->finish(summarise(items, 0)).has_value());
        };
        const std::string files = sourceIdentity(*m_checkpoint);
        finish(m_checkpoint, true);
        const SourcePtr patched = *patch(m_checkpoint, scaled(2));
        finish(patched, true);
        finish(*patch(m_checkpoint, scaled(3)), false); // never finished
        const auto past = ResultStore::history(folder, files);
        QCOMPARE(past.size(), std::size_t{2});
        int recipes = 0;
        for (const PastResult& one : past) {
            QVERIFY(one.n == 2 && one.correct == 1 && one.score == 0.5 && one.time > 1'000'000'000);
            QCOMPARE(one.about["task"], "reverse");
            recipes += one.about["recipe"].is_object() ? 1 : 0;
        }
        QCOMPARE(recipes, 1);
        QVERIFY(ResultStore::history(folder, "others").empty());
        // Edits on edits are one list.
        const SourcePtr twice = *patch(patched, scaled(5));
        QCOMPARE(editsOf(*twice)->size(), std::size_t{2});
        QCOMPARE(sourceIdentity(filesOf(*twice)), files);
    }

private:
    [[nodiscard]] ResultKey key() const { return resultKey(*m_checkpoint, *tokenizerIdentity(*m_checkpoint), m_task, m_options, nullptr); }
    [[nodiscard]] std::unique_ptr<KeptResults> open() const
    {
        return KeptResults::open(m_folder / "results", key(), m_task, aboutResult("sample", *m_checkpoint, m_task)).value();
    }
    [[nodiscard]] Result<ModelPtr> model() const
    {
        Progress progress;
        return Model::load(*m_checkpoint, {"sample", 0, nullptr, {}}, progress);
    }

    TempFolder m_folder;
    CheckpointPtr m_checkpoint;
    TokenizerPtr m_tokenizer;
    EvaluateOptions m_options;
    Task m_task;
};

QTEST_APPLESS_MAIN(TestResultStore)
#include "tst_resultstore.moc"
