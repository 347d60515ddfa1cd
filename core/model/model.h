// A model that can run: config and weights of any TensorSource, a file or a file with staged edits. Immutable after load;
// shared by as many runs and threads as one likes.
#pragma once

#include "core/model/weights.h"

#include <memory>

namespace wb {

class Model;
using ModelPtr = std::shared_ptr<const Model>;

struct ModelOptions {
    std::string where;          // names the checkpoint in errors
    std::uint64_t maxBytes = 0; // of the weights read and of what the run takes; 0: no limit
    ModelPtr shareWith;         // parts with equal fingerprints are taken over: a patched model costs its edited tensors
    std::function<std::uint64_t(const ModelConfig&)> runBytes; // what the run takes beside the weights
    bool followTie = false;     // a head that the config ties is the embedding even where another matrix is stored for it
};

class Model {
public:
    // ConfigInvalid when the source says nothing of its model, ModelUnsupported what the engine does not run, and the errors
    // of bindWeights. Reads with all threads; progress in bytes.
    [[nodiscard]] static Result<ModelPtr> load(const TensorSource& source, const ModelOptions& options, Progress& progress);

    // What load() would say of the config, names, types and shapes; reads no matrix.
    [[nodiscard]] static Result<void> check(const TensorSource& source, const std::string& where);

    Model(ModelConfig config, Bound bound) : m_config(std::move(config)), m_bound(std::move(bound)) {}

    [[nodiscard]] const ModelConfig& config() const { return m_config; }
    [[nodiscard]] const Weights& weights() const { return m_bound.weights; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bound.bytes; }       // of all weights
    [[nodiscard]] std::uint64_t newBytes() const { return m_bound.newBytes; } // of those it does not share
    // Lowest layer in which this model's weights differ from the other's, layers().size() if only the end does (final norm,
    // head), nothing if none: where a run can start from the other's hidden states.
    [[nodiscard]] std::optional<std::size_t> firstDifference(const Model& other) const;

private:
    ModelConfig m_config;
    Bound m_bound;
};

} // namespace wb
