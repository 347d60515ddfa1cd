#include "widgets/pages/scorewords.h"

#include "widgets/numbertext.h"
#include "widgets/pages/evaluatepage.h"

namespace wb {

QString pText(double p) { return p < 1e-4 ? QStringLiteral("p < 0.0001") : QStringLiteral("p = %1").arg(p, 0, 'g', 3); }

QString scoreWords(const EvaluationReport& report)
{
    const QString text = wb::EvaluatePage::tr("%1 of %2").arg(countText(report.correct), countText(report.items.size()));
    if (report.passAt.size() < 2) return text;
    QStringList passes;
    for (const PassAt& one : report.passAt)
        passes << QStringLiteral("pass@%1 %2 ± %3").arg(one.k).arg(percentText(one.estimate.value), pointsText(one.estimate.standardError));
    return text + QStringLiteral(" (%1)").arg(passes.join(QStringLiteral(", ")));
}

QString floorText(std::size_t flipped, std::size_t items)
{
    return wb::EvaluatePage::tr("A/A floor: %1 of %2 items flip without any edit.").arg(countText(flipped), countText(items));
}

QString verdictText(const ScoredPair& pair)
{
    const PairedComparison& paired = pair.paired;
    return wb::EvaluatePage::tr("Patched solves %1 more and %2 fewer of %3: %4 → %5 (%6, %7).")
        .arg(countText(paired.counts.onlyB), countText(paired.counts.onlyA), countText(paired.counts.total()), percentText(pair.original.score),
             percentText(pair.patched.score), pText(paired.p), paired.several ? wb::EvaluatePage::tr("sign flips, exact") : wb::EvaluatePage::tr("McNemar, exact"));
}

QString cautionText(const ScoredPair& pair)
{
    const PairedComparison& paired = pair.paired;
    QStringList parts;
    if (paired.several) parts << wb::EvaluatePage::tr("Original %1, patched %2.").arg(scoreWords(pair.original), scoreWords(pair.patched));
    parts << wb::EvaluatePage::tr("Difference %1 points, 95 % from %2 to %3 (paired bootstrap).").arg(pointsText(paired.delta), pointsText(paired.ci95.low), pointsText(paired.ci95.high));
    if (pair.floor)
        parts << floorText(*pair.floor, paired.counts.total());
    else if (!paired.several)
        parts << wb::EvaluatePage::tr("Greedy in f32: scoring twice gives the same bits.");
    if (pair.control != nullptr)
        parts << wb::EvaluatePage::tr("A random edit of equal norm solves %1 more and %2 fewer (%3).")
                     .arg(countText(pair.control->counts.onlyB), countText(pair.control->counts.onlyA), pText(pair.control->p));
    if (!paired.enough)
        parts << (paired.needed ? wb::EvaluatePage::tr("So few items say little: a difference like this needs about %1.").arg(countText(*paired.needed))
                                : wb::EvaluatePage::tr("No difference was seen; that is no proof that there is none."));
    return parts.join(QLatin1Char(' '));
}

} // namespace wb
