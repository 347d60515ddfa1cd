// A family of models: how its config reads and what its tensors are called. One row of the table in families.cpp and one
// file here; nothing else in the project asks for a family's name.
#pragma once

#include "core/model/configreader.h"
#include "core/tensor/tensorsource.h"

#include <span>
#include <string>
#include <vector>

namespace wb {

// Rows [first, first + count) of a stored matrix; count 0: all of them.
struct RowsOf {
    std::string module; // name without ".weight" and ".bias"
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};

enum class Bias : std::uint8_t { None, Stored, IfStored };

// A matrix (out, in) that the forward loop multiplies by: rows of stored matrices put together.
struct LinearNames {
    std::vector<RowsOf> parts;
    Bias bias = Bias::None;
    bool transposed = false; // stored (in, out), as GPT-2's Conv1D does
};

struct ExpertNames {
    LinearNames up; // gate rows, then up rows
    LinearNames down;
};

// Names without the prefix of the whole model. Empty: there is none.
struct LayerNames {
    std::string attentionNorm, attentionPostNorm, feedForwardNorm, feedForwardPostNorm;
    std::string queryNorm, keyNorm; // per head, or of all heads together
    bool normOfEachHead = false;    // they are stored head by head, with its number behind the name
    LinearNames qkv;                // all heads of q, then of k, then of v
    LinearNames output;
    LinearNames up; // gated: gate rows, then up rows
    LinearNames down;
    LinearNames router;
    std::vector<ExpertNames> experts;
};

struct ModelNames {
    std::string embedding, positions, finalNorm, head;
    std::string outer; // prefix of all but the head in published files, "model."
    std::string embeddingNorm = {};
};

struct Family {
    const char* name; // model_type
    void (*config)(ConfigReader& reader, ModelConfig& config);
    ModelNames (*names)();
    LayerNames (*layer)(const ModelConfig& config, std::uint32_t layer);
};

[[nodiscard]] std::span<const Family> families();
[[nodiscard]] const Family* findFamily(std::string_view modelType);

// Of any family in a GGUF: llama.cpp calls equal things equally.
[[nodiscard]] ModelNames ggufNames();
[[nodiscard]] LayerNames ggufLayerNames(const ModelConfig& config, std::uint32_t layer, const TensorSource& source);

// Shared by the families that follow Llama's layout and spelling.
namespace llamalike {
void readSizes(ConfigReader& reader, ModelConfig& config, const char* activationKey = "hidden_act",
               const std::string& activation = "silu");
ModelNames names();
LayerNames layer(const ModelConfig& config, std::uint32_t layer, Bias qkv, Bias output, Bias feedForward);
LinearNames linear(std::vector<std::string> modules, Bias bias = Bias::None);
// q, k and v in one matrix by group of heads: the group's heads of q, its k, its v. Here all of q, all of k, all of v.
std::vector<RowsOf> rowsByGroup(const AttentionConfig& attention, const std::string& module);
void setWindows(ModelConfig& config, std::uint32_t window); // of all layers
std::vector<float> alibiSlopes(std::uint32_t heads); // as BLOOM has them
float layerNormEpsilon(ConfigReader& reader, const char* key = "layer_norm_eps");
void refuseGguf(ConfigReader& reader, const char* architecture); // a family that is read from Hugging Face's files only
}

// The rows of the table.
extern const Family llamaFamily, mistralFamily, mixtralFamily, qwen2Family, qwen3Family, gemmaFamily, gemma2Family, gemma3Family,
    gpt2Family, gptNeoxFamily, phi3Family, qwen3MoeFamily, phiFamily, optFamily, olmo2Family, stableLmFamily, starcoder2Family, cohereFamily,
    falconFamily, bloomFamily, mptFamily;

} // namespace wb
