// The whole model at a glance: what it is, what stands apart, a statistic over depth and as a layer × role map. Numbers
// appear as they are computed; a click goes to the tensor.
#pragma once

#include "widgets/jobslot.h"
#include "widgets/models/overviewdata.h"
#include "widgets/pages/page.h"

#include <QTimer>

class QLabel;
class QMenu;
class QStackedWidget;
class QToolButton;

namespace wb {

class Banner;
class Card;
class PartsBar;
class ProfileChart;
class RoleMap;
class StateView;

class OverviewPage : public Page {
    Q_OBJECT
public:
    OverviewPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Overview"); }
    void setBlinking(bool blinking) override;
    [[nodiscard]] QString sentence() const; // of the banner, for tests

private:
    QWidget* buildContent();
    Card* buildProfileCard();
    Card* buildMapCard();
    void chooseStatistic(const QString& name);
    void chooseRow(std::size_t row);

    void showOpened();
    void showHead();
    void showParts();
    void showWarnings();
    void requestOriginal();
    void requestPatched();
    void requestChange(); // only while the relative change is what the charts show
    void showSoon(); // all numbers, when the window has time for them
    void showNumbers();
    void showSentence(const std::vector<Standout>& standouts);
    void showMap(const std::vector<Standout>& standouts);
    void showProfile();
    void showRowChoice();
    void openCell(std::size_t row, std::size_t layer);
    [[nodiscard]] std::vector<double> profileOf(std::size_t row, bool patched) const;

    OverviewData m_data;
    JobSlot m_originalJob, m_patchedJob, m_changeJob, m_keepJob;
    std::string m_statistic = "std";
    std::size_t m_row = 0;
    bool m_rowChosen = false; // by the user; else the one that stands apart
    bool m_complete = false;  // all tensors of the original are known
    bool m_blinking = false;
    QTimer m_show;

    QStackedWidget* m_stack;
    StateView* m_state;
    QLabel* m_name;
    QLabel* m_facts;
    Banner* m_banner;
    Banner* m_fileBanner;
    ProfileChart* m_profile;
    RoleMap* m_map;
    QLabel* m_mapReading;
    QStackedWidget* m_charts; // or why there are none
    StateView* m_noLayers;
    QToolButton* m_statisticButton;
    QToolButton* m_rowButton;
    QMenu* m_rowMenu;
    Card* m_profileCard;
    PartsBar* m_roles;
    PartsBar* m_types;
};

} // namespace wb
