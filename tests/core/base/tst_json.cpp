#include "core/base/json.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <limits>

class TestJson : public QObject {
    Q_OBJECT
private slots:
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("duplicate key") << QByteArray(R"({"a":1,"a":2})");
        QTest::newRow("duplicate after unescaping") << QByteArray(R"({"a":1,"\u0061":2})");
        QTest::newRow("too early") << QByteArray(R"({"a":)");
        QTest::newRow("after the end") << QByteArray(R"({} x)");
        QTest::newRow("too deep") << QByteArray(65, '[') + QByteArray(65, ']');
        QTest::newRow("does not fit") << QByteArray("[1e999]");
        QTest::newRow("not UTF-8") << QByteArray("[\"\xFF\"]");
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto json = wb::parseJson(text.toStdString(), "x.json");
        QVERIFY(!json);
        QVERIFY(json.error().code == wb::ErrorCode::JsonInvalid);
    }

    void readsWhatPythonWrites()
    {
        const auto json = wb::parseJson("\xEF\xBB\xBF{\"a\": NaN,\r\n \"b\": [-Infinity, Infinity], \"c\": \"NaN \\\" NaN\"}",
                                        "config.json", true);
        QVERIFY(json);
        QCOMPARE((*json)["a"].get<std::string>(), "NaN");
        QCOMPARE((*json)["b"][0].get<std::string>(), "-Infinity");
        QCOMPARE((*json)["c"].get<std::string>(), "NaN \" NaN");
        QVERIFY(!wb::parseJson("{\"a\": NaN}", "config.json"));
    }

    void numbersThatJsonLacksAreStrings()
    {
        QCOMPARE(wb::dumpJson(wb::jsonNumber(std::numeric_limits<double>::quiet_NaN())), "\"NaN\"");
        QCOMPARE(wb::dumpJson(wb::jsonNumber(-std::numeric_limits<double>::infinity())), "\"-Infinity\"");
        QCOMPARE(wb::dumpJson(wb::Json("\xFF")), "\"\uFFFD\"");
    }
};

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
