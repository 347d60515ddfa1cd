#include "core/base/appendfile.h"
#include "core/base/cachefolder.h"
#include "tests/support/support.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

class TestAppendFile : public QObject {
    Q_OBJECT
private slots:
    void growsAndIsCut()
    {
        const auto path = m_folder / "a.jsonl";
        {
            AppendFile file = *AppendFile::open(path);
            QVERIFY(file.append("one\n").has_value() && file.append("two\ntor").has_value() && file.sync().has_value());
            const auto second = AppendFile::open(path);
            QVERIFY(!second && sentence(second.error()).find("another run is writing it") != std::string::npos);
        }
        AppendFile file = *AppendFile::open(path);
        QCOMPARE(*file.read(100), std::string("one\ntwo\ntor"));
        QVERIFY(!file.read(5));
        QVERIFY(file.cut(8).has_value() && file.append("three\n").has_value());
        QCOMPARE(readFile(path), std::string("one\ntwo\nthree\n"));
        QVERIFY(!AppendFile::open(m_folder / "no" / "such"));
    }

    void oldestLeave()
    {
        for (int i = 0; i < 4; ++i) {
            const auto path = m_folder / (std::to_string(i) + ".kept");
            writeFile(path, std::string(100, 'x'));
            std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(10 - i));
        }
        writeFile(m_folder / "other.txt", std::string(1000, 'x'));
        removeOldest(m_folder.path(), ".kept", 250, m_folder / "0.kept");
        QVERIFY(std::filesystem::exists(m_folder / "0.kept") && !std::filesystem::exists(m_folder / "1.kept"));
        QVERIFY(!std::filesystem::exists(m_folder / "2.kept") && std::filesystem::exists(m_folder / "3.kept"));
        QVERIFY(std::filesystem::exists(m_folder / "other.txt"));
    }

private:
    TempFolder m_folder;
};

QTEST_APPLESS_MAIN(TestAppendFile)
#include "tst_appendfile.moc"
