#include "widgets/models/historymodel.h"

#include "core/eval/resultjson.h"
#include "core/recipe/recipejson.h"
#include "widgets/numbertext.h"
#include "widgets/tensortext.h"
#include "widgets/theme.h"

#include <QColor>
#include <QDateTime>

#include <cmath>
#include <map>

namespace wb {
namespace {

QString editsText(const Result<RecipePtr>& recipe)
{
    if (!recipe) return wb::HistoryModel::tr("a recipe that cannot be read");
    if (!*recipe) return wb::HistoryModel::tr("■ original");
    QStringList edits;
    for (std::size_t i = 0; i < (*recipe)->size(); ++i)
        edits << editText((*recipe)->at(i));
    return edits.join(QStringLiteral(" · "));
}

Result<RecipePtr> recipeOf(const PastResult& past)
{
    const auto found = past.about.find("recipe");
    if (found == past.about.end() || found->is_null()) return RecipePtr();
    return recipeFromJson(*found, past.path.string());
}

// Results that differ in the model alone have the same.
std::string settingsOf(const PastResult& past)
{
    Json key = past.key;
    for (const char* part : {"model", "recipe"})
        key.erase(part);
    return dumpJson(key);
}

QString settingText(const PastResult& past)
{
    const auto count = [&](const char* key) {
        const auto found = past.key.find(key);
        return found != past.key.end() && found->is_number_unsigned() ? static_cast<int>(found->get<unsigned>()) : 0;
    };
    QStringList parts = {wb::HistoryModel::tr("%n items", nullptr, static_cast<int>(past.n))};
    if (count("samples") > 1) parts << wb::HistoryModel::tr("%n answers", nullptr, count("samples"));
    if (count("shots") > 0) parts << wb::HistoryModel::tr("%n examples", nullptr, count("shots"));
    if (past.key.contains("chat")) parts << wb::HistoryModel::tr("chat");
    if (textAt(past.key, "precision") != "f32") parts << QString::fromStdString(textAt(past.key, "precision"));
    return parts.join(QStringLiteral(", "));
}

} // namespace

void HistoryModel::setResults(std::vector<PastResult> results)
{
    beginResetModel();
    m_rows.clear();
    std::map<std::string, std::pair<double, double>> originals; // score and its standard error
    for (const PastResult& past : results)
        if (const auto recipe = recipeOf(past); recipe && !*recipe) originals.emplace(settingsOf(past), std::pair(past.score, past.standardError));
    for (PastResult& past : results) {
        if (textAt(past.key, "order") == "other") continue; // a noise floor, no score of its own
        const auto recipe = recipeOf(past);
        const auto original = originals.find(settingsOf(past));
        Row row{std::move(past), std::nullopt, editsText(recipe)};
        if ((!recipe || *recipe) && original != originals.end())
            row.change = Difference{row.past.score - original->second.first, std::hypot(row.past.standardError, original->second.second)};
        m_rows.push_back(std::move(row));
    }
    endResetModel();
}

Result<RecipePtr> HistoryModel::recipe(int row) const { return recipeOf(result(row)); }

int HistoryModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int HistoryModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant HistoryModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole && (index.column() == Score || index.column() == Change)) return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ForegroundRole && index.column() == Change && row.change) {
        constexpr double sure = 1.96; // standard errors: what may be chance is neither good nor bad
        if (row.change->points > sure * row.change->standardError) return colors().positive;
        if (row.change->points < -sure * row.change->standardError) return colors().negative;
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (index.column()) {
    case When: return QDateTime::fromSecsSinceEpoch(row.past.time).toString(QStringLiteral("yyyy-MM-dd hh:mm"));
    case TaskName: return QString::fromStdString(textAt(row.past.about, "task"));
    case Setting: return settingText(row.past);
    case Score: return QStringLiteral("%1 ± %2").arg(percentText(row.past.score), pointsText(row.past.standardError));
    case Change: return row.change ? QStringLiteral("%1%2 ± %3").arg(row.change->points > 0 ? QStringLiteral("+") : QString(), pointsText(row.change->points), pointsText(row.change->standardError)) : QString();
    default: return row.edits;
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
    if (role == Qt::ToolTipRole) return section == Change ? tr("Points more than the original, under the same settings; ± one standard error as if the two had answered other items: scored together, paired, it is less") : QVariant();
    switch (section) {
    case When: return tr("when");
    case TaskName: return tr("task");
    case Setting: return tr("scored");
    case Score: return tr("score");
    case Change: return tr("Δ points");
    case Edits: return tr("edits");
    default: return {};
    }
}

} // namespace wb
