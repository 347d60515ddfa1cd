// The logit lens: what the head would say of the stream before each layer, as if the model ended there (nostalgebraist 2020;
// raw, without the final norm, as LLM-Microscope's logit_lens.py shows it).
#pragma once

#include "core/analysis/pairedchange.h"
#include "core/model/forward.h"
#include "core/model/sampling.h"

#include <span>
#include <vector>

namespace wb {

struct LensOptions {
    Precision precision = Precision::F32;
    bool raw = false;           // the head on the states as they are; the last row is behind the final norm all the same
    std::size_t candidates = 1; // likeliest tokens of each place
};

struct LensCell {
    std::vector<Candidate> likeliest; // most likely first
    double nextLogprob = 0;           // of the token that follows in the text; NaN at its end
    std::uint32_t nextRank = 0;       // how many tokens are likelier; 0 at the end of the text too
};

struct LensReport {
    std::size_t rows = 0;   // states: row 0 enters the first block, the last is the model's own answer
    std::size_t tokens = 0;
    std::vector<LensCell> cells; // (rows, tokens)
    double seconds = 0;
    [[nodiscard]] const LensCell& at(std::size_t row, std::size_t token) const { return cells[row * tokens + token]; }
};

// Of the token that follows, over all tokens that one follows. NaN of a text of one token.
[[nodiscard]] double meanNextLogprob(const LensReport& report, std::size_t row);
// Other less this, row by row, of that mean: paired over tokens, which are taken as independent. Empty when the two do not have the same
// rows and tokens, or have only one token.
[[nodiscard]] std::vector<PairedChange> lensChange(const LensReport& a, const LensReport& b);

// The text in one piece. TokenOutOfRange, ContextFull, LogitsNotFinite (with the row). Progress in rows of the table.
[[nodiscard]] Result<LensReport> computeLens(const Model& model, std::span<const std::uint32_t> tokens, const LensOptions& options, Progress& progress);
// What it takes beside the weights.
[[nodiscard]] std::uint64_t lensBytes(const ModelConfig& config, std::size_t tokens, const LensOptions& options);

} // namespace wb
