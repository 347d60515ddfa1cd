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
    return {
        {FactsModel::tr("count"), FactsModel::tr("Elements"),
         [](S s) { return static_cast<double>(s.count); }, true},
        {FactsModel::tr("mean"), FactsModel::tr("Mean of the finite values"), [](S s) { return s.mean; }},
        {FactsModel::tr("std"), FactsModel::tr("Standard deviation of the finite values (population)"),
         [](S s) { return s.std; }},
        {FactsModel::tr("min"), FactsModel::tr("Smallest finite value"), [](S s) { return s.min; }},
        {FactsModel::tr("1 %"), FactsModel::tr("1 % of the values are below"),
         [](S s) { return quantile(s, 0.01); }},
        {FactsModel::tr("25 %"), FactsModel::tr("Lower quartile"), [](S s) { return quantile(s, 0.25); }},
        {FactsModel::tr("median"), FactsModel::tr("Half of the values are below"),
         [](S s) { return quantile(s, 0.5); }},
        {FactsModel::tr("75 %"), FactsModel::tr("Upper quartile"), [](S s) { return quantile(s, 0.75); }},
        {FactsModel::tr("99 %"), FactsModel::tr("99 % of the values are below"),
         [](S s) { return quantile(s, 0.99); }},
        {FactsModel::tr("max"), FactsModel::tr("Largest finite value"), [](S s) { return s.max; }},
        {FactsModel::tr("L2 norm"), FactsModel::tr("Square root of the sum of squares"),
         [](S s) { return s.l2; }},
        {FactsModel::tr("skew"), FactsModel::tr("Third standardised moment; 0 = symmetric"),
         [](S s) { return s.skew; }},
        {FactsModel::tr("kurtosis"), FactsModel::tr("Excess kurtosis; 0 = as a normal distribution"),
         [](S s) { return s.kurtosis; }},
        {FactsModel::tr("zeros"), FactsModel::tr("Elements that are +0 or −0"),
         [](S s) { return static_cast<double>(s.zero); }, true},
        {FactsModel::tr("NaN"), FactsModel::tr("Elements that are not a number"),
         [](S s) { return static_cast<double>(s.nan); }, true},
        {FactsModel::tr("infinite"), FactsModel::tr("Elements that are +∞ or −∞"),
         [](S s) { return static_cast<double>(s.inf); }, true},
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
