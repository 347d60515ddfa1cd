// wb apply killed at 100 random moments, with all its threads: the destination is the old one or the new one.
#include "core/recipe/recipejson.h"
#include "core/recipe/verify.h"
#include "tests/support/exportmodel.h"
#include "tests/support/safetensorsbuilder.h"

#include <QtTest>

#include <chrono>
#include <random>

using namespace wb;
using namespace wb::test;
namespace fs = std::filesystem;

namespace {

constexpr int kills = 100;
constexpr std::size_t rows = 2000, columns = 2000;

QStringList arguments(const TempFolder& folder, const std::string& recipe)
{
    QStringList words{"apply"};
    for (const std::string& path : {(folder / "base").string(), (folder / recipe).string(), std::string("-o"), (folder / "out").string()})
        words << QString::fromStdString(path);
    return words << "--replace" << "--quiet";
}

// Returns whether it ended well; killed after so many milliseconds, or never.
bool apply(const QStringList& words, int killAfter = -1)
{
    QProcess wb;
    wb.start(WB_BINARY, words);
    if (!wb.waitForFinished(killAfter < 0 ? 60'000 : killAfter))
        wb.kill();
    wb.waitForFinished();
    return wb.exitStatus() == QProcess::NormalExit && wb.exitCode() == 0;
}

std::string weights(const fs::path& folder)
{
    std::string text;
    for (const std::string& shard : {ExportModel::first, ExportModel::second})
        text += readFile(folder / shard);
    return text;
}

} // namespace

class TestExportKills : public QObject {
    Q_OBJECT
private slots:
    void leavesTheOldOrTheNewExport()
    {
        TempFolder folder;
        std::vector<float> values(rows * columns);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(i % 977) / 100 - 4;
        writeSharded(folder / "base", {{ExportModel::first, {{"a.weight", "F32", {rows, columns}, f32Bytes(values)}}},
                                       {ExportModel::second, {{"b.weight", "BF16", {rows, columns}, bf16Bytes(values)}}}});
        const std::string source = tree(folder / "base");
        std::array<std::string, 2> results;
        QElapsedTimer timer;
        for (const std::size_t i : {0U, 1U}) {
            writeFile(folder / std::to_string(i), dumpJson(recipeToJson(*scale("name=*", i == 0 ? 0.5 : 0.25)), 1));
            timer.start();
            QVERIFY(apply(arguments(folder, std::to_string(i))));
            results[i] = weights(folder / "out");
        }
        QVERIFY(results[0] != results[1]);
        std::mt19937 random(1);
        std::uniform_int_distribution<int> moment(0, static_cast<int>(timer.elapsed() * 11 / 10));
        std::size_t now = 1;
        int replaced = 0;
        for (int kill = 0; kill < kills; ++kill) {
            (void)apply(arguments(folder, std::to_string(1 - now)), moment(random));
            const std::string found = weights(folder / "out");
            QVERIFY(found == results[0] || found == results[1]);
            if (found == results[1 - now]) {
                now = 1 - now;
                ++replaced;
            }
            Progress progress;
            const auto verified = verifyExport(folder / "out", progress);
            QVERIFY(verified && verified->ok());
        }
        QVERIFY(replaced > 0 && replaced < kills); // the moments fall on both sides of the publication
        QVERIFY(apply(arguments(folder, "0")));
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), {}), 4); // base, two recipes, out
        QCOMPARE(tree(folder / "base"), source);
    }
};

QTEST_GUILESS_MAIN(TestExportKills)
#include "tst_exportkills.moc"
