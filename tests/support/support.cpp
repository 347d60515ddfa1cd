#include "tests/support/support.h"

#include <atomic>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace wb::test {

TempFolder::TempFolder()
{
    static std::atomic<int> next{0};
    m_path = std::filesystem::temp_directory_path() /
             ("wb-test-" + std::to_string(::getpid()) + "-" + std::to_string(next++));
    std::filesystem::create_directories(m_path);
}

TempFolder::~TempFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

void writeFile(const std::filesystem::path& path, std::string_view bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string readFile(const std::filesystem::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

} // namespace wb::test
