#include "widgets/samplingform.h"

#include "widgets/numbertext.h"
#include "widgets/style.h"

#include <nlohmann/json.hpp>

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

#include <limits>

namespace wb {
namespace {

constexpr std::size_t candidates = 8;

double numberOf(const Json& object, const char* key, double otherwise)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<double>() : otherwise;
}

} // namespace

QString samplingText(const SamplingOptions& options)
{
    const auto step = [](const QString& name, double value) { return QStringLiteral("%1 %2").arg(name, exactText(value)); };
    QStringList steps;
    if (options.repetitionPenalty != 1) steps << step(wb::SamplingForm::tr("repetition penalty"), options.repetitionPenalty);
    if (options.temperature == 0) {
        steps << wb::SamplingForm::tr("greedy");
        return steps.join(QStringLiteral(" → "));
    }
    steps << step(wb::SamplingForm::tr("temperature"), options.temperature);
    if (options.topK != 0) steps << step(QStringLiteral("top-k"), options.topK);
    if (options.topP < 1) steps << step(QStringLiteral("top-p"), options.topP);
    if (options.minP > 0) steps << step(QStringLiteral("min-p"), options.minP);
    steps << wb::SamplingForm::tr("seed %1").arg(options.seed);
    return steps.join(QStringLiteral(" → "));
}

SamplingForm::SamplingForm(QWidget* parent)
    : QWidget(parent)
    , m_mode(new QComboBox(this))
    , m_tokens(new QSpinBox(this))
    , m_seed(new QSpinBox(this))
    , m_ignoreEnd(new QCheckBox(tr("past the end token"), this))
    , m_filters(new QWidget(this))
    , m_chain(captionLabel({}, this))
    , m_suggestion(flatButton({}, this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* first = new QHBoxLayout;
    first->setSpacing(8);
    m_mode->addItems({tr("greedy"), tr("sampling")});
    m_mode->setToolTip(tr("Greedy takes the most likely token; sampling draws one by its seed"));
    m_tokens->setRange(1, 100'000);
    m_tokens->setValue(64);
    m_tokens->setSuffix(tr(" tokens"));
    m_tokens->setToolTip(tr("New tokens at most"));
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setPrefix(tr("seed "));
    m_ignoreEnd->setToolTip(tr("Go on after the tokens that end a text"));
    for (QWidget* widget : {static_cast<QWidget*>(m_mode), static_cast<QWidget*>(m_tokens), static_cast<QWidget*>(m_seed), static_cast<QWidget*>(m_ignoreEnd)})
        first->addWidget(widget);
    first->addStretch(1);
    first->addWidget(m_suggestion);
    column->addLayout(first);
    auto* row = new QHBoxLayout(m_filters);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_penalty = number(tr("repetition penalty"), 0.1, 10, 0.05, 1, tr("1: none. Logits of tokens seen before are divided by it, negative ones multiplied"));
    m_temperature = number(tr("temperature"), 0.01, 10, 0.1, 1, tr("Logits are divided by it"));
    m_topK = new QSpinBox(m_filters);
    m_topK->setRange(0, 1'000'000);
    m_topK->setPrefix(tr("top-k "));
    m_topK->setSpecialValueText(tr("top-k off"));
    m_topK->setToolTip(tr("Keep the k most likely tokens"));
    row->addWidget(m_topK);
    m_topP = number(tr("top-p"), 0.001, 1, 0.05, 1, tr("Keep the fewest tokens whose probabilities reach p; 1: all"));
    m_minP = number(tr("min-p"), 0, 1, 0.01, 0, tr("Keep tokens with at least this share of the largest probability; 0: all"));
    row->addStretch(1);
    column->addWidget(m_filters);
    column->addWidget(m_chain);
    m_suggestion->hide();
    for (QAbstractSpinBox* box : findChildren<QAbstractSpinBox*>())
        box->setButtonSymbols(QAbstractSpinBox::NoButtons); // wheel, arrows and typing; buttons would crowd the row
    connect(m_suggestion, &QToolButton::clicked, this, &SamplingForm::useSuggestion);
    connect(m_mode, &QComboBox::currentIndexChanged, this, &SamplingForm::showChain);
    for (QSpinBox* box : {m_tokens, m_seed, m_topK})
        connect(box, &QSpinBox::valueChanged, this, &SamplingForm::showChain);
    connect(m_ignoreEnd, &QCheckBox::toggled, this, &SamplingForm::showChain);
    showChain();
}

QDoubleSpinBox* SamplingForm::number(const QString& name, double least, double most, double step, double value, const QString& hint)
{
    auto* box = new QDoubleSpinBox(m_filters);
    box->setRange(least, most);
    box->setDecimals(3);
    box->setSingleStep(step);
    box->setValue(value);
    box->setPrefix(name + QLatin1Char(' '));
    box->setToolTip(hint);
    m_filters->layout()->addWidget(box);
    connect(box, &QDoubleSpinBox::valueChanged, this, &SamplingForm::showChain);
    return box;
}

GenerateOptions SamplingForm::options() const
{
    GenerateOptions out;
    SamplingOptions& sampling = out.sampling;
    if (m_mode->currentIndex() == 0) {
        sampling.temperature = 0;
    } else {
        sampling.temperature = m_temperature->value();
        sampling.topK = static_cast<std::uint32_t>(m_topK->value());
        sampling.topP = m_topP->value();
        sampling.minP = m_minP->value();
        sampling.repetitionPenalty = m_penalty->value();
        sampling.seed = static_cast<std::uint64_t>(m_seed->value());
    }
    out.maxTokens = static_cast<std::size_t>(m_tokens->value());
    out.candidates = candidates;
    if (!m_ignoreEnd->isChecked()) out.endTokens = m_endTokens;
    return out;
}

void SamplingForm::setOptions(const GenerateOptions& options)
{
    const SamplingOptions& sampling = options.sampling;
    m_mode->setCurrentIndex(sampling.temperature == 0 ? 0 : 1);
    if (sampling.temperature != 0) m_temperature->setValue(sampling.temperature);
    m_topK->setValue(static_cast<int>(sampling.topK));
    m_topP->setValue(sampling.topP);
    m_minP->setValue(sampling.minP);
    m_penalty->setValue(sampling.repetitionPenalty);
    m_seed->setValue(static_cast<int>(sampling.seed));
    m_tokens->setValue(static_cast<int>(options.maxTokens));
    m_ignoreEnd->setChecked(options.endTokens.empty() && !m_endTokens.empty());
}

void SamplingForm::setSuggestion(const Json& defaults)
{
    m_suggested = {};
    m_suggested.temperature = numberOf(defaults, "temperature", 1);
    m_suggested.topK = static_cast<std::uint32_t>(std::clamp(numberOf(defaults, "top_k", 0), 0.0, 1e6));
    m_suggested.topP = numberOf(defaults, "top_p", 1);
    m_suggested.minP = numberOf(defaults, "min_p", 0);
    m_suggested.repetitionPenalty = numberOf(defaults, "repetition_penalty", 1);
    const bool any = checkSampling(m_suggested).has_value() && m_suggested.temperature > 0 && m_suggested != SamplingOptions{};
    m_suggestion->setVisible(any);
    m_suggestion->setText(tr("use the checkpoint's settings"));
    m_suggestion->setToolTip(tr("generation_config.json suggests: %1").arg(samplingText(m_suggested)));
}

void SamplingForm::useSuggestion()
{
    GenerateOptions wanted = options();
    const std::uint64_t seed = static_cast<std::uint64_t>(m_seed->value());
    wanted.sampling = m_suggested;
    wanted.sampling.seed = seed;
    setOptions(wanted);
}

void SamplingForm::showChain()
{
    const bool sampling = m_mode->currentIndex() == 1;
    m_filters->setVisible(sampling);
    m_seed->setVisible(sampling);
    m_chain->setVisible(sampling);
    m_chain->setText(tr("in this order: %1").arg(samplingText(options().sampling)));
    emit changed();
}

} // namespace wb
