#include "widgets/models/runsmodel.h"

#include "widgets/samplingform.h"

namespace wb {
namespace {

constexpr std::size_t most = 200;

QString differenceText(const GenerationRun& run)
{
    const auto place = differingToken(run.original.get(), run.patched.get());
    if (!place) return {};
    return *place < 0 ? wb::RunsModel::tr("none") : wb::RunsModel::tr("at token %1").arg(*place + 1);
}

} // namespace

std::optional<int> differingToken(const GenerateReport* original, const GenerateReport* patched)
{
    if (original == nullptr || patched == nullptr) return std::nullopt;
    const auto place = firstDifference(original->completions[0].ids, patched->completions[0].ids);
    return place.has_value() ? static_cast<int>(place.value()) : -1;
}

void RunsModel::clear()
{
    beginResetModel();
    m_runs.clear();
    endResetModel();
}

void RunsModel::setRuns(std::vector<GenerationRun> runs)
{
    beginResetModel();
    m_runs = std::move(runs);
    endResetModel();
}

void RunsModel::add(GenerationRun run)
{
    if (m_runs.size() == most) {
        beginRemoveRows({}, rowCount() - 1, rowCount() - 1);
        m_runs.pop_back();
        endRemoveRows();
    }
    beginInsertRows({}, 0, 0);
    m_runs.insert(m_runs.begin(), std::move(run));
    endInsertRows();
}

void RunsModel::setPatched(std::shared_ptr<const GenerateReport> patched, const QString& recipe)
{
    if (m_runs.empty()) return;
    m_runs[0].patched = std::move(patched);
    m_runs[0].recipe = recipe;
    emit dataChanged(index(0, 0), index(0, columns - 1));
}

void RunsModel::setOriginal(std::shared_ptr<const GenerateReport> original)
{
    if (m_runs.empty()) return;
    m_runs[0].original = std::move(original);
    emit dataChanged(index(0, 0), index(0, columns - 1));
}

int RunsModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_runs.size()); }
int RunsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
    const GenerationRun& one = run(index.row());
    switch (index.column()) {
    case Prompt: return role == Qt::ToolTipRole ? one.prompt : one.form.chat ? tr("chat: %1").arg(one.prompt.simplified()) : one.prompt.simplified();
    case Recipe: return one.recipe;
    case Settings: return samplingText(one.options.sampling);
    case Difference: return differenceText(one);
    default: return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Prompt: return tr("prompt");
    case Recipe: return tr("recipe");
    case Settings: return tr("settings");
    case Difference: return tr("first difference");
    default: return {};
    }
}

} // namespace wb
