// One file: what is refused, with which code, and what opens all the same. ids: the project's list of bad inputs.
#include "core/checkpoint/open.h"
#include "core/tensor/decode.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

using namespace wb;
using namespace wb::test;

namespace {

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets)
{
    return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

std::string f32(const std::string& name, const std::string& offsets) { return entry(name, "F32", "[1]", offsets); }

std::string file(const std::string& entries, std::size_t dataBytes)
{
    return safetensorsBytes("{" + entries + "}", std::string(dataBytes, '\1'));
}

std::string number(std::uint64_t value) { return std::string(reinterpret_cast<const char*>(&value), 8); }

} // namespace

Q_DECLARE_METATYPE(wb::ErrorCode)

class TestSafetensors : public QObject {
    Q_OBJECT
private:
    TempFolder m_folder;

    Result<CheckpointPtr> opened(const std::string& bytes, const OpenOptions& options = OpenOptions())
    {
        const auto path = m_folder / "x.safetensors";
        writeFile(path, bytes);
        return openCheckpoint(path, options);
    }

private slots:
    void refuses_data()
    {
        using C = ErrorCode;
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<ErrorCode>("code");
        const auto row = [](const char* id, const std::string& bytes, C code) { QTest::newRow(id) << bytes << code; };
        row("ST-01 empty", "", C::HeaderTooSmall);
        row("ST-01 seven bytes", "1234567", C::HeaderTooSmall);
        row("ST-02 no header", number(0), C::HeaderInvalid);
        row("ST-02 only a brace", number(1) + "{", C::HeaderInvalid);
        row("ST-03 2^64-1", number(~0ULL) + "{}", C::HeaderTooLarge);
        row("ST-03 2^63", number(1ULL << 63) + "{}", C::HeaderTooLarge);
        row("ST-03 100,000,001", number(100'000'001) + "{}", C::HeaderTooLarge);
        row("ST-04 past the end by one", number(3) + "{}", C::HeaderPastEnd);
        row("ST-05 byte FF", file(f32("a\xFF", "[0,4]"), 4), C::HeaderInvalid);
        row("ST-05 lone surrogate", file(f32("a\\ud800", "[0,4]"), 4), C::HeaderInvalid);
        row("ST-05 overlong UTF-8", file(f32("a\xC0\x80", "[0,4]"), 4), C::HeaderInvalid);
        row("ST-06 a million lists", safetensorsBytes(std::string(1'000'000, '['), ""), C::HeaderInvalid);
        row("ST-06 deep inside a field", file("\"a\":{\"x\":" + std::string(99999, '[') + std::string(99999, ']') + "}", 0),
            C::HeaderInvalid);
        row("ST-07 same range", file(f32("a", "[0,4]") + "," + f32("a", "[0,4]"), 4), C::HeaderDuplicateKey);
        row("ST-07 other range", file(f32("a", "[0,4]") + "," + f32("a", "[4,8]"), 8), C::HeaderDuplicateKey);
        row("ST-07 after unescaping", file(f32("a", "[0,4]") + "," + f32("\\u0061", "[4,8]"), 8), C::HeaderDuplicateKey);
        row("ST-07 a field twice", file("\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}", 4),
            C::HeaderDuplicateKey);
        row("ST-08 one range", file(f32("a", "[0,4]") + "," + f32("b", "[0,4]"), 4), C::TensorOverlap);
        row("ST-08 overlap of a byte", file(f32("a", "[0,4]") + "," + f32("b", "[3,7]"), 7), C::TensorOverlap);
        row("ST-08 hole of a byte", file(f32("a", "[0,4]") + "," + f32("b", "[5,9]"), 9), C::TensorGap);
        row("ST-08 first begins at 8", file(f32("a", "[8,12]"), 12), C::TensorGap);
        row("ST-09 wraps to nothing", file(entry("a", "F32", "[4294967296,4294967296]", "[0,0]"), 0), C::SizeOverflow);
        row("ST-09 2^64", file(entry("a", "F32", "[9223372036854775808,2]", "[0,0]"), 0), C::SizeOverflow);
        row("ST-09 behind a zero", file(entry("a", "F32", "[0,9223372036854775808,9223372036854775808]", "[0,0]"), 0),
            C::SizeOverflow);
        row("ST-09 offsets wrap", file(entry("a", "F8_NEW", "[1]", "[0,18446744073709551615]"), 0), C::SizeOverflow);
        for (const char* shape : {"[-1]", "[1.0]", "[1e3]", "[\"4\"]", "[[4]]", "[true]", "[null]", "4", "[99999999999999999999]"})
            row(shape, file(entry("a", "F32", shape, "[0,4]"), 4), C::HeaderEntryInvalid);
        row("ST-10 2^53+1", file(entry("a", "F32", "[9007199254740993]", "[0,4]"), 4), C::TensorSizeMismatch);
        row("ST-10 2^64-1", file(entry("a", "F32", "[18446744073709551615]", "[0,4]"), 4), C::SizeOverflow);
        row("ST-11 range shorter", file(entry("a", "F32", "[2]", "[0,4]"), 4), C::TensorSizeMismatch);
        row("ST-11 range longer", file(f32("a", "[0,8]"), 8), C::TensorSizeMismatch);
        row("ST-11 end before begin", file(f32("a", "[4,0]"), 4), C::HeaderEntryInvalid);
        row("ST-11 three offsets", file(f32("a", "[0,4,8]"), 8), C::HeaderEntryInvalid);
        row("ST-11 offsets as texts", file(f32("a", "[\"0\",\"4\"]"), 4), C::HeaderEntryInvalid);
        row("ST-12 truncated by a byte", file(f32("a", "[0,4]"), 3), C::DataTruncated);
        row("ST-13 no dtype", file("\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}", 4), C::HeaderEntryInvalid);
        row("ST-13 no shape", file("\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}", 4), C::HeaderEntryInvalid);
        row("ST-13 no range", file("\"a\":{\"dtype\":\"F32\",\"shape\":[1]}", 4), C::HeaderEntryInvalid);
        row("ST-13 a list", file("\"a\":[\"F32\",[1],[0,4]]", 4), C::HeaderEntryInvalid);
        row("ST-13 a number", file("\"a\":1", 4), C::HeaderEntryInvalid);
        row("ST-14 half a byte", file(entry("a", "F4", "[1,3]", "[0,2]"), 2), C::SubByteAlignment);
        std::string dimensions = "[1";
        for (int i = 0; i < 32; ++i)
            dimensions += ",1";
        row("ST-15 rank 33", file(entry("a", "F32", dimensions + "]", "[0,4]"), 4), C::HeaderLimit);
        row("ST-15 name of 5 MB", file(f32(std::string(5'000'000, 'a'), "[0,4]"), 4), C::HeaderLimit);
        row("ST-16 NUL in a name", file(f32("a\\u0000b", "[0,4]"), 4), C::HeaderEntryInvalid);
        row("ST-16 C1 in a name", file(f32("a\\u0085b", "[0,4]"), 4), C::HeaderEntryInvalid);
        row("ST-16 metadata as tensor", file(f32("__metadata__", "[0,4]"), 4), C::HeaderInvalid);
        row("metadata of numbers", file("\"__metadata__\":{\"a\":1}", 0), C::HeaderInvalid);
        row("not an object", safetensorsBytes("[]", ""), C::HeaderInvalid);
        row("something after the header", safetensorsBytes("{} {}", ""), C::HeaderInvalid);
        row("git-lfs pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", C::NotACheckpoint);
        row("web page", "<!DOCTYPE html><html></html>", C::NotACheckpoint);
    }
    void refuses()
    {
        QFETCH(std::string, bytes);
        QFETCH(ErrorCode, code);
        const auto checkpoint = opened(bytes);
        QVERIFY(!checkpoint);
        QCOMPARE(errorText(checkpoint.error().code).name, errorText(code).name);
        QCOMPARE(exitCode(checkpoint.error().code), 3);
        QCOMPARE(static_cast<int>(checkpoint.error().args.size()), errorText(code).placeholders);
    }

    void listsATypeThatNobodyKnows()
    {
        const auto checkpoint =
            opened(file(entry("a", "F8_E9M9", "[3]", "[0,3]") + "," + entry("b", "F6_E2M3", "[4]", "[3,6]"), 6));
        QVERIFY(checkpoint);
        QVERIFY((*checkpoint)->tensors()[0].dtype == DType::Opaque);
        QCOMPARE((*checkpoint)->tensors()[0].storedType, "F8_E9M9");
        QCOMPARE((*checkpoint)->tensors()[1].units(), 3U);
        double value = 0;
        QVERIFY(readValues(**checkpoint, 0, 0, {&value, 1}).error().code == ErrorCode::OpaqueDtype);
    }

    void warnsOfBytesThatBelongToNothing()
    {
        const auto checkpoint = opened(file(f32("a", "[0,4]"), 4) + "PK\3\4zip");
        QVERIFY(checkpoint);
        QCOMPARE((*checkpoint)->warnings().size(), 1U);
        QVERIFY((*checkpoint)->warnings()[0].code == ErrorCode::TrailingBytes);
        QCOMPARE((*checkpoint)->warnings()[0].args[0], "7");
    }

    void opensWhatIsOddButRight()
    {
        QVERIFY(opened(safetensorsBytes("{}", "")));
        QVERIFY(opened(safetensorsBytes(std::string(1'000'000, ' ') + "{}  \n", "")));
        QVERIFY(opened(file(f32("", "[0,4]"), 4)));
        QVERIFY(opened(file(entry("../../x", "F32", "[]", "[0,4]"), 4)));
        QVERIFY(opened(file(entry("a", "F32", "[0,5]", "[0,0]") + "," + f32("b", "[0,4]"), 4)));
        QVERIFY(opened(file("\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"extra\":{\"x\":[1,{\"y\":2}]}}", 4)));
    }

    void limitsCanBeLifted()
    {
        const std::string bytes = file(f32(std::string(5000, 'a'), "[0,4]"), 4);
        QVERIFY(!opened(bytes));
        QVERIFY(opened(bytes, {.limits = false}));
    }

    void readsEveryTypeAtAnyAlignment()
    {
        std::vector<BuiltTensor> tensors = {{"bool", "BOOL", {3}, std::string("\0\1\7", 3)}};
        const std::vector<std::pair<std::string, std::string>> minusTwo = {
            {"F64", std::string("\0\0\0\0\0\0\0\xC0", 8)}, {"F32", std::string("\0\0\0\xC0", 4)},
            {"F16", std::string("\0\xC0", 2)},             {"BF16", std::string("\0\xC0", 2)},
            {"I64", "\xFE" + std::string(7, '\xFF')},      {"I32", "\xFE" + std::string(3, '\xFF')},
            {"I16", "\xFE\xFF"},                           {"I8", "\xFE"}};
        for (const auto& [dtype, bytes] : minusTwo)
            tensors.push_back({dtype, dtype, {1}, bytes});
        for (const auto& [dtype, size] : {std::pair{"U64", 8}, {"U32", 4}, {"U16", 2}, {"U8", 1}})
            tensors.push_back({dtype, dtype, {1}, "\xFE" + std::string(static_cast<std::size_t>(size) - 1, '\0')});
        const auto checkpoint = opened(safetensorsBytes(tensors));
        QVERIFY(checkpoint);
        std::array<double, 3> values{};
        QVERIFY(readValues(**checkpoint, 0, 0, values));
        QCOMPARE(values, (std::array<double, 3>{0, 1, 1}));
        for (std::size_t i = 1; i < tensors.size(); ++i) {
            QVERIFY(readValues(**checkpoint, i, 0, std::span(values).first(1)));
            QCOMPARE(values[0], tensors[i].dtype[0] == 'U' ? 254.0 : -2.0);
        }
    }

    void noticesAFileThatShrinksWhileOpen()
    {
        const auto checkpoint = opened(file(entry("a", "F32", "[1000]", "[0,4000]"), 4000));
        QVERIFY(checkpoint);
        std::filesystem::resize_file(m_folder / "x.safetensors", 2000);
        std::vector<double> values(1000);
        QVERIFY(readValues(**checkpoint, 0, 0, values).error().code == ErrorCode::ShortRead);
        QVERIFY((*checkpoint)->checkUnchanged().error().code == ErrorCode::SourceChanged);
    }
};

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
