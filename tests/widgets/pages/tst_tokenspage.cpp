// Text, pieces and ids on one page; what the embedding holds for a token; the states in which there is nothing to show.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/tokenflow.h"
#include "widgets/jobs.h"
#include "widgets/pages/tokenspage.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTableWidget>
#include <QToolButton>
#include <QtTest>

namespace wb {

using test::makeEdit;
using test::TinyModel;

class TestTokensPage : public QObject {
    Q_OBJECT

private:
    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        TokensPage page{document, jobs, selection};
        QPlainTextEdit* text = page.findChild<QPlainTextEdit*>();
        QLineEdit* ids = page.findChild<QLineEdit*>();
        QTableWidget* nearest = page.findChild<QTableWidget*>();

        explicit Bench(const TinyModel& tiny, const QString& tokenizer = {})
        {
            if (!tokenizer.isEmpty())
                test::writeFile(tiny.path().parent_path() / "tokenizer.json", tokenizer.toStdString());
            document.adopt(tiny.opened());
            page.resize(1000, 700);
            page.show();
            settle();
        }
        void settle()
        {
            do {
                QCoreApplication::processEvents();
            } while (!jobs.running().empty());
            QCoreApplication::processEvents();
        }
        [[nodiscard]] bool says(const QString& words) const
        {
            for (const QLabel* label : page.findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(words)) return true;
            return false;
        }
    };
    // Ten pieces; the embedding of the model has 16 rows.
    static QString tokenizer();

private slots:
    void textBecomesPiecesAndIds();
    void idsBecomeText();
    void aTokenHasItsNormAndNeighbours();
    void editsOfTheEmbeddingAreFollowed();
    void theRowIsShownOnTheTensorPage();
    void withoutTokenizerAndWithABrokenOne();
    void nothingIsOpen();
};

QString TestTokensPage::tokenizer()
{
    return QStringLiteral("{\"added_tokens\":[{\"id\":9,\"content\":\"<end>\",\"special\":true}],\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":"
                          "false},\"decoder\":{\"type\":\"ByteLevel\"},\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2,\"\u0120\":3,\"\u0120ab\":4,"
                          "\"\u010a\":5,\"c\":6},\"merges\":[\"a b\",\"\u0120 ab\"]}}");
}

void TestTokensPage::textBecomesPiecesAndIds()
{
    const TinyModel tiny;
    Bench bench(tiny, tokenizer());
    bench.page.setText(QStringLiteral("ab ab\nc<end>"));
    bench.settle();
    QCOMPARE(bench.page.flow()->count(), 5);
    QCOMPARE(bench.ids->text(), QStringLiteral("2, 4, 5, 6, 9"));
    QVERIFY(bench.says(QStringLiteral("5 token")));
}

void TestTokensPage::idsBecomeText()
{
    const TinyModel tiny;
    Bench bench(tiny, tokenizer());
    bench.page.setIds(QStringLiteral("0 1, 4"));
    bench.settle();
    QCOMPARE(bench.text->toPlainText(), QStringLiteral("ab ab"));
    QCOMPARE(bench.page.flow()->count(), 3); // as given, not as the text would be cut
    QCOMPARE(bench.ids->text(), QStringLiteral("0, 1, 4"));
    bench.page.setIds(QStringLiteral("0, 99"));
    QVERIFY(bench.says(QStringLiteral("99")));
    bench.page.setIds(QStringLiteral("0, x"));
    QVERIFY(bench.says(QStringLiteral("“x”")));
    QCOMPARE(bench.page.flow()->count(), 3);
}

void TestTokensPage::aTokenHasItsNormAndNeighbours()
{
    const TinyModel tiny;
    Bench bench(tiny, tokenizer());
    bench.page.showToken(4);
    bench.settle();
    QVERIFY(bench.says(QStringLiteral("Embedding norm")));
    QCOMPARE(bench.nearest->rowCount(), 15); // all other rows
    Progress progress;
    const auto wanted = nearestRows(*bench.document.original(), *findEmbedding(*bench.document.original()), 4, 1, progress);
    QCOMPARE(bench.nearest->item(0, 1)->text(), QString::number(wanted->front().row));
    const auto id = bench.nearest->item(0, 1)->text().toUInt();
    emit bench.nearest->cellDoubleClicked(0, 0);
    bench.settle();
    QVERIFY(bench.says(QStringLiteral("id %1").arg(id)));
}

void TestTokensPage::editsOfTheEmbeddingAreFollowed()
{
    const TinyModel tiny;
    Bench bench(tiny, tokenizer());
    bench.page.showToken(4);
    bench.settle();
    QString before;
    for (const QLabel* label : bench.page.findChildren<QLabel*>())
        if (label->text().startsWith(QStringLiteral("Embedding norm"))) before = label->text();
    QVERIFY(bench.document.change(bench.document.recipe()->with(makeEdit(Scale{2}, "role=embed_tokens")), QStringLiteral("scale")));
    bench.settle();
    QVERIFY(!before.isEmpty());
    QVERIFY(bench.says(QStringLiteral("Embedding norm")));
    QVERIFY(!bench.says(before));
}

void TestTokensPage::theRowIsShownOnTheTensorPage()
{
    const TinyModel tiny;
    Bench bench(tiny, tokenizer());
    bench.page.showToken(4);
    bench.settle();
    QSignalSpy opened(&bench.selection, &Selection::openRequested), element(&bench.selection, &Selection::elementRequested);
    for (QToolButton* button : bench.page.findChildren<QToolButton*>())
        if (button->text() == QLatin1String("Embedding row")) button->click();
    QCOMPARE(opened.count(), 1);
    QCOMPARE(element.count(), 1);
    QCOMPARE(element[0][0].toULongLong(), 4ULL);
    QCOMPARE(bench.selection.tensor(), findEmbedding(*bench.document.original()));
}

void TestTokensPage::withoutTokenizerAndWithABrokenOne()
{
    const TinyModel tiny;
    {
        const Bench bench(tiny);
        QVERIFY(bench.says(QStringLiteral("This checkpoint has no tokenizer")));
    }
    const Bench bench(tiny, QStringLiteral("{\"model\":{\"type\":\"Morse\",\"vocab\":{\"a\":0}}}"));
    QVERIFY(bench.says(QStringLiteral("The tokenizer cannot be used")));
    QVERIFY(bench.says(QStringLiteral("Morse")));
}

void TestTokensPage::nothingIsOpen()
{
    Jobs jobs;
    Document document(jobs);
    Selection selection;
    TokensPage page(document, jobs, selection);
    page.show();
    QVERIFY(page.findChild<StateView*>()->isVisible());
    QVERIFY(jobs.running().empty());
}

} // namespace wb

QTEST_MAIN(wb::TestTokensPage)
#include "tst_tokenspage.moc"
