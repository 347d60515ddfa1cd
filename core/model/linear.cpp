#include "core/model/linear.h"

#include "core/base/parallel.h"
#include "core/model/fixedkernels.h"
#include "core/model/roundedrows.h"
#include "core/model/tilekernels.h"

#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

#include <map>
#include <optional>
#include <tuple>

namespace wb {
namespace {

// Fixed sizes of the pieces, whatever the number of threads: their edges decide the order of sums.
constexpr std::size_t blockRows = 256;         // of the matrix
constexpr std::size_t blockCount = 256;        // of x
constexpr std::size_t fewestFixed = 256;        // columns: shorter rows are mostly padding in fixed point
constexpr std::size_t fewestTiled = 128;       // rows of x: fewer do not pay for splitting weights that BF16 does not hold
constexpr std::size_t streamBytes = 256U << 10; // of stored rows that one task of RowByRow reads, about

// oneDNN brings its own threads; ours are the ones that count, so that results do not depend on their number.
void holdLibraryThreads()
{
    thread_local bool held = false;
    if (!held)
        omp_set_num_threads(1);
    held = true;
}

// Scratch that a thread keeps: memory made anew in each call costs page clearing.
template <typename T>
T* scratch(std::size_t elements)
{
    thread_local std::vector<T> memory;
    if (memory.size() < elements)
        memory.resize(elements);
    return memory.data();
}

dnnl::engine& engine()
{
    static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

bool hasBf16Products()
{
    static const bool has = dnnl::get_effective_cpu_isa() >= dnnl::cpu_isa::avx512_core_bf16;
    return has;
}

// c (m, n) = a (m, k) · bᵀ, or added to it, b (n, k); BF16 in, single precision out.
class Bf16Product {
public:
    Bf16Product(std::size_t m, std::size_t n, std::size_t k, std::size_t ldc, bool adds)
    {
        using Memory = dnnl::memory;
        const auto size = [](std::size_t value) { return static_cast<Memory::dim>(value); };
        m_a = Memory::desc({size(m), size(k)}, Memory::data_type::bf16, {size(k), 1});
        m_b = Memory::desc({size(k), size(n)}, Memory::data_type::bf16, {1, size(k)});
        m_c = Memory::desc({size(m), size(n)}, Memory::data_type::f32, {size(ldc), 1});
        dnnl::primitive_attr attributes;
        dnnl::post_ops sum;
        sum.append_sum(1.0F);
        if (adds)
            attributes.set_post_ops(sum);
#if DNNL_VERSION_MAJOR >= 3
        m_product = dnnl::matmul(dnnl::matmul::primitive_desc(engine(), m_a, m_b, m_c, attributes));
#else
        m_product = dnnl::matmul(dnnl::matmul::primitive_desc(dnnl::matmul::desc(m_a, m_b, m_c), attributes, engine()));
#endif
    }

    void run(const std::uint16_t* a, const std::uint16_t* b, float* c)
    {
        thread_local dnnl::stream stream(engine());
        m_product.execute(stream, {{DNNL_ARG_SRC, {m_a, engine(), const_cast<std::uint16_t*>(a)}},
                                   {DNNL_ARG_WEIGHTS, {m_b, engine(), const_cast<std::uint16_t*>(b)}},
                                   {DNNL_ARG_DST, {m_c, engine(), c}}});
        stream.wait();
    }

private:
    dnnl::memory::desc m_a, m_b, m_c;
    dnnl::matmul m_product;
};

void bf16Product(std::size_t m, std::size_t n, std::size_t k, const std::uint16_t* a, const std::uint16_t* b, float* c, std::size_t ldc, bool adds)
{
    constexpr std::size_t most = 256; // shapes kept a thread
    thread_local std::map<std::tuple<std::size_t, std::size_t, std::size_t, std::size_t, bool>, Bf16Product> made;
    holdLibraryThreads();
    const auto key = std::tuple(m, n, k, ldc, adds);
    auto found = made.find(key);
    if (found == made.end()) {
        if (made.size() >= most)
            made.clear();
        found = made.emplace(key, Bf16Product(m, n, k, ldc, adds)).first;
    }
    found->second.run(a, b, c);
}

// A piece of one segment: its rows, and where they stand in the whole matrix.
struct Piece {
    kernels::StoredRows stored;
    std::size_t firstRow = 0;
};

std::vector<Piece> piecesOf(const Linear& matrix, std::size_t rowsEach)
{
    std::vector<Piece> pieces;
    std::size_t at = 0;
    for (const SegmentPtr& segment : matrix.segments) {
        for (std::size_t row = 0; row < segment->stored.rows; row += rowsEach)
            pieces.push_back({segment->stored.part(row, std::min(rowsEach, segment->stored.rows - row)), at + row});
        at += segment->stored.rows;
    }
    return pieces;
}

void addBias(const Linear& matrix, const Piece& piece, std::size_t count, float* out, std::size_t outStride)
{
    if (matrix.bias.empty())
        return;
    for (std::size_t i = 0; i < count; ++i)
        kernels::add(out + i * outStride + piece.firstRow, matrix.bias.data() + piece.firstRow, piece.stored.rows);
}

// Numbers in BF16 whose sum a number on tiles is.
std::size_t partsOf(Precision precision) { return precision == Precision::F32 ? 3 : 2; }

// Rows of x that begin at cache lines, a line apart from one another more than they are long: loads across lines cost twice, and rows a power
// of two apart push each other out of the cache.
class AlignedRows {
public:
    AlignedRows(const float* x, std::size_t count, std::size_t xStride, std::size_t cols)
        : m_stride((cols + perLine - 1) / perLine * perLine + perLine), m_lines(count * m_stride / perLine)
    {
        for (std::size_t row = 0; row < count; ++row)
            std::copy_n(x + row * xStride, cols, reinterpret_cast<float*>(m_lines.data()) + row * m_stride);
    }
    [[nodiscard]] const float* rows() const { return reinterpret_cast<const float*>(m_lines.data()); }
    [[nodiscard]] std::size_t stride() const { return m_stride; }

private:
    static constexpr std::size_t perLine = 16;
    struct alignas(64) Line {
        float values[perLine];
    };
    std::size_t m_stride;
    std::vector<Line> m_lines;
};

// Rows of x in the forms in which segments are multiplied.
struct Forms {
    std::optional<AlignedRows> plain;
    std::optional<kernels::FixedRows> fixed;
    std::optional<kernels::TurnedRows> turned;
};

// Rows first … end − 1 of the whole matrix.
void multiplyRange(const Linear& matrix, std::size_t first, std::size_t end, const Forms& forms, std::size_t count, float* out, std::size_t outStride)
{
    std::size_t at = 0; // where the segment begins
    for (const SegmentPtr& segment : matrix.segments) {
        const std::size_t from = std::max(first, at), to = std::min(end, at + segment->stored.rows);
        if (from < to) {
            const Piece piece{segment->stored.part(from - at, to - from), from};
            if (forms.turned && kernels::multipliesTurned(piece.stored))
                kernels::multiplyTiles(piece.stored, *forms.turned, out + from, outStride);
            else if (forms.fixed && kernels::multipliesFixed(piece.stored.dtype))
                kernels::dotFixed(piece.stored, *forms.fixed, out + from, outStride);
            else
                kernels::dotRows(piece.stored, forms.plain->rows(), count, forms.plain->stride(), out + from, outStride);
            addBias(matrix, piece, count, out, outStride);
        }
        at += segment->stored.rows;
    }
}

// As many equal tasks for each thread as give each about streamBytes in one run: a stream takes a while to come to its speed,
// and of few large tasks one is left over at the end.
void multiplyRows(const Linear& matrix, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride,
                  Precision precision)
{
    Forms forms;
    const auto isFixed = [](const SegmentPtr& segment) { return kernels::multipliesFixed(segment->stored.dtype); };
    const auto isTurned = [](const SegmentPtr& segment) { return kernels::multipliesTurned(segment->stored); };
    if (precision == Precision::Stored && matrix.cols >= fewestFixed && std::ranges::any_of(matrix.segments, isFixed))
        forms.fixed.emplace(x, count, xStride, matrix.cols);
    if (std::ranges::any_of(matrix.segments, isTurned))
        forms.turned.emplace(kernels::TileRows(x, count, xStride, matrix.cols, partsOf(precision)));
    if (std::ranges::any_of(matrix.segments, [&](const SegmentPtr& segment) { return !(forms.turned && isTurned(segment)) && !(forms.fixed && isFixed(segment)); }))
        forms.plain.emplace(x, count, xStride, matrix.cols);
    std::size_t bytes = 0;
    for (const SegmentPtr& segment : matrix.segments)
        bytes += segment->stored.rows * segment->stored.rowBytes();
    const std::size_t threads = threadCount();
    const std::size_t tasks = std::clamp<std::size_t>(bytes / (threads * streamBytes), 1, std::max<std::size_t>(1, matrix.rows / threads)) * threads;
    parallelFor(tasks, [&](std::size_t i) {
        multiplyRange(matrix, matrix.rows * i / tasks, matrix.rows * (i + 1) / tasks, forms, count, out, outStride);
    });
}

// The columns of `weights` (rows, cols) in these runs, one beside the other.
const std::uint16_t* columnsOf(const std::uint16_t* weights, std::size_t rows, std::size_t cols, std::span<const std::uint32_t> runs)
{
    constexpr std::size_t run = RoundedRows::run;
    thread_local std::vector<std::uint16_t> memory;
    memory.resize(std::max(memory.size(), rows * runs.size() * run));
    std::uint16_t* to = memory.data();
    for (std::size_t row = 0; row < rows; ++row)
        for (const std::uint32_t first : runs) {
            const std::size_t width = std::min(run, cols - first);
            std::copy_n(weights + row * cols + first, width, to);
            std::fill(to + width, to + run, std::uint16_t{0});
            to += run;
        }
    return memory.data();
}

// A piece of the matrix in BF16, by a block of rows of x, the first of which is `first`, into `out`, whose first row is that of `first`.
void multiplyRounded(const kernels::StoredRows& stored, const RoundedRows& x, std::size_t first, std::size_t count, float* out, std::size_t outStride)
{
    const auto* weights = reinterpret_cast<const std::uint16_t*>(stored.bytes);
    bf16Product(count, stored.rows, stored.cols, x.high(first), weights, out, outStride, false);
    if (x.kept() == 0)
        return;
    const std::uint16_t* some = x.kept() == stored.cols ? weights : columnsOf(weights, stored.rows, stored.cols, x.runs(first / blockCount));
    bf16Product(count, stored.rows, x.kept(), x.rest(first), some, out, outStride, true);
}

const float* asF32(const kernels::StoredRows& stored)
{
    if (stored.dtype == DType::F32)
        return reinterpret_cast<const float*>(stored.bytes);
    float* wide = scratch<float>(stored.rows * stored.cols);
    kernels::widen(stored, wide);
    return wide;
}

// A task is a piece of the matrix by some of the blocks of x: by as many as leave each thread some tasks, since a piece is widened once a task.
void multiplyBlocks(const Linear& matrix, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride,
                    Precision precision)
{
    const std::vector<Piece> pieces = piecesOf(matrix, blockRows);
    const bool mayRound = precision == Precision::Stored && hasBf16Products();
    const auto rounds = [&](const Piece& piece) { return mayRound && piece.stored.dtype == DType::BF16; };
    std::optional<RoundedRows> rounded;
    if (std::ranges::any_of(pieces, rounds))
        rounded.emplace(matrix, x, count, xStride, blockCount);
    const std::size_t blocks = (count + blockCount - 1) / blockCount, wanted = 4 * threadCount();
    const std::size_t groups = std::min(blocks, (wanted + pieces.size() - 1) / pieces.size());
    parallelFor(pieces.size() * groups, [&](std::size_t task) {
        const Piece& piece = pieces[task / groups];
        const bool rounding = rounds(piece);
        const float* wide = rounding ? nullptr : asF32(piece.stored);
        const std::size_t group = task % groups;
        for (std::size_t block = blocks * group / groups; block < blocks * (group + 1) / groups; ++block) {
            const std::size_t first = block * blockCount, some = std::min(blockCount, count - first);
            float* to = out + first * outStride;
            if (rounding)
                multiplyRounded(piece.stored, *rounded, first, some, to + piece.firstRow, outStride);
            else
                matrixProduct(true, some, piece.stored.rows, piece.stored.cols, x + first * xStride, xStride, wide, piece.stored.cols, to + piece.firstRow, outStride);
            addBias(matrix, piece, some, to, outStride);
        }
    });
}

// Whether a product of many rows is done on tiles: the weights are packed anew for each.
bool onTiles(const Linear& matrix, std::size_t count)
{
    const auto isBf16 = [](const SegmentPtr& segment) { return segment->stored.dtype == DType::BF16; };
    return kernels::hasTiles() && (count >= fewestTiled || std::ranges::all_of(matrix.segments, isBf16));
}

// The pieces may depend on the number of threads: no sum does.
void multiplyOnTiles(const Linear& matrix, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride,
                     Precision precision)
{
    constexpr std::size_t pair = 2 * kernels::TileRows::rowsEach;
    const kernels::TileRows tiles(x, count, xStride, matrix.cols, partsOf(precision));
    const std::size_t rows = matrix.rows / threadCount(); // each task reads all of x, which is more than a cache holds
    const std::vector<Piece> pieces = piecesOf(matrix, std::max<std::size_t>(1, (rows + pair - 1) / pair) * pair);
    parallelFor(pieces.size(), [&](std::size_t task) {
        kernels::multiplyTiles(pieces[task].stored, tiles, out + pieces[task].firstRow, outStride);
        addBias(matrix, pieces[task], count, out, outStride);
    });
}

} // namespace

const char* precisionName(Precision precision) { return precision == Precision::F32 ? "f32" : "stored"; }

void Linear::row(std::size_t index, float* out) const
{
    for (const SegmentPtr& segment : segments) {
        if (index < segment->stored.rows)
            return kernels::widen(segment->stored.part(index, 1), out);
        index -= segment->stored.rows;
    }
}

void matrixProduct(bool transposeB, std::size_t m, std::size_t n, std::size_t k, const float* a, std::size_t lda, const float* b,
                   std::size_t ldb, float* c, std::size_t ldc)
{
    holdLibraryThreads();
    const auto size = [](std::size_t value) { return static_cast<dnnl_dim_t>(value); };
    dnnl_sgemm('N', transposeB ? 'T' : 'N', size(m), size(n), size(k), 1, a, size(lda), b, size(ldb), 0, c, size(ldc));
}

void multiply(const Linear& matrix, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride,
              Precision precision, Product product)
{
    if (product == Product::RowByRow)
        multiplyRows(matrix, x, count, xStride, out, outStride, precision);
    else if (onTiles(matrix, count))
        multiplyOnTiles(matrix, x, count, xStride, out, outStride, precision);
    else
        multiplyBlocks(matrix, x, count, xStride, out, outStride, precision);
}

} // namespace wb
