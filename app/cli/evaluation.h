// One side of `wb evaluate`: what is scored, under which key its results are kept, and its model, loaded when it is needed.
#pragma once

#include "app/cli/cli.h"

#include "core/eval/resultstore.h"
#include "core/model/model.h"

namespace wb::cli {

struct Side {
    std::string name; // "original", "patched"
    CheckpointPtr checkpoint;
    SourcePtr source;
    TokenizerPtr tokenizer;
    std::set<std::uint32_t> endTokens;
    ModelPtr model; // null until something is to be computed
};

class Evaluation {
public:
    Evaluation(const Task& task, EvaluateOptions options, const Sandbox* sandbox, std::string resume, const Globals& globals);

    // Reads tokenizer and generation settings, no weights.
    [[nodiscard]] Result<Side> side(std::string name, CheckpointPtr checkpoint, SourcePtr source) const;
    // Shares the weights that a side loaded before has too.
    [[nodiscard]] Result<ModelPtr> model(Side& side);
    // Takes from the folder of results what is there, when there is one.
    [[nodiscard]] Result<EvaluationReport> score(Side& side, bool otherOrder = false);
    [[nodiscard]] EvaluateOptions optionsOf(const Side& side) const;

private:
    const Task& m_task;
    EvaluateOptions m_options;
    const Sandbox* m_sandbox;
    std::string m_resume;
    const Globals& m_globals;
    ModelPtr m_loaded;
};

} // namespace wb::cli
