#include "widgets/panels/treemenu.h"

#include "core/recipe/selector.h"
#include "widgets/errortext.h"

#include <algorithm>

namespace wb {
namespace {

// The dotted parts that all names share, with the last dot.
std::string sharedFolder(const std::vector<std::string>& names)
{
    std::string shared = names.front();
    for (const std::string& name : names)
        shared.resize(static_cast<std::size_t>(std::ranges::mismatch(shared, name).in1 - shared.begin()));
    const std::size_t dot = shared.rfind('.');
    shared.resize(dot == std::string::npos ? 0 : dot + 1);
    return shared;
}

} // namespace

TreeTarget treeTarget(const TensorSource& source, const std::vector<std::size_t>& tensors)
{
    TreeTarget target;
    std::vector<std::string> names;
    for (const std::size_t tensor : tensors)
        names.push_back(source.tensors()[tensor].name);
    for (const std::string& name : names)
        target.names << fromUtf8(name);
    if (names.size() == 1) {
        target.selection = fromUtf8(Selector::forTensor(names.front()).text());
        return target;
    }
    const std::string folder = sharedFolder(names);
    const bool plain = folder.find_first_of("*?[\\ \"()|!=~<>") == std::string::npos;
    const auto matched = plain ? Selector::parse("name=" + folder + "*") : Result<Selector>(Selector());
    const auto found = matched ? matched->select(source) : failure(matched);
    if (plain && found && found->size() == names.size()) {
        target.selection = fromUtf8(matched->text());
        return target;
    }
    QStringList each; // names with characters of globs, or a tree cut by a tensor of the folder's own name
    for (const std::string& name : names)
        each << fromUtf8(Selector::forTensor(name).text());
    target.selection = each.join(QStringLiteral(" | "));
    return target;
}

} // namespace wb
