// Writes GGUF files, honest and otherwise: every number of the header can be given by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wb::test {

struct GgufTensor {
    std::string name;
    std::uint32_t type = 0;           // ggml's id
    std::vector<std::uint64_t> dims;  // fastest first
    std::string data;
    std::optional<std::uint64_t> offset = {};   // otherwise behind the tensor before, padded
    std::optional<std::uint32_t> rank = {};     // otherwise the number of dims
};

class GgufBuilder {
public:
    std::uint32_t version = 3;
    std::string magic = "GGUF";
    std::uint64_t alignment = 32;           // of the layout; a key for it is added by hand
    std::optional<std::uint64_t> tensorCount, keyCount;

    GgufBuilder& key(const std::string& name, std::uint32_t type, const std::string& value);
    GgufBuilder& text(const std::string& name, const std::string& value) { return key(name, 8, string(value)); }
    template <typename T>
    GgufBuilder& number(const std::string& name, std::uint32_t type, T value)
    {
        return key(name, type, raw(value));
    }
    GgufBuilder& texts(const std::string& name, const std::vector<std::string>& values);
    GgufBuilder& tensor(GgufTensor tensor);
    [[nodiscard]] std::string bytes() const;

    [[nodiscard]] static std::string string(const std::string& text); // length and bytes
    template <typename T>
    [[nodiscard]] static std::string raw(T value)
    {
        return {reinterpret_cast<const char*>(&value), sizeof value};
    }

private:
    std::vector<std::string> m_keys;
    std::vector<GgufTensor> m_tensors;
};

} // namespace wb::test
