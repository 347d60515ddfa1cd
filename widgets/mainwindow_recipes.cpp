// Recipes from files of other programs, and edits that a killed window left behind.
#include "core/base/json.h"
#include "core/recipe/donor.h"
#include "core/recipe/recipejson.h"
#include "core/recipe/tensorslayer.h"
#include "widgets/banner.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/jobslot.h"
#include "widgets/journal.h"
#include "widgets/mainwindow.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace wb {

void MainWindow::afterSelecting(const RecipePtr& recipe, const std::function<void()>& next)
{
    bool reads = false;
    for (std::size_t i = 0; i < recipe->size(); ++i) {
        const auto* layers = std::get_if<LayerEdit>(&recipe->at(i).operation);
        reads = reads || recipe->at(i).select.reads() || (layers != nullptr && layers->donor);
    }
    if (!reads) return next();
    m_recipeSlot->start<bool>(
        tr("Selecting the tensors of a recipe"),
        [recipe, source = m_document.original()](Progress& progress) -> Result<bool> {
            for (std::size_t i = 0; i < recipe->size(); ++i)
                if (auto matched = recipe->at(i).select.select(*source, progress); !matched) return failure(matched);
            if (auto donors = openDonors(*recipe, progress); !donors) return failure(donors);
            return true;
        },
        [this, next](const Result<bool>& done) {
            if (done)
                next();
            else
                m_banner->sayError(done.error());
        });
}

// A recipe of ours takes the place of what is staged; a list of Tensor Slayer is added to it.
void MainWindow::takeRecipeFile(const std::filesystem::path& path)
{
    const Result<RecipePtr> recipe = loadRecipe(path);
    if (recipe)
        return afterSelecting(*recipe, [this, path] {
            if (const Result<void> loaded = m_document.loadRecipe(path); !loaded)
                m_banner->sayError(loaded.error());
        });
    if (const Result<RecipePtr> list = wb::importTensorSlayer(path))
        return takeEdits(*list, tr("import %1").arg(fromUtf8(path.filename().string())));
    m_banner->sayError(recipe.error());
}

void MainWindow::takeEdits(const RecipePtr& edits, const QString& label, const std::function<void()>& then)
{
    afterSelecting(edits, [this, edits, label, then] {
        if (const auto done = m_document.change(m_document.recipe()->joined(*edits), label); !done)
            m_banner->sayError(done.error());
        else if (then)
            then();
    });
}

void MainWindow::importTensorSlayer()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Import Tensor Slayer's recommendations"), {},
                                                      tr("Recommendations (*.json *.txt);;All files (*)"));
    if (path.isEmpty()) return;
    m_banner->clear();
    const Result<RecipePtr> list = wb::importTensorSlayer(path.toStdString());
    if (!list) return m_banner->sayError(list.error());
    takeEdits(*list, tr("import %1").arg(QFileInfo(path).fileName()));
}

void MainWindow::openPublishedEdits()
{
    m_banner->clear();
    const QString name = QStringLiteral(":/recipes/tensor-slayer-qwen3-0.6b.json");
    QFile file(name);
    const QByteArray text = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    const auto json = parseJson(text.toStdString(), name.toStdString());
    const auto recipe = json ? recipeFromJson(*json, name.toStdString()) : Result<RecipePtr>(failure(json));
    if (!recipe) return m_banner->sayError(recipe.error());
    takeEdits(*recipe, tr("Tensor Slayer's published edits"));
}

// Closing the banner decides nothing: it is offered again at the next opening.
void MainWindow::offerJournal()
{
    const auto found = m_journal->find();
    if (!found) return;
    const QString when = QLocale().toString(found->written, QLocale::ShortFormat);
    m_banner->say(Banner::Kind::Warning,
                  tr("%n edit(s) of this checkpoint were staged on %1 and neither saved nor exported. "
                     "<a href=\"discard\">Discard them</a>",
                     nullptr, static_cast<int>(found->recipe->size()))
                      .arg(when.toHtmlEscaped()));
    m_banner->offer(tr("Restore"), [this, found = *found] {
        takeEdits(found.recipe, tr("restored edits"), [this, file = found.file] {
            m_journal->write(); // before the old one goes
            Journal::discard(file);
            m_banner->clear();
        });
    });
    disconnect(m_banner, &Banner::linkActivated, nullptr, nullptr);
    connect(m_banner, &Banner::linkActivated, this, [this, file = found->file] {
        Journal::discard(file);
        m_banner->clear();
    });
}

} // namespace wb
