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

// A sum as it was meant: 0.4, not 0.40000000000000002.
QString rounded(double value) { return QString::number(value, 'g', 6); }

QString ruleWords(const SamplingOptions& options)
{
    const TemperatureRule& rule = options.rule;
    if (rule.source == TemperatureSource::Entropy)
        return wb::SamplingForm::tr("temperature %1 … %2 by entropy").arg(rounded(std::max(0.0, options.temperature - rule.range)), rounded(options.temperature + rule.range));
    return wb::SamplingForm::tr("temperature %1, of code %2, numbers %3, quotes %4").arg(exactText(options.temperature), exactText(rule.code), exactText(rule.number), exactText(rule.quote));
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
    steps << (options.rule.source == TemperatureSource::Fixed ? step(wb::SamplingForm::tr("temperature"), options.temperature) : ruleWords(options));
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
    , m_ruleRow(new QWidget(this))
    , m_rule(new QComboBox(m_ruleRow))
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
    m_penalty = number(m_filters, tr("repetition penalty"), 0.1, 10, 0.05, 1, tr("1: none. Logits of tokens seen before are divided by it, negative ones multiplied"));
    m_temperature = number(m_filters, tr("temperature"), 0.01, 10, 0.1, 1, tr("Logits are divided by it"));
    m_topK = new QSpinBox(m_filters);
    m_topK->setRange(0, 1'000'000);
    m_topK->setPrefix(tr("top-k "));
    m_topK->setSpecialValueText(tr("top-k off"));
    m_topK->setToolTip(tr("Keep the k most likely tokens"));
    row->addWidget(m_topK);
    m_topP = number(m_filters, tr("top-p"), 0.001, 1, 0.05, 1, tr("Keep the fewest tokens whose probabilities reach p; 1: all"));
    m_minP = number(m_filters, tr("min-p"), 0, 1, 0.01, 0, tr("Keep tokens with at least this share of the largest probability; 0: all"));
    row->addStretch(1);
    column->addWidget(m_filters);
    buildRule();
    column->addWidget(m_ruleRow);
    column->addWidget(m_chain);
    m_suggestion->hide();
    for (QAbstractSpinBox* box : findChildren<QAbstractSpinBox*>())
        box->setButtonSymbols(QAbstractSpinBox::NoButtons); // wheel, arrows and typing; buttons would crowd the row
    connect(m_suggestion, &QToolButton::clicked, this, &SamplingForm::useSuggestion);
    for (QComboBox* box : {m_mode, m_rule})
        connect(box, &QComboBox::currentIndexChanged, this, &SamplingForm::showChain);
    for (QSpinBox* box : {m_tokens, m_seed, m_topK})
        connect(box, &QSpinBox::valueChanged, this, &SamplingForm::showChain);
    connect(m_ignoreEnd, &QCheckBox::toggled, this, &SamplingForm::showChain);
    showChain();
}

// A temperature for each token: what each rule asks for beside it.
void SamplingForm::buildRule()
{
    auto* row = new QHBoxLayout(m_ruleRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_rule->addItems({tr("one temperature"), tr("by entropy"), tr("by region")});
    m_rule->setObjectName(QStringLiteral("temperatureRule"));
    m_rule->setToolTip(tr("By entropy: low where the model is sure, high where it is not. By region: values of their own for code, numbers and quoted text"));
    row->addWidget(m_rule);
    m_range = number(m_ruleRow, tr("±"), 0, 10, 0.1, 0.5, tr("From the temperature less this to the temperature and this"));
    m_exponent = number(m_ruleRow, tr("exponent"), 0.01, 10, 0.1, 1, tr("Above 1 keeps to the low side"));
    m_code = number(m_ruleRow, tr("code"), 0, 10, 0.1, 0.2, tr("In fenced blocks; 0: the most likely token"));
    m_number = number(m_ruleRow, tr("numbers"), 0, 10, 0.1, 0, tr("Within numbers; 0: the most likely token"));
    m_quote = number(m_ruleRow, tr("quotes"), 0, 10, 0.1, 0.7, tr("Within quotes; 0: the most likely token"));
    row->addStretch(1);
}

QDoubleSpinBox* SamplingForm::number(QWidget* row, const QString& name, double least, double most, double step, double value, const QString& hint)
{
    auto* box = new QDoubleSpinBox(row);
    box->setRange(least, most);
    box->setDecimals(3);
    box->setSingleStep(step);
    box->setValue(value);
    box->setPrefix(name + QLatin1Char(' '));
    box->setToolTip(hint);
    row->layout()->addWidget(box);
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
        sampling.rule.source = static_cast<TemperatureSource>(m_rule->currentIndex());
        if (sampling.rule.source == TemperatureSource::Entropy) {
            sampling.rule.range = m_range->value();
            sampling.rule.exponent = m_exponent->value();
        } else if (sampling.rule.source == TemperatureSource::Regions) {
            sampling.rule.code = m_code->value();
            sampling.rule.number = m_number->value();
            sampling.rule.quote = m_quote->value();
        }
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
    m_rule->setCurrentIndex(static_cast<int>(sampling.rule.source));
    if (sampling.rule.source == TemperatureSource::Entropy) {
        m_range->setValue(sampling.rule.range);
        m_exponent->setValue(sampling.rule.exponent);
    } else if (sampling.rule.source == TemperatureSource::Regions) {
        m_code->setValue(sampling.rule.code);
        m_number->setValue(sampling.rule.number);
        m_quote->setValue(sampling.rule.quote);
    }
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
    m_ruleRow->setVisible(sampling);
    for (QWidget* box : {m_range, m_exponent}) box->setVisible(m_rule->currentIndex() == static_cast<int>(TemperatureSource::Entropy));
    for (QWidget* box : {m_code, m_number, m_quote}) box->setVisible(m_rule->currentIndex() == static_cast<int>(TemperatureSource::Regions));
    m_seed->setVisible(sampling);
    m_chain->setVisible(sampling);
    m_chain->setText(tr("in this order: %1").arg(samplingText(options().sampling)));
    emit changed();
}

} // namespace wb
