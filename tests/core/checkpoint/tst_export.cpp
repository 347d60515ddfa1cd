#include "core/checkpoint/export.h"
#include "core/checkpoint/manifest.h"
#include "core/checkpoint/open.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/verify.h"
#include "core/tensor/convertedsource.h"
#include "tests/support/memorysource.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <unistd.h>

using namespace wb;
using namespace wb::test;
namespace fs = std::filesystem;

namespace {

const std::string first = "model-00001-of-00002.safetensors";
const std::string second = "model-00002-of-00002.safetensors";

std::string tree(const fs::path& folder)
{
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            lines.push_back(fs::relative(entry.path(), folder).string() + "\n" + readFile(entry.path()));
    std::ranges::sort(lines);
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

struct Model {
    TempFolder folder;
    fs::path base = folder / "base";
    CheckpointPtr checkpoint;

    Model()
    {
        std::vector<float> values(700'000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(i % 977) / 100 - 4;
        writeSharded(base, {{first, {{"odd", "U8", {3}, "abc"}, {"a.weight", "BF16", {700, 1000}, bf16Bytes(values)}}},
                            {second, {{"b.weight", "F32", {3}, f32Bytes({1, 2, 3e38F})}}}});
        writeFile(base / "config.json", "{\"model_type\":\"x\"}\r\n");
        fs::create_directories(base / "extra");
        writeFile(base / "extra/note.txt", "note");
        checkpoint = *openCheckpoint(base);
    }
};

RecipePtr scale(const std::string& select, double factor)
{
    return Recipe().with({Scale{factor}, *Selector::parse(select)});
}

Result<ExportReport> exported(const CheckpointPtr& checkpoint, const RecipePtr& recipe, const fs::path& to, ExportOptions options = {})
{
    options.recipes = {std::make_shared<const Json>(recipeToJson(*recipe))};
    Progress progress;
    auto patched = patch(checkpoint, recipe);
    if (!patched)
        return failure(patched);
    return exportCheckpoint(**patched, *checkpoint, to, options, progress);
}

bool nothingBeside(const Model& model)
{
    return std::distance(fs::directory_iterator(model.folder.path()), {}) == 1; // base alone
}

// Makes the n-th call of one kind fail with this errno.
struct Faults {
    int at = 0, seen = 0, number = EIO;
    bool hit() { return ++seen == at; }
};

template <typename Answer, typename... Arguments>
std::function<Answer(Arguments...)> faulty(std::function<Answer(Arguments...)> call, Faults& faults)
{
    return [&faults, call](Arguments... arguments) -> Answer {
        if (!faults.hit())
            return call(arguments...);
        errno = faults.number;
        return -1;
    };
}

FileCalls failing(const std::string& kind, Faults& faults)
{
    FileCalls calls = FileCalls::system();
    if (kind == "create")
        calls.createExclusive = faulty(calls.createExclusive, faults);
    if (kind == "write")
        calls.write = faulty(calls.write, faults);
    if (kind == "sync")
        calls.sync = faulty(calls.sync, faults);
    if (kind == "rename")
        calls.rename = faulty(calls.rename, faults);
    if (kind == "allocate")
        calls.allocate = [&faults, call = calls.allocate](int fd, std::uint64_t size) {
            return faults.hit() ? faults.number : call(fd, size);
        };
    return calls;
}

} // namespace

class TestExport : public QObject {
    Q_OBJECT
private slots:
    void anEmptyRecipeGivesTheSameBytes()
    {
        Model model;
        const auto report = exported(model.checkpoint, std::make_shared<const Recipe>(), model.folder / "out");
        QVERIFY(report);
        QVERIFY(report->written.empty());
        QCOMPARE(report->tensorsIdentical, 3U);
        fs::remove(model.folder / "out/weightbench-manifest.json");
        QCOMPARE(tree(model.folder / "out"), tree(model.base));
    }

    void replacesOnlyTheTouchedTensor()
    {
        Model model;
        const std::string before = tree(model.base);
        const auto report = exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out");
        QVERIFY2(report.has_value(), report ? "" : sentence(report.error()).c_str());
        QCOMPARE(report->written, std::vector<std::string>{first});
        QCOMPARE(report->tensorsChanged, 1U);
        QVERIFY(report->verified && report->finite);
        QCOMPARE(report->proof(), "1 of 3 tensors differs, as intended; 2 bit-equal; all finite.");
        QCOMPARE(readFile(model.folder / ("out/" + second)), readFile(model.base / second));
        const CheckpointPtr out = *openCheckpoint(model.folder / "out");
        const auto patched = *patch(model.checkpoint, scale("name=a.weight", 0.5));
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(bytesOf(*out, i) == bytesOf(*patched, i));
        QCOMPARE(tree(model.base), before);
    }

    void linksUntouchedFilesOnRequest()
    {
        Model model;
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out", {.link = true}));
        QVERIFY(fs::equivalent(model.folder / ("out/" + second), model.base / second));
        QVERIFY(model.checkpoint->checkUnchanged());
        Progress progress;
        QVERIFY(verifyExport(model.folder / "out", progress)->ok());
    }

    void exportsAFileWithItsManifestBeside()
    {
        Model model;
        const CheckpointPtr file = *openCheckpoint(model.base / second);
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
        Model model;
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out"));
        Progress progress;
        QVERIFY(verifyExport(model.folder / "out", progress)->replay == Replay::Equal);
        std::string bytes = readFile(model.folder / ("out/" + first));
        bytes[bytes.size() - 5] ^= 1;
        writeFile(model.folder / ("out/" + first), bytes);
        const auto changed = verifyExport(model.folder / "out", progress);
        QVERIFY(!changed->ok());
        QCOMPARE(changed->files.differences.size(), 1U);
        fs::remove(model.folder / "out/config.json");
        QCOMPARE(verifyExport(model.folder / "out", progress)->files.differences.size(), 2U);
        fs::remove_all(model.base);
    }

    void verifyReplaysTheRecipe()
    {
        Model model;
        QVERIFY(exported(model.checkpoint, scale("name=b.weight", 0.5), model.folder / "out"));
        std::string bytes = readFile(model.base / second);
        bytes[bytes.size() - 1] ^= 1;
        writeFile(model.base / second, bytes);
        Progress progress;
        const auto verification = verifyExport(model.folder / "out", progress);
        QVERIFY(verification->replay == Replay::Differs && !verification->ok());
        fs::remove_all(model.base);
        QVERIFY(verifyExport(model.folder / "out", progress)->replay == Replay::BaseMissing);
    }

    void refusesPlacesThatWouldLoseSomething()
    {
        Model model;
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
        QVERIFY(code(model.folder / "mine") == ErrorCode::DestinationExists);
        QVERIFY(code(model.folder / "mine", {.replace = true}) == ErrorCode::DestinationNotOurs);
        QVERIFY(code(model.folder / "file", {.replace = true}) == ErrorCode::DestinationNotOurs);
        QVERIFY(code(model.folder / "no/such/folder") == ErrorCode::CannotCreate);
        QCOMPARE(tree(model.folder.path()), before);
    }

    void replacesAnExportInOneStep()
    {
        Model model;
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out"));
        QVERIFY(exported(model.checkpoint, scale("name=b.weight", 0.25), model.folder / "out/", {.replace = true}));
        QCOMPARE(readFile(model.folder / ("out/" + first)), readFile(model.base / first));
        QCOMPARE(std::distance(fs::directory_iterator(model.folder.path()), {}), 2);
    }

    void refusesNewInfinities()
    {
        Model model;
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
        Model model;
        fs::remove(model.base / second);
        const CheckpointPtr checkpoint = *openCheckpoint(model.base);
        QVERIFY(exported(checkpoint, scale("name=a.weight", 0.5), model.folder / "out").error().code == ErrorCode::TensorAbsent);
    }

    void refusesASourceThatChanged()
    {
        Model model;
        writeFile(model.base / second, readFile(model.base / second) + " ");
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out").error().code == ErrorCode::SourceChanged);
        QVERIFY(nothingBeside(model));
    }

    void dropsBytesThatBelongToNothing()
    {
        Model model;
        writeFile(model.base / second, readFile(model.base / second) + "trailing");
        const CheckpointPtr checkpoint = *openCheckpoint(model.base);
        const auto report = exported(checkpoint, std::make_shared<const Recipe>(), model.folder / "out");
        QCOMPARE(report->written, std::vector<std::string>{second});
        QCOMPARE(fs::file_size(model.folder / ("out/" + second)) + 8, fs::file_size(model.base / second));
    }

    void aFailedCallLeavesNothing_data()
    {
        QTest::addColumn<std::string>("kind");
        QTest::addColumn<int>("number");
        for (const char* kind : {"create", "allocate", "write", "sync", "rename"}) {
            QTest::newRow((std::string(kind) + " EIO").c_str()) << std::string(kind) << EIO;
            QTest::newRow((std::string(kind) + " ENOSPC").c_str()) << std::string(kind) << ENOSPC;
        }
    }
    void aFailedCallLeavesNothing()
    {
        QFETCH(std::string, kind);
        QFETCH(int, number);
        Model model;
        const std::string before = tree(model.base);
        int failures = 0;
        for (int n = 1; n < 100; ++n) {
            Faults faults{n, 0, number};
            const FileCalls calls = failing(kind, faults);
            const auto report = exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out", {.calls = &calls});
            if (report)
                break; // fewer than n calls are made
            ++failures;
            // Past the rename only the folder's own sync can fail: then the destination is there and complete.
            const bool published = fs::exists(model.folder / "out");
            QVERIFY(published ? kind == "sync" : nothingBeside(model));
            if (published) {
                Progress progress;
                QVERIFY(verifyExport(model.folder / "out", progress)->ok());
                fs::remove_all(model.folder / "out");
            }
            QCOMPARE(exitCode(report.error().code), 6);
        }
        QVERIFY(failures > 0);
        QCOMPARE(tree(model.base), before);
    }

    void cancelledLeavesNothing()
    {
        Model model;
        Progress progress;
        progress.cancel();
        const auto patched = *patch(model.checkpoint, scale("name=a.weight", 0.5));
        QVERIFY(exportCheckpoint(*patched, *model.checkpoint, model.folder / "out", {}, progress).error().code == ErrorCode::Cancelled);
        QVERIFY(nothingBeside(model));
    }

    void removesWhatADeadExportLeft()
    {
        Model model;
        fs::create_directories(model.folder / "out.partial-999999/sub");
        writeFile(model.folder / "out.partial-999999/x", "x");
        QVERIFY(exported(model.checkpoint, scale("name=a.weight", 0.5), model.folder / "out"));
        QVERIFY(!fs::exists(model.folder / "out.partial-999999"));
    }

    void convertsTheStoredType()
    {
        Model model;
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
        Model model;
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
        const CheckpointPtr file = *openCheckpoint(model.base / second);
        QVERIFY(exported(file, std::make_shared<const Recipe>(), model.folder / "x.safetensors", {.shardBytes = 10}).error().code == ErrorCode::BadArgument);
    }

    void takesARelativeName()
    {
        Model model;
        const fs::path was = fs::current_path();
        fs::current_path(model.folder.path());
        const auto report = exported(model.checkpoint, scale("name=a.weight", 0.5), "out");
        fs::current_path(was);
        QVERIFY(report);
        QVERIFY(fs::exists(model.folder / "out/config.json"));
    }

    void refusesAManifestThatLeavesTheExport()
    {
        Model model;
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
