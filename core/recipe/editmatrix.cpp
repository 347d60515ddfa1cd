#include "core/recipe/editmatrix.h"

#include "core/base/hash.h"
#include "core/recipe/fields.h"

#include <openssl/evp.h>

#include <cstring>

namespace wb {
namespace {

constexpr std::uint64_t mostValues = std::uint64_t{1} << 28; // 1 GiB

std::uint64_t base64Length(std::uint64_t values) { return (values * sizeof(float) + 2) / 3 * 4; }

} // namespace

std::string base64Of(std::span<const float> values)
{
    std::string out(base64Length(values.size()) + 1, '\0'); // the library ends it with a zero
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(values.data()), static_cast<int>(values.size_bytes()));
    out.pop_back();
    return out;
}

std::optional<std::vector<float>> floatsOf(const std::string& base64, std::uint64_t count)
{
    if (count > mostValues || base64.size() != base64Length(count))
        return std::nullopt;
    std::vector<unsigned char> bytes(base64.size() / 4 * 3);
    const int length = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
    if (length < 0 || static_cast<std::size_t>(length) < count * sizeof(float)) // padding counts as zeros
        return std::nullopt;
    std::vector<float> out(count);
    std::memcpy(out.data(), bytes.data(), count * sizeof(float));
    return out;
}

std::string sha256Of(std::span<const float> values) { return sha256(std::string_view(reinterpret_cast<const char*>(values.data()), values.size_bytes())); }

EditMatrixPtr makeMatrix(std::uint64_t rows, std::uint64_t cols, std::vector<float> values)
{
    std::string hash = sha256Of(values);
    return std::make_shared<const EditMatrix>(EditMatrix{std::move(hash), rows, cols, std::move(values)});
}

Json matrixToJson(const EditMatrix& matrix) { return {{"rows", matrix.rows}, {"cols", matrix.cols}, {"f32", base64Of(matrix.values)}}; }

Result<EditMatrixPtr> matrixFromJson(const Json& json, const std::string& where, const std::string& place)
{
    if (!json.is_object())
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "%1it must be an object"), place));
    Fields fields(json, where, place);
    const std::uint64_t rows = fields.count("rows"), cols = fields.count("cols");
    const std::string text = fields.text("f32", true);
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    if (rows == 0 || cols == 0 || rows > mostValues / cols)
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "%1%2 × %3 is no size of a matrix"), place, rows, cols));
    auto values = floatsOf(text, rows * cols);
    if (!values)
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "%1f32 is no base64 of %2 × %3 values"), place, rows, cols));
    return makeMatrix(rows, cols, std::move(*values));
}

} // namespace wb
