// What differs between two sides: original and patched, or either of them and another checkpoint. Follows the edits while
// it is in front.
#pragma once

#include "core/analysis/diff.h"
#include "widgets/formstate.h"
#include "widgets/jobslot.h"
#include "widgets/pages/page.h"

class QButtonGroup;
class QComboBox;
class QLabel;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;
class QTableWidget;

namespace wb {

class Banner;
class DiffModel;
class ElementFeed;
class ElementMap;
class StateView;
struct Opened;

class DiffPage : public Page, public KeepsState {
    Q_OBJECT
public:
    DiffPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Diff"); }
    // Compares the patched side with the checkpoint at this path.
    void compareWith(const QString& path);
    [[nodiscard]] QString summary() const; // the sentence above the table
    void showMap(bool shown);              // of the differences, instead of the largest ones
    [[nodiscard]] std::any kept() const override;
    void take(const std::any& state) override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    enum Side { Original, Patched, Other, Ask }; // the last one asks for another checkpoint
    struct Kept {
        std::shared_ptr<const Opened> other;
        Side left, right;
    };

    void buildSides(class QBoxLayout& row);
    void buildTable();
    void askForOther();
    void sidesChanged();
    void chooseSides(Side left, Side right); // without asking or comparing
    void refresh();
    void refreshAnew(); // of other sides: what is shown goes at once
    void openOther(const QString& path);
    void setOther(std::shared_ptr<const Opened> other);
    void compare();
    void showReport(const Result<DiffReport>& result);
    void showElements();
    void followSelection();
    [[nodiscard]] int rowOf(const QString& name) const; // in the table as it is sorted; -1 = not there
    [[nodiscard]] QString tableText() const;
    void requestMap();
    void buildMap(class Card& card);
    void step(int by);
    void say(const QString& title, const QString& explanation, const QString& button = {});
    [[nodiscard]] static Side sideOf(const QComboBox* box);
    [[nodiscard]] SourcePtr sourceOf(const QComboBox* box) const;

    JobSlot m_openJob, m_compareJob;
    std::shared_ptr<const Opened> m_other;
    std::shared_ptr<const DiffReport> m_report;
    bool m_stale = true;
    bool m_following = false; // the row is chosen by the page and not by the user: the selection of the window stays
    Side m_shownRight = Patched; // what the right side was before it asked

    QComboBox* m_left;
    QComboBox* m_right;
    QLabel* m_summary;
    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    DiffModel* m_model;
    QSortFilterProxyModel* m_sorted;
    QTableView* m_table;
    QStackedWidget* m_elementViews;
    QButtonGroup* m_viewSwitch;
    ElementMap* m_map;
    ElementFeed* m_feed;
    QLabel* m_mapReading;
    QTableWidget* m_elements;
    QLabel* m_elementsTitle;
};

} // namespace wb
