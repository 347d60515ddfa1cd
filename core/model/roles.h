// What a tensor is for, read from its name: role, layer, expert. Knows the spellings of Hugging Face (Llama, Qwen,
// Mistral, Mixtral, Gemma) and of GGUF. Wrapper prefixes (module., _orig_mod., base_model.model., language_model.) are looked through.
#pragma once

#include "core/tensor/tensor.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wb {

struct TensorRole {
    // "q_proj", "down_proj", "input_layernorm", …; ".bias" appended for a bias, ".scale" for the factors of a matrix of 8-bit floats.
    std::string role = "other";
    std::optional<std::uint32_t> layer; // counted from 0; also of names that no table knows
    std::optional<std::uint32_t> expert;
    // Scales, zero points, LoRA factors: belong to another tensor, are listed, and are no weights. Selected by a role of their own or not at all.
    bool companion = false;
};

[[nodiscard]] TensorRole roleOf(std::string_view name);
// Of all tensors of a checkpoint: where one name stands for two roles, the others tell which.
[[nodiscard]] std::vector<TensorRole> rolesOf(std::span<const TensorInfo> tensors);

// Place of a role in the order of computation: embeddings, inside a block (norm, q, k, v, …, down_proj), final norm,
// head; "other" last.
[[nodiscard]] int roleRank(std::string_view role);

// "layer 2" before "layer 10": digits compare as numbers.
[[nodiscard]] bool naturalLess(std::string_view a, std::string_view b);

// Tensor indices: embeddings, layers by number and inside a layer in order of computation, final norm, head; then the
// rest in natural order.
[[nodiscard]] std::vector<std::size_t> naturalOrder(std::span<const TensorInfo> tensors);

} // namespace wb
