// The order of core's folders (README, "Decisions"): a file includes only from its own folder and those before it.
#include "tests/support/support.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <regex>

namespace {

constexpr std::array order = {"base", "net",      "tensor", "checkpoint", "text", "model",
                              "analysis", "recipe", "eval",   "learn",      "plan"};

std::ptrdiff_t rank(const std::string& folder)
{
    const auto found = std::ranges::find(order, folder);
    return found == order.end() ? -1 : found - order.begin();
}

} // namespace

class TestLayering : public QObject {
    Q_OBJECT
private slots:
    void coreIncludesOnlyFromTheLeft()
    {
        const std::filesystem::path core = std::filesystem::path(WB_SOURCE_DIR) / "core";
        const std::regex include("#include \"([a-z]+)/([a-z]+)/");
        int lines = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(core)) {
            if (!entry.is_regular_file() || entry.path().extension() == ".txt")
                continue;
            const std::string folder = std::filesystem::relative(entry.path(), core).begin()->string();
            const std::string text = wb::test::readFile(entry.path());
            QVERIFY2(rank(folder) >= 0, entry.path().c_str());
            QVERIFY2(text.find("#include <Q") == std::string::npos, entry.path().c_str());
            for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it, ++lines) {
                QVERIFY2((*it)[1] == "core", entry.path().c_str());
                QVERIFY2(rank((*it)[2]) >= 0 && rank((*it)[2]) <= rank(folder), entry.path().c_str());
            }
        }
        QVERIFY(lines > 20);
    }
};

QTEST_APPLESS_MAIN(TestLayering)
#include "tst_layering.moc"
