#include "widgets/candidatestable.h"

#include "widgets/numbertext.h"
#include "widgets/tablecopy.h"
#include "widgets/tokentext.h"

#include <QHeaderView>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace wb {

CandidatesTable::CandidatesTable(const QString& name, const QString& second, QWidget* parent)
    : QTableWidget(0, 4, parent)
{
    constexpr int rowHeight = 22, cellMargins = 8;
    setHorizontalHeaderLabels({tr("■ original"), QStringLiteral("%"), second, QStringLiteral("%")});
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::NoSelection);
    setShowGrid(false);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(rowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const int section : {0, 2})
        horizontalHeader()->setSectionResizeMode(section, QHeaderView::Stretch);
    for (const int section : {1, 3})
        horizontalHeader()->setSectionResizeMode(section, QHeaderView::ResizeToContents);
    const int words = std::max(horizontalHeader()->sectionSizeHint(0), horizontalHeader()->sectionSizeHint(2)); // they share the room equally
    const int share = fontMetrics().horizontalAdvance(QStringLiteral("99.99 %")) + cellMargins;
    setMinimumWidth(2 * (words + share + frameWidth()) + verticalScrollBar()->sizeHint().width());
    setAccessibleName(name);
    installTableCopy(*this);
}

void CandidatesTable::showSides(std::span<const Candidate> a, std::span<const Candidate> b, const Tokenizer& tokenizer, std::optional<TokenId> here)
{
    setColumnHidden(2, b.empty());
    setColumnHidden(3, b.empty());
    setRowCount(static_cast<int>(a.size()));
    for (const auto& [list, column] : {std::pair(a, 0), std::pair(b, 2)})
        for (std::size_t row = 0; row < std::min(list.size(), a.size()); ++row) {
            auto* token = new QTableWidgetItem(tokenText(tokenizer, list[row].id));
            auto* share = new QTableWidgetItem(percentText(std::exp(list[row].logprob)));
            share->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            QFont font = token->font();
            font.setBold(list[row].id == here);
            token->setFont(font);
            setItem(static_cast<int>(row), column, token);
            setItem(static_cast<int>(row), column + 1, share);
        }
}

} // namespace wb

#include "moc_candidatestable.cpp"
