// What two models hold likeliest in one place, side by side: token and probability of each.
#pragma once

#include "core/model/sampling.h"
#include "core/text/tokenizer.h"

#include <QTableWidget>

#include <optional>
#include <span>

namespace wb {

class CandidatesTable : public QTableWidget {
    Q_OBJECT
public:
    // `second` names the side beside the original.
    CandidatesTable(const QString& name, const QString& second, QWidget* parent);
    // An empty `b` hides its columns; `here`, what stands in the text, is bold.
    void showSides(std::span<const Candidate> a, std::span<const Candidate> b, const Tokenizer& tokenizer, std::optional<TokenId> here);
    void forget() { setRowCount(0); }
};

} // namespace wb
