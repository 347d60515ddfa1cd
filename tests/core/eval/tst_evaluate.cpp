// The sample model on its tasks: what an item gets does not depend on its company, and drawn answers go by seed and item.
#include "core/checkpoint/open.h"
#include "core/eval/resultjson.h"
#include "core/eval/shippedtasks.h"
#include "core/model/generationconfig.h"

#include <QtTest>

using namespace wb;

class TestEvaluate : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        const auto checkpoint = openCheckpoint(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/original");
        QVERIFY(checkpoint.has_value());
        Progress progress;
        m_model = Model::load(**checkpoint, {"sample", 0, nullptr, {}}, progress).value_or(nullptr);
        m_tokenizer = loadTokenizer(**checkpoint).value_or(nullptr);
        QVERIFY(m_model && m_tokenizer);
        m_options.endTokens = readGenerationConfig(**checkpoint, m_tokenizer.get())->endTokens;
        m_options.maxTokens = 24;
    }

    void companyAndOrderChangeNothing()
    {
        for (const char* name : {"reverse", "categories"}) {
            const Task task = *findTask(name);
            EvaluateOptions options = m_options;
            options.limit = 40;
            const EvaluationReport whole = run(task, options);
            options.otherOrder = true;
            const EvaluationReport backwards = run(task, options);
            QCOMPARE(flippedItems(whole, backwards), std::size_t{0});
            QVERIFY(whole.items == backwards.items); // to the letter
            options.limit = 3;
            options.otherOrder = false;
            for (const ItemResult& alone : run(task, options).items) {
                const auto same = std::ranges::find(whole.items, alone.item, &ItemResult::item);
                QVERIFY(same == whole.items.end() || *same == alone);
            }
            QVERIFY(whole.score > 0.9);
            QCOMPARE(whole.passAt.size(), std::size_t{1});
            QCOMPARE(whole.passAt[0].estimate.value, whole.score);
        }
    }

    void drawnAnswers()
    {
        const Task task = *findTask("transform_sort"); // a coin decides what is right
        EvaluateOptions options = m_options;
        options.limit = 12;
        options.samples = 20;
        options.sampling.temperature = 1;
        const EvaluationReport report = run(task, options);
        QCOMPARE(report.items.size(), std::size_t{12});
        double shares = 0;
        bool both = false;
        for (const ItemResult& item : report.items) {
            QCOMPARE(item.samples.size(), std::size_t{20});
            shares += item.outcome().share();
            both = both || (item.outcome().passed > 0 && item.outcome().passed < 20);
        }
        QVERIFY(both);
        QVERIFY(std::abs(report.score - shares / 12) < 1e-12);
        QCOMPARE(report.passAt.size(), std::size_t{3}); // 1, 10, 20
        QVERIFY(report.passAt[0].estimate.value == report.score && report.passAt[1].estimate.value > report.score && report.passAt[2].estimate.value >= report.passAt[1].estimate.value);
        QVERIFY(run(task, options).items == report.items);
        // Fewer answers are the first of many; fewer items get the same ones.
        options.samples = 3;
        for (const ItemResult& item : run(task, options).items) {
            const auto same = std::ranges::find(report.items, item.item, &ItemResult::item);
            QVERIFY(std::ranges::equal(item.samples, std::span(same->samples).first(3)));
        }
        options.seed = 1;
        options.limit = 0;
        Task one = task;
        one.items.resize(1);
        const EvaluationReport alone = run(one, options);
        options.seed = 2;
        options.samples = 20;
        QVERIFY(run(one, options).items[0].output != "" && alone.items.size() == 1);
        const auto refused = [&](const Task& of, std::size_t samples, double temperature) {
            EvaluateOptions bad = m_options;
            bad.samples = samples;
            bad.sampling.temperature = temperature;
            return !checkOptions(of, bad);
        };
        QVERIFY(refused(task, 2, 0) && refused(task, 0, 1) && refused(*findTask("categories"), 2, 1) && refused(task, 2, -1));
        QVERIFY(!refused(task, 2, 0.5));
    }

    void examplesHelpNobodyHere()
    {
        const Task task = *findTask("arithmetic");
        EvaluateOptions options = m_options;
        options.limit = 20;
        const Task examples = *findTask("arithmetic");
        options.shots = *FewShot::choose(task, 2, nullptr, 0);
        const EvaluationReport report = run(task, options);
        QVERIFY(report.score > 0.5);
        const Json settings = settingsToJson(task, options);
        QCOMPARE(settings["shots"], 2U);
        QVERIFY(settings["shots_form"].get<std::string>().starts_with("2 examples of arithmetic"));
        QCOMPARE(settings["sampling"], "greedy");
    }

    void jsonAndBack()
    {
        const Task task = *findTask("sort");
        const ItemResult single = makeItemResult(3, {{true, "out", "taken", ""}});
        QCOMPARE(*itemFromJson(itemToJson(task, single), task, 3), single);
        QVERIFY(!itemFromJson(itemToJson(task, single), task, 4));
        const ItemResult several = makeItemResult(3, {{true, "a", "a", ""}, {false, "b", "b", "no"}, {true, "c", "c", ""}});
        QVERIFY(several.correct);
        QCOMPARE(itemToJson(task, several)["passed"], 2U);
        QCOMPARE(*itemFromJson(itemToJson(task, several), task, 3), several);
    }

private:
    EvaluationReport run(const Task& task, const EvaluateOptions& options)
    {
        Progress progress;
        auto report = evaluateTask(m_model, m_tokenizer, task, options, nullptr, progress);
        return report ? *report : EvaluationReport{};
    }

    ModelPtr m_model;
    TokenizerPtr m_tokenizer;
    EvaluateOptions m_options;
};

QTEST_APPLESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
