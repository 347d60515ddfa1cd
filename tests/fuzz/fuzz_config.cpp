// Configs of models: whatever they say, reading them ends with a config that makes sense or one error.
#include "core/model/config.h"
#include "tests/fuzz/fuzz.h"

#include <nlohmann/json.hpp>

using namespace wb;

namespace {

void checkSense(const wb::ModelConfig& config)
{
    const auto demand = [](bool holds) { fuzz::require(holds, "a config that makes sense"); };
    demand(!config.layers.empty() && config.layers.size() <= 4096);
    demand(config.width > 0 && config.vocabulary > 0);
    for (const wb::LayerConfig& layer : config.layers) {
        demand(layer.attention.heads > 0 && layer.attention.kvHeads > 0 && layer.attention.headDim > 0);
        demand(layer.attention.heads % layer.attention.kvHeads == 0);
        demand(layer.attention.rope < static_cast<int>(config.ropes.size()));
        demand(layer.feedForward.chosen <= layer.feedForward.experts);
    }
    for (const wb::RopeConfig& rope : config.ropes) {
        demand(rope.dims >= 2 && rope.dims % 2 == 0 && rope.inverse.size() == rope.dims / 2);
        for (const std::uint64_t length : {1ULL, 1'000'000ULL})
            demand(rope.frequencies(length).size() == rope.dims / 2);
    }
}

} // namespace

std::vector<std::string> fuzz::seeds()
{
    return {R"({"model_type":"llama","hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":48,"head_dim":8,"rope_parameters":{"rope_type":"llama3","rope_theta":1e4,"factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":16}})",
            R"({"model_type":"mixtral","hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,"num_attention_heads":4,"vocab_size":48,"num_local_experts":5,"num_experts_per_tok":3,"sliding_window":7,"rope_scaling":{"type":"yarn","factor":4.0},"max_position_embeddings":64})",
            R"({"model_type":"gemma3_text","hidden_size":32,"intermediate_size":48,"num_hidden_layers":3,"num_attention_heads":4,"vocab_size":48,"head_dim":16,"layer_types":["sliding_attention","full_attention","sliding_attention"],"sliding_window":7,"query_pre_attn_scalar":24,"rope_parameters":{"full_attention":{"rope_theta":1e6,"rope_type":"linear","factor":8},"sliding_attention":{"rope_theta":1e4,"rope_type":"default"}}})",
            R"({"model_type":"phi3","hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,"num_attention_heads":4,"vocab_size":48,"max_position_embeddings":64,"original_max_position_embeddings":16,"rope_scaling":{"type":"longrope","short_factor":[1,1.1,1.2,1.3],"long_factor":[2,2.1,2.2,2.3]}})",
            R"({"model_type":"gpt_neox","hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,"num_attention_heads":4,"vocab_size":48,"rotary_pct":0.5,"rope_scaling":{"type":"dynamic","factor":2},"use_parallel_residual":false})",
            R"({"model_type":"gpt2","n_embd":32,"n_layer":2,"n_head":4,"n_positions":64,"vocab_size":48,"scale_attn_by_inverse_layer_idx":true})",
            R"({"model_type":"qwen3","hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,"num_attention_heads":4,"vocab_size":48,"use_sliding_window":true,"sliding_window":4,"max_window_layers":0,"attention_bias":true,"rope_dimension_count":8})"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto json = wb::parseJson(text, "fuzz", true);
    if (!json)
        return 0;
    for (const bool gguf : {false, true})
        if (const auto config = wb::readModelConfig(*json, gguf, "fuzz"))
            checkSense(*config);
    return 0;
}
