// The first half of the edit panel: which operation, and its numbers with sliders that fit the tensor's
// values.
#pragma once

#include "core/recipe/edit.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace wb {

class NumberRow;

class OperationForm : public QWidget {
    Q_OBJECT
public:
    explicit OperationForm(QWidget* parent = nullptr);

    // Nothing while the numbers are missing, wrong, or change nothing (× 1, + 0).
    [[nodiscard]] std::optional<Operation> operation() const;
    void load(const Operation& operation);
    void reset(); // to numbers that change nothing; the kind of operation stays
    // The values of the tensor: what the sliders of add, clamp and set span.
    void setRange(double low, double high);
    [[nodiscard]] bool needsRange() const; // a factor does not
    void focusNumber();

signals:
    void edited(); // by the user

private:
    enum class Rule { Power, Energy, Rank, Loaded }; // of svf, in the order of the combo box
    enum class Kind { Scale, Add, Clamp, Set, Zero, Normalize, Prune, Noise, Svf }; // in the order of Operation

    [[nodiscard]] Kind kind() const;
    void showKind();
    void setupRows();
    void addExtras();
    void addGains();
    [[nodiscard]] std::optional<Gains> gains() const;
    void loadGains(const Svf& svf);
    [[nodiscard]] Normalize::Form form() const;
    [[nodiscard]] std::optional<Operation> shaped() const; // normalize, prune, noise and svf

    double m_low = -1, m_high = 1;
    double m_share = 0; // of prune, as it was loaded
    QComboBox* m_kind;
    NumberRow* m_first;
    NumberRow* m_second; // upper bound of clamp
    QComboBox* m_form;   // of normalize, each with its formula
    QCheckBox* m_relative;
    QWidget* m_seedRow;
    QLineEdit* m_seed;
    QComboBox* m_rule; // of svf
    QCheckBox* m_keepNorm;
    std::optional<Gains> m_loadedGains; // that no number here can say: a list, a curve, experts
};

} // namespace wb
