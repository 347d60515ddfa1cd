// What a fuzz target gives: the entry point that libFuzzer calls, and honest inputs to start from. Without clang the
// driver in driver.cpp mutates these seeds, the same ones in the same order at every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace wb::fuzz {

[[nodiscard]] std::vector<std::string> seeds();

// The input as a file of that name in a folder of this process.
[[nodiscard]] std::filesystem::path asFile(const std::uint8_t* input, std::size_t size, const char* name);
// Ends the process with the sentence when a promise does not hold.
void require(bool holds, const char* promise);

} // namespace wb::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size);
