// Writes one file of an export: the source's bytes with the ranges of touched tensors replaced, or a new header and its
// tensors. Pieces are read, edited, hashed and written on all threads; SHA-256, which has to go in order, runs beside the
// next pieces.
#pragma once

#include "core/base/hash.h"
#include "core/base/progress.h"
#include "core/checkpoint/fileplan.h"

#include <atomic>
#include <vector>

namespace wb {

// What the pieces of touched tensors showed, by tensor of the layout; safe from any thread.
struct TouchedTensor {
    std::atomic<bool> changed{false};
    std::atomic<std::uint64_t> nonFinite{0};    // in the result
    std::atomic<std::uint64_t> newNonFinite{0}; // where the source has a finite value
};

class FileWriter {
public:
    // `touched` lists tensors of `edited`; those in other files are passed over.
    FileWriter(const Checkpoint& layout, const FilePlan& plan, const TensorSource& edited,
               const std::vector<std::size_t>& touched, std::vector<TouchedTensor>& findings);

    // Creates the file and writes all of it, without fsync.
    Result<void> write(const std::filesystem::path& path, const FileCalls& calls, Progress& progress);
    // fsync and close.
    Result<void> finish() { return m_output->finish(); }
    // Reads the file again and compares every piece with what was meant; its header must open in the strict reader.
    Result<void> readBack(bool fromDisk, Progress& progress) const;

    [[nodiscard]] const std::string& sha256() const { return m_sha256; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

private:
    // Bytes of the source file, of the header, units of a tensor, or zeros.
    enum class From : std::uint8_t { Source, Header, Tensor, Padding };
    struct Piece {
        From from = From::Source;
        std::uint64_t offset = 0, bytes = 0; // in the result
        std::size_t tensor = 0;
        UnitRange range;
        Hash128 hash;
    };

    void keepSource(const std::vector<std::size_t>& touched);
    void layOutAnew();
    void addPieces(From from, std::uint64_t bytes, std::size_t tensor = 0);
    Result<void> produceTensor(const Piece& piece, std::span<std::byte> bytes) const;
    Result<void> compareTensor(const Piece& piece, std::span<const std::byte> bytes, std::uint64_t bad) const;
    Result<void> produce(Piece& piece, std::vector<std::byte>& bytes) const;
    Result<void> writePiece(std::size_t index, std::vector<std::byte>& bytes, Progress& progress);

    const Checkpoint& m_layout;
    const FilePlan& m_plan;
    const TensorSource& m_edited;
    std::vector<TouchedTensor>& m_findings;
    std::filesystem::path m_path;
    std::vector<Piece> m_pieces; // in order, without gaps
    std::uint64_t m_bytes = 0;
    std::optional<OutputFile> m_output;
    std::string m_sha256;
};

} // namespace wb
