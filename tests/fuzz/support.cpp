#include "tests/fuzz/fuzz.h"
#include "tests/support/support.h"

#include <cstdio>
#include <cstdlib>

namespace wb::fuzz {

std::filesystem::path asFile(const std::uint8_t* input, std::size_t size, const char* name)
{
    static const test::TempFolder folder;
    const std::filesystem::path path = folder / name;
    test::writeFile(path, {reinterpret_cast<const char*>(input), size});
    return path;
}

void require(bool holds, const char* promise)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

} // namespace wb::fuzz
