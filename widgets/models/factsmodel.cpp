#include "widgets/models/factsmodel.h"

#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <cmath>
#include <limits>

namespace wb {
namespace {

double quantile(const Statistics& statistics, double q)
{
    for (const auto& [at, value] : statistics.quantiles)
        if (at == q) return value;
    return std::numeric_limits<double>::quiet_NaN();
}

struct Row {
    QString name;
    QString explanation;
    double (*value)(const Statistics&);
    bool isCount = false;
};

std::vector<Row> rows()
{
    using S = const Statistics&;
    const auto tr = [](const char* text) { return FactsModel::tr(text); };
    return {
        {tr("count"), tr("Elements"), [](S s) { return static_cast<double>(s.count); }, true},
        {tr("mean"), tr("Mean of the finite values"), [](S s) { return s.mean; }},
        {tr("std"), tr("Standard deviation of the finite values (population)"), [](S s) { return s.std; }},
        {tr("min"), tr("Smallest finite value"), [](S s) { return s.min; }},
        {tr("1 %"), tr("1 % of the values are below"), [](S s) { return quantile(s, 0.01); }},
        {tr("25 %"), tr("Lower quartile"), [](S s) { return quantile(s, 0.25); }},
        {tr("median"), tr("Half of the values are below"), [](S s) { return quantile(s, 0.5); }},
        {tr("75 %"), tr("Upper quartile"), [](S s) { return quantile(s, 0.75); }},
        {tr("99 %"), tr("99 % of the values are below"), [](S s) { return quantile(s, 0.99); }},
        {tr("max"), tr("Largest finite value"), [](S s) { return s.max; }},
        {tr("L2 norm"), tr("Square root of the sum of squares"), [](S s) { return s.l2; }},
        {tr("skew"), tr("Third standardised moment; 0 = symmetric"), [](S s) { return s.skew; }},
        {tr("kurtosis"), tr("Excess kurtosis; 0 = as a normal distribution"), [](S s) { return s.kurtosis; }},
        {tr("zeros"), tr("Elements that are +0 or −0"), [](S s) { return static_cast<double>(s.zero); },
         true},
        {tr("NaN"), tr("Elements that are not a number"), [](S s) { return static_cast<double>(s.nan); },
         true},
        {tr("infinite"), tr("Elements that are +∞ or −∞"), [](S s) { return static_cast<double>(s.inf); },
         true},
    };
}

QString cell(double value, bool isCount)
{
    if (isCount) return countText(static_cast<quint64>(value));
    return std::isnan(value) ? QStringLiteral("–") : shortText(value);
}

} // namespace

void FactsModel::setFacts(const std::optional<Statistics>& original, const std::optional<Statistics>& patched)
{
    beginResetModel();
    m_facts.clear();
    m_edited = patched.has_value();
    if (original)
        for (const Row& row : rows())
            m_facts.push_back({row.name, row.explanation, row.value(*original),
                               row.value(patched.value_or(*original)), row.isCount});
    endResetModel();
}

// Where something differs: as a factor when that says something, otherwise as a difference.
QString FactsModel::ratio(const Fact& fact) const
{
    if (!m_edited || fact.original == fact.patched || !std::isfinite(fact.original) ||
        !std::isfinite(fact.patched))
        return {};
    const double difference = fact.patched - fact.original;
    if (fact.isCount || fact.original == 0)
        return (difference > 0 ? QStringLiteral("+") : QString()) + shortText(difference);
    const double factor = fact.patched / fact.original;
    const QString text = ratioText(factor);
    return text == ratioText(1) ? QString() : text;
}

QString FactsModel::asTable() const
{
    QStringList lines = {m_edited ? QStringLiteral("fact\toriginal\tpatched")
                                  : QStringLiteral("fact\toriginal")};
    for (const Fact& fact : m_facts) {
        QString line = fact.name + QLatin1Char('\t') + exactText(fact.original);
        if (m_edited) line += QLatin1Char('\t') + exactText(fact.patched);
        lines << line;
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

int FactsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_facts.size());
}

int FactsModel::columnCount(const QModelIndex&) const
{
    return m_edited ? 4 : 2;
}

QVariant FactsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const Fact& fact = m_facts[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case 0: return fact.name;
        case 1: return cell(fact.original, fact.isCount);
        case 2: return cell(fact.patched, fact.isCount);
        default: return ratio(fact);
        }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case Qt::ForegroundRole:
        return index.column() == 1   ? colors().original
               : index.column() == 2 ? colors().patched
               : index.column() == 3 ? colors().secondary
                                     : QVariant();
    case Qt::ToolTipRole:
        if (index.column() == 1) return exactText(fact.original);
        return index.column() == 2 ? QVariant(exactText(fact.patched)) : QVariant(fact.explanation);
    default: return {};
    }
}

QVariant FactsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case 1: return tr("original");
    case 2: return tr("patched");
    case 3: return tr("ratio");
    default: return QString();
    }
}

} // namespace wb

#include "moc_factsmodel.cpp"
