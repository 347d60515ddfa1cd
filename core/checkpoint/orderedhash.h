// SHA-256 of a file whose pieces are made by several threads in no promised order, in bounded memory: a thread that has
// made the piece that is due hashes it and all that are ready behind it, while the others make the next ones.
#pragma once

#include "core/base/hash.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace wb {

// Pieces must be begun in ascending order: then the one that is due is always in somebody's hands, and nobody waits
// for a thread that waits. Every function is safe from any thread.
class OrderedHash {
public:
    explicit OrderedHash(std::size_t buffers) : m_slots(buffers) {}

    // The buffer of this piece, once the piece that had it before is hashed; nullptr after stop().
    [[nodiscard]] std::vector<std::byte>* begin(std::size_t piece);
    // The piece is in its buffer, which is no longer the caller's.
    void done(std::size_t piece);
    // After an error: nobody waits any more.
    void stop();
    [[nodiscard]] std::string finish() { return m_sha.finish(); }

private:
    struct Slot {
        std::vector<std::byte> bytes;
        bool ready = false;
    };
    Slot& slotOf(std::size_t piece) { return m_slots[piece % m_slots.size()]; }

    std::mutex m_mutex;
    std::condition_variable m_freed;
    std::vector<Slot> m_slots;
    std::size_t m_due = 0; // the first piece that is not hashed
    bool m_hashing = false, m_stopped = false;
    Sha256 m_sha; // of the thread that set m_hashing
};

} // namespace wb
