// An expert of singular-value fine-tuning: one vector for each matrix, kept with what is needed to use it rightly. Our file is a safetensors
// of float64 vectors by tensor name; its metadata:
//   format            weightbench.expert/1
//   name              what people call it
//   model, model_fingerprint   whose singular values it belongs to (layoutFingerprint)
//   parameterisation  multiplier: the gain itself · pre_sigmoid: gain = max_multiplier / (1 + exp(−p)), as the reference trains it
//   max_multiplier    of pre_sigmoid
//   normalisation     nuclear_norm: the sum of the singular values is kept · none
//   origin            where it came from, in words; may be missing
#pragma once

#include "core/recipe/edit.h"
#include "core/tensor/tensorsource.h"

#include <filesystem>

namespace wb {

struct Expert {
    enum class Parameterisation : std::uint8_t { Multiplier, PreSigmoid };
    std::string name, model, modelFingerprint, origin;
    Parameterisation parameterisation = Parameterisation::Multiplier;
    double maxMultiplier = 1;
    bool keepsNuclearNorm = true;
    std::map<std::string, std::vector<double>> vectors; // by tensor

    [[nodiscard]] GainTable multipliers() const;
    // Where the gains are permuted within each matrix, by seed: what a transfer must beat.
    [[nodiscard]] Expert shuffled(std::uint64_t seed) const;
    bool operator==(const Expert&) const = default;
};

// HeaderInvalid for what is no expert file or says things that do not fit each other. A .pt is not read here.
[[nodiscard]] Result<Expert> loadExpert(const std::filesystem::path& path);
// In one rename over a regular file of that name.
[[nodiscard]] Result<void> saveExpert(const Expert& expert, const std::filesystem::path& path);

// Every tensor of the expert is there and has as many singular values as it has gains; unless `transfer`, the model has the layout that
// the expert was made for. With a `part` the gains are those of what each tensor holds fused of that role. RecipeBaseMismatch, EditNotPossible or TensorNotFound otherwise.
[[nodiscard]] Result<void> checkFits(const Expert& expert, const TensorSource& model, bool transfer, const std::string& part = {});

// The reference's files hold pre-sigmoid vectors, of policy_params.pt without names: key ….K is the K-th MLP matrix of the state dict, and
// of learnable_params.pt with them. The mapping is for people to look at before it is used.
struct ExpertMapping {
    struct Row {
        std::string key, tensor;
        std::uint64_t gains = 0;
    };
    std::vector<Row> rows;
    Expert expert;     // pre-sigmoid, nuclear norm kept, bound to `model`
    bool byOrder = false;
};
[[nodiscard]] Result<ExpertMapping> importTorchExpert(const std::filesystem::path& path, const TensorSource& model, const std::string& modelName);
// Bytes of a policy_params.pt: keys in the order of the model's MLP matrices. EditNotPossible when the expert lacks one of them or
// has other ones, or has gains that no sigmoid gives; with the nuclear norm kept, where only ratios count, gains are scaled into reach.
[[nodiscard]] Result<std::string> torchExpertOf(const Expert& expert, const TensorSource& model);
// The MLP matrices in the order of a Hugging Face state dict.
[[nodiscard]] std::vector<std::size_t> mlpMatrices(const TensorSource& model);

// The experts with their weights as one edit of all matrices that they have; they must have the same ones and one normalisation.
[[nodiscard]] Result<Edit> mixOf(std::span<const Expert> experts, std::span<const double> weights);

} // namespace wb
