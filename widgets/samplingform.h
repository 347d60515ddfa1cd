// How the next token is chosen: greedy or a chain of filters and a seed, shown in the order they act.
#pragma once

#include "core/base/json.h"
#include "core/model/generate.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSpinBox;
class QToolButton;

namespace wb {

// The chain in words, in the order it acts: "temperature 0.8 → top-p 0.95 → seed 7", "greedy".
[[nodiscard]] QString samplingText(const SamplingOptions& options);

class SamplingForm : public QWidget {
    Q_OBJECT
public:
    explicit SamplingForm(QWidget* parent = nullptr);

    // Sampling, number of tokens, candidates and end tokens as they stand.
    [[nodiscard]] GenerateOptions options() const;
    void setOptions(const GenerateOptions& options);
    // What the checkpoint suggests: shown, and taken over when asked.
    void setSuggestion(const Json& defaults);
    void setEndTokens(const std::set<std::uint32_t>& tokens) { m_endTokens = tokens; }

signals:
    void changed();

private:
    QDoubleSpinBox* number(QWidget* row, const QString& name, double least, double most, double step, double value, const QString& hint);
    void buildRule();
    void showChain();
    void useSuggestion();

    QComboBox* m_mode;
    QSpinBox* m_tokens;
    QSpinBox* m_seed;
    QDoubleSpinBox* m_temperature;
    QSpinBox* m_topK;
    QDoubleSpinBox* m_topP;
    QDoubleSpinBox* m_minP;
    QDoubleSpinBox* m_penalty;
    QCheckBox* m_ignoreEnd;
    QWidget* m_filters;
    QWidget* m_ruleRow;
    QComboBox* m_rule;
    QDoubleSpinBox* m_range;
    QDoubleSpinBox* m_exponent;
    QDoubleSpinBox* m_code;
    QDoubleSpinBox* m_number;
    QDoubleSpinBox* m_quote;
    QLabel* m_chain;
    QToolButton* m_suggestion;
    SamplingOptions m_suggested;
    std::set<std::uint32_t> m_endTokens;
};

} // namespace wb
