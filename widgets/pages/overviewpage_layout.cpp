// How the overview is put together; what it does is in overviewpage.cpp.
#include "widgets/banner.h"
#include "widgets/charts/partsbar.h"
#include "widgets/charts/profilechart.h"
#include "widgets/charts/rolemap.h"
#include "widgets/pages/overviewpage.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"

#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace wb {

OverviewPage::OverviewPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_originalJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_patchedJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_changeJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_keepJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    m_state->say(tr("Nothing is open"), tr("Open a checkpoint to see it as a whole."));
    m_stack->addWidget(m_state);
    m_stack->addWidget(buildContent());
    m_show.setSingleShot(true);
    connect(&m_show, &QTimer::timeout, this, &OverviewPage::showNumbers);
    connect(&m_document, &Document::opened, this, &OverviewPage::showOpened);
    connect(&m_document, &Document::patchedChanged, this, &OverviewPage::requestPatched);
    for (Banner* banner : {m_banner, m_fileBanner})
        connect(banner, &Banner::linkActivated, this, [this](const QString& link) { m_selection.open(link.toULongLong()); });
    showOpened();
}

QWidget* OverviewPage::buildContent()
{
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 12, 0, 0);
    column->setSpacing(12);
    auto* head = new QHBoxLayout;
    head->setSpacing(16);
    m_name = new QLabel(content);
    m_name->setProperty("title", true);
    m_facts = shrinkingLabel(content);
    head->addWidget(m_name);
    head->addWidget(m_facts, 1);
    column->addLayout(head);
    m_banner = new Banner(content);
    m_fileBanner = new Banner(content);
    column->addWidget(m_banner);
    column->addWidget(m_fileBanner);

    m_charts = new QStackedWidget(content);
    auto* pair = new QWidget(m_charts);
    auto* row = new QHBoxLayout(pair);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(buildProfileCard(), 1);
    row->addWidget(buildMapCard(), 1);
    m_charts->addWidget(pair);
    m_noLayers = new StateView(m_charts);
    m_noLayers->say(tr("No depth to look along"), tr("Fewer than two layers can be told from the names of these tensors. Choose "
                                                     "a tensor in the tree at the left."));
    m_charts->addWidget(m_noLayers);
    column->addWidget(m_charts, 1);

    auto* parts = new QHBoxLayout;
    parts->setSpacing(12);
    auto* roles = new Card(tr("Parameters by role"), content);
    m_roles = new PartsBar(roles);
    roles->body()->addWidget(m_roles);
    auto* types = new Card(tr("Stored as"), content);
    m_types = new PartsBar(types);
    types->body()->addWidget(m_types);
    parts->addWidget(roles, 1);
    parts->addWidget(types, 1);
    column->addLayout(parts);
    return content;
}

Card* OverviewPage::buildProfileCard()
{
    m_profileCard = new Card(tr("Over depth"), this);
    m_rowButton = flatButton({}, m_profileCard);
    m_rowButton->setPopupMode(QToolButton::InstantPopup);
    m_rowButton->setToolTip(tr("Which role is drawn strong"));
    m_rowMenu = new QMenu(m_rowButton);
    m_rowButton->setMenu(m_rowMenu);
    auto* log = flatButton(tr("log"), m_profileCard);
    log->setCheckable(true);
    log->setChecked(true);
    log->setToolTip(tr("Logarithmic values"));
    m_profileCard->head()->addWidget(m_rowButton);
    m_profileCard->head()->addWidget(log);
    m_profile = new ProfileChart(m_profileCard);
    m_profile->setMinimumHeight(200);
    m_profileCard->body()->addWidget(m_profile, 1);
    connect(log, &QToolButton::toggled, m_profile, &ProfileChart::setLogarithmic);
    connect(m_profile, &ProfileChart::layerClicked, this, [this](std::size_t layer) { openCell(m_row, layer); });
    return m_profileCard;
}

Card* OverviewPage::buildMapCard()
{
    auto* card = new Card(tr("Layer × role"), this);
    m_mapReading = captionLabel({}, card);
    card->head()->addWidget(m_mapReading);
    m_statisticButton = flatButton({}, card);
    m_statisticButton->setPopupMode(QToolButton::InstantPopup);
    m_statisticButton->setToolTip(tr("Which statistic both charts show"));
    auto* menu = new QMenu(m_statisticButton);
    for (const std::string& name : statisticNames()) {
        const QString text = QString::fromStdString(name);
        menu->addAction(text, this, [this, text] { chooseStatistic(text); });
    }
    menu->addSeparator();
    const QString change = QString::fromLatin1(OverviewData::relativeChange);
    menu->addAction(change, this, [this, change] { chooseStatistic(change); })
        ->setToolTip(tr("Norm of what the edits change over the norm of the original"));
    menu->setToolTipsVisible(true);
    m_statisticButton->setMenu(menu);
    card->head()->addWidget(m_statisticButton);
    m_map = new RoleMap(card);
    card->body()->addWidget(m_map, 1);
    connect(m_map, &RoleMap::clicked, &m_selection, &Selection::open);
    connect(m_map, &RoleMap::hovered, m_mapReading, &QLabel::setText);
    m_statisticButton->setText(QString::fromStdString(m_statistic) + QStringLiteral(" ▾"));
    return card;
}

void OverviewPage::chooseStatistic(const QString& name)
{
    m_statistic = name.toStdString();
    m_statisticButton->setText(name + QStringLiteral(" ▾"));
    showNumbers();
    requestChange();
}

void OverviewPage::chooseRow(std::size_t row)
{
    m_row = row;
    m_rowChosen = true;
    showRowChoice();
    showProfile();
}

void OverviewPage::showRowChoice()
{
    const auto& rows = m_data.rows();
    if (rows.empty()) return;
    m_profileCard->setHeading(tr("%1 over depth").arg(QString::fromStdString(m_statistic)));
    m_rowButton->setText(rows[m_row].name + QStringLiteral(" ▾"));
    if (m_rowMenu->actions().size() == static_cast<qsizetype>(rows.size()) && m_rowMenu->actions().back()->text() == rows.back().name)
        return; // the same roles as before
    m_rowMenu->clear();
    for (std::size_t row = 0; row < rows.size(); ++row)
        m_rowMenu->addAction(rows[row].name, this, [this, row] { chooseRow(row); });
}

} // namespace wb
