#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/recipe/apply.h"
#include "core/recipe/recipejson.h"
#include "core/tensor/decode.h"

#include <QtTest>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>

using namespace wb;

namespace {

Operation operationIn(Json edit)
{
    edit["select"] = "name=x";
    return (*recipeFromJson({{"format", "weightbench.recipe/1"}, {"edits", {edit}}}, "x"))->at(0).operation;
}

DType typeNamed(const std::string& name) { return safetensorsDType(name)->dtype; }

// Every code of a type; for wide ones the values or the bit patterns that the script makes.
std::vector<std::byte> inputOf(DType dtype, const std::string& kind = "values")
{
    const std::uint32_t unit = unitBytes(dtype);
    std::vector<std::byte> bytes(hasValueTable(dtype) ? 65536 * unit : 4096 * unit);
    for (std::uint64_t i = 0; i * unit < bytes.size(); ++i) {
        std::byte* at = bytes.data() + i * unit;
        const std::uint64_t pattern = i * 11400714819323198485U;
        if (hasValueTable(dtype))
            store(at, static_cast<std::uint16_t>(i));
        else if (kind == "values")
            encode(dtype, (static_cast<double>((i * 2654435761U) % (1ULL << 32)) - 0x1p31) / 0x1p28, at);
        else if (unit == 8)
            store(at, pattern);
        else
            store(at, static_cast<std::uint32_t>(pattern >> 32));
    }
    return bytes;
}

TensorEdit tensorEdit(const Operation& operation, DType dtype)
{
    TensorInfo tensor;
    tensor.name = "x";
    tensor.dtype = dtype;
    tensor.shape = {65536};
    tensor.elements = 65536;
    Edit edit;
    edit.operation = operation;
    return {edit, tensor, *regionOf({}, tensor, {}), {}};
}

CodeMap codeMapFor(const Operation& operation, DType dtype) { return tensorEdit(operation, dtype).codeMap(); }

void applyToBytes(const Operation& operation, DType dtype, std::span<std::byte> stored)
{
    tensorEdit(operation, dtype).apply(0, stored);
}

std::string hexOf(std::span<const std::byte> bytes)
{
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data(), bytes.size());
    return fmt::format("{:x}", bits);
}

void makeNaNsPlain(DType dtype, std::span<std::byte> bytes)
{
    const std::uint32_t unit = unitBytes(dtype);
    for (std::size_t at = 0; at < bytes.size(); at += unit) {
        double value = 0;
        decode(dtype, bytes.subspan(at, unit), std::span(&value, 1));
        if (!std::isnan(value))
            continue;
        if (dtype == DType::BF16 || dtype == DType::F16)
            store(bytes.data() + at, static_cast<std::uint16_t>(dtype == DType::BF16 ? 0x7FC0 : 0x7E00));
        else
            encode(dtype, std::numeric_limits<double>::quiet_NaN(), bytes.data() + at);
    }
}

} // namespace

class TestApply : public QObject {
    Q_OBJECT
private slots:
    void equalsTorch_data()
    {
        QTest::addColumn<std::string>("row");
        const Json rows = *readJson(WB_TEST_DATA "/apply.json", false, 1 << 20);
        for (const Json& row : rows)
            QTest::newRow((row["dtype"].get<std::string>() + " " + row["input"].get<std::string>() + " " + row["edit"].dump()).c_str()) << row.dump();
    }
    void equalsTorch()
    {
        QFETCH(std::string, row);
        const Json want = *parseJson(row, "row");
        const DType dtype = typeNamed(want["dtype"].get<std::string>());
        const Operation operation = operationIn(want["edit"]);
        std::vector<std::byte> bytes = inputOf(dtype, want["input"].get<std::string>());
        if (hasValueTable(dtype))
            applyMap(codeMapFor(operation, dtype), dtype, bytes);
        else
            applyToBytes(operation, dtype, bytes);
        makeNaNsPlain(dtype, bytes);
        const std::size_t unit = unitBytes(dtype);
        for (const auto& [index, bits] : want["samples"].items())
            QCOMPARE(hexOf(std::span(bytes).subspan(std::stoul(index) * unit, unit)), bits.get<std::string>());
        Sha256 hash;
        hash.update(bytes);
        QCOMPARE(hash.finish(), want["sha256"].get<std::string>());
    }

    void valuesAndBytesAgree()
    {
        for (const DType dtype : {DType::F32, DType::F64, DType::I32})
            for (const Operation& operation : {Operation(Scale{1.02}), Operation(Add{0.7}), Operation(Clamp{-1, 1}), Operation(Set{3})}) {
                std::vector<std::byte> bytes = inputOf(dtype);
                std::vector<double> before(4096), after(4096);
                decode(dtype, bytes, before);
                applyToBytes(operation, dtype, bytes);
                decode(dtype, bytes, after);
                for (std::size_t i = 0; i < before.size(); ++i)
                    QCOMPARE(tensorEdit(operation, dtype).value(before[i]), after[i]);
            }
    }

    void notANumberKeepsItsBits()
    {
        for (const Operation& operation : {Operation(Scale{1.02}), Operation(Add{1}), Operation(Clamp{-1, 1})}) {
            for (const DType dtype : {DType::BF16, DType::F16}) {
                const CodeMap map = codeMapFor(operation, dtype);
                for (std::size_t code = 0; code < map.size(); ++code)
                    if (std::isnan(codeValues(dtype)[code]))
                        QCOMPARE(map[code], code);
            }
            std::vector<std::byte> bytes(8);
            store(bytes.data(), 0xFFC01234U);
            store(bytes.data() + 4, 0x7F800001U); // a signalling one
            const std::vector<std::byte> before = bytes;
            applyToBytes(operation, DType::F32, bytes);
            QVERIFY(bytes == before);
        }
        QCOMPARE(codeMapFor(Zero{}, DType::BF16)[0x7FC0], 0);
    }

    void whatChangesNothingKeepsEveryBit()
    {
        for (const DType dtype : {DType::BF16, DType::F16, DType::I16, DType::U16, DType::I8, DType::U8})
            for (const Operation& operation : {Operation(Scale{1}), Operation(Clamp{-1e308, 1e308})})
                QVERIFY(codeMapFor(operation, dtype) == identityMap(dtype));
        for (const DType dtype : {DType::F32, DType::F64, DType::I64, DType::U64, DType::I32, DType::U32})
            for (const Operation& operation : {Operation(Scale{1}), Operation(Clamp{-1e300, std::nullopt})}) {
                if (isFloat(dtype) && std::holds_alternative<Clamp>(operation))
                    continue; // these patterns go down to -infinity
                std::vector<std::byte> bytes = inputOf(dtype, "patterns");
                const std::vector<std::byte> before = bytes;
                applyToBytes(operation, dtype, bytes);
                QVERIFY(bytes == before);
            }
    }

    // In part an edit changes what it would change whole: no -0 becomes +0 and no infinity NaN beside it. At a strength of 0 that is nothing.
    void aStrengthLeavesWhatTheEditLeaves()
    {
        constexpr double inf = std::numeric_limits<double>::infinity();
        const std::vector<double> values = {-0.0, 0.0, inf, -inf, 1, 5, -3};
        for (const DType dtype : {DType::F64, DType::F32, DType::F16, DType::BF16})
            for (const auto& [operation, strength] : {std::pair(Operation(Clamp{-2, std::nullopt}), 0.5), std::pair(Operation(Clamp{std::nullopt, 7}), 2.0), std::pair(Operation(Set{5}), 0.0),
                                                      std::pair(Operation(Zero{}), 0.0), std::pair(Operation(Add{1}), 0.0), std::pair(Operation(Noise{1, 3, false}), 0.0)}) {
                const TensorInfo info{"x", dtype, "", {values.size()}, values.size(), values.size() * unitBytes(dtype), {}};
                Edit whole;
                whole.operation = operation;
                Edit part = whole;
                part.strength = strength;
                std::vector<std::byte> before(info.bytes);
                for (std::size_t i = 0; i < values.size(); ++i)
                    encode(dtype, values[i], before.data() + i * unitBytes(dtype));
                std::vector<std::byte> byWhole = before, byPart = before;
                TensorEdit(whole, info, *regionOf({}, info, {}), {}).apply(0, byWhole);
                TensorEdit(part, info, *regionOf({}, info, {}), {}).apply(0, byPart);
                for (std::size_t at = 0; at < before.size(); at += unitBytes(dtype)) {
                    const auto same = [&](const std::vector<std::byte>& after) { return std::memcmp(before.data() + at, after.data() + at, unitBytes(dtype)) == 0; };
                    QCOMPARE(same(byPart), strength == 0 || same(byWhole));
                }
            }
    }

    void settingWritesBeyondWhatADoubleTells()
    {
        std::vector<std::byte> bytes(8);
        store(bytes.data(), (std::int64_t{1} << 53) + 1);
        applyToBytes(Set{0x1p53}, DType::I64, bytes);
        QCOMPARE(load<std::int64_t>(bytes.data()), std::int64_t{1} << 53);
    }

    void integersRoundHalfToEvenAndSaturate()
    {
        const CodeMap half = codeMapFor(Scale{0.5}, DType::I8);
        QCOMPARE(half[5], 2);  // 2.5
        QCOMPARE(half[7], 4);  // 3.5
        QCOMPARE(half[static_cast<std::uint8_t>(-5)], static_cast<std::uint8_t>(-2));
        QCOMPARE(codeMapFor(Scale{100}, DType::U8)[3], 255);
        QCOMPARE(codeMapFor(Add{-10}, DType::U8)[3], 0);
        QCOMPARE(codeMapFor(Scale{-100}, DType::I8)[3], static_cast<std::uint8_t>(-128));
        QCOMPARE(tensorEdit(Scale{1e30}, DType::I64).value(5), 0x1p63);
    }

    void refusesWhatCannotBeDone()
    {
        const TensorInfo opaque{"x", DType::Opaque, "F4", {1}, 1, 1, {}};
        const TensorInfo truth{"x", DType::Bool, "BOOL", {1}, 1, 1, {}};
        const auto possible = [](const Operation& operation, const TensorInfo& tensor, const Elements& elements = {}) {
            Edit edit;
            edit.operation = operation;
            edit.elements = elements;
            return checkEditable(edit, tensor, {});
        };
        QVERIFY(possible(Zero{}, opaque).error().code == ErrorCode::EditNotPossible);
        QVERIFY(possible(Scale{2}, truth).error().code == ErrorCode::EditNotPossible);
        QVERIFY(possible(Set{1}, truth));
        const TensorInfo integers{"x", DType::I8, "I8", {4, 2}, 8, 8, {}};
        QVERIFY(!possible(Normalize{}, integers));
        Elements beyond;
        beyond.rows = IndexRange{2, 5};
        QCOMPARE(possible(Zero{}, integers, beyond).error().args.back(), std::string("there are no rows 2 to 5 in a tensor with 4"));
        beyond.rows = IndexRange{2, 4};
        QVERIFY(possible(Zero{}, integers, beyond));
        beyond.heads = {0};
        QVERIFY(!possible(Zero{}, integers, beyond)); // nothing says how many heads there are
    }
};

QTEST_APPLESS_MAIN(TestApply)
#include "tst_apply.moc"
