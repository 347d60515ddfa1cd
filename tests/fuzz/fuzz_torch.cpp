// Files of torch.save: what is read lies inside of the file, and reading its values gives as many as its shape says.
#include "core/checkpoint/torchfile.h"
#include "core/checkpoint/zipdirectory.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/support.h"

using namespace wb;

std::vector<std::string> fuzz::seeds()
{
    const std::filesystem::path data = std::filesystem::path(WB_TEST_DATA) / "torch";
    std::vector<std::string> out = {torchFileOf({{"a", {1, 2}}})};
    for (const char* name : {"state.old.pt", "nested.zip.pt", "evil.pt", "experts.old.pt"})
        out.push_back(test::readFile(data / name));
    return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const auto file = File::open(fuzz::asFile(input, size, "a.pt"));
    if (!file)
        return 0;
    const auto read = readTorchFile(*file);
    if (!read)
        return 0;
    for (std::size_t i = 0; i < read->tensors.size(); ++i) {
        const TensorInfo& info = read->tensors[i].info;
        if (info.dtype == DType::Opaque)
            continue;
        const auto values = readTorchValues(*file, *read, i);
        fuzz::require(values.has_value() && values->size() == info.elements, "what was found can be read");
    }
    return 0;
}
