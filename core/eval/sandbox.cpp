#include "core/eval/sandbox.h"

#include "core/base/file.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <random>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wb {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* bubblewrap = "/usr/bin/bwrap";
constexpr const char* python = "/usr/bin/python3";
constexpr const char* prlimit = "/usr/bin/prlimit"; // of util-linux
constexpr int secretDescriptor = 3;
constexpr unsigned firstUser = 1'700'000'000; // of users that no system has

// All of it in one place, in the order bwrap reads it.
constexpr std::array arguments = {
    bubblewrap, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--ro-bind", "/usr", "/usr",
    "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
    "--proc", "/proc", "--dev", "/dev", "--size", "16777216", "--tmpfs", "/tmp", "--remount-ro", "/", "--chdir", "/tmp",
    "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--setenv", "PATH", "/usr/bin", "--setenv", "PYTHONHASHSEED", "0",
    // Set inside, where only the program's own processes count: outside those of the user would.
    "--", prlimit, "--nproc=64:64", python, "-I", "-S", "-"};

struct Pipe {
    int read = -1, write = -1;
    Pipe() = default;
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe()
    {
        closeEnd(read);
        closeEnd(write);
    }
    [[nodiscard]] bool open()
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return false;
        read = ends[0];
        write = ends[1];
        return true;
    }
    static void closeEnd(int& end)
    {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
};

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void becomeProgram(const SandboxLimits& limits, int in, int out, int secret, char* const* argv)
{
    const auto limit = [](auto what, rlim_t value) {
        const rlimit both{value, value};
        ::setrlimit(what, &both);
    };
    limit(RLIMIT_AS, limits.memoryBytes);
    limit(RLIMIT_CPU, limits.cpuSeconds);
    limit(RLIMIT_FSIZE, limits.fileBytes);
    limit(RLIMIT_NOFILE, 64);
    limit(RLIMIT_CORE, 0);
    const bool placed = ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(out, 2) == 2 && ::dup2(secret, secretDescriptor) == secretDescriptor;
    // The limit on processes does not hold for root; a user of its own for each run, so that runs do not count each other's.
    const auto user = static_cast<uid_t>(firstUser + ::getpid() % 1'000'000);
    const bool dropped = ::geteuid() != 0 || (::setgroups(0, nullptr) == 0 && ::setgid(user) == 0 && ::setuid(user) == 0);
    if (placed && dropped) {
        ::close_range(secretDescriptor + 1, ~0U, 0);
        char* const none[] = {nullptr};
        ::execve(bubblewrap, argv, none);
    }
    ::_exit(127);
}

std::string makeSecret()
{
    std::random_device random; // a secret, not a seed: it decides nothing but who wrote it
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

std::string lastLine(const std::string& output)
{
    const std::size_t end = output.find_last_not_of("\n\r \t");
    if (end == std::string::npos)
        return "";
    const std::size_t begin = output.rfind('\n', end);
    return output.substr(begin == std::string::npos ? 0 : begin + 1, std::min<std::size_t>(end - (begin == std::string::npos ? 0 : begin + 1) + 1, 300));
}

// Feeds the program, collects what it writes, and kills it when a limit is reached.
class Watch {
public:
    Watch(pid_t child, Pipe& in, Pipe& out, Pipe& answer, const std::string& program, const SandboxLimits& limits, const Progress* progress)
        : m_child(child), m_in(in), m_out(out), m_secret(answer), m_program(program), m_limits(limits), m_progress(progress)
    {
        for (const int end : {m_in.write, m_out.read, m_secret.read})
            ::fcntl(end, F_SETFL, O_NONBLOCK);
    }

    // Why it was killed; none when it ended by itself.
    Reason watch()
    {
        const auto deadline = Clock::now() + m_limits.wallClock;
        while (m_out.read >= 0) {
            if (m_progress != nullptr && m_progress->cancelled())
                return kill(ReasonCode::Stopped);
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
            if (left <= 0)
                return kill({ReasonCode::TimedOut, {fmt::format("{:g}", static_cast<double>(m_limits.wallClock.count()) / 1000)}});
            std::array<pollfd, 3> ends = {pollfd{m_in.write, POLLOUT, 0}, pollfd{m_out.read, POLLIN, 0}, pollfd{m_secret.read, POLLIN, 0}};
            ::poll(ends.data(), ends.size(), static_cast<int>(std::min<std::int64_t>(left, 100)));
            if (m_in.write >= 0 && ends[0].revents != 0)
                feed();
            collect(m_secret, secret);
            collect(m_out, output);
            if (output.size() > m_limits.outputBytes)
                return kill({ReasonCode::TooMuchOutput, {std::to_string(m_limits.outputBytes)}});
        }
        return {};
    }

    std::string output, secret;

private:
    void feed()
    {
        const ssize_t done = ::write(m_in.write, m_program.data() + m_fed, m_program.size() - m_fed);
        if (done > 0)
            m_fed += static_cast<std::size_t>(done);
        if (m_fed == m_program.size() || (done < 0 && errno != EAGAIN))
            Pipe::closeEnd(m_in.write);
    }

    void collect(Pipe& pipe, std::string& into) const
    {
        std::array<char, 4096> piece;
        while (pipe.read >= 0 && into.size() <= m_limits.outputBytes) {
            const ssize_t got = ::read(pipe.read, piece.data(), piece.size());
            if (got < 0 && errno == EAGAIN)
                return;
            if (got <= 0)
                return Pipe::closeEnd(pipe.read);
            into.append(piece.data(), static_cast<std::size_t>(got));
        }
    }

    Reason kill(Reason why) const
    {
        ::kill(m_child, SIGKILL); // bwrap's child dies with it, and with that one all of its namespace
        return why;
    }

    pid_t m_child;
    Pipe& m_in;
    Pipe& m_out;
    Pipe& m_secret;
    const std::string& m_program;
    const SandboxLimits& m_limits;
    const Progress* m_progress;
    std::size_t m_fed = 0;
};

} // namespace

Result<Sandbox> Sandbox::find(const SandboxLimits& limits)
{
    std::error_code ignored;
    for (const char* tool : {bubblewrap, python, prlimit})
        if (!std::filesystem::exists(tool, ignored))
            return fail(ErrorCode::SandboxMissing, said(CORE_TEXT("reasons", "sandbox")), said(CORE_TEXT("reasons", "%1 is not installed"), tool));
    Sandbox sandbox(limits);
    if (auto done = sandbox.selfTest(); !done)
        return failure(done);
    return sandbox;
}

Result<void> Sandbox::selfTest()
{
    const std::string probe = R"PY(
import os, socket, sys
for place in ("/home", "/root", "/etc/passwd", "/work"):
    assert not os.path.exists(place), place + " is there"
for place in ("/usr/x", "/x"):
    try:
        open(place, "w")
        raise SystemExit(place + " can be written")
    except OSError:
        pass
try:
    socket.create_connection(("1.1.1.1", 53), 0.2)
    raise SystemExit("the network is there")
except OSError:
    pass
assert os.getuid() == 65534 and not [k for k in os.environ if k not in ("PATH", "PYTHONHASHSEED", "PWD", "LC_CTYPE")]
print("Python", sys.version.split()[0])
)PY";
    auto done = run(probe);
    if (!done)
        return failure(done);
    if (!done->passed)
        return fail(ErrorCode::SandboxMissing, said(CORE_TEXT("reasons", "sandbox")), said(CORE_TEXT("reasons", "its self-test failed: %1"), done->reason.sentence()));
    m_interpreter = done->reason.english();
    return {};
}

Result<SandboxRun> Sandbox::run(const std::string& program, const Progress* progress) const
{
    const std::string secret = makeSecret();
    const std::string whole = fmt::format("{}\nimport os as _os\n_os.write({}, b\"{}\")\n", program, secretDescriptor, secret);
    Pipe in, out, answer;
    if (!in.open() || !out.open() || !answer.open())
        return fail(ErrorCode::SandboxMissing, said(CORE_TEXT("reasons", "sandbox")), systemMessage(errno));
    std::vector<char*> argv;
    for (const char* argument : arguments)
        argv.push_back(const_cast<char*>(argument));
    argv.push_back(nullptr);
    const auto start = Clock::now();
    const pid_t child = ::fork();
    if (child < 0)
        return fail(ErrorCode::SandboxMissing, said(CORE_TEXT("reasons", "sandbox")), systemMessage(errno));
    if (child == 0)
        becomeProgram(m_limits, in.read, out.write, answer.write, argv.data());
    for (int* end : {&in.read, &out.write, &answer.write})
        Pipe::closeEnd(*end);
    Watch watch(child, in, out, answer, whole, m_limits, progress);
    const Reason killed = watch.watch();
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    SandboxRun result;
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    result.passed = killed.empty() && watch.secret == secret;
    if (!killed.empty())
        result.reason = killed;
    else if (result.passed)
        result.reason = lastLine(watch.output);
    else if (WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) > 128))
        result.reason = {ReasonCode::Signal, {std::to_string(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) - 128)}};
    else
        result.reason = lastLine(watch.output).empty() ? Reason(ReasonCode::EndedEarly) : Reason(lastLine(watch.output));
    return result;
}

} // namespace wb
