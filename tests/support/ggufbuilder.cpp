#include "tests/support/ggufbuilder.h"

namespace wb::test {

std::string GgufBuilder::string(const std::string& text) { return raw(static_cast<std::uint64_t>(text.size())) + text; }

GgufBuilder& GgufBuilder::key(const std::string& name, std::uint32_t type, const std::string& value)
{
    m_keys.push_back(string(name) + raw(type) + value);
    return *this;
}

GgufBuilder& GgufBuilder::texts(const std::string& name, const std::vector<std::string>& values)
{
    std::string list = raw(std::uint32_t{8}) + raw(static_cast<std::uint64_t>(values.size()));
    for (const std::string& value : values)
        list += string(value);
    return key(name, 9, list);
}

GgufBuilder& GgufBuilder::tensor(GgufTensor tensor)
{
    m_tensors.push_back(std::move(tensor));
    return *this;
}

std::string GgufBuilder::bytes() const
{
    std::string head = magic + raw(version) + raw(tensorCount.value_or(m_tensors.size())) + raw(keyCount.value_or(m_keys.size()));
    for (const std::string& key : m_keys)
        head += key;
    const auto pad = [this](std::string& text) { text.resize((text.size() + alignment - 1) / alignment * alignment, '\0'); };
    std::string body;
    for (const GgufTensor& tensor : m_tensors) {
        head += string(tensor.name) + raw(tensor.rank.value_or(static_cast<std::uint32_t>(tensor.dims.size())));
        for (const std::uint64_t extent : tensor.dims)
            head += raw(extent);
        head += raw(tensor.type) + raw(tensor.offset.value_or(body.size()));
        body += tensor.data;
        pad(body);
    }
    pad(head);
    return head + body;
}

} // namespace wb::test
