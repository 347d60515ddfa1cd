// The translations are whole: every text of the sources has one, and nothing that is filled in is lost in it.
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>

namespace {

struct Message {
    QString context, source;
    QStringList forms;
    bool numerus = false, unfinished = false;
};

QList<Message> read(const QString& path)
{
    QFile file(path);
    QList<Message> messages;
    if (!file.open(QIODevice::ReadOnly)) return messages;
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement()) continue;
        const QString name = xml.name().toString();
        if (name == QLatin1String("name")) context = xml.readElementText();
        if (name == QLatin1String("message")) {
            messages << Message{context, {}, {}, xml.attributes().value(QLatin1String("numerus")) == QLatin1String("yes")};
        } else if (name == QLatin1String("source")) {
            messages.back().source = xml.readElementText();
        } else if (name == QLatin1String("translation")) {
            messages.back().unfinished = xml.attributes().hasAttribute(QLatin1String("type"));
            if (!messages.back().numerus) messages.back().forms << xml.readElementText();
        } else if (name == QLatin1String("numerusform")) {
            messages.back().forms << xml.readElementText();
        }
    }
    return messages;
}

QStringList placeholders(const QString& text)
{
    static const QRegularExpression pattern(QStringLiteral("%n|%[0-9]|</?[a-z]+>"));
    QStringList found;
    for (auto it = pattern.globalMatch(text); it.hasNext();)
        found << it.next().captured();
    found.sort();
    return found;
}

QString translations(const char* language)
{
    return QStringLiteral(WB_SOURCE_DIR "/translations/weightbench_%1.ts").arg(QLatin1String(language));
}

QSet<QString> keys(const QList<Message>& messages)
{
    QSet<QString> set;
    for (const Message& message : messages)
        set << message.context + QStringLiteral(": ") + message.source;
    return set;
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT

private slots:
    void everyTextIsTranslatedWithAllThatIsFilledIn_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("forms");
        QTest::newRow("English plurals") << translations("en") << 2;
        QTest::newRow("Russian") << translations("ru") << 3;
    }
    void everyTextIsTranslatedWithAllThatIsFilledIn()
    {
        QFETCH(QString, path);
        QFETCH(int, forms);
        const QList<Message> messages = read(path);
        QVERIFY(messages.size() > 10);
        for (const Message& message : messages) {
            QVERIFY2(!message.unfinished, qPrintable(message.source));
            QCOMPARE(message.forms.size(), message.numerus ? forms : 1);
            for (const QString& form : message.forms) {
                QVERIFY2(!form.isEmpty(), qPrintable(message.source));
                QVERIFY2(placeholders(form) == placeholders(message.source), qPrintable(message.source + QStringLiteral(" → ") + form));
            }
        }
    }

    // A text of a class is looked for under its whole name: one that lupdate filed under another stays English.
    void classesHaveTheirWholeNames()
    {
        const QStringList tables = {QStringLiteral("errors"), QStringLiteral("verdicts"), QStringLiteral("reasons"), QStringLiteral("main")};
        for (const Message& message : read(translations("ru")))
            QVERIFY2(message.context.startsWith(QStringLiteral("wb::")) || tables.contains(message.context), qPrintable(message.context));
    }

    void noTextOfTheSourcesIsMissing()
    {
        const QString lupdate = QStringLiteral("/usr/lib/qt6/bin/lupdate");
        if (!QFile::exists(lupdate)) QSKIP("lupdate is not installed here");
        QTemporaryDir folder;
        const QString fresh = folder.filePath(QStringLiteral("fresh.ts"));
        QProcess process;
        process.setWorkingDirectory(QStringLiteral(WB_SOURCE_DIR));
        process.start(lupdate, {"-I", ".", "-tr-function-alias", "QT_TRANSLATE_NOOP+=CORE_TEXT", "-locations", "none",
                                "core", "widgets", "app/main.cpp", "-ts", fresh});
        QVERIFY(process.waitForFinished(60000));
        const QSet<QString> wanted = keys(read(fresh)), there = keys(read(translations("ru")));
        QVERIFY(wanted.size() > 400);
        QVERIFY2((wanted - there).isEmpty(), qPrintable(QStringList((wanted - there).values()).join(QLatin1Char('\n'))));
        QVERIFY2((there - wanted).isEmpty(), qPrintable(QStringList((there - wanted).values()).join(QLatin1Char('\n'))));
    }
};

QTEST_APPLESS_MAIN(TestTranslations)
#include "tst_translations.moc"
