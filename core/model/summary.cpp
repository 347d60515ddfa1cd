#include "core/model/summary.h"

#include "core/model/float8.h"
#include "core/model/roles.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace wb {
namespace {

// Parts of names of buffers: stored, but not weights.
constexpr std::array buffers = {"inv_freq", "masked_bias", "position_ids", "causal_mask"};

bool isBuffer(const TensorInfo& tensor)
{
    const std::size_t dot = tensor.name.rfind('.');
    const std::string_view last = std::string_view(tensor.name).substr(dot == std::string::npos ? 0 : dot + 1);
    return std::ranges::find(buffers, last) != buffers.end();
}

std::optional<std::uint64_t> wholeNumber(const Json* config, const char* key)
{
    if (config == nullptr)
        return std::nullopt;
    const auto found = config->find(key);
    return found != config->end() && found->is_number_unsigned() ? std::optional(found->get<std::uint64_t>())
                                                                 : std::nullopt;
}

std::string architectureOf(const Json* config)
{
    if (config == nullptr)
        return "";
    const auto type = config->find("model_type");
    return type != config->end() && type->is_string() ? type->get<std::string>() : "";
}

// The config may keep the text model's settings in a part of its own.
const Json* textConfig(const Json* config)
{
    if (config == nullptr)
        return nullptr;
    const auto part = config->find("text_config");
    return part != config->end() && part->is_object() ? &*part : config;
}

std::optional<bool> tieFlag(const Json* config)
{
    for (const Json* part : {textConfig(config), config}) {
        if (part == nullptr)
            continue;
        const auto flag = part->find("tie_word_embeddings");
        if (flag != part->end() && flag->is_boolean())
            return flag->get<bool>();
    }
    return std::nullopt;
}

class Summariser {
public:
    explicit Summariser(const Checkpoint& checkpoint)
        : m_checkpoint(checkpoint), m_tensors(checkpoint.tensors()), m_roles(rolesOf(checkpoint.tensors()))
    {
    }

    ModelSummary run()
    {
        m_summary.architecture = architectureOf(m_checkpoint.config());
        for (std::size_t i = 0; i < m_tensors.size(); ++i)
            add(m_tensors[i], m_roles[i]);
        tie();
        checkLayers();
        if (m_summary.layers == 0) // a family whose names no table knows
            m_summary.layers = m_otherLayers;
        checkVocabulary();
        checkActivations();
        return std::move(m_summary);
    }

private:
    void add(const TensorInfo& tensor, const TensorRole& role)
    {
        m_summary.storedParameters += tensor.elements;
        m_summary.bytes += tensor.bytes;
        auto& type = m_summary.dtypes[tensor.storedType];
        ++type.tensors;
        type.bytes += tensor.bytes;
        if (!role.companion && !isBuffer(tensor))
            m_summary.parameters += tensor.elements;
        if (role.layer && !role.companion) {
            std::uint32_t& layers = role.role != "other" ? m_summary.layers : m_otherLayers;
            layers = std::max(layers, *role.layer + 1);
        }
        if (role.role == "embed_tokens")
            m_embedding = &tensor;
        if (role.role == "lm_head")
            m_head = &tensor;
    }

    // A missing head is the embedding by every family's convention. A stored one is tied when the config says so and
    // its bytes agree; unequal ones are not tied whatever the config says.
    void tie()
    {
        const auto flag = tieFlag(m_checkpoint.config());
        if (m_embedding == nullptr)
            return;
        if (m_head == nullptr) {
            const bool absent = std::ranges::any_of(m_checkpoint.absent(),
                                                    [](const std::string& name) { return name.ends_with("lm_head.weight"); });
            if (flag == false && !absent)
                warn("tie_word_embeddings", "false", said(CORE_TEXT("reasons", "no head: %1 is the only matrix"), m_embedding->name));
            if (!absent)
                m_summary.tied.push_back({m_embedding->name, headName()});
        } else if (flag == true && sameBytes()) {
            m_summary.tied.push_back({m_embedding->name, m_head->name});
            m_summary.parameters -= m_head->elements;
        } else if (flag == true) {
            warn("tie_word_embeddings", "true", said(CORE_TEXT("reasons", "two unequal matrices, %1 and %2"), m_embedding->name, m_head->name));
        }
    }

    // Some writers store a tied matrix twice. What cannot be read is not called tied.
    bool sameBytes() const
    {
        const auto place = [&](const TensorInfo* tensor) { return static_cast<std::size_t>(tensor - m_tensors.data()); };
        return sameStored(m_checkpoint, place(m_head), place(m_embedding)).value_or(false);
    }

    std::string headName() const
    {
        const std::string& name = m_embedding->name;
        if (name == "token_embd.weight") // GGUF
            return "output.weight";
        const std::size_t end = name.rfind("model.embed_tokens");
        return (end == std::string::npos ? "" : name.substr(0, end)) + "lm_head.weight";
    }

    void checkLayers()
    {
        const auto stated = wholeNumber(textConfig(m_checkpoint.config()), "num_hidden_layers");
        if (stated && m_summary.layers != 0 && *stated != m_summary.layers)
            warn("num_hidden_layers", std::to_string(*stated), std::to_string(m_summary.layers));
    }

    void checkVocabulary()
    {
        const auto stated = wholeNumber(textConfig(m_checkpoint.config()), "vocab_size");
        if (stated && m_embedding != nullptr && !m_embedding->shape.empty() && *stated != m_embedding->shape[0])
            warn("vocab_size", std::to_string(*stated), std::to_string(m_embedding->shape[0]));
    }

    void checkActivations()
    {
        const bool hasFloat8 = std::ranges::any_of(m_tensors, [](const TensorInfo& tensor) { return isFloat8(tensor.dtype); });
        if (m_checkpoint.config() == nullptr || !hasFloat8)
            return;
        if (std::string asked = quantisedActivations(*m_checkpoint.config()); !asked.empty())
            m_summary.warnings.push_back({ErrorCode::ActivationsNotQuantised, configPath(), {std::move(asked)}});
    }

    std::string configPath() const
    {
        const std::filesystem::path& root = m_checkpoint.root();
        return ((m_checkpoint.isFolder() ? root : root.parent_path()) / "config.json").string();
    }

    template <typename Seen>
    void warn(const char* key, const std::string& stated, const Seen& seen)
    {
        m_summary.warnings.push_back(errorOf(ErrorCode::ConfigMisfit, configPath(), key, stated, seen));
    }

    const Checkpoint& m_checkpoint;
    std::span<const TensorInfo> m_tensors;
    std::vector<TensorRole> m_roles;
    ModelSummary m_summary;
    std::uint32_t m_otherLayers = 0; // by tensors of no known role: of a vision tower where there is a text model too
    const TensorInfo* m_embedding = nullptr;
    const TensorInfo* m_head = nullptr;
};

} // namespace

ModelSummary summarise(const Checkpoint& checkpoint) { return Summariser(checkpoint).run(); }

} // namespace wb
