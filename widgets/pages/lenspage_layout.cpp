// What the Lens page looks like; what it does is in lenspage.cpp.
#include "widgets/pages/lenspage.h"

#include "widgets/candidatestable.h"
#include "widgets/charts/layerchart.h"
#include "widgets/charts/tokenmap.h"
#include "widgets/style.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

namespace wb {

LensPage::LensPage(Document& document, Jobs& jobs, Selection& selection)
    : ReadingPage(document, jobs, selection, tr("Open a checkpoint to read its stream, layer by layer, through its own head."), 48, 1024)
{
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    auto* card = new Card(tr("What the head would say"), splitter);
    m_what = new QComboBox(card);
    m_what->setAccessibleName(tr("Side"));
    connect(m_what, &QComboBox::activated, this, &LensPage::showMap);
    card->head()->addWidget(m_what);
    m_color = new QComboBox(card);
    m_color->addItems({tr("likeliest token"), tr("token that follows")});
    m_color->setToolTip(tr("Whose probability the colour shows"));
    m_color->setAccessibleName(tr("Colour"));
    connect(m_color, &QComboBox::activated, this, &LensPage::showMap);
    card->head()->addWidget(m_color);
    m_raw = new QCheckBox(tr("raw"), card);
    m_raw->setToolTip(tr("The head on the states as they are, without the final norm, as LLM-Microscope shows it"));
    connect(m_raw, &QCheckBox::toggled, this, [this] {
        if (m_result.a) start();
    });
    card->head()->addWidget(m_raw);
    m_map = new TokenMap(tr("Logit lens"), QStringLiteral("lens"), tr("Choose a text and press Measure"), card);
    connect(m_map, &TokenMap::chosen, this, &LensPage::choose);
    card->body()->addWidget(m_map, 1);
    m_caption = captionLabel({}, card);
    m_caption->setWordWrap(true);
    card->body()->addWidget(m_caption);
    splitter->addWidget(card);
    splitter->addWidget(buildLower(splitter));
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    column().addWidget(splitter, 1);
    showOpened();
}

// Candidates of a cell; what follows, layer by layer.
QWidget* LensPage::buildLower(QWidget* parent)
{
    auto* lower = new QSplitter(Qt::Horizontal, parent);
    lower->setChildrenCollapsible(false);
    auto* below = new Card(tr("Candidates"), lower);
    m_facts = captionLabel({}, below);
    m_facts->setWordWrap(true);
    below->body()->addWidget(m_facts);
    m_table = new CandidatesTable(tr("Candidates"), tr("□ compared"), below);
    below->body()->addWidget(m_table, 1);
    auto* profile = new Card(tr("What follows, by layer"), lower);
    m_profile = new LayerChart(tr("Mean log-probability of the token that follows"), QStringLiteral("lens-by-layer"), tr("Once a text is measured"), profile);
    connect(m_profile, &LayerChart::chosen, this, [this](int row) { choose(row + 1, m_cell ? m_cell->second : 0); });
    profile->body()->addWidget(m_profile, 1);
    m_profileCaption = captionLabel({}, profile);
    m_profileCaption->setWordWrap(true);
    profile->body()->addWidget(m_profileCaption);
    lower->addWidget(below);
    lower->addWidget(profile);
    lower->setSizes({1, 1 << 20}); // the table is as wide as it must be, the chart takes the rest
    lower->setStretchFactor(0, 0);
    lower->setStretchFactor(1, 1);
    return lower;
}

} // namespace wb
