#include "core/model/configreader.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

namespace wb {
namespace {

constexpr std::uint32_t largest = 1U << 24;

struct ActivationName {
    std::string_view name;
    Activation activation;
};
// transformers' ACT2FN, those that published decoders use.
constexpr std::array activations = {
    ActivationName{"silu", Activation::Silu},
    ActivationName{"swish", Activation::Silu},
    ActivationName{"gelu", Activation::Gelu},
    ActivationName{"gelu_python", Activation::Gelu},
    ActivationName{"gelu_new", Activation::GeluTanh},
    ActivationName{"gelu_fast", Activation::GeluTanh},
    ActivationName{"gelu_accurate", Activation::GeluTanh},
    ActivationName{"gelu_pytorch_tanh", Activation::GeluTanh},
    ActivationName{"gelu_python_tanh", Activation::GeluTanh},
    ActivationName{"quick_gelu", Activation::QuickGelu},
    ActivationName{"relu", Activation::Relu},
    ActivationName{"relu2", Activation::Relu2},
};

std::string shown(const Json& value)
{
    std::string text = dumpJson(value);
    if (text.size() > 60)
        text = text.substr(0, 57) + "…";
    return text;
}

} // namespace

ConfigReader::ConfigReader(const Json& config, bool isGguf, std::string where)
    : m_config(config), m_gguf(isGguf), m_where(std::move(where))
{
}

const Json* ConfigReader::find(const char* key) const
{
    const auto found = m_config.find(key);
    return found == m_config.end() || found->is_null() ? nullptr : &*found;
}

std::uint32_t ConfigReader::count(const char* key, std::optional<std::uint32_t> otherwise)
{
    const Json* value = find(key);
    if (value == nullptr) {
        if (!otherwise)
            invalid(said(CORE_TEXT("reasons", "%1 is missing"), key));
        return otherwise.value_or(1);
    }
    if (!value->is_number_integer() || value->get<std::int64_t>() < 1 || value->get<std::int64_t>() > largest) {
        invalid(said(CORE_TEXT("reasons", "%1 = %2 is not a whole number from 1 to %3"), key, shown(*value), largest));
        return 1;
    }
    return value->get<std::uint32_t>();
}

double ConfigReader::number(const char* key, std::optional<double> otherwise)
{
    const Json* value = find(key);
    if (value == nullptr) {
        if (!otherwise)
            invalid(said(CORE_TEXT("reasons", "%1 is missing"), key));
        return otherwise.value_or(1);
    }
    if (!value->is_number() || !std::isfinite(value->get<double>())) {
        invalid(said(CORE_TEXT("reasons", "%1 = %2 is not a number"), key, shown(*value)));
        return 1;
    }
    return value->get<double>();
}

bool ConfigReader::flag(const char* key, bool otherwise)
{
    const Json* value = find(key);
    if (value == nullptr)
        return otherwise;
    if (!value->is_boolean()) {
        invalid(said(CORE_TEXT("reasons", "%1 = %2 is neither true nor false"), key, shown(*value)));
        return otherwise;
    }
    return value->get<bool>();
}

std::string ConfigReader::text(const char* key, const std::string& otherwise)
{
    const Json* value = find(key);
    if (value == nullptr)
        return otherwise;
    if (!value->is_string()) {
        invalid(said(CORE_TEXT("reasons", "%1 = %2 is not a text"), key, shown(*value)));
        return otherwise;
    }
    return value->get<std::string>();
}

Activation ConfigReader::activation(const char* key, const std::string& otherwise)
{
    const std::string name = text(key, otherwise);
    const auto found = std::ranges::find(activations, name, &ActivationName::name);
    if (found == activations.end()) {
        unsupported(key, name);
        return Activation::Silu;
    }
    return found->activation;
}

std::optional<std::string> ConfigReader::layerType(std::uint32_t layer)
{
    const Json* types = find("layer_types");
    if (types == nullptr)
        return std::nullopt;
    if (!types->is_array() || layer >= types->size() || !(*types)[layer].is_string()) {
        invalid(said(CORE_TEXT("reasons", "layer_types says nothing of layer %1"), layer));
        return std::nullopt;
    }
    auto type = (*types)[layer].get<std::string>();
    if (type != "full_attention" && type != "sliding_attention")
        unsupported("layer_types", type);
    return type;
}

void ConfigReader::mustBe(const char* key, bool value)
{
    if (flag(key, value) != value)
        unsupported(key, value ? "false" : "true");
}

void ConfigReader::invalid(const Sentence& what)
{
    if (!m_error)
        m_error = errorOf(ErrorCode::ConfigInvalid, m_where, what);
}

void ConfigReader::unsupported(const std::string& key, const std::string& value)
{
    if (!m_error)
        m_error = Error{ErrorCode::ModelUnsupported, m_where, {key, value}};
}

void ConfigReader::take(const ConfigReader& part)
{
    if (part.m_error && !m_error) {
        m_error = part.m_error;
        m_error->where = m_where;
    }
}

Result<void> ConfigReader::status() const
{
    if (m_error)
        return tl::unexpected(*m_error);
    return {};
}

} // namespace wb
