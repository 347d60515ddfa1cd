#include "widgets/readingform.h"

#include "widgets/askcheckpoint.h"
#include "widgets/document.h"
#include "widgets/runningmodels.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSpinBox>

namespace wb {

Result<std::shared_ptr<const Reading>> prepareReading(const ReadingRequest& request, Progress& progress)
{
    auto reading = std::make_shared<Reading>();
    auto content = readTextSource(request.text);
    if (!content) return failure(content);
    auto tokenizer = request.models->tokenizer();
    if (!tokenizer) return failure(tokenizer);
    auto encoded = (*tokenizer)->encode(*content, true);
    if (!encoded) return failure(encoded);
    reading->tokenizer = *tokenizer;
    reading->all = encoded->ids.size();
    reading->ids = std::move(encoded->ids);
    reading->ids.resize(std::min(reading->all, request.tokens));
    reading->text = request.text.name;
    reading->builtInText = request.text.builtIn;
    reading->againstOther = !request.other.empty();
    if (reading->ids.empty()) return fail(ErrorCode::BadArgument, request.text.name.toStdString(), "the text has no tokens");
    auto a = request.models->load(request.original, progress);
    if (!a) return failure(a);
    reading->a = *a;
    reading->nameA = ReadingForm::tr("original");
    if (request.patched || !request.other.empty()) {
        auto b = request.other.empty() ? request.models->load(request.patched, progress) : request.models->loadOther(request.other, progress);
        if (!b) return failure(b);
        reading->b = *b;
        reading->nameB = request.other.empty() ? ReadingForm::tr("patched") : QString::fromStdString(request.other.filename().string());
    }
    return std::shared_ptr<const Reading>(std::move(reading));
}

std::shared_ptr<const Reading> renamed(const Reading& reading)
{
    auto same = std::make_shared<Reading>(reading);
    if (reading.builtInText) same->text = builtInText().name;
    same->nameA = ReadingForm::tr("original");
    if (reading.b && !reading.againstOther) same->nameB = ReadingForm::tr("patched");
    return same;
}

ReadingForm::ReadingForm(Document& document, int tokens, int mostTokens, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_row(new QHBoxLayout(this))
    , m_text(new TextChooser(this))
    , m_tokens(new QSpinBox(this))
    , m_against(new QComboBox(this))
    , m_button(new QPushButton(tr("Measure"), this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(8);
    m_row->addWidget(m_text, 1);
    m_tokens->setRange(8, mostTokens);
    m_tokens->setSingleStep(std::max(1, tokens / 4));
    m_tokens->setValue(tokens);
    m_tokens->setPrefix(tr("first "));
    m_tokens->setSuffix(tr(" tokens"));
    m_tokens->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_tokens->setAccessibleName(tr("Tokens at most"));
    m_row->addWidget(m_tokens);
    m_against->setAccessibleName(tr("Compared with"));
    m_against->setProperty(choiceOfOwner, true);
    m_against->setToolTip(tr("What the original is compared with: your staged edits, or a second checkpoint, as its fine-tuned sibling"));
    m_against->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_against->setMinimumContentsLength(10);
    m_against->addItem(tr("with the edits"), QString());
    m_against->addItem(tr("with a checkpoint…"), QStringLiteral("file"));
    connect(m_against, &QComboBox::activated, this, &ReadingForm::chooseOther);
    m_row->addWidget(m_against);
    m_button->setProperty("main", true);
    m_button->setObjectName(QStringLiteral("measure"));
    m_row->addWidget(m_button);
    connect(m_button, &QPushButton::clicked, this, [this] { m_busy ? emit stopRequested() : emit startRequested(); });
    connect(&m_document, &Document::opened, this, [this] {
        m_stale = true;
        if (isVisible()) listTexts();
    });
}

void ReadingForm::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale) listTexts();
}

// Of a checkpoint with texts of its own the first is taken, as the quick score does.
void ReadingForm::listTexts()
{
    if (!m_document.isOpen()) return;
    m_stale = false;
    const auto root = m_document.content()->checkpoint->root();
    m_text->list(root);
    if (const auto beside = textBeside(root); beside && m_text->source().builtIn) m_text->setSource(*beside);
}

void ReadingForm::chooseOther(int index)
{
    if (m_against->itemData(index).toString() != QStringLiteral("file")) return;
    const QString checkpoint = askForCheckpoint(*this, tr("A checkpoint of the same vocabulary"));
    m_against->setCurrentIndex(0);
    if (!checkpoint.isEmpty()) compareWith(checkpoint);
}

void ReadingForm::compareWith(const QString& checkpoint)
{
    m_against->insertItem(1, tr("with %1").arg(QFileInfo(checkpoint).fileName()), checkpoint);
    m_against->setCurrentIndex(1);
}

std::any ReadingForm::kept() const { return m_against->currentData().toString(); }

void ReadingForm::take(const std::any& state)
{
    if (m_stale) listTexts(); // before the text that was chosen
    if (const auto checkpoint = std::any_cast<QString>(state); !checkpoint.isEmpty()) compareWith(checkpoint);
}

ReadingRequest ReadingForm::request() const
{
    const QString other = m_against->currentData().toString();
    return {m_document.models(), m_document.original(), !m_against->isHidden() && other.isEmpty() && m_document.hasEdits() ? m_document.edited() : nullptr, other.toStdString(), m_text->source(),
            static_cast<std::size_t>(m_tokens->value())};
}

void ReadingForm::setBusy(bool busy)
{
    m_busy = busy;
    m_button->setText(busy ? tr("Stop") : tr("Measure"));
}

void ReadingForm::setText(TextSource text)
{
    if (m_stale) listTexts();
    m_text->setSource(std::move(text));
}

void ReadingForm::setTokens(int tokens) { m_tokens->setValue(tokens); }

void ReadingForm::leaveOutComparison() { m_against->hide(); }

} // namespace wb

#include "moc_readingform.cpp"
