// What an element map is given to draw. A window of few elements is read as a whole. Of a large one a sample comes at once,
// and all elements are summed up in the background (elementpyramid.h); from then on every zoom is drawn from that sum within
// milliseconds and, where the window wants smaller cells, made sharp by reading all that is in it.
#pragma once

#include "core/analysis/elementpyramid.h"
#include "core/base/onceper.h"
#include "widgets/jobslot.h"

#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace wb {

class ElementMap;

class ElementFeed : public QObject {
    Q_OBJECT
public:
    // `key` names the numbers: what has the same key is summed up once. `open` runs in a job.
    struct Side {
        std::string key;
        std::function<Result<ElementReader>()> open;
    };
    struct Content {
        QString title;               // of jobs
        Side original;
        std::optional<Side> patched; // beside it
        double limit = 1;            // the value with full colour where single elements are shown
        bool moving = false;         // an edit that is not at rest: samples are enough
    };
    struct Blocks {
        ElementBlock original;
        std::optional<ElementBlock> patched;
    };

    ElementFeed(ElementMap& map, Jobs& jobs, QObject* parent);
    ~ElementFeed() override;

    void show(Content content);
    void clear();
    void setStanding(Standing standing); // Largest or Mean
    [[nodiscard]] QString text() const;  // what a point of the picture is
    [[nodiscard]] bool isExact() const { return m_exact; } // every element of the window has been looked at

signals:
    void changed();
    void failed(const wb::Error& error);

private:
    using PyramidPtr = std::shared_ptr<const ElementPyramid>;
    struct Pyramids {
        PyramidPtr original, patched;
    };
    using Cache = OncePer<ElementPyramid>;

    void update();
    void readWindow(Standing standing, JobSlot& slot, bool exact);
    void drawPyramids();
    void buildPyramids();
    void take(Result<Blocks> blocks, bool exact);
    void showOverview();
    [[nodiscard]] double limitOf(const ElementBlock& block) const;

    ElementMap& m_map;
    Jobs& m_jobs;
    std::optional<Content> m_content;
    Standing m_standing = Standing::Largest;
    std::shared_ptr<Cache> m_cache;
    std::optional<Pyramids> m_pyramids; // of the content
    std::optional<double> m_sumLimit; // of the colours of summed up cells
    bool m_exact = false;
    JobSlot m_windowJob, m_sharpJob, m_pyramidJob;
    QTimer m_rest; // the content has stopped changing
};

} // namespace wb
