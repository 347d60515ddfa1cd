#include "core/base/error.h"

#include <QtTest>

#include <set>

class TestError : public QObject {
    Q_OBJECT
private slots:
    void everyPlaceholderOfATemplateIsDeclared()
    {
        for (const wb::ErrorText& row : wb::errorTexts()) {
            std::set<char> seen;
            const std::string text = row.text;
            for (std::size_t i = 0; i + 1 < text.size(); ++i)
                if (text[i] == '%')
                    seen.insert(text[i + 1]);
            QVERIFY2(static_cast<int>(seen.size()) == row.placeholders, row.name);
        }
    }

    void namesAreUnique()
    {
        std::set<std::string> names;
        for (const wb::ErrorText& row : wb::errorTexts())
            QVERIFY2(names.insert(row.name).second, row.name);
    }

    void sentenceIsOneLineWithPlaceNumbersAndAdvice()
    {
        const wb::Error error{wb::ErrorCode::HeaderPastEnd, "a\nb.safetensors", {"100", "64"}};
        QCOMPARE(wb::sentence(error), "a b.safetensors: the header claims 100 bytes but the file has 64. "
                                      "The file is truncated; fetch it again.");
    }
};

QTEST_APPLESS_MAIN(TestError)
#include "tst_error.moc"
