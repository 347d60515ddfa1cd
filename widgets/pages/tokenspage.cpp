#include "widgets/pages/tokenspage.h"

#include "widgets/banner.h"
#include "widgets/charts/tokenflow.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tokentext.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableWidget>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t nearestCount = 40;
constexpr std::size_t mostShown = 20'000; // tokens; a longer text is counted whole and shown in its begin

// "1, 15 7" as ids; what is wrong with it in `problem`.
std::vector<TokenId> parseIds(const QString& text, const Tokenizer& tokenizer, QString& problem)
{
    static const QRegularExpression between(QStringLiteral("[\\s,;\\[\\]]+"));
    std::vector<TokenId> ids;
    for (const QString& word : text.split(between, Qt::SkipEmptyParts)) {
        bool isNumber = false;
        const uint id = word.toUInt(&isNumber);
        if (!isNumber || !tokenizer.piece(id)) {
            problem = isNumber ? wb::TokensPage::tr("No token has the id %1; the largest is %2.").arg(id).arg(tokenizer.size() - 1)
                               : wb::TokensPage::tr("“%1” is not an id.").arg(word.left(40));
            return {};
        }
        ids.push_back(id);
    }
    return ids;
}

} // namespace

void TokensPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale) load();
}

void TokensPage::showOpened()
{
    for (JobSlot* job : {&m_loadJob, &m_encodeJob, &m_normsJob, &m_nearestJob})
        job->cancel();
    m_banner->clear();
    m_tokenizer.reset();
    m_token.reset();
    m_embedding.reset();
    m_embeddingKey.clear();
    m_norms.clear();
    m_stale = true;
    m_stack->setCurrentIndex(0);
    if (!m_document.isOpen())
        return m_state->say(tr("Nothing is open"), tr("Open a checkpoint with a tokenizer to see how it cuts a text into tokens."));
    if (isVisible()) load();
}

// Nothing is read while nobody looks.
void TokensPage::load()
{
    m_stale = false;
    if (!m_document.isOpen()) return;
    m_state->say(tr("Reading the tokenizer…"), {});
    m_stack->setCurrentIndex(0);
    m_loadJob.start<TokenizerPtr>(
        tr("Reading the tokenizer"),
        [checkpoint = m_document.content()->checkpoint](Progress&) { return loadTokenizer(*checkpoint); },
        [this](const Result<TokenizerPtr>& result) { adopt(result); });
}

void TokensPage::adopt(const Result<TokenizerPtr>& result)
{
    if (!result) {
        if (result.error().code == ErrorCode::TokenizerMissing)
            return m_state->say(tr("This checkpoint has no tokenizer"),
                                tr("A tokenizer.json beside the weights, or a GGUF with a vocabulary, shows here as text, pieces and ids."));
        return m_state->say(tr("The tokenizer cannot be used"), errorText(result.error()), tr("Try again"));
    }
    m_tokenizer = *result;
    m_kind->setText(fromUtf8(m_tokenizer->kind()) + QStringLiteral(" · ") + tr("vocabulary of %1").arg(countText(m_tokenizer->size())));
    m_embedding = findEmbedding(*m_document.original());
    m_stack->setCurrentIndex(1);
    followEmbedding();
    if (m_text->toPlainText().isEmpty()) {
        const QSignalBlocker quiet(m_text);
        m_text->setPlainText(tr("The quick brown fox jumps over the lazy dog. 12345 + 678 = 13023"));
    }
    encode();
}

void TokensPage::setText(const QString& text)
{
    m_text->setPlainText(text);
}

void TokensPage::setIds(const QString& ids)
{
    m_ids->setText(ids);
    readIds();
}

void TokensPage::encode()
{
    if (!m_tokenizer) return;
    m_encodeJob.start<Encoding>(
        tr("Tokenizing"),
        [tokenizer = m_tokenizer, text = m_text->toPlainText().toStdString(), special = m_special->isChecked()](Progress&) {
            return tokenizer->encode(text, special);
        },
        [this](const Result<Encoding>& result) {
            if (!result) return m_banner->sayError(result.error());
            m_banner->clear();
            showTokens(*result);
        });
}

void TokensPage::showTokens(Encoding encoding)
{
    m_shown = std::move(encoding);
    std::vector<FlowToken> tokens;
    const std::size_t shown = std::min(m_shown.ids.size(), mostShown);
    tokens.reserve(shown);
    QStringList ids;
    for (std::size_t i = 0; i < shown; ++i) {
        const TokenId id = m_shown.ids[i];
        const QString text = tokenText(*m_tokenizer, id);
        QString hint = QStringLiteral("%1 · %2").arg(fromUtf8(std::string(m_tokenizer->piece(id).value_or("")))).arg(id);
        if (!m_shown.ranges.empty() && m_shown.ranges[i].begin < m_shown.ranges[i].end)
            hint += QStringLiteral(" · ") + tr("bytes %1–%2").arg(m_shown.ranges[i].begin).arg(m_shown.ranges[i].end);
        tokens.push_back({text, hint, m_tokenizer->isSpecial(id), text.endsWith(QChar(0x23CE))});
        ids << QString::number(id);
    }
    m_flow->setTokens(std::move(tokens));
    m_ids->setText(ids.join(QStringLiteral(", ")) + (shown < m_shown.ids.size() ? QStringLiteral(", …") : QString()));
    m_ids->setCursorPosition(0);
    m_idsProblem->hide();
    const auto bytes = static_cast<quint64>(m_text->toPlainText().toUtf8().size());
    QString counts = tr("%n token(s)", nullptr, static_cast<int>(m_shown.ids.size())) + QStringLiteral(" · ") + bytesText(bytes);
    if (!m_shown.ids.empty())
        counts += QStringLiteral(" · ") + tr("%1 bytes a token").arg(shortText(static_cast<double>(bytes) / static_cast<double>(m_shown.ids.size())));
    if (shown < m_shown.ids.size()) counts += QStringLiteral(" · ") + tr("the first %1 are shown").arg(countText(shown));
    m_counts->setText(counts);
    if (!m_token && !m_shown.ids.empty()) {
        m_flow->setCurrent(0);
        return showToken(m_shown.ids.front());
    }
    const auto same = m_token ? std::ranges::find(m_shown.ids, *m_token) : m_shown.ids.end();
    if (same - m_shown.ids.begin() < static_cast<std::ptrdiff_t>(shown)) m_flow->setCurrent(static_cast<int>(same - m_shown.ids.begin()));
    showFacts();
}

// The ids stay as given: their text, cut anew, may be other ids.
void TokensPage::readIds()
{
    if (!m_tokenizer) return;
    QString problem;
    const std::vector<TokenId> ids = parseIds(m_ids->text(), *m_tokenizer, problem);
    m_idsProblem->setText(problem);
    m_idsProblem->setVisible(!problem.isEmpty());
    setStyleProperty(m_ids, "invalid", !problem.isEmpty());
    if (!problem.isEmpty()) return;
    m_encodeJob.cancel();
    {
        const QSignalBlocker quiet(m_text);
        m_text->setPlainText(fromUtf8(m_tokenizer->decode(ids, false)));
    }
    showTokens({ids, {}});
}

// What the token stands for by itself, with what cannot be seen as signs; the vocabulary's spelling where that is no text.
void TokensPage::chooseToken(int position)
{
    showToken(m_shown.ids[static_cast<std::size_t>(position)]);
}

void TokensPage::showToken(TokenId id)
{
    if (m_token != id) {
        m_token = id;
        m_neighbours.clear();
        requestNearest();
    }
    showFacts();
}

bool TokensPage::hasRow(TokenId id) const
{
    return m_embedding && id < matrixOf(m_document.tensor(*m_embedding)).rows;
}

void TokensPage::showFacts()
{
    m_openRow->setEnabled(m_token && hasRow(*m_token));
    if (!m_token) {
        m_name->setText(tr("No token is chosen"));
        m_facts->clear();
        return m_norm->clear();
    }
    m_name->setText(visibleText(fromUtf8(std::string(m_tokenizer->piece(*m_token).value_or("")))));
    QStringList facts{tr("id %1").arg(countText(*m_token))};
    if (m_tokenizer->isSpecial(*m_token)) facts << tr("special");
    if (m_embedding && m_embeddingKey != m_document.original()->fingerprint(*m_embedding)) facts << tr("□ patched embedding");
    const auto times = std::ranges::count(m_shown.ids, *m_token);
    facts << tr("%n time(s) in the text", nullptr, static_cast<int>(times));
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    if (!m_embedding) return m_norm->setText(tr("No tensor of this checkpoint is an embedding matrix."));
    if (!hasRow(*m_token)) return m_norm->setText(tr("The embedding matrix has no row for this token."));
    if (m_norms.empty()) return m_norm->setText(tr("Embedding norm: computing…"));
    const double norm = m_norms[*m_token];
    const auto below = std::ranges::lower_bound(m_sorted, norm) - m_sorted.begin();
    const QString share = percentText(m_sorted.empty() ? 0.0 : static_cast<double>(below) / static_cast<double>(m_sorted.size()));
    m_norm->setText(std::isfinite(norm) ? tr("Embedding norm %1, longer than %2 of all rows").arg(shortText(norm), share)
                                        : tr("The embedding row holds values that are not finite."));
}

void TokensPage::followEmbedding()
{
    if (!m_tokenizer || !m_embedding || !m_document.patched()) return;
    const std::string key = m_document.patched()->fingerprint(*m_embedding);
    if (key == m_embeddingKey) return;
    m_embeddingKey = key;
    requestNorms();
    requestNearest();
}

void TokensPage::requestNorms()
{
    m_norms.clear();
    m_normsJob.start<std::vector<double>>(
        tr("Norms of the embedding rows"),
        [source = SourcePtr(m_document.patched()), tensor = *m_embedding](Progress& progress) { return rowNorms(*source, tensor, progress); },
        [this](const Result<std::vector<double>>& result) {
            if (!result) {
                m_embeddingKey.clear();
                return m_norm->setText(errorText(result.error()));
            }
            m_norms = *result;
            m_sorted.clear();
            std::ranges::copy_if(m_norms, std::back_inserter(m_sorted), [](double norm) { return std::isfinite(norm); });
            std::ranges::sort(m_sorted);
            showFacts();
            if (!m_neighbours.empty()) showNearest(m_neighbours);
        });
}

void TokensPage::requestNearest()
{
    m_nearestJob.cancel();
    m_nearest->setRowCount(0);
    m_neighbours.clear();
    if (!m_token || !hasRow(*m_token)) return sayNearest(m_token ? tr("There is no row to compare with.") : QString());
    sayNearest(tr("Comparing with all rows…"));
    m_nearestJob.start<std::vector<Neighbour>>(
        tr("Nearest tokens"),
        [source = SourcePtr(m_document.patched()), tensor = *m_embedding, row = std::uint64_t{*m_token}](Progress& progress) {
            return nearestRows(*source, tensor, row, nearestCount, progress);
        },
        [this](const Result<std::vector<Neighbour>>& result) { showNearest(result); });
}

void TokensPage::showNearest(const Result<std::vector<Neighbour>>& result)
{
    if (!result) return sayNearest(errorText(result.error()));
    m_neighbours = *result;
    sayNearest(m_neighbours.empty() ? tr("The row is all zeros or not finite: it has no direction.") : QString());
    m_nearest->setRowCount(static_cast<int>(m_neighbours.size()));
    for (int row = 0; row < m_nearest->rowCount(); ++row) {
        const Neighbour& neighbour = m_neighbours[static_cast<std::size_t>(row)];
        const auto id = static_cast<TokenId>(neighbour.row);
        const QString texts[] = {m_tokenizer->piece(id) ? tokenText(*m_tokenizer, id) : tr("(no token)"), QString::number(id), shortText(neighbour.cosine),
                                 id < m_norms.size() ? shortText(m_norms[id]) : QString()};
        for (int col = 0; col < 4; ++col) {
            auto* item = new QTableWidgetItem(texts[col]);
            if (col > 0) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_nearest->setItem(row, col, item);
        }
    }
}

void TokensPage::sayNearest(const QString& text)
{
    m_nearestState->setText(text);
    m_nearestState->setVisible(!text.isEmpty());
}

void TokensPage::openRow()
{
    if (m_token && hasRow(*m_token)) m_selection.openElement(*m_embedding, *m_token, 0);
}

} // namespace wb

#include "moc_tokenspage.cpp"
