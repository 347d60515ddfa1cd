// Reads keys of a config with their defaults and limits. The first thing that is wrong is kept, reading goes on with
// harmless values, and status() tells: a family's reader is then a list of keys.
#pragma once

#include "core/base/json.h"
#include "core/model/config.h"

#include <optional>
#include <string>
#include <string_view>

namespace wb {

class ConfigReader {
public:
    ConfigReader(const Json& config, bool isGguf, std::string where);

    // A positive whole number of at most 2^24. Without a default the key must be there; null counts as absent.
    std::uint32_t count(const char* key, std::optional<std::uint32_t> otherwise = std::nullopt);
    double number(const char* key, std::optional<double> otherwise = std::nullopt); // finite
    bool flag(const char* key, bool otherwise);
    std::string text(const char* key, const std::string& otherwise);
    [[nodiscard]] const Json* find(const char* key) const; // null when absent or null
    // By the names of transformers' table of activations; ModelUnsupported for others.
    Activation activation(const char* key, const std::string& otherwise);
    // Which layers look through a window: layer_types where given, else as `otherwise` says of a layer.
    template <typename Otherwise>
    bool windowed(std::uint32_t layer, Otherwise otherwise)
    {
        const std::optional<std::string> type = layerType(layer);
        return type ? *type == "sliding_attention" : otherwise(layer);
    }

    void invalid(const Sentence& what);                                  // ConfigInvalid
    void unsupported(const std::string& key, const std::string& value); // ModelUnsupported
    // Refuses a key whose value is not the one that leaves the result as it is.
    void mustBe(const char* key, bool value);

    void take(const ConfigReader& part); // the first thing that is wrong with a part of the config
    [[nodiscard]] Result<void> status() const;
    [[nodiscard]] bool gguf() const { return m_gguf; }
    [[nodiscard]] const Json& json() const { return m_config; }

private:
    std::optional<std::string> layerType(std::uint32_t layer);

    const Json& m_config;
    bool m_gguf;
    std::string m_where;
    std::optional<Error> m_error;
};

} // namespace wb
