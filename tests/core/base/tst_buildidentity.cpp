#include "core/base/buildidentity.h"

#include <QProcess>
#include <QtTest>

class TestBuildIdentity : public QObject {
    Q_OBJECT
private slots:
    void isTheLinkers()
    {
        const QString mine = QString::fromStdString(wb::buildIdentity());
        QVERIFY(mine.isEmpty() || mine.size() >= 16);
        QProcess readelf;
        readelf.start(QStringLiteral("readelf"), {QStringLiteral("-n"), QCoreApplication::applicationFilePath()});
        if (!readelf.waitForFinished(10'000) || readelf.exitCode() != 0)
            QSKIP("readelf is not here");
        const QString said = QString::fromUtf8(readelf.readAllStandardOutput());
        QCOMPARE(said.contains(QStringLiteral("Build ID: ") + mine), !mine.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestBuildIdentity)
#include "tst_buildidentity.moc"
