// Tables as text: what is selected (or all of it) with its header, by Ctrl+C or the context menu.
#pragma once

#include <QString>

class QAbstractItemView;

namespace wb {

// Tabs between columns, the header first; rows in the order of the view. Children of a tree are left out.
[[nodiscard]] QString tableText(const QAbstractItemView& view);
void installTableCopy(QAbstractItemView& view);

} // namespace wb
