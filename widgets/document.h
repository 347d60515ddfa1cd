// The opened checkpoint, the staged recipe with its undo stack, and what is being tried but not staged yet.
// GUI thread only; everything it hands out is shared and const, so jobs may keep it.
//
//   original()  the files                     staged()  with the recipe
//   patched()   with the recipe, or with the proposed one while an edit is being previewed: what every view
//   compares
#pragma once

#include "core/analysis/statisticscache.h"
#include "core/analysis/statisticsstore.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/roles.h"
#include "core/model/summary.h"
#include "core/recipe/layeredsource.h"

#include <QObject>
#include <QUndoStack>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace wb {

class Jobs;
class JobSlot;
class RunningModels;

// What opening a checkpoint gives; made in a job.
struct Opened {
    CheckpointPtr checkpoint;
    ModelSummary summary;
    std::vector<TensorRole> roles;  // per tensor
    std::vector<std::size_t> order; // naturalOrder
    BaseIdentity identity;          // of new recipes
    StatisticsStore::ByTensor remembered; // from when it was open before; null where nothing is known
};
[[nodiscard]] Result<std::shared_ptr<const Opened>> openForWindow(const std::filesystem::path& path);

class Document : public QObject {
    Q_OBJECT
public:
    explicit Document(Jobs& jobs, QObject* parent = nullptr);
    ~Document() override;

    // In a job; then opened() or openFailed(). The former checkpoint stays until the new one is there.
    void open(const std::filesystem::path& path);
    void close();
    void adopt(std::shared_ptr<const Opened> opened);

    [[nodiscard]] bool isOpen() const { return m_opened != nullptr; }
    [[nodiscard]] const std::shared_ptr<const Opened>& content() const
    {
        return m_opened;
    } // null when nothing is open
    [[nodiscard]] const TensorInfo& tensor(std::size_t index) const
    {
        return m_opened->checkpoint->tensors()[index];
    }
    [[nodiscard]] SourcePtr original() const { return m_opened ? m_opened->checkpoint : nullptr; }
    [[nodiscard]] const std::shared_ptr<const PatchedSource>& staged() const { return m_staged; }
    [[nodiscard]] const std::shared_ptr<const PatchedSource>& patched() const
    {
        return m_proposed ? m_proposed : m_staged;
    }
    // patched() with the list of layers that the recipe asks for: what runs. And what stagedFully() exports, with the layout it follows.
    [[nodiscard]] const SourcePtr& edited() const { return m_proposed ? m_proposedFully : m_stagedFully; }
    [[nodiscard]] const SourcePtr& stagedFully() const { return m_stagedFully; }
    [[nodiscard]] CheckpointPtr layout() const;
    [[nodiscard]] const std::shared_ptr<StatisticsCache>& statistics() const { return m_statistics; }

    // The models that jobs run; null when nothing is open.
    [[nodiscard]] const std::shared_ptr<RunningModels>& models() const { return m_models; }

    [[nodiscard]] const RecipePtr& recipe() const { return m_recipe; } // never null
    // One undo step. Steps in a row with the same key become one; an empty key never merges. Nothing changes
    // when the recipe does not fit.
    [[nodiscard]] Result<void> change(const RecipePtr& after, const QString& label,
                                      const QString& mergeKey = {});
    // A recipe to look at without staging it; null ends the preview. Not an undo step.
    [[nodiscard]] Result<void> setPreview(const RecipePtr& proposed);
    [[nodiscard]] bool isPreviewing() const { return m_proposed != nullptr; }
    [[nodiscard]] std::shared_ptr<const PatchedSource> previewed() const { return m_proposed; } // null without a preview; a new one with each step
    // Whether patched() may differ from original().
    [[nodiscard]] bool hasEdits() const { return m_proposed != nullptr || m_recipe->enabledCount() != 0; }

    [[nodiscard]] Result<void> loadRecipe(const std::filesystem::path& path);
    [[nodiscard]] Result<void> saveRecipe(const std::filesystem::path& path);
    [[nodiscard]] const std::filesystem::path& recipePath() const
    {
        return m_recipePath;
    }                                                             // empty: never saved
    [[nodiscard]] QUndoStack& undoStack() { return m_undoStack; } // clean = as saved

signals:
    void opened(); // or closed: everything is different
    void openFailed(const wb::Error& error);
    void recipeChanged();  // the staged one
    void stepFailed(const wb::Error& error); // undo or redo led to a recipe that can no longer be: a checkpoint that it takes from is gone
    void patchedChanged(); // after recipeChanged(), and with each step of a preview

private:
    friend class SetRecipe; // nothing else changes the recipe
    [[nodiscard]] bool setRecipe(const RecipePtr& recipe); // false: it cannot be, and nothing changed
    struct Patched {
        std::shared_ptr<const PatchedSource> source;
        SourcePtr fully;
    };
    [[nodiscard]] Result<Patched> patch(const RecipePtr& recipe) const;
    void use(Patched patched);
    Result<void> stage(const RecipePtr& recipe);
    Result<void> push(const RecipePtr& after, const QString& label, const QString& mergeKey, std::optional<std::filesystem::path> loadedFrom);

    JobSlot* m_openSlot;
    std::shared_ptr<const Opened> m_opened;
    RecipePtr m_recipe;
    std::shared_ptr<const PatchedSource> m_staged, m_proposed;
    SourcePtr m_stagedFully, m_proposedFully;
    std::optional<Patched> m_tried; // what a step was found to fit with, until it is made
    std::shared_ptr<StatisticsCache> m_statistics;
    std::shared_ptr<RunningModels> m_models;
    std::filesystem::path m_recipePath;
    QUndoStack m_undoStack;
};

} // namespace wb
