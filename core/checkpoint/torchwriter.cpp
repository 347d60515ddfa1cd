// Writes a file as torch.save does; readers are in torchfile.cpp.
#include "core/checkpoint/torchfile.h"
#include "core/checkpoint/zipdirectory.h"

namespace wb {
namespace {

// Protocol 2, as pickle.dump writes it for this one shape of object.
class PickleWriter {
public:
    PickleWriter() { m_out += "\x80\x02" "ccollections\nOrderedDict\n)R("; }
    void vector(const std::string& key, const std::string& storage, std::uint32_t count)
    {
        text(key);
        m_out += "ctorch._utils\n_rebuild_tensor_v2\n((";
        text("storage");
        m_out += "ctorch\nFloatStorage\n";
        text(storage);
        text("cpu");
        integer(count);
        m_out += "tQ";
        integer(0);
        integer(count);
        m_out += "\x85";
        integer(1);
        m_out += "\x85\x89" "ccollections\nOrderedDict\n)RtR";
    }
    std::string finish() { return m_out + "u."; }

private:
    void text(const std::string& value)
    {
        m_out += 'X';
        const auto length = static_cast<std::uint32_t>(value.size());
        m_out.append(reinterpret_cast<const char*>(&length), 4);
        m_out += value;
    }
    void integer(std::uint32_t value)
    {
        m_out += 'J';
        m_out.append(reinterpret_cast<const char*>(&value), 4);
    }
    std::string m_out;
};

} // namespace

std::string torchFileOf(const std::vector<std::pair<std::string, std::vector<float>>>& vectors)
{
    PickleWriter pickle;
    std::vector<std::pair<std::string, std::string>> entries = {{"archive/data.pkl", ""}, {"archive/byteorder", "little"}};
    for (const auto& [key, values] : vectors) {
        const std::string storage = std::to_string(entries.size() - 2);
        pickle.vector(key, storage, static_cast<std::uint32_t>(values.size()));
        entries.emplace_back("archive/data/" + storage, std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)));
    }
    entries.emplace_back("archive/version", "3\n");
    entries.front().second = pickle.finish();
    return zipOf(entries);
}

} // namespace wb
