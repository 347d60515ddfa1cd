// Reads parts of stored tensors into one piece of memory of large pages, all threads at once.
#pragma once

#include "core/base/progress.h"
#include "core/model/linear.h"
#include "core/tensor/tensorsource.h"

namespace wb {

// Rows [firstRow, firstRow + rows) of a tensor's 2-D view; transposed: its columns.
struct TensorPart {
    std::size_t tensor = 0;
    std::uint64_t firstRow = 0, rows = 0;
    std::size_t cols = 0;
    bool transposed = false; // stored (cols, rows)
};

class SegmentReader {
public:
    // `where` names the checkpoint in errors. `source` must outlive the reader.
    SegmentReader(const TensorSource& source, std::string where) : m_source(source), m_where(std::move(where)) {}

    // The segment has its memory after read(). Types the engine does not multiply become F32.
    // Of 8-bit floats the factors belong to the whole tensor.
    SegmentPtr add(const TensorPart& part, DType dtype, const std::string& key, std::vector<float> factors = {}, kernels::Float8Factors grid = {});
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; } // of all parts added
    // OutOfMemory, Cancelled, or what reading gives. Progress in bytes.
    Result<void> read(Progress& progress);

private:
    struct Pending {
        std::shared_ptr<Segment> segment;
        TensorPart part;
        std::uint64_t offset = 0; // in the memory made for all of them
    };
    Result<void> readRows(const Pending& pending, std::uint64_t first, std::uint64_t rows) const;
    Result<void> readTransposed(const Pending& pending) const;

    const TensorSource& m_source;
    std::string m_where;
    std::vector<Pending> m_pending;
    std::uint64_t m_bytes = 0;
};

} // namespace wb
