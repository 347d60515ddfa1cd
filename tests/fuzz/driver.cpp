// A bounded run of a fuzz target without libFuzzer: `fuzz_gguf 20000`. Seeds are cut, spliced and overwritten, small
// numbers and large ones put in their place. A crash leaves the input as fuzz-crash.bin in the current folder.
#include "tests/fuzz/fuzz.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>

#include <csignal>
#include <unistd.h>

namespace {

std::string current; // for the signal handler

void keepInput(int number)
{
    if (FILE* out = std::fopen("fuzz-crash.bin", "wb")) {
        std::fwrite(current.data(), 1, current.size(), out);
        std::fclose(out);
    }
    std::signal(number, SIG_DFL);
    std::raise(number);
}

class Mutator {
public:
    explicit Mutator(std::vector<std::string> seeds) : m_seeds(std::move(seeds)) {}

    std::string next()
    {
        std::string input = m_seeds[below(m_seeds.size())];
        for (std::size_t i = 0, count = 1 + below(6); i < count; ++i)
            mutate(input);
        return input;
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(m_random() % limit); }

    void mutate(std::string& input)
    {
        const std::size_t at = below(input.size() + 1), length = below(std::min<std::size_t>(input.size() - at, 64) + 1);
        switch (below(7)) {
        case 0:
            if (at < input.size())
                input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
            break;
        case 1:
            if (at < input.size())
                input[at] = static_cast<char>(m_random());
            break;
        case 2: input.erase(at, length); break;
        case 3: input.insert(at, input.substr(at, length)); break;
        case 4: writeNumber(input, at); break;
        case 5: {
            const std::string& other = m_seeds[below(m_seeds.size())];
            const std::size_t from = below(other.size());
            input.replace(at, length, other.substr(from, below(128)));
            break;
        }
        default: input.resize(at); break;
        }
    }

    void writeNumber(std::string& input, std::size_t at)
    {
        static constexpr std::uint64_t numbers[] = {0, 1, 7, 31, 32, 0x7F, 0xFF, 0x7FFFFFFF, 0xFFFFFFFF, 1ULL << 32, 1ULL << 62, (1ULL << 63) - 1, 1ULL << 63, ~0ULL};
        const std::uint64_t number = numbers[below(std::size(numbers))];
        const std::size_t width = std::size_t{1} << below(4);
        if (at + width <= input.size())
            std::memcpy(input.data() + at, &number, width);
    }

    std::vector<std::string> m_seeds;
    std::mt19937_64 m_random{20261125};
};

} // namespace

int main(int argc, char** argv)
{
    const long executions = argc > 1 ? std::atol(argv[1]) : 10'000;
    for (const int number : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGILL, SIGALRM})
        std::signal(number, keepInput);
    const auto seeds = wb::fuzz::seeds();
    Mutator mutator(seeds);
    for (long i = 0; i < executions; ++i) {
        current = i < static_cast<long>(seeds.size()) ? seeds[static_cast<std::size_t>(i)] : mutator.next();
        ::alarm(2); // seconds that no input may take
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
    }
    ::alarm(0);
    std::printf("%ld executions\n", executions);
    return 0;
}
