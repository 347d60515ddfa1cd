// Folders: which files are the model, and what an index may not say. ids: the project's list of bad inputs.
#include "core/checkpoint/open.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

#include <algorithm>

#include <sys/stat.h>

using namespace wb;
using namespace wb::test;

namespace {

const std::string first = "model-00001-of-00002.safetensors";
const std::string second = "model-00002-of-00002.safetensors";
const std::string indexName = "model.safetensors.index.json";

BuiltTensor one(const std::string& name) { return {name, "F32", {1}, f32Bytes({1})}; }

const std::map<std::string, std::vector<BuiltTensor>> twoShards = {{first, {one("a"), one("b")}}, {second, {one("c")}}};

bool warned(const Result<CheckpointPtr>& checkpoint, ErrorCode code)
{
    return std::ranges::any_of((*checkpoint)->warnings(), [&](const Error& e) { return e.code == code; });
}

std::string names(const Result<CheckpointPtr>& checkpoint)
{
    std::string text;
    for (const TensorInfo& tensor : (*checkpoint)->tensors())
        text += tensor.name;
    return text;
}

} // namespace

class TestFolder : public QObject {
    Q_OBJECT
private slots:
    void readsTheShardsOfAnIndexAndNamesWhatIsLeftOut()
    {
        TempFolder folder;
        writeSharded(folder.path(), twoShards);
        writeFile(folder / "consolidated.safetensors", safetensorsBytes({one("z")}));
        writeFile(folder / "pytorch_model.bin", "x");
        writeFile(folder / "config.json", R"({"model_type":"llama"})");
        writeFile(folder / "tokenizer.json", "{}");
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        QCOMPARE(names(checkpoint), "abc");
        QVERIFY(warned(checkpoint, ErrorCode::WeightsLeftOut));
        QCOMPARE((*checkpoint)->sidecars(), (std::vector<std::string>{"config.json", "tokenizer.json"}));
        QCOMPARE(names(openCheckpoint(folder / indexName)), "abc");
    }

    void keepsWhatIsThereWhenAShardIsMissing()
    {
        TempFolder folder; // IX-01
        writeSharded(folder.path(), twoShards);
        std::filesystem::remove(folder / second);
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        QCOMPARE(names(checkpoint), "ab");
        QCOMPARE((*checkpoint)->absent(), std::vector<std::string>{"c"});
        QVERIFY(warned(checkpoint, ErrorCode::ShardMissing));
    }

    // Names that count, from 1 or from 0, promise as an index does.
    void saysWhichShardOfASetWithoutIndexIsMissing()
    {
        for (const auto& [there, missing] : {std::pair("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"),
                                             std::pair("m-2-of-2.safetensors", "m-1-of-2.safetensors"), std::pair("m-00000-of-00002.safetensors", "m-00001-of-00002.safetensors")}) {
            TempFolder folder;
            writeFile(folder / there, safetensorsBytes({one("a")}));
            const auto half = openCheckpoint(folder.path());
            QCOMPARE(names(half), "a");
            QVERIFY(warned(half, ErrorCode::ShardMissing));
            QCOMPARE((*half)->absent(), std::vector<std::string>{missing});
            writeFile(folder / missing, safetensorsBytes({one("b")}));
            const auto whole = openCheckpoint(folder.path());
            QVERIFY((*whole)->warnings().empty() && (*whole)->absent().empty());
        }
    }

    void keepsWhatIsThereWhenAShardIsTruncated()
    {
        TempFolder folder; // IX-01
        writeSharded(folder.path(), twoShards);
        std::filesystem::resize_file(folder / first, 40);
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        QCOMPARE(names(checkpoint), "c");
        QCOMPARE((*checkpoint)->absent().size(), 2U);
        QVERIFY(warned(checkpoint, ErrorCode::ShardInvalid));
    }

    void refusesWhenNoShardIsLeft()
    {
        TempFolder folder;
        writeFile(folder / indexName, indexJson(twoShards));
        QVERIFY(openCheckpoint(folder.path()).error().code == ErrorCode::FileNotFound);
    }

    void reconcilesIndexAndShards()
    {
        TempFolder folder; // IX-02
        writeSharded(folder.path(), twoShards);
        writeFile(folder / first, safetensorsBytes({one("a"), one("c"), one("d")}));
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        QCOMPARE(names(checkpoint), "adc"); // d is in the model's file; c is read where the index places it
        QCOMPARE((*checkpoint)->absent(), std::vector<std::string>{"b"});
        QVERIFY(warned(checkpoint, ErrorCode::IndexTensorMissing));
        QVERIFY(warned(checkpoint, ErrorCode::IndexTensorUnlisted));
        QVERIFY(warned(checkpoint, ErrorCode::IndexTensorCopy));
    }

    void refusesAShardPathThatLeavesTheFolder_data()
    {
        QTest::addColumn<std::string>("shard");
        for (const char* shard : {"../x.safetensors", "/etc/x.safetensors", "C:\\\\x.safetensors", "C:x.safetensors",
                                  "\\\\\\\\srv\\\\x.safetensors", "sub/x.safetensors", "..", ""})
            QTest::newRow(shard) << std::string(shard); // IX-03
    }
    void refusesAShardPathThatLeavesTheFolder()
    {
        QFETCH(std::string, shard);
        TempFolder folder;
        writeFile(folder / indexName, R"({"weight_map":{"a":")" + shard + R"("}})");
        QVERIFY(openCheckpoint(folder.path()).error().code == ErrorCode::IndexShardPath);
    }

    void doesNotOpenAPipeOrAFolder()
    {
        for (const bool pipe : {true, false}) {
            TempFolder folder; // IX-03
            writeFile(folder / indexName, R"({"weight_map":{"a":"x.safetensors"}})");
            if (pipe)
                QCOMPARE(::mkfifo((folder / "x.safetensors").c_str(), 0600), 0);
            else
                std::filesystem::create_directory(folder / "x.safetensors");
            QVERIFY(openCheckpoint(folder.path()).error().code == ErrorCode::IndexShardPath);
        }
    }

    void followsTheLinksOfAHubCache()
    {
        TempFolder folder;
        std::filesystem::create_directories(folder / "blobs");
        std::filesystem::create_directories(folder / "snapshot");
        writeFile(folder / "blobs/1234", safetensorsBytes({one("a")}));
        std::filesystem::create_symlink("../blobs/1234", folder / "snapshot/x.safetensors");
        writeFile(folder / ("snapshot/" + indexName), R"({"weight_map":{"a":"x.safetensors"}})");
        const auto checkpoint = openCheckpoint(folder / "snapshot");
        QVERIFY(checkpoint);
        QCOMPARE(names(checkpoint), "a");
    }

    void refusesABadIndex_data()
    {
        QTest::addColumn<std::string>("index");
        QTest::newRow("IX-04 bin") << std::string(R"({"weight_map":{"a":"x.bin"}})");
        QTest::newRow("IX-04 a number") << std::string(R"({"weight_map":{"a":1}})");
        QTest::newRow("no map") << std::string("{}");
        QTest::newRow("empty map") << std::string(R"({"weight_map":{}})");
        QTest::newRow("a list") << std::string("[]");
    }
    void refusesABadIndex()
    {
        QFETCH(std::string, index);
        TempFolder folder;
        writeFile(folder / indexName, index);
        QVERIFY(openCheckpoint(folder.path()).error().code == ErrorCode::IndexInvalid);
    }

    void warnsOfAWrongTotal()
    {
        TempFolder folder; // IX-05
        writeSharded(folder.path(), twoShards);
        std::string index = indexJson(twoShards);
        index.replace(index.find("12"), 2, "13");
        writeFile(folder / indexName, index);
        QVERIFY(warned(openCheckpoint(folder.path()), ErrorCode::IndexTotalSize));
    }

    void choosesTheModelWithoutAnIndex()
    {
        TempFolder folder;
        writeFile(folder / "adapter.safetensors", safetensorsBytes({one("z")}));
        QCOMPARE(names(openCheckpoint(folder.path())), "z");
        writeFile(folder / first, safetensorsBytes({one("a")}));
        writeFile(folder / second, safetensorsBytes({one("b")}));
        std::filesystem::remove(folder / "adapter.safetensors");
        QCOMPARE(names(openCheckpoint(folder.path())), "ab");
        writeFile(folder / "model.safetensors", safetensorsBytes({one("m")}));
        const auto checkpoint = openCheckpoint(folder.path());
        QCOMPARE(names(checkpoint), "m");
        QVERIFY(warned(checkpoint, ErrorCode::WeightsLeftOut));
    }

    void saysWhatAFolderWithoutAModelHolds()
    {
        TempFolder folder;
        QVERIFY(openCheckpoint(folder.path()).error().code == ErrorCode::NotACheckpoint);
        writeFile(folder / "pytorch_model.bin", "x");
        QVERIFY(sentence(openCheckpoint(folder.path()).error()).find("pytorch_model.bin") != std::string::npos);
        QVERIFY(openCheckpoint(folder / "nothing").error().code == ErrorCode::FileNotFound);
    }

    void opensWithAConfigThatIsNot()
    {
        TempFolder folder;
        writeFile(folder / "model.safetensors", safetensorsBytes({one("a")}));
        writeFile(folder / "config.json", "{");
        const auto checkpoint = openCheckpoint(folder.path());
        QVERIFY(checkpoint);
        QVERIFY(warned(checkpoint, ErrorCode::ConfigInvalid));
    }

    void fingerprintsFollowTheBytes()
    {
        TempFolder folder;
        writeFile(folder / "a.safetensors", safetensorsBytes({one("a"), one("b")}));
        writeFile(folder / "b.safetensors", safetensorsBytes({one("a"), one("b")}));
        const CheckpointPtr a = *openCheckpoint(folder / "a.safetensors");
        const CheckpointPtr again = *openCheckpoint(folder / "a.safetensors");
        const CheckpointPtr b = *openCheckpoint(folder / "b.safetensors");
        QVERIFY(a->fingerprint(0) != a->fingerprint(1));
        QCOMPARE(again->fingerprint(0), a->fingerprint(0));
        QVERIFY(b->fingerprint(0) != a->fingerprint(0));
        QCOMPARE(layoutFingerprint(*b), layoutFingerprint(*a));
        std::vector<TensorInfo> turned(a->tensors().begin(), a->tensors().end()); // as two views of one storage in a torch file
        turned[0].shape.insert(turned[0].shape.begin(), 1);
        QVERIFY(a->relaid(std::move(turned), Json::object())->fingerprint(0) != a->fingerprint(0));
    }
};

QTEST_APPLESS_MAIN(TestFolder)
#include "tst_folder.moc"
