#include "widgets/tensortext.h"

#include "core/model/roles.h"
#include "core/recipe/percent.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <filesystem>

namespace wb {
namespace {

// The context of these texts for translators.
struct TensorText {
    Q_DECLARE_TR_FUNCTIONS(wb::TensorText)
};

// What the user typed, whole: an edit is not rounded in words.
QString number(double value)
{
    return exactText(value).replace(QLatin1Char('-'), QChar(0x2212));
}

struct InWords {
    QString operator()(const Scale& edit) const
    {
        return TensorText::tr("scale") + QStringLiteral(" × ") + number(edit.factor);
    }
    QString operator()(const Add& edit) const
    {
        return TensorText::tr("add") + QLatin1Char(' ') + (edit.value < 0 ? QString() : QStringLiteral("+")) +
               number(edit.value);
    }
    QString operator()(const Clamp& edit) const
    {
        if (edit.min && edit.max)
            return TensorText::tr("clamp to %1 … %2").arg(number(*edit.min), number(*edit.max));
        return edit.min ? TensorText::tr("clamp ≥ %1").arg(number(*edit.min))
                        : TensorText::tr("clamp ≤ %1").arg(number(edit.max.value_or(0)));
    }
    QString operator()(const Set& edit) const { return TensorText::tr("set to %1").arg(number(edit.value)); }
    QString operator()(const Zero&) const { return TensorText::tr("zero"); }
    QString operator()(const Normalize& edit) const
    {
        return TensorText::tr("normalize") + QLatin1Char(' ') + fromUtf8(describe(Operation(edit)));
    }
    QString operator()(const Prune& edit) const { return TensorText::tr("prune %1 %").arg(number(percentOf(edit.share))); }
    QString operator()(const LayerEdit& edit) const
    {
        const QString layers = edit.first == edit.last ? TensorText::tr("layer %1").arg(edit.first) : TensorText::tr("layers %1 to %2").arg(edit.first).arg(edit.last);
        switch (edit.kind) {
        case LayerEdit::Kind::Drop: return TensorText::tr("leave out %1").arg(layers);
        case LayerEdit::Kind::Fold: return TensorText::tr("linear map for %1").arg(layers);
        case LayerEdit::Kind::Repeat: return TensorText::tr("repeat %1").arg(layers);
        case LayerEdit::Kind::Transplant: return TensorText::tr("layer %1 of %2 in the place of %3").arg(edit.first).arg(fromUtf8(std::filesystem::path(edit.donor->path).filename().string())).arg(edit.last);
        case LayerEdit::Kind::Copy: break;
        }
        return TensorText::tr("layer %1 in the place of %2").arg(edit.first).arg(edit.last);
    }
    QString operator()(const Noise& edit) const
    {
        return edit.relative ? TensorText::tr("noise of %1 σ, seed %2").arg(number(edit.std)).arg(edit.seed)
                             : TensorText::tr("noise of %1, seed %2").arg(number(edit.std)).arg(edit.seed);
    }
    QString operator()(const Svf& edit) const
    {
        const QString what = TensorText::tr("singular values") + QStringLiteral(": ") + gains(edit.gains);
        return edit.keepNuclearNorm ? what + TensorText::tr(", their sum kept") : what;
    }
    static QString gains(const Gains& gains)
    {
        if (const auto* list = std::get_if<ListedGains>(&gains)) return TensorText::tr("%n gains", nullptr, static_cast<int>(list->gains.size()));
        if (const auto* rank = std::get_if<RankCut>(&gains)) return TensorText::tr("rank %1").arg(rank->rank);
        if (const auto* energy = std::get_if<EnergyCut>(&gains)) return TensorText::tr("%1 % of Σσ² stay").arg(number(percentOf(energy->share)));
        return fromUtf8(describe(Svf(gains, false)));
    }
};

} // namespace

QString shortName(const std::string& tensorName)
{
    QString name = fromUtf8(tensorName);
    if (name.endsWith(QStringLiteral(".weight"))) name.chop(7);
    static const QRegularExpression block(
        QStringLiteral("^(?:.*\\.)?(?:layers|h|blocks|block)\\.(\\d+)\\.(.+)$"));
    const QRegularExpressionMatch match = block.match(name);
    if (match.hasMatch() && roleOf(tensorName).layer)
        return TensorText::tr("layer %1 %2").arg(match.captured(1), match.captured(2));
    if (name.startsWith(QStringLiteral("model."))) name.remove(0, 6);
    return name;
}

QString shapeWords(const Shape& shape)
{
    if (shape.empty()) return TensorText::tr("scalar");
    QStringList parts;
    for (const std::uint64_t extent : shape)
        parts << countText(extent);
    return parts.join(QStringLiteral(" × "));
}

QString operationText(const Operation& operation)
{
    return std::visit(InWords(), operation);
}

QString targetText(const Selector& selector)
{
    const QString text = fromUtf8(selector.text());
    if (!text.startsWith(QStringLiteral("name=")) || text.contains(QLatin1Char(' ')) ||
        text.contains(QLatin1Char('*')) || text.contains(QLatin1Char('?')) || text.contains(QLatin1Char('[')))
        return text;
    QString name = text.mid(5);
    if (name.size() > 1 && name.startsWith(QLatin1Char('"')) && name.endsWith(QLatin1Char('"')))
        name = name.mid(1, name.size() - 2);
    return shortName(name.toStdString());
}

QString elementsText(const Elements& elements)
{
    const auto isOne = [](const IndexRange& of) { return of.end == of.first + 1; };
    const auto range = [&](const IndexRange& of) { return isOne(of) ? QString::number(of.first) : QStringLiteral("%1:%2").arg(of.first).arg(of.end); };
    const auto list = [](const std::vector<std::uint32_t>& numbers) {
        QStringList parts;
        for (const std::uint32_t one : numbers)
            parts << QString::number(one);
        return parts.join(QLatin1Char(','));
    };
    QStringList parts;
    if (elements.rows) parts << (isOne(*elements.rows) ? TensorText::tr("row %1") : TensorText::tr("rows %1")).arg(range(*elements.rows));
    if (elements.cols) parts << (isOne(*elements.cols) ? TensorText::tr("column %1") : TensorText::tr("columns %1")).arg(range(*elements.cols));
    if (!elements.heads.empty()) parts << TensorText::tr("heads %1").arg(list(elements.heads));
    if (!elements.experts.empty()) parts << TensorText::tr("experts %1").arg(list(elements.experts));
    if (!elements.part.empty()) parts << TensorText::tr("part %1").arg(fromUtf8(elements.part));
    if (const auto& band = elements.band) {
        const QString low = number(percentOf(band->low)), high = number(percentOf(band->high));
        const QString what = band->kind == ValueBand::Kind::Top      ? TensorText::tr("largest %1 %").arg(low)
                             : band->kind == ValueBand::Kind::Bottom ? TensorText::tr("smallest %1 %").arg(low)
                                                                     : TensorText::tr("quantiles %1 … %2 %").arg(low, high);
        parts << (band->of == Measure::Magnitude ? TensorText::tr("%1 by magnitude").arg(what) : what);
    }
    return parts.join(QStringLiteral(", "));
}

QString editText(const Edit& edit)
{
    if (!edit.label.empty()) return fromUtf8(edit.label);
    if (std::holds_alternative<LayerEdit>(edit.operation)) return operationText(edit.operation);
    QString text = TensorText::tr("%1 on %2").arg(operationText(edit.operation), targetText(edit.select));
    if (!edit.elements.all()) text += QStringLiteral(", ") + elementsText(edit.elements);
    if (edit.strength != 1) text += QStringLiteral(", %1 %").arg(number(percentOf(edit.strength)));
    return text;
}

QString effectWords(Effect effect)
{
    switch (effect) {
    case Effect::Void: return TensorText::tr("Has no effect.");
    case Effect::RoundedAway: return TensorText::tr("Rounded away: nothing is stored.");
    case Effect::Absorbed: return TensorText::tr("Absorbed: the model's output stays the same.");
    case Effect::GreedyInvariant: return TensorText::tr("Greedy answers stay the same; sampled ones may change.");
    case Effect::Effective: break;
    }
    return {};
}

} // namespace wb
