#include "widgets/formstate.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QTabWidget>
#include <QToolBar>

#include <functional>

namespace wb {
namespace {

// Children with the names of their places: the same in two windows that were built by the same code.
void forEachChild(const QWidget& widget, const QString& path, const std::function<void(QWidget&, const QString&)>& visit)
{
    std::map<QString, int> seen;
    for (QObject* child : widget.children()) {
        auto* part = qobject_cast<QWidget*>(child);
        if (part == nullptr || qobject_cast<QDialog*>(part) || qobject_cast<QMenu*>(part) || qobject_cast<QMenuBar*>(part) ||
            qobject_cast<QToolBar*>(part))
            continue;
        const QString name = QLatin1String(part->metaObject()->className()) + QLatin1Char('#') + part->objectName();
        visit(*part, path + QLatin1Char('/') + name + QString::number(seen[name]++));
    }
}

// Their inner line edits and buttons are not fields of their own.
bool isWhole(const QWidget& widget)
{
    return qobject_cast<const QComboBox*>(&widget) || qobject_cast<const QAbstractSpinBox*>(&widget);
}

QVariant valueOf(const QWidget& widget)
{
    if (const auto* line = qobject_cast<const QLineEdit*>(&widget); line && !line->isReadOnly()) return line->text();
    if (const auto* text = qobject_cast<const QPlainTextEdit*>(&widget); text && !text->isReadOnly()) return text->toPlainText();
    if (const auto* whole = qobject_cast<const QSpinBox*>(&widget)) return whole->value();
    if (const auto* number = qobject_cast<const QDoubleSpinBox*>(&widget)) return number->value();
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget); button && button->isCheckable()) return button->isChecked();
    if (const auto* tabs = qobject_cast<const QTabWidget*>(&widget)) return tabs->currentIndex();
    return {};
}

void check(QAbstractButton& button, bool checked)
{
    if (button.isChecked() == checked) return;
    if (button.isEnabled() && (checked || !button.autoExclusive()))
        button.click(); // as the user did: some views listen to that
    if (button.isChecked() != checked) button.setChecked(checked);
}

void fillText(QWidget& widget, const QVariant& value)
{
    if (auto* line = qobject_cast<QLineEdit*>(&widget); line && line->text() != value.toString()) {
        line->setText(value.toString());
        emit line->textEdited(value.toString());
    } else if (auto* text = qobject_cast<QPlainTextEdit*>(&widget); text && text->toPlainText() != value.toString()) {
        text->setPlainText(value.toString());
    } else if (auto* whole = qobject_cast<QSpinBox*>(&widget)) {
        whole->setValue(value.toInt());
    } else if (auto* number = qobject_cast<QDoubleSpinBox*>(&widget)) {
        number->setValue(value.toDouble());
    }
}

} // namespace

FormState::FormState(const QWidget& root) { read(root, {}); }

void FormState::read(const QWidget& widget, const QString& path)
{
    if (const auto* keeper = dynamic_cast<const KeepsState*>(&widget)) m_kept[path] = keeper->kept();
    if (const QVariant value = valueOf(widget); value.isValid()) m_values[path] = value;
    if (const auto* box = qobject_cast<const QComboBox*>(&widget); box && box->currentIndex() >= 0 && !box->property(choiceOfOwner).toBool())
        m_choices[path] = {box->currentIndex(), box->currentData(), box->currentText()};
    if (!isWhole(widget))
        forEachChild(widget, path, [this](const QWidget& child, const QString& name) { read(child, name); });
}

void FormState::applyTo(QWidget& root) const
{
    fillChoices(root, {}); // they say which fields there are, and some begin them anew
    fillTexts(root, {});
}

void FormState::fillChoices(QWidget& widget, const QString& path) const
{
    if (const auto found = m_kept.find(path); found != m_kept.end())
        if (auto* keeper = dynamic_cast<KeepsState*>(&widget)) keeper->take(found->second);
    if (const auto found = m_values.find(path); found != m_values.end()) {
        if (auto* button = qobject_cast<QAbstractButton*>(&widget)) check(*button, found->second.toBool());
        if (auto* tabs = qobject_cast<QTabWidget*>(&widget)) tabs->setCurrentIndex(found->second.toInt());
    }
    if (const auto found = m_choices.find(path); found != m_choices.end())
        if (auto* box = qobject_cast<QComboBox*>(&widget)) {
            const auto& [index, data, text] = found->second;
            int now = data.isValid() ? box->findData(data) : index < box->count() ? index : -1;
            if (now < 0 && !data.toString().isEmpty()) { // a file that was chosen
                now = 0;
                box->insertItem(0, text, data);
                box->setCurrentIndex(-1);
            }
            if (now >= 0 && now != box->currentIndex()) {
                box->setCurrentIndex(now);
                emit box->activated(now);
            }
        }
    if (!isWhole(widget))
        forEachChild(widget, path, [this](QWidget& child, const QString& name) { fillChoices(child, name); });
}

void FormState::fillTexts(QWidget& widget, const QString& path) const
{
    if (const auto found = m_values.find(path); found != m_values.end()) fillText(widget, found->second);
    if (!isWhole(widget))
        forEachChild(widget, path, [this](QWidget& child, const QString& name) { fillTexts(child, name); });
}

} // namespace wb
