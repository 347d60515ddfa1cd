// The most likely tokens at one place of a generated text, with their probabilities: floats beside the token.
#pragma once

#include "core/model/generate.h"
#include "core/text/tokenizer.h"

#include <QFrame>

class QLabel;
class QTableWidget;

namespace wb {

class CandidatesCard : public QFrame {
    Q_OBJECT
public:
    explicit CandidatesCard(QWidget* parent);
    // Beside `at`, which is in the parent's coordinates, and inside the parent.
    void show(const GeneratedToken& token, const Tokenizer* tokenizer, const QRect& at);
    [[nodiscard]] QString text() const; // for tests and copying

private:
    void place(const QRect& at);

    QLabel* m_title;
    QTableWidget* m_table;
    QLabel* m_note;
};

} // namespace wb
