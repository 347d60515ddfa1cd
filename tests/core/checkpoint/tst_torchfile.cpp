#include "core/checkpoint/pickle.h"
#include "core/checkpoint/torchfile.h"
#include "core/checkpoint/zipdirectory.h"
#include "core/base/json.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>

using namespace wb;
using namespace wb::test;

namespace {

const std::filesystem::path data = std::filesystem::path(WB_TEST_DATA) / "torch";

std::string problemOf(const std::filesystem::path& path)
{
    const auto file = File::open(path);
    if (!file)
        return sentence(file.error());
    const auto content = readTorchFile(*file);
    return content ? "" : sentence(content.error());
}

std::string replacedOnce(std::string text, const std::string& from, const std::string& to)
{
    const std::size_t at = text.find(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// As torch.save would store it, around another pickle.
std::string zipAround(const std::string& pickle, const std::string& storage = std::string(8, '\0'))
{
    return zipOf({{"archive/data.pkl", pickle}, {"archive/data/0", storage}});
}

std::string tensorPickle(const std::string& count, const std::string& offset, const std::string& shape, const std::string& strides)
{
    return std::string("\x80\x02", 2) + "}(" + std::string("X\1\0\0\0a", 6) + "ctorch._utils\n_rebuild_tensor_v2\n((" + std::string("X\7\0\0\0storage", 12) + "ctorch\nFloatStorage\n" +
           std::string("X\1\0\0\0" "0", 6) + std::string("X\3\0\0\0cpu", 8) + count + "tQ" + offset + shape + strides + "\x89N" + "tRu.";
}

} // namespace

class TestTorchFile : public QObject {
    Q_OBJECT
private slots:
    void readsWhatTorchWrote_data()
    {
        QTest::addColumn<std::string>("file");
        QTest::addColumn<std::string>("content");
        for (const char* content : {"state", "nested", "experts"})
            for (const char* form : {".zip.pt", ".old.pt"})
                QTest::newRow((std::string(content) + form).c_str()) << content + std::string(form) << std::string(content);
        QTest::newRow("protocol 4") << std::string("state.protocol4.pt") << std::string("state");
    }
    void readsWhatTorchWrote()
    {
        QFETCH(std::string, file);
        QFETCH(std::string, content);
        const auto expected = readJson(data / "expected.json", false, 1U << 20);
        const Json& wanted = (*expected)[content];
        const auto opened = File::open(data / file);
        const auto read = readTorchFile(*opened);
        QVERIFY2(read, read ? "" : sentence(read.error()).c_str());
        QCOMPARE(read->tensors.size(), wanted.size());
        for (std::size_t i = 0; i < read->tensors.size(); ++i) {
            const TensorInfo& info = read->tensors[i].info;
            QVERIFY2(wanted.contains(info.name), info.name.c_str());
            QVERIFY(wanted[info.name]["shape"].get<Shape>() == info.shape);
            const auto values = readTorchValues(*opened, *read, i);
            QVERIFY(values);
            QVERIFY2(wanted[info.name]["values"].get<std::vector<double>>() == *values, info.name.c_str());
        }
    }

    // Types that torch stores without a class of their own; null is what JSON has no number for.
    void readsTypesOfUntypedStorages()
    {
        const auto expected = readJson(data / "expected.json", false, 1U << 20);
        const Json& wanted = (*expected)["later"];
        const auto opened = File::open(data / "later.zip.pt");
        const auto read = readTorchFile(*opened);
        QVERIFY2(read, read ? "" : sentence(read.error()).c_str());
        QCOMPARE(read->tensors.size(), std::size_t{8});
        for (std::size_t i = 0; i < read->tensors.size(); ++i) {
            const std::string& name = read->tensors[i].info.name;
            QVERIFY2(wanted.contains(name) && safetensorsDType(read->tensors[i].info.storedType), name.c_str());
            const auto values = readTorchValues(*opened, *read, i);
            QVERIFY(values);
            const Json& want = wanted[name]["values"];
            QCOMPARE(values->size(), want.size());
            for (std::size_t k = 0; k < want.size(); ++k)
                QVERIFY2(want[k].is_null() ? !std::isfinite((*values)[k]) : want[k].get<double>() == (*values)[k], name.c_str());
        }
        QCOMPARE(read->notLoaded.size(), std::size_t{1});
        QVERIFY2(read->notLoaded[0].english().find("torch.complex32") != std::string::npos, read->notLoaded[0].english().c_str());
    }

    void keepsTiesAndViews()
    {
        const auto opened = File::open(data / "state.zip.pt");
        const auto read = readTorchFile(*opened);
        QCOMPARE(read->tensors[0].storage, read->tensors[1].storage);
        QVERIFY(read->layoutOf(0).rowAfterRow() && !read->layoutOf(2).rowAfterRow());
        QCOMPARE(read->tensors[0].info.at.offset, read->tensors[1].info.at.offset);
    }

    void readsPartsOfAStorage()
    {
        const auto opened = File::open(data / "views.old.pt");
        const auto read = readTorchFile(*opened);
        QVERIFY2(read, read ? "" : sentence(read.error()).c_str());
        QCOMPARE(read->tensors.size(), 2U);
        QVERIFY(*readTorchValues(*opened, *read, 0) == std::vector<double>({0, 1}));
        QVERIFY(*readTorchValues(*opened, *read, 1) == std::vector<double>({2, 3, 4, 5}));
        TempFolder folder;
        const std::string bytes = readFile(data / "views.old.pt"), count("K\4\x87", 3); // of the second view
        QVERIFY(bytes.find(count) != std::string::npos);
        writeFile(folder / "a.pt", replacedOnce(bytes, count, std::string("K\5\x87", 3)));
        QVERIFY2(problemOf(folder / "a.pt").find("its view of storage 7 reaches past the 24 bytes") != std::string::npos, problemOf(folder / "a.pt").c_str());
    }

    void anEmptyTensorLiesAsItLikes()
    {
        ArrayLayout layout{{5, 0}, {1, 1}}; // torch.empty(5, 0)
        QVERIFY(layout.rowAfterRow());
        layout.shape = {5, 2};
        QVERIFY(!layout.rowAfterRow());
    }

    void executesNothing()
    {
        const auto opened = File::open(data / "evil.pt");
        const auto read = readTorchFile(*opened);
        QVERIFY(read);
        QCOMPARE(read->tensors.size(), 1U);
        QCOMPARE(read->notLoaded.size(), 1U);
        QVERIFY2(read->notLoaded[0].english().find("print") != std::string::npos, read->notLoaded[0].english().c_str());
    }

    void refusesBadTensors_data()
    {
        QTest::addColumn<std::string>("pickle");
        QTest::addColumn<std::string>("says");
        const std::string two("K\2", 2), zero("K\0", 2), one("K\1", 2), five("K\5", 2), minus("J\xff\xff\xff\xff", 5);
        const auto shape = [](const std::string& number) { return number + "\x85"; };
        const auto row = [](const char* id, const std::string& pickle, const char* says) { QTest::newRow(id) << pickle << std::string(says); };
        row("honest", tensorPickle(two, zero, shape(two), shape(one)), "");
        row("storage of another size", tensorPickle(five, zero, shape(two), shape(one)), "should have 5 elements and has 8 bytes");
        row("past the storage", tensorPickle(two, one, shape(two), shape(one)), "reach past the 2 of its storage");
        row("stride past the storage", tensorPickle(two, zero, shape(two), shape(five)), "reach past");
        row("negative size", tensorPickle(two, zero, shape(minus), shape(one)), "not numbers that fit");
        row("negative stride", tensorPickle(two, zero, shape(two), shape(minus)), "not numbers that fit");
        row("negative offset", tensorPickle(two, minus, shape(two), shape(one)), "not numbers that fit");
        row("memory bomb", tensorPickle(two, zero, shape(std::string("J\xff\xff\xff\x7f", 5)), shape(zero)), "makes 2147483647 elements of the 2");
        row("unknown opcode", "\x80\x02i.", "opcode 0x69");
        row("ends early", std::string("\x80\x02}X\xff\xff\0\0", 8), "are wanted and");
        row("empty stack", "\x80\x02.", "the stack is empty");
        row("no such memory", std::string("\x80\x02h\7.", 5), "nothing remembered as 7");
    }
    void refusesBadTensors()
    {
        QFETCH(std::string, pickle);
        QFETCH(std::string, says);
        TempFolder folder;
        writeFile(folder / "a.pt", zipAround(pickle));
        const std::string said = problemOf(folder / "a.pt");
        QVERIFY2(says.empty() ? said.empty() : said.find(says) != std::string::npos, said.c_str());
    }

    void refusesBadZips_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("says");
        const auto row = [](const char* id, const std::string& bytes, const char* says) { QTest::newRow(id) << bytes << std::string(says); };
        const std::string good = readFile(data / "nested.zip.pt");
        row("nothing", "", "no file that torch.save wrote");
        row("text", "hello hello hello hello", "no file that torch.save wrote");
        row("cut", good.substr(0, good.size() - 40), "no end record");
        row("twice", zipOf({{"a/data.pkl", "."}, {"a/data.pkl", "."}}), "is there twice");
        row("two pickles", zipOf({{"a/data.pkl", "."}, {"b/data.pkl", "."}}), "two data.pkl");
        row("no pickle", zipOf({{"a/x", "."}}), "without data.pkl");
        row("script", zipOf({{"a/data.pkl", "."}, {"a/constants.pkl", "."}}), "TorchScript");
        row("leaves", zipOf({{"../data.pkl", "."}}), "leaves its folder");
        row("checksum", replacedOnce(zipAround(tensorPickle(std::string("K\2", 2), std::string("K\0", 2), std::string("K\2\x85", 3), std::string("K\1\x85", 3))), "storage", "sturage"), "its checksum");
        std::string packed = zipOf({{"a/data.pkl", "."}});
        packed[packed.rfind("PK\1\2") + 10] = 8;
        row("packed in the directory alone", packed, "contradicts the directory");
        packed[8] = 8;
        row("compressed", packed, "a/data.pkl is compressed, which torch never does");
        std::string locked = zipOf({{"a/data.pkl", "."}});
        locked[locked.rfind("PK\1\2") + 8] = 1;
        row("encrypted", locked, "is encrypted");
        std::string apart = zipOf({{"a/data.pkl", "."}});
        apart[30] = 'b'; // the name in the local header
        row("contradicts", apart, "contradicts the directory");
        std::string overlap = zipOf({{"a/data.pkl", "."}, {"b", "."}});
        const std::uint32_t start = 0;
        std::memcpy(overlap.data() + overlap.rfind("PK\1\2") + 42, &start, 4);
        row("same place", overlap, "contradicts the directory");
    }
    void refusesBadZips()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, says);
        TempFolder folder;
        writeFile(folder / "a.pt", bytes);
        const std::string said = problemOf(folder / "a.pt");
        QVERIFY2(said.find(says) != std::string::npos, said.c_str());
    }

    void everyPrefixIsRefusedOrRead()
    {
        TempFolder folder;
        for (const char* name : {"nested.zip.pt", "nested.old.pt"}) {
            const std::string good = readFile(data / name);
            for (std::size_t size = 0; size < good.size(); size += 7) {
                writeFile(folder / "a.pt", good.substr(0, size));
                QVERIFY(!problemOf(folder / "a.pt").empty());
            }
        }
    }

    void readsWhatItWrote()
    {
        TempFolder folder;
        writeFile(folder / "a.pt", torchFileOf({{"learnable_params_module_list.0", {0.5F, -1}}, {"b", {3}}}));
        const auto opened = File::open(folder / "a.pt");
        const auto read = readTorchFile(*opened);
        QVERIFY2(read, read ? "" : sentence(read.error()).c_str());
        QCOMPARE(read->tensors.size(), 2U);
        QCOMPARE(read->tensors[0].info.at.offset % 64, 0U);
        QVERIFY(*readTorchValues(*opened, *read, 0) == std::vector<double>({0.5, -1}));
    }
};

QTEST_APPLESS_MAIN(TestTorchFile)
#include "tst_torchfile.moc"
