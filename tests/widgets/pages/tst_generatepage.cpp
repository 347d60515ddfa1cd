// Original beside patched on the bundled damaged sample: one scale repairs it, and the answer changes.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/candidatescard.h"
#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/pages/generatepage.h"
#include "widgets/samplingform.h"
#include "widgets/selection.h"
#include "widgets/temperaturestrip.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QtTest>

namespace wb {

using Side = TokenView::Side;

class TestGeneratePage : public QObject {
    Q_OBJECT

private:
    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        GeneratePage page{document, jobs, selection};

        explicit Bench(const std::filesystem::path& path)
        {
            page.resize(1000, 700);
            page.show();
            const auto opened = openForWindow(path);
            if (opened) document.adopt(*opened);
            settle();
        }
        void settle()
        {
            do {
                QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
            } while (!jobs.running().empty());
            QCoreApplication::processEvents();
        }
        void repair(double factor = 0.0625)
        {
            QVERIFY(document.change(document.recipe()->with(test::makeEdit(Scale{factor}, "role=down_proj layer=1")), QStringLiteral("repair")));
            settle();
        }
        [[nodiscard]] QString text(Side side) const { return page.view(side).toPlainText(); }
        [[nodiscard]] bool says(const QString& words) const
        {
            for (const QLabel* label : page.findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(words)) return true;
            return false;
        }
    };
    static std::filesystem::path sample(const char* name) { return std::filesystem::path(WB_SOURCE_DIR) / "resources/sample" / name; }

private slots:
    void originalAndPatchedAnswer()
    {
        Bench bench(sample("damaged"));
        bench.page.generate(QStringLiteral("79-48="));
        bench.settle();
        const QString damaged = bench.text(Side::Original);
        QVERIFY(!damaged.isEmpty());
        QVERIFY(!damaged.startsWith(QStringLiteral("31\n")));
        QCOMPARE(bench.text(Side::Patched), QString());
        QCOMPARE(bench.page.note(Side::Patched), QStringLiteral("no edits are staged"));
        bench.repair(); // the page follows: only the patched side runs
        QVERIFY2(bench.text(Side::Patched).startsWith(QStringLiteral("31\n")), qPrintable(bench.text(Side::Patched)));
        QCOMPARE(bench.text(Side::Original), damaged);
        QVERIFY(bench.page.note(Side::Patched).contains(QStringLiteral("first difference at token 1")));
        bench.document.undoStack().undo();
        bench.settle();
        QCOMPARE(bench.text(Side::Patched), QString());
    }

    void aChatIsPutIntoForm()
    {
        Bench bench(sample("original"));
        auto* chat = bench.page.findChild<QCheckBox*>(QStringLiteral("chat"));
        auto* system = bench.page.findChild<QLineEdit*>(QStringLiteral("system"));
        auto* rendered = bench.page.findChild<QLabel*>(QStringLiteral("rendered"));
        QVERIFY(chat->isEnabled() && !system->isVisible());
        bench.page.generate(QStringLiteral("84+62="));
        bench.settle();
        const QString plain = bench.text(Side::Original);
        chat->setChecked(true);
        system->setText(QStringLiteral("Add."));
        bench.settle();
        QVERIFY2(rendered->toolTip().contains(QStringLiteral("&lt;|im_start|&gt;user<br>84+62=")), qPrintable(rendered->toolTip()));
        bench.page.generate(QStringLiteral("84+62="));
        bench.settle();
        QVERIFY(bench.text(Side::Original) != plain);
        auto* table = bench.page.findChild<QTableView*>();
        QCOMPARE(table->model()->rowCount(), 2);
        QVERIFY(table->model()->index(0, 0).data().toString().startsWith(QStringLiteral("chat: ")));
        QMetaObject::invokeMethod(table, "clicked", Q_ARG(QModelIndex, table->model()->index(1, 0)));
        QCOMPARE(chat->isChecked(), false);
        QCOMPARE(bench.text(Side::Original), plain);
    }

    void runsAreRemembered()
    {
        Bench bench(sample("original"));
        bench.page.generate(QStringLiteral("84+62="));
        bench.settle();
        const QString first = bench.text(Side::Original);
        QVERIFY(first.startsWith(QStringLiteral("146\n")));
        bench.page.generate(QStringLiteral("reverse c r y l j ="));
        bench.settle();
        QVERIFY(bench.text(Side::Original).startsWith(QStringLiteral(" j l y r c\n")));
        auto* table = bench.page.findChild<QTableView*>();
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->index(1, 0).data().toString(), QStringLiteral("84+62="));
        emit table->clicked(table->model()->index(1, 0));
        QCOMPARE(bench.text(Side::Original), first);
        QCOMPARE(bench.page.findChild<QPlainTextEdit*>()->toPlainText(), QStringLiteral("84+62="));
    }

    void samplingIsSeeded()
    {
        Bench bench(sample("original"));
        auto* form = bench.page.findChild<SamplingForm*>();
        GenerateOptions options = form->options();
        options.sampling.temperature = 1.5;
        options.sampling.topP = 0.9;
        options.sampling.seed = 7;
        form->setOptions(options);
        QCOMPARE(form->options().sampling, options.sampling);
        QVERIFY(bench.says(QStringLiteral("temperature 1.5 → top-p 0.9 → seed 7")));
        bench.page.generate(QStringLiteral("Once"));
        bench.settle();
        const QString first = bench.text(Side::Original);
        options.sampling.seed = 8;
        form->setOptions(options);
        bench.page.generate(QStringLiteral("Once"));
        bench.settle();
        QVERIFY(bench.text(Side::Original) != first);
        options.sampling.seed = 7;
        form->setOptions(options);
        bench.page.generate(QStringLiteral("Once"));
        bench.settle();
        QCOMPARE(bench.text(Side::Original), first);
    }

    void candidatesOfAToken()
    {
        Bench bench(sample("original"));
        bench.page.generate(QStringLiteral("84+62="));
        bench.settle();
        const TokenView& view = bench.page.view(Side::Original);
        QVERIFY(view.count() >= 3);
        QCOMPARE(view.token(0).sampled.candidates.size(), std::size_t{8});
        emit const_cast<TokenView&>(view).hovered(0, QRect(10, 10, 1, 16));
        auto* card = bench.page.findChild<CandidatesCard*>();
        QVERIFY(card->isVisible());
        QVERIFY2(card->text().startsWith(QStringLiteral("Candidates of “1”\n1\t")), qPrintable(card->text()));
        emit const_cast<TokenView&>(view).hovered(-1, {});
        QVERIFY(!card->isVisible());
    }

    void aTemperatureForEachToken()
    {
        Bench bench(sample("original"));
        auto* form = bench.page.findChild<SamplingForm*>();
        auto* strip = bench.page.findChild<TemperatureStrip*>();
        GenerateOptions options = form->options();
        options.sampling = {.temperature = 0.9, .seed = 3, .rule = {.source = TemperatureSource::Entropy, .range = 0.5, .exponent = 2}};
        options.endTokens = {};
        options.maxTokens = 12;
        form->setOptions(options);
        QCOMPARE(form->options().sampling, options.sampling);
        QVERIFY(bench.says(QStringLiteral("temperature 0.4 … 1.4 by entropy")));
        bench.page.generate(QStringLiteral("Once"));
        bench.settle();
        QVERIFY(strip->isVisible());
        QCOMPARE(strip->temperatures().size(), std::size_t{12});
        for (const double t : strip->temperatures())
            QVERIFY(t >= 0.4 && t <= 1.4);
        QVERIFY(*std::ranges::max_element(strip->temperatures()) > *std::ranges::min_element(strip->temperatures()));
        emit strip->hovered(1, QRect(10, 0, 10, 10));
        QVERIFY(bench.page.findChild<CandidatesCard*>()->text().contains(QStringLiteral("temperature ")));
        options.sampling.rule = {.source = TemperatureSource::Regions, .code = 0.2, .number = 0, .quote = 0.5};
        form->setOptions(options);
        QCOMPARE(form->options().sampling, options.sampling);
        options.sampling.rule = {};
        form->setOptions(options);
        bench.page.generate(QStringLiteral("Once"));
        bench.settle();
        QVERIFY(!strip->isVisible());
    }

    void stopKeepsWhatThereIs()
    {
        Bench bench(sample("original"));
        auto* form = bench.page.findChild<SamplingForm*>();
        GenerateOptions options = form->options();
        options.maxTokens = 100'000;
        options.endTokens = {}; // past the end token
        form->setOptions(options);
        bench.page.generate(QStringLiteral("Once"));
        QTRY_VERIFY(bench.page.view(Side::Original).count() > 3);
        bench.page.stop();
        QElapsedTimer clock;
        clock.start();
        bench.settle();
        QVERIFY(clock.elapsed() < 2000);
        QVERIFY(bench.page.view(Side::Original).count() > 3);
        QVERIFY(bench.page.note(Side::Original).startsWith(QStringLiteral("stopped")));
        QCOMPARE(bench.page.findChild<QPushButton*>(QStringLiteral("generate"))->text(), QStringLiteral("Generate"));
    }

    void whatDoesNotRunSaysWhy()
    {
        const test::TinyModel tiny; // no tokenizer
        Bench bench(tiny.path());
        QVERIFY(bench.says(QStringLiteral("This model does not answer here")));
        Bench empty("/nowhere");
        QVERIFY(empty.says(QStringLiteral("Nothing is open")));
    }
};

} // namespace wb

QTEST_MAIN(wb::TestGeneratePage)
#include "tst_generatepage.moc"
