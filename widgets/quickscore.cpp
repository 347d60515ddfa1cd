#include "widgets/quickscore.h"

#include "widgets/document.h"
#include "widgets/numbertext.h"
#include "widgets/runningmodels.h"

#include <mutex>

namespace wb {
namespace {

constexpr int delayMs = 120;
constexpr std::uint64_t stateBytes = std::uint64_t{256} << 20; // of hidden states that are kept
constexpr std::size_t longestWindow = 512;

} // namespace

struct QuickScore::Kept {
    Kept(std::optional<TextSource> given, std::size_t givenLimit)
        : source(std::move(given))
        , limit(givenLimit)
    {
    }
    std::optional<TextSource> source; // none: to be found
    const std::size_t limit;
    std::mutex mutex; // held by the job that measures; a cancelled one lets go within a layer
    std::shared_ptr<const ScoredText> text;
    std::optional<BoundaryStates> states;
};

QuickScore::QuickScore(Document& document, Jobs& jobs, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_jobs(jobs)
    , m_checkJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_job(jobs, JobSlot::Mode::Replace, nullptr)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(delayMs);
    connect(&m_delay, &QTimer::timeout, this, &QuickScore::run);
    connect(&m_document, &Document::opened, this, &QuickScore::showOpened);
    connect(&m_document, &Document::patchedChanged, this, &QuickScore::request);
    showOpened();
}

bool QuickScore::hasEdits() const { return m_document.isOpen() && m_document.hasEdits(); }

void QuickScore::showOpened()
{
    m_checkJob.cancel();
    m_job.cancel();
    m_delay.stop();
    forget();
    m_small = m_wanted = false;
    m_state = State::Nothing;
    m_problem.reset();
    if (m_document.isOpen()) {
        std::uint64_t bytes = 0;
        for (const TensorInfo& tensor : m_document.original()->tensors())
            bytes += tensor.bytes;
        m_small = bytes <= quietBytes;
        m_checkJob.start<bool>( // reads the norms
            tr("Loss of the text"),
            [models = m_document.models()](Progress&) -> Result<bool> {
                if (auto runs = models->check(); !runs) return failure(runs);
                return true;
            },
            [this](const Result<bool>& runs) { adoptCheck(runs); });
    }
    emit changed();
}

void QuickScore::adoptCheck(const Result<bool>& runs)
{
    if (!runs && runs.error().code != ErrorCode::Cancelled)
        m_problem = runs.error();
    else
        m_state = State::Off; // a check that was stopped leaves it to the first measurement
    emit changed();
    request();
    if (m_state != State::Nothing) emit ready();
}

void QuickScore::forget()
{
    m_kept.reset();
    m_text.reset();
    m_comparison.reset();
}

void QuickScore::setText(TextSource text)
{
    m_source = std::move(text);
    forget();
    turnOn();
}

PerplexityOptions QuickScore::options(const Tokenizer& tokenizer, const ModelConfig& config)
{
    PerplexityOptions options;
    options.window = config.maxPositions == 0 ? longestWindow : std::min<std::size_t>(longestWindow, config.maxPositions);
    options.stride = options.window;
    options.precision = Precision::Stored;
    options.bos = tokenizer.special().bos;
    return options;
}

void QuickScore::setLimit(std::size_t tokens)
{
    if (std::exchange(m_limit, tokens) == tokens) return;
    forget();
    request();
}

void QuickScore::turnOn()
{
    if (m_state == State::Nothing) return;
    m_wanted = true;
    request();
}

void QuickScore::stop()
{
    if (m_state == State::Nothing) return;
    m_delay.stop();
    if (m_job.busy()) m_jobs.cancel(m_job.job());
    m_wanted = false;
    m_state = State::Off;
    emit changed();
}

void QuickScore::request()
{
    if (m_state == State::Nothing || !(m_wanted || (m_small && hasEdits()))) return;
    m_job.cancel();
    m_state = State::Computing;
    m_delay.start();
    emit changed();
}

void QuickScore::run()
{
    if (!m_kept) m_kept = std::make_shared<Kept>(m_source, m_limit);
    const SourcePtr original = m_document.original(), patched = m_document.hasEdits() ? m_document.edited() : original;
    m_job.start<Scored>(
        tr("Loss of the text"),
        [models = m_document.models(), original, patched, kept = m_kept](Progress& progress) { return measure(models, original, patched, kept, progress); },
        [this](const Result<Scored>& result) { adopt(result); });
}

Result<QuickScore::Scored> QuickScore::measure(const std::shared_ptr<RunningModels>& models, const SourcePtr& original, const SourcePtr& patched,
                                               const std::shared_ptr<Kept>& kept, Progress& progress)
{
    auto base = models->load(original, progress);
    if (!base) return failure(base);
    auto other = models->load(patched, progress);
    if (!other) return failure(other);
    const std::lock_guard lock(kept->mutex);
    if (!kept->text) {
        auto tokenizer = models->tokenizer();
        if (!tokenizer) return failure(tokenizer);
        if (!kept->source) kept->source = textBeside(models->checkpoint()->root()).value_or(builtInText());
        auto content = readTextSource(*kept->source);
        if (!content) return failure(content);
        auto encoded = (*tokenizer)->encode(*content, false);
        if (!encoded) return failure(encoded);
        auto text = std::make_shared<ScoredText>(ScoredText{*kept->source, std::move(encoded->ids), 0, *tokenizer});
        text->all = text->ids.size();
        text->ids.resize(std::min(text->ids.size(), kept->limit));
        kept->text = std::move(text);
    }
    if (!kept->states)
        kept->states.emplace(*base, Precision::Stored, BoundaryStates::layersFor((*base)->config(), kept->text->ids.size() + 1, stateBytes), stateBytes);
    PerplexityOptions reading = options(*kept->text->tokenizer, (*base)->config());
    reading.boundary = &*kept->states;
    auto comparison = compareOnText(**base, **other, kept->text->ids, reading, progress);
    if (!comparison) return failure(comparison);
    return Scored{kept->text, std::make_shared<const TextComparison>(std::move(*comparison))};
}

void QuickScore::adopt(const Result<Scored>& result)
{
    if (!result && result.error().code == ErrorCode::Cancelled) return stop();
    m_problem.reset();
    if (result) {
        m_text = result->text;
        m_comparison = result->comparison;
        m_state = State::Ready;
    } else {
        m_problem = result.error();
        m_state = State::Failed;
    }
    emit changed();
}

QString QuickScore::line() const
{
    if (!m_comparison) return {};
    if (!hasEdits()) return tr("loss %1").arg(shortText(m_comparison->a.nllMean));
    const QString sign = m_comparison->deltaMean > 0 ? QStringLiteral("+") : QString();
    return tr("Δ loss %1 ± %2").arg(sign + shortText(m_comparison->deltaMean), shortText(m_comparison->deltaError));
}

} // namespace wb
