#include "core/checkpoint/arrayfile.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <bit>
#include <unistd.h>

namespace wb {

static_assert(std::endian::native == std::endian::little, "safetensors stores little-endian floats");

Result<ArrayFile> ArrayFile::create(const std::filesystem::path& path, std::vector<Array> arrays, const std::map<std::string, std::string>& metadata)
{
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        return fail(ErrorCode::CannotCreate, path.string(), said(CORE_TEXT("reasons", "it is not a regular file")));
    Json header = Json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::vector<std::uint64_t> offsets;
    std::vector<DType> arrayTypes;
    std::uint64_t bytes = 0;
    for (const Array& array : arrays) {
        offsets.push_back(bytes);
        const std::uint64_t size = elementCount(array.shape).value_or(0) * unitBytes(array.dtype);
        arrayTypes.push_back(array.dtype);
        header[array.name] = {{"dtype", dtypeName(array.dtype)}, {"shape", array.shape}, {"data_offsets", {bytes, bytes + size}}};
        bytes += size;
    }
    std::string text = dumpJson(header);
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();
    const std::filesystem::path part = path.string() + ".part-" + std::to_string(::getpid());
    auto file = OutputFile::create(part, 8 + length + bytes, FileCalls::system());
    if (!file)
        return failure(file);
    ArrayFile out(path, part, std::move(*file));
    for (std::uint64_t& offset : offsets)
        offset += 8 + length;
    out.m_offsets = std::move(offsets);
    out.m_types = std::move(arrayTypes);
    if (auto done = out.m_file.writeAt(0, std::as_bytes(std::span(&length, 1))); !done)
        return failure(done);
    if (auto done = out.m_file.writeAt(8, std::as_bytes(std::span(text))); !done)
        return failure(done);
    return out;
}

ArrayFile::~ArrayFile()
{
    if (m_part.empty())
        return;
    std::error_code ignored;
    std::filesystem::remove(m_part, ignored);
}

Result<void> ArrayFile::write(std::size_t array, std::uint64_t first, std::span<const float> values)
{
    return m_file.writeAt(m_offsets[array] + first * sizeof(float), std::as_bytes(values));
}

Result<void> ArrayFile::write(std::size_t array, std::uint64_t first, std::span<const double> values)
{
    if (m_types[array] == DType::F64)
        return m_file.writeAt(m_offsets[array] + first * sizeof(double), std::as_bytes(values));
    return write(array, first, std::span<const float>(std::vector<float>(values.begin(), values.end())));
}

Result<void> ArrayFile::publish()
{
    if (auto done = m_file.finish(); !done)
        return done;
    if (::rename(m_part.c_str(), m_path.c_str()) != 0)
        return tl::unexpected(writeError(errno, m_path));
    m_part.clear();
    return {};
}

} // namespace wb
