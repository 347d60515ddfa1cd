// Files of numpy opened as checkpoints, and written as safetensors.
#include "core/checkpoint/export.h"
#include "core/checkpoint/npyheader.h"
#include "core/checkpoint/open.h"
#include "core/checkpoint/zipdirectory.h"
#include "core/tensor/decode.h"
#include "tests/support/support.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

namespace {

namespace fs = std::filesystem;

const fs::path data = fs::path(WB_TEST_DATA) / "numpy";

std::vector<double> valuesOf(const TensorSource& source, const std::string& name)
{
    const std::size_t tensor = source.find(name).value();
    std::vector<double> values(source.tensors()[tensor].elements);
    if (!readValues(source, tensor, 0, values))
        values.clear();
    return values;
}

std::string npyOf(const std::string& dict, const std::string& elements)
{
    const auto length = static_cast<std::uint16_t>(dict.size());
    std::string out("\x93NUMPY\1\0", 8);
    out.append(reinterpret_cast<const char*>(&length), 2);
    return out + dict + elements;
}

std::string problemOf(const fs::path& path)
{
    const auto checkpoint = openCheckpoint(path);
    return checkpoint ? "" : sentence(checkpoint.error());
}

} // namespace

class TestOpenNumpy : public QObject {
    Q_OBJECT
private slots:
    void readsWhatNumpyWrote_data()
    {
        QTest::addColumn<std::string>("file");
        QTest::newRow("plain") << std::string("plain.npz");
        QTest::newRow("compressed") << std::string("packed.npz");
    }
    void readsWhatNumpyWrote()
    {
        QFETCH(std::string, file);
        const auto checkpoint = openCheckpoint(data / file);
        QVERIFY2(checkpoint, checkpoint ? "" : sentence(checkpoint.error()).c_str());
        QVERIFY((*checkpoint)->format() == Format::Numpy);
        QVERIFY((*checkpoint)->warnings().empty());
        const auto golden = readJson(data / "expected.json", true, 1 << 20);
        QCOMPARE((*checkpoint)->tensors().size(), golden->size());
        for (const auto& [name, want] : golden->items()) {
            QVERIFY2((*checkpoint)->find(name), name.c_str());
            QCOMPARE((*checkpoint)->tensors()[*(*checkpoint)->find(name)].shape, want["shape"].get<Shape>());
            QVERIFY2(valuesOf(**checkpoint, name) == want["values"].get<std::vector<double>>(), name.c_str());
        }
    }

    void aPartOfATurnedArray()
    {
        const auto checkpoint = openCheckpoint(data / "plain.npz");
        const Json golden = (*readJson(data / "expected.json", true, 1 << 20))["turned"];
        std::vector<double> some(4);
        QVERIFY(readValues(**checkpoint, *(*checkpoint)->find("turned"), 6, some));
        for (std::size_t i = 0; i < some.size(); ++i)
            QCOMPARE(some[i], golden["values"][6 + i].get<double>());
    }

    void oneArrayIsNamedAsItsFile()
    {
        const auto checkpoint = openCheckpoint(data / "one.npy");
        QVERIFY2(checkpoint, checkpoint ? "" : sentence(checkpoint.error()).c_str());
        QCOMPARE(valuesOf(**checkpoint, "one"), (*readJson(data / "expected.json", true, 1 << 20))["turned"]["values"].get<std::vector<double>>());
    }

    void whatIsNoNumberIsSaid()
    {
        const auto checkpoint = openCheckpoint(data / "others.npz");
        QVERIFY2(checkpoint, checkpoint ? "" : sentence(checkpoint.error()).c_str());
        QCOMPARE((*checkpoint)->tensors().size(), 2U);
        QCOMPARE((*checkpoint)->warnings().size(), 2U);
        const std::string left = sentence((*checkpoint)->warnings()[0]), typeless = sentence((*checkpoint)->warnings()[1]);
        QVERIFY2(left.find("3 values in it are not tensors of numbers and are left out, the first: names: numpy's type <U2") != std::string::npos, left.c_str());
        QVERIFY2(typeless.find("1 arrays in it are of 2 bytes without a type") != std::string::npos, typeless.c_str());
        QCOMPARE(valuesOf(**checkpoint, "brain"), (std::vector<double>{1, -0.5, 3.140625}));
        QVERIFY((*checkpoint)->absent().empty()); // an export lacks nothing that is a tensor
    }

    void isWrittenAsSafetensors()
    {
        TempFolder folder;
        Progress progress;
        const auto source = openCheckpoint(data / "packed.npz");
        QVERIFY(!exportCheckpoint(**source, **source, folder / "out.npz", {}, progress));
        const auto done = exportCheckpoint(**source, **source, folder / "out.safetensors", {}, progress);
        QVERIFY2(done, done ? "" : sentence(done.error()).c_str());
        const auto written = openCheckpoint(folder / "out.safetensors");
        for (const TensorInfo& info : (*source)->tensors())
            QVERIFY2(valuesOf(**written, info.name) == valuesOf(**source, info.name), info.name.c_str());
    }

    void refusesBadHeaders_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("says");
        const auto row = [](const char* id, const std::string& bytes, const char* says) { QTest::newRow(id) << bytes << std::string(says); };
        const std::string four(4, '\0');
        row("honest", npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n", four), "");
        row("no trailing comma", npyOf("{'descr':'<f4','fortran_order':False,'shape':(1)}", four), "");
        row("too short", npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", four), "its 2 elements take 8 bytes and 4 are there");
        row("too long", npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (), }\n", four + four), "its 1 elements take 4 bytes and 8 are there");
        row("a call", npyOf("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,), }\n", four), "not a dict of descr");
        row("a key too many", npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}\n", four), "not a dict of descr");
        row("a key twice", npyOf("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}\n", four), "not a dict of descr");
        row("negative", npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }\n", four), "not a dict of descr");
        row("ends early", npyOf("{'descr': '<f4', 'fortran_order'", ""), "not a dict of descr");
        row("more than can be counted", npyOf("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 2), }\n", four), "than can be counted");
        row("objects alone", npyOf("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", four), "no array of numbers");
        row("version", std::string("\x93NUMPY\7\0\0\0\0\0", 12), "version 7");
        row("header of 4 GB", std::string("\x93NUMPY\2\0\xff\xff\xff\xff", 12), "claims 4294967295 bytes");
    }
    void refusesBadHeaders()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, says);
        TempFolder folder;
        for (const bool zipped : {false, true}) {
            const fs::path path = folder / (zipped ? "a.npz" : "a.npy");
            writeFile(path, zipped ? zipOf({{"a.npy", bytes}}) : bytes);
            const std::string said = problemOf(path);
            QVERIFY2(says.empty() ? said.empty() : said.find(says) != std::string::npos, said.c_str());
        }
    }

    void aPackedArrayIsCheckedWhenItIsRead()
    {
        TempFolder folder;
        std::string bytes = readFile(data / "packed.npz");
        bytes[bytes.rfind("PK\1\2") + 16] ^= 1; // the checksum of the last
        writeFile(folder / "a.npz", bytes);
        const auto damaged = openCheckpoint(folder / "a.npz");
        QVERIFY2(damaged, damaged ? "" : sentence(damaged.error()).c_str());
        std::vector<double> values(4000);
        const auto read = readValues(**damaged, *(*damaged)->find("zeros"), 0, values);
        QVERIFY(!read && sentence(read.error()).find("zeros.npy does not have its checksum") != std::string::npos);
        QCOMPARE(valuesOf(**damaged, "big").size(), 4U);
    }

    void everyPrefixIsRefused()
    {
        TempFolder folder;
        const std::string good = readFile(data / "packed.npz");
        for (std::size_t size = 0; size < good.size(); size += 13) {
            writeFile(folder / "a.npz", good.substr(0, size));
            QVERIFY(!problemOf(folder / "a.npz").empty());
        }
    }
};

QTEST_APPLESS_MAIN(TestOpenNumpy)
#include "tst_opennumpy.moc"
