// What was generated so far, newest first: prompt, recipe, settings and what came of it.
#pragma once

#include "core/model/generate.h"
#include "widgets/chatform.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace wb {

struct GenerationRun {
    QString prompt;
    QString recipe; // "no edits", "2 edits"
    GenerateOptions options;
    std::shared_ptr<const GenerateReport> original, patched; // null: not run, or stopped
    PromptForm form;
};

class RunsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Prompt, Recipe, Settings, Difference, columns };
    using QAbstractTableModel::QAbstractTableModel;

    void clear();
    void setRuns(std::vector<GenerationRun> runs);
    [[nodiscard]] const std::vector<GenerationRun>& runs() const { return m_runs; }
    void add(GenerationRun run);         // on top; the oldest of many goes
    void setPatched(std::shared_ptr<const GenerateReport> patched, const QString& recipe); // of the newest
    void setOriginal(std::shared_ptr<const GenerateReport> original);                      // of the newest
    [[nodiscard]] const GenerationRun& run(int row) const { return m_runs[static_cast<std::size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<GenerationRun> m_runs;
};

// The first new token in which the two sides differ; −1 when none does, nothing while one side is missing.
[[nodiscard]] std::optional<int> differingToken(const GenerateReport* original, const GenerateReport* patched);

} // namespace wb
