#include "core/checkpoint/export.h"
#include "core/checkpoint/manifest.h"
#include "core/checkpoint/open.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/verify.h"
#include "core/tensor/convertedsource.h"
#include "tests/support/exportmodel.h"
#include "tests/support/memorysource.h"
#include "tests/support/safetensorsbuilder.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <unistd.h>

using namespace wb;
using namespace wb::test;
namespace fs = std::filesystem;

namespace {

bool nothingBeside(const ExportModel& model)
{
    return std::distance(fs::directory_iterator(model.folder.path()), {}) == 1; // base alone
}

} // namespace

class TestExport : public QObject {
    Q_OBJECT
private slots:
    void anEmptyRecipeGivesTheSameBytes()
    {
        ExportModel model;
        const auto report = exported(model.checkpoint, std::make_shared<const Recipe>(), model.folder / "out");
        QVERIFY(report);
        QVERIFY(report->written.empty());
        QCOMPARE(report->tensorsIdentical, 3U);
        fs::remove(model.folder / "out/weightbench-manifest.json");
        QCOMPARE(tree(model.folder / "out"), tree(model.base));
    }

    void replacesOnlyTheTouchedTensor()
    {
        ExportModel model;
        const std::string before = tree(model.base);
        const auto report = exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out");
        QVERIFY2(report.has_value(), report ? "" : sentence(report.error()).c_str());
        QCOMPARE(report->written, std::vector<std::string>{ExportModel::first});
        QCOMPARE(report->tensorsChanged, 1U);
        QVERIFY(report->verified && report->finite);
        QCOMPARE(report->proof(), "1 of 3 tensors differs, as intended; 2 bit-equal; all finite.");
        QCOMPARE(readFile(model.folder / ("out/" + ExportModel::second)), readFile(model.base / ExportModel::second));
        const CheckpointPtr out = *openCheckpoint(model.folder / "out");
        const auto patched = *patch(model.checkpoint, scale("name=a.weight", 0.5));
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(bytesOf(*out, i) == bytesOf(*patched, i));
        QCOMPARE(tree(model.base), before);
    }

    void linksUntouchedFilesOnRequest()
    {
        ExportModel model;
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out", {.link = true}));
        QVERIFY(fs::equivalent(model.folder / ("out/" + ExportModel::second), model.base / ExportModel::second));
        QVERIFY(model.checkpoint->checkUnchanged());
        Progress progress;
        QVERIFY(verifyExport(model.folder / "out", progress)->ok());
    }

    void exportsAFileWithItsManifestBeside()
    {
        ExportModel model;
        const CheckpointPtr file = *openCheckpoint(model.base / ExportModel::second);
        const auto report = exported(file, scale("name=b.weight", 0.5), model.folder / "x.safetensors");
        QVERIFY(report);
        QCOMPARE(fs::path(report->manifest), model.folder / "x.safetensors.manifest.json");
        Progress progress;
        const auto verification = verifyExport(model.folder / "x.safetensors", progress);
        QVERIFY(verification && verification->ok());
        QVERIFY(verification->replay == Replay::Equal);
    }

    void verifySeesOneChangedByte()
    {
        ExportModel model;
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out"));
        Progress progress;
        QVERIFY(verifyExport(model.folder / "out", progress)->replay == Replay::Equal);
        std::string bytes = readFile(model.folder / ("out/" + ExportModel::first));
        bytes[bytes.size() - 5] ^= 1;
        writeFile(model.folder / ("out/" + ExportModel::first), bytes);
        const auto changed = verifyExport(model.folder / "out", progress);
        QVERIFY(!changed->ok());
        QCOMPARE(changed->files.differences.size(), 1U);
        QVERIFY(changed->replay == Replay::NotTried); // nothing is said of the base, which is there
        fs::remove(model.folder / "out/config.json");
        QCOMPARE(verifyExport(model.folder / "out", progress)->files.differences.size(), 2U);
        fs::remove_all(model.base);
    }

    void verifyReplaysTheRecipe()
    {
        ExportModel model;
        QVERIFY(exported(model.checkpoint, scale("name=b.weight", 0.5), model.folder / "out"));
        std::string bytes = readFile(model.base / ExportModel::second);
        bytes[bytes.size() - 1] ^= 1;
        writeFile(model.base / ExportModel::second, bytes);
        Progress progress;
        const auto verification = verifyExport(model.folder / "out", progress);
        QVERIFY(verification->replay == Replay::Differs && !verification->ok());
        fs::remove_all(model.base);
        QVERIFY(verifyExport(model.folder / "out", progress)->replay == Replay::BaseMissing);
    }

    void refusesPlacesThatWouldLoseSomething()
    {
        ExportModel model;
        const RecipePtr recipe = scale("name=a.weight", 0.5);
        const auto code = [&](const fs::path& to, ExportOptions options = {}) {
            return exported(model.checkpoint, recipe, to, options).error().code;
        };
        fs::create_directory_symlink(model.base, model.folder / "link");
        fs::create_directories(model.folder / "mine");
        writeFile(model.folder / "mine/letter.txt", "dear");
        writeFile(model.folder / "file", "x");
        const std::string before = tree(model.folder.path());
        QVERIFY(code(model.base) == ErrorCode::DestinationIsSource);
        QVERIFY(code(model.folder / "link", {.replace = true}) == ErrorCode::DestinationIsSource);
        QVERIFY(code(model.base / "inside") == ErrorCode::DestinationIsSource);
        QVERIFY(code(model.folder / "link" / "inside") == ErrorCode::DestinationIsSource);
        QVERIFY(sentence(exported(model.checkpoint, recipe, model.base / "inside").error()).find("lies inside of the source's own folder") != std::string::npos);
        QVERIFY(code(model.folder / "mine") == ErrorCode::DestinationExists);
        QVERIFY(code(model.folder / "mine", {.replace = true}) == ErrorCode::DestinationNotOurs);
        QVERIFY(code(model.folder / "file", {.replace = true}) == ErrorCode::DestinationNotOurs);
        QVERIFY(code(model.folder / "no/such/folder") == ErrorCode::CannotCreate);
        QCOMPARE(tree(model.folder.path()), before);
    }

    void replacesAnExportInOneStep()
    {
        ExportModel model;
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out"));
        QVERIFY(exported(model.checkpoint, scale("name=b.weight", 0.25), model.folder / "out/", {.replace = true}));
        QCOMPARE(readFile(model.folder / ("out/" + ExportModel::first)), readFile(model.base / ExportModel::first));
        QCOMPARE(std::distance(fs::directory_iterator(model.folder.path()), {}), 2);
    }

    void refusesNewInfinities()
    {
        ExportModel model;
        const auto refused = exported(model.checkpoint, scale("name=b.weight", 10), model.folder / "out");
        QVERIFY(refused.error().code == ErrorCode::NotFinite);
        QCOMPARE(exitCode(refused.error().code), 4);
        QCOMPARE(refused.error().args[1], "1");
        QVERIFY(nothingBeside(model));
        const auto allowed = exported(model.checkpoint, scale("name=b.weight", 10), model.folder / "out", {.allowNonFinite = true});
        QVERIFY(allowed && !allowed->finite);
    }

    void refusesWhenATensorIsAbsent()
    {
        ExportModel model;
        fs::remove(model.base / ExportModel::second);
        const CheckpointPtr checkpoint = *openCheckpoint(model.base);
        QVERIFY(exported(checkpoint, scale("name=a.weight", 0.5), model.folder / "out").error().code == ErrorCode::TensorAbsent);
    }

    void refusesASourceThatChanged()
    {
        ExportModel model;
        writeFile(model.base / ExportModel::second, readFile(model.base / ExportModel::second) + " ");
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out").error().code == ErrorCode::SourceChanged);
        QVERIFY(nothingBeside(model));
    }

    void dropsBytesThatBelongToNothing()
    {
        ExportModel model;
        writeFile(model.base / ExportModel::second, readFile(model.base / ExportModel::second) + "trailing");
        const CheckpointPtr checkpoint = *openCheckpoint(model.base);
        const auto report = exported(checkpoint, std::make_shared<const Recipe>(), model.folder / "out");
        QCOMPARE(report->written, std::vector<std::string>{ExportModel::second});
        QCOMPARE(fs::file_size(model.folder / ("out/" + ExportModel::second)) + 8, fs::file_size(model.base / ExportModel::second));
    }

    void cancelledLeavesNothing()
    {
        ExportModel model;
        Progress progress;
        progress.cancel();
        const auto patched = *patch(model.checkpoint, scale("name=a.weight", 0.5));
        QVERIFY(exportCheckpoint(*patched, *model.checkpoint, model.folder / "out", {}, progress).error().code == ErrorCode::Cancelled);
        QVERIFY(nothingBeside(model));
    }

    void removesWhatADeadExportLeft()
    {
        ExportModel model;
        fs::create_directories(model.folder / "out.partial-999999/sub");
        writeFile(model.folder / "out.partial-999999/x", "x");
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out"));
        QVERIFY(!fs::exists(model.folder / "out.partial-999999"));
    }

    void convertsTheStoredType()
    {
        ExportModel model;
        const SourcePtr edited = converted(*patch(model.checkpoint, scale("name=b.weight", 0.5)), DType::F32);
        Progress progress;
        ExportOptions options;
        options.recipes = {std::make_shared<const Json>(recipeToJson(*scale("name=b.weight", 0.5)))};
        const auto report = exportCheckpoint(*edited, *model.checkpoint, model.folder / "out", options, progress);
        QVERIFY2(report.has_value(), report ? "" : sentence(report.error()).c_str());
        QCOMPARE(report->tensorsIdentical, 1U); // the bytes of U8
        const CheckpointPtr out = *openCheckpoint(model.folder / "out");
        QCOMPARE(out->warnings().size(), 0U);
        for (std::size_t i = 0; i < 3; ++i) {
            const std::size_t there = *out->find(edited->tensors()[i].name);
            QVERIFY(out->tensors()[there].dtype == edited->tensors()[i].dtype);
            QVERIFY(bytesOf(*out, there) == bytesOf(*edited, i));
        }
        const auto verification = verifyExport(model.folder / "out", progress);
        QVERIFY(verification->ok());
        QVERIFY(verification->replay == Replay::Equal);
        const SourcePtr narrow = converted(*patch(model.checkpoint, scale("name=b.weight", 1)), DType::F16); // 3e38 overflows
        QVERIFY(exportCheckpoint(*narrow, *model.checkpoint, model.folder / "narrow", {}, progress).error().code == ErrorCode::NotFinite);
    }

    void cutsNewShards()
    {
        ExportModel model;
        const auto report = exported(model.checkpoint, std::make_shared<const Recipe>(), model.folder / "out", {.shardBytes = 1000});
        QVERIFY(report);
        QCOMPARE(report->written.size(), 3U); // 3 bytes; a tensor larger than a shard; the rest
        QCOMPARE(report->tensorsChanged, 0U);
        const CheckpointPtr out = *openCheckpoint(model.folder / "out");
        QCOMPARE(out->warnings().size(), 0U);
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(bytesOf(*out, *out->find(model.checkpoint->tensors()[i].name)) == bytesOf(*model.checkpoint, i));
        Progress progress;
        QVERIFY(verifyExport(model.folder / "out", progress)->replay == Replay::Equal);
        const auto one = exported(model.checkpoint, std::make_shared<const Recipe>(), model.folder / "one", {.shardBytes = 1 << 30});
        QCOMPARE(one->written, std::vector<std::string>{"model.safetensors"});
        QVERIFY(!fs::exists(model.folder / "one/model.safetensors.index.json"));
        const CheckpointPtr file = *openCheckpoint(model.base / ExportModel::second);
        QVERIFY(exported(file, std::make_shared<const Recipe>(), model.folder / "cut", {.shardBytes = 10})); // a file becomes a folder
        QCOMPARE((*openCheckpoint(model.folder / "cut"))->tensors().size(), file->tensors().size());
    }

    void takesARelativeName()
    {
        ExportModel model;
        const fs::path was = fs::current_path();
        fs::current_path(model.folder.path());
        const auto report = exported(model.checkpoint, scale("name=a.weight", 0.5), "out");
        fs::current_path(was);
        QVERIFY(report);
        QVERIFY(fs::exists(model.folder / "out/config.json"));
    }

    void refusesAManifestThatLeavesTheExport()
    {
        ExportModel model;
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out"));
        const fs::path path = model.folder / "out/weightbench-manifest.json";
        std::string text = readFile(path);
        text.replace(text.find("config.json"), 11, "../x/y.json");
        writeFile(path, text);
        Progress progress;
        QVERIFY(verifyExport(model.folder / "out", progress).error().code == ErrorCode::JsonInvalid);
    }
};

QTEST_APPLESS_MAIN(TestExport)
#include "tst_export.moc"
