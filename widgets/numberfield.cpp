#include "widgets/numberfield.h"

#include "core/recipe/percent.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QSlider>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr int sliderSteps = 1000; // to each side
constexpr double octaves = 8;     // of the factor scale, to each side
constexpr double sticky = 0.025;  // octaves around a power of two

// A slider gives three digits: more are noise of the hand.
double rounded(double value)
{
    return QString::number(value, 'g', 3).toDouble();
}

// The wheel scrolls the panel; it never changes a number by accident.
class QuietSlider : public QSlider {
public:
    using QSlider::QSlider;

protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

} // namespace

std::optional<double> parseNumber(const QString& text)
{
    QString plain = text.trimmed();
    plain.replace(QChar(0x2212), QLatin1Char('-'));
    QLocale c = QLocale::c();
    c.setNumberOptions(QLocale::RejectGroupSeparator); // 0,125 is no 125
    bool ok = false;
    double value = 0;
    if (const qsizetype slash = plain.indexOf(QLatin1Char('/')); slash > 0) {
        bool divisorOk = false;
        const double divisor = c.toDouble(plain.mid(slash + 1).trimmed(), &divisorOk);
        value = c.toDouble(plain.left(slash).trimmed(), &ok) / divisor;
        ok = ok && divisorOk;
    } else {
        value = c.toDouble(plain, &ok);
    }
    return ok && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

NumberField::NumberField(QWidget* parent)
    : QLineEdit(parent)
{
    setAlignment(Qt::AlignRight);
    connect(this, &QLineEdit::textChanged, this, [this] { setStyleProperty(this, "invalid", !isValid()); });
}

void NumberField::setValue(const std::optional<double>& value)
{
    setText(value ? exactText(*value) : QString());
}

bool NumberField::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QLineEdit::event(event);
}

double fromPercent(double percent, double before)
{
    return percent == percentOf(before) ? before : percent / 100;
}

SliderScale factorScale()
{
    return {[](double position) -> std::optional<double> {
                const double exponent = position * octaves;
                const double whole = std::round(exponent);
                if (std::abs(exponent - whole) < sticky) return std::exp2(whole);
                return rounded(std::exp2(exponent));
            },
            [](const std::optional<double>& value) {
                return value && *value > 0 ? std::clamp(std::log2(*value) / octaves, -1.0, 1.0) : 0.0;
            }};
}

SliderScale linearScale(double low, double high)
{
    const auto toValue = [low, high](double position) -> std::optional<double> {
        constexpr double steps = 1000;
        return low + (high - low) * std::round((position + 1) / 2 * steps) / steps;
    };
    const auto toPosition = [low, high](const std::optional<double>& value) {
        return std::clamp((value.value_or(low) - low) / (high - low) * 2 - 1, -1.0, 1.0);
    };
    return {toValue, toPosition};
}

SliderScale signedScale(double extent)
{
    return {[extent](double position) -> std::optional<double> {
                return rounded(std::copysign(extent * position * position, position));
            },
            [extent](const std::optional<double>& value) {
                if (!value || extent <= 0) return 0.0;
                return std::copysign(std::sqrt(std::min(std::abs(*value) / extent, 1.0)), *value);
            }};
}

SliderScale boundScale(double low, double high, bool isLower)
{
    return {[=](double position) -> std::optional<double> {
                if (isLower ? position <= -1 : position >= 1) return std::nullopt;
                return rounded(low + (high - low) * (position + 1) / 2);
            },
            [=](const std::optional<double>& value) {
                if (!value || !(high > low)) return isLower ? -1.0 : 1.0;
                return std::clamp(2 * (*value - low) / (high - low) - 1, -1.0, 1.0);
            }};
}

NumberRow::NumberRow(QWidget* parent)
    : QWidget(parent)
    , m_label(captionLabel({}, this))
    , m_slider(new QuietSlider(Qt::Horizontal, this))
    , m_field(new NumberField(this))
{
    m_slider->setRange(-sliderSteps, sliderSteps);
    m_field->setFixedWidth(92);
    m_label->setBuddy(m_field);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_slider, 1);
    row->addWidget(m_field);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_label);
    column->addLayout(row);
    connect(m_slider, &QSlider::valueChanged, this, [this](int position) {
        m_field->setValue(m_scale.toValue(static_cast<double>(position) / sliderSteps));
        emit edited();
    });
    connect(m_field, &QLineEdit::textEdited, this, [this] {
        placeSlider();
        emit edited();
    });
}

void NumberRow::setup(const QString& label, const SliderScale& scale, const QString& placeholder)
{
    m_label->setText(label);
    m_slider->setAccessibleName(label);
    m_field->setAccessibleName(label);
    m_field->setPlaceholderText(placeholder);
    m_scale = scale;
    placeSlider();
}

void NumberRow::setValue(const std::optional<double>& value)
{
    m_field->setValue(value);
    placeSlider();
}

void NumberRow::placeSlider()
{
    if (!m_scale.toPosition) return;
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(static_cast<int>(std::lround(m_scale.toPosition(value()) * sliderSteps)));
}

} // namespace wb

#include "moc_numberfield.cpp"
