// The tensors of a checkpoint as a tree of the dotted parts of their names, chains of single children joined,
// in order of computation. Two columns: name, and number of parameters. Knows which tensors are edited and
// which the filter leaves.
#pragma once

#include <QAbstractItemModel>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace wb {

struct Opened;
class PatchedSource;

class TensorTree : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Role {
        TensorRole = Qt::UserRole, // index of the tensor; invalid on folders
        EditedRole,                // number of edited tensors at or below
        FilteredRole,              // bool: shown under the current filter
    };

    explicit TensorTree(QObject* parent = nullptr);
    ~TensorTree() override;

    void setContent(std::shared_ptr<const Opened> content);
    // Marks what the patched source changes.
    void setEdited(const PatchedSource* patched);
    // Words that the name must all contain, or a selection ("role=q_proj layer=3-5"); empty shows everything.
    // Returns how many tensors are left.
    std::size_t setFilter(const QString& text);
    [[nodiscard]] const QString& filterProblem() const { return m_filterProblem; } // why the text is no filter; empty when it is one
    [[nodiscard]] QModelIndex indexOf(std::size_t tensor) const;
    [[nodiscard]] std::vector<std::size_t> tensorsBelow(const QModelIndex& index) const; // or at it; in the tree's order

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Node;
    void insert(std::size_t tensor);
    void join(Node& node);
    void number(Node& node, Node* parent, int row);
    void tellOfTopLevel(); // that marks changed, of very many nodes
    [[nodiscard]] std::vector<bool> matches(const QString& text);
    [[nodiscard]] QString toolTip(const Node& node) const;
    [[nodiscard]] const Node& nodeAt(const QModelIndex& index) const;

    std::shared_ptr<const Opened> m_content;
    std::unique_ptr<Node> m_root;
    std::vector<Node*> m_leaves; // per tensor
    std::vector<bool> m_edited;  // likewise: a folder can be a tensor too
    QString m_filterProblem;
};

} // namespace wb
