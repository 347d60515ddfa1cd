// The quick score in the status bar: what the staged edits do to the loss of a text, always in sight. A click leads to the text.
#pragma once

#include <QToolButton>

namespace wb {

class QuickScore;

class QuickScoreStrip : public QToolButton {
    Q_OBJECT
public:
    explicit QuickScoreStrip(QuickScore& score, QWidget* parent = nullptr);

private:
    void show();

    QuickScore& m_score;
};

} // namespace wb
