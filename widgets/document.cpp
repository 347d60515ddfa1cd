#include "widgets/document.h"

#include "core/checkpoint/open.h"
#include "core/recipe/recipejson.h"
#include "widgets/jobslot.h"
#include "widgets/runningmodels.h"
#include "widgets/setrecipe.h"

#include <utility>

namespace wb {

Result<std::shared_ptr<const Opened>> openForWindow(const std::filesystem::path& path)
{
    Result<CheckpointPtr> checkpoint = openCheckpoint(path);
    if (!checkpoint) return failure(checkpoint);
    auto opened = std::make_shared<Opened>();
    opened->checkpoint = *checkpoint;
    opened->summary = summarise(**checkpoint);
    opened->roles = rolesOf((*checkpoint)->tensors());
    opened->order = naturalOrder((*checkpoint)->tensors());
    opened->identity = {(*checkpoint)->name(), layoutFingerprint(**checkpoint),
                        (*checkpoint)->tensors().size()};
    opened->remembered = StatisticsStore().load(**checkpoint);
    return std::shared_ptr<const Opened>(std::move(opened));
}

Document::Document(Jobs& jobs, QObject* parent)
    : QObject(parent)
    , m_openSlot(new JobSlot(jobs, JobSlot::Mode::Replace, this))
    , m_recipe(std::make_shared<const Recipe>())
    , m_statistics(std::make_shared<StatisticsCache>())
{
}

Document::~Document() = default;

void Document::open(const std::filesystem::path& path)
{
    using Answer = std::shared_ptr<const Opened>;
    m_openSlot->start<Answer>(
        tr("Opening %1").arg(QString::fromStdString(path.filename().string())),
        [path](Progress&) { return openForWindow(path); },
        [this](Result<Answer> result) {
            if (result)
                adopt(*result);
            else if (result.error().code != ErrorCode::Cancelled)
                emit openFailed(result.error());
        });
}

void Document::close()
{
    adopt(nullptr);
}

void Document::adopt(std::shared_ptr<const Opened> opened)
{
    m_opened = std::move(opened);
    m_models = m_opened ? std::make_shared<RunningModels>(m_opened->checkpoint) : nullptr;
    m_recipe = std::make_shared<const Recipe>(m_opened ? m_opened->identity : BaseIdentity());
    m_recipePath.clear();
    m_proposed = nullptr;
    m_staged = nullptr;
    m_stagedFully = nullptr;
    if (m_opened) (void)stage(m_recipe); // an empty recipe fits everything
    m_undoStack.clear();
    emit this->opened();
    emit recipeChanged();
    emit patchedChanged();
}

Result<Document::Patched> Document::patch(const RecipePtr& recipe) const
{
    auto patched = wb::patch(m_opened->checkpoint, recipe);
    if (!patched) return failure(patched);
    auto fully = wb::edited(*patched);
    if (!fully) return failure(fully);
    return Patched{std::move(*patched), std::move(*fully)};
}

Result<void> Document::stage(const RecipePtr& recipe)
{
    if (m_tried && m_tried->source->recipe() == recipe) {
        use(std::exchange(m_tried, std::nullopt).value());
        return {};
    }
    auto patched = patch(recipe);
    if (!patched) return failure(patched);
    use(std::move(*patched));
    return {};
}

void Document::use(Patched patched)
{
    m_staged = std::move(patched.source);
    m_stagedFully = std::move(patched.fully);
}

CheckpointPtr Document::layout() const { return m_opened ? layoutOf(m_opened->checkpoint, *m_stagedFully) : nullptr; }

Result<void> Document::change(const RecipePtr& after, const QString& label, const QString& mergeKey)
{
    return push(after, label, mergeKey, {});
}

Result<void> Document::push(const RecipePtr& after, const QString& label, const QString& mergeKey, std::optional<std::filesystem::path> loadedFrom)
{
    auto fits = patch(after); // before it becomes a step
    if (!fits) return failure(fits);
    m_proposed = nullptr;
    m_tried = std::move(*fits);
    m_undoStack.push(new SetRecipe(*this, m_recipe, after, label, mergeKey, std::move(loadedFrom)));
    m_tried.reset();
    return {};
}

bool Document::setRecipe(const RecipePtr& recipe)
{
    if (const auto done = stage(recipe); !done) {
        emit stepFailed(done.error());
        return false;
    }
    m_recipe = recipe;
    m_proposed = nullptr;
    emit recipeChanged();
    emit patchedChanged();
    return true;
}

Result<void> Document::setPreview(const RecipePtr& proposed)
{
    if (!proposed) {
        if (!m_proposed) return {};
        m_proposed = nullptr;
        emit patchedChanged();
        return {};
    }
    const auto fits = patch(proposed);
    if (!fits) return failure(fits);
    m_proposed = fits->source;
    m_proposedFully = fits->fully;
    emit patchedChanged();
    return {};
}

Result<void> Document::loadRecipe(const std::filesystem::path& path)
{
    const Result<RecipePtr> loaded = wb::loadRecipe(path);
    if (!loaded) return failure(loaded);
    const Result<void> done =
        push(*loaded, tr("recipe %1").arg(QString::fromStdString(path.filename().string())), {}, path);
    if (!done) return done;
    m_undoStack.setClean();
    return {};
}

Result<void> Document::saveRecipe(const std::filesystem::path& path)
{
    const Result<void> saved = wb::saveRecipe(*m_recipe, path);
    if (!saved) return saved;
    m_recipePath = path;
    m_undoStack.setClean();
    return {};
}

} // namespace wb

#include "moc_document.cpp"
