#include "widgets/candidatescard.h"

#include "widgets/numbertext.h"
#include "widgets/style.h"
#include "widgets/tokentext.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace wb {
namespace {

constexpr int cardWidth = 250, rowHeight = 20;

QString spelling(const Tokenizer* tokenizer, std::uint32_t id)
{
    return tokenizer != nullptr ? tokenText(*tokenizer, id) : QString::number(id);
}

QTableWidgetItem* cell(const QString& text, Qt::Alignment alignment, bool chosen)
{
    auto* item = new QTableWidgetItem(text);
    item->setTextAlignment(alignment | Qt::AlignVCenter);
    QFont font = item->font();
    font.setBold(chosen);
    item->setFont(font);
    return item;
}

} // namespace

CandidatesCard::CandidatesCard(QWidget* parent)
    : QFrame(parent)
    , m_title(headingLabel({}, this))
    , m_table(new QTableWidget(0, 3, this))
    , m_note(captionLabel({}, this))
{
    setProperty("card", true);
    setAutoFillBackground(true);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(4);
    column->addWidget(m_title);
    m_table->horizontalHeader()->hide();
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_table);
    column->addWidget(m_note);
    setFixedWidth(cardWidth);
    hide();
}

void CandidatesCard::show(const GeneratedToken& token, const Tokenizer* tokenizer, const QRect& at)
{
    const Sampled& sampled = token.sampled;
    m_title->setText(tr("Candidates of “%1”").arg(spelling(tokenizer, sampled.chosen.id)));
    std::vector<Candidate> shown = sampled.candidates;
    const bool listed = std::ranges::any_of(shown, [&](const Candidate& c) { return c.id == sampled.chosen.id; });
    if (!listed) shown.push_back(sampled.chosen);
    m_table->setRowCount(static_cast<int>(shown.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const Candidate& candidate = shown[static_cast<std::size_t>(row)];
        const bool chosen = candidate.id == sampled.chosen.id;
        m_table->setItem(row, 0, cell(spelling(tokenizer, candidate.id), Qt::AlignLeft, chosen));
        m_table->setItem(row, 1, cell(percentText(std::exp(candidate.logprob)), Qt::AlignRight, chosen));
        m_table->setItem(row, 2, cell(shortText(candidate.logprob), Qt::AlignRight, chosen));
    }
    m_table->setFixedHeight(rowHeight * m_table->rowCount() + 2);
    QString note = tr("probability, ln p · entropy %1 nats").arg(shortText(sampled.entropy));
    if (sampled.temperature > 0) note += QStringLiteral(" · ") + tr("temperature %1").arg(shortText(sampled.temperature));
    m_note->setText(note);
    place(at);
}

QString CandidatesCard::text() const
{
    QString out = m_title->text();
    for (int row = 0; row < m_table->rowCount(); ++row)
        out += QStringLiteral("\n%1\t%2").arg(m_table->item(row, 0)->text(), m_table->item(row, 1)->text());
    return out + QLatin1Char('\n') + m_note->text();
}

void CandidatesCard::place(const QRect& at)
{
    adjustSize();
    const QRect room = parentWidget()->rect().adjusted(4, 4, -4, -4);
    QPoint corner(at.left(), at.bottom() + 6);
    if (corner.y() + height() > room.bottom()) corner.setY(at.top() - 6 - height());
    corner.setX(std::clamp(corner.x(), room.left(), std::max(room.left(), room.right() - width())));
    corner.setY(std::max(corner.y(), room.top()));
    move(corner);
    QFrame::show();
    raise();
}

} // namespace wb
