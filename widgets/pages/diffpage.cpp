#include "widgets/pages/diffpage.h"

#include "core/analysis/elements.h"
#include "core/analysis/pairing.h"
#include "core/analysis/statistics.h"
#include "widgets/askcheckpoint.h"
#include "widgets/banner.h"
#include "widgets/charts/elementmap.h"
#include "widgets/document.h"
#include "widgets/elementfeed.h"
#include "widgets/errortext.h"
#include "widgets/models/diffmodel.h"
#include "widgets/numbertext.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"
#include "widgets/theme.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTableView>
#include <QTableWidget>

namespace wb {

void DiffPage::showMap(bool shown)
{
    m_elementViews->setCurrentIndex(shown ? 1 : 0);
    m_viewSwitch->button(shown ? 1 : 0)->setChecked(true);
    m_mapReading->setVisible(shown);
    requestMap();
}

// Nothing is read while the table is in front.
void DiffPage::requestMap()
{
    const TensorDifference* difference = m_model->difference(m_sorted->mapToSource(m_table->currentIndex()).row());
    const SourcePtr left = sourceOf(m_left), right = sourceOf(m_right);
    if (difference == nullptr || !left || !right || m_elementViews->currentIndex() != 1 || m_map->window().rows == 0) return;
    const auto tensor = left->find(difference->name);
    const auto other = tensor ? Pairing(*left, *right).other(*tensor) : std::nullopt;
    if (!other) return;
    const double changed = static_cast<double>(difference->elementsChanged) / static_cast<double>(std::max<std::uint64_t>(difference->elements, 1));
    // Full colour: of a difference that is all over, at three times its size; of a few elements, at the largest.
    const double limit = changed > 0.1 ? std::min(difference->maxAbs, 3 * difference->rms) : difference->maxAbs;
    ElementFeed::Content content;
    content.title = shortName(difference->name);
    content.original.key = left->fingerprint(*tensor) + " " + right->fingerprint(*other);
    content.original.open = [left, right, tensor = *tensor] { return differenceOf(left, tensor, right); };
    content.limit = limit > 0 ? limit : 1;
    content.moving = m_document.isPreviewing();
    m_feed->show(std::move(content));
}

void DiffPage::say(const QString& title, const QString& explanation, const QString& button)
{
    m_state->say(title, explanation, button);
    m_stack->setCurrentWidget(m_state);
}

void DiffPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale) compare();
}

DiffPage::Side DiffPage::sideOf(const QComboBox* box) { return static_cast<Side>(box->currentData().toInt()); }

void DiffPage::chooseSides(Side left, Side right)
{
    m_left->setCurrentIndex(std::max(0, m_left->findData(left)));
    m_right->setCurrentIndex(std::max(0, m_right->findData(right)));
    m_shownRight = sideOf(m_right);
}

void DiffPage::sidesChanged()
{
    if (sideOf(m_right) == Ask) return askForOther();
    m_shownRight = sideOf(m_right);
    refreshAnew();
}

void DiffPage::askForOther()
{
    chooseSides(sideOf(m_left), m_shownRight);
    const QString path = askForCheckpoint(*this, tr("Checkpoint to compare with"));
    if (!path.isEmpty()) openOther(path);
}

void DiffPage::compareWith(const QString& path)
{
    chooseSides(Patched, m_shownRight);
    openOther(path);
}

void DiffPage::openOther(const QString& path)
{
    m_openJob.start<std::shared_ptr<const Opened>>(
        tr("Opening %1").arg(path),
        [file = std::filesystem::path(QFile::encodeName(path).toStdString())](Progress&) { return openForWindow(file); },
        [this](Result<std::shared_ptr<const Opened>> result) {
            if (!result) return m_banner->sayError(result.error());
            setOther(std::move(*result));
            chooseSides(sideOf(m_left), Other);
            refreshAnew();
        });
}

// In the list between the sides of the document and what asks for others.
void DiffPage::setOther(std::shared_ptr<const Opened> other)
{
    m_other = std::move(other);
    const int known = m_right->findData(Other);
    if (!m_other) {
        if (known >= 0) m_right->removeItem(known);
        return;
    }
    const QString name = fromUtf8(m_other->identity.name);
    if (known < 0)
        m_right->insertItem(m_right->findData(Ask), name, Other);
    else
        m_right->setItemText(known, name);
}

std::any DiffPage::kept() const { return Kept{m_other, sideOf(m_left), sideOf(m_right)}; }

void DiffPage::take(const std::any& state)
{
    const auto kept = std::any_cast<Kept>(state);
    if (kept.other) setOther(kept.other);
    chooseSides(kept.left, kept.right);
    refreshAnew();
}

SourcePtr DiffPage::sourceOf(const QComboBox* box) const
{
    switch (sideOf(box)) {
    case Original: return m_document.original();
    case Patched: return m_document.patched();
    default: return m_other ? m_other->checkpoint : nullptr;
    }
}

void DiffPage::refreshAnew()
{
    m_report = nullptr;
    m_summary->clear();
    refresh();
}

// Old numbers never stay under new sides; nothing is compared while nobody looks.
void DiffPage::refresh()
{
    m_stale = true;
    m_banner->clear();
    if (isVisible()) compare();
}

void DiffPage::compare()
{
    m_stale = false;
    if (!m_document.isOpen()) {
        m_compareJob.cancel();
        m_summary->clear();
        return say(tr("Nothing is open"), tr("Open a checkpoint, stage an edit, and see here what it changes."));
    }
    const SourcePtr left = sourceOf(m_left), right = sourceOf(m_right);
    if (!left || !right) return;
    const bool nothingStaged = m_document.recipe()->empty() && !m_document.isPreviewing();
    if (left == right || (nothingStaged && sideOf(m_right) != Other)) {
        m_compareJob.cancel();
        m_report = nullptr;
        m_summary->clear();
        return say(tr("Both sides are the same"),
                   nothingStaged ? tr("Nothing is staged, so original and patched do not differ. Stage an edit, or compare with "
                                      "another checkpoint.")
                                 : tr("Choose another side."),
                   tr("Compare with another checkpoint…"));
    }
    if (!m_report) say(tr("Comparing …"), tr("Progress is at the bottom of the window."));
    m_compareJob.start<DiffReport>(
        tr("Comparing %1 with %2").arg(m_left->currentText(), m_right->currentText()),
        [left, right](Progress& progress) { return diffSources(*left, *right, {.top = 100}, progress); },
        [this](const Result<DiffReport>& result) { showReport(result); });
}

void DiffPage::showReport(const Result<DiffReport>& result)
{
    if (!result) {
        m_report = nullptr;
        m_summary->clear();
        const bool stopped = result.error().code == ErrorCode::Cancelled;
        say(stopped ? tr("Stopped") : tr("They cannot be compared"),
            stopped ? tr("The comparison did not come to its end.") : errorText(result.error()));
        return;
    }
    m_report = std::make_shared<const DiffReport>(*result);
    const QString before = m_table->currentIndex().data(DiffModel::nameRole).toString();
    m_model->setReport(m_report);
    const int differ = m_model->rowCount();
    const QString equal = tr("%n tensor(s) are bit-equal", nullptr, static_cast<int>(m_report->identical));
    if (differ == 0) {
        m_summary->clear();
        return say(tr("Nothing differs"), equal + QLatin1Char('.'));
    }
    m_summary->setText(tr("%n tensor(s) differ; ", nullptr, differ) + equal);
    m_summary->setToolTip(m_summary->text());
    m_stack->setCurrentIndex(1);
    const auto tensor = m_selection.tensor();
    const QString selected = tensor ? fromUtf8(m_document.tensor(*tensor).name) : QString();
    const QScopedValueRollback following(m_following, tensor.has_value()); // an edit in the making may be another tensor's
    const int row = rowOf(selected);
    m_table->selectRow(std::max(row < 0 ? rowOf(before) : row, 0));
}

int DiffPage::rowOf(const QString& name) const
{
    for (int row = 0; row < m_sorted->rowCount() && !name.isEmpty(); ++row)
        if (m_sorted->index(row, 0).data(DiffModel::nameRole).toString() == name) return row;
    return -1;
}

void DiffPage::followSelection()
{
    const auto tensor = m_selection.tensor();
    const int row = tensor && m_report && m_document.isOpen() ? rowOf(fromUtf8(m_document.tensor(*tensor).name)) : -1;
    if (row < 0 || row == m_table->currentIndex().row()) return;
    const QScopedValueRollback following(m_following, true);
    m_table->selectRow(row);
}

QString DiffPage::tableText() const
{
    std::vector<int> rows;
    for (int row = 0; row < m_sorted->rowCount(); ++row)
        rows.push_back(m_sorted->mapToSource(m_sorted->index(row, 0)).row());
    return m_model->asTable(rows);
}

QString DiffPage::summary() const
{
    return m_summary->text();
}

void DiffPage::showElements()
{
    const QModelIndex current = m_sorted->mapToSource(m_table->currentIndex());
    const TensorDifference* difference = m_model->difference(current.row());
    m_elements->setRowCount(0);
    m_elementsTitle->clear();
    m_feed->clear();
    m_map->setMatrix({});
    if (difference == nullptr) return;
    if (const auto tensor = m_document.original()->find(difference->name); tensor && !m_following) m_selection.select(*tensor);
    m_elementsTitle->setText(tr("%1 · exact").arg(shortName(difference->name)));
    TensorInfo view;
    view.shape = difference->shape;
    view.elements = difference->elements;
    if (difference->character != "opaque") m_map->setMatrix(matrixOf(view));
    requestMap();
    m_elements->setRowCount(static_cast<int>(difference->top.size()));
    for (int row = 0; row < m_elements->rowCount(); ++row) {
        const ElementDifference& element = difference->top[static_cast<std::size_t>(row)];
        QStringList place;
        for (const std::uint64_t coordinate : coordinates(element.index, difference->shape))
            place << countText(coordinate);
        const QStringList texts = {place.join(QStringLiteral(", ")), shortText(element.a), shortText(element.b),
                                   shortText(element.b - element.a)};
        for (int column = 0; column < texts.size(); ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_elements->setItem(row, column, item);
        }
    }
}

void DiffPage::step(int by)
{
    const int rows = m_sorted->rowCount();
    if (rows == 0) return;
    const int now = m_table->currentIndex().row();
    m_table->selectRow(now < 0 ? 0 : (now + by + rows) % rows);
}

} // namespace wb

#include "moc_diffpage.cpp"
