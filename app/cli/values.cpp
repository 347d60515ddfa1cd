// wb values PATH TENSOR: numbers of a part of a tensor, as its 2-D view.
#include "app/cli/cli.h"

#include "core/base/bytes.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    SourceArguments source;
    std::string tensor, rows, cols;
    bool raw = false;
};

using Range = std::pair<std::uint64_t, std::uint64_t>;

std::uint64_t codeAt(std::span<const std::byte> stored, std::uint32_t width)
{
    std::uint64_t code = 0;
    std::memcpy(&code, stored.data(), width);
    return code;
}

// Stored bytes of the part, row by row.
Result<std::vector<std::byte>> readPart(const TensorSource& source, std::size_t tensor, Range rows, Range cols)
{
    const TensorInfo& info = source.tensors()[tensor];
    const std::uint64_t width = (cols.second - cols.first) * unitBytes(info.dtype);
    std::vector<std::byte> stored((rows.second - rows.first) * width);
    for (std::uint64_t row = rows.first; row < rows.second; ++row) {
        const UnitRange range{row * matrixOf(info).cols + cols.first, cols.second - cols.first};
        if (auto done = source.read(tensor, range, std::span(stored).subspan((row - rows.first) * width, width)); !done)
            return failure(done);
    }
    return stored;
}

Result<std::vector<double>> valuesOf(const TensorSource& source, std::size_t tensor, Range rows, Range cols)
{
    const std::uint64_t width = cols.second - cols.first;
    std::vector<double> values((rows.second - rows.first) * width);
    for (std::uint64_t row = rows.first; row < rows.second; ++row) {
        const std::uint64_t first = row * matrixOf(source.tensors()[tensor]).cols + cols.first;
        if (auto done = readValues(source, tensor, first, std::span(values).subspan((row - rows.first) * width, width)); !done)
            return failure(done);
    }
    return values;
}

Json nested(std::uint64_t rows, std::uint64_t cols, const std::function<Json(std::uint64_t)>& at)
{
    Json out = Json::array();
    for (std::uint64_t row = 0; row < rows; ++row) {
        Json line = Json::array();
        for (std::uint64_t col = 0; col < cols; ++col)
            line.push_back(at(row * cols + col));
        out.push_back(std::move(line));
    }
    return out;
}

void printText(std::span<const double> values, Range rows, Range cols)
{
    std::vector<std::string> headers{""};
    for (std::uint64_t col = cols.first; col < cols.second; ++col)
        headers.push_back(std::to_string(col));
    Table table(headers, std::vector<bool>(headers.size(), true));
    std::size_t i = 0;
    for (std::uint64_t row = rows.first; row < rows.second; ++row) {
        std::vector<std::string> line{std::to_string(row)};
        for (std::uint64_t col = cols.first; col < cols.second; ++col)
            line.push_back(valueText(values[i++]));
        table.add(std::move(line));
    }
    table.print();
}

Result<int> run(const Arguments& arguments, const Globals& globals)
{
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    const TensorSource& source = *opened->source;
    const auto tensor = source.find(arguments.tensor);
    if (!tensor)
        return fail(ErrorCode::TensorNotFound, opened->checkpoint->root().string(), arguments.tensor,
                    std::to_string(source.tensors().size()));
    const TensorInfo& info = source.tensors()[*tensor];
    if (info.dtype == DType::Opaque)
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    const Matrix matrix = matrixOf(info);
    auto rows = arguments.rows.empty() ? Range(0, matrix.rows) : parseRange(arguments.rows, matrix.rows, "--rows");
    auto cols = arguments.cols.empty() ? Range(0, matrix.cols) : parseRange(arguments.cols, matrix.cols, "--cols");
    if (!rows || !cols)
        return failure(!rows ? rows : cols);
    if (arguments.raw && isQuantised(info.dtype))
        return fail(ErrorCode::BadArgument, "--raw", info.storedType + " stores blocks of values, not a code for each");
    auto values = valuesOf(source, *tensor, *rows, *cols);
    if (!values)
        return failure(values);
    if (!globals.json) {
        printText(*values, *rows, *cols);
        return 0;
    }
    const std::uint64_t height = rows->second - rows->first, width = cols->second - cols->first;
    Json out = {{"dtype", info.storedType},
                {"shape", info.shape},
                {"rows", {rows->first, rows->second}},
                {"cols", {cols->first, cols->second}},
                {"values", nested(height, width, [&](std::uint64_t i) { return jsonNumber((*values)[i]); })}};
    if (arguments.raw) {
        auto stored = readPart(source, *tensor, *rows, *cols);
        if (!stored)
            return failure(stored);
        const std::uint32_t unit = unitBytes(info.dtype);
        out["codes"] = nested(height, width, [&](std::uint64_t i) {
            return Json(codeAt(std::span(*stored).subspan(i * unit, unit), unit));
        });
    }
    printJson("values", out);
    return 0;
}

} // namespace

Run addValues(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->source.addWithRecipes(app);
    app.add_option("TENSOR", arguments->tensor, "Name of the tensor")->required();
    app.add_option("--rows", arguments->rows, "Rows A:B of the 2-D view; B is not included");
    app.add_option("--cols", arguments->cols, "Columns A:B");
    app.add_flag("--raw", arguments->raw, "Also the stored bits as numbers");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
