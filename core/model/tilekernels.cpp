#include "core/model/tilekernels.h"

#include "core/base/parallel.h"
#include "core/model/tiles.h"

#include <algorithm>
#include <atomic>
#include <vector>

#if defined(WB_HAS_AMX)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace wb::kernels {
namespace {

std::atomic<bool> forbidden{false};

} // namespace

void forbidTiles(bool forbid) { forbidden = forbid; }

#if defined(WB_HAS_AMX)

namespace {

constexpr std::size_t side = TileRows::rowsEach, depth = TileRows::colsEach, tileElements = side * depth;
constexpr std::size_t packedBytes = 1U << 20; // of weights, which stay in a core's cache beside a few rows of x

bool mayUseTiles()
{
    constexpr long requestPermission = 0x1023, tileData = 18; // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA of Linux' <asm/prctl.h>
    unsigned a = 0, b = 0, c = 0, d = 0;
    __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(7), "c"(0));
    constexpr unsigned bf16 = 1U << 22, tiles = 1U << 24, bytes = 1U << 25;
    const bool vectors = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bf16");
    return vectors && (d & bf16) != 0 && (d & tiles) != 0 && (d & bytes) != 0 && syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
}

WB_AMX inline __m512 without(__m512 x, __m256i rounded)
{
    constexpr int notFinite = 0x99; // the classes NaN and ∞: nothing is left of them
    const __m512 wide = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(rounded), 16));
    return _mm512_maskz_sub_ps(_knot_mask16(_mm512_fpclass_ps_mask(wide, notFinite)), x, wide);
}

// 32 numbers as `parts` in BF16, each what the ones before have left, nearest even.
WB_AMX inline void split(__m512 low, __m512 high, std::size_t parts, __m512i* out)
{
    for (std::size_t part = 0; part < parts; ++part) {
        out[part] = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
        low = without(low, _mm512_castsi512_si256(out[part]));
        high = without(high, _mm512_extracti64x4_epi64(out[part], 1));
    }
}

// 32 numbers of a row from column `at`, zeros behind `cols`.
WB_AMX inline void splitRow(const float* row, std::size_t at, std::size_t cols, std::size_t parts, __m512i* out)
{
    const std::size_t some = cols - at;
    const __m512 low = _mm512_maskz_loadu_ps(firstLanes(some), row + at);
    split(low, some > 16 ? _mm512_maskz_loadu_ps(firstLanes(some - 16), row + at + 16) : _mm512_setzero_ps(), parts, out);
}

WB_AMX void turn(const std::uint16_t* from, std::size_t tiles, std::size_t width, std::uint16_t* to)
{
    for (std::size_t tile = 0; tile < tiles; ++tile, from += tileElements, to += width * depth) {
        __m512i rows[side];
        for (std::size_t row = 0; row < side; ++row)
            rows[row] = _mm512_load_si512(from + row * depth);
        transpose(rows, to, width);
    }
}

std::size_t partsOf(DType dtype, std::size_t most)
{
    const std::size_t exact = dtype == DType::BF16 ? 1 : dtype == DType::F16 ? 2 : 3;
    return std::min(exact, most);
}

// 16 rows of weights from `first`, fewer at the end, as tiles of 16 pairs of columns by 16 rows: [columns][part], every second tile.
WB_AMX void packRows(const StoredRows& weights, std::size_t first, std::size_t parts, std::uint16_t* to)
{
    const std::size_t rows = std::min(side, weights.rows > first ? weights.rows - first : 0), cols = weights.cols;
    thread_local std::vector<float> wide;
    const float* values = nullptr;
    const StoredRows mine = weights.part(first, rows);
    if (weights.dtype == DType::F32) {
        values = reinterpret_cast<const float*>(mine.bytes);
    } else if (weights.dtype != DType::BF16 && rows != 0) {
        wide.resize(std::max(wide.size(), side * cols));
        widen(mine, wide.data());
        values = wide.data();
    }
    for (std::size_t at = 0; at < cols; at += depth) {
        __m512i lines[3][side];
        for (std::size_t row = 0; row < side; ++row) {
            __m512i line[3] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
            if (row < rows && values != nullptr) {
                splitRow(values + row * cols, at, cols, parts, line);
            } else if (row < rows) {
                const auto* codes = reinterpret_cast<const std::uint16_t*>(mine.bytes) + row * cols + at;
                line[0] = _mm512_maskz_loadu_epi16(cols - at >= depth ? ~__mmask32{0} : (__mmask32{1} << (cols - at)) - 1, codes);
            }
            for (std::size_t part = 0; part < parts; ++part)
                lines[part][row] = line[part];
        }
        for (std::size_t part = 0; part < parts; ++part)
            transpose(lines[part], to + 2 * (at / depth * parts + part) * tileElements);
    }
}

// Where the four blocks of a step go: two tiles of rows of x by two of rows of weights.
struct FourBlocks {
    float* at[4];
    std::size_t stride; // bytes between rows
};

template <std::size_t WeightParts, std::size_t Parts>
WB_AMX void multiplyFour(const std::uint16_t* upper, const std::uint16_t* lower, const std::uint16_t* weights, std::size_t across, const FourBlocks& to)
{
    constexpr std::size_t line = 64, products = 4 * (WeightParts * Parts - WeightParts * (WeightParts - 1) / 2), stepsEach = productsPerStore / products;
    __asm__ volatile("" ::: "memory"); // the tile instructions of GCC do not tell it that they read memory
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (std::size_t tile = 0; tile < across; ++tile) {
        for (std::size_t w = 0; w < WeightParts; ++w) {
            _tile_loadd(6, weights + 2 * w * tileElements, line);
            _tile_loadd(7, weights + (2 * w + 1) * tileElements, line);
            for (std::size_t p = 0; p + w < Parts; ++p) {
                _tile_loadd(4, upper + p * tileElements, line);
                _tile_dpbf16ps(0, 4, 6);
                _tile_dpbf16ps(1, 4, 7);
                _tile_loadd(5, lower + p * tileElements, line);
                _tile_dpbf16ps(2, 5, 6);
                _tile_dpbf16ps(3, 5, 7);
            }
        }
        weights += 2 * WeightParts * tileElements;
        upper += Parts * tileElements;
        lower += Parts * tileElements;
        if (tile % stepsEach == stepsEach - 1)
            _tile_stored(7, to.at[0], to.stride);
    }
    _tile_stored(0, to.at[0], to.stride);
    _tile_stored(1, to.at[1], to.stride);
    _tile_stored(2, to.at[2], to.stride);
    _tile_stored(3, to.at[3], to.stride);
    __asm__ volatile("" ::: "memory");
}

using Four = void (*)(const std::uint16_t*, const std::uint16_t*, const std::uint16_t*, std::size_t, const FourBlocks&);

Four fourOf(std::size_t weightParts, std::size_t parts)
{
    if (parts == 2)
        return weightParts == 1 ? multiplyFour<1, 2> : multiplyFour<2, 2>;
    return weightParts == 1 ? multiplyFour<1, 3> : weightParts == 2 ? multiplyFour<2, 3> : multiplyFour<3, 3>;
}

// Rows of weights as tiles: pairs of 16 rows, each pair `elements` long.
struct Packed {
    const std::uint16_t* tiles;
    std::size_t elements, rows;
};

// Two tiles of rows of x from `row`, by all that is packed. `out`: where the first of these rows begins.
WB_AMX void multiplyPacked(Four four, const TileRows& x, std::size_t row, const Packed& weights, float* out, std::size_t outStride)
{
    alignas(64) float edge[2 * side * 2 * side]; // blocks of which not all belongs to `out`
    const std::size_t rows = std::min(2 * side, x.count() - row), lower = std::min(row / side + 1, (x.count() - 1) / side);
    for (std::size_t first = 0; first < weights.rows; first += 2 * side) {
        const std::size_t cols = std::min(2 * side, weights.rows - first);
        const bool whole = rows == 2 * side && cols == 2 * side;
        float* to = whole ? out + first : edge;
        const std::size_t stride = whole ? outStride : 2 * side;
        four(x.tile(row / side, 0, 0), x.tile(lower, 0, 0), weights.tiles + first / (2 * side) * weights.elements, x.across(),
             {{to, to + side, to + side * stride, to + side * stride + side}, stride * sizeof(float)});
        for (std::size_t i = 0; i < rows && !whole; ++i)
            std::copy_n(edge + i * 2 * side, cols, out + i * outStride + first);
    }
}

// Two tiles of rows of weights where they stand, by one of rows of x: `sums`, (32 rows of weights, `width` rows of x). The weights behind these
// are fetched meanwhile. Each of the 16 lines of a tile is one of another row, which the CPU's own prefetching does not follow well.
template <std::size_t Parts, bool Two>
WB_AMX void multiplyTurned(const std::byte* upper, std::size_t stride, const std::uint16_t* x, std::size_t width, std::size_t across, float* sums)
{
    constexpr std::size_t line = 64;
    const std::size_t xLine = 4 * width; // pairs of numbers; a row of sums is as long
    const std::byte* lower = upper + side * stride;
    const std::byte* next = upper + 2 * side * stride;
    __asm__ volatile("" ::: "memory");
    _tile_zero(0);
    if constexpr (Two)
        _tile_zero(1);
    for (std::size_t tile = 0; tile < across; ++tile, upper += line, lower += line) {
        for (std::size_t i = 0; i < 2 * side; ++i, next += line)
            _mm_prefetch(reinterpret_cast<const char*>(next), _MM_HINT_T1);
        _tile_loadd(2, upper, stride);
        if constexpr (Two)
            _tile_loadd(3, lower, stride);
        for (std::size_t p = 0; p < Parts; ++p, x += width * depth) {
            _tile_loadd(4, x, xLine);
            _tile_dpbf16ps(0, 2, 4);
            if constexpr (Two)
                _tile_dpbf16ps(1, 3, 4);
        }
    }
    _tile_stored(0, sums, xLine);
    if constexpr (Two)
        _tile_stored(1, sums + side * width, xLine);
    __asm__ volatile("" ::: "memory");
}

// Memory that a thread takes again: made anew in each call it costs page clearing.
Lines& spare()
{
    thread_local Lines memory;
    return memory;
}

} // namespace

bool hasTiles()
{
    static const bool has = mayUseTiles();
    return has && !forbidden;
}

TileRows::TileRows(const float* x, std::size_t count, std::size_t xStride, std::size_t cols, std::size_t parts)
    : m_count(count), m_across((cols + depth - 1) / depth), m_parts(parts), m_tiles(std::move(spare()))
{
    m_tiles.hold((count + side - 1) / side * m_across * parts * tileElements);
    parallelFor((count + side - 1) / side, [&](std::size_t rows) { fill(x, xStride, cols, rows); });
}

TileRows::~TileRows() { spare() = std::move(m_tiles); }

WB_AMX void TileRows::fill(const float* x, std::size_t xStride, std::size_t cols, std::size_t rows)
{
    const std::size_t first = rows * side, end = std::min(m_count, first + side);
    std::uint16_t* to = m_tiles.get() + first * m_across * m_parts * depth;
    if (end - first < side)
        std::fill_n(to, m_across * m_parts * tileElements, std::uint16_t{0});
    for (std::size_t row = first; row < end; ++row)
        for (std::size_t at = 0; at < cols; at += depth) {
            __m512i line[3];
            splitRow(x + row * xStride, at, cols, m_parts, line);
            for (std::size_t part = 0; part < m_parts; ++part)
                _mm512_store_si512(to + (at / depth * m_parts + part) * tileElements + (row - first) * depth, line[part]);
        }
}

WB_AMX void multiplyTiles(const StoredRows& weights, const TileRows& x, float* out, std::size_t outStride)
{
    thread_local Lines packed;
    const std::size_t parts = partsOf(weights.dtype, x.parts()), elements = 2 * x.across() * parts * tileElements;
    const std::size_t most = 2 * side * std::max<std::size_t>(1, packedBytes / (elements * sizeof(std::uint16_t)));
    packed.hold(most / (2 * side) * elements);
    const Four four = fourOf(parts, x.parts());
    for (std::size_t first = 0; first < weights.rows; first += most) {
        const StoredRows mine = weights.part(first, std::min(weights.rows - first, most));
        for (std::size_t row = 0; row < mine.rows; row += 2 * side)
            for (const std::size_t second : {std::size_t{0}, std::size_t{1}})
                packRows(mine, row + second * side, parts, packed.get() + row / (2 * side) * elements + second * tileElements);
        configureTiles();
        for (std::size_t row = 0; row < x.count(); row += 2 * side)
            multiplyPacked(four, x, row, {packed.get(), elements, mine.rows}, out + row * outStride + first, outStride);
        _tile_release();
    }
}

TurnedRows::TurnedRows(const TileRows& x) : m_count(x.count()), m_width(std::min(side, m_count)), m_across(x.across()), m_parts(x.parts())
{
    const std::size_t tiles = (m_count + side - 1) / side * m_across * m_parts;
    m_tiles.hold(tiles * m_width * depth);
    turn(x.tile(0, 0, 0), tiles, m_width, m_tiles.get());
}

bool multipliesTurned(const StoredRows& weights) { return hasTiles() && weights.dtype == DType::BF16 && weights.cols % depth == 0; }

WB_AMX void multiplyTiles(const StoredRows& weights, const TurnedRows& x, float* out, std::size_t outStride)
{
    alignas(64) float sums[2 * side * side];
    const std::size_t stride = weights.rowBytes(), across = weights.cols / depth;
    const auto two = x.parts() == 2 ? multiplyTurned<2, true> : multiplyTurned<3, true>, one = x.parts() == 2 ? multiplyTurned<2, false> : multiplyTurned<3, false>;
    configureTiles(side, x.width());
    for (std::size_t first = 0, rows = 0; first < weights.rows; first += rows) {
        const std::size_t left = weights.rows - first;
        rows = left >= 2 * side ? 2 * side : std::min(left, side);
        if (rows < side)
            configureTiles(rows, x.width());
        for (std::size_t row = 0; row < x.count(); row += side) {
            (rows == 2 * side ? two : one)(weights.bytes + first * stride, stride, x.tile(row / side, 0, 0), x.width(), across, sums);
            for (std::size_t i = 0; i < std::min(side, x.count() - row); ++i)
                for (std::size_t r = 0; r < rows; ++r)
                    out[(row + i) * outStride + first + r] = sums[r * x.width() + i];
        }
    }
    _tile_release();
}

#else

bool hasTiles() { return false; }
TileRows::TileRows(const float*, std::size_t count, std::size_t, std::size_t, std::size_t parts) : m_count(count), m_across(0), m_parts(parts) {}
TileRows::~TileRows() = default;
void multiplyTiles(const StoredRows&, const TileRows&, float*, std::size_t) {}
TurnedRows::TurnedRows(const TileRows& x) : m_count(x.count()), m_width(0), m_across(0), m_parts(x.parts()) {}
bool multipliesTurned(const StoredRows&) { return false; }
void multiplyTiles(const StoredRows&, const TurnedRows&, float*, std::size_t) {}

#endif

void Lines::hold(std::size_t elements)
{
    if (m_held >= elements)
        return;
    m_memory.reset(); // first, so that both are never held
    m_memory.reset(static_cast<std::uint16_t*>(::operator new[](elements * sizeof(std::uint16_t), alignment)));
    m_held = elements;
}

} // namespace wb::kernels
