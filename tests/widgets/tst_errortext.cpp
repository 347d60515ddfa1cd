// What an error tells is translated as a whole: its template and advice, a place that is words, reasons, and reasons within them.
#include "core/base/result.h"
#include "widgets/errortext.h"

#include <QCoreApplication>
#include <QTranslator>
#include <QtTest>

namespace wb {

// Puts brackets around every text.
class Brackets : public QTranslator {
public:
    using QTranslator::QTranslator;
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char*, const char* text, const char*, int) const override { return QStringLiteral("[%1]").arg(QString::fromUtf8(text)); }
};

class TestErrorText : public QObject {
    Q_OBJECT
private slots:
    void everySentenceOfItIsTranslated()
    {
        Brackets brackets;
        QVERIFY(QCoreApplication::installTranslator(&brackets));
        const Error error = errorOf(ErrorCode::HeaderEntryInvalid, said("edit %1", 3), "name", said("%1 holds %2 and %3", "shape", said("a text of %1", said("words")), 7));
        QCOMPARE(errorText(error).toStdString(),
                 std::string("[edit 3]: [the header entry of name is not valid: [shape holds [a text of [words]] and 7]]. [The file is damaged; fetch it again]."));
    }

    void aPlaceThatIsANameStaysOne()
    {
        QCOMPARE(errorText(errorOf(ErrorCode::FileNotFound, "/a b/c")).toStdString(), std::string("/a b/c: there is no such file or folder. Check the path."));
        QCOMPARE(errorText(errorOf(ErrorCode::FileNotFound, "")).toStdString(), std::string("There is no such file or folder. Check the path."));
    }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestErrorText)
#include "tst_errortext.moc"
