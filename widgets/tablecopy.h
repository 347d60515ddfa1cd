// Tables as text: what is selected (or all of it) with its header, by Ctrl+C or the context menu.
#pragma once

#include <QString>

#include <functional>

class QAbstractItemView;

namespace wb {

// Tabs between columns, the header first; rows in the order of the view. Children of a tree are left out.
[[nodiscard]] QString tableText(const QAbstractItemView& view);
// `text` instead of tableText, for tables that hold more digits than they show.
void installTableCopy(QAbstractItemView& view, std::function<QString()> text = {});

} // namespace wb
