// Choices by log-likelihood on the bundled sample: read together, one by one, and each in a pass of its own.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/checkpoint/open.h"
#include "core/eval/choice.h"
#include "core/eval/shippedtasks.h"
#include "core/text/tokenizer.h"
#include "tests/support/support.h"

#include <QtTest>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

const std::filesystem::path sample = std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/damaged";

} // namespace

class TestChoice : public QObject {
    Q_OBJECT
private slots:
    void togetherAloneAndWhole()
    {
        const auto checkpoint = openCheckpoint(sample);
        QVERIFY(checkpoint);
        Progress progress;
        const ModelPtr model = Model::load(**checkpoint, {"test", 0, nullptr, {}}, progress).value_or(nullptr);
        QVERIFY(model);
        const auto tokenizer = loadTokenizer(**checkpoint);
        QVERIFY(tokenizer);
        const auto task = findTask("categories");
        QVERIFY(task);
        KvCache together(model->config()), alone(model->config());
        Workspace space;
        // A place for states makes each choice a pass of its own; no room: nothing is kept.
        BoundaryStates none(model, Precision::F32, {1}, 0);
        for (const std::size_t index : {std::size_t{0}, std::size_t{7}, std::size_t{19}}) {
            const TaskItem& item = task->items[index];
            std::vector<std::string> choices = item.choices;
            choices.emplace_back(" a choice of so many words that it is longer than what is read in company, and so has a pass of its own");
            const ItemPrompt prompt{item.prompt, false};
            const auto a = scoreChoices(*model, **tokenizer, prompt, choices, Precision::F32, together, space, progress);
            const auto b = scoreChoices(*model, **tokenizer, prompt, choices, Precision::F32, alone, space, progress, &none);
            QVERIFY(a && b);
            QCOMPARE(a->size(), choices.size());
            for (std::size_t i = 0; i < choices.size(); ++i) {
                QCOMPARE((*a)[i].logprob, (*b)[i].logprob); // the same bits
                const auto ids = (*tokenizer)->encode(item.prompt + choices[i], true)->ids;
                KvCache cache(model->config());
                std::vector<Sequence> whole{{&cache, ids}};
                const auto hidden = forward(*model, whole, {}, space);
                QVERIFY(hidden);
                std::vector<float> logits(ids.size() * model->config().vocabulary);
                computeLogits(*model, *hidden, Precision::F32, Product::RowByRow, logits);
                double total = 0;
                for (std::size_t row = ids.size() - 1 - (*a)[i].tokens; row + 1 < ids.size(); ++row) {
                    const float* mine = logits.data() + row * model->config().vocabulary;
                    total += static_cast<double>(mine[ids[row + 1]]) - kernels::logSumExp(mine, model->config().vocabulary);
                }
                QVERIFY2(std::abs(total - (*a)[i].logprob) < 1e-3, qPrintable(QString("%1 instead of %2").arg((*a)[i].logprob).arg(total)));
            }
        }
    }

    // A window loses what stands before a long choice: it is read again, not left out.
    void longChoicesBehindAWindow()
    {
        const TempFolder folder;
        std::filesystem::copy(sample, folder.path(), std::filesystem::copy_options::recursive);
        auto config = readJson(sample / "config.json", true, 1U << 20);
        QVERIFY(config);
        (*config)["use_sliding_window"] = true;
        (*config)["sliding_window"] = 8;
        (*config)["max_window_layers"] = 0;
        QVERIFY(writeTextAtomically(folder.path() / "config.json", dumpJson(*config)));
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        Progress progress;
        const ModelPtr model = Model::load(**checkpoint, {"test", 0, nullptr, {}}, progress).value_or(nullptr);
        QVERIFY(model);
        const auto tokenizer = loadTokenizer(**checkpoint);
        QVERIFY(tokenizer);
        std::string text;
        for (int i = 0; i < 400; ++i)
            text += " the cat";
        const ItemPrompt prompt{text, false};
        const std::vector<std::string> choices = {text + text, " sat", " on" + text};
        KvCache cache(model->config());
        Workspace space;
        const auto all = scoreChoices(*model, **tokenizer, prompt, choices, Precision::F32, cache, space, progress);
        QVERIFY(all);
        QVERIFY((*all)[0].tokens > 1024);
        QVERIFY((*all)[2].tokens > 512);
        for (std::size_t i = 1; i < choices.size(); ++i) { // behind the first
            KvCache own(model->config());
            const auto alone = scoreChoices(*model, **tokenizer, prompt, {choices[i]}, Precision::F32, own, space, progress);
            QVERIFY(alone);
            const double difference = std::abs((*alone)[0].logprob - (*all)[i].logprob) / static_cast<double>((*all)[i].tokens);
            QVERIFY2(difference < 1e-4, qPrintable(QString("choice %1: %2 instead of %3").arg(i).arg((*all)[i].logprob).arg((*alone)[0].logprob)));
        }
    }
};

QTEST_APPLESS_MAIN(TestChoice)
#include "tst_choice.moc"
