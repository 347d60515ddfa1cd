// The palette finds actions and tensors by a few letters; the keys are all there; windows come and go.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/commandpalette.h"
#include "widgets/fuzzy.h"
#include "widgets/jobs.h"
#include "widgets/keymap.h"
#include "widgets/mainwindow.h"
#include "widgets/selection.h"
#include "widgets/windows.h"

#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QSettings>
#include <QtTest>

namespace wb {

using test::TinyModel;

class TestCommandPalette : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                           QString::fromStdString(m_settings.path().string()));
    }

    void letters()
    {
        const auto score = [](const char* typed, const char* text) {
            return fuzzyScore(QString::fromUtf8(typed), QString::fromUtf8(text));
        };
        QVERIFY(!score("xyz", "model.layers"));
        QVERIFY(!score("sledom", "models"));
        QVERIFY(score("", "anything"));
        QVERIFY(score("l1down", "model.layers.1.mlp.down_proj.weight"));
        QVERIFY(*score("down", "model.down_proj") > *score("down", "model.odd_own_name"));
        QVERIFY(*score("norm", "norm") > *score("norm", "model.layers.0.input_layernorm.weight"));
        QVERIFY(score("NORM", "norm"));
        QVERIFY(score("ab", "xab.a")); // the beginning of a word must not hide the rest
    }

    void goesToATensor()
    {
        CommandPalette palette(m_document, m_selection, nullptr);
        m_document.adopt(m_model.opened());
        palette.begin({});
        QTest::keyClicks(palette.findChild<QLineEdit*>(), QStringLiteral("1down"));
        QTest::keyClick(palette.findChild<QLineEdit*>(), Qt::Key_Return);
        QCOMPARE(m_selection.tensor(), m_document.original()->find(TinyModel::down1));
        m_document.close();
    }

    void runsAnActionButNoDisabledOne()
    {
        CommandPalette palette(m_document, m_selection, nullptr);
        QAction run(QStringLiteral("&Frobnicate")), off(QStringLiteral("Frobnicate not"));
        off.setEnabled(false);
        int ran = 0;
        connect(&run, &QAction::triggered, this, [&ran] { ++ran; });
        palette.begin({{QStringLiteral("Edit › Frobnicate"), &run}, {QStringLiteral("Edit › Frobnicate not"), &off}});
        QTest::keyClicks(palette.findChild<QLineEdit*>(), QStringLiteral("frob"));
        QCOMPARE(palette.findChild<QListWidget*>()->count(), 1);
        QTest::keyClick(palette.findChild<QLineEdit*>(), Qt::Key_Return);
        QCOMPARE(ran, 1);
    }

    void everyKeyIsOnTheMap()
    {
        Windows windows;
        MainWindow& window = windows.open();
        KeyMap map(menuActions(*window.menuBar()), nullptr);
        QString all;
        for (const QLabel* label : map.findChildren<QLabel*>())
            all += label->text() + QLatin1Char('\n');
        for (const char* keys : {"Ctrl+O", "Ctrl+Shift+P", "F1", "Alt+Left", "Ctrl+Z", "Ctrl+E"})
            QVERIFY2(all.contains(QLatin1String(keys)), keys);
    }

    void windowsAreIndependent()
    {
        Windows windows;
        MainWindow& first = windows.open();
        emit first.newWindowRequested(QString());
        QCOMPARE(windows.count(), std::size_t{2});
        first.close();
        QTRY_COMPARE(windows.count(), std::size_t{1});
    }

private:
    test::TempFolder m_settings;
    TinyModel m_model;
    Jobs m_jobs;
    Document m_document{m_jobs};
    Selection m_selection;
};

} // namespace wb

QTEST_MAIN(wb::TestCommandPalette)
#include "tst_commandpalette.moc"
