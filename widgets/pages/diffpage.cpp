#include "widgets/pages/diffpage.h"

#include "core/analysis/elements.h"
#include "core/analysis/pairing.h"
#include "core/analysis/statistics.h"
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
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
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

void DiffPage::sidesChanged()
{
    if (m_right->currentIndex() == Other && !m_other)
        askForOther();
    else
        refresh();
}

void DiffPage::askForOther()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Checkpoint to compare with"));
    if (!path.isEmpty())
        openOther(path);
    else if (!m_other)
        m_right->setCurrentIndex(Patched);
    refresh();
}

void DiffPage::compareWith(const QString& path)
{
    m_left->setCurrentIndex(Patched);
    openOther(path);
}

void DiffPage::openOther(const QString& path)
{
    m_openJob.start<std::shared_ptr<const Opened>>(
        tr("Opening %1").arg(path),
        [file = std::filesystem::path(QFile::encodeName(path).toStdString())](Progress&) { return openForWindow(file); },
        [this](Result<std::shared_ptr<const Opened>> result) {
            if (!result) {
                m_banner->sayError(result.error());
                m_right->setCurrentIndex(m_other ? Other : Patched);
                return;
            }
            setOther(std::move(*result));
            m_right->setCurrentIndex(Other);
            refresh();
        });
}

void DiffPage::setOther(std::shared_ptr<const Opened> other)
{
    m_other = std::move(other);
    m_right->setItemText(Other, fromUtf8(m_other->identity.name));
}

std::any DiffPage::kept() const { return Kept{m_other, m_left->currentIndex(), m_right->currentIndex()}; }

void DiffPage::take(const std::any& state)
{
    const auto kept = std::any_cast<Kept>(state);
    if (kept.other) setOther(kept.other);
    m_left->setCurrentIndex(kept.left);
    m_right->setCurrentIndex(kept.right);
    refresh();
}

SourcePtr DiffPage::sourceOf(const QComboBox* box) const
{
    switch (box->currentIndex()) {
    case Original: return m_document.original();
    case Patched: return m_document.patched();
    default: return m_other ? m_other->checkpoint : nullptr;
    }
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
    if (left == right || (nothingStaged && m_right->currentIndex() != Other)) {
        m_compareJob.cancel();
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
    const QString selected = m_table->currentIndex().data(DiffModel::nameRole).toString();
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
    for (int row = 0; row < m_sorted->rowCount(); ++row)
        if (m_sorted->index(row, 0).data(DiffModel::nameRole).toString() == selected) return m_table->selectRow(row);
    m_table->selectRow(0);
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
    if (const auto tensor = m_document.original()->find(difference->name)) m_selection.select(*tensor);
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
