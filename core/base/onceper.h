// Expensive results by key, made once: whoever asks for one that is being made waits for it. What was used longest ago leaves first when
// the byte limit is passed. Thread-safe.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace wb {

template <typename T>
class OncePer {
public:
    using Ptr = std::shared_ptr<const T>;
    // `fewest` results stay whatever their size, so that threads that take turns do not throw out each other's.
    explicit OncePer(std::size_t byteLimit, std::size_t fewest) : m_limit(byteLimit), m_fewest(fewest) {}

    // For what is made from now on.
    void setLimit(std::size_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        m_limit = bytes;
    }

    // `make` gives a Result<Ptr>, `bytes` the size of a T; an error is not kept.
    template <typename Make, typename Bytes>
    [[nodiscard]] Result<Ptr> get(const std::string& key, Make make, Bytes bytes)
    {
        const auto entry = touch(key);
        const std::lock_guard making(entry->mutex);
        if (entry->value)
            return entry->value;
        Result<Ptr> made = make();
        if (made) {
            entry->value = *made;
            account(key, *entry, bytes(**made));
        } else {
            forget(key, *entry);
        }
        return made;
    }

private:
    struct Entry {
        explicit Entry(std::string text) : key(std::move(text)) {}
        std::string key;
        std::mutex mutex; // held while it is made
        Ptr value;
        std::size_t bytes = 0;
    };
    using List = std::list<std::shared_ptr<Entry>>; // most recently used first

    std::shared_ptr<Entry> touch(const std::string& key)
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_byKey.find(key); found != m_byKey.end()) {
            m_entries.splice(m_entries.begin(), m_entries, found->second);
            return m_entries.front();
        }
        m_entries.push_front(std::make_shared<Entry>(key));
        m_byKey[key] = m_entries.begin();
        return m_entries.front();
    }

    void account(const std::string& key, Entry& entry, std::size_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_byKey.find(key); found == m_byKey.end() || found->second->get() != &entry)
            return; // thrown out meanwhile
        entry.bytes = bytes;
        m_bytes += bytes;
        while (m_bytes > m_limit && m_entries.size() > m_fewest) {
            m_bytes -= m_entries.back()->bytes;
            m_byKey.erase(m_entries.back()->key);
            m_entries.pop_back();
        }
    }

    void forget(const std::string& key, const Entry& entry)
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_byKey.find(key);
        if (found == m_byKey.end() || found->second->get() != &entry)
            return;
        m_entries.erase(found->second);
        m_byKey.erase(found);
    }

    std::mutex m_mutex;
    List m_entries;
    std::unordered_map<std::string, typename List::iterator> m_byKey;
    std::size_t m_limit, m_fewest;
    std::size_t m_bytes = 0;
};

} // namespace wb
