// The table of families is the only place that knows their names.
#include "core/model/arch/family.h"
#include "tests/support/support.h"

#include <QtTest>

#include <regex>
#include <set>

using namespace wb;

class TestFamilies : public QObject {
    Q_OBJECT
private slots:
    void everyRowHasItsPartsAndOneName()
    {
        std::set<std::string> names;
        for (const Family& family : families()) {
            QVERIFY(names.insert(family.name).second);
            QVERIFY(family.config != nullptr && family.names != nullptr && family.layer != nullptr);
            QCOMPARE(findFamily(family.name), &family);
            QVERIFY(!family.names().embedding.empty() && !family.names().head.empty());
        }
        QCOMPARE(names.size(), std::size_t{21});
        QVERIFY(findFamily("gemma3") == findFamily("gemma3_text"));
        QVERIFY(findFamily("gptneox") == findFamily("gpt_neox"));
        QVERIFY(findFamily("mamba") == nullptr);
    }

    // No other switch over architectures: the engine's files outside arch/ name none.
    void nobodyElseAsksForAName()
    {
        int read = 0;
        for (const char* folder : {"core/model", "core/eval"})
            for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(WB_SOURCE_DIR) / folder)) {
                if (entry.path().extension() != ".cpp" || entry.path().filename() == "roles.cpp")
                    continue;
                const std::string text = wb::test::readFile(entry.path());
                for (const Family& family : families())
                    QVERIFY2(text.find("\"" + std::string(family.name) + "\"") == std::string::npos, entry.path().c_str());
                ++read;
            }
        QVERIFY(read >= 15);
    }
};

QTEST_APPLESS_MAIN(TestFamilies)
#include "tst_families.moc"
