// The export dialog: a plan while typing, the proof in words, errors in its banner.
#include "core/recipe/verify.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/banner.h"
#include "widgets/dialogs/exportdialog.h"
#include "widgets/jobs.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

namespace wb {

using test::makeEdit;
using test::TinyModel;

class TestExportDialog : public QObject {
    Q_OBJECT

private:
    struct Bench {
        explicit Bench(const TinyModel& model) { document.adopt(model.opened()); }
        Jobs jobs;
        Document document{jobs};
        ExportDialog dialog{document, jobs, nullptr};
    };
    TinyModel m_model;
    test::TempFolder m_folder;

    QString place(const char* name) const { return QString::fromStdString((m_folder / name).string()); }

private slots:
    void writesWhatIsStagedAndSaysTheProof()
    {
        Bench bench(m_model);
        auto& [jobs, document, dialog] = bench;
        QVERIFY(document.change(document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj")), QStringLiteral("scale")));
        QSignalSpy exported(&dialog, &ExportDialog::exported);
        dialog.begin();
        dialog.setDestination(place("out.safetensors"));
        dialog.start();
        QVERIFY(exported.wait());
        QVERIFY2(dialog.proof().contains(QLatin1String("13 are bit-equal")), qPrintable(dialog.proof()));
        Progress progress;
        QVERIFY(verifyExport(m_folder / "out.safetensors", progress)->ok());
    }

    void aPlaceThatIsTakenIsSaidBeforeAnythingRuns()
    {
        test::writeFile(m_folder / "taken.safetensors", "mine");
        Bench bench(m_model);
        auto& [jobs, document, dialog] = bench;
        dialog.begin();
        dialog.setDestination(place("taken.safetensors"));
        auto* banner = dialog.findChild<Banner*>();
        QTRY_VERIFY(banner->text().contains(QLatin1String("exists")));
        dialog.setDestination(QString::fromStdString(m_model.path().string()));
        QTRY_VERIFY(banner->text().contains(QLatin1String("source")));
        dialog.setDestination(place("free.safetensors"));
        QTRY_VERIFY(banner->text().isEmpty());
        QCOMPARE(test::readFile(m_folder / "taken.safetensors"), "mine");
    }

    void followsTheDocument()
    {
        Bench bench(m_model);
        auto& [jobs, document, dialog] = bench;
        dialog.begin();
        dialog.setDestination(place("chosen.safetensors"));
        QVERIFY(document.change(document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj")), QStringLiteral("scale")));
        auto* path = dialog.findChild<QLineEdit*>();
        QCOMPARE(path->text(), place("chosen.safetensors")); // one more edit is no reason to choose again
        document.close();
        QVERIFY(!dialog.isVisible());
        QTRY_VERIFY(jobs.running().empty());
    }

    // What is said of a stopped export is known when it has ended: it may have been done by then.
    void aStoppedExportSaysHowItEnded()
    {
        Bench bench(m_model);
        auto& [jobs, document, dialog] = bench;
        dialog.begin();
        dialog.setDestination(place("stopped.safetensors"));
        QTRY_VERIFY(jobs.running().empty());
        dialog.start();
        jobs.cancelAll(); // as Esc does
        auto* banner = dialog.findChild<Banner*>();
        QVERIFY(dialog.isRunning());
        QVERIFY(banner->text().isEmpty());
        QTRY_VERIFY(!dialog.isRunning());
        QCOMPARE(std::filesystem::exists(m_folder / "stopped.safetensors"), !dialog.proof().isEmpty());
        QCOMPARE(banner->text().contains(QLatin1String("Stopped")), dialog.proof().isEmpty());
    }

    // The folder that the program was started in is nobody's idea of a place.
    void aRelativePathIsBesideTheSource()
    {
        Bench bench(m_model);
        auto& [jobs, document, dialog] = bench;
        QVERIFY(document.change(document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj")), QStringLiteral("scale")));
        const std::filesystem::path beside = m_model.path().parent_path() / "relative.safetensors";
        QSignalSpy exported(&dialog, &ExportDialog::exported);
        dialog.begin();
        dialog.setDestination(QStringLiteral("relative.safetensors"));
        dialog.start();
        QVERIFY(exported.wait());
        QVERIFY(std::filesystem::exists(beside));
        QVERIFY(!std::filesystem::exists("relative.safetensors"));
        QCOMPARE(exported.at(0).at(0).toString(), QString::fromStdString(beside.string()));
    }

    void neverOffersThePlaceOfTheSource()
    {
        Bench bench(m_model);
        auto& [jobs, document, dialog] = bench;
        dialog.begin();
        auto* banner = dialog.findChild<Banner*>();
        QTRY_VERIFY(jobs.running().empty());
        QVERIFY(banner->text().isEmpty());
    }
};

} // namespace wb

QTEST_MAIN(wb::TestExportDialog)
#include "tst_exportdialog.moc"
