// Runs generated Python where it can do no harm: bubblewrap with all namespaces of its own, no network, no files but a
// read-only /usr and a small /tmp, an empty environment, another user, and limits on time, memory, processes and output.
// Without it nothing is run. Every function is safe from any thread.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/eval/reason.h"

#include <chrono>
#include <string>

namespace wb {

struct SandboxLimits {
    std::chrono::milliseconds wallClock{5000};
    unsigned cpuSeconds = 10;
    std::uint64_t memoryBytes = 1U << 30;  // address space
    std::uint64_t fileBytes = 1U << 20;
    std::uint64_t outputBytes = 64U << 10; // of stdout and stderr together; more ends the program
};

struct SandboxRun {
    bool passed = false;
    Reason reason; // its last line, or what ended it: "AssertionError: …", "timed out after 5 s"; none when it passed in silence
    double seconds = 0;
};

class Sandbox {
public:
    // SandboxMissing when bubblewrap or Python is not there, or when the self-test (network, home, writing, processes) finds a hole.
    [[nodiscard]] static Result<Sandbox> find(const SandboxLimits& limits = {});

    // Runs `program`; it has passed if it comes to its end: a line put after it then writes a secret of this run to a descriptor
    // of its own, so that exit(0) before that is no pass. Stopping the progress kills it.
    [[nodiscard]] Result<SandboxRun> run(const std::string& program, const Progress* progress = nullptr) const;

    [[nodiscard]] const std::string& interpreter() const { return m_interpreter; } // "Python 3.11.2"

private:
    explicit Sandbox(const SandboxLimits& limits) : m_limits(limits) {}
    Result<void> selfTest();

    SandboxLimits m_limits;
    std::string m_interpreter;
};

} // namespace wb
