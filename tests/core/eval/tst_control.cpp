// A random edit of the size of an edit; the models side by side until it is clear.
#include "core/checkpoint/open.h"
#include "core/eval/control.h"
#include "core/eval/sequentialrun.h"
#include "core/eval/shippedtasks.h"
#include "core/model/generationconfig.h"
#include "core/recipe/patchedsource.h"

#include <QtTest>

#include <cmath>

using namespace wb;

namespace {

SourcePtr edited(const SourcePtr& base, double factor, const char* select)
{
    Edit edit;
    edit.operation = Scale{factor};
    edit.select = *Selector::parse(select);
    return *patch(base, std::make_shared<const Recipe>()->with(edit));
}

} // namespace

class TestControl : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        for (const auto& [name, into] : {std::pair("original", &m_original), std::pair("damaged", &m_damaged)})
            *into = openCheckpoint(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample" / name).value_or(nullptr);
        QVERIFY(m_original && m_damaged);
    }

    void equalNorm()
    {
        Progress progress;
        const auto control = controlOf(m_original, edited(m_original, 1.5, "role=down_proj"), 3, progress);
        QVERIFY(control.has_value());
        QCOMPARE(control->recipe->size(), std::size_t{8});
        // ‖1.5 W − W‖ = ½ ‖W‖, by other means.
        double squares = 0;
        const SourcePtr nothing = edited(m_original, 0, "role=down_proj");
        for (std::size_t i = 0; i < m_original->tensors().size(); ++i)
            squares += std::pow(*differenceNorm(*m_original, i, *nothing, i), 2);
        QVERIFY(std::abs(control->editNorm - 0.5 * std::sqrt(squares)) < 0.003 * control->editNorm); // stored in BF16
        QVERIFY(std::abs(control->controlNorm - control->editNorm) < 0.002 * control->editNorm);
        const SourcePtr patched = *patch(m_original, control->recipe);
        for (std::size_t i = 0; i < m_original->tensors().size(); ++i)
            QCOMPARE(patched->fingerprint(i) == m_original->fingerprint(i), m_original->tensors()[i].name.find("down_proj") == std::string::npos);
        QVERIFY(*controlOf(m_original, edited(m_original, 1.5, "role=down_proj"), 3, progress)->recipe == *control->recipe);
        QVERIFY(!(*controlOf(m_original, edited(m_original, 1.5, "role=down_proj"), 4, progress)->recipe == *control->recipe));
    }

    void otherCheckpointAndSmallEdits()
    {
        Progress progress;
        const auto damage = controlOf(m_original, m_damaged, 0, progress); // one tensor of other files, found by its values
        QVERIFY(damage.has_value());
        QCOMPARE(damage->recipe->size(), std::size_t{1});
        QVERIFY(std::abs(damage->controlNorm / damage->editNorm - 1) < 0.002);
        // A hundredth of a step of BF16: rounding takes most of the noise away, and the norm is made up for.
        const auto small = controlOf(m_original, edited(m_original, 1.004, "role=down_proj layer=2"), 0, progress);
        QVERIFY(small.has_value());
        QVERIFY2(std::abs(small->controlNorm / small->editNorm - 1) < 0.2, qPrintable(QString::number(small->controlNorm / small->editNorm)));
        const auto none = controlOf(m_original, m_original, 0, progress);
        QVERIFY(!none && sentence(none.error()).find("nothing differs") != std::string::npos);
    }

    void sideBySide()
    {
        const Task task = *findTask("arithmetic");
        EvaluateOptions options;
        options.maxTokens = 24;
        const auto run = [&](const SourcePtr& b) {
            Progress progress;
            const TokenizerPtr tokenizer = *loadTokenizer(*m_original);
            options.endTokens = readGenerationConfig(*m_original, tokenizer.get())->endTokens;
            Scorer first(*Model::load(*m_original, {"a", 0, nullptr, {}}, progress), tokenizer, task, options, nullptr);
            Scorer second(*Model::load(*b, {"b", 0, nullptr, {}}, progress), tokenizer, task, options, nullptr);
            return evaluateUntilClear(first, second, task, options, SequentialDesign(task.items.size(), 0.05), progress).value();
        };
        const SequentialReport damage = run(m_damaged);
        QCOMPARE(damage.end, SequentialEnd::Difference);
        QCOMPARE(damage.a.items.size(), std::size_t{16}); // the first block tells
        QVERIFY(damage.p < 0.05 && damage.p > 0.0001);
        const SequentialReport same = run(m_original);
        QVERIFY(same.end == SequentialEnd::Hopeless && same.p == 1 && same.discordant == 0);
        QVERIFY(same.a.items.size() > 150 && same.a.items.size() < 200);
        std::vector<std::size_t> order = shuffledItems(task, options);
        QVERIFY(!std::ranges::is_sorted(order));
        std::ranges::sort(order);
        QCOMPARE(order, chosenItems(task, options));
    }

private:
    CheckpointPtr m_original, m_damaged;
};

QTEST_APPLESS_MAIN(TestControl)
#include "tst_control.moc"
