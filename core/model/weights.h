// Binds the tensors of a source to the places of a model: checks names, types and shapes, tells what memory it takes, and
// reads them. Parts that another model already holds (equal fingerprints) are shared instead of read.
#pragma once

#include "core/base/progress.h"
#include "core/model/config.h"
#include "core/model/linear.h"
#include "core/tensor/tensorsource.h"

#include <functional>
#include <map>

namespace wb {

struct Norm {
    std::vector<float> gain; // what the normalised values are multiplied by; empty: there is no such norm
    std::vector<float> bias; // LayerNorm only
};

struct ExpertWeights {
    Linear up, down;
};

struct LayerWeights {
    Norm attentionNorm, attentionPostNorm, feedForwardNorm, feedForwardPostNorm, queryNorm, keyNorm;
    Linear qkv, output, up, down, router;
    std::vector<ExpertWeights> experts;
};

struct Weights {
    Linear embedding, positions, head; // of a tied model the head's parts are the embedding's
    Norm embeddingNorm, finalNorm;
    std::vector<LayerWeights> layers;
};

// Parts in memory by key.
using SegmentMap = std::map<std::string, SegmentPtr, std::less<>>;

struct BindOptions {
    std::string where;               // names the checkpoint in errors
    std::uint64_t maxBytes = 0;      // of newly read weights and runBytes; 0: no limit
    const SegmentMap* known = nullptr; // parts that may be shared
    std::uint64_t runBytes = 0;
    bool followTie = false;   // as in ModelOptions
    bool readMatrices = true; // false: everything is checked and only norms and biases are read
};

struct Bound {
    Weights weights;
    SegmentMap segments;
    std::uint64_t bytes = 0;    // of all parts
    std::uint64_t newBytes = 0; // of those read now
};

// ModelTensorMissing, ModelTensorShape, OpaqueDtype, MemoryLimit, or what reading gives. Rotary factors that a GGUF stores as
// tensors are put into `config`.
[[nodiscard]] Result<Bound> bindWeights(const TensorSource& source, ModelConfig& config, const BindOptions& options, Progress& progress);

} // namespace wb
