// The window's words for reasons are core's where there is no translation.
#include "widgets/reasontext.h"

#include <QtTest>

namespace wb {

class TestReasonText : public QObject {
    Q_OBJECT
private slots:
    void sameEnglish()
    {
        for (int i = 0; i <= static_cast<int>(ReasonCode::EndedEarly); ++i) {
            const Reason reason(static_cast<ReasonCode>(i), {"a %2 \"b\"", "c", "d"});
            QCOMPARE(reasonText(reason).toStdString(), reason.english());
            QVERIFY(reasonCode(reasonName(reason.code)) == reason.code);
        }
        QVERIFY(Reason("").empty() && reasonText(Reason("said %1")) == QStringLiteral("said %1"));
        QVERIFY(reasonCode("nothing") == ReasonCode::None);
    }
};

} // namespace wb

QTEST_APPLESS_MAIN(wb::TestReasonText)
#include "tst_reasontext.moc"
