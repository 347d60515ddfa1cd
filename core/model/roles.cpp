#include "core/model/roles.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <tuple>

namespace wb {
namespace {

struct RoleName {
    std::string_view module; // the parts of a name that identify it, after the layer number if there is one
    std::string_view role;
    bool inLayer;
    bool ofExpert = false; // only within "experts.7."
};

// Spelling of the Llama, Qwen, Mistral, Mixtral, Gemma and Phi 3 families, in order of computation; then those of others.
constexpr std::array names = {
    RoleName{"embed_tokens", "embed_tokens", false},
    RoleName{"position_embedding", "position_embedding", false},
    RoleName{"word_embeddings_layernorm", "embedding_norm", false}, // BLOOM
    RoleName{"input_layernorm", "input_layernorm", true},
    RoleName{"self_attn.q_proj", "q_proj", true},
    RoleName{"self_attn.k_proj", "k_proj", true},
    RoleName{"self_attn.v_proj", "v_proj", true},
    RoleName{"self_attn.qkv_proj", "qkv_proj", true},
    RoleName{"self_attn.q_norm", "q_norm", true},
    RoleName{"self_attn.k_norm", "k_norm", true},
    RoleName{"self_attn.o_proj", "o_proj", true},
    RoleName{"post_attention_layernorm", "post_attention_layernorm", true},
    RoleName{"pre_feedforward_layernorm", "pre_feedforward_layernorm", true},
    RoleName{"block_sparse_moe.gate", "router", true},
    RoleName{"mlp.gate", "router", true},
    RoleName{"mlp.gate_proj", "gate_proj", true},
    RoleName{"mlp.up_proj", "up_proj", true},
    RoleName{"mlp.gate_up_proj", "gate_up_proj", true},
    RoleName{"mlp.down_proj", "down_proj", true},
    RoleName{"mlp.fc1", "fc1", true},
    RoleName{"mlp.fc2", "fc2", true},
    RoleName{"w1", "gate_proj", true, true}, // Mixtral
    RoleName{"w3", "up_proj", true, true},
    RoleName{"w2", "down_proj", true, true},
    RoleName{"gate_proj", "gate_proj", true, true}, // Qwen
    RoleName{"up_proj", "up_proj", true, true},
    RoleName{"down_proj", "down_proj", true, true},
    RoleName{"post_feedforward_layernorm", "post_feedforward_layernorm", true},
    RoleName{"norm", "norm", false},
    RoleName{"lm_head", "lm_head", false},
    // GPT-2 and StarCoder 2
    RoleName{"wte", "embed_tokens", false},
    RoleName{"wpe", "position_embedding", false},
    RoleName{"ln_1", "input_layernorm", true},
    RoleName{"attn.c_attn", "qkv_proj", true},
    RoleName{"attn.c_proj", "o_proj", true},
    RoleName{"ln_2", "post_attention_layernorm", true},
    RoleName{"mlp.c_fc", "fc1", true},
    RoleName{"mlp.c_proj", "fc2", true},
    RoleName{"ln_f", "norm", false},
    // GPT-NeoX and Falcon
    RoleName{"embed_in", "embed_tokens", false},
    RoleName{"word_embeddings", "embed_tokens", false},
    RoleName{"ln_attn", "input_layernorm", true},
    RoleName{"attention.query_key_value", "qkv_proj", true},
    RoleName{"self_attention.query_key_value", "qkv_proj", true},
    RoleName{"attention.dense", "o_proj", true},
    RoleName{"self_attention.dense", "o_proj", true},
    RoleName{"ln_mlp", "post_attention_layernorm", true},
    RoleName{"mlp.dense_h_to_4h", "fc1", true},
    RoleName{"mlp.dense_4h_to_h", "fc2", true},
    RoleName{"final_layer_norm", "norm", false},
    RoleName{"embed_out", "lm_head", false},
    // Phi and OPT
    RoleName{"embed_positions", "position_embedding", false},
    RoleName{"self_attn.dense", "o_proj", true},
    RoleName{"self_attn_layer_norm", "input_layernorm", true},
    RoleName{"self_attn.out_proj", "o_proj", true},
    RoleName{"final_layer_norm", "post_attention_layernorm", true},
    RoleName{"fc1", "fc1", true},
    RoleName{"fc2", "fc2", true},
    RoleName{"final_layernorm", "norm", false},
    // StableLM and MPT
    RoleName{"self_attn.q_layernorm", "q_norm", true},
    RoleName{"self_attn.k_layernorm", "k_norm", true},
    RoleName{"norm_1", "input_layernorm", true},
    RoleName{"attn.Wqkv", "qkv_proj", true},
    RoleName{"attn.out_proj", "o_proj", true},
    RoleName{"norm_2", "post_attention_layernorm", true},
    RoleName{"ffn.up_proj", "fc1", true},
    RoleName{"ffn.down_proj", "fc2", true},
    RoleName{"norm_f", "norm", false},
};

constexpr int rankOfOther = static_cast<int>(names.size());

// Spelling of GGUF: "blk.3.attn_q.weight". The experts of a layer are one tensor, with _exps.
constexpr std::array ggufNames = {
    RoleName{"token_embd", "embed_tokens", false},
    RoleName{"position_embd", "position_embedding", false},
    RoleName{"output_norm", "norm", false},
    RoleName{"output", "lm_head", false},
    RoleName{"attn_norm", "input_layernorm", true},
    RoleName{"attn_q", "q_proj", true},
    RoleName{"attn_k", "k_proj", true},
    RoleName{"attn_v", "v_proj", true},
    RoleName{"attn_qkv", "qkv_proj", true},
    RoleName{"attn_q_norm", "q_norm", true},
    RoleName{"attn_k_norm", "k_norm", true},
    RoleName{"attn_output", "o_proj", true},
    RoleName{"post_attention_norm", "post_attention_layernorm", true},
    RoleName{"ffn_norm", "post_attention_layernorm", true}, // pre_feedforward_layernorm beside a post_ffw_norm: rolesOf
    RoleName{"ffn_gate_inp", "router", true},
    RoleName{"ffn_gate", "gate_proj", true},
    RoleName{"ffn_up", "up_proj", true},
    RoleName{"ffn_down", "down_proj", true},
    RoleName{"ffn_gate_exps", "gate_proj", true},
    RoleName{"ffn_up_exps", "up_proj", true},
    RoleName{"ffn_down_exps", "down_proj", true},
    RoleName{"post_ffw_norm", "post_feedforward_layernorm", true},
};

// Factors that a matrix of 8-bit floats is multiplied by. Their role is that of the matrix with the ending.
constexpr std::array factorNames = {"weight_scale_inv", "weight_scale"};
constexpr std::string_view factorEnding = ".scale";

// Parts that belong to another tensor and not to the model itself.
constexpr std::array companions = {"weight_scale", "weight_scale_inv", "input_scale", "scales", "zeros", "qzeros",
                                   "g_idx", "SCB", "absmax", "quant_map", "quant_state", "weight_format", "nested_absmax"};

constexpr std::array wrappers = {"state_dict.", "module.", "_orig_mod.", "base_model.model.", "base_model.", "language_model.",
                                 "model.", "text_model.", "transformer.", "gpt_neox.", "decoder."};

std::vector<std::string_view> split(std::string_view name, char separator = '.')
{
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find(separator, begin), name.size());
        parts.push_back(name.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

std::optional<std::uint32_t> number(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value)
                                                                                       : std::nullopt;
}

std::string_view withoutWrappers(std::string_view name)
{
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view wrapper : wrappers)
            if (name.starts_with(wrapper)) {
                name.remove_prefix(wrapper.size());
                again = true;
            }
    }
    return name;
}

bool isCompanion(const std::vector<std::string_view>& parts)
{
    return std::ranges::any_of(parts, [](std::string_view part) {
        return part.starts_with("lora_") || std::ranges::find(companions, part) != companions.end();
    });
}

constexpr std::array<std::string_view, 8> layerWords = {"layers", "layer", "h", "blocks", "block", "resblocks", "blk", "encoderblock"};

bool isLayerWord(std::string_view word) { return std::ranges::find(layerWords, word) != layerWords.end(); }

// "layers.3." and "experts.7." anywhere in a name, whatever table knows it.
void readNumbers(std::span<const std::string_view> parts, TensorRole& role)
{
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (!role.layer && isLayerWord(parts[i]))
            role.layer = number(parts[i + 1]);
        if (!role.expert && parts[i] == "experts")
            role.expert = number(parts[i + 1]);
    }
}

// "encoder/layer_3/…", as JAX and TensorFlow have it.
void readPathNumbers(std::string_view name, TensorRole& role)
{
    const std::vector<std::string_view> parts = split(name, '/');
    readNumbers(parts, role);
    for (const std::string_view part : parts)
        if (const std::size_t bar = part.rfind('_'); !role.layer && bar != std::string_view::npos && isLayerWord(part.substr(0, bar)))
            role.layer = number(part.substr(bar + 1));
}

std::string joined(std::span<const std::string_view> parts)
{
    std::string text;
    for (const std::string_view part : parts)
        text.append(text.empty() ? "" : ".").append(part);
    return text;
}

std::string ggufRole(const std::vector<std::string_view>& parts)
{
    const bool inLayer = parts.size() == 3 && parts[0] == "blk" && number(parts[1]);
    if (!inLayer && parts.size() != 1)
        return "";
    const auto found = std::ranges::find_if(
        ggufNames, [&](const RoleName& row) { return row.module == parts.back() && row.inLayer == inLayer; });
    return found == ggufNames.end() ? "" : std::string(found->role);
}

int compareDigits(std::string_view a, std::string_view b)
{
    const auto strip = [](std::string_view text) {
        return text.substr(std::min(text.find_first_not_of('0'), text.size()));
    };
    const std::string_view x = strip(a), y = strip(b);
    if (x.size() != y.size())
        return x.size() < y.size() ? -1 : 1;
    return x.compare(y);
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view digitsAt(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    while (end < text.size() && isDigit(text[end]))
        ++end;
    return text.substr(at, end - at);
}

} // namespace

TensorRole roleOf(std::string_view name)
{
    TensorRole role;
    std::vector<std::string_view> parts = split(withoutWrappers(name));
    readNumbers(parts, role);
    if (name.find('/') != std::string_view::npos)
        readPathNumbers(name, role);
    role.companion = isCompanion(parts);
    const bool factors = std::ranges::find(factorNames, parts.back()) != factorNames.end();
    if ((role.companion && !factors) || parts.size() < 2 || (!factors && parts.back() != "weight" && parts.back() != "bias"))
        return role;
    const std::string_view ending = factors ? factorEnding : parts.back() == "bias" ? ".bias" : "";
    parts.pop_back();
    if (auto gguf = ggufRole(parts); !gguf.empty()) {
        role.role = gguf.append(ending);
        return role;
    }
    if (parts.size() > 4 && parts[parts.size() - 2] == "norms" && number(parts.back())) // StableLM has a norm for each head
        parts.resize(parts.size() - 2);
    const bool inLayer = parts.size() > 2 && (parts[0] == "layers" || parts[0] == "h" || parts[0] == "blocks") && number(parts[1]);
    std::span<const std::string_view> module = parts;
    if (inLayer)
        module = module.subspan(2);
    if (role.expert)
        module = module.last(1);
    const std::string text = joined(module);
    const auto found =
        std::ranges::find_if(names, [&](const RoleName& row) { return row.module == text && row.inLayer == inLayer; });
    if (found != names.end() && (!found->ofExpert || role.expert))
        role.role = std::string(found->role).append(ending);
    return role;
}

std::vector<TensorRole> rolesOf(std::span<const TensorInfo> tensors)
{
    std::vector<TensorRole> roles;
    roles.reserve(tensors.size());
    bool isGguf = false, hasGate = false, hasNormBehind = false;
    std::uint64_t up = 0, down = 0; // elements of the first of each
    for (const TensorInfo& tensor : tensors) {
        roles.push_back(roleOf(tensor.name));
        isGguf = isGguf || tensor.name.starts_with("blk.");
        hasGate = hasGate || roles.back().role == "gate_proj" || roles.back().role == "gate_up_proj";
        hasNormBehind = hasNormBehind || roles.back().role == "post_feedforward_layernorm";
        if (up == 0 && roles.back().role == "up_proj")
            up = tensor.elements;
        if (down == 0 && roles.back().role == "down_proj")
            down = tensor.elements;
    }
    const bool fused = down != 0 && up == 2 * down; // Phi 3: gate and up are one matrix
    // GGUF has one name where families of Hugging Face have two; what else is there tells them apart.
    for (std::size_t i = 0; isGguf && i < roles.size(); ++i) {
        const bool ffnNorm = tensors[i].name.find(".ffn_norm.") != std::string::npos;
        const std::string ending = roles[i].role.ends_with(".bias") ? ".bias" : "";
        if (ffnNorm && hasNormBehind)
            roles[i].role = "pre_feedforward_layernorm" + ending;
        if (!hasGate && roles[i].role.starts_with("up_proj"))
            roles[i].role = (fused ? "gate_up_proj" : "fc1") + ending;
        if (!hasGate && !fused && roles[i].role.starts_with("down_proj"))
            roles[i].role = "fc2" + ending;
    }
    return roles;
}

int roleRank(std::string_view role)
{
    for (const std::string_view ending : {std::string_view(".bias"), factorEnding})
        if (role.ends_with(ending))
            role.remove_suffix(ending.size());
    const auto found = std::ranges::find(names, role, &RoleName::role);
    return found == names.end() ? rankOfOther : static_cast<int>(found - names.begin());
}

bool naturalLess(std::string_view a, std::string_view b)
{
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const std::string_view x = digitsAt(a, i), y = digitsAt(b, j);
            if (const int order = compareDigits(x, y); order != 0)
                return order < 0;
            i += x.size();
            j += y.size();
        } else {
            if (a[i] != b[j])
                return a[i] < b[j];
            ++i;
            ++j;
        }
    }
    if ((i < a.size()) != (j < b.size()))
        return j < b.size();
    return a < b; // equal but for leading zeros
}

std::vector<std::size_t> naturalOrder(std::span<const TensorInfo> tensors)
{
    const std::vector<TensorRole> roles = rolesOf(tensors);
    constexpr std::uint64_t afterLayers = std::uint64_t{1} << 40;
    // Embeddings, then layers, then what follows them, then names that no table knows.
    const auto group = [&](std::size_t i) -> std::uint64_t {
        const TensorRole& role = roles[i];
        if (role.layer)
            return 1 + *role.layer;
        if (role.role == "other")
            return afterLayers + 1;
        return roleRank(role.role) <= 2 ? 0 : afterLayers;
    };
    std::vector<std::size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        const auto keyA = std::tuple(group(a), roleRank(roles[a].role)), keyB = std::tuple(group(b), roleRank(roles[b].role));
        if (keyA != keyB)
            return keyA < keyB;
        return naturalLess(tensors[a].name, tensors[b].name);
    });
    return order;
}

} // namespace wb
