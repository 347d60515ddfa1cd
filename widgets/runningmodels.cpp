#include "widgets/runningmodels.h"

#include "core/checkpoint/open.h"

namespace wb {

Result<ModelPtr> RunningModels::load(const SourcePtr& source, Progress& progress)
{
    const std::lock_guard lock(m_mutex);
    return loadLocked(source, progress);
}

Result<ModelPtr> RunningModels::loadLocked(const SourcePtr& source, Progress& progress)
{
    if (!m_original) {
        auto model = Model::load(*m_checkpoint, {m_checkpoint->name(), 0, nullptr, {}}, progress);
        if (!model) return model;
        m_original = *model;
    }
    if (source == m_checkpoint) return m_original;
    if (source == m_patchedSource) return m_patched;
    auto model = Model::load(*source, {m_checkpoint->name(), 0, m_original, {}}, progress);
    if (!model) return model;
    m_patched = *model;
    m_patchedSource = source;
    return model;
}

Result<ModelPtr> RunningModels::loadOther(const std::filesystem::path& path, Progress& progress)
{
    const std::lock_guard lock(m_mutex);
    if (m_other && m_otherPath == path) return m_other;
    auto checkpoint = openCheckpoint(path);
    if (!checkpoint) return failure(checkpoint);
    auto model = Model::load(**checkpoint, {(*checkpoint)->name(), 0, m_original, {}}, progress);
    if (!model) return model;
    m_other = *model;
    m_otherPath = path;
    return model;
}

Result<TokenizerPtr> RunningModels::tokenizer()
{
    const std::lock_guard lock(m_mutex);
    if (!m_tokenizer) {
        auto tokenizer = loadTokenizer(*m_checkpoint);
        if (!tokenizer) return tokenizer;
        m_tokenizer = *tokenizer;
    }
    return m_tokenizer;
}

Result<GenerationConfig> RunningModels::generationConfig()
{
    auto known = tokenizer();
    if (!known) return failure(known);
    return readGenerationConfig(*m_checkpoint, known->get());
}

Result<ChatTemplatePtr> RunningModels::chatTemplate()
{
    auto known = tokenizer();
    if (!known) return failure(known);
    return loadChatTemplate(*m_checkpoint, **known);
}

} // namespace wb
