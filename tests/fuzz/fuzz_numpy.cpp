// Files of numpy: what is found in one can be read, or says why not.
#include "core/checkpoint/open.h"
#include "core/tensor/decode.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/support.h"

using namespace wb;

std::vector<std::string> fuzz::seeds()
{
    const std::filesystem::path data = std::filesystem::path(WB_TEST_DATA) / "numpy";
    std::vector<std::string> out;
    for (const char* name : {"one.npy", "others.npz", "packed.npz"})
        out.push_back(test::readFile(data / name));
    return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const auto checkpoint = openCheckpoint(fuzz::asFile(input, size, "a.npz"));
    if (!checkpoint || (*checkpoint)->format() != Format::Numpy)
        return 0;
    for (std::size_t i = 0; i < (*checkpoint)->tensors().size(); ++i) {
        const TensorInfo& info = (*checkpoint)->tensors()[i];
        if (info.dtype == DType::Opaque || info.elements > 1U << 20) // a packed array may claim anything until it is read
            continue;
        std::vector<double> values(info.elements);
        const auto read = readValues(**checkpoint, i, 0, values);
        fuzz::require(read.has_value() || info.at.decoder != 0, "what lies in the file as it is read can be read");
    }
    return 0;
}
