// Staged edits outlive kill -9 of the window, and nothing is left behind by one that ends as it should.
#include "core/recipe/donor.h"
#include "core/recipe/recipejson.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/banner.h"
#include "widgets/jobs.h"
#include "widgets/journal.h"
#include "widgets/mainwindow.h"
#include "widgets/selection.h"

#include <QDir>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QtTest>

namespace wb {

using test::TinyModel;

class TestJournal : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_state = std::make_unique<test::TempFolder>();
        qputenv("XDG_STATE_HOME", QByteArray::fromStdString(m_state->path().string()));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                           QString::fromStdString(m_state->path().string()));
        m_document.adopt(m_model.opened());
    }

    void killedAndFound()
    {
        writeFile(*m_state / "list.json", "[{\"tensor_name\": \"model.layers.1.mlp.down_proj.weight\", \"operation\": \"scale\","
            " \"value\": 0.5, \"target\": \"all\"}]");
        QProcess window;
        window.start(QStringLiteral(WB_WINDOW_BINARY),
                     {QString::fromStdString(m_model.path().string()),
                      QString::fromStdString((*m_state / "list.json").string())});
        QVERIFY(window.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(!files().isEmpty(), 20000);
        QCOMPARE(window.state(), QProcess::Running);
        window.kill();
        QVERIFY(window.waitForFinished());
        QCOMPARE(window.exitStatus(), QProcess::CrashExit);
        Journal journal(m_document);
        const auto found = journal.find();
        QVERIFY(found);
        QCOMPARE(found->recipe->size(), std::size_t{1});
        QCOMPARE(std::get<Scale>(found->recipe->at(0).operation).factor, 0.5);
        QVERIFY(m_document.change(m_document.recipe()->joined(*found->recipe), QStringLiteral("restored")));
        QCOMPARE(m_document.patched()->selectedBy(0).size(), std::size_t{1});
    }

    void writtenSoonAndGoneWhenUndone()
    {
        Journal journal(m_document);
        stage();
        QTRY_COMPARE_WITH_TIMEOUT(files().size(), 1, 1000);
        Document same(m_jobs);
        same.adopt(m_model.opened());
        QVERIFY(!Journal(same).find()); // its window is alive
        m_document.undoStack().undo();
        QTRY_VERIFY(files().isEmpty());
        stage();
        QTRY_COMPARE(files().size(), 1);
        m_document.close();
        QVERIFY(files().isEmpty());
    }

    void goneWhenTheWindowEnds()
    {
        {
            Journal journal(m_document);
            stage();
            journal.write();
            QCOMPARE(files().size(), 1);
        }
        QVERIFY(files().isEmpty());
    }

    void damagedAndForeignFilesArePassedOver()
    {
        Journal journal(m_document);
        stage();
        journal.write();
        const QString left = leaveBehind();
        QVERIFY(journal.find());
        writeFile(left.toStdString(), "{");
        QVERIFY(!journal.find());
    }

    // In a container every process may have the same number.
    void aNumberThatComesAgainIsAnotherProcess()
    {
        Journal journal(m_document);
        stage();
        journal.write();
        QVERIFY(!journal.find());
        leaveBehind(QCoreApplication::applicationPid());
        QVERIFY(journal.find());
    }

    void theBannerRestores()
    {
        {
            Journal journal(m_document);
            stage();
            journal.write();
            leaveBehind();
        }
        QCOMPARE(files().size(), 1);
        Selection selection;
        MainWindow window(m_document, m_jobs, selection);
        window.show();
        m_document.undoStack().setClean();
        window.openPath(QString::fromStdString(m_model.path().string()));
        auto* banner = window.centralWidget()->findChild<Banner*>(QString(), Qt::FindDirectChildrenOnly);
        QTRY_VERIFY(!banner->text().isEmpty());
        QVERIFY(m_document.recipe()->empty());
        banner->findChild<QPushButton*>()->click();
        QCOMPARE(m_document.recipe()->size(), std::size_t{1});
        QVERIFY(window.isWindowModified());
        QCOMPARE(files().size(), 1); // the new one in the place of the old
        QVERIFY(!Journal(m_document).find());
        m_document.close();
        QTRY_VERIFY(m_jobs.running().empty());
    }

    // A transplant is restored with the checkpoint that it takes from.
    void aTransplantComesBack()
    {
        const auto folder = std::filesystem::path(WB_SOURCE_DIR) / "resources/sample";
        const auto opened = openForWindow(folder / "original");
        Progress progress;
        const auto donor = donorOf(folder / "damaged", 3, progress);
        QVERIFY(opened && donor);
        Edit edit;
        edit.operation = LayerEdit{LayerEdit::Kind::Transplant, 3, 4, nullptr, *donor};
        Document killed(m_jobs), restored(m_jobs);
        killed.adopt(*opened);
        Journal journal(killed);
        QVERIFY(killed.change(killed.recipe()->with(edit), QStringLiteral("transplant")));
        journal.write();
        leaveBehind();
        restored.adopt(*opened);
        const auto found = Journal(restored).find();
        QVERIFY(found);
        QVERIFY(restored.change(found->recipe, QStringLiteral("restored")));
        const auto* layers = std::get_if<LayerEdit>(&restored.recipe()->at(0).operation);
        QVERIFY(layers && layers->donor && layers->donor->sha256 == donor->sha256);
    }

private:
    void stage()
    {
        QVERIFY(m_document.change(m_document.recipe()->with(test::makeEdit(Zero{}, "layer=0")), QStringLiteral("zero")));
    }
    QDir folder() { return QDir(QString::fromStdString(journalFolder().string())); }
    QStringList files() { return folder().entryList({QStringLiteral("*.json")}, QDir::Files); }
    // A copy of the one journal as if its process were no more.
    QString leaveBehind(qint64 process = 1 << 30)
    {
        constexpr int longAgo = 1;
        const QString name = files().front();
        const QString left = folder().filePath(
            QStringLiteral("%1.%2-%3.1.json").arg(name.section(QLatin1Char('.'), 0, 0)).arg(process).arg(longAgo));
        QFile::copy(folder().filePath(name), left);
        return left;
    }
    static void writeFile(const std::filesystem::path& path, const QByteArray& text)
    {
        QFile file(QString::fromStdString(path.string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    TinyModel m_model;
    Jobs m_jobs;
    Document m_document{m_jobs};
    std::unique_ptr<test::TempFolder> m_state;
};

} // namespace wb

QTEST_MAIN(wb::TestJournal)
#include "tst_journal.moc"
