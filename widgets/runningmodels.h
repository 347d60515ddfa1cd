// The models of a document in memory: the original once, and the last patched one, which shares all parts but the edited
// tensors with it. Called from jobs; every function is safe from any thread, and a second caller waits for the first's load.
#pragma once

#include "core/base/progress.h"
#include "core/model/generationconfig.h"
#include "core/model/model.h"
#include "core/text/chattemplate.h"

#include <filesystem>
#include <mutex>

namespace wb {

class RunningModels {
public:
    explicit RunningModels(CheckpointPtr checkpoint) : m_checkpoint(std::move(checkpoint)) {}

    // The checkpoint itself or a patched source of it.
    [[nodiscard]] Result<ModelPtr> load(const SourcePtr& source, Progress& progress);
    // Another checkpoint; the last one is kept.
    [[nodiscard]] Result<ModelPtr> loadOther(const std::filesystem::path& path, Progress& progress);
    [[nodiscard]] Result<TokenizerPtr> tokenizer();
    [[nodiscard]] Result<GenerationConfig> generationConfig();
    [[nodiscard]] Result<ChatTemplatePtr> chatTemplate();
    // What load() would say, without reading matrices.
    [[nodiscard]] Result<void> check() const { return Model::check(*m_checkpoint, m_checkpoint->name()); }
    [[nodiscard]] const CheckpointPtr& checkpoint() const { return m_checkpoint; }

private:
    Result<ModelPtr> loadLocked(const SourcePtr& source, Progress& progress);

    CheckpointPtr m_checkpoint;
    std::mutex m_mutex;
    ModelPtr m_original, m_patched;
    SourcePtr m_patchedSource;
    ModelPtr m_other;
    std::filesystem::path m_otherPath;
    TokenizerPtr m_tokenizer;
};

} // namespace wb
