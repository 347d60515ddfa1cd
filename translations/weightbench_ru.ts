<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru">
<context>
    <name>errors</name>
    <message>
        <source>there is no such file or folder</source>
        <translation>нет такого файла или папки</translation>
    </message>
    <message>
        <source>Check the path</source>
        <translation>Проверьте путь</translation>
    </message>
    <message>
        <source>it cannot be opened: %1</source>
        <translation>файл не открывается: %1</translation>
    </message>
    <message>
        <source>Check that it is a regular file and that you may read it</source>
        <translation>Проверьте, что это обычный файл и что вам разрешено его читать</translation>
    </message>
    <message>
        <source>this is not a checkpoint we can read: %1</source>
        <translation>это не чекпойнт, который мы умеем читать: %1</translation>
    </message>
    <message>
        <source>it has %1 bytes and %2 is the most that is read</source>
        <translation>в нём %1 байт, а читается не больше %2</translation>
    </message>
    <message>
        <source>Check that it is the file you mean</source>
        <translation>Проверьте, тот ли это файл</translation>
    </message>
    <message>
        <source>%1 bytes were wanted at offset %2 but only %3 could be read</source>
        <translation>нужно было %1 байт со смещения %2, а прочитано только %3</translation>
    </message>
    <message>
        <source>The file was shortened or the device fails; fetch it again</source>
        <translation>Файл укоротили или устройство сбоит; скачайте его снова</translation>
    </message>
    <message>
        <source>the file was changed by another program after it was opened</source>
        <translation>файл изменён другой программой после открытия</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Откройте его снова</translation>
    </message>
    <message>
        <source>the file has %1 bytes and a safetensors file begins with 8 bytes of header length</source>
        <translation>в файле %1 байт, а safetensors начинается с 8 байт длины заголовка</translation>
    </message>
    <message>
        <source>Fetch it again</source>
        <translation>Скачайте его снова</translation>
    </message>
    <message>
        <source>the header claims %1 bytes and %2 is the most that is allowed</source>
        <translation>заголовок заявляет %1 байт, а допустимо не больше %2</translation>
    </message>
    <message>
        <source>This is not a safetensors file, or it is damaged</source>
        <translation>Это не файл safetensors, или он повреждён</translation>
    </message>
    <message>
        <source>the header claims %1 bytes but the file has %2</source>
        <translation>заголовок заявляет %1 байт, а в файле %2</translation>
    </message>
    <message>
        <source>The file is truncated; fetch it again</source>
        <translation>Файл обрезан; скачайте его снова</translation>
    </message>
    <message>
        <source>the header is not valid: %1</source>
        <translation>заголовок неверен: %1</translation>
    </message>
    <message>
        <source>The file is damaged; fetch it again</source>
        <translation>Файл повреждён; скачайте его снова</translation>
    </message>
    <message>
        <source>the header names %1 twice</source>
        <translation>заголовок называет %1 дважды</translation>
    </message>
    <message>
        <source>Its writer is broken; make the file again</source>
        <translation>Программа, записавшая файл, ошиблась; создайте его заново</translation>
    </message>
    <message>
        <source>the header entry of %1 is not valid: %2</source>
        <translation>запись %1 в заголовке неверна: %2</translation>
    </message>
    <message>
        <source>%1 is %2 and the limit for files we trust is %3</source>
        <translation>%1: %2, а предел для файлов, которым доверяют, — %3</translation>
    </message>
    <message>
        <source>If you trust the file, lift the limits with --no-limits</source>
        <translation>Если вы доверяете файлу, снимите пределы ключом --no-limits</translation>
    </message>
    <message>
        <source>the size of %1 with shape %2 does not fit 64 bits</source>
        <translation>размер %1 с формой %2 не помещается в 64 бита</translation>
    </message>
    <message>
        <source>The file is damaged or hostile</source>
        <translation>Файл повреждён или вредоносен</translation>
    </message>
    <message>
        <source>%1 has %2 bits, which is not a whole number of bytes</source>
        <translation>%1 занимает %2 бит — не целое число байтов</translation>
    </message>
    <message>
        <source>%1 has %2 bytes by its shape and type but %3 by its place in the file</source>
        <translation>%1 занимает %2 байт по форме и типу, но %3 по месту в файле</translation>
    </message>
    <message>
        <source>%1 begins at byte %2 inside the tensor that ends at byte %3</source>
        <translation>%1 начинается с байта %2 внутри тензора, который кончается на байте %3</translation>
    </message>
    <message>
        <source>%1 begins at byte %2 but the tensor before it ends at byte %3</source>
        <translation>%1 начинается с байта %2, а предыдущий тензор кончается на байте %3</translation>
    </message>
    <message>
        <source>the tensors end at byte %1 but the file has %2 bytes</source>
        <translation>тензоры кончаются на байте %1, а в файле %2 байт</translation>
    </message>
    <message>
        <source>%1 bytes after the last tensor belong to nothing</source>
        <translation>%1 байт после последнего тензора никому не принадлежат</translation>
    </message>
    <message>
        <source>An export leaves them out</source>
        <translation>Экспорт их пропускает</translation>
    </message>
    <message>
        <source>the index is not valid: %1</source>
        <translation>индекс неверен: %1</translation>
    </message>
    <message>
        <source>the index names the shard %1, which is not a file inside the folder</source>
        <translation>индекс называет часть %1, а это не файл внутри папки</translation>
    </message>
    <message>
        <source>The index is damaged or hostile</source>
        <translation>Индекс повреждён или вредоносен</translation>
    </message>
    <message>
        <source>the index promises %1 in %2, which does not hold it</source>
        <translation>индекс обещает %1 в %2, но там этого нет</translation>
    </message>
    <message>
        <source>Index and shards are of different exports; fetch both again</source>
        <translation>Индекс и части — от разных экспортов; скачайте их заново</translation>
    </message>
    <message>
        <source>%2 holds %1, which the index does not name</source>
        <translation>в %2 лежит %1, чего индекс не называет</translation>
    </message>
    <message>
        <source>They are listed; index and shards may be of different exports</source>
        <translation>Они показаны; индекс и части могут быть от разных экспортов</translation>
    </message>
    <message>
        <source>%2 holds another copy of %1</source>
        <translation>в %2 лежит ещё одна копия %1</translation>
    </message>
    <message>
        <source>The copy is not read</source>
        <translation>Копия не читается</translation>
    </message>
    <message>
        <source>the index says %1 bytes in all but the tensors have %2</source>
        <translation>по индексу всего %1 байт, а у тензоров %2</translation>
    </message>
    <message>
        <source>The tensors are read as they are</source>
        <translation>Тензоры читаются как есть</translation>
    </message>
    <message>
        <source>the shard %1 is missing and with it %2 tensors</source>
        <translation>части %1 нет, а с ней %2 тензоров</translation>
    </message>
    <message>
        <source>Fetch it; until then these tensors are absent and nothing can be exported</source>
        <translation>Скачайте её; до тех пор этих тензоров нет и экспорт невозможен</translation>
    </message>
    <message>
        <source>the shard %1 cannot be read: %2</source>
        <translation>часть %1 не читается: %2</translation>
    </message>
    <message>
        <source>Fetch it again; until then its tensors are absent and nothing can be exported</source>
        <translation>Скачайте её снова; до тех пор её тензоров нет и экспорт невозможен</translation>
    </message>
    <message>
        <source>a tensor cannot be read: %1</source>
        <translation>тензор не читается: %1</translation>
    </message>
    <message>
        <source>It is absent, and nothing can be exported until the file is saved without it or with it in another form</source>
        <translation>Его нет, и экспорт невозможен, пока файл не сохранён без него или с ним в другом виде</translation>
    </message>
    <message>
        <source>%1 values in it are not tensors of numbers and are left out, the first: %2</source>
        <translation>значений, которые не тензоры чисел, в нём %1, они пропущены; первое: %2</translation>
    </message>
    <message>
        <source>other weights lie in the folder and are left out: %1</source>
        <translation>в папке есть и другие веса, они пропущены: %1</translation>
    </message>
    <message>
        <source>Open such a file by its own name to see it</source>
        <translation>Откройте такой файл по его имени, чтобы увидеть его</translation>
    </message>
    <message>
        <source>the model&apos;s config is not valid: %1</source>
        <translation>config модели неверен: %1</translation>
    </message>
    <message>
        <source>The tensors are read without it</source>
        <translation>Тензоры читаются без него</translation>
    </message>
    <message>
        <source>config asks for quantised activations (%1), and the engine does not round them</source>
        <translation>config требует квантованных активаций (%1), а движок их не округляет</translation>
    </message>
    <message>
        <source>Scores may differ a little from those of programs that round them</source>
        <translation>Оценки могут немного отличаться от оценок программ, которые их округляют</translation>
    </message>
    <message>
        <source>config says %1 = %2 but the tensors say %3</source>
        <translation>по config %1 = %2, а по тензорам %3</translation>
    </message>
    <message>
        <source>this is not valid JSON: %1</source>
        <translation>это неверный JSON: %1</translation>
    </message>
    <message>
        <source>Correct the file</source>
        <translation>Исправьте файл</translation>
    </message>
    <message>
        <source>the recipe is not valid: %1</source>
        <translation>рецепт неверен: %1</translation>
    </message>
    <message>
        <source>Correct the recipe</source>
        <translation>Исправьте рецепт</translation>
    </message>
    <message>
        <source>the selection is not valid at character %1: %2</source>
        <translation>выбор неверен у символа %1: %2</translation>
    </message>
    <message>
        <source>Write for example role=q_proj layer=10-27</source>
        <translation>Напишите, например, role=q_proj layer=10-27</translation>
    </message>
    <message>
        <source>%1</source>
        <translation>%1</translation>
    </message>
    <message>
        <source>See --help</source>
        <translation>Смотрите --help</translation>
    </message>
    <message>
        <source>Choose another place</source>
        <translation>Выберите другое место</translation>
    </message>
    <message>
        <source>the destination exists already</source>
        <translation>место назначения уже занято</translation>
    </message>
    <message>
        <source>Choose another name, or name it with --replace</source>
        <translation>Выберите другое имя или разрешите замену (--replace)</translation>
    </message>
    <message>
        <source>it cannot be replaced: %1</source>
        <translation>его нельзя заменить: %1</translation>
    </message>
    <message>
        <source>Choose another name</source>
        <translation>Выберите другое имя</translation>
    </message>
    <message>
        <source>another export is writing there (%1)</source>
        <translation>туда уже пишет другой экспорт (%1)</translation>
    </message>
    <message>
        <source>Wait for it or choose another name</source>
        <translation>Дождитесь его или выберите другое имя</translation>
    </message>
    <message>
        <source>the recipe was made for the model with fingerprint %1 and this one has %2</source>
        <translation>рецепт сделан для модели с отпечатком %1, а у этой %2</translation>
    </message>
    <message>
        <source>Open the model it was made for, or change its base</source>
        <translation>Откройте модель, для которой он сделан, или смените его основу</translation>
    </message>
    <message>
        <source>the selection %1 matches none of the %2 tensors</source>
        <translation>выбор %1 не находит ничего среди %2 тензоров</translation>
    </message>
    <message>
        <source>List the tensors and correct it</source>
        <translation>Посмотрите список тензоров и исправьте выбор</translation>
    </message>
    <message>
        <source>%1 cannot be done on %2: %3</source>
        <translation>нельзя %1 (%2): %3</translation>
    </message>
    <message>
        <source>Choose another edit or tensor</source>
        <translation>Выберите другую правку или другой тензор</translation>
    </message>
    <message>
        <source>there is no tensor %1 among the %2</source>
        <translation>нет тензора %1 среди %2</translation>
    </message>
    <message>
        <source>List the tensors</source>
        <translation>Посмотрите список тензоров</translation>
    </message>
    <message>
        <source>%1 tensors or shards are absent, as they cannot be read, the first: %2</source>
        <translation>тензоров или частей нет: %1, их нельзя прочесть; первое: %2</translation>
    </message>
    <message>
        <source>Do first what the warnings say</source>
        <translation>Сначала сделайте, что сказано в предупреждениях</translation>
    </message>
    <message>
        <source>the type %2 of %1 is listed and copied but not read as numbers</source>
        <translation>тип %2 тензора %1 показывается и копируется, но не читается как числа</translation>
    </message>
    <message>
        <source>Choose another tensor</source>
        <translation>Выберите другой тензор</translation>
    </message>
    <message>
        <source>%1 would hold %2 new values that are NaN or infinite; nothing was written</source>
        <translation>в %1 появилось бы новых NaN или бесконечностей: %2; ничего не записано</translation>
    </message>
    <message>
        <source>Look at the edit that makes them, or allow them with --allow-nonfinite</source>
        <translation>Проверьте правку, из-за которой это, или разрешите их (--allow-nonfinite)</translation>
    </message>
    <message>
        <source>%1 bytes of memory are not to be had</source>
        <translation>столько памяти нет: %1 байт</translation>
    </message>
    <message>
        <source>Close other programs or use a smaller selection</source>
        <translation>Закройте другие программы или выберите меньше</translation>
    </message>
    <message>
        <source>%1 bytes are needed and %2 are free on that device</source>
        <translation>нужно %1 байт, а на устройстве свободно %2</translation>
    </message>
    <message>
        <source>Free some space or choose another place; the destination is as it was before</source>
        <translation>Освободите место или выберите другое; место назначения осталось прежним</translation>
    </message>
    <message>
        <source>it cannot be created: %1</source>
        <translation>его нельзя создать: %1</translation>
    </message>
    <message>
        <source>Choose a folder you may write to</source>
        <translation>Выберите папку, в которую вам можно писать</translation>
    </message>
    <message>
        <source>writing failed: %1</source>
        <translation>запись не удалась: %1</translation>
    </message>
    <message>
        <source>The destination is as it was before; try another place</source>
        <translation>Место назначения осталось прежним; попробуйте другое</translation>
    </message>
    <message>
        <source>the device did not confirm what was written: %1</source>
        <translation>устройство не подтвердило записанное: %1</translation>
    </message>
    <message>
        <source>The destination is as it was before; check the device</source>
        <translation>Место назначения осталось прежним; проверьте устройство</translation>
    </message>
    <message>
        <source>what was written is not what was meant: %1</source>
        <translation>записано не то, что нужно: %1</translation>
    </message>
    <message>
        <source>Do not use it; check the device and export again</source>
        <translation>Не пользуйтесь этим; проверьте устройство и экспортируйте снова</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>отменено</translation>
    </message>
    <message>
        <source>Nothing was changed</source>
        <translation>Ничего не изменено</translation>
    </message>
    <message>
        <source>another file of this name took its place after it was opened (%1 bytes then, %2 now)</source>
        <translation>после открытия место файла занял другой с тем же именем (было %1 Б, стало %2)</translation>
    </message>
    <message>
        <source>no tokenizer lies beside the weights</source>
        <translation>рядом с весами нет токенизатора</translation>
    </message>
    <message>
        <source>Put the model&apos;s tokenizer.json into the folder</source>
        <translation>Положите tokenizer.json модели в эту папку</translation>
    </message>
    <message>
        <source>the tokenizer is not valid: %1</source>
        <translation>токенизатор неверен: %1</translation>
    </message>
    <message>
        <source>the tokenizer asks for %1, which we cannot do</source>
        <translation>токенизатор требует того, чего мы не умеем: %1</translation>
    </message>
    <message>
        <source>Give ids instead of text</source>
        <translation>Дайте номера токенов вместо текста</translation>
    </message>
    <message>
        <source>the text cannot be tokenized: %1</source>
        <translation>текст нельзя разбить на токены: %1</translation>
    </message>
    <message>
        <source>Give another text</source>
        <translation>Дайте другой текст</translation>
    </message>
    <message>
        <source>the engine does not run models with %1 = %2</source>
        <translation>движок не выполняет модели, у которых %1 = %2</translation>
    </message>
    <message>
        <source>The tensors can be looked at and edited all the same</source>
        <translation>Тензоры всё равно можно смотреть и править</translation>
    </message>
    <message>
        <source>a model of the family %1 needs the tensor %2, which is not stored</source>
        <translation>модели семейства %1 нужен тензор %2, а его нет</translation>
    </message>
    <message>
        <source>Check that all files of the checkpoint are there and that its config belongs to them</source>
        <translation>Проверьте, что все файлы чекпойнта на месте и что конфигурация от них</translation>
    </message>
    <message>
        <source>%1 has the shape %2 and the config asks for %3</source>
        <translation>у %1 форма %2, а конфигурация требует %3</translation>
    </message>
    <message>
        <source>Check that the config belongs to these files</source>
        <translation>Проверьте, что конфигурация от этих файлов</translation>
    </message>
    <message>
        <source>%1 tokens do not fit the %2 positions that the model has learned</source>
        <translation>%1 токенов не помещаются в %2 позиций, которым обучена модель</translation>
    </message>
    <message>
        <source>Use a shorter text</source>
        <translation>Возьмите текст короче</translation>
    </message>
    <message>
        <source>the token %1 is not in the vocabulary of %2 tokens</source>
        <translation>токена %1 нет в словаре из %2 токенов</translation>
    </message>
    <message>
        <source>Check that the tokenizer belongs to the model</source>
        <translation>Проверьте, что токенизатор от этой модели</translation>
    </message>
    <message>
        <source>the model&apos;s logits after token %1 are NaN or infinite</source>
        <translation>логиты модели после токена %1 – NaN или бесконечны</translation>
    </message>
    <message>
        <source>Scan the weights for NaN and infinite values</source>
        <translation>Проверьте веса на NaN и бесконечности</translation>
    </message>
    <message>
        <source>%1 bytes are needed and --memory allows %2</source>
        <translation>нужно %1 байт, а --memory допускает %2</translation>
    </message>
    <message>
        <source>Give more memory or a shorter text</source>
        <translation>Дайте больше памяти или возьмите текст короче</translation>
    </message>
    <message>
        <source>this is not an item of a task: %1</source>
        <translation>это не элемент задания: %1</translation>
    </message>
    <message>
        <source>Give JSON lines with prompt and answer, prompt and choices, HumanEval&apos;s or GSM8K&apos;s keys</source>
        <translation>Нужны строки JSON с prompt и answer, с prompt и choices, с ключами HumanEval или GSM8K</translation>
    </message>
    <message>
        <source>generated programs cannot be run safely here: %1</source>
        <translation>сгенерированные программы здесь нельзя запускать безопасно: %1</translation>
    </message>
    <message>
        <source>Install bubblewrap and python3 and allow user namespaces; until then programs are not run</source>
        <translation>Установите bubblewrap и python3 и разрешите пользовательские пространства имён; до тех пор программы не запускаются</translation>
    </message>
    <message>
        <source>the model comes without a chat template</source>
        <translation>у модели нет шаблона беседы</translation>
    </message>
    <message>
        <source>Give it a plain prompt</source>
        <translation>Дайте ей простой запрос</translation>
    </message>
    <message>
        <source>the chat template is not valid: %1</source>
        <translation>шаблон беседы неверен: %1</translation>
    </message>
    <message>
        <source>the chat template uses %1, which we cannot do</source>
        <translation>шаблон беседы использует то, чего мы не умеем: %1</translation>
    </message>
    <message>
        <source>the chat template does not take this conversation: %1</source>
        <translation>шаблон беседы не принимает такой разговор: %1</translation>
    </message>
    <message>
        <source>Change the conversation</source>
        <translation>Измените разговор</translation>
    </message>
    <message>
        <source>Give a folder with safetensors, a .safetensors, a model.safetensors.index.json, a .gguf, a file of torch.save or an .npz</source>
        <translation>Укажите папку с safetensors, файл .safetensors, model.safetensors.index.json, .gguf, файл torch.save или .npz</translation>
    </message>
    <message>
        <source>%1 arrays in it are of 2 bytes without a type (V2), which is how numpy stores bfloat16</source>
        <translation>массивов из 2 байт без типа (V2): %1; так numpy хранит bfloat16</translation>
    </message>
    <message>
        <source>They are read as BF16; if they are something else, their numbers mean nothing</source>
        <translation>Они читаются как BF16; если это нечто иное, их числа ничего не значат</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>%1 cannot be written.</source>
        <translation>%1 нельзя записать.</translation>
    </message>
    <message>
        <source>%1 cannot be created.</source>
        <translation>%1 нельзя создать.</translation>
    </message>
    <message>
        <source>Looks into the weights of language models and edits them.</source>
        <translation>Показывает веса языковых моделей и правит их.</translation>
    </message>
    <message>
        <source>Save pictures of the first steps with the checkpoint into a folder, and end.</source>
        <translation>Сохранить в папку картинки первых шагов с чекпойнтом и закончить.</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>папка</translation>
    </message>
    <message>
        <source>folder, .safetensors or index to open</source>
        <translation>папка, .safetensors или индекс для открытия</translation>
    </message>
    <message>
        <source>Language of the window: en or ru (default: the system&apos;s).</source>
        <translation>Язык окна: en или ru (по умолчанию — системный).</translation>
    </message>
    <message>
        <source>recipe to stage on it</source>
        <translation>рецепт, который к нему применить</translation>
    </message>
</context>
<context>
    <name>reasons</name>
    <message>
        <source>the name ends in %1 but a .%2 file would be written</source>
        <translation>имя кончается на %1, но записан был бы файл .%2</translation>
    </message>
    <message>
        <source>a window of %1 over %2 tokens; at least 1 of each is needed</source>
        <translation>окно %1 при %2 токенах; нужно хотя бы по 1</translation>
    </message>
    <message>
        <source>it holds values that are not finite and has no singular values</source>
        <translation>в нём есть нечисловые или бесконечные значения, сингулярных чисел нет</translation>
    </message>
    <message>
        <source>the two sides have other shapes</source>
        <translation>у двух сторон разные размеры</translation>
    </message>
    <message>
        <source>a window of %1 tokens over %2; at least 2 of at least 1 are needed</source>
        <translation>окно в %1 токенов при %2; нужно не меньше 2 из не меньше чем 1</translation>
    </message>
    <message>
        <source>%1 tokens for a width of %2: every score would be 1; give more than %3</source>
        <translation>%1 токенов при ширине %2: любая оценка была бы 1; дайте больше %3</translation>
    </message>
    <message>
        <source>layers %1 to %2 of %3: the stretch must begin behind layer 0 and end within the model</source>
        <translation>слои с %1 по %2 из %3: участок должен начинаться после слоя 0 и кончаться внутри модели</translation>
    </message>
    <message>
        <source>a norm stands behind the feed-forward of layer %1, so that no map can be folded into it</source>
        <translation>за FFN слоя %1 стоит нормализация, поэтому свернуть в него отображение нельзя</translation>
    </message>
    <message>
        <source>%1 tokens for a width of %2: give more, a ridge, or a diagonal map</source>
        <translation>%1 токенов при ширине %2: дайте больше, регуляризацию или диагональное отображение</translation>
    </message>
    <message>
        <source>a window of 0 tokens</source>
        <translation>окно в 0 токенов</translation>
    </message>
    <message>
        <source>only q, k, v and o projections have heads</source>
        <translation>головы есть только у проекций q, k, v и o</translation>
    </message>
    <message>
        <source>no config says how many heads there are</source>
        <translation>нет конфигурации, которая сказала бы, сколько голов</translation>
    </message>
    <message>
        <source>%1 heads do not divide %2</source>
        <translation>%2 не делится на %1 голов</translation>
    </message>
    <message>
        <source>only a tensor with three dimensions holds experts side by side</source>
        <translation>эксперты рядом лежат только в тензоре с тремя измерениями</translation>
    </message>
    <message>
        <source>only matrices and stacks of matrices have singular values</source>
        <translation>сингулярные числа есть только у матриц и стопок матриц</translation>
    </message>
    <message>
        <source>its shape is %1 and the direction has %2 numbers</source>
        <translation>его размер %1, а в направлении %2 чисел</translation>
    </message>
    <message>
        <source>there is no component %1 among %2</source>
        <translation>компоненты %1 нет среди %2</translation>
    </message>
    <message>
        <source>another run is writing it</source>
        <translation>в него пишет другой запуск</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>это не обычный файл</translation>
    </message>
    <message>
        <source>its bytes read back otherwise</source>
        <translation>его байты читаются обратно иначе</translation>
    </message>
    <message>
        <source>it is a folder that no export has made</source>
        <translation>это папка, которую не создавал экспорт</translation>
    </message>
    <message>
        <source>it is not the manifest of an export</source>
        <translation>это не манифест экспорта</translation>
    </message>
    <message>
        <source>there is no folder %1</source>
        <translation>нет папки %1</translation>
    </message>
    <message>
        <source>it has %1 bytes and %2 were written</source>
        <translation>в нём %1 байт, а записано %2</translation>
    </message>
    <message>
        <source>bytes %1 and following read back otherwise</source>
        <translation>байты с %1 читаются обратно иначе</translation>
    </message>
    <message>
        <source>%1 bytes are announced at byte %2 and %3 are left</source>
        <translation>на байте %2 объявлено %1 байт, а осталось %3</translation>
    </message>
    <message>
        <source>GGUF cannot hold %1 as %2</source>
        <translation>GGUF не может хранить %1 как %2</translation>
    </message>
    <message>
        <source>%1 parts are more than a GGUF split can have (%2); larger shards are needed</source>
        <translation>%1 частей больше, чем бывает у GGUF (%2); нужны части крупнее</translation>
    </message>
    <message>
        <source>the file %1 is not inside the export</source>
        <translation>файл %1 лежит не внутри экспорта</translation>
    </message>
    <message>
        <source>%1 in more than one part</source>
        <translation>%1 больше чем в одной части</translation>
    </message>
    <message>
        <source>it is one of %1 parts by its keys and one of %2 by its name</source>
        <translation>по ключам это одна из %1 частей, а по имени — одна из %2</translation>
    </message>
    <message>
        <source>it is part %1 by its keys and part %2 by its name</source>
        <translation>по ключам это часть %1, а по имени — часть %2</translation>
    </message>
    <message>
        <source>no tensor is in it</source>
        <translation>тензоров в нём нет</translation>
    </message>
    <message>
        <source>pickle, byte %1: %2</source>
        <translation>pickle, байт %1: %2</translation>
    </message>
    <message>
        <source>%1 is missing</source>
        <translation>%1 отсутствует</translation>
    </message>
    <message>
        <source>data_offsets must be a begin and an end that is not before it</source>
        <translation>data_offsets — это начало и не меньший его конец</translation>
    </message>
    <message>
        <source>the number of tensors</source>
        <translation>число тензоров</translation>
    </message>
    <message>
        <source>more than %1</source>
        <translation>больше %1</translation>
    </message>
    <message>
        <source>it has no weight_map</source>
        <translation>в нём нет weight_map</translation>
    </message>
    <message>
        <source>the shard of %1 is not a text</source>
        <translation>часть для %1 — не текст</translation>
    </message>
    <message>
        <source>the shard %1 is not a %2 file</source>
        <translation>часть %1 — не файл %2</translation>
    </message>
    <message>
        <source>its weight_map is empty</source>
        <translation>его weight_map пуст</translation>
    </message>
    <message>
        <source>it cannot be locked</source>
        <translation>его нельзя заблокировать</translation>
    </message>
    <message>
        <source>it is no file that torch.save wrote</source>
        <translation>это не файл, записанный torch.save</translation>
    </message>
    <message>
        <source>the prompt holds no whole token</source>
        <translation>в промпте нет целого токена</translation>
    </message>
    <message>
        <source>the choice &quot;%1&quot; holds no token</source>
        <translation>в варианте «%1» нет токена</translation>
    </message>
    <message>
        <source>the choices share no token with each other</source>
        <translation>у вариантов нет общего токена</translation>
    </message>
    <message>
        <source>the two have not the same tensors, so there is no edit to match</source>
        <translation>тензоры у двух разные, подбирать правку не к чему</translation>
    </message>
    <message>
        <source>nothing differs, so there is no edit to match</source>
        <translation>ничего не отличается, подбирать правку не к чему</translation>
    </message>
    <message>
        <source>the examples of %1 ask for %2 and %3 for %4</source>
        <translation>примеры из %1 просят %2, а %3 — %4</translation>
    </message>
    <message>
        <source>%1 holds %2 items and %3 examples need %4</source>
        <translation>в %1 %2 элементов, а для %3 примеров нужно %4</translation>
    </message>
    <message>
        <source>the item %1 of %2 has no answer to show</source>
        <translation>у элемента %1 из %2 нет ответа, который можно показать</translation>
    </message>
    <message>
        <source>a line is an object</source>
        <translation>строка — это объект</translation>
    </message>
    <message>
        <source>it is neither a sample of lm-evaluation-harness (doc_id, filtered_resps), nor a result of HumanEval (task_id, passed), nor one of wb (id, correct)</source>
        <translation>это не пример lm-evaluation-harness (doc_id, filtered_resps), не результат HumanEval (task_id, passed) и не результат wb (id, correct)</translation>
    </message>
    <message>
        <source>it is a line of %1 among those of %2</source>
        <translation>это строка %1 среди строк %2</translation>
    </message>
    <message>
        <source>it has no metric that is known; it has %1</source>
        <translation>известной метрики в ней нет; есть %1</translation>
    </message>
    <message>
        <source>it has no metric %1; it has %2</source>
        <translation>метрики %1 в ней нет; есть %2</translation>
    </message>
    <message>
        <source>%1 is %2, neither 0 nor 1: only items that are right or wrong can be paired</source>
        <translation>%1 равно %2, это не 0 и не 1: парами сравнимы только верные и неверные ответы</translation>
    </message>
    <message>
        <source>&quot;passed&quot; is neither true nor false</source>
        <translation>«passed» — не true и не false</translation>
    </message>
    <message>
        <source>&quot;correct&quot; is neither true nor false</source>
        <translation>«correct» — не true и не false</translation>
    </message>
    <message>
        <source>the item %1 stands twice</source>
        <translation>элемент %1 встречается дважды</translation>
    </message>
    <message>
        <source>the item %1 asks something else than before</source>
        <translation>элемент %1 спрашивает не то, что раньше</translation>
    </message>
    <message>
        <source>it holds no result</source>
        <translation>результатов в нём нет</translation>
    </message>
    <message>
        <source>it holds no result of the filter %1</source>
        <translation>результатов фильтра %1 в нём нет</translation>
    </message>
    <message>
        <source>its item %1 asks something else than that of %2: these are results of unlike tasks</source>
        <translation>его элемент %1 спрашивает не то, что у %2: это результаты разных заданий</translation>
    </message>
    <message>
        <source>none of its %1 items is one of the %2 of %3</source>
        <translation>ни один из его %1 элементов не входит в %2 элементов %3</translation>
    </message>
    <message>
        <source>it is scored by %1 (%2) and %3 by %4 (%5)</source>
        <translation>он оценён по %1 (%2), а %3 — по %4 (%5)</translation>
    </message>
    <message>
        <source>it was scored in %1 and %2 in %3: results of unlike precision are not compared</source>
        <translation>он оценён в %1, а %2 — в %3: результаты разной точности не сравниваются</translation>
    </message>
    <message>
        <source>it asks for %1, there are no programs to run</source>
        <translation>в нём спрашивают %1, программ для запуска нет</translation>
    </message>
    <message>
        <source>the item %1 has no canonical_solution</source>
        <translation>у элемента %1 нет canonical_solution</translation>
    </message>
    <message>
        <source>it holds points of another model, recipe, data or setting; name another file</source>
        <translation>в нём точки другой модели, рецепта, данных или настроек; назовите другой файл</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no edit and key before &quot;=&quot;; edits[2].factor=0.5:1.5:11 is how one is written</source>
        <translation>в «%1» перед «=» нет правки и ключа; пишут так: edits[2].factor=0.5:1.5:11</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no low:high:points behind &quot;=&quot;; edits[2].factor=0.5:1.5:11 is how one is written</source>
        <translation>в «%1» после «=» нет low:high:points; пишут так: edits[2].factor=0.5:1.5:11</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has %2 points, and 1 to %3 are possible; edits[2].factor=0.5:1.5:11 is how one is written</source>
        <translation>в «%1» %2 точек, а можно от 1 до %3; пишут так: edits[2].factor=0.5:1.5:11</translation>
    </message>
    <message>
        <source>%1: the recipe has %2 edits, counted from 0</source>
        <translation>%1: в рецепте %2 правок, счёт с 0</translation>
    </message>
    <message>
        <source>%1: the edit has no number of that name</source>
        <translation>%1: числа с таким именем в правке нет</translation>
    </message>
    <message>
        <source>it has %1 tokens and 2 are the least: the first has nothing before it</source>
        <translation>в нём %1 токенов, а нужно хотя бы 2: перед первым ничего нет</translation>
    </message>
    <message>
        <source>windows of %1 tokens every %2 leave tokens out; the stride is 1 to window, the window at least 2</source>
        <translation>окна в %1 токенов через каждые %2 пропускают токены; шаг — от 1 до окна, окно — не меньше 2</translation>
    </message>
    <message>
        <source>it is no file of results of this program; give another folder</source>
        <translation>это не файл результатов этой программы; укажите другую папку</translation>
    </message>
    <message>
        <source>it holds results of another model, task or setting; give another folder</source>
        <translation>в нём результаты другой модели, задания или настроек; укажите другую папку</translation>
    </message>
    <message>
        <source>%1 is not installed</source>
        <translation>%1 не установлен</translation>
    </message>
    <message>
        <source>its self-test failed: %1</source>
        <translation>его самопроверка не прошла: %1</translation>
    </message>
    <message>
        <source>the programs of %1 go on with their prompts, which an answer in a chat does not</source>
        <translation>программы из %1 продолжают свои промпты, а ответ в беседе этого не делает</translation>
    </message>
    <message>
        <source>0 answers cannot be scored</source>
        <translation>0 ответов оценить нельзя</translation>
    </message>
    <message>
        <source>choices are compared by log-likelihood: %1 times are the same as one</source>
        <translation>варианты сравниваются по логарифму правдоподобия: %1 раз — то же, что один</translation>
    </message>
    <message>
        <source>%1 greedy answers to one item are the same; give a temperature</source>
        <translation>%1 жадных ответов на один элемент одинаковы; задайте температуру</translation>
    </message>
    <message>
        <source>it counts items with one answer each; give one sample</source>
        <translation>она считает элементы с одним ответом; задайте один ответ</translation>
    </message>
    <message>
        <source>%1 items are more than the design&apos;s %2</source>
        <translation>%1 элементов больше, чем %2 в плане</translation>
    </message>
    <message>
        <source>there is neither a file nor a task of this name; with the program come %1</source>
        <translation>нет ни файла, ни задания с таким именем; с программой поставляются %1</translation>
    </message>
    <message>
        <source>the grid has more than %1 points</source>
        <translation>в сетке больше %1 точек</translation>
    </message>
    <message>
        <source>%1 evaluations of %2 knobs; 1 to %3 of at least one are possible</source>
        <translation>%1 оценок при %2 числах; можно от 1 до %3 хотя бы при одном</translation>
    </message>
    <message>
        <source>it holds no item</source>
        <translation>элементов в нём нет</translation>
    </message>
    <message>
        <source>vocabularies of %1 and %2 tokens cannot be compared</source>
        <translation>словари из %1 и %2 токенов не сравнить</translation>
    </message>
    <message>
        <source>nothing stands before token %1 in its window</source>
        <translation>перед токеном %1 в его окне ничего нет</translation>
    </message>
    <message>
        <source>it is not an object</source>
        <translation>это не объект</translation>
    </message>
    <message>
        <source>model_type is missing</source>
        <translation>model_type отсутствует</translation>
    </message>
    <message>
        <source>it has no token to begin with</source>
        <translation>в нём нет токена, с которого начать</translation>
    </message>
    <message>
        <source>there is none, so nothing says what the model computes</source>
        <translation>её нет, и ничто не говорит, что вычисляет модель</translation>
    </message>
    <message>
        <source>its type %1 is copied but not read as numbers</source>
        <translation>тип %1 копируется, но не читается как числа</translation>
    </message>
    <message>
        <source>its type %1 holds codes of 8 bits, which most edits would leave as they are or round coarsely; what is to be scaled is the tensor of its factors, whose name ends in _scale or _scale_inv</source>
        <translation>тип %1 хранит 8-битные коды, которые большинство правок оставило бы прежними или грубо округлило; умножать нужно тензор его множителей, имя которого кончается на _scale или _scale_inv</translation>
    </message>
    <message>
        <source>its type F8_E8M0 holds powers of 2 alone, to which an edited value would be rounded</source>
        <translation>тип F8_E8M0 хранит только степени 2, до которых округлилось бы любое изменённое значение</translation>
    </message>
    <message>
        <source>it holds truth values, which can only be set or zeroed</source>
        <translation>в нём логические значения, их можно только задать или обнулить</translation>
    </message>
    <message>
        <source>its type %1 stores blocks of %2 values with common factors, which can be scaled and zeroed; anything else would quantise the tensor anew</source>
        <translation>тип %1 хранит блоки по %2 значений с общими множителями, их можно умножать и обнулять; всё остальное заново квантовало бы тензор</translation>
    </message>
    <message>
        <source>its type %1 holds whole numbers, which have no mean 0 and standard deviation 1</source>
        <translation>тип %1 хранит целые числа, у них не бывает среднего 0 и стандартного отклонения 1</translation>
    </message>
    <message>
        <source>its values come in blocks of %1 with common factors, so that single values cannot be chosen</source>
        <translation>значения идут блоками по %1 с общими множителями, отдельные значения выбрать нельзя</translation>
    </message>
    <message>
        <source>columns %1 to %2 cut through blocks of %3 values</source>
        <translation>столбцы с %1 по %2 режут блоки по %3 значений</translation>
    </message>
    <message>
        <source>the checkpoint has no layers</source>
        <translation>в чекпойнте нет слоёв</translation>
    </message>
    <message>
        <source>the checkpoint has layers 0 to %1</source>
        <translation>в чекпойнте слои с 0 по %1</translation>
    </message>
    <message>
        <source>%1it must be an object</source>
        <translation>%1это должен быть объект</translation>
    </message>
    <message>
        <source>there is no head %1: this tensor has %2</source>
        <translation>головы %1 нет: в этом тензоре их %2</translation>
    </message>
    <message>
        <source>there is no expert %1: this tensor has %2</source>
        <translation>эксперта %1 нет: в этом тензоре их %2</translation>
    </message>
    <message>
        <source>there are no rows %1 to %2 in a tensor with %3</source>
        <translation>строк с %1 по %2 нет в тензоре, где их %3</translation>
    </message>
    <message>
        <source>there are no columns %1 to %2 in a tensor with %3</source>
        <translation>столбцов с %1 по %2 нет в тензоре, где их %3</translation>
    </message>
    <message>
        <source>its metadata does not say that it is a %1</source>
        <translation>в его метаданных не сказано, что это %1</translation>
    </message>
    <message>
        <source>its parameterisation is %1; there are multiplier and pre_sigmoid</source>
        <translation>его параметризация — %1; бывают multiplier и pre_sigmoid</translation>
    </message>
    <message>
        <source>its normalisation is %1; there are nuclear_norm and none</source>
        <translation>его нормировка — %1; бывают nuclear_norm и none</translation>
    </message>
    <message>
        <source>max_multiplier is %1, not a number above 0</source>
        <translation>max_multiplier равен %1, это не число больше 0</translation>
    </message>
    <message>
        <source>%1 is no vector of gains: %2 %3</source>
        <translation>%1 — не вектор коэффициентов: %2 %3</translation>
    </message>
    <message>
        <source>%1 holds values that are not finite</source>
        <translation>в %1 есть нечисловые или бесконечные значения</translation>
    </message>
    <message>
        <source>it holds no vectors</source>
        <translation>векторов в нём нет</translation>
    </message>
    <message>
        <source>this model</source>
        <translation>эта модель</translation>
    </message>
    <message>
        <source>the expert was made for %1 with the layout %2 and the model has %3; a transfer must be asked for</source>
        <translation>эксперт сделан для %1 с раскладкой %2, а у модели — %3; о переносе нужно попросить</translation>
    </message>
    <message>
        <source>it has %1 singular values and the expert has %2 gains</source>
        <translation>у неё %1 сингулярных чисел, а у эксперта %2 коэффициентов</translation>
    </message>
    <message>
        <source>its %1 vectors have no names, and the model has %2 MLP matrices to give them in order</source>
        <translation>у %1 его векторов нет имён, а у модели %2 матриц MLP, чтобы раздать их по порядку</translation>
    </message>
    <message>
        <source>two of its vectors would go to %1</source>
        <translation>два его вектора попали бы в %1</translation>
    </message>
    <message>
        <source>the expert has no gains for it, and a file without names must have all MLP matrices</source>
        <translation>у эксперта нет для неё коэффициентов, а в файле без имён должны быть все матрицы MLP</translation>
    </message>
    <message>
        <source>the gain %1 of component %2 is no sigmoid&apos;s</source>
        <translation>коэффициент %1 компоненты %2 не может быть значением сигмоиды</translation>
    </message>
    <message>
        <source>the expert has %1 vectors and the model has %2 MLP matrices</source>
        <translation>у эксперта %1 векторов, а у модели %2 матриц MLP</translation>
    </message>
    <message>
        <source>one of the experts keeps the sum of the singular values and another does not</source>
        <translation>один из экспертов сохраняет сумму сингулярных чисел, а другой нет</translation>
    </message>
    <message>
        <source>it has gains for other matrices than %1</source>
        <translation>его коэффициенты — для других матриц, чем у %1</translation>
    </message>
    <message>
        <source>there are none</source>
        <translation>их нет</translation>
    </message>
    <message>
        <source>the expert %1 has no gains for it</source>
        <translation>у эксперта %1 нет для него коэффициентов</translation>
    </message>
    <message>
        <source>the expert %1 has %2 gains and the matrix has %3 singular values</source>
        <translation>у эксперта %1 %2 коэффициентов, а у матрицы %3 сингулярных чисел</translation>
    </message>
    <message>
        <source>the edit has %1 gains and the matrix has %2 singular values</source>
        <translation>в правке %1 коэффициентов, а у матрицы %2 сингулярных чисел</translation>
    </message>
    <message>
        <source>the band %1:%2 reaches past its %3 singular values</source>
        <translation>полоса %1:%2 выходит за её %3 сингулярных чисел</translation>
    </message>
    <message>
        <source>the gains leave a sum of singular values of %1, which no factor brings back to %2</source>
        <translation>с этими коэффициентами сумма сингулярных чисел равна %1, никакой множитель не вернёт её к %2</translation>
    </message>
    <message>
        <source>%1an expert must be an object</source>
        <translation>%1эксперт — это объект</translation>
    </message>
    <message>
        <source>%1gains must be a list of numbers or an object with a rule</source>
        <translation>%1gains — это список чисел или объект с правилом</translation>
    </message>
    <message>
        <source>%1its gains are in a file beside the recipe, which was not read with it</source>
        <translation>%1его коэффициенты в файле рядом с рецептом, а тот с ним не прочитан</translation>
    </message>
    <message>
        <source>no layer stands before it that could take the map</source>
        <translation>перед ним нет слоя, который принял бы отображение</translation>
    </message>
    <message>
        <source>the layer before it, which would take the map, is left out too</source>
        <translation>слой перед ним, который принял бы отображение, тоже убран</translation>
    </message>
    <message>
        <source>the layer before it has taken another map</source>
        <translation>слой перед ним уже принял другое отображение</translation>
    </message>
    <message>
        <source>no layer would be left</source>
        <translation>не осталось бы ни одного слоя</translation>
    </message>
    <message>
        <source>the list of layers</source>
        <translation>список слоёв</translation>
    </message>
    <message>
        <source>layer %1 chooses between experts and has no one down matrix</source>
        <translation>слой %1 выбирает экспертов, и одной матрицы down в нём нет</translation>
    </message>
    <message>
        <source>%1 is stored as %2, which takes no map</source>
        <translation>%1 хранится как %2, а этот тип не принимает отображение</translation>
    </message>
    <message>
        <source>%1 does not have the width %2 of the map</source>
        <translation>ширина %1 — не %2, как у отображения</translation>
    </message>
    <message>
        <source>layer %1 has no down matrix</source>
        <translation>в слое %1 нет матрицы down</translation>
    </message>
    <message>
        <source>the config does not say that there are %1 layers</source>
        <translation>в конфигурации не сказано, что слоёв %1</translation>
    </message>
    <message>
        <source>the config goes by the number of a layer in %1</source>
        <translation>конфигурация зависит от номера слоя в %1</translation>
    </message>
    <message>
        <source>a checkpoint without a config does not say what its layers are</source>
        <translation>чекпойнт без конфигурации не говорит, каковы его слои</translation>
    </message>
    <message>
        <source>the layers of a GGUF cannot be renumbered; convert it to safetensors first</source>
        <translation>слои GGUF нельзя перенумеровать; сначала преобразуйте его в safetensors</translation>
    </message>
    <message>
        <source>the map %1 is not in %2 beside it</source>
        <translation>отображения %1 нет в %2 рядом с ним</translation>
    </message>
    <message>
        <source>the map in %1 does not have the hash that names it</source>
        <translation>хеш отображения в %1 не тот, по которому оно названо</translation>
    </message>
    <message>
        <source>the gains %1 are not in %2 beside it</source>
        <translation>коэффициентов %1 нет в %2 рядом с ним</translation>
    </message>
    <message>
        <source>the gains in %1 do not have the hash that names them</source>
        <translation>хеш коэффициентов в %1 не тот, по которому они названы</translation>
    </message>
    <message>
        <source>its numbers should be in %1 beside it: %2</source>
        <translation>его числа должны быть в %1 рядом с ним: %2</translation>
    </message>
    <message>
        <source>base: it must be an object</source>
        <translation>base: это должен быть объект</translation>
    </message>
    <message>
        <source>it must be an object</source>
        <translation>это должен быть объект</translation>
    </message>
    <message>
        <source>it must be an object of names and selections</source>
        <translation>это должен быть объект из имён и выборок</translation>
    </message>
    <message>
        <source>the selection %1 must be a text</source>
        <translation>выборка %1 — это текст</translation>
    </message>
    <message>
        <source>a term or the end</source>
        <translation>ожидалось условие или конец</translation>
    </message>
    <message>
        <source>a term such as role=q_proj was expected</source>
        <translation>ожидалось условие, например role=q_proj</translation>
    </message>
    <message>
        <source>at most %1 brackets or ! inside each other were expected</source>
        <translation>скобок или ! друг в друге — не больше %1</translation>
    </message>
    <message>
        <source>a term was expected after !</source>
        <translation>после ! ожидалось условие</translation>
    </message>
    <message>
        <source>a closing bracket was expected</source>
        <translation>ожидалась закрывающая скобка</translation>
    </message>
    <message>
        <source>name, role, layer, expert, dtype, params or a statistic with =, ~, &lt; or &gt; was expected</source>
        <translation>ожидалось name, role, layer, expert, dtype, params или статистика с =, ~, &lt; или &gt;</translation>
    </message>
    <message>
        <source>a closing quote was expected</source>
        <translation>ожидалась закрывающая кавычка</translation>
    </message>
    <message>
        <source>a value was expected</source>
        <translation>ожидалось значение</translation>
    </message>
    <message>
        <source>the expression is not valid: %1</source>
        <translation>выражение неверно: %1</translation>
    </message>
    <message>
        <source>the expression takes too long on %1</source>
        <translation>выражение слишком долго вычисляется на %1</translation>
    </message>
    <message>
        <source>%1 is not a number or a range such as 4-7</source>
        <translation>%1 — не число и не диапазон вроде 4-7</translation>
    </message>
    <message>
        <source>%1 is not a number</source>
        <translation>%1 — не число</translation>
    </message>
    <message>
        <source>there is no %1%2</source>
        <translation>нет %1%2</translation>
    </message>
    <message>
        <source>there is no %1%2; write %3=</source>
        <translation>нет %1%2; пишите %3=</translation>
    </message>
    <message>
        <source>there is no term %1; there are name, role, layer, expert, dtype, params and statistics such as kurtosis</source>
        <translation>нет условия %1; есть name, role, layer, expert, dtype, params и статистики вроде kurtosis</translation>
    </message>
    <message>
        <source>its type %1 stores blocks of values with common factors; other singular values would quantise the tensor anew</source>
        <translation>тип %1 хранит блоки значений с общими множителями; другие сингулярные числа заново квантовали бы тензор</translation>
    </message>
    <message>
        <source>its type %1 holds whole numbers, which other singular values would not leave whole</source>
        <translation>тип %1 хранит целые числа, с другими сингулярными числами они перестали бы быть целыми</translation>
    </message>
    <message>
        <source>its shape is %1: only matrices and stacks of matrices have singular values</source>
        <translation>его размер %1: сингулярные числа есть только у матриц и стопок матриц</translation>
    </message>
    <message>
        <source>its smaller side is %1, and %2 is the largest that is decomposed</source>
        <translation>его меньшая сторона %1, а раскладываются не больше %2</translation>
    </message>
    <message>
        <source>there is no list of recommendations</source>
        <translation>нет списка рекомендаций</translation>
    </message>
    <message>
        <source>tensor_name and operation are needed</source>
        <translation>нужны tensor_name и operation</translation>
    </message>
    <message>
        <source>value must be a finite number</source>
        <translation>value — это конечное число</translation>
    </message>
    <message>
        <source>there is no operation %1; there are scale, add, set, zero, normalize, clamp, clamp_min and clamp_max</source>
        <translation>нет операции %1; есть scale, add, set, zero, normalize, clamp, clamp_min и clamp_max</translation>
    </message>
    <message>
        <source>the value of clamp must be a text &quot;low,high&quot;</source>
        <translation>значение clamp — это текст «low,high»</translation>
    </message>
    <message>
        <source>the value of clamp must be a text &quot;low,high&quot;, it is %1</source>
        <translation>значение clamp — это текст «low,high», а дано %1</translation>
    </message>
    <message>
        <source>there is no target %1; there are all, top X% and bottom X%</source>
        <translation>нет цели %1; есть all, top X% и bottom X%</translation>
    </message>
    <message>
        <source>the list of recommendations is empty</source>
        <translation>список рекомендаций пуст</translation>
    </message>
    <message>
        <source>the type %1 is not one of floats</source>
        <translation>тип %1 — не с плавающей точкой</translation>
    </message>
    <message>
        <source>factors of shape %1 do not fit %2, whose shape is %3</source>
        <translation>множители размера %1 не подходят к %2, размер которого %3</translation>
    </message>
    <message>
        <source>the table of the Precompiled normalizer %1</source>
        <translation>таблица нормализатора Precompiled: %1</translation>
    </message>
    <message>
        <source>the table of the Precompiled normalizer is not base64</source>
        <translation>таблица нормализатора Precompiled — не base64</translation>
    </message>
    <message>
        <source>it has %1 bytes and %2 is the most</source>
        <translation>в нём %1 байт, а можно не больше %2</translation>
    </message>
    <message>
        <source>%1 decoders are more stages than %2</source>
        <translation>%1 декодеров — больше %2 ступеней</translation>
    </message>
    <message>
        <source>the pre-tokenizer %1</source>
        <translation>пре-токенизатор %1</translation>
    </message>
    <message>
        <source>the model %1</source>
        <translation>модель %1</translation>
    </message>
    <message>
        <source>added_tokens is not a list of at most %1</source>
        <translation>added_tokens — не список не длиннее %1</translation>
    </message>
    <message>
        <source>the template puts the id %1, which no piece has</source>
        <translation>шаблон ставит номер %1, которого нет ни у одного куска</translation>
    </message>
    <message>
        <source>the id %1 of the added token %2 is another piece&apos;s</source>
        <translation>номер %1 добавленного токена %2 занят другим куском</translation>
    </message>
    <message>
        <source>merge %1 needs the piece %2, which is not in the vocabulary</source>
        <translation>слиянию %1 нужен кусок %2, которого нет в словаре</translation>
    </message>
    <message>
        <source>it has no model</source>
        <translation>в нём нет модели</translation>
    </message>
    <message>
        <source>the vocabulary is empty</source>
        <translation>словарь пуст</translation>
    </message>
    <message>
        <source>a normalizer makes more than %1 bytes of %2</source>
        <translation>нормализатор делает больше %1 байт из %2</translation>
    </message>
    <message>
        <source>%1 normalizers are more stages than %2</source>
        <translation>%1 нормализаторов — больше %2 ступеней</translation>
    </message>
    <message>
        <source>%1 in a pattern</source>
        <translation>%1 в выражении</translation>
    </message>
    <message>
        <source>%1 pre-tokenizers are more stages than %2</source>
        <translation>%1 пре-токенизаторов — больше %2 ступеней</translation>
    </message>
    <message>
        <source>a model of words or characters</source>
        <translation>модель из слов или символов</translation>
    </message>
    <message>
        <source>blanks that are kept as they are, or put behind words</source>
        <translation>пробелы, которые оставлены как есть или стоят после слов</translation>
    </message>
    <message>
        <source>a pattern must be a String or a Regex</source>
        <translation>выражение — это String или Regex</translation>
    </message>
    <message>
        <source>a pattern has %1 bytes and %2 is the most</source>
        <translation>в выражении %1 байт, а можно не больше %2</translation>
    </message>
    <message>
        <source>the pattern %1 is wrong at character %2: %3</source>
        <translation>выражение %1 неверно у символа %2: %3</translation>
    </message>
    <message>
        <source>the pattern %1 needs more than %2 steps at byte %3</source>
        <translation>выражению %1 нужно больше %2 шагов у байта %3</translation>
    </message>
    <message>
        <source>the pattern %1 takes more than %2 s</source>
        <translation>выражение %1 вычисляется дольше %2 с</translation>
    </message>
    <message>
        <source>the %1 make more than %2 bytes of %3</source>
        <translation>%1 делают больше %2 байт из %3</translation>
    </message>
    <message>
        <source>the vocabulary has neither &quot;%1&quot; nor an unknown token</source>
        <translation>в словаре нет ни «%1», ни неизвестного токена</translation>
    </message>
    <message>
        <source>it has %1 bytes</source>
        <translation>в нём %1 байт</translation>
    </message>
    <message>
        <source>byte %1 is not UTF-8</source>
        <translation>байт %1 — не UTF-8</translation>
    </message>
    <message>
        <source>added_tokens_decoder holds %1, which is no token</source>
        <translation>в added_tokens_decoder есть %1, это не токен</translation>
    </message>
    <message>
        <source>it ends too early</source>
        <translation>он кончается слишком рано</translation>
    </message>
    <message>
        <source>it is not a folder</source>
        <translation>это не папка</translation>
    </message>
    <message>
        <source>format must be %1</source>
        <translation>format — это %1</translation>
    </message>
    <message>
        <source>%1%2 × %3 is no size of a matrix</source>
        <translation>%1%2 × %3 — не размер матрицы</translation>
    </message>
    <message>
        <source>%1f32 is no base64 of %2 × %3 values</source>
        <translation>%1f32 — не base64 из %2 × %3 значений</translation>
    </message>
    <message>
        <source>there is no saved selection %1</source>
        <translation>нет сохранённой выборки %1</translation>
    </message>
    <message>
        <source>there is no saved selection %1; there are %2</source>
        <translation>нет сохранённой выборки %1; есть %2</translation>
    </message>
    <message>
        <source>the vocabulary of %1 has scores</source>
        <translation>у словаря %1 есть оценки</translation>
    </message>
    <message>
        <source>the vocabulary of %1 has no scores</source>
        <translation>у словаря %1 нет оценок</translation>
    </message>
    <message>
        <source>the temperature %1 is not a number from 0 on</source>
        <translation>температура %1 — не число от 0</translation>
    </message>
    <message>
        <source>top-p %1 is not above 0 and at most 1</source>
        <translation>top-p %1 — не больше 0 и не до 1</translation>
    </message>
    <message>
        <source>min-p %1 is not between 0 and 1</source>
        <translation>min-p %1 — не между 0 и 1</translation>
    </message>
    <message>
        <source>the repetition penalty %1 is not a number above 0</source>
        <translation>штраф за повторы %1 — не число больше 0</translation>
    </message>
    <message>
        <source>the temperature range %1 is not a number from 0 on</source>
        <translation>размах температуры %1 — не число от 0</translation>
    </message>
    <message>
        <source>the temperature of code %1 is not a number from 0 on</source>
        <translation>температура кода %1 — не число от 0</translation>
    </message>
    <message>
        <source>the temperature of numbers %1 is not a number from 0 on</source>
        <translation>температура чисел %1 — не число от 0</translation>
    </message>
    <message>
        <source>the temperature of quotes %1 is not a number from 0 on</source>
        <translation>температура цитат %1 — не число от 0</translation>
    </message>
    <message>
        <source>the temperature exponent %1 is not a number above 0</source>
        <translation>показатель температуры %1 — не число больше 0</translation>
    </message>
    <message>
        <source>the model there is a %1 and this one a %2</source>
        <translation>там модель %1, а здесь %2</translation>
    </message>
    <message>
        <source>layers there have %1 attention heads and here %2</source>
        <translation>у слоёв там голов внимания %1, а здесь %2</translation>
    </message>
    <message>
        <source>layers there have %1 key and value heads and here %2</source>
        <translation>у слоёв там голов ключей и значений %1, а здесь %2</translation>
    </message>
    <message>
        <source>heads there have %1 elements and here %2</source>
        <translation>в головах там элементов %1, а здесь %2</translation>
    </message>
    <message>
        <source>the factor of the scores is %1 there and %2 here</source>
        <translation>множитель оценок внимания там %1, а здесь %2</translation>
    </message>
    <message>
        <source>the cap of the scores is %1 there and %2 here</source>
        <translation>предел оценок внимания там %1, а здесь %2</translation>
    </message>
    <message>
        <source>layers there have %1 experts and here %2</source>
        <translation>у слоёв там экспертов %1, а здесь %2</translation>
    </message>
    <message>
        <source>a token chooses %1 experts there and %2 here</source>
        <translation>токен там выбирает экспертов: %1, а здесь %2</translation>
    </message>
    <message>
        <source>the epsilon of the norms is %1 there and %2 here</source>
        <translation>эпсилон нормализаций там %1, а здесь %2</translation>
    </message>
    <message>
        <source>the configs differ in how the layer computes (activation, gate or order of its parts)</source>
        <translation>конфигурации по-разному вычисляют слой (активация, вентиль или порядок частей)</translation>
    </message>
    <message>
        <source>the checkpoint %1 cannot be opened: %2</source>
        <translation>чекпойнт %1 не открывается: %2</translation>
    </message>
    <message>
        <source>%1 has %2 layers, counted from 0</source>
        <translation>в %1 слоёв: %2, счёт с 0</translation>
    </message>
    <message>
        <source>layer %1 of %2 cannot be read: %3</source>
        <translation>слой %1 из %2 не читается: %3</translation>
    </message>
    <message>
        <source>layer %1 of %2 is another one now: its SHA-256 is %3 and was %4 when the edit was made</source>
        <translation>слой %1 из %2 теперь другой: его SHA-256 %3, а при создании правки был %4</translation>
    </message>
    <message>
        <source>layer %1 there has no tensor like %2</source>
        <translation>в слое %1 там нет тензора, подобного %2</translation>
    </message>
    <message>
        <source>%1 is %2 there and %3 here</source>
        <translation>%1 там %2, а здесь %3</translation>
    </message>
    <message>
        <source>%1 is stored as %2 there and as %3 here, which cannot be converted</source>
        <translation>%1 там хранится как %2, а здесь как %3, преобразовать нельзя</translation>
    </message>
    <message>
        <source>%1 there has no counterpart in layer %2 here</source>
        <translation>у %1 оттуда нет соответствия в слое %2 здесь</translation>
    </message>
    <message>
        <source>layer %1 there is of another kind (%2) than all layers here (layer %3: %4)</source>
        <translation>слой %1 там другого рода (%2), чем все слои здесь (слой %3: %4)</translation>
    </message>
    <message>
        <source>the number %1 does not fit</source>
        <translation>число %1 не помещается</translation>
    </message>
    <message>
        <source>the key &quot;%1&quot; stands twice</source>
        <translation>ключ «%1» стоит дважды</translation>
    </message>
    <message>
        <source>character %1 at &apos;%2&apos;</source>
        <translation>символ %1, «%2»</translation>
    </message>
    <message>
        <source>more than %1 levels</source>
        <translation>больше %1 уровней</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>это папка</translation>
    </message>
    <message>
        <source>it is a named pipe</source>
        <translation>это именованный канал</translation>
    </message>
    <message>
        <source>it is a socket</source>
        <translation>это сокет</translation>
    </message>
    <message>
        <source>it is a device</source>
        <translation>это устройство</translation>
    </message>
    <message>
        <source>it holds no weights</source>
        <translation>весов в ней нет</translation>
    </message>
    <message>
        <source>it holds %1 and no .safetensors, .gguf or pytorch_model.bin</source>
        <translation>в ней есть %1, но нет ни .safetensors, ни .gguf, ни pytorch_model.bin</translation>
    </message>
    <message>
        <source>it does not begin with GGUF</source>
        <translation>он начинается не с GGUF</translation>
    </message>
    <message>
        <source>its version reads %1: it was written for big-endian machines</source>
        <translation>его версия читается как %1: он записан для машин с порядком байт от старшего</translation>
    </message>
    <message>
        <source>its version is %1 and only 2 and 3 are read</source>
        <translation>его версия %1, а читаются только 2 и 3</translation>
    </message>
    <message>
        <source>%1 tensors are announced, more than the file has room for</source>
        <translation>объявлено тензоров: %1, столько в файл не поместится</translation>
    </message>
    <message>
        <source>%1 keys are announced, more than the file has room for</source>
        <translation>объявлено ключей: %1, столько в файл не поместится</translation>
    </message>
    <message>
        <source>the number of keys</source>
        <translation>число ключей</translation>
    </message>
    <message>
        <source>the length of a key</source>
        <translation>длина ключа</translation>
    </message>
    <message>
        <source>key %1 is empty</source>
        <translation>ключ %1 пуст</translation>
    </message>
    <message>
        <source>key %1 holds a NUL</source>
        <translation>в ключе %1 есть NUL</translation>
    </message>
    <message>
        <source>the size of all values</source>
        <translation>размер всех значений</translation>
    </message>
    <message>
        <source>there is no value type %1</source>
        <translation>типа значения %1 нет</translation>
    </message>
    <message>
        <source>it is a list of lists</source>
        <translation>это список списков</translation>
    </message>
    <message>
        <source>%1 values are announced, more than the file has room for</source>
        <translation>объявлено значений: %1, столько в файл не поместится</translation>
    </message>
    <message>
        <source>it is a truth value of %1</source>
        <translation>это логическое значение, равное %1</translation>
    </message>
    <message>
        <source>%1 strings are announced, more than the file has room for</source>
        <translation>объявлено строк: %1, столько в файл не поместится</translation>
    </message>
    <message>
        <source>the number of strings</source>
        <translation>число строк</translation>
    </message>
    <message>
        <source>it must be a 32-bit number without sign</source>
        <translation>это должно быть 32-битное число без знака</translation>
    </message>
    <message>
        <source>%1 is not a power of two up to %2</source>
        <translation>%1 — не степень двойки до %2</translation>
    </message>
    <message>
        <source>%1 is not a multiple of 8</source>
        <translation>%1 не делится на 8</translation>
    </message>
    <message>
        <source>the length of a tensor&apos;s name</source>
        <translation>длина имени тензора</translation>
    </message>
    <message>
        <source>tensor %1</source>
        <translation>тензор %1</translation>
    </message>
    <message>
        <source>its name holds a NUL</source>
        <translation>в его имени есть NUL</translation>
    </message>
    <message>
        <source>it has %1 dimensions and %2 are allowed</source>
        <translation>у него измерений: %1, а допустимо %2</translation>
    </message>
    <message>
        <source>ggml has withdrawn its type %1</source>
        <translation>его тип %1 в ggml отменён</translation>
    </message>
    <message>
        <source>its rows have %1 elements and %2 comes in blocks of %3</source>
        <translation>в его строках элементов: %1, а %2 хранится блоками по %3</translation>
    </message>
    <message>
        <source>its offset %1 is not a multiple of %2</source>
        <translation>его смещение %1 не делится на %2</translation>
    </message>
    <message>
        <source>the length of a string</source>
        <translation>длина строки</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 и ещё %2</translation>
    </message>
    <message>
        <source>more than one shard</source>
        <translation>больше чем в одной части</translation>
    </message>
    <message>
        <source>its</source>
        <translation>всех её</translation>
    </message>
    <message>
        <source>its keys announce %1 tensors and the parts hold %2</source>
        <translation>его ключи объявляют тензоров: %1, а в частях их %2</translation>
    </message>
    <message>
        <source>%1 is of type %2, which safetensors has not</source>
        <translation>у %1 тип %2, а в safetensors такого нет</translation>
    </message>
    <message>
        <source>the pickle has more than %1 opcodes</source>
        <translation>в pickle больше %1 кодов операций</translation>
    </message>
    <message>
        <source>opcode 0x%1 is not one of a state dict</source>
        <translation>код операции 0x%1 не встречается в state dict</translation>
    </message>
    <message>
        <source>%1 bytes are wanted and %2 are left</source>
        <translation>нужно %1 байт, а осталось %2</translation>
    </message>
    <message>
        <source>a text of %1 bytes is longer than %2</source>
        <translation>текст в %1 байт длиннее %2</translation>
    </message>
    <message>
        <source>a line does not end</source>
        <translation>строка не кончается</translation>
    </message>
    <message>
        <source>it builds more than %1 values</source>
        <translation>он создаёт больше %1 значений</translation>
    </message>
    <message>
        <source>the stack is empty</source>
        <translation>стек пуст</translation>
    </message>
    <message>
        <source>there is no mark</source>
        <translation>нет метки</translation>
    </message>
    <message>
        <source>items without a container</source>
        <translation>элементы без контейнера</translation>
    </message>
    <message>
        <source>a key without a value</source>
        <translation>ключ без значения</translation>
    </message>
    <message>
        <source>items for what is no container of them</source>
        <translation>элементы для того, что не их контейнер</translation>
    </message>
    <message>
        <source>nothing to remember, or too much</source>
        <translation>запоминать нечего или слишком много</translation>
    </message>
    <message>
        <source>there is nothing remembered as %1</source>
        <translation>под номером %1 ничего не запомнено</translation>
    </message>
    <message>
        <source>protocol %1 is not known</source>
        <translation>протокол %1 неизвестен</translation>
    </message>
    <message>
        <source>a truth value</source>
        <translation>логическое значение</translation>
    </message>
    <message>
        <source>the number %1</source>
        <translation>число %1</translation>
    </message>
    <message>
        <source>the rank of %1</source>
        <translation>число измерений %1</translation>
    </message>
    <message>
        <source>the metadata</source>
        <translation>метаданные</translation>
    </message>
    <message>
        <source>more than 16 MiB</source>
        <translation>больше 16 МиБ</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>текст</translation>
    </message>
    <message>
        <source>it is a list and not an object</source>
        <translation>это список, а не объект</translation>
    </message>
    <message>
        <source>it is not JSON in UTF-8 at byte %1</source>
        <translation>у байта %1 это не JSON в UTF-8</translation>
    </message>
    <message>
        <source>its name holds a control character</source>
        <translation>в его имени есть управляющий символ</translation>
    </message>
    <message>
        <source>the name of a tensor</source>
        <translation>имя тензора</translation>
    </message>
    <message>
        <source>%1 bytes long</source>
        <translation>%1 байт в длину</translation>
    </message>
    <message>
        <source>the metadata of %1 is %2 and not a text</source>
        <translation>метаданные %1 — не текст: %2</translation>
    </message>
    <message>
        <source>it is %1 and not an object</source>
        <translation>это не объект: %1</translation>
    </message>
    <message>
        <source>%1 holds %2</source>
        <translation>в %1 стоит %2</translation>
    </message>
    <message>
        <source>an object or a list</source>
        <translation>объект или список</translation>
    </message>
    <message>
        <source>%1 holds an object or a list</source>
        <translation>в %1 стоит объект или список</translation>
    </message>
    <message>
        <source>%1 holds a list of lists</source>
        <translation>в %1 стоит список списков</translation>
    </message>
    <message>
        <source>it is nested more than %1 deep</source>
        <translation>вложенность больше %1</translation>
    </message>
    <message>
        <source>it is a Git LFS pointer and not the file that it stands for</source>
        <translation>это указатель Git LFS, а не сам файл</translation>
    </message>
    <message>
        <source>it is a web page</source>
        <translation>это веб-страница</translation>
    </message>
    <message>
        <source>it holds more than %1 values</source>
        <translation>в нём больше %1 значений</translation>
    </message>
    <message>
        <source>the whole</source>
        <translation>целиком</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>объект</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>число</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>список</translation>
    </message>
    <message>
        <source>a value</source>
        <translation>значение</translation>
    </message>
    <message>
        <source>the call that rebuilds it lacks arguments</source>
        <translation>вызову, который его собирает, не хватает аргументов</translation>
    </message>
    <message>
        <source>its storage has no proper name</source>
        <translation>у его хранилища нет правильного имени</translation>
    </message>
    <message>
        <source>%1: a tensor of %2</source>
        <translation>%1: тензор из %2</translation>
    </message>
    <message>
        <source>the storage %1 is not in the file</source>
        <translation>хранилища %1 в файле нет</translation>
    </message>
    <message>
        <source>its storage should have %1 elements and has %2 bytes</source>
        <translation>в его хранилище должно быть элементов: %1, а в нём %2 байт</translation>
    </message>
    <message>
        <source>its shape, strides or offset are not numbers that fit each other</source>
        <translation>его размер, шаги или смещение — не числа, которые подходят друг к другу</translation>
    </message>
    <message>
        <source>its elements reach past the %1 of its storage</source>
        <translation>его элементы выходят за %1 элементов его хранилища</translation>
    </message>
    <message>
        <source>it makes %1 elements of the %2 that are stored</source>
        <translation>из %2 хранимых элементов он делает %1</translation>
    </message>
    <message>
        <source>it is a TorchScript program, not weights</source>
        <translation>это программа TorchScript, а не веса</translation>
    </message>
    <message>
        <source>it holds two data.pkl</source>
        <translation>в нём два data.pkl</translation>
    </message>
    <message>
        <source>it is a zip file without data.pkl, not one of torch</source>
        <translation>это файл zip без data.pkl, не от torch</translation>
    </message>
    <message>
        <source>its byte order is neither little nor big</source>
        <translation>его порядок байт — ни little, ни big</translation>
    </message>
    <message>
        <source>it begins as an old torch file and does not go on as one</source>
        <translation>он начинается как старый файл torch, но продолжается иначе</translation>
    </message>
    <message>
        <source>it is an old torch file of a big-endian machine</source>
        <translation>это старый файл torch с машины с порядком байт от старшего</translation>
    </message>
    <message>
        <source>the storage %1 is not named by any tensor, or not there</source>
        <translation>хранилище %1 не назвал ни один тензор, или его нет</translation>
    </message>
    <message>
        <source>the %1 elements of storage %2 reach past the end of the file</source>
        <translation>%1 элементов хранилища %2 выходят за конец файла</translation>
    </message>
    <message>
        <source>%1 bytes at %2 are past the end of %3</source>
        <translation>%1 байт со смещения %2 лежат за концом файла в %3 байт</translation>
    </message>
    <message>
        <source>it is one of several disks</source>
        <translation>это один из нескольких дисков</translation>
    </message>
    <message>
        <source>its 64-bit end record is missing</source>
        <translation>его 64-битной конечной записи нет</translation>
    </message>
    <message>
        <source>there is no end record</source>
        <translation>нет конечной записи</translation>
    </message>
    <message>
        <source>byte %1 of its directory begins no entry</source>
        <translation>с байта %1 его каталога не начинается запись</translation>
    </message>
    <message>
        <source>its directory ends inside an entry</source>
        <translation>его каталог кончается внутри записи</translation>
    </message>
    <message>
        <source>an entry lacks its 64-bit sizes</source>
        <translation>у записи нет её 64-битных размеров</translation>
    </message>
    <message>
        <source>an entry has a name that leaves its folder</source>
        <translation>имя записи выводит за пределы её папки</translation>
    </message>
    <message>
        <source>%1 is encrypted</source>
        <translation>%1 зашифрован</translation>
    </message>
    <message>
        <source>the local header of %1 contradicts the directory</source>
        <translation>локальный заголовок %1 противоречит каталогу</translation>
    </message>
    <message>
        <source>%1 reaches past the end of the file</source>
        <translation>%1 выходит за конец файла</translation>
    </message>
    <message>
        <source>%1 entries in %2 bytes of directory cannot be</source>
        <translation>записей: %1, в каталог из %2 байт столько не поместится</translation>
    </message>
    <message>
        <source>%1 is there twice</source>
        <translation>%1 есть дважды</translation>
    </message>
    <message>
        <source>%1 and %2 overlap</source>
        <translation>%1 и %2 перекрываются</translation>
    </message>
    <message>
        <source>%1 has %2 bytes and %3 is the most that is read</source>
        <translation>в %1 %2 байт, а читается не больше %3</translation>
    </message>
    <message>
        <source>%1 does not have its checksum</source>
        <translation>контрольная сумма %1 не сходится</translation>
    </message>
    <message>
        <source>wanted &quot;%1&quot;</source>
        <translation>нужно «%1»</translation>
    </message>
    <message>
        <source>only blanks differ from &quot;%1&quot;</source>
        <translation>от «%1» отличаются только пробелы</translation>
    </message>
    <message>
        <source>%1 instead of %2</source>
        <translation>%1 вместо %2</translation>
    </message>
    <message>
        <source>no number; wanted %1</source>
        <translation>нет числа; нужно %1</translation>
    </message>
    <message>
        <source>log-likelihood %1</source>
        <translation>лог-правдоподобие %1</translation>
    </message>
    <message>
        <source>log-likelihood %1; wanted &quot;%2&quot; with %3</source>
        <translation>лог-правдоподобие %1; нужно «%2» с %3</translation>
    </message>
    <message>
        <source>not run: there is no sandbox</source>
        <translation>не запущено: нет песочницы</translation>
    </message>
    <message>
        <source>its %1 tokens do not fit the model&apos;s %2 positions</source>
        <translation>токенов %1, а позиций у модели %2</translation>
    </message>
    <message>
        <source>the prompt holds no token</source>
        <translation>в запросе нет ни одного токена</translation>
    </message>
    <message>
        <source>timed out after %1 s</source>
        <translation>не уложилось в %1 с</translation>
    </message>
    <message>
        <source>wrote more than %1 bytes</source>
        <translation>вывело больше %1 байт</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>остановлено</translation>
    </message>
    <message>
        <source>ended by signal %1</source>
        <translation>прервано сигналом %1</translation>
    </message>
    <message>
        <source>it ended before its end without a word</source>
        <translation>завершилось до конца, ничего не сказав</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a text</source>
        <translation>«%1» — не текст</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a list of texts</source>
        <translation>«%1» — не список текстов</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not the number of one of the %2 choices, counted from 0</source>
        <translation>«%1» — не номер одного из %2 вариантов при счёте с 0</translation>
    </message>
    <message>
        <source>there are fewer than two choices</source>
        <translation>вариантов меньше двух</translation>
    </message>
    <message>
        <source>&quot;answer&quot; holds no number</source>
        <translation>в «answer» нет числа</translation>
    </message>
    <message>
        <source>it asks for %1 and the lines before for %2</source>
        <translation>вид этой строки — %1, а строк до неё — %2</translation>
    </message>
    <message>
        <source>the id %1 stands twice</source>
        <translation>id %1 стоит дважды</translation>
    </message>
    <message>
        <source>%1 heads cannot share %2 key-value heads</source>
        <translation>%1 голов не могут делить %2 голов ключей и значений</translation>
    </message>
    <message>
        <source>%1 heads of %2 elements are more than any model has</source>
        <translation>%1 голов по %2 элементов — больше, чем есть у какой-либо модели</translation>
    </message>
    <message>
        <source>%1 of %2 experts cannot be chosen</source>
        <translation>нельзя выбрать %1 экспертов из %2</translation>
    </message>
    <message>
        <source>%1 layers are more than any model has</source>
        <translation>слоёв %1 — больше, чем есть у какой-либо модели</translation>
    </message>
    <message>
        <source>query_pre_attn_scalar = %1 is not positive</source>
        <translation>query_pre_attn_scalar = %1 — не больше 0</translation>
    </message>
    <message>
        <source>mlp_only_layers is not a list</source>
        <translation>mlp_only_layers — не список</translation>
    </message>
    <message>
        <source>%1 = %2 is not a whole number from 1 to %3</source>
        <translation>%1 = %2 — не целое число от 1 до %3</translation>
    </message>
    <message>
        <source>%1 = %2 is not a number</source>
        <translation>%1 = %2 — не число</translation>
    </message>
    <message>
        <source>%1 = %2 is neither true nor false</source>
        <translation>%1 = %2 — ни true, ни false</translation>
    </message>
    <message>
        <source>%1 = %2 is not a text</source>
        <translation>%1 = %2 — не текст</translation>
    </message>
    <message>
        <source>layer_types says nothing of layer %1</source>
        <translation>layer_types ничего не говорит о слое %1</translation>
    </message>
    <message>
        <source>%1 = %2 is not a list of two sizes</source>
        <translation>%1 = %2 — не список из двух размеров</translation>
    </message>
    <message>
        <source>rope_parameters is not an object</source>
        <translation>rope_parameters — не объект</translation>
    </message>
    <message>
        <source>%1 of the rotary positions is not a number</source>
        <translation>%1 вращательных позиций — не число</translation>
    </message>
    <message>
        <source>%1 of the rotary positions is not positive</source>
        <translation>%1 вращательных позиций — не больше 0</translation>
    </message>
    <message>
        <source>%1 of the rotary positions is missing</source>
        <translation>у вращательных позиций нет %1</translation>
    </message>
    <message>
        <source>%1 of the rotary positions is not a list of %2 positive numbers</source>
        <translation>%1 вращательных позиций — не список из %2 положительных чисел</translation>
    </message>
    <message>
        <source>rope_type is not a text</source>
        <translation>rope_type — не текст</translation>
    </message>
    <message>
        <source>rotary positions turn %1 of %2 elements of a head with base %3</source>
        <translation>вращательные позиции с основанием %3 поворачивают %1 из %2 элементов головы</translation>
    </message>
    <message>
        <source>no head: %1 is the only matrix</source>
        <translation>головы нет: %1 — единственная матрица</translation>
    </message>
    <message>
        <source>two unequal matrices, %1 and %2</source>
        <translation>две разные матрицы, %1 и %2</translation>
    </message>
    <message>
        <source>%1.weight and what stands beside it</source>
        <translation>%1.weight и то, что стоит рядом</translation>
    </message>
    <message>
        <source>full attention</source>
        <translation>полное внимание</translation>
    </message>
    <message>
        <source>window %1</source>
        <translation>окно %1</translation>
    </message>
    <message>
        <source>no rope</source>
        <translation>без rope</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>слой %1</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>умножить</translation>
    </message>
    <message>
        <source>add</source>
        <translation>прибавить</translation>
    </message>
    <message>
        <source>clamp</source>
        <translation>ограничить</translation>
    </message>
    <message>
        <source>set</source>
        <translation>задать</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>обнулить</translation>
    </message>
    <message>
        <source>normalize</source>
        <translation>нормировать</translation>
    </message>
    <message>
        <source>prune</source>
        <translation>обнулить малые</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>добавить шум</translation>
    </message>
    <message>
        <source>svf</source>
        <translation>изменить сингулярные числа</translation>
    </message>
    <message>
        <source>%1 must be two whole numbers [first, end]</source>
        <translation>%1 — это два целых числа [начало, конец]</translation>
    </message>
    <message>
        <source>%1 [%2, %3] holds nothing: the end is not included</source>
        <translation>в %1 [%2, %3] ничего нет: конец не входит</translation>
    </message>
    <message>
        <source>%1 must be a list of whole numbers</source>
        <translation>%1 — это список целых чисел</translation>
    </message>
    <message>
        <source>quantile must be two numbers [low, high]</source>
        <translation>quantile — это два числа [нижнее, верхнее]</translation>
    </message>
    <message>
        <source>quantile must be 0 ≤ low ≤ high ≤ 1, it is %1, %2</source>
        <translation>в quantile нужно 0 ≤ нижнее ≤ верхнее ≤ 1, а дано %1, %2</translation>
    </message>
    <message>
        <source>of must be &quot;value&quot; or &quot;magnitude&quot;</source>
        <translation>of — это «value» или «magnitude»</translation>
    </message>
    <message>
        <source>of belongs to top, bottom or quantile</source>
        <translation>of бывает только с top, bottom или quantile</translation>
    </message>
    <message>
        <source>only one of top, bottom and quantile can be given</source>
        <translation>из top, bottom и quantile можно дать только одно</translation>
    </message>
    <message>
        <source>export</source>
        <translation>экспортировать</translation>
    </message>
    <message>
        <source>%1 must be a text</source>
        <translation>%1 — это текст</translation>
    </message>
    <message>
        <source>%1 must lie between %2 and %3, it is %4</source>
        <translation>%1 — от %2 до %3, а дано %4</translation>
    </message>
    <message>
        <source>%1 must be true or false</source>
        <translation>%1 — это true или false</translation>
    </message>
    <message>
        <source>%1 must be a whole number</source>
        <translation>%1 — это целое число</translation>
    </message>
    <message>
        <source>there is no key %1 here</source>
        <translation>ключа %1 здесь не бывает</translation>
    </message>
    <message>
        <source>%1 must be a finite number</source>
        <translation>%1 — это конечное число</translation>
    </message>
    <message>
        <source>%1 must be a list of numbers</source>
        <translation>%1 — это список чисел</translation>
    </message>
    <message>
        <source>%1 must hold finite numbers only</source>
        <translation>%1 — это только конечные числа</translation>
    </message>
    <message>
        <source>%1 must be a list</source>
        <translation>%1 — это список</translation>
    </message>
    <message>
        <source>each of %1</source>
        <translation>каждое из %1</translation>
    </message>
    <message>
        <source>each of %1 must hold %2 numbers</source>
        <translation>в каждом из %1 чисел должно быть %2</translation>
    </message>
    <message>
        <source>a band must be two whole numbers, the first below the second, and a gain</source>
        <translation>полоса — это два целых числа, первое меньше второго, и коэффициент</translation>
    </message>
    <message>
        <source>scale must be log or linear</source>
        <translation>scale — это log или linear</translation>
    </message>
    <message>
        <source>the places of a curve&apos;s points must ascend from 0 to 1</source>
        <translation>места точек кривой должны возрастать от 0 до 1</translation>
    </message>
    <message>
        <source>the gains of a log curve must be above 0</source>
        <translation>коэффициенты логарифмической кривой должны быть больше 0</translation>
    </message>
    <message>
        <source>gains of an expert must name tensors</source>
        <translation>коэффициенты эксперта должны называть тензоры</translation>
    </message>
    <message>
        <source>experts must be a list</source>
        <translation>experts — это список</translation>
    </message>
    <message>
        <source>there is no rule %1; there are bands, power, curve, energy, rank and mix</source>
        <translation>нет правила %1; есть bands, power, curve, energy, rank и mix</translation>
    </message>
    <message>
        <source>edit %1</source>
        <translation>правка %1</translation>
    </message>
    <message>
        <source>drop_layers</source>
        <translation>убрать слои</translation>
    </message>
    <message>
        <source>fold_layers</source>
        <translation>заменить слои отображением</translation>
    </message>
    <message>
        <source>repeat_layers</source>
        <translation>повторить слои</translation>
    </message>
    <message>
        <source>copy_layer</source>
        <translation>скопировать слой</translation>
    </message>
    <message>
        <source>transplant_layer</source>
        <translation>перенести слой</translation>
    </message>
    <message>
        <source>%1 of %2 → %3</source>
        <translation>%1 из %2 → %3</translation>
    </message>
    <message>
        <source>recipe</source>
        <translation>рецепт</translation>
    </message>
    <message>
        <source>an edit</source>
        <translation>править</translation>
    </message>
    <message>
        <source>%1 at character %2 of the expression</source>
        <translation>%1, символ %2 выражения</translation>
    </message>
    <message>
        <source>there is no form %1; there are standard, around_mean and epsilon</source>
        <translation>нет формы %1; есть standard, around_mean и epsilon</translation>
    </message>
    <message>
        <source>value must not be 0: the standard deviation is divided by it</source>
        <translation>value не может быть 0: на него делится стандартное отклонение</translation>
    </message>
    <message>
        <source>clamp needs min or max</source>
        <translation>для clamp нужно min или max</translation>
    </message>
    <message>
        <source>min %1 is larger than max %2</source>
        <translation>min %1 больше max %2</translation>
    </message>
    <message>
        <source>std must not be negative</source>
        <translation>std не может быть отрицательным</translation>
    </message>
    <message>
        <source>from must be an object</source>
        <translation>from — это объект</translation>
    </message>
    <message>
        <source>checkpoint must name a checkpoint</source>
        <translation>checkpoint должен называть чекпойнт</translation>
    </message>
    <message>
        <source>sha256 must be 64 lower-case hexadecimal digits</source>
        <translation>sha256 — это 64 шестнадцатеричные цифры строчными буквами</translation>
    </message>
    <message>
        <source>layers must be two numbers of layers</source>
        <translation>layers — это два номера слоёв</translation>
    </message>
    <message>
        <source>the first of layers must not lie behind the last</source>
        <translation>первый из layers не может стоять после последнего</translation>
    </message>
    <message>
        <source>map must be square</source>
        <translation>map — это квадратная матрица</translation>
    </message>
    <message>
        <source>%1the selection is not valid at character %2: %3</source>
        <translation>%1выбор неверен у символа %2: %3</translation>
    </message>
    <message>
        <source>format must be &quot;%1&quot;</source>
        <translation>format — это «%1»</translation>
    </message>
    <message>
        <source>edits must be a list</source>
        <translation>edits — это список</translation>
    </message>
    <message>
        <source>has %1 bytes</source>
        <translation>в ней %1 байт</translation>
    </message>
    <message>
        <source>claims %1 bytes of %2</source>
        <translation>она заявляет %1 байт из %2</translation>
    </message>
    <message>
        <source>holds replacements that are not UTF-8</source>
        <translation>в ней есть замены не в UTF-8</translation>
    </message>
    <message>
        <source>a number is divided by 0</source>
        <translation>число делится на 0</translation>
    </message>
    <message>
        <source>a whole number is too large</source>
        <translation>целое число слишком велико</translation>
    </message>
    <message>
        <source>a number is too large</source>
        <translation>число слишком велико</translation>
    </message>
    <message>
        <source>a text or list of more than %1 parts</source>
        <translation>текст или список больше чем из %1 частей</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not defined</source>
        <translation>«%1» не определено</translation>
    </message>
    <message>
        <source>%1 %2 %3 has no meaning</source>
        <translation>«%1 %2 %3» не имеет смысла</translation>
    </message>
    <message>
        <source>only a whole number is divisible by another that is not 0</source>
        <translation>делиться может только целое число на другое, не равное 0</translation>
    </message>
    <message>
        <source>%1 and %2 have no order</source>
        <translation>нельзя сравнить по порядку: %1 и %2</translation>
    </message>
    <message>
        <source>the test &quot;%1&quot; takes a value</source>
        <translation>проверке «%1» нужно значение</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is missing before &quot;%2&quot;</source>
        <translation>перед «%2» не хватает «%1»</translation>
    </message>
    <message>
        <source>the name of %1 is missing</source>
        <translation>не хватает имени: %1</translation>
    </message>
    <message>
        <source>expressions lie deeper than %1 in each other</source>
        <translation>выражения вложены друг в друга глубже %1</translation>
    </message>
    <message>
        <source>an expression is missing</source>
        <translation>не хватает выражения</translation>
    </message>
    <message>
        <source>an expression cannot begin with &quot;%1&quot;</source>
        <translation>выражение не может начинаться с «%1»</translation>
    </message>
    <message>
        <source>the number %1 is too large</source>
        <translation>число %1 слишком велико</translation>
    </message>
    <message>
        <source>an attribute</source>
        <translation>атрибут</translation>
    </message>
    <message>
        <source>a place in a list or mapping is one expression</source>
        <translation>место в списке или словаре — одно выражение</translation>
    </message>
    <message>
        <source>a slice has three parts at most</source>
        <translation>в срезе не больше трёх частей</translation>
    </message>
    <message>
        <source>a place in a list or mapping is missing</source>
        <translation>не указано место в списке или словаре</translation>
    </message>
    <message>
        <source>a filter</source>
        <translation>фильтр</translation>
    </message>
    <message>
        <source>the filter &quot;%1&quot;</source>
        <translation>фильтр «%1»</translation>
    </message>
    <message>
        <source>a test</source>
        <translation>проверка</translation>
    </message>
    <message>
        <source>the test &quot;%1&quot;</source>
        <translation>проверка «%1»</translation>
    </message>
    <message>
        <source>arguments out of a list</source>
        <translation>аргументы из списка</translation>
    </message>
    <message>
        <source>an argument without a name stands behind one with a name</source>
        <translation>аргумент без имени стоит после аргумента с именем</translation>
    </message>
    <message>
        <source>an argument</source>
        <translation>аргумент</translation>
    </message>
    <message>
        <source>%1 has no length</source>
        <translation>нет длины: %1</translation>
    </message>
    <message>
        <source>replace takes what and with what</source>
        <translation>replace нужно, что заменить и на что</translation>
    </message>
    <message>
        <source>a text of more than %1 bytes</source>
        <translation>текст больше %1 байт</translation>
    </message>
    <message>
        <source>tojson with another form</source>
        <translation>tojson в другой форме</translation>
    </message>
    <message>
        <source>there is no JSON of something undefined, a namespace or a function</source>
        <translation>неопределённое, пространство имён и функция не имеют вида в JSON</translation>
    </message>
    <message>
        <source>the first of nothing</source>
        <translation>первое из ничего</translation>
    </message>
    <message>
        <source>the last of nothing</source>
        <translation>последнее из ничего</translation>
    </message>
    <message>
        <source>%1 has no members</source>
        <translation>нет членов: %1</translation>
    </message>
    <message>
        <source>%1 cannot be added up</source>
        <translation>нельзя сложить: %1</translation>
    </message>
    <message>
        <source>map through &quot;%1&quot;</source>
        <translation>map через «%1»</translation>
    </message>
    <message>
        <source>an indent has 0 to 1000 blanks</source>
        <translation>в отступе от 0 до 1000 пробелов</translation>
    </message>
    <message>
        <source>%1 has no size</source>
        <translation>нет модуля: %1</translation>
    </message>
    <message>
        <source>the largest of nothing</source>
        <translation>наибольшее из ничего</translation>
    </message>
    <message>
        <source>range goes between whole numbers</source>
        <translation>range идёт между целыми числами</translation>
    </message>
    <message>
        <source>range takes one to three numbers</source>
        <translation>range нужно от одного до трёх чисел</translation>
    </message>
    <message>
        <source>range cannot go in steps of 0</source>
        <translation>range не может идти с шагом 0</translation>
    </message>
    <message>
        <source>a range holds more than %1 numbers</source>
        <translation>в range больше %1 чисел</translation>
    </message>
    <message>
        <source>no reason is given</source>
        <translation>причина не названа</translation>
    </message>
    <message>
        <source>%1 takes a mapping or names with values</source>
        <translation>%1 нужен словарь или имена со значениями</translation>
    </message>
    <message>
        <source>a namespace cannot hold another</source>
        <translation>пространство имён не может содержать другое</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is asked of &quot;%2&quot;, which is not defined</source>
        <translation>«%1» берётся у «%2», а оно не определено</translation>
    </message>
    <message>
        <source>a part is asked of &quot;%1&quot;, which is not defined</source>
        <translation>часть берётся у «%1», а оно не определено</translation>
    </message>
    <message>
        <source>an element</source>
        <translation>элемент</translation>
    </message>
    <message>
        <source>%1 has no elements to go through</source>
        <translation>нет элементов для перебора: %1</translation>
    </message>
    <message>
        <source>%1 cannot hold %2</source>
        <translation>в «%1» нельзя искать «%2»</translation>
    </message>
    <message>
        <source>what runs lies deeper than %1 in each other</source>
        <translation>выполняемое вложено друг в друга глубже %1</translation>
    </message>
    <message>
        <source>it writes more than %1 bytes</source>
        <translation>он выводит больше %1 байт</translation>
    </message>
    <message>
        <source>%1 values are put into %2 variables</source>
        <translation>значений %1, а переменных для них %2</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no namespace, so its attributes cannot be set</source>
        <translation>«%1» — не пространство имён, его атрибуты задать нельзя</translation>
    </message>
    <message>
        <source>the macro &quot;%1&quot; takes %2 arguments and gets %3</source>
        <translation>макросу «%1» нужно аргументов: %2, а дано %3</translation>
    </message>
    <message>
        <source>the macro &quot;%1&quot; has no parameter &quot;%2&quot;</source>
        <translation>у макроса «%1» нет параметра «%2»</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is called, which is not defined</source>
        <translation>вызвано «%1», а оно не определено</translation>
    </message>
    <message>
        <source>%1 is called, which is no function</source>
        <translation>вызвано то, что не функция: %1</translation>
    </message>
    <message>
        <source>the parts of a slice are whole numbers</source>
        <translation>части среза — целые числа</translation>
    </message>
    <message>
        <source>%1 has no slices</source>
        <translation>нет срезов: %1</translation>
    </message>
    <message>
        <source>a slice cannot go in steps of 0</source>
        <translation>срез не может идти с шагом 0</translation>
    </message>
    <message>
        <source>a list cannot hold a namespace</source>
        <translation>список не может содержать пространство имён</translation>
    </message>
    <message>
        <source>a mapping cannot hold a namespace</source>
        <translation>словарь не может содержать пространство имён</translation>
    </message>
    <message>
        <source>the other case</source>
        <translation>иной случай</translation>
    </message>
    <message>
        <source>a comment is not closed</source>
        <translation>комментарий не закрыт</translation>
    </message>
    <message>
        <source>a tag is not closed</source>
        <translation>тег не закрыт</translation>
    </message>
    <message>
        <source>the character &quot;%1&quot; has no meaning there</source>
        <translation>символ «%1» там ничего не значит</translation>
    </message>
    <message>
        <source>&quot;%1&quot; closes nothing</source>
        <translation>«%1» ничего не закрывает</translation>
    </message>
    <message>
        <source>a text is not closed</source>
        <translation>текст не закрыт</translation>
    </message>
    <message>
        <source>an escape in a text is no character</source>
        <translation>экранирование в тексте не даёт символа</translation>
    </message>
    <message>
        <source>it takes more than %1 steps</source>
        <translation>ему нужно больше %1 шагов</translation>
    </message>
    <message>
        <source>lists lie deeper than %1 in each other</source>
        <translation>списки вложены друг в друга глубже %1</translation>
    </message>
    <message>
        <source>%1 takes a text</source>
        <translation>для %1 нужен текст</translation>
    </message>
    <message>
        <source>a text is looked for that is not there</source>
        <translation>ищется текст, которого там нет</translation>
    </message>
    <message>
        <source>a text cannot be joined from %1</source>
        <translation>текст нельзя собрать из этого: %1</translation>
    </message>
    <message>
        <source>a text is split at a text that is not empty</source>
        <translation>текст делится по непустому тексту</translation>
    </message>
    <message>
        <source>join takes a list</source>
        <translation>join нужен список</translation>
    </message>
    <message>
        <source>the method &quot;%1&quot; of a text</source>
        <translation>метод «%1» у текста</translation>
    </message>
    <message>
        <source>cycle takes values</source>
        <translation>cycle нужны значения</translation>
    </message>
    <message>
        <source>the method &quot;%1&quot; of a mapping</source>
        <translation>метод «%1» у словаря</translation>
    </message>
    <message>
        <source>the method &quot;%1&quot; of a list</source>
        <translation>метод «%1» у списка</translation>
    </message>
    <message>
        <source>a value is looked for that is not there</source>
        <translation>ищется значение, которого там нет</translation>
    </message>
    <message>
        <source>&quot;%1&quot; ends nothing</source>
        <translation>«%1» ничего не завершает</translation>
    </message>
    <message>
        <source>tags lie deeper than %1 in each other</source>
        <translation>теги вложены друг в друга глубже %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is missing</source>
        <translation>не хватает «%1»</translation>
    </message>
    <message>
        <source>a tag goes on with &quot;%1&quot; where it should end</source>
        <translation>тег продолжается словом «%1» там, где должен кончиться</translation>
    </message>
    <message>
        <source>a tag</source>
        <translation>тег</translation>
    </message>
    <message>
        <source>&quot;%1&quot; stands outside of a loop</source>
        <translation>«%1» стоит вне цикла</translation>
    </message>
    <message>
        <source>the tag &quot;%1&quot;</source>
        <translation>тег «%1»</translation>
    </message>
    <message>
        <source>a variable</source>
        <translation>переменная</translation>
    </message>
    <message>
        <source>&quot;in&quot; is missing</source>
        <translation>не хватает «in»</translation>
    </message>
    <message>
        <source>a recursive loop</source>
        <translation>рекурсивный цикл</translation>
    </message>
    <message>
        <source>setting several attributes at once</source>
        <translation>присваивание сразу нескольким атрибутам</translation>
    </message>
    <message>
        <source>&quot;=&quot; is missing</source>
        <translation>не хватает «=»</translation>
    </message>
    <message>
        <source>a macro</source>
        <translation>макрос</translation>
    </message>
    <message>
        <source>a parameter</source>
        <translation>параметр</translation>
    </message>
    <message>
        <source>a parameter without a default stands behind one that has one</source>
        <translation>параметр без значения по умолчанию стоит после параметра с ним</translation>
    </message>
    <message>
        <source>line %1: %2</source>
        <translation>строка %1: %2</translation>
    </message>
    <message>
        <source>%1 (line %2)</source>
        <translation>%1 (строка %2)</translation>
    </message>
    <message>
        <source>undefined</source>
        <translation>неопределённое</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>целое число</translation>
    </message>
    <message>
        <source>a mapping</source>
        <translation>словарь</translation>
    </message>
    <message>
        <source>a namespace</source>
        <translation>пространство имён</translation>
    </message>
    <message>
        <source>a function</source>
        <translation>функция</translation>
    </message>
    <message>
        <source>the decoder</source>
        <translation>декодер</translation>
    </message>
    <message>
        <source>decoders must be a list, at most %1 deep</source>
        <translation>decoders — это список с вложенностью не больше %1</translation>
    </message>
    <message>
        <source>its replacements make up to %1 bytes of one</source>
        <translation>его замены делают из одного байта до %1</translation>
    </message>
    <message>
        <source>content must be one character</source>
        <translation>content — это один символ</translation>
    </message>
    <message>
        <source>replacement must be one character</source>
        <translation>replacement — это один символ</translation>
    </message>
    <message>
        <source>the decoder %1</source>
        <translation>декодер %1</translation>
    </message>
    <message>
        <source>%1 must be a number</source>
        <translation>%1 — это число</translation>
    </message>
    <message>
        <source>%1 is %2 of %3 tokens</source>
        <translation>%1 равен %2, а токенов %3</translation>
    </message>
    <message>
        <source>%1 must be %2 numbers</source>
        <translation>в %1 должно быть чисел: %2</translation>
    </message>
    <message>
        <source>%1 of token %2 is not a number</source>
        <translation>%1 токена %2 — не число</translation>
    </message>
    <message>
        <source>%1 must be a list of at most %2 texts</source>
        <translation>%1 — это список не больше чем из %2 текстов</translation>
    </message>
    <message>
        <source>the length of a token</source>
        <translation>длина токена</translation>
    </message>
    <message>
        <source>%1 must be a list of at most %2 bytes</source>
        <translation>%1 — это список не больше чем из %2 байт</translation>
    </message>
    <message>
        <source>token %1 is not UTF-8</source>
        <translation>токен %1 — не UTF-8</translation>
    </message>
    <message>
        <source>merge %1 is not two pieces with a blank between</source>
        <translation>слияние %1 — не два куска через пробел</translation>
    </message>
    <message>
        <source>scores are missing</source>
        <translation>оценок нет</translation>
    </message>
    <message>
        <source>an added token</source>
        <translation>добавленный токен</translation>
    </message>
    <message>
        <source>the id %1 is larger than %2</source>
        <translation>номер %1 больше %2</translation>
    </message>
    <message>
        <source>the post-processor</source>
        <translation>постпроцессор</translation>
    </message>
    <message>
        <source>one template inside of another</source>
        <translation>шаблон внутри другого шаблона</translation>
    </message>
    <message>
        <source>processors must be a list, at most 8 deep</source>
        <translation>processors — это список с вложенностью не больше 8</translation>
    </message>
    <message>
        <source>%1 must be a piece and its id</source>
        <translation>%1 — это кусок и его номер</translation>
    </message>
    <message>
        <source>the post-processor %1</source>
        <translation>постпроцессор %1</translation>
    </message>
    <message>
        <source>single must be a list</source>
        <translation>single — это список</translation>
    </message>
    <message>
        <source>single must hold objects of one member</source>
        <translation>single — это объекты с одним членом</translation>
    </message>
    <message>
        <source>a part of the template has no id</source>
        <translation>у части шаблона нет id</translation>
    </message>
    <message>
        <source>a template that repeats the text</source>
        <translation>шаблон, который повторяет текст</translation>
    </message>
    <message>
        <source>single holds %1</source>
        <translation>в single стоит %1</translation>
    </message>
    <message>
        <source>special_tokens has no ids of %1</source>
        <translation>в special_tokens нет номеров %1</translation>
    </message>
    <message>
        <source>an id of the template is not an id</source>
        <translation>номер в шаблоне — не номер</translation>
    </message>
    <message>
        <source>a template without the text</source>
        <translation>шаблон без текста</translation>
    </message>
    <message>
        <source>random dropout of merges</source>
        <translation>случайное отбрасывание слияний</translation>
    </message>
    <message>
        <source>unk_id is %1 of %2 pieces</source>
        <translation>unk_id равен %1, а кусков %2</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>модель</translation>
    </message>
    <message>
        <source>the normalizer</source>
        <translation>нормализатор</translation>
    </message>
    <message>
        <source>normalizers must be a list, at most %1 deep</source>
        <translation>normalizers — это список с вложенностью не больше %1</translation>
    </message>
    <message>
        <source>the normalizer %1</source>
        <translation>нормализатор %1</translation>
    </message>
    <message>
        <source>\H inside a class</source>
        <translation>\H внутри класса</translation>
    </message>
    <message>
        <source>an unfinished \u</source>
        <translation>незаконченное \u</translation>
    </message>
    <message>
        <source>a \p without a name in braces</source>
        <translation>\p без имени в фигурных скобках</translation>
    </message>
    <message>
        <source>a negated class inside a class</source>
        <translation>класс с отрицанием внутри класса</translation>
    </message>
    <message>
        <source>an intersection of classes</source>
        <translation>пересечение классов</translation>
    </message>
    <message>
        <source>a class without an end</source>
        <translation>класс без конца</translation>
    </message>
    <message>
        <source>an unfinished [: in a class</source>
        <translation>незаконченное [: в классе</translation>
    </message>
    <message>
        <source>the class [:%1:]</source>
        <translation>класс [:%1:]</translation>
    </message>
    <message>
        <source>the group (?%1</source>
        <translation>группа (?%1</translation>
    </message>
    <message>
        <source>the option (?%1)</source>
        <translation>ключ (?%1)</translation>
    </message>
    <message>
        <source>the pre-tokenizer</source>
        <translation>пре-токенизатор</translation>
    </message>
    <message>
        <source>the split behavior %1</source>
        <translation>способ разбиения %1</translation>
    </message>
    <message>
        <source>the prepend scheme %1</source>
        <translation>схема prepend_scheme %1</translation>
    </message>
    <message>
        <source>pretokenizers must be a list, at most %1 deep</source>
        <translation>pretokenizers — это список с вложенностью не больше %1</translation>
    </message>
    <message>
        <source>delimiter must be one character</source>
        <translation>delimiter — это один символ</translation>
    </message>
    <message>
        <source>piece %1 has no proper text or score</source>
        <translation>у куска %1 нет правильного текста или оценки</translation>
    </message>
    <message>
        <source>it has more than %1 pieces</source>
        <translation>в нём больше %1 кусков</translation>
    </message>
    <message>
        <source>its field %1 ends in the middle of a number or a text</source>
        <translation>его поле %1 кончается посреди числа или текста</translation>
    </message>
    <message>
        <source>it ends in the middle of a field</source>
        <translation>он кончается посреди поля</translation>
    </message>
    <message>
        <source>it is no model of SentencePiece</source>
        <translation>это не модель SentencePiece</translation>
    </message>
    <message>
        <source>type is missing</source>
        <translation>нет type</translation>
    </message>
    <message>
        <source>%1 must be a number that is not negative</source>
        <translation>%1 — это неотрицательное число</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 в части «%2»</translation>
    </message>
    <message>
        <source>line %1 is not a piece in base64 and its rank</source>
        <translation>строка %1 — не кусок в base64 и его ранг</translation>
    </message>
    <message>
        <source>line %1 repeats a piece or a rank</source>
        <translation>строка %1 повторяет кусок или ранг</translation>
    </message>
    <message>
        <source>the byte %1 is no piece of it</source>
        <translation>байта %1 нет среди его кусков</translation>
    </message>
    <message>
        <source>the merges are not a list</source>
        <translation>слияния — не список</translation>
    </message>
    <message>
        <source>entry %1 of the %2 has %3 parts and not 2</source>
        <translation>запись %1 (%2): частей %3, а не 2</translation>
    </message>
    <message>
        <source>the key %1 stands twice</source>
        <translation>ключ %1 стоит дважды</translation>
    </message>
    <message>
        <source>merges</source>
        <translation>слияния</translation>
    </message>
    <message>
        <source>vocabulary</source>
        <translation>словарь</translation>
    </message>
    <message>
        <source>the vocabulary or the merges are neither an object nor a list</source>
        <translation>словарь или слияния — ни объект, ни список</translation>
    </message>
    <message>
        <source>there are more than %1 bytes besides the vocabulary</source>
        <translation>кроме словаря, больше %1 байт</translation>
    </message>
    <message>
        <source>entry %1 of the %2 is or holds %3</source>
        <translation>запись %1 (%2): здесь %3</translation>
    </message>
    <message>
        <source>piece %1 has %2 bytes and %3 is the most</source>
        <translation>в куске %1 %2 байт, а можно не больше %3</translation>
    </message>
    <message>
        <source>the piece %1 stands twice in the vocabulary</source>
        <translation>кусок %1 стоит в словаре дважды</translation>
    </message>
    <message>
        <source>two pieces have the id %1</source>
        <translation>у двух кусков номер %1</translation>
    </message>
    <message>
        <source>three texts</source>
        <translation>три текста</translation>
    </message>
    <message>
        <source>there are more than %1 merges, or one is longer than %2 bytes</source>
        <translation>слияний больше %1, или одно длиннее %2 байт</translation>
    </message>
    <message>
        <source>text</source>
        <translation>текст</translation>
    </message>
    <message>
        <source>sandbox</source>
        <translation>песочница</translation>
    </message>
    <message>
        <source>chat</source>
        <translation>беседа</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>ответы</translation>
    </message>
    <message>
        <source>early stop</source>
        <translation>ранняя остановка</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>запрос</translation>
    </message>
    <message>
        <source>sampling</source>
        <translation>выборка</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>эксперты</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>слои</translation>
    </message>
    <message>
        <source>there is no op %1; there are scale, add, clamp, set, zero, normalize, prune, noise, svf, drop_layers, fold_layers, repeat_layers, copy_layer and transplant_layer</source>
        <translation>нет op %1; есть scale, add, clamp, set, zero, normalize, prune, noise, svf, drop_layers, fold_layers, repeat_layers, copy_layer и transplant_layer</translation>
    </message>
    <message>
        <source>the separators of JSON are two texts</source>
        <translation>разделители JSON — это два текста</translation>
    </message>
    <message>
        <source>%1 has no form &quot;%2&quot;</source>
        <translation>%1 не имеет вида «%2»</translation>
    </message>
    <message>
        <source>a whole number has no precision</source>
        <translation>у целого числа нет точности</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no form of a value</source>
        <translation>«%1» — не вид значения</translation>
    </message>
    <message>
        <source>a text is put together without the value &quot;%1&quot;</source>
        <translation>текст составляется без значения «%1»</translation>
    </message>
    <message>
        <source>%1 values are put into a text with places for %2</source>
        <translation>в текст с местами для %2 подставляется значений: %1</translation>
    </message>
    <message>
        <source>the braces of &quot;%1&quot; hold no place of a value</source>
        <translation>скобки в «%1» не задают место значения</translation>
    </message>
    <message>
        <source>%1 is no key of a mapping</source>
        <translation>%1 не может быть ключом отображения</translation>
    </message>
    <message>
        <source>a text is filled up with one character, to %1 at most</source>
        <translation>текст дополняется одним символом, не больше чем до %1</translation>
    </message>
    <message>
        <source>%1 (%2 of layer %3)</source>
        <translation>%1 (%2 слоя %3)</translation>
    </message>
    <message>
        <source>%1 (with %2 edits)</source>
        <translation>%1 (правок: %2)</translation>
    </message>
    <message>
        <source>it holds no %1 beside others: it is one matrix, or no config says which of its rows are which</source>
        <translation>в нём нет %1 рядом с другими: это одна матрица, или конфигурация не говорит, какие строки к чему относятся</translation>
    </message>
    <message>
        <source>it has no part %1: its parts are %2</source>
        <translation>в нём нет части %1; его части: %2</translation>
    </message>
    <message>
        <source>the destination is the source itself (%1), which is never written</source>
        <translation>место назначения — сам источник (%1), а он никогда не перезаписывается</translation>
    </message>
    <message>
        <source>the destination lies inside of the source&apos;s own folder (%1), in which nothing is written</source>
        <translation>место назначения лежит внутри папки самого источника (%1), в которую ничего не записывается</translation>
    </message>
    <message>
        <source>it does not begin as an array of numpy</source>
        <translation>он начинается не как массив numpy</translation>
    </message>
    <message>
        <source>its header has version %1; 1, 2 and 3 are known</source>
        <translation>версия его заголовка %1; известны 1, 2 и 3</translation>
    </message>
    <message>
        <source>its header claims %1 bytes; %2 are there, and %3 is the most that is read</source>
        <translation>его заголовок заявляет %1 байт; в файле есть %2, а читается не более %3</translation>
    </message>
    <message>
        <source>its header is not a dict of descr, fortran_order and shape</source>
        <translation>его заголовок — не словарь из descr, fortran_order и shape</translation>
    </message>
    <message>
        <source>its shape %1 has more elements than can be counted</source>
        <translation>в его форме %1 больше элементов, чем можно сосчитать</translation>
    </message>
    <message>
        <source>%1: its %2 elements take %3 bytes and %4 are there</source>
        <translation>%1: его элементы (%2) занимают %3 байт, а в файле их %4</translation>
    </message>
    <message>
        <source>%1 is packed or does not lie row after row, and its %2 bytes are more than are decoded in memory (%3)</source>
        <translation>%1 сжат или лежит не строка за строкой, а его %2 байт больше, чем раскрывается в памяти (%3)</translation>
    </message>
    <message>
        <source>records</source>
        <translation>записи</translation>
    </message>
    <message>
        <source>numpy&apos;s type %1</source>
        <translation>тип numpy %1</translation>
    </message>
    <message>
        <source>no array of numbers is in it</source>
        <translation>в нём нет ни одного массива чисел</translation>
    </message>
    <message>
        <source>%1 does not lie row after row, and its %2 bytes are more than are turned in memory (%3)</source>
        <translation>%1 лежит не строка за строкой, а его %2 байт больше, чем переставляется в памяти (%3)</translation>
    </message>
    <message>
        <source>no tensor is in it; the first of %1 values is %2</source>
        <translation>в нём нет ни одного тензора; первое из значений (%1): %2</translation>
    </message>
    <message>
        <source>its view of storage %1 reaches past the %2 bytes of that</source>
        <translation>его часть хранилища %1 выходит за %2 байт этого хранилища</translation>
    </message>
    <message>
        <source>zip: %1 is compressed, which torch never does</source>
        <translation>zip: %1 сжат, чего torch никогда не делает</translation>
    </message>
    <message>
        <source>%1 is packed by method %2; only stored and deflated entries are read</source>
        <translation>%1 упакован методом %2; читаются только несжатые и сжатые методом deflate</translation>
    </message>
    <message>
        <source>%1 is damaged after %2 bytes of its content</source>
        <translation>%1 повреждён после %2 байт содержимого</translation>
    </message>
    <message>
        <source>%1 unpacks to %2 bytes and should have %3</source>
        <translation>%1 распаковывается в %2 байт, а должно быть %3</translation>
    </message>
    <message>
        <source>these rows, columns, heads, experts and parts have no element in common</source>
        <translation>у этих строк, столбцов, голов, экспертов и частей нет общих элементов</translation>
    </message>
    <message>
        <source>there is no part &quot;%1&quot;: it must be one of %2</source>
        <translation>части «%1» не бывает; возможны %2</translation>
    </message>
    <message>
        <source>%1elements must be &quot;all&quot; or an object with top, bottom, quantile, rows, cols, heads, experts or part</source>
        <translation>%1elements должно быть &quot;all&quot; или объектом с top, bottom, quantile, rows, cols, heads, experts или part</translation>
    </message>
    <message>
        <source>singular values belong to a whole matrix: of the elements only experts of a stack, or a part that is stored fused, can be chosen</source>
        <translation>сингулярные числа принадлежат целой матрице: из элементов можно выбрать лишь экспертов стопки или часть, хранимую в общей матрице</translation>
    </message>
</context>
<context>
    <name>verdicts</name>
    <message>
        <source>it adds the same number to every logit of a position, which no probability shows</source>
        <translation>ко всем логитам позиции прибавляется одно и то же число, на вероятностях это не сказывается</translation>
    </message>
    <message>
        <source>it multiplies every logit by %1: greedy answers stay, sampling sees another temperature</source>
        <translation>все логиты умножаются на %1: жадные ответы те же, для выборки меняется температура</translation>
    </message>
    <message>
        <source>the matrix is used twice: as %1 and, tied, as %2</source>
        <translation>матрица используется дважды: как %1 и, по связи, как %2</translation>
    </message>
    <message>
        <source>q_norm and k_norm divide a common factor out again, so it acts through v_proj only</source>
        <translation>q_norm и k_norm снова делят на общий множитель, поэтому действует только путь через v_proj</translation>
    </message>
    <message>
        <source>the gain is 1 + weight here: a factor on the weight is not a factor on the gain</source>
        <translation>здесь усиление равно 1 + вес: множитель веса не есть множитель усиления</translation>
    </message>
    <message>
        <source>%1 goes into %2, which divides a common factor out again (up to its epsilon and rounding)</source>
        <translation>%1 входит в %2, где общий множитель снова сокращается (с точностью до эпсилон и округления)</translation>
    </message>
    <message>
        <source>%1 behind %2 would divide a common factor out again, but at ×%3 its epsilon begins to show</source>
        <translation>%1 после %2 сократила бы общий множитель, но при ×%3 начинает сказываться её эпсилон</translation>
    </message>
    <message>
        <source>the edits of %1 in the same layer undo it: the product of the two factors is 1</source>
        <translation>правки %1 в том же слое отменяют это: произведение двух множителей равно 1</translation>
    </message>
    <message>
        <source>at a strength of 0 nothing changes</source>
        <translation>при силе 0 ничего не меняется</translation>
    </message>
    <message>
        <source>a factor of 1 changes nothing</source>
        <translation>множитель 1 ничего не меняет</translation>
    </message>
    <message>
        <source>every element is 0</source>
        <translation>все элементы равны 0</translation>
    </message>
    <message>
        <source>×%1 is less than the rounding step of %2</source>
        <translation>×%1 меньше шага округления %2</translation>
    </message>
    <message>
        <source>adding 0 changes nothing</source>
        <translation>прибавление 0 ничего не меняет</translation>
    </message>
    <message>
        <source>%1 is less than the rounding step of %2 at these values</source>
        <translation>%1 меньше шага округления %2 при таких значениях</translation>
    </message>
    <message>
        <source>noise of size 0 changes nothing</source>
        <translation>шум величины 0 ничего не меняет</translation>
    </message>
    <message>
        <source>the noise is less than the rounding step of %1 at these values</source>
        <translation>шум меньше шага округления %1 при таких значениях</translation>
    </message>
    <message>
        <source>a share of 0 prunes nothing</source>
        <translation>доля 0 ничего не обрезает</translation>
    </message>
    <message>
        <source>no element lies outside the bounds</source>
        <translation>ни один элемент не лежит вне границ</translation>
    </message>
    <message>
        <source>every element has that value already</source>
        <translation>все элементы уже имеют это значение</translation>
    </message>
    <message>
        <source>the edit is switched off</source>
        <translation>правка выключена</translation>
    </message>
    <message>
        <source>%1 of %2 elements change after rounding</source>
        <translation>после округления меняется элементов: %1 из %2</translation>
    </message>
    <message>
        <source>%1 elements of %2 become infinite or not a number</source>
        <translation>элементов %2, ставших бесконечными или NaN: %1</translation>
    </message>
    <message>
        <source>every gain is 1</source>
        <translation>все коэффициенты равны 1</translation>
    </message>
    <message>
        <source>a gain that all components share is divided out again, since the sum of the singular values is kept</source>
        <translation>общий для всех компонент коэффициент сокращается, потому что сумма сингулярных чисел сохраняется</translation>
    </message>
    <message>
        <source>the cut leaves every component that the matrix has</source>
        <translation>отсечение оставляет все компоненты, которые есть у матрицы</translation>
    </message>
    <message>
        <source>the other singular values change less than the rounding step of %1</source>
        <translation>другие сингулярные числа меняют меньше шага округления %1</translation>
    </message>
    <message>
        <source>%1 layers run where %2 ran before</source>
        <translation>работает слоёв: %1, раньше было %2</translation>
    </message>
    <message>
        <source>layer %1 is left out by an edit of the layers</source>
        <translation>слой %1 убран правкой слоёв</translation>
    </message>
    <message>
        <source>the layer has these values already</source>
        <translation>у слоя уже такие значения</translation>
    </message>
    <message>
        <source>a cap bends the logits: greedy answers stay, but sampling sees more than another temperature</source>
        <translation>логиты ограничиваются: жадные ответы те же, но для выборки меняется не только температура</translation>
    </message>
    <message>
        <source>the norm behind the embedding divides a common factor out again (up to its epsilon and rounding)</source>
        <translation>норма за эмбеддингом снова сокращает общий множитель (с точностью до эпсилон и округления)</translation>
    </message>
    <message>
        <source>the norm behind the embedding divides a common factor out again; as the tied head it multiplies every logit by %1: greedy answers stay, sampling sees another temperature</source>
        <translation>норма за эмбеддингом снова сокращает общий множитель; связанная с ним голова умножает все логиты на %1: жадные ответы те же, для выборки меняется температура</translation>
    </message>
    <message>
        <source>it adds the same number to the scores of all experts, which changes neither their order nor their shares</source>
        <translation>к оценкам всех экспертов прибавляется одно и то же число, ни их порядок, ни доли не меняются</translation>
    </message>
    <message>
        <source>it adds the same number to all outputs, which %1 takes away again with their mean</source>
        <translation>ко всем выходам прибавляется одно и то же число, %1 снова вычитает его вместе со средним</translation>
    </message>
    <message>
        <source>it adds the same number to all of the stream, which every norm takes away again with the mean, and, as the tied head, to every logit, which no probability shows</source>
        <translation>ко всему потоку прибавляется одно и то же число, каждая норма снова вычитает его вместе со средним, а через связанную голову — ко всем логитам, на вероятностях это не сказывается</translation>
    </message>
    <message>
        <source>it adds the same number to all of the stream, which every norm takes away again with the mean</source>
        <translation>ко всему потоку прибавляется одно и то же число, каждая норма снова вычитает его вместе со средним</translation>
    </message>
    <message>
        <source>the matrix is used twice by loaders that follow the config&apos;s tie: as %1 and as %2; those that compare it with the stored copy of the head run that copy</source>
        <translation>загрузчики, которые следуют связи из конфигурации, используют матрицу дважды: как %1 и как %2; те, что сравнивают её с сохранённой копией головы, берут эту копию</translation>
    </message>
    <message>
        <source>the config ties the head to the embedding: loaders that follow it (transformers 4) read %1 and not this stored copy; those that compare the two (transformers 5, this program) run the copy once it differs</source>
        <translation>конфигурация связывает голову с эмбеддингом: загрузчики, которые ей следуют (transformers 4), читают %1, а не эту сохранённую копию; те, что сравнивают обе (transformers 5, эта программа), берут копию, как только она отличается</translation>
    </message>
    <message>
        <source>a bias of the keys adds one number to all scores of a query, which the softmax takes away again</source>
        <translation>смещение ключей прибавляет одно число ко всем оценкам запроса, а softmax его снова вычитает</translation>
    </message>
    <message>
        <source>edit %1 writes all of %2 anew</source>
        <translation>правка %1 записывает %2 целиком заново</translation>
    </message>
    <message>
        <source>alone it would not show, but edit %1 of %2 comes after it and does not go along</source>
        <translation>сама по себе она не проявилась бы, но после неё идёт правка %1 (%2), которая её не сохраняет</translation>
    </message>
</context>
<context>
    <name>wb::ActivationsPage</name>
    <message>
        <source>Activations</source>
        <translation>Активации</translation>
    </message>
    <message>
        <source>Root mean square, largest value and kurtosis of everything a layer reads and writes.</source>
        <translation>Среднеквадратичное, наибольшее значение и эксцесс всего, что слой читает и пишет.</translation>
    </message>
    <message>
        <source>The text is being read …</source>
        <translation>Текст читается…</translation>
    </message>
    <message>
        <source>Not measured yet.</source>
        <translation>Ещё не измерено.</translation>
    </message>
    <message>
        <source>No massive activations</source>
        <translation>Огромных активаций нет</translation>
    </message>
    <message>
        <source>Massive activations: %1, the largest %2 in channel %3 at token %4, before layer %5</source>
        <translation>Огромных активаций: %1, наибольшая %2 в канале %3 у токена %4, перед слоем %5</translation>
    </message>
    <message>
        <source>; with the edits %1</source>
        <translation>; с правками %1</translation>
    </message>
    <message>
        <source>; the edits have changed since</source>
        <translation>; с тех пор правки изменились</translation>
    </message>
    <message>
        <source>%1 tokens of %2 · F32 · exact over all values · massive: above 100 and 1000 times the median of the layer&apos;s states</source>
        <translation>%1 токенов из %2 · F32 · точно по всем значениям · огромные: больше 100 и 1000 медиан состояний слоя</translation>
    </message>
    <message>
        <source>Channels of layer %1</source>
        <translation>Каналы слоя %1</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>слой %1</translation>
    </message>
    <message>
        <source>share of tokens that choose an expert</source>
        <translation>доля токенов, выбирающих эксперта</translation>
    </message>
    <message>
        <source>layer %1, expert %2: %3 of the tokens; balance %4</source>
        <translation>слой %1, эксперт %2: %3 токенов; равномерность %4</translation>
    </message>
    <message>
        <source>with expert %1: %2</source>
        <translation>с экспертом %1: %2</translation>
    </message>
    <message>
        <source>Open a checkpoint to see what flows through it on a text of yours.</source>
        <translation>Откройте чекпойнт, чтобы увидеть, что течёт через него на вашем тексте.</translation>
    </message>
    <message>
        <source>Values by layer</source>
        <translation>Значения по слоям</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Место</translation>
    </message>
    <message>
        <source>stream after the block</source>
        <translation>поток после блока</translation>
    </message>
    <message>
        <source>attention reads</source>
        <translation>читает внимание</translation>
    </message>
    <message>
        <source>heads side by side</source>
        <translation>головы рядом</translation>
    </message>
    <message>
        <source>attention adds</source>
        <translation>добавляет внимание</translation>
    </message>
    <message>
        <source>feed-forward reads</source>
        <translation>читает FFN</translation>
    </message>
    <message>
        <source>inside the feed-forward</source>
        <translation>внутри FFN</translation>
    </message>
    <message>
        <source>feed-forward adds</source>
        <translation>добавляет FFN</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>Величина</translation>
    </message>
    <message>
        <source>root mean square</source>
        <translation>среднеквадратичное</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>наибольшее</translation>
    </message>
    <message>
        <source>kurtosis (3: normal)</source>
        <translation>эксцесс (3: нормальное)</translation>
    </message>
    <message>
        <source>standard deviation</source>
        <translation>станд. отклонение</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>среднее</translation>
    </message>
    <message>
        <source>Choose a text and press Measure</source>
        <translation>Выберите текст и нажмите «Измерить»</translation>
    </message>
    <message>
        <source>Strongest channels</source>
        <translation>Сильнейшие каналы</translation>
    </message>
    <message>
        <source>The strongest channels of a layer, once it is measured</source>
        <translation>Сильнейшие каналы слоя — когда он измерен</translation>
    </message>
    <message>
        <source>Root mean square of the strongest channels, by number</source>
        <translation>Среднеквадратичное сильнейших каналов, по номерам</translation>
    </message>
    <message>
        <source>Weights behind the largest values</source>
        <translation>Веса за наибольшими значениями</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>слой</translation>
    </message>
    <message>
        <source>adds at most</source>
        <translation>добавляет до</translation>
    </message>
    <message>
        <source>over typical</source>
        <translation>к типичному</translation>
    </message>
    <message>
        <source>token</source>
        <translation>токен</translation>
    </message>
    <message>
        <source>row</source>
        <translation>строка</translation>
    </message>
    <message>
        <source>column</source>
        <translation>столбец</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>вес</translation>
    </message>
    <message>
        <source>input</source>
        <translation>вход</translation>
    </message>
    <message>
        <source>share</source>
        <translation>доля</translation>
    </message>
    <message>
        <source>The largest value each feed-forward adds, and the element of its down matrix that makes most of it; double click leads there</source>
        <translation>Наибольшее значение, добавляемое FFN, и элемент матрицы down, который его создаёт; двойной щелчок ведёт к нему</translation>
    </message>
    <message>
        <source>Weights behind</source>
        <translation>Веса за ними</translation>
    </message>
    <message>
        <source>Massive activations</source>
        <translation>Огромные активации</translation>
    </message>
    <message>
        <source>before layer</source>
        <translation>перед слоем</translation>
    </message>
    <message>
        <source>place</source>
        <translation>место</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>канал</translation>
    </message>
    <message>
        <source>value</source>
        <translation>значение</translation>
    </message>
    <message>
        <source>over median</source>
        <translation>к медиане</translation>
    </message>
    <message>
        <source>of so many</source>
        <translation>из стольких</translation>
    </message>
    <message>
        <source>Massive</source>
        <translation>Огромные</translation>
    </message>
    <message>
        <source>Choice of experts</source>
        <translation>Выбор экспертов</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Эксперты</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>токенам</translation>
    </message>
    <message>
        <source>runs of %1 tokens</source>
        <translation>отрезкам по %1 токена(ов)</translation>
    </message>
    <message>
        <source>bars of root mean square and mean: 95 % interval of the difference, paired over %1; a bar that does not reach the other curve is a difference</source>
        <translation>планки у среднеквадратичного и среднего: 95 %-й интервал разности, попарно по %1; планка, не достающая до другой кривой, — различие</translation>
    </message>
    <message>
        <source>; the stream&apos;s root mean square changes most behind layer %1: %2 (95 % from %3 to %4)</source>
        <translation>; среднеквадратичное потока меняется сильнее всего после слоя %1: %2 (95 % от %3 до %4)</translation>
    </message>
    <message>
        <source>RMS</source>
        <translation>RMS</translation>
    </message>
</context>
<context>
    <name>wb::Banner</name>
    <message>
        <source>✕</source>
        <translation>✕</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Убрать</translation>
    </message>
</context>
<context>
    <name>wb::CandidatesCard</name>
    <message>
        <source>Candidates of “%1”</source>
        <translation>Кандидаты вместо «%1»</translation>
    </message>
    <message>
        <source>probability, ln p · entropy %1 nats</source>
        <translation>вероятность, ln p · энтропия %1 нат</translation>
    </message>
    <message>
        <source>temperature %1</source>
        <translation>температура %1</translation>
    </message>
</context>
<context>
    <name>wb::CandidatesTable</name>
    <message>
        <source>■ original</source>
        <translation>■ исходная</translation>
    </message>
</context>
<context>
    <name>wb::ChangeChart</name>
    <message>
        <source>Change of the loss by place</source>
        <translation>Изменение потерь по местам</translation>
    </message>
    <message>
        <source>Nothing is measured yet</source>
        <translation>Пока ничего не измерено</translation>
    </message>
    <message>
        <source>nats by token: up is worse, down is better</source>
        <translation>наты по токенам: вверх — хуже, вниз — лучше</translation>
    </message>
    <message>
        <source>token %1: %2 nats</source>
        <translation>токен %1: %2 нат</translation>
    </message>
</context>
<context>
    <name>wb::ChartExport</name>
    <message>
        <source>Save the picture</source>
        <translation>Сохранение картинки</translation>
    </message>
    <message>
        <source>Pictures (*.svg *.png)</source>
        <translation>Картинки (*.svg *.png)</translation>
    </message>
    <message>
        <source>%1 cannot be written.</source>
        <translation>Не удаётся записать %1.</translation>
    </message>
    <message>
        <source>Save the numbers</source>
        <translation>Сохранение чисел</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Таблицы (*.csv)</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>Не удаётся записать %1: %2.</translation>
    </message>
    <message>
        <source>Copy image</source>
        <translation>Копировать картинку</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>Сохранить картинку…</translation>
    </message>
    <message>
        <source>Copy numbers</source>
        <translation>Копировать числа</translation>
    </message>
    <message>
        <source>Save numbers as CSV…</source>
        <translation>Сохранить числа в CSV…</translation>
    </message>
</context>
<context>
    <name>wb::ChartView</name>
    <message>
        <source>Fit</source>
        <translation>Вместить</translation>
    </message>
</context>
<context>
    <name>wb::ChatForm</name>
    <message>
        <source>chat</source>
        <translation>беседа</translation>
    </message>
    <message>
        <source>system text, if any</source>
        <translation>системный текст, если есть</translation>
    </message>
    <message>
        <source>System text</source>
        <translation>Системный текст</translation>
    </message>
    <message>
        <source>The prompt is what a user says; the model&apos;s own chat template puts it into form</source>
        <translation>Запрос — слова пользователя; шаблон беседы самой модели приводит их к её форме</translation>
    </message>
    <message>
        <source>Putting the prompt into form</source>
        <translation>Запрос приводится к форме беседы</translation>
    </message>
    <message>
        <source>the model reads: %1</source>
        <translation>модель читает: %1</translation>
    </message>
</context>
<context>
    <name>wb::CheckpointPanel</name>
    <message>
        <source>Filter   /</source>
        <translation>Фильтр   /</translation>
    </message>
    <message>
        <source>Words of a name, or a selection: role=q_proj layer=10-27</source>
        <translation>Слова из имени или выбор: role=q_proj layer=10-27</translation>
    </message>
    <message>
        <source>Filter tensors</source>
        <translation>Фильтр тензоров</translation>
    </message>
    <message>
        <source>Tensors of the checkpoint</source>
        <translation>Тензоры чекпойнта</translation>
    </message>
    <message>
        <source>No tensor matches.</source>
        <translation>Ни один тензор не подходит.</translation>
    </message>
    <message>
        <source>Show tensor</source>
        <translation>Показать тензор</translation>
    </message>
    <message numerus="yes">
        <source>Copy %n name(s)</source>
        <translation>
            <numerusform>Скопировать %n имя</numerusform>
            <numerusform>Скопировать %n имени</numerusform>
            <numerusform>Скопировать %n имён</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy as selection</source>
        <translation>Скопировать как выбор</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Править…</translation>
    </message>
    <message>
        <source>Scale by 1/2</source>
        <translation>Умножить на 1/2</translation>
    </message>
    <message>
        <source>Scale by 2</source>
        <translation>Умножить на 2</translation>
    </message>
    <message>
        <source>Set to zero</source>
        <translation>Обнулить</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Статистика</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Разности</translation>
    </message>
</context>
<context>
    <name>wb::CommandPalette</name>
    <message>
        <source>Commands and tensors</source>
        <translation>Команды и тензоры</translation>
    </message>
    <message>
        <source>A few letters of a command or a tensor</source>
        <translation>Несколько букв команды или тензора</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Поиск</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Найдено</translation>
    </message>
    <message>
        <source>Nothing has these letters.</source>
        <translation>Ничего с такими буквами нет.</translation>
    </message>
</context>
<context>
    <name>wb::DiffModel</name>
    <message>
        <source>scaled by %1</source>
        <translation>× %1</translation>
    </message>
    <message>
        <source>shifted by %1</source>
        <translation>сдвиг на %1</translation>
    </message>
    <message>
        <source>rounding only</source>
        <translation>только округление</translation>
    </message>
    <message>
        <source>a few elements</source>
        <translation>немногие элементы</translation>
    </message>
    <message>
        <source>other bytes, not read as numbers</source>
        <translation>другие байты, не читаются как числа</translation>
    </message>
    <message>
        <source>all over</source>
        <translation>повсюду</translation>
    </message>
    <message>
        <source>only on the left</source>
        <translation>только слева</translation>
    </message>
    <message>
        <source>only on the right</source>
        <translation>только справа</translation>
    </message>
    <message>
        <source>another shape</source>
        <translation>другая форма</translation>
    </message>
    <message>
        <source>another type</source>
        <translation>другой тип</translation>
    </message>
    <message>
        <source>exact, over all elements: %1</source>
        <translation>точно, по всем элементам: %1</translation>
    </message>
    <message>
        <source>tensor</source>
        <translation>тензор</translation>
    </message>
    <message>
        <source>share</source>
        <translation>доля</translation>
    </message>
    <message>
        <source>‖Δ‖ / ‖W‖</source>
        <translation>‖Δ‖ / ‖W‖</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>косинус</translation>
    </message>
    <message>
        <source>max |Δ|</source>
        <translation>макс. |Δ|</translation>
    </message>
    <message>
        <source>character</source>
        <translation>характер</translation>
    </message>
    <message>
        <source>Double click shows the tensor</source>
        <translation>Двойной щелчок показывает тензор</translation>
    </message>
    <message>
        <source>Elements whose stored bits differ</source>
        <translation>Элементы, у которых отличаются хранимые биты</translation>
    </message>
    <message>
        <source>… of all elements of the tensor</source>
        <translation>… от всех элементов тензора</translation>
    </message>
    <message>
        <source>Norm of the difference over the norm of the left side</source>
        <translation>Норма разности к норме левой стороны</translation>
    </message>
    <message>
        <source>Cosine between the two sides</source>
        <translation>Косинус между двумя сторонами</translation>
    </message>
    <message>
        <source>Largest difference of one element</source>
        <translation>Наибольшая разность одного элемента</translation>
    </message>
    <message>
        <source>What the difference looks like</source>
        <translation>На что похожа разность</translation>
    </message>
    <message>
        <source>low rank: %1</source>
        <translation>малый ранг: %1</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>изменено</translation>
    </message>
</context>
<context>
    <name>wb::DiffPage</name>
    <message>
        <source>Another checkpoint…</source>
        <translation>Другой чекпойнт…</translation>
    </message>
    <message>
        <source>■ Original</source>
        <translation>■ Исходный</translation>
    </message>
    <message>
        <source>□ Patched</source>
        <translation>□ Изменённый</translation>
    </message>
    <message>
        <source>against</source>
        <translation>против</translation>
    </message>
    <message>
        <source>next ▾</source>
        <translation>дальше ▾</translation>
    </message>
    <message>
        <source>Next difference (F8); Shift+F8 goes back</source>
        <translation>Следующее отличие (F8); Shift+F8 — назад</translation>
    </message>
    <message>
        <source>Tensors that differ</source>
        <translation>Отличающиеся тензоры</translation>
    </message>
    <message>
        <source>Largest differences</source>
        <translation>Наибольшие разности</translation>
    </message>
    <message>
        <source>place</source>
        <translation>место</translation>
    </message>
    <message>
        <source>left</source>
        <translation>слева</translation>
    </message>
    <message>
        <source>right</source>
        <translation>справа</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>разность</translation>
    </message>
    <message>
        <source>Checkpoint to compare with</source>
        <translation>С каким чекпойнтом сравнить</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>Открытие %1</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint, stage an edit, and see here what it changes.</source>
        <translation>Откройте чекпойнт, добавьте правку и увидите здесь, что она меняет.</translation>
    </message>
    <message>
        <source>Both sides are the same</source>
        <translation>Обе стороны одинаковы</translation>
    </message>
    <message>
        <source>Nothing is staged, so original and patched do not differ. Stage an edit, or compare with another checkpoint.</source>
        <translation>Правок нет, поэтому исходный и изменённый не различаются. Добавьте правку или сравните с другим чекпойнтом.</translation>
    </message>
    <message>
        <source>Choose another side.</source>
        <translation>Выберите другую сторону.</translation>
    </message>
    <message>
        <source>Compare with another checkpoint…</source>
        <translation>Сравнить с другим чекпойнтом…</translation>
    </message>
    <message>
        <source>Comparing …</source>
        <translation>Сравнение …</translation>
    </message>
    <message>
        <source>Progress is at the bottom of the window.</source>
        <translation>Ход виден внизу окна.</translation>
    </message>
    <message>
        <source>Comparing %1 with %2</source>
        <translation>Сравнение: %1 и %2</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Остановлено</translation>
    </message>
    <message>
        <source>They cannot be compared</source>
        <translation>Их нельзя сравнить</translation>
    </message>
    <message>
        <source>The comparison did not come to its end.</source>
        <translation>Сравнение не дошло до конца.</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) are bit-equal</source>
        <translation>
            <numerusform>%n тензор совпадает побитово</numerusform>
            <numerusform>%n тензора совпадают побитово</numerusform>
            <numerusform>%n тензоров совпадают побитово</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing differs</source>
        <translation>Отличий нет</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) differ; </source>
        <translation>
            <numerusform>отличается %n тензор; </numerusform>
            <numerusform>отличаются %n тензора; </numerusform>
            <numerusform>отличаются %n тензоров; </numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · exact</source>
        <translation>%1 · точно</translation>
    </message>
    <message>
        <source>Diff</source>
        <translation>Отличия</translation>
    </message>
    <message>
        <source>right − left</source>
        <translation>правая − левая</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>наибольшие</translation>
    </message>
    <message>
        <source>map</source>
        <translation>карта</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
</context>
<context>
    <name>wb::Document</name>
    <message>
        <source>Opening %1</source>
        <translation>Открытие %1</translation>
    </message>
    <message>
        <source>recipe %1</source>
        <translation>рецепт %1</translation>
    </message>
</context>
<context>
    <name>wb::EditPanel</name>
    <message>
        <source>Reset</source>
        <translation>Сбросить</translation>
    </message>
    <message>
        <source>Range of %1</source>
        <translation>Диапазон %1</translation>
    </message>
    <message>
        <source>Change edit</source>
        <translation>Изменить правку</translation>
    </message>
    <message>
        <source>Stage edit</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Drag the slider or type a number: nothing changes until you stage the edit.</source>
        <translation>Двигайте ползунок или введите число: пока правка не добавлена, ничего не меняется.</translation>
    </message>
    <message>
        <source>Choose a tensor to edit it.</source>
        <translation>Выберите тензор, чтобы править его.</translation>
    </message>
    <message>
        <source>%1 is not read as numbers, so this tensor cannot be edited.</source>
        <translation>%1 не читается как числа, поэтому править этот тензор нельзя.</translation>
    </message>
    <message>
        <source>This tensor has no elements.</source>
        <translation>В этом тензоре нет элементов.</translation>
    </message>
    <message>
        <source>Effect on %1</source>
        <translation>Действие на %1</translation>
    </message>
    <message>
        <source>In %1:</source>
        <translation>В %1:</translation>
    </message>
    <message>
        <source>%1 of %2 elements change after rounding</source>
        <translation>%1 из %2 элементов меняются после округления</translation>
    </message>
    <message>
        <source>The change is smaller than the steps of the type: nothing is stored.</source>
        <translation>Изменение меньше шага этого типа: ничего не сохранится.</translation>
    </message>
    <message>
        <source>No two values fall together: nothing is lost by rounding.</source>
        <translation>Никакие два значения не совпали: округление ничего не теряет.</translation>
    </message>
    <message>
        <source>%1 distinct values fall together with others.</source>
        <translation>%1 разных значений совпали с другими.</translation>
    </message>
    <message>
        <source>Selecting %1</source>
        <translation>Отбор: %1</translation>
    </message>
    <message>
        <source>The selection is being evaluated.</source>
        <translation>Отбор вычисляется.</translation>
    </message>
    <message>
        <source>The elements or the strength cannot be read.</source>
        <translation>Элементы или сила правки заданы неверно.</translation>
    </message>
    <message>
        <source>Stopped before the selection was known. A change of it starts again.</source>
        <translation>Остановлено раньше, чем выборка стала известна. Её изменение начнёт снова.</translation>
    </message>
</context>
<context>
    <name>wb::ElementFeed</name>
    <message>
        <source>Elements of %1</source>
        <translation>Элементы %1</translation>
    </message>
    <message>
        <source>All elements of %1</source>
        <translation>Все элементы %1</translation>
    </message>
    <message>
        <source>a sample while all are read: %1</source>
        <translation>выборка, пока читаются все: %1</translation>
    </message>
    <message>
        <source>a sample: %1</source>
        <translation>выборка: %1</translation>
    </message>
</context>
<context>
    <name>wb::ElementMap</name>
    <message>
        <source>Map of the elements</source>
        <translation>Карта элементов</translation>
    </message>
    <message>
        <source>every element</source>
        <translation>каждый элемент</translation>
    </message>
    <message>
        <source>every row</source>
        <translation>каждая строка</translation>
    </message>
    <message>
        <source>1 of %1 rows</source>
        <translation>1 из %1 строк</translation>
    </message>
    <message>
        <source>every column</source>
        <translation>каждый столбец</translation>
    </message>
    <message>
        <source>1 of %1 columns</source>
        <translation>1 из %1 столбцов</translation>
    </message>
    <message>
        <source>zero in the middle, square-root scale</source>
        <translation>ноль посередине, шкала — квадратный корень</translation>
    </message>
    <message>
        <source>■ original</source>
        <translation>■ исходный</translation>
    </message>
    <message>
        <source>□ patched</source>
        <translation>□ изменённый</translation>
    </message>
    <message>
        <source>row %1, column %2   %3</source>
        <translation>строка %1, столбец %2   %3</translation>
    </message>
    <message>
        <source>the largest of each %1 × %2</source>
        <translation>наибольшее из каждых %1 × %2</translation>
    </message>
    <message>
        <source>the mean of each %1 × %2</source>
        <translation>среднее из каждых %1 × %2</translation>
    </message>
    <message>
        <source>rows %1, columns %2: mean %3</source>
        <translation>строки %1, столбцы %2: среднее %3</translation>
    </message>
    <message>
        <source>rows %1, columns %2: largest %3</source>
        <translation>строки %1, столбцы %2: наибольшее %3</translation>
    </message>
</context>
<context>
    <name>wb::ElementsForm</name>
    <message>
        <source>all elements</source>
        <translation>все элементы</translation>
    </message>
    <message>
        <source>the largest</source>
        <translation>наибольшие</translation>
    </message>
    <message>
        <source>the smallest</source>
        <translation>наименьшие</translation>
    </message>
    <message>
        <source>between two quantiles</source>
        <translation>между двумя квантилями</translation>
    </message>
    <message>
        <source>Elements</source>
        <translation>Элементы</translation>
    </message>
    <message>
        <source>by value</source>
        <translation>по значению</translation>
    </message>
    <message>
        <source>by magnitude</source>
        <translation>по модулю</translation>
    </message>
    <message>
        <source>Measured by</source>
        <translation>Мера</translation>
    </message>
    <message>
        <source>Strength, %</source>
        <translation>Сила, %</translation>
    </message>
    <message>
        <source>Rows, columns, heads, group…</source>
        <translation>Строки, столбцы, головы…</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Строки</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Столбцы</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>Головы</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Эксперты</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Группа</translation>
    </message>
    <message>
        <source>a name</source>
        <translation>название</translation>
    </message>
    <message>
        <source>first:end, the end is not included; a single number is one row.</source>
        <translation>начало:конец, конец не входит; одно число – одна строка.</translation>
    </message>
    <message>
        <source>first:end, the end is not included; a single number is one column.</source>
        <translation>начало:конец, конец не входит; одно число – один столбец.</translation>
    </message>
    <message>
        <source>Edits of one group are switched on and off together.</source>
        <translation>Правки одной группы включаются и выключаются вместе.</translation>
    </message>
    <message>
        <source>From, %</source>
        <translation>От, %</translation>
    </message>
    <message>
        <source>Share, %</source>
        <translation>Доля, %</translation>
    </message>
    <message>
        <source>To, %</source>
        <translation>До, %</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Часть</translation>
    </message>
    <message>
        <source>Of a tensor that holds several matrices as one: q_proj, k_proj or v_proj, gate_proj or up_proj.</source>
        <translation>Тензора, в котором несколько матриц хранятся как одна: q_proj, k_proj или v_proj, gate_proj или up_proj.</translation>
    </message>
    <message>
        <source>q_proj</source>
        <translation>q_proj</translation>
    </message>
</context>
<context>
    <name>wb::EmptyPage</name>
    <message>
        <source>Open a checkpoint</source>
        <translation>Откройте чекпойнт</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>Открыть папку…</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Открыть файл…</translation>
    </message>
    <message>
        <source>Opened lately</source>
        <translation>Недавно открытые</translation>
    </message>
    <message>
        <source>Drop a folder, a .safetensors, its index or a .gguf here. The files are only ever read: changes live in a recipe until you export.</source>
        <translation>Бросьте сюда папку, .safetensors, его индекс или .gguf. Файлы только читаются: изменения живут в рецепте до экспорта.</translation>
    </message>
</context>
<context>
    <name>wb::EvaluatePage</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 из %2</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Задание</translation>
    </message>
    <message>
        <source>JSON lines: exact answers, choices by log-likelihood, HumanEval programs (run in a sandbox), GSM8K numbers</source>
        <translation>Строки JSON: точные ответы, выбор по правдоподобию, программы HumanEval (в песочнице), числа GSM8K</translation>
    </message>
    <message>
        <source>all items</source>
        <translation>все элементы</translation>
    </message>
    <message>
        <source> items</source>
        <translation> элементов</translation>
    </message>
    <message>
        <source>So many items, chosen by the seed; the same for both sides</source>
        <translation>Столько элементов, выбранных по зерну; одни и те же для обеих сторон</translation>
    </message>
    <message>
        <source>seed </source>
        <translation>зерно </translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Оценить</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Элементы</translation>
    </message>
    <message>
        <source>all</source>
        <translation>все</translation>
    </message>
    <message>
        <source>Which items</source>
        <translation>Какие элементы</translation>
    </message>
    <message>
        <source>Choose an item: its prompt, what both sides wrote, and why it counts as it does</source>
        <translation>Выберите элемент: запрос, что написали обе стороны и почему так засчитано</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint to score its model, with and without your edits.</source>
        <translation>Откройте чекпойнт, чтобы оценить его модель с вашими правками и без них.</translation>
    </message>
    <message>
        <source>A file…</source>
        <translation>Файл…</translation>
    </message>
    <message>
        <source>Choose a task</source>
        <translation>Выбор задания</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl *.json);;All files (*)</source>
        <translation>Строки JSON (*.jsonl *.json);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Scoring, patched</source>
        <translation>Оценка, изменённая</translation>
    </message>
    <message>
        <source>Scoring, original</source>
        <translation>Оценка, исходная</translation>
    </message>
    <message numerus="yes">
        <source>%n items, not scored yet</source>
        <translation>
            <numerusform>%n элемент, ещё не оценено</numerusform>
            <numerusform>%n элемента, ещё не оценено</numerusform>
            <numerusform>%n элементов, ещё не оценено</numerusform>
        </translation>
    </message>
    <message>
        <source>No task is chosen</source>
        <translation>Задание не выбрано</translation>
    </message>
    <message>
        <source>The original solves %1.</source>
        <translation>Исходная модель решает %1.</translation>
    </message>
    <message>
        <source>%1 The edits have changed since: score again.</source>
        <translation>%1 Правки с тех пор изменились: оцените снова.</translation>
    </message>
    <message>
        <source>%1 No edits are staged.</source>
        <translation>%1 Правок нет.</translation>
    </message>
    <message>
        <source>□ patched</source>
        <translation>□ изменённая</translation>
    </message>
    <message>
        <source>■ original</source>
        <translation>■ исходная</translation>
    </message>
    <message>
        <source>right</source>
        <translation>верно</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>неверно</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Стоп</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>Оценка</translation>
    </message>
    <message>
        <source>Reading the task</source>
        <translation>Чтение задания</translation>
    </message>
    <message>
        <source>Choose a task or a file of JSON lines</source>
        <translation>Выберите задание или файл строк JSON</translation>
    </message>
    <message>
        <source>Scoring, noise floor</source>
        <translation>Оценка, порог шума</translation>
    </message>
    <message>
        <source>Scoring, control edit</source>
        <translation>Оценка, контрольная правка</translation>
    </message>
    <message>
        <source>Reading the history</source>
        <translation>Чтение истории</translation>
    </message>
    <message>
        <source>No score of this checkpoint is kept yet. Each one that is finished appears here, with the edits that gave it.</source>
        <translation>Оценок этого чекпойнта пока нет. Здесь появится каждая законченная вместе с правками, которые её дали.</translation>
    </message>
    <message>
        <source>Each finished score of this checkpoint and the edits that gave it. Δ is against the original under the same settings.</source>
        <translation>Каждая законченная оценка этого чекпойнта и правки, которые её дали. Δ — к исходной при тех же настройках.</translation>
    </message>
    <message>
        <source>Edits of a kept score</source>
        <translation>Правки сохранённой оценки</translation>
    </message>
    <message>
        <source>Difference %1 points, 95 % from %2 to %3 (paired bootstrap).</source>
        <translation>Разница %1 п., 95 % от %2 до %3 (парный бутстреп).</translation>
    </message>
    <message>
        <source>A/A floor: %1 of %2 items flip without any edit.</source>
        <translation>Порог A/A: без всяких правок меняется %1 из %2 элементов.</translation>
    </message>
    <message>
        <source>Greedy in f32: scoring twice gives the same bits.</source>
        <translation>Жадно в f32: повторная оценка даёт те же биты.</translation>
    </message>
    <message>
        <source>A random edit of equal norm solves %1 more and %2 fewer (%3).</source>
        <translation>Случайная правка той же нормы решает на %1 больше и на %2 меньше (%3).</translation>
    </message>
    <message>
        <source>So few items say little: a difference like this needs about %1.</source>
        <translation>Так мало элементов говорят мало: для такой разницы нужно около %1.</translation>
    </message>
    <message>
        <source>No difference was seen; that is no proof that there is none.</source>
        <translation>Разницы не видно; это не доказывает, что её нет.</translation>
    </message>
    <message>
        <source>Patched solves %1 more and %2 fewer of %3: %4 → %5 (%6, %7).</source>
        <translation>Изменённая решает на %1 больше и на %2 меньше из %3: %4 → %5 (%6, %7).</translation>
    </message>
    <message>
        <source>sign flips, exact</source>
        <translation>перестановка знаков, точно</translation>
    </message>
    <message>
        <source>McNemar, exact</source>
        <translation>Мак-Немар, точно</translation>
    </message>
    <message>
        <source>Original %1, patched %2.</source>
        <translation>Исходная %1, изменённая %2.</translation>
    </message>
    <message>
        <source>Taken as the answer: %1</source>
        <translation>Засчитано как ответ: %1</translation>
    </message>
    <message>
        <source>Export the scores</source>
        <translation>Вывести оценки</translation>
    </message>
    <message>
        <source>Page (*.html);;Table (*.csv);;JSON lines (*.jsonl)</source>
        <translation>Страница (*.html);;Таблица (*.csv);;Строки JSON (*.jsonl)</translation>
    </message>
    <message>
        <source>Writing the scores</source>
        <translation>Запись оценок</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>Записано: %1</translation>
    </message>
    <message>
        <source>Of the choice of items and examples, of drawn answers and of the resampling</source>
        <translation>Для выбора элементов и примеров, случайных ответов и бутстрепа</translation>
    </message>
    <message>
        <source>1 answer, greedy</source>
        <translation>1 ответ, жадно</translation>
    </message>
    <message>
        <source> answers each</source>
        <translation> отв. на каждый</translation>
    </message>
    <message>
        <source>Several answers to each item are drawn; pass@k then says how likely one of k is right</source>
        <translation>На каждый элемент даётся несколько случайных ответов; pass@k — вероятность, что верен хотя бы один из k</translation>
    </message>
    <message>
        <source>T </source>
        <translation>T </translation>
    </message>
    <message>
        <source>Temperature of drawn answers; with top-p 0.95, as HumanEval is published</source>
        <translation>Температура случайных ответов; top-p 0.95, как в публикациях HumanEval</translation>
    </message>
    <message>
        <source>no examples</source>
        <translation>без примеров</translation>
    </message>
    <message>
        <source> examples</source>
        <translation> прим.</translation>
    </message>
    <message>
        <source>Worked examples of the same task before each item, never the item itself</source>
        <translation>Решённые примеры того же задания перед каждым элементом, но не он сам</translation>
    </message>
    <message>
        <source>noise floor</source>
        <translation>порог шума</translation>
    </message>
    <message>
        <source>Also scores the original again in another order: how many items flip without any edit (A/A)</source>
        <translation>Ещё раз оценить исходную в другом порядке: сколько элементов меняется без правок (A/A)</translation>
    </message>
    <message>
        <source>control edit</source>
        <translation>контроль</translation>
    </message>
    <message>
        <source>Also scores a random edit of equal norm on the same tensors</source>
        <translation>Оценить и случайную правку той же нормы на тех же тензорах</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Вывести…</translation>
    </message>
    <message>
        <source>A page for a browser, a table (CSV) or JSON lines</source>
        <translation>Страница для браузера, таблица (CSV) или строки JSON</translation>
    </message>
    <message>
        <source>Stage these edits</source>
        <translation>Взять эти правки</translation>
    </message>
    <message>
        <source>Takes the recipe that gave the chosen score; one step to undo</source>
        <translation>Берёт рецепт, который дал выбранную оценку; отменяется одним шагом</translation>
    </message>
    <message>
        <source>Prompt of the chosen item</source>
        <translation>Запрос выбранного элемента</translation>
    </message>
    <message>
        <source>Answer of the original</source>
        <translation>Ответ исходной</translation>
    </message>
    <message>
        <source>Answer of the patched model</source>
        <translation>Ответ изменённой</translation>
    </message>
    <message>
        <source>Scores so far and the edits that gave them</source>
        <translation>Оценки и правки, которые их дали</translation>
    </message>
    <message>
        <source>The original is being scored: %1 right of %2 so far …</source>
        <translation>Исходная оценивается: пока верно %1 из %2 …</translation>
    </message>
    <message>
        <source>%1 The patched model is being scored: %2 right of %3 so far …</source>
        <translation>%1 Изменённая модель оценивается: пока верно %2 из %3 …</translation>
    </message>
    <message>
        <source>chat</source>
        <translation>беседа</translation>
    </message>
    <message>
        <source>Prompts as what a user says, examples as what was said before, in the model&apos;s own chat template</source>
        <translation>Запросы — слова пользователя, примеры — сказанное раньше, всё по шаблону беседы самой модели</translation>
    </message>
    <message>
        <source>the sides differ</source>
        <translation>стороны различаются</translation>
    </message>
    <message>
        <source>no difference could be shown any more</source>
        <translation>различие уже нельзя было бы показать</translation>
    </message>
    <message>
        <source>all items were scored</source>
        <translation>оценены все задания</translation>
    </message>
    <message>
        <source>Stopped after %1 of %2 items: %3; p = %4 corrected for every look (chance of a false alarm %5).</source>
        <translation>Остановлено после %1 из %2 заданий: %3; p = %4 с поправкой на каждый просмотр (вероятность ложной тревоги %5).</translation>
    </message>
    <message>
        <source>Scoring until the answer is clear</source>
        <translation>Оценка, пока ответ не станет ясен</translation>
    </message>
    <message>
        <source>Both are being scored: the original has %1 right, the patched model %2, of %3 so far …</source>
        <translation>Оцениваются обе: исходная решила %1, изменённая %2 из %3 …</translation>
    </message>
    <message>
        <source>stop early</source>
        <translation>остановиться раньше</translation>
    </message>
    <message>
        <source>Scores both sides together, block by block, and stops when the answer is clear; the chance of a false alarm is counted exactly and at most 5 %</source>
        <translation>Оценивает обе стороны вместе, блок за блоком, и останавливается, когда ответ ясен; вероятность ложной тревоги подсчитана точно и не выше 5 %</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>Другие программы</translation>
    </message>
</context>
<context>
    <name>wb::ExpertsPage</name>
    <message>
        <source>Take these vectors?</source>
        <translation>Взять эти векторы?</translation>
    </message>
    <message>
        <source>The file names no tensors. Its %1 vectors would go to the MLP matrices of this model in order: the first to %2, the last to %3.</source>
        <translation>Файл не называет тензоров. Его векторы (%1) достались бы матрицам MLP этой модели по порядку: первый — %2, последний — %3.</translation>
    </message>
    <message>
        <source>Its %1 vectors name their tensors, and all of them are there.</source>
        <translation>Его векторы (%1) называют свои тензоры, и все они на месте.</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Эксперты</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Добавить…</translation>
    </message>
    <message>
        <source>transfer</source>
        <translation>перенос</translation>
    </message>
    <message>
        <source>Take experts of another model whose matrices have the same names and lengths; components are matched by falling singular value</source>
        <translation>Брать экспертов другой модели, чьи матрицы так же названы и так же длинны; компоненты сопоставляются по убыванию сингулярных чисел</translation>
    </message>
    <message>
        <source>shuffled control, seed</source>
        <translation>перемешать, зерно</translation>
    </message>
    <message>
        <source>The same gains in random order within each matrix: what a transfer must beat</source>
        <translation>Те же коэффициенты в случайном порядке внутри каждой матрицы: перенос должен быть лучше этого</translation>
    </message>
    <message>
        <source>Save the mix…</source>
        <translation>Сохранить…</translation>
    </message>
    <message>
        <source>Stage edit</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Mean gain by layer</source>
        <translation>Средний коэффициент по слоям</translation>
    </message>
    <message>
        <source>Add an expert to see what it turns up and down</source>
        <translation>Добавьте эксперта, чтобы увидеть, что он усиливает и ослабляет</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open the checkpoint that the experts belong to.</source>
        <translation>Откройте контрольную точку, для которой сделаны эксперты.</translation>
    </message>
    <message>
        <source>Add experts</source>
        <translation>Добавить экспертов</translation>
    </message>
    <message>
        <source>Experts (*.safetensors *.pt *.pth *.bin);;All files (*)</source>
        <translation>Эксперты (*.safetensors *.pt *.pth *.bin);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Opening an expert</source>
        <translation>Открытие эксперта</translation>
    </message>
    <message>
        <source>Take it off the list; the file stays</source>
        <translation>Убрать из списка; файл останется</translation>
    </message>
    <message>
        <source>made for %1 · %2 matrices · %3 · %4
%5</source>
        <translation>для %1 · матриц: %2 · %3 · %4
%5</translation>
    </message>
    <message>
        <source>sigmoid of what is stored</source>
        <translation>сигмоида хранимого</translation>
    </message>
    <message>
        <source>gains as stored</source>
        <translation>коэффициенты как хранятся</translation>
    </message>
    <message>
        <source>sum of σ kept</source>
        <translation>сумма σ сохраняется</translation>
    </message>
    <message>
        <source>sum of σ free</source>
        <translation>сумма σ свободна</translation>
    </message>
    <message>
        <source>An expert is a vector of gains for each matrix: wb svf import takes those of Transformer-squared, training makes them.</source>
        <translation>Эксперт — вектор коэффициентов для каждой матрицы: wb svf import берёт их из Transformer-squared, обучение создаёт новые.</translation>
    </message>
    <message>
        <source>Gains are mixed, then applied to the decomposition of each matrix. A transfer is worth what it beats: stage the shuffled control too and score both.</source>
        <translation>Коэффициенты смешиваются, затем применяются к разложению каждой матрицы. Перенос стоит того, что он превосходит: добавьте и перемешанный контроль и оцените оба.</translation>
    </message>
    <message>
        <source>Gains are mixed, then applied to the decomposition of each matrix.</source>
        <translation>Коэффициенты смешиваются, затем применяются к разложению каждой матрицы.</translation>
    </message>
    <message>
        <source>mix</source>
        <translation>смесь</translation>
    </message>
    <message>
        <source>Staged: %1</source>
        <translation>Добавлено: %1</translation>
    </message>
    <message>
        <source>Save the mix</source>
        <translation>Сохранить смесь</translation>
    </message>
    <message>
        <source>Experts (*.safetensors)</source>
        <translation>Эксперты (*.safetensors)</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>Сохранено как %1</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>слой</translation>
    </message>
    <message>
        <source>mean gain</source>
        <translation>средний коэффициент</translation>
    </message>
</context>
<context>
    <name>wb::ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Экспорт</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>Записать в</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
    <message>
        <source>Hard links for untouched files</source>
        <translation>Жёсткие ссылки для нетронутых файлов</translation>
    </message>
    <message>
        <source>Writes less. The export then shares bytes with the source: a change of one is a change of the other.</source>
        <translation>Пишет меньше. Экспорт тогда делит байты с источником: изменение одного меняет и другой.</translation>
    </message>
    <message>
        <source>Read the proof back from the device</source>
        <translation>Прочитать доказательство с устройства</translation>
    </message>
    <message>
        <source>Drops what was written from memory first. Slower; proves the disk and not only the file system.</source>
        <translation>Сначала вытесняет записанное из памяти. Медленнее; проверяет диск, а не только файловую систему.</translation>
    </message>
    <message>
        <source>Replace an export that is already there</source>
        <translation>Заменить уже лежащий там экспорт</translation>
    </message>
    <message>
        <source>The new one takes its place in one step; only something that an export made is ever replaced.</source>
        <translation>Новый встаёт на место прежнего за один шаг; заменяется только то, что создал экспорт.</translation>
    </message>
    <message>
        <source>Allow new NaN and infinities</source>
        <translation>Разрешить новые NaN и бесконечности</translation>
    </message>
    <message>
        <source>Without this an export that would hold values which the source does not is refused.</source>
        <translation>Без этого экспорт со значениями, которых нет в источнике, отклоняется.</translation>
    </message>
    <message>
        <source>Nothing is staged: this writes a copy of %1.</source>
        <translation>Правок нет: будет записана копия %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n edit(s) staged on %1. The source stays as it is.</source>
        <translation>
            <numerusform>%n правка для %1. Источник не меняется.</numerusform>
            <numerusform>%n правки для %1. Источник не меняется.</numerusform>
            <numerusform>%n правок для %1. Источник не меняется.</numerusform>
        </translation>
    </message>
    <message>
        <source>New folder for the export</source>
        <translation>Новая папка для экспорта</translation>
    </message>
    <message>
        <source>File for the export</source>
        <translation>Файл для экспорта</translation>
    </message>
    <message>
        <source>Folder (*)</source>
        <translation>Папка (*)</translation>
    </message>
    <message>
        <source>Weights (*.safetensors *.gguf)</source>
        <translation>Веса (*.safetensors *.gguf)</translation>
    </message>
    <message>
        <source>Looking at the destination</source>
        <translation>Осмотр места назначения</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) touched, in %1 of %2 files · %3 to write, %4 free there</source>
        <translation>
            <numerusform>затронут %n тензор, файлов %1 из %2 · записать %3, свободно %4</numerusform>
            <numerusform>затронуты %n тензора, файлов %1 из %2 · записать %3, свободно %4</numerusform>
            <numerusform>затронуты %n тензоров, файлов %1 из %2 · записать %3, свободно %4</numerusform>
        </translation>
    </message>
    <message>
        <source>Export to %1</source>
        <translation>Экспорт в %1</translation>
    </message>
    <message>
        <source>reading back and comparing</source>
        <translation>чтение и сравнение</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>запись</translation>
    </message>
    <message>
        <source>%1 · %2 · %3 left</source>
        <translation>%1 · %2 · осталось %3</translation>
    </message>
    <message>
        <source>Stopped. Nothing was left at the destination.</source>
        <translation>Остановлено. В месте назначения ничего не осталось.</translation>
    </message>
    <message numerus="yes">
        <source>&lt;b&gt;%n tensor(s) of %1 differ, as intended; %2 are bit-equal; %3.&lt;/b&gt;</source>
        <translation>
            <numerusform>&lt;b&gt;Отличается %n тензор из %1, как задумано; %2 совпадают побитово; %3.&lt;/b&gt;</numerusform>
            <numerusform>&lt;b&gt;Отличаются %n тензора из %1, как задумано; %2 совпадают побитово; %3.&lt;/b&gt;</numerusform>
            <numerusform>&lt;b&gt;Отличаются %n тензоров из %1, как задумано; %2 совпадают побитово; %3.&lt;/b&gt;</numerusform>
        </translation>
    </message>
    <message>
        <source>all values are finite</source>
        <translation>все значения конечны</translation>
    </message>
    <message>
        <source>NaN or infinities are among the changed ones</source>
        <translation>среди изменённых есть NaN или бесконечности</translation>
    </message>
    <message>
        <source>%1 written, synced, opened again, hashed and compared in %2 s.</source>
        <translation>%1 записано, сброшено на диск, открыто снова, захешировано и сравнено за %2 с.</translation>
    </message>
    <message>
        <source>Proof: %1</source>
        <translation>Доказательство: %1</translation>
    </message>
    <message>
        <source>&lt;code&gt;wb verify&lt;/code&gt; says the same at any time.</source>
        <translation>&lt;code&gt;wb verify&lt;/code&gt; скажет то же в любое время.</translation>
    </message>
    <message>
        <source>stopping …</source>
        <translation>останавливается …</translation>
    </message>
</context>
<context>
    <name>wb::FactsModel</name>
    <message>
        <source>count</source>
        <translation>число</translation>
    </message>
    <message>
        <source>Elements</source>
        <translation>Элементы</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>среднее</translation>
    </message>
    <message>
        <source>Mean of the finite values</source>
        <translation>Среднее конечных значений</translation>
    </message>
    <message>
        <source>std</source>
        <translation>std</translation>
    </message>
    <message>
        <source>Standard deviation of the finite values (population)</source>
        <translation>Стандартное отклонение конечных значений (по совокупности)</translation>
    </message>
    <message>
        <source>min</source>
        <translation>мин.</translation>
    </message>
    <message>
        <source>Smallest finite value</source>
        <translation>Наименьшее конечное значение</translation>
    </message>
    <message>
        <source>1 %</source>
        <translation>1 %</translation>
    </message>
    <message>
        <source>1 % of the values are below</source>
        <translation>1 % значений ниже</translation>
    </message>
    <message>
        <source>25 %</source>
        <translation>25 %</translation>
    </message>
    <message>
        <source>Lower quartile</source>
        <translation>Нижний квартиль</translation>
    </message>
    <message>
        <source>median</source>
        <translation>медиана</translation>
    </message>
    <message>
        <source>Half of the values are below</source>
        <translation>Половина значений ниже</translation>
    </message>
    <message>
        <source>75 %</source>
        <translation>75 %</translation>
    </message>
    <message>
        <source>Upper quartile</source>
        <translation>Верхний квартиль</translation>
    </message>
    <message>
        <source>99 %</source>
        <translation>99 %</translation>
    </message>
    <message>
        <source>99 % of the values are below</source>
        <translation>99 % значений ниже</translation>
    </message>
    <message>
        <source>max</source>
        <translation>макс.</translation>
    </message>
    <message>
        <source>Largest finite value</source>
        <translation>Наибольшее конечное значение</translation>
    </message>
    <message>
        <source>L2 norm</source>
        <translation>норма L2</translation>
    </message>
    <message>
        <source>Square root of the sum of squares</source>
        <translation>Корень из суммы квадратов</translation>
    </message>
    <message>
        <source>skew</source>
        <translation>асимм.</translation>
    </message>
    <message>
        <source>Third standardised moment; 0 = symmetric</source>
        <translation>Третий стандартизованный момент; 0 — симметрично</translation>
    </message>
    <message>
        <source>kurtosis</source>
        <translation>эксцесс</translation>
    </message>
    <message>
        <source>Excess kurtosis; 0 = as a normal distribution</source>
        <translation>Избыточный эксцесс; 0 — как у нормального распределения</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>нули</translation>
    </message>
    <message>
        <source>Elements that are +0 or −0</source>
        <translation>Элементы, равные +0 или −0</translation>
    </message>
    <message>
        <source>NaN</source>
        <translation>NaN</translation>
    </message>
    <message>
        <source>Elements that are not a number</source>
        <translation>Элементы, которые не являются числом</translation>
    </message>
    <message>
        <source>infinite</source>
        <translation>беск.</translation>
    </message>
    <message>
        <source>Elements that are +∞ or −∞</source>
        <translation>Элементы, равные +∞ или −∞</translation>
    </message>
    <message>
        <source>original</source>
        <translation>исх.</translation>
    </message>
    <message>
        <source>patched</source>
        <translation>изм.</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>отн.</translation>
    </message>
</context>
<context>
    <name>wb::GainEditor</name>
    <message>
        <source>Gains of the singular values</source>
        <translation>Коэффициенты сингулярных чисел</translation>
    </message>
    <message>
        <source>Drag to change gains; a double click sets one back to 1</source>
        <translation>Перетаскивайте, чтобы менять коэффициенты; двойной щелчок возвращает 1</translation>
    </message>
</context>
<context>
    <name>wb::GeneratePage</name>
    <message>
        <source>ended by the end token</source>
        <translation>закончено токеном конца</translation>
    </message>
    <message>
        <source>ended by a stop text</source>
        <translation>закончено стоп-текстом</translation>
    </message>
    <message>
        <source>as many tokens as asked for</source>
        <translation>столько токенов, сколько просили</translation>
    </message>
    <message>
        <source>the context is full</source>
        <translation>контекст заполнен</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>остановлено</translation>
    </message>
    <message>
        <source>■ Original</source>
        <translation>■ Исходная</translation>
    </message>
    <message>
        <source>□ Patched</source>
        <translation>□ Изменённая</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Запрос</translation>
    </message>
    <message>
        <source>Enter generates · Shift+Enter begins a line · Esc stops</source>
        <translation>Enter – генерация · Shift+Enter – новая строка · Esc – стоп</translation>
    </message>
    <message>
        <source>What the model goes on with</source>
        <translation>Что модель продолжит</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Генерация</translation>
    </message>
    <message>
        <source>follow the edits</source>
        <translation>следить за правками</translation>
    </message>
    <message>
        <source>Run the patched model again after each edit</source>
        <translation>Запускать изменённую модель после каждой правки</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Запуски</translation>
    </message>
    <message>
        <source>click: the texts of that run and its settings</source>
        <translation>щелчок – тексты и настройки того запуска</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint to see its model answer, with and without your edits.</source>
        <translation>Откройте чекпойнт, чтобы увидеть ответы его модели с вашими правками и без них.</translation>
    </message>
    <message>
        <source>Looking at the model</source>
        <translation>Осмотр модели</translation>
    </message>
    <message>
        <source>Its config, the shapes of its tensors and its tokenizer are read.</source>
        <translation>Читаются конфигурация, формы тензоров и токенизатор.</translation>
    </message>
    <message>
        <source>This model does not answer here</source>
        <translation>Эта модель здесь не отвечает</translation>
    </message>
    <message>
        <source>reading the prompt …</source>
        <translation>чтение запроса …</translation>
    </message>
    <message>
        <source>Generating, original</source>
        <translation>Генерация, исходная</translation>
    </message>
    <message>
        <source>Generating, patched</source>
        <translation>Генерация, изменённая</translation>
    </message>
    <message numerus="yes">
        <source>%n tokens …</source>
        <translation>
            <numerusform>%n токен …</numerusform>
            <numerusform>%n токена …</numerusform>
            <numerusform>%n токенов …</numerusform>
        </translation>
    </message>
    <message>
        <source>failed</source>
        <translation>не вышло</translation>
    </message>
    <message numerus="yes">
        <source>stopped after %n tokens</source>
        <translation>
            <numerusform>остановлено после %n токена</numerusform>
            <numerusform>остановлено после %n токенов</numerusform>
            <numerusform>остановлено после %n токенов</numerusform>
        </translation>
    </message>
    <message>
        <source>no edits are staged</source>
        <translation>правок нет</translation>
    </message>
    <message>
        <source>not run yet</source>
        <translation>ещё не запускалось</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 токенов/с</translation>
    </message>
    <message>
        <source>no difference</source>
        <translation>отличий нет</translation>
    </message>
    <message>
        <source>first difference at token %1</source>
        <translation>первое отличие на токене %1</translation>
    </message>
    <message>
        <source>%1 prompt tokens read in %2 s, %3 of them kept from the last run; products in the stored form (precision: stored)</source>
        <translation>%1 токенов запроса прочитано за %2 с, из них %3 осталось от прошлого запуска; произведения в хранимом виде (точность: stored)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Стоп</translation>
    </message>
    <message>
        <source>no edits</source>
        <translation>без правок</translation>
    </message>
    <message numerus="yes">
        <source>%n edits</source>
        <translation>
            <numerusform>%n правка</numerusform>
            <numerusform>%n правки</numerusform>
            <numerusform>%n правок</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 and one tried</source>
        <translation>%1 и одна пробная</translation>
    </message>
</context>
<context>
    <name>wb::GroupChart</name>
    <message>
        <source>Profile of the tensor</source>
        <translation>Профиль тензора</translation>
    </message>
    <message>
        <source>original %1</source>
        <translation>исходный %1</translation>
    </message>
    <message>
        <source>patched %1</source>
        <translation>изменённый %1</translation>
    </message>
</context>
<context>
    <name>wb::GroupProfile</name>
    <message>
        <source>What is profiled</source>
        <translation>Что показывает профиль</translation>
    </message>
    <message>
        <source>Statistic of the profile</source>
        <translation>Статистика профиля</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>строки</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>столбцы</translation>
    </message>
    <message>
        <source>heads</source>
        <translation>головы</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>эксперты</translation>
    </message>
    <message>
        <source>computing …</source>
        <translation>вычисляется …</translation>
    </message>
    <message>
        <source>Profile of %1</source>
        <translation>Профиль %1</translation>
    </message>
    <message>
        <source>This tensor has neither rows nor columns to compare.</source>
        <translation>У этого тензора нет ни строк, ни столбцов для сравнения.</translation>
    </message>
    <message>
        <source>Edit %1 %2</source>
        <translation>Править: %1 %2</translation>
    </message>
    <message>
        <source>%1, exact</source>
        <translation>%1, точно</translation>
    </message>
    <message>
        <source>A click shows the place in map and values</source>
        <translation>Щелчок показывает место на карте и в значениях</translation>
    </message>
</context>
<context>
    <name>wb::HistogramChart</name>
    <message>
        <source>value</source>
        <translation>значение</translation>
    </message>
    <message>
        <source>elements per bin</source>
        <translation>элементов в столбике</translation>
    </message>
    <message>
        <source>original %1</source>
        <translation>исходный %1</translation>
    </message>
    <message>
        <source>patched %1</source>
        <translation>изменённый %1</translation>
    </message>
    <message>
        <source>other layers %1</source>
        <translation>другие слои %1</translation>
    </message>
</context>
<context>
    <name>wb::HistoryModel</name>
    <message>
        <source>a recipe that cannot be read</source>
        <translation>рецепт, который не читается</translation>
    </message>
    <message>
        <source>■ original</source>
        <translation>■ исходная</translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n элемент</numerusform>
            <numerusform>%n элемента</numerusform>
            <numerusform>%n элементов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answers</source>
        <translation>
            <numerusform>%n ответ</numerusform>
            <numerusform>%n ответа</numerusform>
            <numerusform>%n ответов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n examples</source>
        <translation>
            <numerusform>%n пример</numerusform>
            <numerusform>%n примера</numerusform>
            <numerusform>%n примеров</numerusform>
        </translation>
    </message>
    <message>
        <source>when</source>
        <translation>когда</translation>
    </message>
    <message>
        <source>task</source>
        <translation>задание</translation>
    </message>
    <message>
        <source>scored</source>
        <translation>оценено</translation>
    </message>
    <message>
        <source>score</source>
        <translation>оценка</translation>
    </message>
    <message>
        <source>Δ points</source>
        <translation>Δ п.</translation>
    </message>
    <message>
        <source>edits</source>
        <translation>правки</translation>
    </message>
    <message>
        <source>chat</source>
        <translation>беседа</translation>
    </message>
    <message>
        <source>Points more than the original, under the same settings; ± one standard error as if the two had answered other items: scored together, paired, it is less</source>
        <translation>На сколько пунктов больше исходной при тех же настройках; ± — одна стандартная ошибка, как если бы элементы были разными: при общей оценке, попарно, она меньше</translation>
    </message>
</context>
<context>
    <name>wb::ImportedView</name>
    <message>
        <source>metric</source>
        <translation>метрика</translation>
    </message>
    <message>
        <source>filter</source>
        <translation>фильтр</translation>
    </message>
    <message>
        <source>Of lm-evaluation-harness; empty: the first that the file names</source>
        <translation>Для lm-evaluation-harness; пусто: первая названная в файле</translation>
    </message>
    <message>
        <source>Choose two results</source>
        <translation>Выберите два результата</translation>
    </message>
    <message>
        <source>Sample logs of lm-evaluation-harness, result files of HumanEval&apos;s harness, JSON lines that were exported here. Items are paired by their names.</source>
        <translation>Журналы lm-evaluation-harness, файлы результатов HumanEval, строки JSON, экспортированные отсюда. Задания сопоставляются по именам.</translation>
    </message>
    <message>
        <source>item</source>
        <translation>задание</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>вердикт</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Items of both results</source>
        <translation>Задания обоих результатов</translation>
    </message>
    <message>
        <source>A: nothing chosen</source>
        <translation>A: не выбрано</translation>
    </message>
    <message>
        <source>B: nothing chosen</source>
        <translation>B: не выбрано</translation>
    </message>
    <message>
        <source>■ original, as scored here</source>
        <translation>■ исходная, по оценке здесь</translation>
    </message>
    <message>
        <source>□ patched, as scored here</source>
        <translation>□ изменённая, по оценке здесь</translation>
    </message>
    <message>
        <source>A file…</source>
        <translation>Файл…</translation>
    </message>
    <message>
        <source>Results A</source>
        <translation>Результаты A</translation>
    </message>
    <message>
        <source>Results B</source>
        <translation>Результаты B</translation>
    </message>
    <message>
        <source>Choose results</source>
        <translation>Выбор результатов</translation>
    </message>
    <message>
        <source>Results (*.jsonl *.json);;All files (*)</source>
        <translation>Результаты (*.jsonl *.json);;Все файлы (*)</translation>
    </message>
    <message>
        <source>original</source>
        <translation>исходная</translation>
    </message>
    <message>
        <source>patched</source>
        <translation>изменённая</translation>
    </message>
    <message>
        <source>That side is not scored yet: press Score first.</source>
        <translation>Эта сторона ещё не оценена: сначала нажмите «Оценить».</translation>
    </message>
    <message>
        <source>Comparing results</source>
        <translation>Сравнение результатов</translation>
    </message>
    <message>
        <source>Difference %1 points, 95 % from %2 to %3 (paired bootstrap).</source>
        <translation>Разность %1 п. п., 95 % от %2 до %3 (парный бутстреп).</translation>
    </message>
    <message>
        <source>So few items say little: a difference like this needs about %1.</source>
        <translation>Так мало заданий говорят мало: для такой разности нужно около %1.</translation>
    </message>
    <message>
        <source>No difference was seen; that is no proof that there is none.</source>
        <translation>Различий не видно; это не доказывает, что их нет.</translation>
    </message>
    <message>
        <source>Items of one side only, left out: %1 and %2.</source>
        <translation>Задания только одной стороны не учтены: %1 и %2.</translation>
    </message>
    <message>
        <source>Metric: %1.</source>
        <translation>Метрика: %1.</translation>
    </message>
    <message>
        <source>both</source>
        <translation>обе</translation>
    </message>
    <message>
        <source>neither</source>
        <translation>ни одна</translation>
    </message>
    <message>
        <source>only A</source>
        <translation>только A</translation>
    </message>
    <message>
        <source>only B</source>
        <translation>только B</translation>
    </message>
    <message>
        <source>%1 solves %2 more and %3 fewer of %4 than %5: %6.</source>
        <translation>%1: решено на %2 больше и на %3 меньше из %4, чем %5: %6.</translation>
    </message>
</context>
<context>
    <name>wb::IntervalChart</name>
    <message>
        <source>Shares of right answers with 95 % intervals</source>
        <translation>Доли верных ответов с интервалами 95 %</translation>
    </message>
    <message>
        <source>%1, 95 % from %2 to %3</source>
        <translation>%1, 95 % от %2 до %3</translation>
    </message>
    <message>
        <source>original: %1</source>
        <translation>исходная: %1</translation>
    </message>
    <message>
        <source>patched: %1</source>
        <translation>изменённая: %1</translation>
    </message>
    <message>
        <source>Wilson&apos;s intervals</source>
        <translation>интервалы Уилсона</translation>
    </message>
    <message>
        <source>original</source>
        <translation>исходная</translation>
    </message>
    <message>
        <source>patched</source>
        <translation>изменённая</translation>
    </message>
</context>
<context>
    <name>wb::ItemsModel</name>
    <message>
        <source>right</source>
        <translation>верно</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>неверно</translation>
    </message>
    <message>
        <source>both right</source>
        <translation>обе верно</translation>
    </message>
    <message>
        <source>neither</source>
        <translation>ни одна</translation>
    </message>
    <message>
        <source>▲ fixed</source>
        <translation>▲ исправлено</translation>
    </message>
    <message>
        <source>▼ broken</source>
        <translation>▼ сломано</translation>
    </message>
    <message>
        <source>item</source>
        <translation>элемент</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>вердикт</translation>
    </message>
    <message>
        <source>■ original</source>
        <translation>■ исходная</translation>
    </message>
    <message>
        <source>□ patched</source>
        <translation>□ изменённая</translation>
    </message>
    <message>
        <source>%1 of %2: %3</source>
        <translation>%1 из %2: %3</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>запрос</translation>
    </message>
</context>
<context>
    <name>wb::JobsPanel</name>
    <message>
        <source>%1 · %2 left</source>
        <translation>%1 · осталось %2</translation>
    </message>
    <message>
        <source>✕</source>
        <translation>✕</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Остановить (Esc)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message numerus="yes">
        <source>%1, and %n more</source>
        <translation>
            <numerusform>%1 и ещё %n</numerusform>
            <numerusform>%1 и ещё %n</numerusform>
            <numerusform>%1 и ещё %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::KeyMap</name>
    <message>
        <source>Keys</source>
        <translation>Клавиши</translation>
    </message>
    <message>
        <source>Stage the edit</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>` held</source>
        <translation>` удерживать</translation>
    </message>
    <message>
        <source>The original in the place of the patched</source>
        <translation>Исходный на месте изменённого</translation>
    </message>
    <message>
        <source>Wheel, drag, double click</source>
        <translation>Колесо, перетаскивание, двойной щелчок</translation>
    </message>
    <message>
        <source>Zoom, move and fit a chart</source>
        <translation>Масштаб, сдвиг, весь график</translation>
    </message>
    <message>
        <source>Right click</source>
        <translation>Правая кнопка</translation>
    </message>
    <message>
        <source>Copy, save and export what is under the pointer</source>
        <translation>Копировать, сохранить, экспортировать то, что под указателем</translation>
    </message>
</context>
<context>
    <name>wb::LayersPage</name>
    <message>
        <source>Loss without each layer</source>
        <translation>Потери без каждого слоя</translation>
    </message>
    <message>
        <source>Loss as layers go</source>
        <translation>Потери по мере удаления слоёв</translation>
    </message>
    <message>
        <source>Linear map for the layers</source>
        <translation>Линейная карта для слоёв</translation>
    </message>
    <message>
        <source>fitted on %1 tokens of %2: misses %3 of the stream&apos;s length, leaving the layers out %4</source>
        <translation>подобрана на %1 токенах из %2: ошибка %3 длины потока, без слоёв — %4</translation>
    </message>
    <message>
        <source>%1 tokens of %2 · F32 · Δ loss: nats a token more than the whole model, paired, 95 % · a map is fitted on this text: score it on another</source>
        <translation>%1 токенов из %2 · F32 · Δ потерь: натов на токен больше, чем у целой модели, парно, 95 % · карта подбирается на этом тексте: оценивайте её на другом</translation>
    </message>
    <message>
        <source>What each layer is worth to a text: the loss of the model without it. Select layers in the table to leave them out, to replace them by a linear map, or to repeat them.</source>
        <translation>Чего стоит слой для текста: потери модели без него. Выберите слои в таблице, чтобы убрать их, заменить линейной картой или повторить.</translation>
    </message>
    <message>
        <source>The text is being read …</source>
        <translation>Текст читается…</translation>
    </message>
    <message>
        <source>Not measured yet.</source>
        <translation>Ещё не измерено.</translation>
    </message>
    <message>
        <source>Layer %1 is missed least (Δ loss %2), layer %3 most (%4).</source>
        <translation>Меньше всего нужен слой %1 (Δ потерь %2), больше всего — слой %3 (%4).</translation>
    </message>
    <message>
        <source>most linear first</source>
        <translation>самые линейные сначала</translation>
    </message>
    <message>
        <source>cheapest first</source>
        <translation>самые дешёвые сначала</translation>
    </message>
    <message>
        <source>at random</source>
        <translation>случайно</translation>
    </message>
    <message>
        <source>Δ loss</source>
        <translation>Δ потерь</translation>
    </message>
    <message>
        <source>Stop the curve</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Draw the curve</source>
        <translation>Построить кривую</translation>
    </message>
    <message>
        <source>Edit layers</source>
        <translation>Правка слоёв</translation>
    </message>
    <message>
        <source>Open a checkpoint to see which of its layers it can do without.</source>
        <translation>Откройте чекпойнт, чтобы увидеть, без каких слоёв он обойдётся.</translation>
    </message>
    <message>
        <source>Loss without layers</source>
        <translation>Потери без слоёв</translation>
    </message>
    <message>
        <source>without each</source>
        <translation>без каждого</translation>
    </message>
    <message>
        <source>as more and more go</source>
        <translation>по мере удаления</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>График</translation>
    </message>
    <message>
        <source>The loss without the first one, two, … layers: most linear first, cheapest first, and at random</source>
        <translation>Потери без одного, двух, … слоёв: сначала самые линейные, самые дешёвые и случайно</translation>
    </message>
    <message>
        <source>Choose a text and press Measure</source>
        <translation>Выберите текст и нажмите «Измерить»</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Слои</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Убрать</translation>
    </message>
    <message>
        <source>An edit of the recipe: the selected layers do not run, and an export is a shorter checkpoint</source>
        <translation>Правка рецепта: выбранные слои не работают, экспорт — более короткий чекпойнт</translation>
    </message>
    <message>
        <source>Linear map</source>
        <translation>Линейная карта</translation>
    </message>
    <message>
        <source>The selected layers leave, and their best linear map on the text is folded into the layer before them (ReplaceMe)</source>
        <translation>Выбранные слои уходят, а их лучшее линейное отображение на тексте вкладывается в слой перед ними (ReplaceMe)</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>The selected layers run once more, directly after themselves</source>
        <translation>Выбранные слои работают ещё раз, сразу после себя</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>слой</translation>
    </message>
    <message>
        <source>linearity</source>
        <translation>линейность</translation>
    </message>
    <message>
        <source>without residual</source>
        <translation>без остатка</translation>
    </message>
    <message>
        <source>loss without it</source>
        <translation>потери без него</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>Открытие %1</translation>
    </message>
    <message>
        <source>From %1…</source>
        <translation>Из «%1»…</translation>
    </message>
    <message>
        <source>Reading layer %1 of %2</source>
        <translation>Чтение слоя %1 из «%2»</translation>
    </message>
    <message>
        <source>Another checkpoint…</source>
        <translation>Другой чекпойнт…</translation>
    </message>
    <message>
        <source>A checkpoint of the same shapes, such as a fine-tune of this one, whose layers can stand in the places of those here</source>
        <translation>Чекпойнт с теми же размерами, например дообученный вариант этого: его слои можно поставить на места здешних</translation>
    </message>
    <message>
        <source>A checkpoint with layers of the same shapes</source>
        <translation>Чекпойнт со слоями тех же размеров</translation>
    </message>
    <message>
        <source>Layer of the other checkpoint</source>
        <translation>Слой другого чекпойнта</translation>
    </message>
    <message>
        <source>Transplant</source>
        <translation>Пересадить</translation>
    </message>
    <message>
        <source>An edit of the recipe: this layer of the other checkpoint runs in the place of the selected one. The recipe holds its SHA-256, so that another file is noticed</source>
        <translation>Правка рецепта: этот слой другого чекпойнта работает на месте выбранного. Рецепт хранит его SHA-256, поэтому подмена файла будет замечена</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>убрано</translation>
    </message>
</context>
<context>
    <name>wb::LensPage</name>
    <message>
        <source>Logit lens</source>
        <translation>Логит-линза</translation>
    </message>
    <message>
        <source>change</source>
        <translation>изменение</translation>
    </message>
    <message>
        <source>The text is being read …</source>
        <translation>Текст читается…</translation>
    </message>
    <message>
        <source>Each row is the stream before a layer, each column a token: what the head would say next if the model ended there.</source>
        <translation>Строка — поток перед слоем, столбец — токен: что сказала бы голова дальше, если бы модель кончалась здесь.</translation>
    </message>
    <message>
        <source>%1 tokens of %2 · %3 · F32 · each cell: the likeliest next token</source>
        <translation>%1 токенов из %2 · %3 · F32 · в ячейке самый вероятный следующий токен</translation>
    </message>
    <message>
        <source>raw states (the last row is behind the final norm)</source>
        <translation>состояния как есть (последняя строка — за последней нормой)</translation>
    </message>
    <message>
        <source>each state through the final norm and the head</source>
        <translation>каждое состояние через последнюю норму и голову</translation>
    </message>
    <message>
        <source>the first of %1</source>
        <translation>первые из %1</translation>
    </message>
    <message>
        <source>the edits have changed since</source>
        <translation>с тех пор правки изменились</translation>
    </message>
    <message>
        <source>end</source>
        <translation>конец</translation>
    </message>
    <message>
        <source>change of the probability, the token where it became another</source>
        <translation>изменение вероятности; токен — там, где он стал другим</translation>
    </message>
    <message>
        <source>probability of the token that follows</source>
        <translation>вероятность следующего в тексте токена</translation>
    </message>
    <message>
        <source>probability of the likeliest token</source>
        <translation>вероятность самого вероятного токена</translation>
    </message>
    <message>
        <source>before layer %1, token %2</source>
        <translation>перед слоем %1, токен %2</translation>
    </message>
    <message>
        <source>Choose a cell to see its candidates.</source>
        <translation>Выберите ячейку, чтобы увидеть её кандидатов.</translation>
    </message>
    <message>
        <source>Behind the last layer, after “%1”</source>
        <translation>За последним слоем, после «%1»</translation>
    </message>
    <message>
        <source>Before layer %1, after “%2”</source>
        <translation>Перед слоем %1, после «%2»</translation>
    </message>
    <message>
        <source>“%1” follows: %2, rank %3</source>
        <translation>дальше «%1»: %2, ранг %3</translation>
    </message>
    <message>
        <source>%1, rank %2</source>
        <translation>%1, ранг %2</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>Линза</translation>
    </message>
    <message>
        <source>Open a checkpoint to read its stream, layer by layer, through its own head.</source>
        <translation>Откройте чекпойнт, чтобы прочитать его поток слой за слоем через его собственную голову.</translation>
    </message>
    <message>
        <source>What the head would say</source>
        <translation>Что сказала бы голова</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Сторона</translation>
    </message>
    <message>
        <source>likeliest token</source>
        <translation>самый вероятный</translation>
    </message>
    <message>
        <source>token that follows</source>
        <translation>следующий в тексте</translation>
    </message>
    <message>
        <source>Whose probability the colour shows</source>
        <translation>Чью вероятность показывает цвет</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Цвет</translation>
    </message>
    <message>
        <source>raw</source>
        <translation>как есть</translation>
    </message>
    <message>
        <source>The head on the states as they are, without the final norm, as LLM-Microscope shows it</source>
        <translation>Голова на состояниях как есть, без последней нормы, как показывает LLM-Microscope</translation>
    </message>
    <message>
        <source>Choose a text and press Measure</source>
        <translation>Выберите текст и нажмите «Измерить»</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>Кандидаты</translation>
    </message>
    <message>
        <source>□ compared</source>
        <translation>□ сравниваемая</translation>
    </message>
    <message>
        <source>at the end %1 (95 % from %2 to %3)</source>
        <translation>в конце %1 (95 % от %2 до %3)</translation>
    </message>
    <message>
        <source>bars: 95 % interval of the difference, paired over %1 tokens taken as independent</source>
        <translation>планки: 95 %-й интервал разности, попарно по %1 токенам, принятым за независимые</translation>
    </message>
    <message>
        <source>What follows, by layer</source>
        <translation>Следующий токен по слоям</translation>
    </message>
    <message>
        <source>Mean log-probability of the token that follows</source>
        <translation>Средний логарифм вероятности следующего токена</translation>
    </message>
    <message>
        <source>Once a text is measured</source>
        <translation>Когда текст будет измерен</translation>
    </message>
    <message>
        <source>Mean log-probability, in nats, of the token that follows in the text, from behind the first layer on</source>
        <translation>Средний логарифм вероятности (в натах) токена, который следует в тексте, начиная с выхода первого слоя</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>слой</translation>
    </message>
    <message>
        <source>log p</source>
        <translation>log p</translation>
    </message>
</context>
<context>
    <name>wb::LinearityPage</name>
    <message>
        <source>Open a checkpoint to see how linear its layers are on a text of yours.</source>
        <translation>Откройте чекпойнт, чтобы увидеть, насколько линейны его слои на вашем тексте.</translation>
    </message>
    <message>
        <source>Linearity</source>
        <translation>Линейность</translation>
    </message>
    <message>
        <source>A step near 1 is almost a matrix product: its layer does little that a single matrix could not.</source>
        <translation>Шаг около 1 почти равен умножению на матрицу: слой делает мало такого, чего не сделала бы одна матрица.</translation>
    </message>
    <message>
        <source>The text is being read …</source>
        <translation>Текст читается…</translation>
    </message>
    <message>
        <source>Not measured yet.</source>
        <translation>Ещё не измерено.</translation>
    </message>
    <message>
        <source>%1 is the most linear step (%2), %3 the least (%4)</source>
        <translation>самый линейный шаг — %1 (%2), наименее линейный — %3 (%4)</translation>
    </message>
    <message>
        <source>%1 of %2 steps are almost linear (above %3); </source>
        <translation>Почти линейны (больше %3) шагов: %1 из %2; </translation>
    </message>
    <message>
        <source>; the edits change %1 most: %2 (95 % from %3 to %4)</source>
        <translation>; сильнее всего правки меняют %1: %2 (95 % от %3 до %4)</translation>
    </message>
    <message>
        <source>; the edits have changed since</source>
        <translation>; с тех пор правки изменились</translation>
    </message>
    <message>
        <source>%1 tokens of %2, %3 for each of %4 dimensions · states in F32, sums in double precision, best map over all tokens read · bars: 95 % by splitting the text into 32 stretches</source>
        <translation>%1 токенов из %2, по %3 на каждое из %4 измерений · состояния в F32, суммы в двойной точности, лучшее отображение по всем прочитанным токенам · отрезки: 95 % по разбиению текста на 32 части</translation>
    </message>
    <message>
        <source>few tokens: read “adjusted”, or give %1 and more</source>
        <translation>токенов мало: смотрите «скорректировано» или дайте %1 и больше</translation>
    </message>
    <message>
        <source>%1: %2 of %3 directions used, the rest is rounding</source>
        <translation>%1: использовано направлений %2 из %3, остальное — округление</translation>
    </message>
    <message>
        <source>the last step ends behind the final norm</source>
        <translation>последний шаг кончается за последней нормой</translation>
    </message>
    <message>
        <source>%1 without residual</source>
        <translation>%1 без остатка</translation>
    </message>
    <message>
        <source>chance floor %1</source>
        <translation>уровень случая %1</translation>
    </message>
    <message>
        <source>non-linearity of a token, %1</source>
        <translation>нелинейность токена, %1</translation>
    </message>
    <message>
        <source>step %1, token %2 “%3”: ‖x̃A − ỹ‖ = %4</source>
        <translation>шаг %1, токен %2 «%3»: ‖x̃A − ỹ‖ = %4</translation>
    </message>
    <message>
        <source>Linearity of the steps between layers</source>
        <translation>Линейность шагов между слоями</translation>
    </message>
    <message>
        <source>residual</source>
        <translation>с остатком</translation>
    </message>
    <message>
        <source>The whole step, the residual stream included</source>
        <translation>Весь шаг вместе с остаточным потоком</translation>
    </message>
    <message>
        <source>without</source>
        <translation>без</translation>
    </message>
    <message>
        <source>What the layer itself adds, without the residual stream</source>
        <translation>Что добавляет сам слой, без остаточного потока</translation>
    </message>
    <message>
        <source>adjusted</source>
        <translation>скоррект.</translation>
    </message>
    <message>
        <source>1 − (1 − R²)(N − 1)/(N − d − 1): 0 for unrelated states whatever the number of tokens</source>
        <translation>1 − (1 − R²)(N − 1)/(N − d − 1): для несвязанных состояний 0 при любом числе токенов</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>крупно</translation>
    </message>
    <message>
        <source>The axis over the values alone, not from 0 to 1</source>
        <translation>Ось только по значениям, а не от 0 до 1</translation>
    </message>
    <message>
        <source>first token excluded</source>
        <translation>без первого</translation>
    </message>
    <message>
        <source>The first token of each window is often a massive activation that makes all the rest look linear</source>
        <translation>Первый токен окна часто имеет огромную активацию, из-за которой всё остальное выглядит линейным</translation>
    </message>
    <message>
        <source>Linearity by step</source>
        <translation>Линейность по шагам</translation>
    </message>
    <message>
        <source>Choose a text and press Measure</source>
        <translation>Выберите текст и нажмите «Измерить»</translation>
    </message>
    <message>
        <source>Anisotropy</source>
        <translation>Анизотропия</translation>
    </message>
    <message>
        <source>Share of the variance of the states before the step that lies in one direction</source>
        <translation>Доля дисперсии состояний перед шагом, лежащая в одном направлении</translation>
    </message>
    <message>
        <source>Intrinsic dimension</source>
        <translation>Внутренняя размерность</translation>
    </message>
    <message>
        <source>Of the states before the step, by the two nearest neighbours of each (TwoNN) of at most 1024 tokens</source>
        <translation>Состояний перед шагом, по двум ближайшим соседям каждого (TwoNN), не больше 1024 токенов</translation>
    </message>
    <message>
        <source>Added length</source>
        <translation>Добавленная длина</translation>
    </message>
    <message>
        <source>Mean length of what the layer adds over the mean length of the stream after it</source>
        <translation>Средняя длина добавки слоя к средней длине потока после него</translation>
    </message>
    <message>
        <source>Shape of the states</source>
        <translation>Форма состояний</translation>
    </message>
    <message>
        <source>Non-linearity by token</source>
        <translation>Нелинейность по токенам</translation>
    </message>
    <message>
        <source>Token by token once a measurement has ended</source>
        <translation>По токенам — когда измерение закончится</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Токены</translation>
    </message>
    <message>
        <source>step</source>
        <translation>шаг</translation>
    </message>
    <message>
        <source>score</source>
        <translation>оценка</translation>
    </message>
    <message>
        <source>anisotropy</source>
        <translation>анизотропия</translation>
    </message>
    <message>
        <source>dimension</source>
        <translation>размерность</translation>
    </message>
    <message>
        <source>added</source>
        <translation>добавка</translation>
    </message>
    <message>
        <source>Δ score</source>
        <translation>Δ оценки</translation>
    </message>
    <message>
        <source>95 % of Δ</source>
        <translation>95 % для Δ</translation>
    </message>
    <message>
        <source>Linearity as numbers</source>
        <translation>Линейность числами</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Числа</translation>
    </message>
    <message>
        <source>linearity</source>
        <translation>линейность</translation>
    </message>
</context>
<context>
    <name>wb::MainWindow</name>
    <message>
        <source>Checkpoint</source>
        <translation>Чекпойнт</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Правка</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Рецепт</translation>
    </message>
    <message>
        <source>Open a checkpoint</source>
        <translation>Откройте чекпойнт</translation>
    </message>
    <message>
        <source>Open the folder of a checkpoint</source>
        <translation>Открыть папку чекпойнта</translation>
    </message>
    <message>
        <source>Open a recipe</source>
        <translation>Открыть рецепт</translation>
    </message>
    <message>
        <source>Recipes (*.json)</source>
        <translation>Рецепты (*.json)</translation>
    </message>
    <message>
        <source>Save the recipe</source>
        <translation>Сохранить рецепт</translation>
    </message>
    <message>
        <source>Staged edits</source>
        <translation>Добавленные правки</translation>
    </message>
    <message numerus="yes">
        <source>The recipe with %n edit(s) is not saved. Save it first?</source>
        <translation>
            <numerusform>Рецепт с %n правкой не сохранён. Сохранить его сначала?</numerusform>
            <numerusform>Рецепт с %n правками не сохранён. Сохранить его сначала?</numerusform>
            <numerusform>Рецепт с %n правками не сохранён. Сохранить его сначала?</numerusform>
        </translation>
    </message>
    <message>
        <source>Weightbench</source>
        <translation>Weightbench</translation>
    </message>
    <message>
        <source>Source is read-only</source>
        <translation>Источник только читается</translation>
    </message>
    <message>
        <source>no edits</source>
        <translation>правок нет</translation>
    </message>
    <message numerus="yes">
        <source>%n edit(s) staged, not exported</source>
        <translation>
            <numerusform>%n правка, не экспортирована</numerusform>
            <numerusform>%n правки, не экспортированы</numerusform>
            <numerusform>%n правок, не экспортированы</numerusform>
        </translation>
    </message>
    <message>
        <source>unknown architecture</source>
        <translation>архитектура неизвестна</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>параметров: %1</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>%1 used</source>
        <translation>занято %1</translation>
    </message>
    <message>
        <source>■ Original</source>
        <translation>■ Исходный</translation>
    </message>
    <message>
        <source>□ Patched</source>
        <translation>□ Изменённый</translation>
    </message>
    <message>
        <source>The same two colours everywhere: original filled, patched outlined.
Hold ` to see the original in the place of the patched.</source>
        <translation>Везде одни и те же два цвета: исходный залит, изменённый обведён.
Держите `, чтобы увидеть исходный на месте изменённого.</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Файл</translation>
    </message>
    <message>
        <source>&amp;Open file…</source>
        <translation>&amp;Открыть файл…</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>Открыть &amp;папку…</translation>
    </message>
    <message>
        <source>Opened &amp;lately</source>
        <translation>Откр&amp;ытые недавно</translation>
    </message>
    <message>
        <source>Open &amp;recipe…</source>
        <translation>Открыть &amp;рецепт…</translation>
    </message>
    <message>
        <source>&amp;Save recipe</source>
        <translation>&amp;Сохранить рецепт</translation>
    </message>
    <message>
        <source>Save recipe &amp;as…</source>
        <translation>Сохранить рецепт &amp;как…</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Экспорт…</translation>
    </message>
    <message>
        <source>Write the checkpoint with the staged edits, with proof (Ctrl+E)</source>
        <translation>Записать чекпойнт с правками и доказательством (Ctrl+E)</translation>
    </message>
    <message>
        <source>&amp;Close checkpoint</source>
        <translation>&amp;Закрыть чекпойнт</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Выход</translation>
    </message>
    <message>
        <source>Last export: %1</source>
        <translation>Последний экспорт: %1</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>Пока ничего</translation>
    </message>
    <message>
        <source>Forget these</source>
        <translation>Забыть их</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Правка</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Отменить</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Вернуть</translation>
    </message>
    <message>
        <source>&amp;Stop computing</source>
        <translation>О&amp;становить вычисления</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Вид</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Назад</translation>
    </message>
    <message>
        <source>&amp;Forward</source>
        <translation>&amp;Вперёд</translation>
    </message>
    <message>
        <source>&amp;Go to tensor</source>
        <translation>&amp;Перейти к тензору</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>&amp;Исходное расположение</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Тема</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>Как в &amp;системе</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Светлая</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Тёмная</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Справка</translation>
    </message>
    <message>
        <source>&amp;About Weightbench</source>
        <translation>&amp;О программе Weightbench</translation>
    </message>
    <message>
        <source>About Weightbench</source>
        <translation>О программе Weightbench</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Weightbench %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Looks into the weights of language models, changes them, and shows what the change does. The source is never written.&lt;/p&gt;&lt;p&gt;Free software under the GNU General Public License, version 3 or later.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Weightbench %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Показывает веса языковых моделей, меняет их и показывает, что даёт изменение. Источник никогда не перезаписывается.&lt;/p&gt;&lt;p&gt;Свободная программа под лицензией GNU General Public License, версии 3 или новее.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Инструменты</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Открыть</translation>
    </message>
    <message>
        <source>Open the folder of a checkpoint (Ctrl+Shift+O)</source>
        <translation>Открыть папку чекпойнта (Ctrl+Shift+O)</translation>
    </message>
    <message>
        <source>&amp;Import Tensor Slayer&apos;s recommendations…</source>
        <translation>&amp;Импорт рекомендаций Tensor Slayer…</translation>
    </message>
    <message>
        <source>Tensor Slayer&apos;s &amp;published edits of Qwen3-0.6B</source>
        <translation>&amp;Опубликованные правки Tensor Slayer для Qwen3-0.6B</translation>
    </message>
    <message>
        <source>Selecting the tensors of a recipe</source>
        <translation>Отбор тензоров рецепта</translation>
    </message>
    <message>
        <source>import %1</source>
        <translation>импорт %1</translation>
    </message>
    <message>
        <source>Import Tensor Slayer&apos;s recommendations</source>
        <translation>Импорт рекомендаций Tensor Slayer</translation>
    </message>
    <message>
        <source>Recommendations (*.json *.txt);;All files (*)</source>
        <translation>Рекомендации (*.json *.txt);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Tensor Slayer&apos;s published edits</source>
        <translation>опубликованные правки Tensor Slayer</translation>
    </message>
    <message numerus="yes">
        <source>%n edit(s) of this checkpoint were staged on %1 and neither saved nor exported. &lt;a href=&quot;discard&quot;&gt;Discard them&lt;/a&gt;</source>
        <translation>
            <numerusform>Осталась %n правка этого чекпойнта от %1: она не сохранена и не экспортирована. &lt;a href=&quot;discard&quot;&gt;Отбросить&lt;/a&gt;</numerusform>
            <numerusform>Остались %n правки этого чекпойнта от %1: они не сохранены и не экспортированы. &lt;a href=&quot;discard&quot;&gt;Отбросить&lt;/a&gt;</numerusform>
            <numerusform>Осталось %n правок этого чекпойнта от %1: они не сохранены и не экспортированы. &lt;a href=&quot;discard&quot;&gt;Отбросить&lt;/a&gt;</numerusform>
        </translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Восстановить</translation>
    </message>
    <message>
        <source>restored edits</source>
        <translation>восстановленные правки</translation>
    </message>
    <message>
        <source>&amp;New window</source>
        <translation>&amp;Новое окно</translation>
    </message>
    <message>
        <source>The same checkpoint in a new &amp;window</source>
        <translation>Этот же чекпойнт в новом о&amp;кне</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Язык</translation>
    </message>
    <message>
        <source>&amp;Commands and tensors…</source>
        <translation>&amp;Команды и тензоры…</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>К&amp;лавиши</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Слои</translation>
    </message>
    <message>
        <source>Spectrum</source>
        <translation>Спектр</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Экспорт</translation>
    </message>
    <message>
        <source>An export is being written. Stop it and leave nothing at its destination?</source>
        <translation>Экспорт ещё пишется. Остановить его и ничего не оставить на его месте?</translation>
    </message>
    <message>
        <source>Checkpoints (*.safetensors *.index.json *.gguf *.bin *.pt *.pth *.npz *.npy);;All files (*)</source>
        <translation>Чекпойнты (*.safetensors *.index.json *.gguf *.bin *.pt *.pth *.npz *.npy);;Все файлы (*)</translation>
    </message>
</context>
<context>
    <name>wb::OperationForm</name>
    <message>
        <source>Scale</source>
        <translation>Умножить</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Прибавить</translation>
    </message>
    <message>
        <source>Clamp</source>
        <translation>Ограничить</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Задать</translation>
    </message>
    <message>
        <source>Zero</source>
        <translation>Обнулить</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>Действие</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>Множитель</translation>
    </message>
    <message>
        <source>Value to add</source>
        <translation>Прибавляемое</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Значение</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>число</translation>
    </message>
    <message>
        <source>Not below</source>
        <translation>Не ниже</translation>
    </message>
    <message>
        <source>no bound</source>
        <translation>без границы</translation>
    </message>
    <message>
        <source>Not above</source>
        <translation>Не выше</translation>
    </message>
    <message>
        <source>in units of the elements&apos; own σ</source>
        <translation>в единицах σ самих элементов</translation>
    </message>
    <message>
        <source>Normalize</source>
        <translation>Нормировать</translation>
    </message>
    <message>
        <source>Prune by magnitude</source>
        <translation>Обнулить малые по модулю</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Шум</translation>
    </message>
    <message>
        <source>Standard: mean 0, deviation 1 (tensor_patcher_cli)</source>
        <translation>Обычная: среднее 0, отклонение 1 (tensor_patcher_cli)</translation>
    </message>
    <message>
        <source>Around the mean: deviation 1 / v, the mean stays (safetensors_explorer_cli)</source>
        <translation>Вокруг среднего: отклонение 1 / v, среднее остаётся (safetensors_explorer_cli)</translation>
    </message>
    <message>
        <source>With an epsilon in the divisor (enhanced_tensor_patcher)</source>
        <translation>С эпсилон в делителе (enhanced_tensor_patcher)</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>Формула</translation>
    </message>
    <message>
        <source>x̄ and σ: mean and standard deviation of the edited elements.</source>
        <translation>x̄ и σ – среднее и стандартное отклонение правимых элементов.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Зерно</translation>
    </message>
    <message>
        <source>The same seed gives the same noise, on any machine.</source>
        <translation>Одно и то же зерно даёт один и тот же шум на любой машине.</translation>
    </message>
    <message>
        <source>Value v</source>
        <translation>Число v</translation>
    </message>
    <message>
        <source>Smallest share, %</source>
        <translation>Доля наименьших, %</translation>
    </message>
    <message>
        <source>Deviation, in σ</source>
        <translation>Отклонение, в σ</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>Стандартное отклонение</translation>
    </message>
    <message>
        <source>keep the sum of the singular values</source>
        <translation>сохранить сумму сингулярных чисел</translation>
    </message>
    <message>
        <source>Singular values</source>
        <translation>Сингулярные числа</translation>
    </message>
    <message>
        <source>Power of σ</source>
        <translation>Степень σ</translation>
    </message>
    <message>
        <source>Share of Σσ² that stays</source>
        <translation>Доля Σσ², которая остаётся</translation>
    </message>
    <message>
        <source>Rank that stays</source>
        <translation>Ранг, который остаётся</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Правило</translation>
    </message>
    <message>
        <source>Afterwards all singular values are multiplied by one factor, so that their sum stays what it was.</source>
        <translation>После этого все сингулярные числа умножаются на один коэффициент, чтобы их сумма осталась прежней.</translation>
    </message>
    <message>
        <source>Gains as staged</source>
        <translation>Коэффициенты как в рецепте</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>Степень</translation>
    </message>
    <message>
        <source>Share that stays, %</source>
        <translation>Остаётся, %</translation>
    </message>
    <message>
        <source>Components that stay</source>
        <translation>Остаётся компонент</translation>
    </message>
</context>
<context>
    <name>wb::OutliersTable</name>
    <message>
        <source>place</source>
        <translation>место</translation>
    </message>
    <message>
        <source>original</source>
        <translation>исходный</translation>
    </message>
    <message>
        <source>patched</source>
        <translation>изменённый</translation>
    </message>
    <message>
        <source>deviations</source>
        <translation>отклонения</translation>
    </message>
    <message>
        <source>Distance from the mean in standard deviations, of the patched side</source>
        <translation>Расстояние от среднего в стандартных отклонениях, изменённая сторона</translation>
    </message>
    <message>
        <source>Elements of largest magnitude</source>
        <translation>Элементы наибольшей величины</translation>
    </message>
    <message>
        <source>computing …</source>
        <translation>вычисляется …</translation>
    </message>
    <message>
        <source>Outliers of %1</source>
        <translation>Выбросы %1</translation>
    </message>
    <message numerus="yes">
        <source>The %n element(s) of largest magnitude, exact; a click shows the place in map and grid</source>
        <translation>
            <numerusform>%n элемент наибольшей величины, точно; щелчок показывает место на карте и в таблице</numerusform>
            <numerusform>%n элемента наибольшей величины, точно; щелчок показывает место на карте и в таблице</numerusform>
            <numerusform>%n элементов наибольшей величины, точно; щелчок показывает место на карте и в таблице</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::OverviewPage</name>
    <message>
        <source>attention</source>
        <translation>внимание</translation>
    </message>
    <message>
        <source>feed-forward</source>
        <translation>feed-forward</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>эмбеддинг</translation>
    </message>
    <message>
        <source>head</source>
        <translation>голова</translation>
    </message>
    <message>
        <source>norms</source>
        <translation>нормы</translation>
    </message>
    <message>
        <source>other</source>
        <translation>прочее</translation>
    </message>
    <message>
        <source>architecture not stated</source>
        <translation>архитектура не указана</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n слой</numerusform>
            <numerusform>%n слоя</numerusform>
            <numerusform>%n слоёв</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>параметров: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n тензор</numerusform>
            <numerusform>%n тензора</numerusform>
            <numerusform>%n тензоров</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n file(s)</source>
        <translation>
            <numerusform>%1 в %n файле</numerusform>
            <numerusform>%1 в %n файлах</numerusform>
            <numerusform>%1 в %n файлах</numerusform>
        </translation>
    </message>
    <message>
        <source>head tied to %1</source>
        <translation>голова связана с %1</translation>
    </message>
    <message numerus="yes">
        <source>and %n more, listed by wb info</source>
        <translation>
            <numerusform>и ещё %n — их покажет wb info</numerusform>
            <numerusform>и ещё %n — их покажет wb info</numerusform>
            <numerusform>и ещё %n — их покажет wb info</numerusform>
        </translation>
    </message>
    <message>
        <source>Statistics of all tensors</source>
        <translation>Статистика всех тензоров</translation>
    </message>
    <message>
        <source>Stopped before all tensors were looked at.</source>
        <translation>Остановлено раньше, чем осмотрены все тензоры.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>Statistics of edited tensors</source>
        <translation>Статистика изменённых тензоров</translation>
    </message>
    <message numerus="yes">
        <source>&lt;b&gt;%n tensor(s) hold NaN or infinite values.&lt;/b&gt; </source>
        <translation>
            <numerusform>&lt;b&gt;%n тензор содержит NaN или бесконечности.&lt;/b&gt; </numerusform>
            <numerusform>&lt;b&gt;%n тензора содержат NaN или бесконечности.&lt;/b&gt; </numerusform>
            <numerusform>&lt;b&gt;%n тензоров содержат NaN или бесконечности.&lt;/b&gt; </numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2 NaN, %3 infinite of %4.</source>
        <translation>%1: NaN %2, бесконечных %3 из %4.</translation>
    </message>
    <message>
        <source>Show tensor</source>
        <translation>Показать тензор</translation>
    </message>
    <message>
        <source>No tensor stands apart: every standard deviation lies within a factor of 4 of the same role in the other layers.</source>
        <translation>Ни один тензор не выделяется: все стандартные отклонения в пределах 4 раз от той же роли в других слоях.</translation>
    </message>
    <message numerus="yes">
        <source>&lt;b&gt;%n tensor(s) stand apart.&lt;/b&gt; </source>
        <translation>
            <numerusform>&lt;b&gt;%n тензор выделяется.&lt;/b&gt; </numerusform>
            <numerusform>&lt;b&gt;%n тензора выделяются.&lt;/b&gt; </numerusform>
            <numerusform>&lt;b&gt;%n тензоров выделяются.&lt;/b&gt; </numerusform>
        </translation>
    </message>
    <message>
        <source>%1: its standard deviation is %2 the median of the other layers (%3 against %4).</source>
        <translation>%1: стандартное отклонение — %2 от медианы других слоёв (%3 против %4).</translation>
    </message>
    <message>
        <source>With the edits nothing does.</source>
        <translation>С правками — ни один.</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Обзор</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint to see it as a whole.</source>
        <translation>Откройте чекпойнт, чтобы увидеть его целиком.</translation>
    </message>
    <message>
        <source>No depth to look along</source>
        <translation>Глубины нет</translation>
    </message>
    <message>
        <source>Fewer than two layers can be told from the names of these tensors. Choose a tensor in the tree at the left.</source>
        <translation>По именам этих тензоров видно меньше двух слоёв. Выберите тензор в дереве слева.</translation>
    </message>
    <message>
        <source>Parameters by role</source>
        <translation>Параметры по ролям</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>Хранится как</translation>
    </message>
    <message>
        <source>Over depth</source>
        <translation>По глубине</translation>
    </message>
    <message>
        <source>Which role is drawn strong</source>
        <translation>Какая роль выделена</translation>
    </message>
    <message>
        <source>log</source>
        <translation>лог</translation>
    </message>
    <message>
        <source>Logarithmic values</source>
        <translation>Логарифмические значения</translation>
    </message>
    <message>
        <source>Layer × role</source>
        <translation>Слой × роль</translation>
    </message>
    <message>
        <source>Which statistic both charts show</source>
        <translation>Какую статистику показывают оба графика</translation>
    </message>
    <message>
        <source>%1 over depth</source>
        <translation>%1 по глубине</translation>
    </message>
    <message>
        <source>Relative change of edited tensors</source>
        <translation>Относительное изменение правленых тензоров</translation>
    </message>
    <message>
        <source>Norm of what the edits change over the norm of the original</source>
        <translation>Норма того, что меняют правки, к норме исходного</translation>
    </message>
    <message>
        <source>Keeping the statistics</source>
        <translation>Сохранение статистики</translation>
    </message>
</context>
<context>
    <name>wb::PathLabel</name>
    <message>
        <source>Copy name</source>
        <translation>Копировать имя</translation>
    </message>
</context>
<context>
    <name>wb::ProfileChart</name>
    <message>
        <source>layer</source>
        <translation>слой</translation>
    </message>
    <message>
        <source>layer %1 %2</source>
        <translation>слой %1 %2</translation>
    </message>
    <message>
        <source>original %1</source>
        <translation>исходный %1</translation>
    </message>
    <message>
        <source>patched %1</source>
        <translation>изменённый %1</translation>
    </message>
</context>
<context>
    <name>wb::QuickScore</name>
    <message>
        <source>Loss of the text</source>
        <translation>Потери на тексте</translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation>потери %1</translation>
    </message>
    <message>
        <source>Δ loss %1 ± %2</source>
        <translation>Δ потерь %1 ± %2</translation>
    </message>
</context>
<context>
    <name>wb::QuickScoreStrip</name>
    <message>
        <source>Loss of the text</source>
        <translation>Потери на тексте</translation>
    </message>
    <message>
        <source>Δ loss: failed</source>
        <translation>Δ потерь: ошибка</translation>
    </message>
    <message>
        <source>Δ loss …</source>
        <translation>Δ потерь …</translation>
    </message>
    <message>
        <source>The loss of a text with the staged edits, measured after every change</source>
        <translation>Потери на тексте с подготовленными правками, измеряются после каждого изменения</translation>
    </message>
    <message>
        <source>Nats a token over %1 tokens of %2, paired with the original, ± standard error; stored precision.</source>
        <translation>Наты на токен по %1 токенам (%2), попарно с оригиналом, ± стандартная ошибка; хранимая точность.</translation>
    </message>
    <message>
        <source>95 % from %1 to %2; above 0 is worse. KL divergence %3.</source>
        <translation>95 % от %1 до %2; больше 0 — хуже. Расхождение KL %3.</translation>
    </message>
    <message>
        <source>Click to see it token by token.</source>
        <translation>Нажмите, чтобы увидеть по токенам.</translation>
    </message>
</context>
<context>
    <name>wb::ReadingForm</name>
    <message>
        <source>original</source>
        <translation>исходная</translation>
    </message>
    <message>
        <source>patched</source>
        <translation>изменённая</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Измерить</translation>
    </message>
    <message>
        <source>first </source>
        <translation>первые </translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> токенов</translation>
    </message>
    <message>
        <source>Tokens at most</source>
        <translation>Токенов не больше</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>Сравнить с</translation>
    </message>
    <message>
        <source>What the original is compared with: your staged edits, or a second checkpoint, as its fine-tuned sibling</source>
        <translation>С чем сравнивается исходная модель: с вашими правками или со вторым чекпойнтом, например дообученным</translation>
    </message>
    <message>
        <source>with the edits</source>
        <translation>с правками</translation>
    </message>
    <message>
        <source>with a checkpoint…</source>
        <translation>с чекпойнтом…</translation>
    </message>
    <message>
        <source>A checkpoint of the same vocabulary</source>
        <translation>Чекпойнт с тем же словарём</translation>
    </message>
    <message>
        <source>with %1</source>
        <translation>с %1</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Стоп</translation>
    </message>
</context>
<context>
    <name>wb::ReadingPage</name>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
</context>
<context>
    <name>wb::RecipeModel</name>
    <message>
        <source>remove %1</source>
        <translation>удалить %1</translation>
    </message>
    <message>
        <source>move %1</source>
        <translation>переместить %1</translation>
    </message>
    <message>
        <source>describe %1</source>
        <translation>описать %1</translation>
    </message>
    <message>
        <source>switch on %1</source>
        <translation>включить %1</translation>
    </message>
    <message>
        <source>switch off %1</source>
        <translation>выключить %1</translation>
    </message>
    <message>
        <source>switch on group %1</source>
        <translation>включить группу %1</translation>
    </message>
    <message>
        <source>switch off group %1</source>
        <translation>выключить группу %1</translation>
    </message>
</context>
<context>
    <name>wb::RecipePanel</name>
    <message>
        <source>Nothing staged. The source stays as it is; edits live here until you export.</source>
        <translation>Правок нет. Источник не меняется; правки живут здесь до экспорта.</translation>
    </message>
    <message>
        <source>Name of this edit</source>
        <translation>Имя этой правки</translation>
    </message>
    <message>
        <source>Why? Kept in the recipe</source>
        <translation>Зачем? Хранится в рецепте</translation>
    </message>
    <message>
        <source>↑</source>
        <translation>↑</translation>
    </message>
    <message>
        <source>↓</source>
        <translation>↓</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Apply earlier</source>
        <translation>Применить раньше</translation>
    </message>
    <message>
        <source>Apply later</source>
        <translation>Применить позже</translation>
    </message>
    <message>
        <source>Staged edits</source>
        <translation>Добавленные правки</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>Открыто</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Изменить…</translation>
    </message>
    <message>
        <source>What the edits come to</source>
        <translation>Что дают правки</translation>
    </message>
    <message>
        <source>Switch group %1 on</source>
        <translation>Включить группу %1</translation>
    </message>
    <message>
        <source>Switch group %1 off</source>
        <translation>Выключить группу %1</translation>
    </message>
    <message>
        <source>proven: not one bit of the logits changes</source>
        <translation>доказано: ни один бит логитов не меняется</translation>
    </message>
    <message>
        <source>proven: nothing but rounding, %1 of the range of the logits</source>
        <translation>доказано: только округление, %1 размаха логитов</translation>
    </message>
    <message>
        <source>proven: only a temperature, logits change by %1 of their range</source>
        <translation>доказано: только температура, логиты меняются на %1 размаха</translation>
    </message>
    <message>
        <source>proven: logits change by %1 of their range, likeliest token the same at %2</source>
        <translation>доказано: логиты меняются на %1 размаха, самый вероятный токен тот же в %2 мест</translation>
    </message>
    <message>
        <source>Prove</source>
        <translation>Доказать</translation>
    </message>
    <message>
        <source>Runs the model with and without each edit, in the stored types and in F32, and says what each changes in the logits</source>
        <translation>Запускает модель с каждой правкой и без неё, в хранимых типах и в F32, и говорит, что каждая меняет в логитах</translation>
    </message>
    <message>
        <source>Proving the edits</source>
        <translation>Доказательство правок</translation>
    </message>
    <message>
        <source>the model disagrees: %1</source>
        <translation>модель не согласна: %1</translation>
    </message>
</context>
<context>
    <name>wb::RoleMap</name>
    <message>
        <source>layer · %1, log scale</source>
        <translation>слой · %1, логарифм</translation>
    </message>
    <message>
        <source>layer · %1</source>
        <translation>слой · %1</translation>
    </message>
    <message>
        <source>layer %1 %2: %3</source>
        <translation>слой %1 %2: %3</translation>
    </message>
</context>
<context>
    <name>wb::RunsModel</name>
    <message>
        <source>prompt</source>
        <translation>запрос</translation>
    </message>
    <message>
        <source>recipe</source>
        <translation>рецепт</translation>
    </message>
    <message>
        <source>settings</source>
        <translation>настройки</translation>
    </message>
    <message>
        <source>first difference</source>
        <translation>первое отличие</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
    <message>
        <source>at token %1</source>
        <translation>на токене %1</translation>
    </message>
    <message>
        <source>chat: %1</source>
        <translation>беседа: %1</translation>
    </message>
</context>
<context>
    <name>wb::SamplingForm</name>
    <message>
        <source>past the end token</source>
        <translation>дальше конца</translation>
    </message>
    <message>
        <source>greedy</source>
        <translation>жадно</translation>
    </message>
    <message>
        <source>sampling</source>
        <translation>случайно</translation>
    </message>
    <message>
        <source>Greedy takes the most likely token; sampling draws one by its seed</source>
        <translation>Жадно – всегда самый вероятный токен; случайно – по жребию с зерном</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> токенов</translation>
    </message>
    <message>
        <source>New tokens at most</source>
        <translation>Новых токенов не больше</translation>
    </message>
    <message>
        <source>seed </source>
        <translation>зерно </translation>
    </message>
    <message>
        <source>Go on after the tokens that end a text</source>
        <translation>Продолжать после токенов, которые завершают текст</translation>
    </message>
    <message>
        <source>repetition penalty</source>
        <translation>штраф повторов</translation>
    </message>
    <message>
        <source>1: none. Logits of tokens seen before are divided by it, negative ones multiplied</source>
        <translation>1 – нет. Логиты уже встреченных токенов делятся на него, отрицательные умножаются</translation>
    </message>
    <message>
        <source>temperature</source>
        <translation>температура</translation>
    </message>
    <message>
        <source>Logits are divided by it</source>
        <translation>На неё делятся логиты</translation>
    </message>
    <message>
        <source>top-k </source>
        <translation>top-k </translation>
    </message>
    <message>
        <source>top-k off</source>
        <translation>без top-k</translation>
    </message>
    <message>
        <source>Keep the k most likely tokens</source>
        <translation>Оставить k самых вероятных токенов</translation>
    </message>
    <message>
        <source>top-p</source>
        <translation>top-p</translation>
    </message>
    <message>
        <source>Keep the fewest tokens whose probabilities reach p; 1: all</source>
        <translation>Оставить наименьшее число токенов с суммой вероятностей p; 1 – все</translation>
    </message>
    <message>
        <source>min-p</source>
        <translation>min-p</translation>
    </message>
    <message>
        <source>Keep tokens with at least this share of the largest probability; 0: all</source>
        <translation>Оставить токены с вероятностью не меньше этой доли наибольшей; 0 – все</translation>
    </message>
    <message>
        <source>use the checkpoint&apos;s settings</source>
        <translation>настройки чекпойнта</translation>
    </message>
    <message>
        <source>generation_config.json suggests: %1</source>
        <translation>generation_config.json советует: %1</translation>
    </message>
    <message>
        <source>in this order: %1</source>
        <translation>по порядку: %1</translation>
    </message>
    <message>
        <source>seed %1</source>
        <translation>зерно %1</translation>
    </message>
    <message>
        <source>temperature %1 … %2 by entropy</source>
        <translation>температура %1 … %2 по энтропии</translation>
    </message>
    <message>
        <source>temperature %1, of code %2, numbers %3, quotes %4</source>
        <translation>температура %1, кода %2, чисел %3, цитат %4</translation>
    </message>
    <message>
        <source>one temperature</source>
        <translation>одна температура</translation>
    </message>
    <message>
        <source>by entropy</source>
        <translation>по энтропии</translation>
    </message>
    <message>
        <source>by region</source>
        <translation>по участку</translation>
    </message>
    <message>
        <source>By entropy: low where the model is sure, high where it is not. By region: values of their own for code, numbers and quoted text</source>
        <translation>По энтропии: низкая там, где модель уверена, высокая там, где нет. По участку: свои значения для кода, чисел и цитат</translation>
    </message>
    <message>
        <source>±</source>
        <translation>±</translation>
    </message>
    <message>
        <source>From the temperature less this to the temperature and this</source>
        <translation>От температуры минус это до температуры плюс это</translation>
    </message>
    <message>
        <source>exponent</source>
        <translation>показатель</translation>
    </message>
    <message>
        <source>Above 1 keeps to the low side</source>
        <translation>Больше 1 держится низкой стороны</translation>
    </message>
    <message>
        <source>code</source>
        <translation>код</translation>
    </message>
    <message>
        <source>In fenced blocks; 0: the most likely token</source>
        <translation>В блоках кода; 0: самый вероятный токен</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>числа</translation>
    </message>
    <message>
        <source>Within numbers; 0: the most likely token</source>
        <translation>Внутри чисел; 0: самый вероятный токен</translation>
    </message>
    <message>
        <source>quotes</source>
        <translation>цитаты</translation>
    </message>
    <message>
        <source>Within quotes; 0: the most likely token</source>
        <translation>Внутри кавычек; 0: самый вероятный токен</translation>
    </message>
</context>
<context>
    <name>wb::SpectraPage</name>
    <message>
        <source>over-trained?</source>
        <translation>переобучена?</translation>
    </message>
    <message>
        <source>under-trained?</source>
        <translation>недообучена?</translation>
    </message>
    <message>
        <source>Spectra of all matrices</source>
        <translation>Спектры всех матриц</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>Вычислить</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Экспорт…</translation>
    </message>
    <message>
        <source>The table as CSV with full precision</source>
        <translation>Таблица в CSV с полной точностью</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Тензор</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Роль</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Форма</translation>
    </message>
    <message>
        <source>stable rank</source>
        <translation>стаб. ранг</translation>
    </message>
    <message>
        <source>effective rank</source>
        <translation>эфф. ранг</translation>
    </message>
    <message>
        <source>condition</source>
        <translation>обусловл.</translation>
    </message>
    <message>
        <source>distance</source>
        <translation>расст.</translation>
    </message>
    <message>
        <source>above noise</source>
        <translation>выше шума</translation>
    </message>
    <message>
        <source>hint</source>
        <translation>намёк</translation>
    </message>
    <message>
        <source>As WeightWatcher says it: α below 2 over-trained, above 6 under-trained. A hint from the shape of the spectrum, not a finding.</source>
        <translation>Как говорит WeightWatcher: α ниже 2 переобучена, выше 6 недообучена. Намёк по форме спектра, а не вывод.</translation>
    </message>
    <message>
        <source>Singular values above the largest one of a random matrix of this size and variance (Marchenko and Pastur)</source>
        <translation>Сингулярные числа больше наибольшего у случайной матрицы того же размера и дисперсии (Марченко — Пастур)</translation>
    </message>
    <message>
        <source>No singular value is further off than this: rounding of the exact ones, what a randomised range leaves out otherwise</source>
        <translation>Ни одно сингулярное число не ошибочно больше чем на это: округление у точных, остаток вне подпространства у рандомизированных</translation>
    </message>
    <message>
        <source>Spectra from before</source>
        <translation>Спектры с прошлого раза</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint to see the singular values of its matrices.</source>
        <translation>Откройте контрольную точку, чтобы увидеть сингулярные числа её матриц.</translation>
    </message>
    <message>
        <source>No matrices</source>
        <translation>Нет матриц</translation>
    </message>
    <message>
        <source>This checkpoint holds no matrix of numbers.</source>
        <translation>В этой контрольной точке нет числовых матриц.</translation>
    </message>
    <message>
        <source>original: %1</source>
        <translation>исходный: %1</translation>
    </message>
    <message>
        <source>%1 of %2 matrices</source>
        <translation>%1 из %2 матриц</translation>
    </message>
    <message>
        <source>mean α %1</source>
        <translation>средняя α %1</translation>
    </message>
    <message>
        <source>Spectra of %1 matrices</source>
        <translation>Спектры %1 матриц</translation>
    </message>
    <message>
        <source>Keeping the spectra</source>
        <translation>Сохранение спектров</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>Экспорт таблицы</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 не записать: %2</translation>
    </message>
    <message>
        <source>All matrices</source>
        <translation>Все матрицы</translation>
    </message>
</context>
<context>
    <name>wb::SpectrumChart</name>
    <message>
        <source>Singular values</source>
        <translation>Сингулярные числа</translation>
    </message>
    <message>
        <source>edge of noise %1</source>
        <translation>граница шума %1</translation>
    </message>
    <message>
        <source>component %1</source>
        <translation>компонента %1</translation>
    </message>
    <message>
        <source>singular value</source>
        <translation>синг. число</translation>
    </message>
    <message>
        <source>component</source>
        <translation>компонента</translation>
    </message>
</context>
<context>
    <name>wb::SpectrumPage</name>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint to see the singular values of its matrices.</source>
        <translation>Откройте контрольную точку, чтобы увидеть сингулярные числа её матриц.</translation>
    </message>
    <message>
        <source>Nothing is selected</source>
        <translation>Ничего не выбрано</translation>
    </message>
    <message>
        <source>Choose a matrix in the list of tensors.</source>
        <translation>Выберите матрицу в списке тензоров.</translation>
    </message>
    <message>
        <source>No singular values</source>
        <translation>Нет сингулярных чисел</translation>
    </message>
    <message>
        <source>%1 is no matrix: its shape is %2.</source>
        <translation>%1 не матрица: форма %2.</translation>
    </message>
    <message>
        <source>Decomposing…</source>
        <translation>Разложение…</translation>
    </message>
    <message>
        <source>Singular values of %1</source>
        <translation>Сингулярные числа %1</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Остановлено</translation>
    </message>
    <message>
        <source>Choose the matrix again to go on.</source>
        <translation>Выберите матрицу снова, чтобы продолжить.</translation>
    </message>
    <message>
        <source>%1 in all layers</source>
        <translation>%1 во всех слоях</translation>
    </message>
    <message>
        <source>exact, by LAPACK in double precision, each within %1</source>
        <translation>точно, LAPACK с двойной точностью, каждое с погрешностью до %1</translation>
    </message>
    <message>
        <source>randomised: the first %1, each within %2</source>
        <translation>рандомизированно: первые %1, каждое с погрешностью до %2</translation>
    </message>
    <message>
        <source>Its smaller side is above %1: shown, not edited.</source>
        <translation>Меньшая сторона больше %1: показывается, но не правится.</translation>
    </message>
    <message>
        <source>Drag the gains, or choose a rule.</source>
        <translation>Перетаскивайте коэффициенты или выберите правило.</translation>
    </message>
    <message>
        <source>shuffled</source>
        <translation>перемешано</translation>
    </message>
    <message>
        <source>original</source>
        <translation>исходный</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>изменённый</translation>
    </message>
    <message>
        <source>too few values</source>
        <translation>слишком мало значений</translation>
    </message>
    <message>
        <source>largest σ₁</source>
        <translation>наибольшее σ₁</translation>
    </message>
    <message>
        <source>Frobenius norm</source>
        <translation>норма Фробениуса</translation>
    </message>
    <message>
        <source>nuclear norm Σσ</source>
        <translation>ядерная норма Σσ</translation>
    </message>
    <message>
        <source>stable rank</source>
        <translation>стаб. ранг</translation>
    </message>
    <message>
        <source>effective rank</source>
        <translation>эфф. ранг</translation>
    </message>
    <message>
        <source>condition</source>
        <translation>обусловл.</translation>
    </message>
    <message>
        <source>power law α</source>
        <translation>степенной закон α</translation>
    </message>
    <message>
        <source>its distance, tail</source>
        <translation>расстояние, хвост</translation>
    </message>
    <message>
        <source>above the edge of noise</source>
        <translation>выше границы шума</translation>
    </message>
    <message>
        <source>Effect on %1</source>
        <translation>Действие на %1</translation>
    </message>
    <message>
        <source>%1 of %2 elements change after rounding</source>
        <translation>После округления меняются %1 из %2 элементов</translation>
    </message>
    <message>
        <source>Power of σ</source>
        <translation>Степень σ</translation>
    </message>
    <message>
        <source>Share of Σσ² that stays, %</source>
        <translation>Остаётся Σσ², %</translation>
    </message>
    <message>
        <source>Components that stay</source>
        <translation>Остаётся компонент</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>число</translation>
    </message>
    <message>
        <source>Not decomposed, so there are no singular vectors.</source>
        <translation>Разложения нет, поэтому нет и сингулярных векторов.</translation>
    </message>
    <message>
        <source>Neither side of this matrix is the residual stream, so no token says what it means.</source>
        <translation>Ни одна сторона этой матрицы не остаточный поток: токены о ней ничего не скажут.</translation>
    </message>
    <message>
        <source>Component %1 …</source>
        <translation>Компонента %1 …</translation>
    </message>
    <message>
        <source>Tokens of component %1</source>
        <translation>Токены компоненты %1</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Остановлено.</translation>
    </message>
    <message>
        <source>Component %1 writes into the stream, read by the head</source>
        <translation>Компонента %1 пишет в поток, прочитано головой</translation>
    </message>
    <message>
        <source>Component %1 listens for, in the words of the embedding</source>
        <translation>Компонента %1 слушает, в словах эмбеддинга</translation>
    </message>
    <message>
        <source>cosines; the sign of a component is free</source>
        <translation>косинусы; знак компоненты произволен</translation>
    </message>
    <message>
        <source>One matrix</source>
        <translation>Одна матрица</translation>
    </message>
    <message>
        <source>Singular values</source>
        <translation>Сингулярные числа</translation>
    </message>
    <message>
        <source>expert </source>
        <translation>эксперт </translation>
    </message>
    <message>
        <source>The singular values of the same elements in random order (seed 0): what structure is compared with</source>
        <translation>Сингулярные числа тех же элементов в случайном порядке (зерно 0): с чем сравнивают структуру</translation>
    </message>
    <message>
        <source>log x</source>
        <translation>лог. x</translation>
    </message>
    <message>
        <source>The first components wide, the last ones narrow</source>
        <translation>Первые компоненты широко, последние узко</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>Столбцы</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>Кривая</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>Степень</translation>
    </message>
    <message>
        <source>Energy cut</source>
        <translation>По энергии</translation>
    </message>
    <message>
        <source>Rank cut</source>
        <translation>По рангу</translation>
    </message>
    <message>
        <source>Rule of the gains</source>
        <translation>Правило коэффициентов</translation>
    </message>
    <message>
        <source>keep Σσ</source>
        <translation>сохранить Σσ</translation>
    </message>
    <message>
        <source>Afterwards all singular values are multiplied by one factor, so that their sum stays what it was.</source>
        <translation>После этого все сингулярные числа умножаются на один коэффициент, чтобы их сумма осталась прежней.</translation>
    </message>
    <message>
        <source>This matrix</source>
        <translation>Эта матрица</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>Все слои</translation>
    </message>
    <message>
        <source>Edited matrices</source>
        <translation>Правимые матрицы</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Сбросить</translation>
    </message>
    <message>
        <source>Stage edit</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>What they say</source>
        <translation>Что они говорят</translation>
    </message>
    <message>
        <source>Figures of the spectrum</source>
        <translation>Показатели спектра</translation>
    </message>
    <message>
        <source>Stable rank ‖W‖F² / σ₁²; effective rank: exponential of the entropy of σ / Σσ; α of p(σ²) ~ σ²^−α by maximum likelihood above the least Kolmogorov-Smirnov distance; edge of noise: the largest singular value of a random matrix of this size and variance (Marchenko and Pastur).</source>
        <translation>Стабильный ранг ‖W‖F² / σ₁²; эффективный ранг: экспонента энтропии σ / Σσ; α закона p(σ²) ~ σ²^−α по максимуму правдоподобия выше порога с наименьшим расстоянием Колмогорова — Смирнова; граница шума: наибольшее сингулярное число случайной матрицы того же размера и дисперсии (Марченко — Пастур).</translation>
    </message>
    <message>
        <source>Through the vocabulary</source>
        <translation>Через словарь</translation>
    </message>
    <message>
        <source>along</source>
        <translation>вдоль</translation>
    </message>
    <message>
        <source>against</source>
        <translation>против</translation>
    </message>
    <message>
        <source>Tokens of the singular vector</source>
        <translation>Токены сингулярного вектора</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>косинус</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>целиком</translation>
    </message>
    <message>
        <source>Part of the matrix</source>
        <translation>Часть матрицы</translation>
    </message>
    <message>
        <source>Several matrices are stored as one here: the whole, or one of them alone. Its gains are then an edit of that part.</source>
        <translation>Здесь несколько матриц хранятся как одна: показать всё целиком или одну из них. Коэффициенты тогда правят только эту часть.</translation>
    </message>
</context>
<context>
    <name>wb::StatisticsModel</name>
    <message>
        <source>Stored as %1, which is not read as numbers</source>
        <translation>Хранится как %1; этот тип не читается как числа</translation>
    </message>
    <message>
        <source>Not computed yet</source>
        <translation>Ещё не вычислено</translation>
    </message>
    <message>
        <source>exact, over all %1 elements</source>
        <translation>точно, по всем %1 элементам</translation>
    </message>
    <message>
        <source>from the counts of the original, not exact</source>
        <translation>по счётам исходного, не точно</translation>
    </message>
    <message>
        <source>original %1, patched %2</source>
        <translation>исходный %1, изменённый %2</translation>
    </message>
    <message>
        <source>tensor</source>
        <translation>тензор</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>слой</translation>
    </message>
    <message>
        <source>role</source>
        <translation>роль</translation>
    </message>
    <message>
        <source>type</source>
        <translation>тип</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>форма</translation>
    </message>
    <message>
        <source>elements</source>
        <translation>элементы</translation>
    </message>
</context>
<context>
    <name>wb::StatisticsPage</name>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint to see the statistics of all its tensors in one table.</source>
        <translation>Откройте чекпойнт, чтобы увидеть статистику всех его тензоров в одной таблице.</translation>
    </message>
    <message>
        <source>Part of a name, or a selection: role=q_proj layer=0-9 kurtosis&gt;20</source>
        <translation>Часть имени или выборка: role=q_proj layer=0-9 kurtosis&gt;20</translation>
    </message>
    <message>
        <source>Filter of the table</source>
        <translation>Фильтр таблицы</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>The selected rows, or all that are shown, with full precision (Ctrl+C)</source>
        <translation>Выделенные строки или все показанные, с полной точностью (Ctrl+C)</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Экспорт…</translation>
    </message>
    <message>
        <source>The rows that are shown, as CSV or JSON with full precision</source>
        <translation>Показанные строки в CSV или JSON с полной точностью</translation>
    </message>
    <message>
        <source>Statistics of all tensors</source>
        <translation>Статистика всех тензоров</translation>
    </message>
    <message>
        <source>● edited: the numbers are the patched ones, the original&apos;s on hover</source>
        <translation>● с правками: числа после правок, исходные во всплывающей подсказке</translation>
    </message>
    <message>
        <source>Statistics of edited tensors</source>
        <translation>Статистика правленых тензоров</translation>
    </message>
    <message>
        <source>Stopped before all tensors were looked at.</source>
        <translation>Остановлено раньше, чем просмотрены все тензоры.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>Selecting %1</source>
        <translation>Выборка %1</translation>
    </message>
    <message>
        <source>not a selection yet; hover tells why</source>
        <translation>пока не выборка; причина в подсказке</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n tensor(s)</source>
        <translation>
            <numerusform>%1 из %n тензора</numerusform>
            <numerusform>%1 из %n тензоров</numerusform>
            <numerusform>%1 из %n тензоров</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 elements</source>
        <translation>элементов: %1</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>Экспорт таблицы</translation>
    </message>
    <message>
        <source>Tables (*.csv);;JSON (*.json)</source>
        <translation>Таблицы (*.csv);;JSON (*.json)</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Статистика</translation>
    </message>
    <message>
        <source>Keeping the statistics</source>
        <translation>Сохранение статистики</translation>
    </message>
</context>
<context>
    <name>wb::SweepChart</name>
    <message>
        <source>Score against the knobs</source>
        <translation>Оценка в зависимости от чисел</translation>
    </message>
    <message>
        <source>Choose a number of the recipe and press Sweep</source>
        <translation>Выберите число рецепта и нажмите «Перебрать»</translation>
    </message>
    <message>
        <source>share right; bars: 95 % of each point; band: without the recipe</source>
        <translation>доля верных; отрезки: 95 % каждой точки; полоса: без рецепта</translation>
    </message>
    <message>
        <source>nats a token, less is better; bars: 95 % of each point; band: without the recipe</source>
        <translation>наты на токен, меньше — лучше; отрезки: 95 % каждой точки; полоса: без рецепта</translation>
    </message>
    <message>
        <source>dark %1, light %2</source>
        <translation>тёмное %1, светлое %2</translation>
    </message>
    <message>
        <source>%1, 95 % from %2 to %3</source>
        <translation>%1, 95 % от %2 до %3</translation>
    </message>
</context>
<context>
    <name>wb::SweepPage</name>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint and stage an edit to see how its score depends on the edit&apos;s numbers.</source>
        <translation>Откройте чекпойнт и подготовьте правку, чтобы увидеть, как оценка зависит от её чисел.</translation>
    </message>
    <message>
        <source>No edits are staged</source>
        <translation>Правок нет</translation>
    </message>
    <message>
        <source>Stage an edit first: its factor, value or strength is what a sweep varies.</source>
        <translation>Сначала подготовьте правку: перебор меняет её множитель, значение или силу.</translation>
    </message>
    <message>
        <source>no second knob</source>
        <translation>без второго числа</translation>
    </message>
    <message>
        <source>A file…</source>
        <translation>Файл…</translation>
    </message>
    <message>
        <source>Choose a task or a text</source>
        <translation>Выберите задачу или текст</translation>
    </message>
    <message>
        <source>Tasks and texts (*.jsonl *.json *.txt);;All files (*)</source>
        <translation>Задачи и тексты (*.jsonl *.json *.txt);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>Перебор</translation>
    </message>
    <message>
        <source>%1 of %2 points are scored …</source>
        <translation>Оценено точек: %1 из %2 …</translation>
    </message>
    <message>
        <source>Not swept yet</source>
        <translation>Перебора ещё не было</translation>
    </message>
    <message numerus="yes">
        <source>Best of %n point(s): %1 with %2; without the recipe %3.</source>
        <translation>
            <numerusform>Лучшая из %n точки: %1, оценка %2; без рецепта %3.</numerusform>
            <numerusform>Лучшая из %n точек: %1, оценка %2; без рецепта %3.</numerusform>
            <numerusform>Лучшая из %n точек: %1, оценка %2; без рецепта %3.</numerusform>
        </translation>
    </message>
    <message>
        <source>It was chosen on one item and says nothing of others.</source>
        <translation>Она выбрана по одному заданию и ничего не говорит о других.</translation>
    </message>
    <message>
        <source>values of a sweep</source>
        <translation>значения перебора</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Number of the recipe</source>
        <translation>Число рецепта</translation>
    </message>
    <message>
        <source>from</source>
        <translation>от</translation>
    </message>
    <message>
        <source>to</source>
        <translation>до</translation>
    </message>
    <message>
        <source> points</source>
        <translation> точек</translation>
    </message>
    <message>
        <source>Score against numbers of the recipe</source>
        <translation>Оценка в зависимости от чисел рецепта</translation>
    </message>
    <message>
        <source>Task or text</source>
        <translation>Задача или текст</translation>
    </message>
    <message>
        <source>A task is scored by the share of right answers, a text by nats a token (its first 4096 tokens)</source>
        <translation>Задача оценивается долей верных ответов, текст — натами на токен (первые 4096 токенов)</translation>
    </message>
    <message>
        <source>all items</source>
        <translation>все элементы</translation>
    </message>
    <message>
        <source> items</source>
        <translation> элементов</translation>
    </message>
    <message>
        <source>So many items of a task, chosen by the seed; the same for every point</source>
        <translation>Столько заданий, выбранных по числу seed; одни и те же для всех точек</translation>
    </message>
    <message>
        <source>seed </source>
        <translation>зерно </translation>
    </message>
    <message>
        <source>Points</source>
        <translation>Точки</translation>
    </message>
    <message>
        <source>Take into the recipe</source>
        <translation>Взять в рецепт</translation>
    </message>
    <message>
        <source>The numbers of the chosen point, or of the best, replace those of the staged recipe; one step of undo</source>
        <translation>Числа выбранной точки или лучшей заменят числа рецепта; один шаг отмены</translation>
    </message>
    <message>
        <source>score</source>
        <translation>оценка</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>change</source>
        <translation>изменение</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>no further knob</source>
        <translation>больше чисел нет</translation>
    </message>
    <message>
        <source>no held-out set</source>
        <translation>без отложенного набора</translation>
    </message>
    <message>
        <source>The held-out set must be of the same kind: a task for a task, a text for a text.</source>
        <translation>Отложенный набор должен быть того же рода: к заданиям задания, к тексту текст.</translation>
    </message>
    <message>
        <source>each tenth scored by the point that is best on the rest</source>
        <translation>каждая десятая часть оценена точкой, лучшей на остальных</translation>
    </message>
    <message>
        <source>a third of the items, which the search did not see</source>
        <translation>треть заданий, которых поиск не видел</translation>
    </message>
    <message>
        <source>It was chosen on these items and looks better than it is. Held out (%1): %2, change %3, 95 % from %4 to %5.</source>
        <translation>Она выбрана на этих заданиях и выглядит лучше, чем есть. Отложено (%1): %2, изменение %3, 95 % от %4 до %5.</translation>
    </message>
    <message>
        <source>Held-out task or text</source>
        <translation>Отложенные задания или текст</translation>
    </message>
    <message>
        <source>Items or a text of the same kind, on which only the best point is scored: what it is worth on others</source>
        <translation>Задания или текст того же рода, на которых оценивается только лучшая точка: чего она стоит на других</translation>
    </message>
    <message>
        <source>grid</source>
        <translation>сетка</translation>
    </message>
    <message>
        <source>search</source>
        <translation>поиск</translation>
    </message>
    <message>
        <source>Grid: every point of one or two numbers. Search: up to four numbers, points chosen by a seeded search (controlled random search)</source>
        <translation>Сетка: все точки одного или двух чисел. Поиск: до четырёх чисел, точки выбирает поиск с начальным числом (controlled random search)</translation>
    </message>
    <message>
        <source>Points that the search may score</source>
        <translation>Сколько точек может оценить поиск</translation>
    </message>
</context>
<context>
    <name>wb::TableText</name>
    <message>
        <source>Copy with header</source>
        <translation>Копировать с заголовком</translation>
    </message>
</context>
<context>
    <name>wb::TargetForm</name>
    <message>
        <source>On</source>
        <translation>Где</translation>
    </message>
    <message>
        <source>role=q_proj layer=10-27</source>
        <translation>role=q_proj layer=10-27</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>Выбор</translation>
    </message>
    <message>
        <source>no tensor chosen</source>
        <translation>тензор не выбран</translation>
    </message>
    <message>
        <source>this tensor</source>
        <translation>этот тензор</translation>
    </message>
    <message>
        <source>%1 in all layers</source>
        <translation>%1 во всех слоях</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>слой %1</translation>
    </message>
    <message>
        <source>a selection</source>
        <translation>выбор</translation>
    </message>
    <message>
        <source>role=  layer=  name=glob*  name~regex  dtype=  params&gt;  kurtosis&gt;20  @saved
Side by side is and, | is or, ! is not.</source>
        <translation>role=  layer=  name=шаблон*  name~выражение  dtype=  params&gt;  kurtosis&gt;20  @имя
Рядом – и, | – или, ! – не.</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Сохранённые</translation>
    </message>
    <message>
        <source>Selections saved by name; @name stands for one</source>
        <translation>Отборы, сохранённые под именем; @имя заменяет отбор</translation>
    </message>
    <message>
        <source>reading the tensors…</source>
        <translation>тензоры читаются…</translation>
    </message>
    <message numerus="yes">
        <source>matched %n tensor(s), %1 elements</source>
        <translation>
            <numerusform>подходит %n тензор, элементов: %1</numerusform>
            <numerusform>подходят %n тензора, элементов: %1</numerusform>
            <numerusform>подходит %n тензоров, элементов: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>nothing saved yet</source>
        <translation>пока ничего не сохранено</translation>
    </message>
    <message>
        <source>Save this selection…</source>
        <translation>Сохранить этот отбор…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Save this selection</source>
        <translation>Сохранение отбора</translation>
    </message>
    <message>
        <source>Name, to be used as @name</source>
        <translation>Имя, чтобы писать @имя</translation>
    </message>
</context>
<context>
    <name>wb::TemperatureStrip</name>
    <message>
        <source>Temperature of each token</source>
        <translation>Температура каждого токена</translation>
    </message>
    <message>
        <source>Temperature of each token: the warmer the colour, the higher</source>
        <translation>Температура каждого токена: чем теплее цвет, тем выше</translation>
    </message>
</context>
<context>
    <name>wb::TensorPage</name>
    <message>
        <source>shard %1 of %2</source>
        <translation>часть %1 из %2</translation>
    </message>
    <message>
        <source>%1 times %2</source>
        <translation>%1, умноженные на %2</translation>
    </message>
    <message>
        <source>%1, at byte %2</source>
        <translation>%1, с байта %2</translation>
    </message>
    <message>
        <source>No tensor chosen</source>
        <translation>Тензор не выбран</translation>
    </message>
    <message>
        <source>Choose one in the tree at the left, or press / and type a part of its name.</source>
        <translation>Выберите его в дереве слева или нажмите / и введите часть имени.</translation>
    </message>
    <message>
        <source>%1 is not read as numbers</source>
        <translation>%1 не читается как числа</translation>
    </message>
    <message>
        <source>Tensors of this type are listed, and an export copies them bit for bit. They cannot be edited.</source>
        <translation>Тензоры этого типа показаны, а экспорт копирует их бит в бит. Править их нельзя.</translation>
    </message>
    <message>
        <source>No elements</source>
        <translation>Нет элементов</translation>
    </message>
    <message>
        <source>The shape is %1, so there is nothing to look at or to edit.</source>
        <translation>Форма %1, смотреть и править нечего.</translation>
    </message>
    <message>
        <source>Statistics of %1</source>
        <translation>Статистика %1</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Остановлено</translation>
    </message>
    <message>
        <source>This tensor cannot be shown</source>
        <translation>Этот тензор нельзя показать</translation>
    </message>
    <message>
        <source>The statistics were not computed.</source>
        <translation>Статистика не вычислена.</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>Вычислить</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Попробовать снова</translation>
    </message>
    <message>
        <source>□ patched</source>
        <translation>□ изменённый</translation>
    </message>
    <message>
        <source>computing …</source>
        <translation>вычисляется …</translation>
    </message>
    <message>
        <source>%1 bins</source>
        <translation>столбиков: %1</translation>
    </message>
    <message>
        <source>%1 outside</source>
        <translation>вне: %1</translation>
    </message>
    <message>
        <source>≈ while the edit moves</source>
        <translation>≈ пока правка движется</translation>
    </message>
    <message>
        <source>exact, from the value table</source>
        <translation>точно, по таблице значений</translation>
    </message>
    <message>
        <source>exact, all elements</source>
        <translation>точно, все элементы</translation>
    </message>
    <message>
        <source>Every stored code was counted once; all figures follow from the counts without an error.</source>
        <translation>Каждый хранимый код сосчитан один раз; все числа следуют из счёта без ошибки.</translation>
    </message>
    <message>
        <source>Two passes over all elements in double precision.</source>
        <translation>Два прохода по всем элементам с двойной точностью.</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1 NaN and %2 infinite values&lt;/b&gt; among %3. All figures are over the finite ones.</source>
        <translation>&lt;b&gt;NaN: %1, бесконечных: %2&lt;/b&gt; среди %3. Все числа — по конечным значениям.</translation>
    </message>
    <message>
        <source>&lt;b&gt;The edit makes %1 values NaN or infinite&lt;/b&gt;: they leave the range of %2.</source>
        <translation>&lt;b&gt;Правка делает %1 значений NaN или бесконечными&lt;/b&gt;: они выходят за пределы %2.</translation>
    </message>
    <message>
        <source>Other layers of %1</source>
        <translation>Другие слои %1</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Тензор</translation>
    </message>
    <message>
        <source>Back (Alt+Left)</source>
        <translation>Назад (Alt+Влево)</translation>
    </message>
    <message>
        <source>Forward (Alt+Right)</source>
        <translation>Вперёд (Alt+Вправо)</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Гистограмма</translation>
    </message>
    <message>
        <source>log</source>
        <translation>лог</translation>
    </message>
    <message>
        <source>Logarithmic counts (L)</source>
        <translation>Логарифм числа (L)</translation>
    </message>
    <message>
        <source>fit</source>
        <translation>вместить</translation>
    </message>
    <message>
        <source>Show all values; or double click (F)</source>
        <translation>Показать все значения; или двойной щелчок (F)</translation>
    </message>
    <message>
        <source>other layers</source>
        <translation>другие слои</translation>
    </message>
    <message>
        <source>Dotted: the same role in the layer whose standard deviation is in the middle of the others</source>
        <translation>Точками: та же роль в слое, чьё стандартное отклонение посередине остальных</translation>
    </message>
    <message>
        <source>■ original</source>
        <translation>■ исходный</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>Факты</translation>
    </message>
    <message>
        <source>Facts of the tensor</source>
        <translation>Факты о тензоре</translation>
    </message>
    <message>
        <source>Elements</source>
        <translation>Элементы</translation>
    </message>
    <message>
        <source>map</source>
        <translation>карта</translation>
    </message>
    <message>
        <source>values</source>
        <translation>значения</translation>
    </message>
    <message>
        <source>outliers</source>
        <translation>выбросы</translation>
    </message>
    <message>
        <source>profile</source>
        <translation>профиль</translation>
    </message>
    <message>
        <source>means</source>
        <translation>средние</translation>
    </message>
    <message>
        <source>Where a point stands for several elements, their mean instead of the one of largest magnitude</source>
        <translation>Там, где точка обозначает несколько элементов: их среднее вместо наибольшего по модулю</translation>
    </message>
    <message>
        <source>□ preview</source>
        <translation>□ предпросмотр</translation>
    </message>
    <message>
        <source>┄ layer %1, the middle of the others</source>
        <translation>┄ слой %1, середина остальных</translation>
    </message>
</context>
<context>
    <name>wb::TensorText</name>
    <message>
        <source>scale</source>
        <translation>умножить</translation>
    </message>
    <message>
        <source>add</source>
        <translation>прибавить</translation>
    </message>
    <message>
        <source>clamp to %1 … %2</source>
        <translation>ограничить %1 … %2</translation>
    </message>
    <message>
        <source>clamp ≥ %1</source>
        <translation>ограничить ≥ %1</translation>
    </message>
    <message>
        <source>clamp ≤ %1</source>
        <translation>ограничить ≤ %1</translation>
    </message>
    <message>
        <source>set to %1</source>
        <translation>задать %1</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>обнулить</translation>
    </message>
    <message>
        <source>layer %1 %2</source>
        <translation>слой %1 %2</translation>
    </message>
    <message>
        <source>scalar</source>
        <translation>скаляр</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>normalize</source>
        <translation>нормировать</translation>
    </message>
    <message>
        <source>prune %1 %</source>
        <translation>отсечь %1 %</translation>
    </message>
    <message>
        <source>noise of %1 σ, seed %2</source>
        <translation>шум %1 σ, зерно %2</translation>
    </message>
    <message>
        <source>noise of %1, seed %2</source>
        <translation>шум %1, зерно %2</translation>
    </message>
    <message>
        <source>Has no effect.</source>
        <translation>Ничего не меняет.</translation>
    </message>
    <message>
        <source>Rounded away: nothing is stored.</source>
        <translation>Пропадает при округлении: ничего не сохранится.</translation>
    </message>
    <message>
        <source>Absorbed: the model&apos;s output stays the same.</source>
        <translation>Поглощается: ответ модели останется прежним.</translation>
    </message>
    <message>
        <source>Greedy answers stay the same; sampled ones may change.</source>
        <translation>Жадные ответы останутся прежними, случайные могут измениться.</translation>
    </message>
    <message>
        <source>singular values</source>
        <translation>сингулярные числа</translation>
    </message>
    <message>
        <source>, their sum kept</source>
        <translation>, сумма сохранена</translation>
    </message>
    <message numerus="yes">
        <source>%n gains</source>
        <translation>
            <numerusform>%n коэффициент</numerusform>
            <numerusform>%n коэффициента</numerusform>
            <numerusform>%n коэффициентов</numerusform>
        </translation>
    </message>
    <message>
        <source>rank %1</source>
        <translation>ранг %1</translation>
    </message>
    <message>
        <source>%1 % of Σσ² stay</source>
        <translation>остаётся %1 % Σσ²</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>слой %1</translation>
    </message>
    <message>
        <source>layers %1 to %2</source>
        <translation>слои %1–%2</translation>
    </message>
    <message>
        <source>leave out %1</source>
        <translation>убрать %1</translation>
    </message>
    <message>
        <source>linear map for %1</source>
        <translation>линейная карта вместо %1</translation>
    </message>
    <message>
        <source>repeat %1</source>
        <translation>повторить %1</translation>
    </message>
    <message>
        <source>layer %1 in the place of %2</source>
        <translation>слой %1 на месте %2</translation>
    </message>
    <message>
        <source>layer %1 of %2 in the place of %3</source>
        <translation>слой %1 из «%2» на месте слоя %3</translation>
    </message>
    <message>
        <source>row %1</source>
        <translation>строка %1</translation>
    </message>
    <message>
        <source>rows %1</source>
        <translation>строки %1</translation>
    </message>
    <message>
        <source>column %1</source>
        <translation>столбец %1</translation>
    </message>
    <message>
        <source>columns %1</source>
        <translation>столбцы %1</translation>
    </message>
    <message>
        <source>heads %1</source>
        <translation>головы %1</translation>
    </message>
    <message>
        <source>experts %1</source>
        <translation>эксперты %1</translation>
    </message>
    <message>
        <source>largest %1 %</source>
        <translation>наибольшие %1 %</translation>
    </message>
    <message>
        <source>smallest %1 %</source>
        <translation>наименьшие %1 %</translation>
    </message>
    <message>
        <source>quantiles %1 … %2 %</source>
        <translation>квантили %1 … %2 %</translation>
    </message>
    <message>
        <source>%1 by magnitude</source>
        <translation>%1 по модулю</translation>
    </message>
    <message>
        <source>part %1</source>
        <translation>часть %1</translation>
    </message>
</context>
<context>
    <name>wb::TensorTree</name>
    <message>
        <source>%1 parameters</source>
        <translation>параметров: %1</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>изменён</translation>
    </message>
    <message>
        <source>A selection by statistic reads tensors: the Statistics page and the Edit panel take it.</source>
        <translation>Выборка по статистике читает тензоры: её принимают страница «Статистика» и панель «Правка».</translation>
    </message>
</context>
<context>
    <name>wb::TextChooser</name>
    <message>
        <source>Built-in text</source>
        <translation>Встроенный текст</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Текст</translation>
    </message>
    <message>
        <source>A file…</source>
        <translation>Файл…</translation>
    </message>
    <message>
        <source>Own text…</source>
        <translation>Свой текст…</translation>
    </message>
    <message>
        <source>Own text</source>
        <translation>Свой текст</translation>
    </message>
    <message>
        <source>What the model reads:</source>
        <translation>Что читает модель:</translation>
    </message>
    <message>
        <source>own text</source>
        <translation>свой текст</translation>
    </message>
    <message>
        <source>Choose a text</source>
        <translation>Выберите текст</translation>
    </message>
    <message>
        <source>Text (*.txt *.md);;All files (*)</source>
        <translation>Тексты (*.txt *.md);;Все файлы (*)</translation>
    </message>
</context>
<context>
    <name>wb::TextPage</name>
    <message>
        <source>This checkpoint does not run here</source>
        <translation>Этот чекпойнт здесь не запускается</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint to see what your edits do to a text, token by token.</source>
        <translation>Откройте чекпойнт, чтобы увидеть, что правки делают с текстом, токен за токеном.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Измерить</translation>
    </message>
    <message>
        <source>The text is being read …</source>
        <translation>Текст читается …</translation>
    </message>
    <message>
        <source>Not measured yet: the model is loaded when you ask for it.</source>
        <translation>Ещё не измерено: модель загружается по запросу.</translation>
    </message>
    <message>
        <source>%1 tokens of %2</source>
        <translation>токенов: %1, %2</translation>
    </message>
    <message>
        <source> (the first of %1)</source>
        <translation> (первые из %1)</translation>
    </message>
    <message>
        <source>The loss is %1 ± %2 nats a token, perplexity %3.</source>
        <translation>Потери %1 ± %2 нат на токен, перплексия %3.</translation>
    </message>
    <message>
        <source>stage an edit to see what it changes</source>
        <translation>подготовьте правку, чтобы увидеть, что она меняет</translation>
    </message>
    <message>
        <source>nothing changed, to the last bit</source>
        <translation>ничего не изменилось, до последнего бита</translation>
    </message>
    <message>
        <source>the edits make it worse</source>
        <translation>правки ухудшают</translation>
    </message>
    <message>
        <source>the edits make it better</source>
        <translation>правки улучшают</translation>
    </message>
    <message>
        <source>this text does not tell them apart</source>
        <translation>этот текст их не различает</translation>
    </message>
    <message>
        <source>%1, paired, 95 % from %2 to %3 · KL divergence %4 · same likeliest token at %5 · stored precision</source>
        <translation>%1, попарно, 95 % от %2 до %3 · расхождение KL %4 · тот же вероятнейший токен: %5 · хранимая точность</translation>
    </message>
    <message>
        <source>nothing stands before it</source>
        <translation>перед ним ничего нет</translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation>потери %1</translation>
    </message>
    <message>
        <source>%1 → %2, change %3</source>
        <translation>%1 → %2, изменение %3</translation>
    </message>
    <message>
        <source>purple: less likely than before, green: likelier; strongest at %1 nats</source>
        <translation>фиолетовое: менее вероятно, чем прежде, зелёное: вероятнее; сильнейшее — %1 нат</translation>
    </message>
    <message>
        <source>purple: unexpected; strongest at %1 nats</source>
        <translation>фиолетовое: неожиданно; сильнейшее — %1 нат</translation>
    </message>
    <message>
        <source>Choose a token to see what both models hold likeliest in its place.</source>
        <translation>Выберите токен, чтобы увидеть, что обе модели считают вероятнейшим на его месте.</translation>
    </message>
    <message>
        <source>KL divergence %1</source>
        <translation>расхождение KL %1</translation>
    </message>
    <message>
        <source>Likeliest tokens</source>
        <translation>Вероятнейшие токены</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Текст</translation>
    </message>
    <message>
        <source>Loss of a text</source>
        <translation>Потери на тексте</translation>
    </message>
    <message>
        <source>first </source>
        <translation>первые </translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> токенов</translation>
    </message>
    <message>
        <source>So many tokens of the text are read, in windows of at most 512</source>
        <translation>Читается столько токенов текста, окнами не длиннее 512</translation>
    </message>
    <message>
        <source>Tokens at most</source>
        <translation>Не больше токенов</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Токены</translation>
    </message>
    <message>
        <source>Likeliest in its place</source>
        <translation>Вероятнейшее на его месте</translation>
    </message>
    <message>
        <source>□ patched</source>
        <translation>□ изменённый</translation>
    </message>
</context>
<context>
    <name>wb::TokenFlow</name>
    <message>
        <source>The text as tokens</source>
        <translation>Текст по токенам</translation>
    </message>
</context>
<context>
    <name>wb::TokenView</name>
    <message>
        <source>Text of the original</source>
        <translation>Текст исходной модели</translation>
    </message>
    <message>
        <source>Text of the patched model</source>
        <translation>Текст изменённой модели</translation>
    </message>
</context>
<context>
    <name>wb::TokensPage</name>
    <message>
        <source>Nothing is open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Open a checkpoint with a tokenizer to see how it cuts a text into tokens.</source>
        <translation>Откройте чекпойнт с токенизатором, чтобы увидеть, как он делит текст на токены.</translation>
    </message>
    <message>
        <source>Reading the tokenizer…</source>
        <translation>Чтение токенизатора…</translation>
    </message>
    <message>
        <source>Reading the tokenizer</source>
        <translation>Чтение токенизатора</translation>
    </message>
    <message>
        <source>This checkpoint has no tokenizer</source>
        <translation>У этого чекпойнта нет токенизатора</translation>
    </message>
    <message>
        <source>A tokenizer.json beside the weights, or a GGUF with a vocabulary, shows here as text, pieces and ids.</source>
        <translation>tokenizer.json рядом с весами или GGUF со словарём показывается здесь как текст, части и номера.</translation>
    </message>
    <message>
        <source>The tokenizer cannot be used</source>
        <translation>Токенизатор использовать нельзя</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Попробовать снова</translation>
    </message>
    <message>
        <source>The quick brown fox jumps over the lazy dog. 12345 + 678 = 13023</source>
        <translation>Съешь же ещё этих мягких французских булок. 12345 + 678 = 13023</translation>
    </message>
    <message>
        <source>Tokenizing</source>
        <translation>Деление на токены</translation>
    </message>
    <message>
        <source>bytes %1–%2</source>
        <translation>байты %1–%2</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n токен</numerusform>
            <numerusform>%n токена</numerusform>
            <numerusform>%n токенов</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 bytes a token</source>
        <translation>байт на токен: %1</translation>
    </message>
    <message>
        <source>vocabulary of %1</source>
        <translation>словарь: %1</translation>
    </message>
    <message>
        <source>No token is chosen</source>
        <translation>Токен не выбран</translation>
    </message>
    <message>
        <source>id %1</source>
        <translation>номер %1</translation>
    </message>
    <message>
        <source>special</source>
        <translation>специальный</translation>
    </message>
    <message numerus="yes">
        <source>%n time(s) in the text</source>
        <translation>
            <numerusform>%n раз в тексте</numerusform>
            <numerusform>%n раза в тексте</numerusform>
            <numerusform>%n раз в тексте</numerusform>
        </translation>
    </message>
    <message>
        <source>No tensor of this checkpoint is an embedding matrix.</source>
        <translation>Ни один тензор этого чекпойнта не служит матрицей вложений.</translation>
    </message>
    <message>
        <source>The embedding matrix has no row for this token.</source>
        <translation>В матрице вложений нет строки для этого токена.</translation>
    </message>
    <message>
        <source>Embedding norm: computing…</source>
        <translation>Норма вложения: вычисляется…</translation>
    </message>
    <message>
        <source>Embedding norm %1, longer than %2 of all rows</source>
        <translation>Норма вложения %1 – больше, чем у %2 всех строк</translation>
    </message>
    <message>
        <source>The embedding row holds values that are not finite.</source>
        <translation>В строке вложения есть неконечные значения.</translation>
    </message>
    <message>
        <source>Norms of the embedding rows</source>
        <translation>Нормы строк вложений</translation>
    </message>
    <message>
        <source>There is no row to compare with.</source>
        <translation>Сравнивать не с чем: строки нет.</translation>
    </message>
    <message>
        <source>Comparing with all rows…</source>
        <translation>Сравнение со всеми строками…</translation>
    </message>
    <message>
        <source>Nearest tokens</source>
        <translation>Ближайшие токены</translation>
    </message>
    <message>
        <source>The row is all zeros or not finite: it has no direction.</source>
        <translation>Строка нулевая или неконечная: направления у неё нет.</translation>
    </message>
    <message>
        <source>(no token)</source>
        <translation>(нет токена)</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Токены</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Текст</translation>
    </message>
    <message>
        <source>special tokens</source>
        <translation>специальные токены</translation>
    </message>
    <message>
        <source>With the tokens that the model&apos;s template puts around a text</source>
        <translation>С токенами, которые шаблон модели ставит вокруг текста</translation>
    </message>
    <message>
        <source>Type or paste a text</source>
        <translation>Введите или вставьте текст</translation>
    </message>
    <message>
        <source>Text to cut into tokens</source>
        <translation>Текст для деления на токены</translation>
    </message>
    <message>
        <source>Pieces</source>
        <translation>Части</translation>
    </message>
    <message>
        <source>Ids</source>
        <translation>Номера</translation>
    </message>
    <message>
        <source>1, 15, 7 and Enter: the text that ids stand for</source>
        <translation>1, 15, 7 и Enter – текст, который стоит за номерами</translation>
    </message>
    <message>
        <source>Ids of the tokens</source>
        <translation>Номера токенов</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Токен</translation>
    </message>
    <message>
        <source>Embedding row</source>
        <translation>Строка вложения</translation>
    </message>
    <message>
        <source>The values of this token&apos;s row on the Tensor page</source>
        <translation>Значения строки этого токена на странице «Тензор»</translation>
    </message>
    <message>
        <source>piece</source>
        <translation>часть</translation>
    </message>
    <message>
        <source>id</source>
        <translation>номер</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>косинус</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>норма</translation>
    </message>
    <message>
        <source>Double click: look at this token</source>
        <translation>Двойной щелчок: рассмотреть этот токен</translation>
    </message>
    <message>
        <source>□ patched embedding</source>
        <translation>□ изменённая матрица</translation>
    </message>
    <message>
        <source>the first %1 are shown</source>
        <translation>показаны первые %1</translation>
    </message>
    <message>
        <source>No token has the id %1; the largest is %2.</source>
        <translation>Токена с номером %1 нет; наибольший – %2.</translation>
    </message>
    <message>
        <source>“%1” is not an id.</source>
        <translation>«%1» – не номер.</translation>
    </message>
</context>
<context>
    <name>wb::ValueGrid</name>
    <message>
        <source>Values</source>
        <translation>Значения</translation>
    </message>
    <message>
        <source>row, column</source>
        <translation>строка, столбец</translation>
    </message>
    <message>
        <source>Row and column to go to</source>
        <translation>Строка и столбец, куда перейти</translation>
    </message>
    <message>
        <source>go to</source>
        <translation>перейти</translation>
    </message>
    <message>
        <source>F2 sets a value as a staged edit · exact, as stored</source>
        <translation>F2 задаёт значение правкой · точно, как хранится</translation>
    </message>
    <message>
        <source>Values of %1</source>
        <translation>Значения %1</translation>
    </message>
    <message>
        <source>There are %1 rows and %2 columns, counted from 0</source>
        <translation>Строк %1, столбцов %2, счёт от 0</translation>
    </message>
    <message>
        <source>Write a row and a column, as 12, 340</source>
        <translation>Напишите строку и столбец, например 12, 340</translation>
    </message>
    <message>
        <source>■ original</source>
        <translation>■ исходный</translation>
    </message>
    <message>
        <source>%1 cells are too many to copy</source>
        <translation>Ячеек слишком много для копирования: %1</translation>
    </message>
    <message>
        <source>set [%1, %2] of %3 to %4</source>
        <translation>задать [%1, %2] в %3 равным %4</translation>
    </message>
    <message>
        <source>the first %1 of %2 rows: a table holds no more; the map shows all</source>
        <translation>первые %1 строк из %2: больше таблица не вмещает; карта показывает все</translation>
    </message>
    <message>
        <source>the first %1 of %2 columns: a table holds no more; the map shows all</source>
        <translation>первые %1 столбцов из %2: больше таблица не вмещает; карта показывает все</translation>
    </message>
    <message>
        <source>%1 is not a finite number</source>
        <translation>%1 — не конечное число</translation>
    </message>
    <message>
        <source>Copying %1</source>
        <translation>Копирование %1</translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) copied</source>
        <translation>
            <numerusform>скопирована %n ячейка</numerusform>
            <numerusform>скопировано %n ячейки</numerusform>
            <numerusform>скопировано %n ячеек</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::ValueModel</name>
    <message>
        <source>row %1, column %2</source>
        <translation>строка %1, столбец %2</translation>
    </message>
    <message>
        <source>original %1, patched %2</source>
        <translation>исходный %1, изменённый %2</translation>
    </message>
</context>
</TS>
