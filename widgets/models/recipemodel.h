// The staged edits as a list: checked = enabled, dragged = reordered. Every change goes through the document
// as one undo step.
#pragma once

#include <QAbstractListModel>

namespace wb {

class Document;

class RecipeModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { TargetRole = Qt::UserRole, VerdictRole };

    RecipeModel(Document& document, QObject* parent);

    void remove(int row);
    void move(int from, int to); // `to`: its row afterwards
    // All edits of a group, in one step.
    void enableGroup(const std::string& group, bool enabled);
    // What the guard says of each edit, empty for an effective one, and why; forgotten at the next change.
    struct Verdict {
        QString words, because;
    };
    void setVerdicts(QList<Verdict> verdicts);
    void describe(int row, const QString& label, const QString& reason);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

signals:
    void failed(const QString& text); // a change that the recipe cannot take

private:
    void refresh();

    Document& m_document;
    int m_rows = 0;
    QList<Verdict> m_verdicts;
};

} // namespace wb
