#include "widgets/models/tensortree.h"

#include "core/recipe/patchedsource.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/tensortext.h"
#include "widgets/typedselection.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace wb {

struct TensorTree::Node {
    std::string name; // one or more parts, joined with dots
    Node* parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;
    std::unordered_map<std::string, Node*> byName; // only while the tree is built
    std::optional<std::size_t> tensor;
    std::uint64_t elements = 0;
    std::size_t edited = 0;
    std::size_t shown = 0; // tensors at or below that pass the filter

    Node& child(const std::string& part)
    {
        auto [at, isNew] = byName.try_emplace(part, nullptr);
        if (isNew) {
            children.push_back(std::make_unique<Node>());
            at->second = children.back().get();
            at->second->name = part;
        }
        return *at->second;
    }
};

TensorTree::TensorTree(QObject* parent)
    : QAbstractItemModel(parent)
    , m_root(std::make_unique<Node>())
{
}

TensorTree::~TensorTree() = default;

void TensorTree::setContent(std::shared_ptr<const Opened> content)
{
    beginResetModel();
    m_content = std::move(content);
    m_root = std::make_unique<Node>();
    m_leaves.clear();
    m_edited.assign(m_content ? m_content->checkpoint->tensors().size() : 0, false);
    if (m_content) {
        m_leaves.resize(m_content->checkpoint->tensors().size());
        for (const std::size_t tensor : m_content->order)
            insert(tensor);
        for (const auto& top : m_root->children)
            join(*top);
        number(*m_root, nullptr, 0);
    }
    setFilter({}); // before the views ask what is shown
    endResetModel();
}

void TensorTree::insert(std::size_t tensor)
{
    const TensorInfo& info = m_content->checkpoint->tensors()[tensor];
    Node* node = m_root.get();
    node->elements += info.elements;
    std::string_view rest = info.name;
    while (true) {
        const std::size_t dot = rest.find('.');
        node = &node->child(std::string(rest.substr(0, dot)));
        node->elements += info.elements;
        if (dot == std::string_view::npos) break;
        rest.remove_prefix(dot + 1);
    }
    node->tensor = tensor;
}

// "mlp" with the one child "down_proj" becomes "mlp.down_proj"; ".weight" alone at the end is what everybody
// expects and is left out.
void TensorTree::join(Node& node)
{
    while (node.children.size() == 1 && !node.tensor) {
        const std::unique_ptr<Node> only = std::move(node.children.front());
        if (!(only->name == "weight" && only->children.empty())) node.name += "." + only->name;
        node.tensor = only->tensor;
        node.children = std::move(only->children);
    }
    node.byName.clear();
    for (const auto& child : node.children)
        join(*child);
}

void TensorTree::number(Node& node, Node* parent, int row)
{
    node.parent = parent;
    node.row = row;
    if (node.tensor) m_leaves[*node.tensor] = &node;
    for (std::size_t i = 0; i < node.children.size(); ++i)
        number(*node.children[i], &node, static_cast<int>(i));
}

void TensorTree::setEdited(const PatchedSource* patched)
{
    std::vector<Node*> changed;
    for (Node* leaf : m_leaves) {
        const bool edited = patched && !patched->editsOf(*leaf->tensor).empty();
        if (edited == m_edited[*leaf->tensor]) continue;
        m_edited[*leaf->tensor] = edited;
        for (Node* node = leaf; node; node = node->parent) {
            node->edited = edited ? node->edited + 1 : node->edited - 1;
            if (node->parent) changed.push_back(node);
        }
    }
    std::ranges::sort(changed); // a folder is told once, whatever lies in it
    changed.erase(std::ranges::unique(changed).begin(), changed.end());
    constexpr std::size_t fewNodes = 1000;
    if (changed.size() > fewNodes) return tellOfTopLevel();
    for (Node* node : changed) {
        const QModelIndex at = createIndex(node->row, 0, node);
        emit dataChanged(at, at, {EditedRole, Qt::AccessibleTextRole, Qt::ToolTipRole});
    }
}

// Views paint the whole tree for it; to be told of each of 10⁵ nodes takes them seconds.
void TensorTree::tellOfTopLevel()
{
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {EditedRole, Qt::AccessibleTextRole, Qt::ToolTipRole});
}

std::vector<std::size_t> TensorTree::tensorsBelow(const QModelIndex& index) const
{
    std::vector<std::size_t> list;
    std::vector<const Node*> left = {&nodeAt(index)};
    while (!left.empty()) {
        const Node* node = left.back();
        left.pop_back();
        if (node->tensor) list.push_back(*node->tensor);
        for (auto child = node->children.rbegin(); child != node->children.rend(); ++child)
            left.push_back(child->get());
    }
    return list;
}

std::vector<bool> TensorTree::matches(const QString& text)
{
    std::vector<bool> found(m_leaves.size(), false);
    m_filterProblem.clear();
    if (isSelection(text)) {
        const Result<Selector> selector = typedSelection(text);
        if (!selector)
            m_filterProblem = errorText(selector.error());
        else if (selector->reads()) // a tree that is typed at cannot wait for tensors
            m_filterProblem = tr("A selection by statistic reads tensors: the Statistics page and the Edit panel take it.");
        if (!m_filterProblem.isEmpty()) return found;
        const auto selected = selector->select(*m_content->checkpoint);
        if (selected)
            for (const std::size_t tensor : *selected)
                found[tensor] = true;
        return found;
    }
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (std::size_t i = 0; i < found.size(); ++i) {
        const QString name = fromUtf8(m_content->checkpoint->tensors()[i].name);
        found[i] = std::ranges::all_of(
            words, [&](const QString& word) { return name.contains(word, Qt::CaseInsensitive); });
    }
    return found;
}

std::size_t TensorTree::setFilter(const QString& text)
{
    if (!m_content) return 0;
    const auto clear = [](auto&& self, Node& node) -> void {
        node.shown = 0;
        for (const auto& child : node.children)
            self(self, *child);
    };
    clear(clear, *m_root);
    const std::vector<bool> found = matches(text);
    for (std::size_t i = 0; i < found.size(); ++i)
        for (Node* node = found[i] ? m_leaves[i] : nullptr; node; node = node->parent)
            ++node->shown;
    return m_root->shown;
}

QModelIndex TensorTree::indexOf(std::size_t tensor) const
{
    return tensor < m_leaves.size() ? createIndex(m_leaves[tensor]->row, 0, m_leaves[tensor]) : QModelIndex();
}

const TensorTree::Node& TensorTree::nodeAt(const QModelIndex& index) const
{
    return index.isValid() ? *static_cast<const Node*>(index.internalPointer()) : *m_root;
}

QModelIndex TensorTree::index(int row, int column, const QModelIndex& parent) const
{
    const Node& node = nodeAt(parent);
    if (row < 0 || row >= rowCount(parent) || column < 0 || column >= columnCount()) return {};
    return createIndex(row, column, node.children[static_cast<std::size_t>(row)].get());
}

QModelIndex TensorTree::parent(const QModelIndex& child) const
{
    if (!child.isValid()) return {};
    Node* above = nodeAt(child).parent;
    return above && above->parent ? createIndex(above->row, 0, above) : QModelIndex();
}

int TensorTree::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeAt(parent).children.size());
}

int TensorTree::columnCount(const QModelIndex&) const
{
    return 2;
}

QString TensorTree::toolTip(const Node& node) const
{
    if (!node.tensor) return tr("%1 parameters").arg(countText(node.elements));
    const TensorInfo& info = m_content->checkpoint->tensors()[*node.tensor];
    QString text = QStringLiteral("%1\n%2 · %3 · %4")
                       .arg(fromUtf8(info.name), shapeWords(info.shape), fromUtf8(info.storedType),
                            bytesText(info.bytes));
    return node.edited > 0 ? text + QLatin1Char('\n') + tr("edited") : text;
}

QVariant TensorTree::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const Node& node = nodeAt(index);
    switch (role) {
    case Qt::DisplayRole: return index.column() == 0 ? fromUtf8(node.name) : briefCount(node.elements);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case Qt::ToolTipRole: return toolTip(node);
    case Qt::AccessibleTextRole:
        return index.column() == 0 && node.edited > 0
                   ? fromUtf8(node.name) + QStringLiteral(", ") + tr("edited")
                   : data(index, Qt::DisplayRole);
    case TensorRole: return node.tensor ? QVariant::fromValue(qulonglong(*node.tensor)) : QVariant();
    case EditedRole: return qulonglong(node.edited);
    case FilteredRole: return node.shown > 0;
    default: return {};
    }
}

Qt::ItemFlags TensorTree::flags(const QModelIndex& index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

} // namespace wb

#include "moc_tensortree.cpp"
