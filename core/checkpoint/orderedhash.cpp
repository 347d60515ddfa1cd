#include "core/checkpoint/orderedhash.h"

namespace wb {

std::vector<std::byte>* OrderedHash::begin(std::size_t piece)
{
    std::unique_lock lock(m_mutex);
    m_freed.wait(lock, [&] { return m_stopped || piece < m_due + m_slots.size(); });
    return m_stopped ? nullptr : &slotOf(piece).bytes;
}

void OrderedHash::done(std::size_t piece)
{
    std::unique_lock lock(m_mutex);
    slotOf(piece).ready = true;
    if (m_hashing)
        return;
    m_hashing = true;
    while (!m_stopped && slotOf(m_due).ready) {
        Slot& slot = slotOf(m_due);
        lock.unlock();
        m_sha.update(slot.bytes);
        lock.lock();
        slot.ready = false;
        ++m_due;
        m_freed.notify_all();
    }
    m_hashing = false;
}

void OrderedHash::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
    }
    m_freed.notify_all();
}

} // namespace wb
