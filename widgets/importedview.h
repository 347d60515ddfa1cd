// Results of other programs in the paired comparison: two files, or a file and a score of the Evaluate page. The verdict in words,
// the items as either side has them.
#pragma once

#include "core/eval/importresults.h"
#include "widgets/jobslot.h"

#include <QWidget>

#include <array>
#include <functional>
#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QTableWidget;

namespace wb {

class Banner;

// What the page has scored itself, for a side; reports may be null.
struct ScoredHere {
    std::shared_ptr<const Task> task;
    EvaluateOptions options;
    std::shared_ptr<const EvaluationReport> original, patched;
};

class ImportedView : public QWidget {
    Q_OBJECT
public:
    ImportedView(Jobs& jobs, QWidget* parent);

    void setScored(std::function<ScoredHere()> scored) { m_scored = std::move(scored); }
    void setFile(int side, const QString& path); // 0 or 1; compares when both are there
    void setScoredSide(int side, bool patched);
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] QString caution() const;

private:
    enum Choice { None, Original, Patched, OtherFile, File };
    struct Compared {
        ImportedResults a, b;
        MatchedResults matched;
        PairedComparison paired;
    };
    void buildSide(int side, class QHBoxLayout& row);
    void choose(int side, int index);
    void compare();
    void show(const Compared& compared);

    JobSlot m_job;
    std::function<ScoredHere()> m_scored;
    std::array<QComboBox*, 2> m_sides{};
    Banner* m_banner;
    QLineEdit* m_metric;
    QLineEdit* m_filter;
    QLabel* m_verdict;
    QLabel* m_caution;
    QTableWidget* m_table;
};

} // namespace wb
