// Large products on tiles (AMX): blocks of 16 × 32 numbers in BF16, many times the speed of vectors in single precision. A number in single
// precision is the sum of up to three in BF16, which loses nothing; the products of their parts are summed in single precision.
#pragma once

#include "core/model/kernels.h"

#include <memory>
#include <new>

namespace wb::kernels {

// Memory that begins with a line of the cache: a tile is 16 of them.
class Lines {
public:
    void hold(std::size_t elements); // at least; what was in it is lost when it grows
    [[nodiscard]] std::uint16_t* get() const { return m_memory.get(); }

private:
    static constexpr std::align_val_t alignment{64};
    struct Free {
        void operator()(std::uint16_t* memory) const { ::operator delete[](memory, alignment); }
    };
    std::unique_ptr<std::uint16_t[], Free> m_memory;
    std::size_t m_held = 0;
};

[[nodiscard]] bool hasTiles(); // whether this CPU has them, for BF16 and for bytes, the system lets us use them, and they are not forbidden
void forbidTiles(bool forbid); // so that tests see what other CPUs do

// Rows of activations (count, cols) as sums of `parts` numbers in BF16: 3 are exact, 2 are off by at most 2⁻¹⁷ of the value.
// What lies below the normal numbers of BF16 (1.2e-38) counts as zero.
class TileRows {
public:
    static constexpr std::size_t rowsEach = 16, colsEach = 32; // of a tile

    TileRows(const float* x, std::size_t count, std::size_t xStride, std::size_t cols, std::size_t parts);
    ~TileRows();
    TileRows(const TileRows&) = delete;
    TileRows& operator=(const TileRows&) = delete;

    // The tile of 16 rows and 32 columns; zeros stand behind the last of them.
    [[nodiscard]] const std::uint16_t* tile(std::size_t rows, std::size_t cols, std::size_t part) const
    {
        return m_tiles.get() + ((rows * m_across + cols) * m_parts + part) * rowsEach * colsEach;
    }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::size_t across() const { return m_across; } // tiles side by side
    [[nodiscard]] std::size_t parts() const { return m_parts; }

private:
    void fill(const float* x, std::size_t xStride, std::size_t cols, std::size_t rows);

    std::size_t m_count, m_across, m_parts;
    Lines m_tiles;
};

// The same for products with weights that stay where they are: tiles of 16 pairs of columns by 16 rows of x, or by all when these are fewer.
class TurnedRows {
public:
    explicit TurnedRows(const TileRows& x);

    [[nodiscard]] const std::uint16_t* tile(std::size_t rows, std::size_t cols, std::size_t part) const
    {
        return m_tiles.get() + ((rows * m_across + cols) * m_parts + part) * m_width * TileRows::colsEach;
    }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::size_t width() const { return m_width; } // rows of x in a tile
    [[nodiscard]] std::size_t parts() const { return m_parts; }

private:
    std::size_t m_count, m_width, m_across, m_parts;
    Lines m_tiles;
};

// out[i·outStride + r] = weights row r · x row i, in the calling thread. Products of parts below those that x has are left out: with 3 parts
// the result is one of single precision. A row of x by a row of weights gives the same bits in any company.
void multiplyTiles(const StoredRows& weights, const TileRows& x, float* out, std::size_t outStride);
// The same bits, for few rows of x: as fast as the weights are read. Only of weights in BF16 with whole tiles of columns.
[[nodiscard]] bool multipliesTurned(const StoredRows& weights);
void multiplyTiles(const StoredRows& weights, const TurnedRows& x, float* out, std::size_t outStride);

} // namespace wb::kernels
