#include "widgets/panels/operationform.h"

#include "core/recipe/percent.h"
#include "widgets/numberfield.h"
#include "widgets/style.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace wb {

OperationForm::OperationForm(QWidget* parent)
    : QWidget(parent)
    , m_kind(new QComboBox(this))
    , m_first(new NumberRow(this))
    , m_second(new NumberRow(this))
    , m_form(new QComboBox(this))
    , m_relative(new QCheckBox(tr("in units of the elements' own σ"), this))
    , m_seedRow(new QWidget(this))
    , m_seed(new QLineEdit(QStringLiteral("0"), m_seedRow))
    , m_rule(new QComboBox(this))
    , m_keepNorm(new QCheckBox(tr("keep the sum of the singular values"), this))
{
    for (const QString& name : {tr("Scale"), tr("Add"), tr("Clamp"), tr("Set"), tr("Zero"), tr("Normalize"),
                                tr("Prune by magnitude"), tr("Noise"), tr("Singular values")})
        m_kind->addItem(name);
    m_kind->setAccessibleName(tr("Operation"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(captionLabel(tr("Operation"), this));
    column->addWidget(m_kind);
    column->addSpacing(4);
    column->addWidget(m_first);
    column->addWidget(m_second);
    addExtras();
    addGains();
    for (QComboBox* box : {m_kind, m_form, m_rule}) { // long names do not widen the dock
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(14);
    }
    connect(m_kind, &QComboBox::activated, this, [this] {
        reset(); // a factor is no value to add
        emit edited();
    });
    connect(m_first, &NumberRow::edited, this, &OperationForm::edited);
    connect(m_second, &NumberRow::edited, this, &OperationForm::edited);
    reset();
}

void OperationForm::addExtras()
{
    // In the order of Normalize::Form; x̄ and σ are those of the edited elements.
    for (const char* formula :
         {"(x − x̄) / σ", "(x − x̄) / (σ · v) + x̄", "(x − x̄) / (σ + 1e-8)"})
        m_form->addItem(QString::fromUtf8(formula));
    m_form->setItemData(0, tr("Standard: mean 0, deviation 1 (tensor_patcher_cli)"), Qt::ToolTipRole);
    m_form->setItemData(1, tr("Around the mean: deviation 1 / v, the mean stays (safetensors_explorer_cli)"),
                        Qt::ToolTipRole);
    m_form->setItemData(2, tr("With an epsilon in the divisor (enhanced_tensor_patcher)"), Qt::ToolTipRole);
    m_form->setAccessibleName(tr("Formula"));
    m_form->setToolTip(tr("x̄ and σ: mean and standard deviation of the edited elements."));
    m_form->setObjectName(QStringLiteral("form"));
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setObjectName(QStringLiteral("seed"));
    m_seed->setToolTip(tr("The same seed gives the same noise, on any machine."));
    m_relative->setObjectName(QStringLiteral("relative"));
    auto* row = new QHBoxLayout(m_seedRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(captionLabel(tr("Seed"), m_seedRow));
    row->addWidget(m_seed, 1);
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->insertWidget(3, m_form);
    column->addWidget(m_relative);
    column->addWidget(m_seedRow);
    connect(m_form, &QComboBox::activated, this, [this] {
        showKind();
        emit edited();
    });
    connect(m_relative, &QCheckBox::clicked, this, [this] {
        showKind();
        emit edited();
    });
    connect(m_seed, &QLineEdit::textEdited, this, &OperationForm::edited);
}

void OperationForm::addGains()
{
    for (const QString& name : {tr("Power of σ"), tr("Share of Σσ² that stays"), tr("Rank that stays")})
        m_rule->addItem(name);
    m_rule->setAccessibleName(tr("Rule"));
    m_rule->setObjectName(QStringLiteral("rule"));
    m_keepNorm->setObjectName(QStringLiteral("keepNorm"));
    m_keepNorm->setToolTip(tr("Afterwards all singular values are multiplied by one factor, so that their sum stays what it was."));
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->insertWidget(3, m_rule);
    column->addWidget(m_keepNorm);
    connect(m_rule, &QComboBox::activated, this, [this] {
        reset();
        emit edited();
    });
    connect(m_keepNorm, &QCheckBox::clicked, this, &OperationForm::edited);
}

std::optional<Gains> OperationForm::gains() const
{
    if (static_cast<Rule>(m_rule->currentIndex()) == Rule::Loaded) return m_loadedGains;
    const auto number = m_first->value();
    if (!number) return std::nullopt;
    switch (static_cast<Rule>(m_rule->currentIndex())) {
    case Rule::Power: return *number != 1 && std::abs(*number) <= 100 ? std::optional<Gains>(PowerGains{*number}) : std::nullopt;
    case Rule::Energy: return *number >= 0 && *number <= 100 ? std::optional<Gains>(EnergyCut{fromPercent(*number, m_share)}) : std::nullopt;
    case Rule::Rank:
        return *number >= 0 && *number <= 1e9 && *number == std::floor(*number) ? std::optional<Gains>(RankCut{static_cast<std::uint64_t>(*number)}) : std::nullopt;
    case Rule::Loaded: break;
    }
    return std::nullopt;
}

void OperationForm::loadGains(const Svf& svf)
{
    const int loaded = static_cast<int>(Rule::Loaded);
    if (m_rule->count() > loaded) m_rule->removeItem(loaded);
    m_keepNorm->setChecked(svf.keepNuclearNorm);
    const auto choose = [this](Rule rule, double number) {
        m_rule->setCurrentIndex(static_cast<int>(rule));
        m_first->setValue(number);
    };
    if (const auto* power = std::get_if<PowerGains>(&svf.gains)) return choose(Rule::Power, power->exponent);
    if (const auto* rank = std::get_if<RankCut>(&svf.gains)) return choose(Rule::Rank, static_cast<double>(rank->rank));
    if (const auto* energy = std::get_if<EnergyCut>(&svf.gains)) {
        m_share = energy->share;
        return choose(Rule::Energy, percentOf(m_share));
    }
    m_loadedGains = svf.gains;
    m_rule->addItem(tr("Gains as staged"));
    m_rule->setCurrentIndex(loaded);
}

Normalize::Form OperationForm::form() const
{
    return static_cast<Normalize::Form>(m_form->currentIndex());
}

OperationForm::Kind OperationForm::kind() const
{
    return static_cast<Kind>(m_kind->currentIndex());
}

bool OperationForm::needsRange() const
{
    return kind() == Kind::Add || kind() == Kind::Clamp || kind() == Kind::Set ||
           (kind() == Kind::Noise && !m_relative->isChecked());
}

void OperationForm::setRange(double low, double high)
{
    m_low = low;
    m_high = high;
    showKind();
}

void OperationForm::showKind()
{
    const bool around = kind() == Kind::Normalize && form() == Normalize::Form::AroundMean;
    const bool svf = kind() == Kind::Svf, listed = svf && static_cast<Rule>(m_rule->currentIndex()) == Rule::Loaded;
    m_first->setVisible(around || (kind() != Kind::Zero && kind() != Kind::Normalize && !listed));
    m_rule->setVisible(svf);
    m_keepNorm->setVisible(svf);
    m_second->setVisible(kind() == Kind::Clamp);
    m_form->setVisible(kind() == Kind::Normalize);
    m_relative->setVisible(kind() == Kind::Noise);
    m_seedRow->setVisible(kind() == Kind::Noise);
    setupRows();
}

void OperationForm::setupRows()
{
    const double extent = std::max({std::abs(m_low), std::abs(m_high), 1e-6});
    switch (kind()) {
    case Kind::Scale: m_first->setup(tr("Factor"), factorScale(), QStringLiteral("1")); break;
    case Kind::Add: m_first->setup(tr("Value to add"), signedScale(extent), QStringLiteral("0")); break;
    case Kind::Set: m_first->setup(tr("Value"), signedScale(extent), tr("a number")); break;
    case Kind::Clamp:
        m_first->setup(tr("Not below"), boundScale(m_low, m_high, true), tr("no bound"));
        m_second->setup(tr("Not above"), boundScale(m_low, m_high, false), tr("no bound"));
        break;
    case Kind::Normalize: m_first->setup(tr("Value v"), factorScale(), QStringLiteral("1")); break;
    case Kind::Prune: m_first->setup(tr("Smallest share, %"), linearScale(0, 100), QStringLiteral("0")); break;
    case Kind::Noise:
        m_first->setup(m_relative->isChecked() ? tr("Deviation, in σ") : tr("Standard deviation"),
                       linearScale(0, m_relative->isChecked() ? 2 : extent), QStringLiteral("0"));
        break;
    case Kind::Svf:
        switch (static_cast<Rule>(m_rule->currentIndex())) {
        case Rule::Power: m_first->setup(tr("Power"), linearScale(0, 2), QStringLiteral("1")); break;
        case Rule::Energy: m_first->setup(tr("Share that stays, %"), linearScale(0, 100), QStringLiteral("100")); break;
        case Rule::Rank: m_first->setup(tr("Components that stay"), linearScale(0, 512), tr("a number")); break;
        case Rule::Loaded: break;
        }
        break;
    case Kind::Zero: break;
    }
}

std::optional<Operation> OperationForm::operation() const
{
    const auto first = m_first->value(), second = m_second->value();
    if ((kind() != Kind::Zero && !m_first->isValid()) || (kind() == Kind::Clamp && !m_second->isValid()))
        return std::nullopt;
    switch (kind()) {
    case Kind::Scale: return first && *first != 1 ? std::optional<Operation>(Scale{*first}) : std::nullopt;
    case Kind::Add: return first && *first != 0 ? std::optional<Operation>(Add{*first}) : std::nullopt;
    case Kind::Set: return first ? std::optional<Operation>(Set{*first}) : std::nullopt;
    case Kind::Clamp:
        if ((!first && !second) || (first && second && *first > *second)) return std::nullopt;
        return Clamp{first, second};
    case Kind::Zero: return Zero{};
    case Kind::Normalize:
    case Kind::Prune:
    case Kind::Noise:
    case Kind::Svf: return shaped();
    }
    return std::nullopt;
}

std::optional<Operation> OperationForm::shaped() const
{
    const auto first = m_first->value();
    if (kind() == Kind::Normalize) {
        if (form() != Normalize::Form::AroundMean) return Normalize{form(), 1};
        return first && *first != 0 ? std::optional<Operation>(Normalize{form(), *first}) : std::nullopt;
    }
    if (kind() == Kind::Svf) {
        auto chosen = gains();
        return chosen ? std::optional<Operation>(Svf{std::move(*chosen), m_keepNorm->isChecked()}) : std::nullopt;
    }
    if (!first || !(*first > 0)) return std::nullopt;
    if (kind() == Kind::Prune)
        return *first <= 100 ? std::optional<Operation>(Prune{fromPercent(*first, m_share)}) : std::nullopt;
    bool ok = false;
    const quint64 seed = m_seed->text().trimmed().toULongLong(&ok);
    return ok ? std::optional<Operation>(Noise{*first, seed, m_relative->isChecked()}) : std::nullopt;
}

void OperationForm::load(const Operation& operation)
{
    m_kind->setCurrentIndex(static_cast<int>(operation.index()));
    m_first->setValue(std::nullopt);
    m_second->setValue(std::nullopt);
    if (const auto* scale = std::get_if<Scale>(&operation)) m_first->setValue(scale->factor);
    if (const auto* add = std::get_if<Add>(&operation)) m_first->setValue(add->value);
    if (const auto* set = std::get_if<Set>(&operation)) m_first->setValue(set->value);
    if (const auto* clamp = std::get_if<Clamp>(&operation)) {
        m_first->setValue(clamp->min);
        m_second->setValue(clamp->max);
    }
    if (const auto* normalize = std::get_if<Normalize>(&operation)) {
        m_form->setCurrentIndex(static_cast<int>(normalize->form));
        m_first->setValue(normalize->value);
    }
    if (const auto* prune = std::get_if<Prune>(&operation)) {
        m_share = prune->share;
        m_first->setValue(percentOf(m_share));
    }
    if (const auto* noise = std::get_if<Noise>(&operation)) {
        m_first->setValue(noise->std);
        m_relative->setChecked(noise->relative);
        m_seed->setText(QString::number(noise->seed));
    }
    if (const auto* svf = std::get_if<Svf>(&operation)) loadGains(*svf);
    showKind();
}

void OperationForm::reset()
{
    const bool power = kind() == Kind::Svf && static_cast<Rule>(m_rule->currentIndex()) == Rule::Power;
    m_first->setValue(kind() == Kind::Scale || kind() == Kind::Normalize || power ? std::optional(1.0) : std::nullopt);
    m_second->setValue(std::nullopt);
    showKind();
}

void OperationForm::focusNumber()
{
    m_first->field()->setFocus();
    m_first->field()->selectAll();
}

} // namespace wb

#include "moc_operationform.cpp"
