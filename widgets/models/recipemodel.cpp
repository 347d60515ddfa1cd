#include "widgets/models/recipemodel.h"

#include "core/recipe/percent.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numberfield.h"
#include "widgets/tensortext.h"

#include <QMimeData>

#include <algorithm>

namespace wb {
namespace {

QString rowType()
{
    return QStringLiteral("application/x-weightbench-edit");
}

QString targetLine(const Edit& edit)
{
    QStringList parts;
    const bool ofLayers = std::holds_alternative<LayerEdit>(edit.operation);
    if (!edit.label.empty()) parts << operationText(edit.operation);
    if (ofLayers) return parts.join(QString());
    parts << targetText(edit.select) + (edit.elements.all() ? QString() : QStringLiteral(", ") + elementsText(edit.elements));
    if (edit.strength != 1) parts << QStringLiteral("%1 %").arg(percentOf(edit.strength));
    if (!edit.group.empty()) parts << fromUtf8(edit.group);
    return parts.join(QStringLiteral(" · "));
}

QString lines(QStringList texts)
{
    texts.removeAll(QString());
    return texts.join(QLatin1Char('\n'));
}

} // namespace

RecipeModel::RecipeModel(Document& document, QObject* parent)
    : QAbstractListModel(parent)
    , m_document(document)
{
    connect(&document, &Document::recipeChanged, this, &RecipeModel::refresh);
    refresh();
}

// The selected row survives as long as the number of edits is the same.
void RecipeModel::refresh()
{
    const int rows = static_cast<int>(m_document.recipe()->size());
    m_verdicts.clear();
    if (rows != m_rows) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
    } else if (rows > 0) {
        emit dataChanged(index(0), index(rows - 1));
    }
}

void RecipeModel::remove(int row)
{
    const auto at = static_cast<std::size_t>(row);
    const Edit& edit = m_document.recipe()->at(at);
    if (const auto done =
            m_document.change(m_document.recipe()->without(at), tr("remove %1").arg(editText(edit)));
        !done)
        emit failed(errorText(done.error()));
}

void RecipeModel::move(int from, int to)
{
    if (from == to || to < 0 || to >= m_rows) return;
    const Edit& edit = m_document.recipe()->at(static_cast<std::size_t>(from));
    const RecipePtr next =
        m_document.recipe()->moved(static_cast<std::size_t>(from), static_cast<std::size_t>(to));
    if (const auto done = m_document.change(next, tr("move %1").arg(editText(edit))); !done)
        emit failed(errorText(done.error()));
}

void RecipeModel::enableGroup(const std::string& group, bool enabled)
{
    RecipePtr next = m_document.recipe();
    for (std::size_t i = 0; i < next->size(); ++i) {
        Edit edit = next->at(i);
        if (edit.group != group || edit.enabled == enabled) continue;
        edit.enabled = enabled;
        next = next->replaced(i, std::move(edit));
    }
    if (next == m_document.recipe()) return; // all of them are so already: no step
    const QString label = enabled ? tr("switch on group %1") : tr("switch off group %1");
    if (const auto done = m_document.change(next, label.arg(fromUtf8(group))); !done)
        emit failed(errorText(done.error()));
}

void RecipeModel::setVerdicts(QList<Verdict> verdicts)
{
    m_verdicts = std::move(verdicts);
    if (m_rows == 0) return;
    emit dataChanged(index(0), index(m_rows - 1));
    emit layoutChanged(); // an edit with a verdict is a line taller
}

void RecipeModel::describe(int row, const QString& label, const QString& reason)
{
    const auto at = static_cast<std::size_t>(row);
    Edit edit = m_document.recipe()->at(at);
    if (edit.label == label.toStdString() && edit.reason == reason.toStdString()) return;
    edit.label = label.toStdString();
    edit.reason = reason.toStdString();
    if (const auto done =
            m_document.change(m_document.recipe()->replaced(at, edit), tr("describe %1").arg(editText(edit)));
        !done)
        emit failed(errorText(done.error()));
}

int RecipeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

QVariant RecipeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= static_cast<int>(m_document.recipe()->size())) return {};
    const Edit& edit = m_document.recipe()->at(static_cast<std::size_t>(index.row()));
    switch (role) {
    case Qt::DisplayRole: return edit.label.empty() ? operationText(edit.operation) : fromUtf8(edit.label);
    case TargetRole: return targetLine(edit);
    case VerdictRole: return m_verdicts.value(index.row()).words;
    case Qt::CheckStateRole: return static_cast<int>(edit.enabled ? Qt::Checked : Qt::Unchecked);
    case Qt::AccessibleTextRole: return editText(edit);
    case Qt::ToolTipRole:
        return lines({fromUtf8(edit.select.text()), fromUtf8(edit.reason), m_verdicts.value(index.row()).because});
    default: return {};
    }
}

bool RecipeModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid()) return false;
    const auto at = static_cast<std::size_t>(index.row());
    Edit edit = m_document.recipe()->at(at);
    edit.enabled = value.toInt() == Qt::Checked;
    const QString label = edit.enabled ? tr("switch on %1") : tr("switch off %1");
    const auto done = m_document.change(m_document.recipe()->replaced(at, edit), label.arg(editText(edit)));
    if (!done) emit failed(errorText(done.error()));
    return done.has_value();
}

Qt::ItemFlags RecipeModel::flags(const QModelIndex& index) const
{
    if (!index.isValid()) return Qt::ItemIsDropEnabled; // between the rows
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemIsDragEnabled;
}

QStringList RecipeModel::mimeTypes() const
{
    return {rowType()};
}

QMimeData* RecipeModel::mimeData(const QModelIndexList& indexes) const
{
    auto* mime = new QMimeData;
    mime->setData(rowType(), QByteArray::number(indexes.isEmpty() ? -1 : indexes.front().row()));
    return mime;
}

// Says false: the view would otherwise remove the dragged row, which the document has moved already.
bool RecipeModel::dropMimeData(const QMimeData* data, Qt::DropAction, int row, int, const QModelIndex&)
{
    bool ok = false;
    const int from = data->data(rowType()).toInt(&ok);
    if (!ok || from < 0) return false;
    const int gap = row < 0 ? m_rows : row; // the gap above `row`
    move(from, std::min(gap > from ? gap - 1 : gap, m_rows - 1));
    return false;
}

} // namespace wb

#include "moc_recipemodel.cpp"
