#include "widgets/quickscorestrip.h"

#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/quickscore.h"
#include "widgets/style.h"

namespace wb {

QuickScoreStrip::QuickScoreStrip(QuickScore& score, QWidget* parent)
    : QToolButton(parent)
    , m_score(score)
{
    setAutoRaise(true);
    setObjectName(QStringLiteral("quickscore"));
    setAccessibleName(tr("Loss of the text"));
    connect(&m_score, &QuickScore::changed, this, &QuickScoreStrip::show);
    show();
}

void QuickScoreStrip::show()
{
    using State = QuickScore::State;
    const State state = m_score.state();
    setVisible(state == State::Computing || state == State::Ready || state == State::Failed);
    const auto comparison = m_score.comparison();
    if (state == State::Failed) {
        setText(tr("Δ loss: failed"));
        return setToolTip(errorText(*m_score.problem()));
    }
    const bool waiting = state == State::Computing;
    setText(!comparison ? tr("Δ loss …") : waiting ? m_score.line() + QStringLiteral(" …") : m_score.line());
    setStyleProperty(this, "waiting", waiting);
    if (!comparison) return setToolTip(tr("The loss of a text with the staged edits, measured after every change"));
    QString tip = tr("Nats a token over %1 tokens of %2, paired with the original, ± standard error; stored precision.")
                      .arg(countText(comparison->a.tokens), m_score.text()->source.name);
    if (m_score.hasEdits())
        tip += QLatin1Char('\n') + tr("95 % from %1 to %2; above 0 is worse. KL divergence %3.")
                                       .arg(shortText(comparison->deltaCi95.low), shortText(comparison->deltaCi95.high), shortText(comparison->kl.mean));
    setToolTip(tip + QLatin1Char('\n') + tr("Click to see it token by token."));
}

} // namespace wb
