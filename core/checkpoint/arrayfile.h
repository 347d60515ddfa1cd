// A safetensors file of arrays that we compute (logits, hidden states, singular vectors), single or double precision: laid out first, filled in any
// order, published by one rename over a regular file of that name.
#pragma once

#include "core/base/file.h"
#include "core/tensor/tensor.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wb {

class ArrayFile {
public:
    struct Array {
        std::string name;
        Shape shape;
        DType dtype = DType::F32; // or F64
    };
    static Result<ArrayFile> create(const std::filesystem::path& path, std::vector<Array> arrays, const std::map<std::string, std::string>& metadata = {});
    ArrayFile(ArrayFile&&) noexcept = default;
    ArrayFile& operator=(ArrayFile&&) = delete;
    ~ArrayFile(); // removes what was not published

    // Elements from `first` on, row-major.
    Result<void> write(std::size_t array, std::uint64_t first, std::span<const float> values);
    Result<void> write(std::size_t array, std::uint64_t first, std::span<const double> values); // rounded for an F32 array
    Result<void> publish();

private:
    ArrayFile(std::filesystem::path path, std::filesystem::path part, OutputFile file) : m_path(std::move(path)), m_part(std::move(part)), m_file(std::move(file)) {}

    std::filesystem::path m_path, m_part;
    OutputFile m_file;
    std::vector<std::uint64_t> m_offsets; // in the file
    std::vector<DType> m_types;
};

} // namespace wb
