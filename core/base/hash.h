// SHA-256 proves identity (manifests, recipes); XXH3 is only for cache keys, fingerprints and comparing what was just
// written with what was meant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace wb {

class Sha256 {
public:
    Sha256();
    void update(std::span<const std::byte> data);
    void update(std::string_view text);
    // 64 lower-case hex digits; the object is used up.
    [[nodiscard]] std::string finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

// XXH3-128 of a piece of memory, to compare pieces.
struct Hash128 {
    std::uint64_t high = 0, low = 0;
    bool operator==(const Hash128&) const = default;
};
[[nodiscard]] Hash128 xxh3Of(std::span<const std::byte> data);

[[nodiscard]] std::string sha256(std::string_view text);
[[nodiscard]] std::string xxh3(std::string_view text); // 32 hex digits of XXH3-128

} // namespace wb
