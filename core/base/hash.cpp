#include "core/base/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <xxh_x86dispatch.h> // XXH3 by what the CPU has

#include <array>

namespace wb {
namespace {

std::string hex(XXH128_hash_t hash) { return fmt::format("{:016x}{:016x}", hash.high64, hash.low64); }

} // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : m_context(EVP_MD_CTX_new()) { EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr); }

void Sha256::update(std::span<const std::byte> data) { EVP_DigestUpdate(m_context.get(), data.data(), data.size()); }

void Sha256::update(std::string_view text) { update(std::as_bytes(std::span(text))); }

std::string Sha256::finish()
{
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(m_context.get(), digest.data(), nullptr);
    std::string text;
    for (const unsigned char byte : digest)
        text += fmt::format("{:02x}", byte);
    return text;
}

Hash128 xxh3Of(std::span<const std::byte> data)
{
    const XXH128_hash_t hash = XXH3_128bits(data.data(), data.size());
    return {hash.high64, hash.low64};
}

std::string sha256(std::string_view text)
{
    Sha256 hash;
    hash.update(text);
    return hash.finish();
}

std::string xxh3(std::string_view text) { return hex(XXH3_128bits(text.data(), text.size())); }

} // namespace wb
