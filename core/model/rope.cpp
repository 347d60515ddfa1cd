#include "core/model/rope.h"

#include "core/model/configreader.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <numbers>

namespace wb {
namespace {

// Keys of one rope: those inside rope_parameters or rope_scaling, then those beside them.
class RopeKeys {
public:
    RopeKeys(ConfigReader& reader, const RopeDefaults& defaults) : m_reader(reader)
    {
        const Json* parameters = reader.find("rope_parameters");
        if (parameters != nullptr && defaults.layerType != nullptr && parameters->is_object())
            if (const auto typed = parameters->find(defaults.layerType); typed != parameters->end())
                parameters = &*typed;
        if (parameters == nullptr && defaults.scaled)
            parameters = reader.find("rope_scaling");
        if (parameters != nullptr && !parameters->is_object()) {
            reader.invalid(said(CORE_TEXT("reasons", "rope_parameters is not an object")));
            parameters = nullptr;
        }
        m_inner = parameters;
    }

    [[nodiscard]] const Json* find(const char* key) const
    {
        if (m_inner == nullptr)
            return nullptr;
        const auto found = m_inner->find(key);
        return found == m_inner->end() || found->is_null() ? nullptr : &*found;
    }

    std::optional<double> number(const char* key)
    {
        const Json* value = find(key);
        if (value == nullptr)
            return std::nullopt;
        if (!value->is_number() || !std::isfinite(value->get<double>())) {
            m_reader.invalid(said(CORE_TEXT("reasons", "%1 of the rotary positions is not a number"), key));
            return std::nullopt;
        }
        return value->get<double>();
    }

    double positive(const char* key, std::optional<double> otherwise)
    {
        const std::optional<double> value = number(key);
        const double chosen = value ? *value : otherwise.value_or(0);
        if (chosen > 0)
            return chosen;
        m_reader.invalid(value ? said(CORE_TEXT("reasons", "%1 of the rotary positions is not positive"), key) : said(CORE_TEXT("reasons", "%1 of the rotary positions is missing"), key));
        return 1;
    }

    std::vector<double> list(const char* key, std::size_t size)
    {
        const Json* value = find(key);
        std::vector<double> out;
        if (value != nullptr && value->is_array() && value->size() == size)
            for (const Json& element : *value)
                if (element.is_number() && element.get<double>() > 0)
                    out.push_back(element.get<double>());
        if (out.size() != size) {
            m_reader.invalid(said(CORE_TEXT("reasons", "%1 of the rotary positions is not a list of %2 positive numbers"), key, size));
            out.assign(size, 1);
        }
        return out;
    }

    std::string kind()
    {
        const Json* value = find("rope_type");
        if (value == nullptr)
            value = find("type");
        if (value == nullptr)
            return "default";
        if (!value->is_string()) {
            m_reader.invalid(said(CORE_TEXT("reasons", "rope_type is not a text")));
            return "default";
        }
        return value->get<std::string>();
    }

private:
    ConfigReader& m_reader;
    const Json* m_inner = nullptr;
};

std::vector<float> inverseFrequencies(double base, std::uint32_t dims)
{
    std::vector<float> out(dims / 2);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<float>(1.0 / std::pow(base, 2.0 * static_cast<double>(i) / dims));
    return out;
}

struct Lengths {
    double longest = 0;  // max_position_embeddings
    double original = 0; // of the training before the context was extended
};

Lengths lengthsOf(ConfigReader& reader, RopeKeys& keys)
{
    Lengths lengths;
    lengths.longest = reader.count("max_position_embeddings", 2048);
    lengths.original = reader.find("original_max_position_embeddings") != nullptr
                           ? reader.count("original_max_position_embeddings")
                           : keys.positive("original_max_position_embeddings", lengths.longest);
    return lengths;
}

void readLlama3(RopeConfig& rope, RopeKeys& keys, const Lengths& lengths)
{
    const double factor = keys.positive("factor", std::nullopt);
    const double low = keys.positive("low_freq_factor", std::nullopt), high = keys.positive("high_freq_factor", std::nullopt);
    for (float& frequency : rope.inverse) {
        const double wavelength = 2 * std::numbers::pi / static_cast<double>(frequency);
        if (wavelength < lengths.original / high)
            continue;
        const double slow = static_cast<double>(frequency) / factor;
        const double smooth = (lengths.original / wavelength - low) / (high - low);
        const bool slowest = wavelength > lengths.original / low;
        frequency = static_cast<float>(slowest ? slow : (1 - smooth) * slow + smooth * static_cast<double>(frequency));
    }
}

void readYarn(RopeConfig& rope, RopeKeys& keys, const Lengths& lengths)
{
    const auto scale = [](double of, double by) { return of <= 1 ? 1.0 : 0.1 * by * std::log(of) + 1; };
    const double factor = keys.positive("factor", lengths.longest / lengths.original);
    const auto given = keys.number("attention_factor");
    const double mscale = keys.number("mscale").value_or(0), all = keys.number("mscale_all_dim").value_or(0);
    const double ratio = mscale != 0 && all != 0 ? scale(factor, mscale) / scale(factor, all) : scale(factor, 1);
    rope.attentionFactor = static_cast<float>(given.value_or(ratio));
    const double dims = rope.dims;
    const auto place = [&](double rotations) {
        return dims * std::log(lengths.original / (rotations * 2 * std::numbers::pi)) / (2 * std::log(rope.base));
    };
    const auto orDefault = [&](const char* key, double otherwise) {
        const double value = keys.number(key).value_or(otherwise);
        return value == 0 ? otherwise : value;
    };
    double low = place(orDefault("beta_fast", 32)), high = place(orDefault("beta_slow", 1));
    const Json* truncate = keys.find("truncate");
    if (truncate == nullptr || !truncate->is_boolean() || truncate->get<bool>()) {
        low = std::floor(low);
        high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, dims - 1);
    if (low == high)
        high += 0.001;
    for (std::size_t i = 0; i < rope.inverse.size(); ++i) {
        const double ramp = std::clamp((static_cast<double>(i) - low) / (high - low), 0.0, 1.0);
        const double fast = static_cast<double>(rope.inverse[i]);
        rope.inverse[i] = static_cast<float>(fast / factor * ramp + fast * (1 - ramp));
    }
}

void readLong(RopeConfig& rope, RopeKeys& keys, const Lengths& lengths)
{
    const double factor = keys.positive("factor", lengths.longest / lengths.original);
    const double attention = factor <= 1 ? 1.0 : std::sqrt(1 + std::log(factor) / std::log(lengths.original));
    rope.attentionFactor = static_cast<float>(keys.number("attention_factor").value_or(attention));
    rope.kind = RopeConfig::Kind::Long;
    const std::vector<double> shorter = keys.list("short_factor", rope.dims / 2), longer = keys.list("long_factor", rope.dims / 2);
    rope.longInverse = rope.inverse;
    for (std::size_t i = 0; i < rope.inverse.size(); ++i) {
        rope.longInverse[i] = static_cast<float>(static_cast<double>(rope.inverse[i]) / longer[i]);
        rope.inverse[i] = static_cast<float>(static_cast<double>(rope.inverse[i]) / shorter[i]);
    }
}

} // namespace

RopeConfig readRope(ConfigReader& reader, const RopeDefaults& defaults)
{
    RopeKeys keys(reader, defaults);
    std::string kind = keys.kind();
    if (kind == "su" || (kind == "yarn" && defaults.yarnIsLong))
        kind = "longrope";
    RopeConfig rope;
    rope.base = keys.positive("rope_theta", reader.number(defaults.baseKey, defaults.base));
    const double outer = reader.number(defaults.partialKey, defaults.partial);
    const double partial = keys.positive("partial_rotary_factor", outer);
    const bool whole = kind == "default" && !defaults.partialOfDefault;
    rope.dims = whole ? defaults.headDim : static_cast<std::uint32_t>(defaults.headDim * std::min(partial, 1.0));
    if (reader.gguf())
        rope.dims = reader.count("rope_dimension_count", defaults.headDim);
    if (rope.dims < 2 || rope.dims > defaults.headDim || rope.dims % 2 != 0 || !(rope.base > 1)) {
        reader.invalid(said(CORE_TEXT("reasons", "rotary positions turn %1 of %2 elements of a head with base %3"), rope.dims, defaults.headDim, rope.base));
        rope.dims = 2;
        return rope;
    }
    rope.inverse = inverseFrequencies(rope.base, rope.dims);
    const Lengths lengths = lengthsOf(reader, keys);
    rope.originalLength = static_cast<std::uint64_t>(lengths.original);
    if (reader.gguf() && (kind == "default" || kind == "longrope")) { // factors of pairs stand in tensors of their own
        rope.attentionFactor = static_cast<float>(keys.number("attention_factor").value_or(1));
        return rope;
    }
    if (kind == "linear") {
        const double factor = keys.positive("factor", std::nullopt);
        for (float& frequency : rope.inverse)
            frequency = static_cast<float>(static_cast<double>(frequency) / factor);
    } else if (kind == "dynamic") {
        rope.kind = RopeConfig::Kind::Dynamic;
        rope.factor = keys.positive("factor", std::nullopt);
        rope.originalLength = static_cast<std::uint64_t>(lengths.longest);
    } else if (kind == "llama3") {
        readLlama3(rope, keys, lengths);
    } else if (kind == "yarn") {
        readYarn(rope, keys, lengths);
    } else if (kind == "longrope") {
        readLong(rope, keys, lengths);
    } else if (kind != "default") {
        reader.unsupported("rope_type", kind);
    }
    return rope;
}

std::vector<float> RopeConfig::frequencies(std::uint64_t length) const
{
    if (kind == Kind::Long)
        return length > originalLength ? longInverse : inverse;
    if (kind == Kind::Fixed || length <= originalLength || dims <= 2)
        return inverse;
    const double stretch = factor * static_cast<double>(length) / static_cast<double>(originalLength) - (factor - 1);
    return inverseFrequencies(base * std::pow(stretch, dims / (dims - 2.0)), dims);
}

void ropeTables(const RopeConfig& rope, std::span<const float> frequencies, std::span<const std::uint32_t> positions,
                std::span<float> cosines, std::span<float> sines)
{
    std::size_t at = 0;
    for (const std::uint32_t position : positions)
        for (const float frequency : frequencies) {
            const float angle = static_cast<float>(position) * frequency;
            cosines[at] = std::cos(angle) * rope.attentionFactor;
            sines[at++] = std::sin(angle) * rope.attentionFactor;
        }
}

} // namespace wb
