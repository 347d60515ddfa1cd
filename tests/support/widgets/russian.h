// The Russian of the window, for tests.
#pragma once

#include "tests/support/support.h"

#include <QHash>
#include <QTranslator>
#include <QXmlStreamReader>

namespace wb::test {

// The Russian texts as they stand in translations/, without a compiled file.
class Russian : public QTranslator {
public:
    Russian()
    {
        QXmlStreamReader xml(QByteArray::fromStdString(readFile(std::filesystem::path(WB_SOURCE_DIR) / "translations/weightbench_ru.ts")));
        QString context, source;
        while (!xml.atEnd()) {
            xml.readNext();
            if (!xml.isStartElement()) continue;
            if (xml.name() == u"name") context = xml.readElementText();
            if (xml.name() == u"source") source = xml.readElementText();
            if (xml.name() == u"translation") m_texts.insert(context + QLatin1Char('\n') + source, xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed());
        }
    }
    QString translate(const char* context, const char* text, const char*, int) const override
    {
        return m_texts.value(QString::fromUtf8(context) + QLatin1Char('\n') + QString::fromUtf8(text)).section(QLatin1Char('\n'), 0, 0);
    }
    bool isEmpty() const override { return m_texts.isEmpty(); }

private:
    QHash<QString, QString> m_texts;
};

} // namespace wb::test
