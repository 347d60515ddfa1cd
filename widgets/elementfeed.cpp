#include "widgets/elementfeed.h"

#include "widgets/charts/elementmap.h"

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::uint64_t fewElements = std::uint64_t{1} << 20;   // read as a whole while the user looks on
constexpr std::size_t cacheBytes = std::size_t{256} << 20;      // of sums, of tensors shown lately
constexpr std::size_t pictureRows = 256, pictureCols = 768;     // about the shape of every map, whatever its size
constexpr int restMs = 200;

struct Request {
    ElementFeed::Side original;
    std::optional<ElementFeed::Side> patched;
    MatrixWindow window;
    std::size_t rows, cols; // of the picture
    Standing standing;
};

Result<ElementBlock> readSide(const ElementFeed::Side& side, const Request& request, Progress& progress)
{
    const auto elements = side.open();
    return elements ? readElements(*elements, request.window, request.rows, request.cols, request.standing, progress) : failure(elements);
}

Result<ElementFeed::Blocks> readBlocks(const Request& request, Progress& progress)
{
    auto original = readSide(request.original, request, progress);
    if (!original) return failure(original);
    ElementFeed::Blocks blocks{std::move(*original), std::nullopt};
    if (!request.patched) return blocks;
    auto patched = readSide(*request.patched, request, progress);
    if (!patched) return failure(patched);
    blocks.patched = std::move(*patched);
    return blocks;
}

std::size_t pixels(int extent) { return static_cast<std::size_t>(std::max(extent, 1)); }

} // namespace

ElementFeed::ElementFeed(ElementMap& map, Jobs& jobs, QObject* parent)
    : QObject(parent)
    , m_map(map)
    , m_jobs(jobs)
    , m_cache(std::make_shared<Cache>(cacheBytes, 2))
    , m_windowJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_sharpJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_pyramidJob(jobs, JobSlot::Mode::Replace, nullptr)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    connect(&m_rest, &QTimer::timeout, this, &ElementFeed::buildPyramids);
    connect(&m_map, &ElementMap::windowRequested, this, &ElementFeed::update);
}

ElementFeed::~ElementFeed() = default;

void ElementFeed::show(Content content)
{
    const auto keyOf = [](const std::optional<Side>& side) { return side ? side->key : std::string(); };
    const bool same = m_content && m_content->original.key == content.original.key && keyOf(m_content->patched) == keyOf(content.patched);
    m_content = std::move(content);
    if (!same) {
        m_pyramidJob.cancel();
        m_pyramids.reset();
        m_sumLimit.reset();
        m_map.setOverview({}, std::nullopt);
    }
    if (m_content->moving)
        m_rest.stop();
    else if (!m_pyramids && !m_pyramidJob.busy())
        m_rest.start();
    update();
}

void ElementFeed::clear()
{
    for (JobSlot* slot : {&m_windowJob, &m_sharpJob, &m_pyramidJob})
        slot->cancel();
    m_rest.stop();
    m_content.reset();
    m_pyramids.reset();
    m_sumLimit.reset();
    m_exact = false;
    m_map.clear();
}

void ElementFeed::setStanding(Standing standing)
{
    m_standing = standing;
    m_sumLimit.reset();
    if (m_pyramids) showOverview();
    update();
}

// What can be shown at once, and then what is better.
void ElementFeed::update()
{
    m_sharpJob.cancel();
    const MatrixWindow& window = m_map.window();
    if (!m_content || window.rows == 0 || window.cols == 0) return;
    if (window.rows * window.cols <= fewElements)
        readWindow(m_standing, m_windowJob, true);
    else if (m_pyramids)
        drawPyramids();
    else
        readWindow(Standing::First, m_windowJob, false);
}

void ElementFeed::readWindow(Standing standing, JobSlot& slot, bool exact)
{
    const QSize size = m_map.capacity(m_content->patched.has_value());
    const Request request{m_content->original, m_content->patched, m_map.window(), pixels(size.height()), pixels(size.width()), standing};
    slot.start<Blocks>(
        tr("Elements of %1").arg(m_content->title), [request](Progress& progress) { return readBlocks(request, progress); },
        [this, exact](Result<Blocks> result) { take(std::move(result), exact); });
}

void ElementFeed::drawPyramids()
{
    const MatrixWindow window = m_map.window();
    const QSize size = m_map.capacity(m_content->patched.has_value());
    const std::size_t rows = pixels(size.height()), cols = pixels(size.width());
    const bool sharp = m_pyramids->original->isSharp(window, rows, cols);
    m_windowJob.start<Blocks>(
        tr("Elements of %1").arg(m_content->title),
        [pyramids = *m_pyramids, window, rows, cols, standing = m_standing](Progress&) -> Result<Blocks> {
            Blocks blocks{pyramids.original->view(window, rows, cols, standing), std::nullopt};
            if (pyramids.patched) blocks.patched = pyramids.patched->view(window, rows, cols, standing);
            return blocks;
        },
        [this, window, sharp](Result<Blocks> result) {
            take(std::move(result), true);
            if (!sharp && m_content && m_map.window() == window) readWindow(m_standing, m_sharpJob, true);
        });
}

void ElementFeed::buildPyramids()
{
    const MatrixWindow& window = m_map.window();
    if (!m_content || window.rows == 0 || window.cols == 0 || m_map.matrix().rows * m_map.matrix().cols <= fewElements) return;
    const auto build = [cache = m_cache](const Side& side, Progress& progress) -> Result<PyramidPtr> {
        return cache->get(
            side.key,
            [&]() -> Result<PyramidPtr> {
                const auto elements = side.open();
                return elements ? ElementPyramid::build(*elements, pictureRows, pictureCols, progress) : failure(elements);
            },
            [](const ElementPyramid& pyramid) { return pyramid.bytes(); });
    };
    m_pyramidJob.start<Pyramids>(
        tr("All elements of %1").arg(m_content->title),
        [build, original = m_content->original, patched = m_content->patched](Progress& progress) -> Result<Pyramids> {
            auto first = build(original, progress);
            if (!first) return failure(first);
            if (!patched) return Pyramids{*first, nullptr};
            auto second = build(*patched, progress);
            if (!second) return failure(second);
            return Pyramids{*first, *second};
        },
        [this](Result<Pyramids> result) {
            if (!result) {
                if (result.error().code != ErrorCode::Cancelled) emit failed(result.error());
                emit changed();
                return;
            }
            m_pyramids = std::move(*result);
            showOverview();
            update();
        });
}

void ElementFeed::take(Result<Blocks> blocks, bool exact)
{
    if (!blocks) {
        if (blocks.error().code != ErrorCode::Cancelled) emit failed(blocks.error());
        return;
    }
    if (!m_content) return;
    m_exact = exact || blocks->original.isComplete();
    const double limit = limitOf(blocks->original);
    m_map.setBlocks(std::move(blocks->original), std::move(blocks->patched), limit);
    emit changed();
}

// Where the sharp picture does not reach while the user zooms out or drags.
void ElementFeed::showOverview()
{
    const MatrixWindow all{0, m_map.matrix().rows, 0, m_map.matrix().cols};
    const auto view = [&](const ElementPyramid& pyramid) { return pyramid.view(all, pictureRows, pictureCols, m_standing); };
    ElementBlock original = view(*m_pyramids->original);
    m_sumLimit = limitOf(original);
    m_map.setOverview(std::move(original), m_pyramids->patched ? std::optional(view(*m_pyramids->patched)) : std::nullopt);
}

// Means are far smaller than elements, and the largest of many far larger than most: full colour where 1 % of what is shown
// is larger.
double ElementFeed::limitOf(const ElementBlock& block) const
{
    if (block.standing == Standing::First) return m_content->limit;
    if (m_sumLimit) return *m_sumLimit;
    std::vector<double> sizes;
    for (const double value : block.values)
        if (std::isfinite(value)) sizes.push_back(std::abs(value));
    if (sizes.empty()) return m_content->limit;
    const auto at = sizes.begin() + static_cast<std::ptrdiff_t>((sizes.size() - 1) * 99 / 100);
    std::ranges::nth_element(sizes, at);
    return *at > 0 ? *at : m_content->limit;
}

QString ElementFeed::text() const
{
    const QString sampling = m_map.samplingText();
    if (sampling.isEmpty() || m_exact) return sampling;
    return m_pyramidJob.busy() || m_rest.isActive() ? tr("a sample while all are read: %1").arg(sampling) : tr("a sample: %1").arg(sampling);
}

} // namespace wb

#include "moc_elementfeed.cpp"
