<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>wb::CheckpointPanel</name>
    <message numerus="yes">
        <source>Copy %n name(s)</source>
        <translation>
            <numerusform>Copy %n name</numerusform>
            <numerusform>Copy %n names</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::DiffPage</name>
    <message numerus="yes">
        <source>%n tensor(s) are bit-equal</source>
        <translation>
            <numerusform>%n tensor is bit-equal</numerusform>
            <numerusform>%n tensors are bit-equal</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) differ; </source>
        <translation>
            <numerusform>%n tensor differs; </numerusform>
            <numerusform>%n tensors differ; </numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::EvaluatePage</name>
    <message numerus="yes">
        <source>%n items, not scored yet</source>
        <translation>
            <numerusform>%n item, not scored yet</numerusform>
            <numerusform>%n items, not scored yet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::ExportDialog</name>
    <message numerus="yes">
        <source>%n edit(s) staged on %1. The source stays as it is.</source>
        <translation>
            <numerusform>%n edit staged on %1. The source stays as it is.</numerusform>
            <numerusform>%n edits staged on %1. The source stays as it is.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) touched, in %1 of %2 files · %3 to write, %4 free there</source>
        <translation>
            <numerusform>%n tensor touched, in %1 of %2 files · %3 to write, %4 free there</numerusform>
            <numerusform>%n tensors touched, in %1 of %2 files · %3 to write, %4 free there</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&lt;b&gt;%n tensor(s) of %1 differ, as intended; %2 are bit-equal; %3.&lt;/b&gt;</source>
        <translation>
            <numerusform>&lt;b&gt;%n tensor of %1 differs, as intended; %2 are bit-equal; %3.&lt;/b&gt;</numerusform>
            <numerusform>&lt;b&gt;%n tensors of %1 differ, as intended; %2 are bit-equal; %3.&lt;/b&gt;</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::GeneratePage</name>
    <message numerus="yes">
        <source>%n tokens …</source>
        <translation>
            <numerusform>%n token …</numerusform>
            <numerusform>%n tokens …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>stopped after %n tokens</source>
        <translation>
            <numerusform>stopped after %n token</numerusform>
            <numerusform>stopped after %n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edits</source>
        <translation>
            <numerusform>%n edit</numerusform>
            <numerusform>%n edits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::HistoryModel</name>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answers</source>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n examples</source>
        <translation>
            <numerusform>%n example</numerusform>
            <numerusform>%n examples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::JobsPanel</name>
    <message numerus="yes">
        <source>%1, and %n more</source>
        <translation>
            <numerusform>%1, and %n more</numerusform>
            <numerusform>%1, and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::MainWindow</name>
    <message numerus="yes">
        <source>The recipe with %n edit(s) is not saved. Save it first?</source>
        <translation>
            <numerusform>The recipe with %n edit is not saved. Save it first?</numerusform>
            <numerusform>The recipe with %n edits is not saved. Save it first?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edit(s) staged, not exported</source>
        <translation>
            <numerusform>%n edit staged, not exported</numerusform>
            <numerusform>%n edits staged, not exported</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edit(s) of this checkpoint were staged on %1 and neither saved nor exported. &lt;a href=&quot;discard&quot;&gt;Discard them&lt;/a&gt;</source>
        <translation>
            <numerusform>%n edit of this checkpoint was staged on %1 and neither saved nor exported. &lt;a href=&quot;discard&quot;&gt;Discard it&lt;/a&gt;</numerusform>
            <numerusform>%n edits of this checkpoint were staged on %1 and neither saved nor exported. &lt;a href=&quot;discard&quot;&gt;Discard them&lt;/a&gt;</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::OutliersTable</name>
    <message numerus="yes">
        <source>The %n element(s) of largest magnitude, exact; a click shows the place in map and grid</source>
        <translation>
            <numerusform>The %n element of largest magnitude, exact; a click shows the place in map and grid</numerusform>
            <numerusform>The %n elements of largest magnitude, exact; a click shows the place in map and grid</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::OverviewPage</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n tensor</numerusform>
            <numerusform>%n tensors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n file(s)</source>
        <translation>
            <numerusform>%1 in %n file</numerusform>
            <numerusform>%1 in %n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more, listed by wb info</source>
        <translation>
            <numerusform>and %n more, listed by wb info</numerusform>
            <numerusform>and %n more, listed by wb info</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&lt;b&gt;%n tensor(s) hold NaN or infinite values.&lt;/b&gt; </source>
        <translation>
            <numerusform>&lt;b&gt;%n tensor holds NaN or infinite values.&lt;/b&gt; </numerusform>
            <numerusform>&lt;b&gt;%n tensors hold NaN or infinite values.&lt;/b&gt; </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&lt;b&gt;%n tensor(s) stand apart.&lt;/b&gt; </source>
        <translation>
            <numerusform>&lt;b&gt;%n tensor stands apart.&lt;/b&gt; </numerusform>
            <numerusform>&lt;b&gt;%n tensors stand apart.&lt;/b&gt; </numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::StatisticsPage</name>
    <message numerus="yes">
        <source>%1 of %n tensor(s)</source>
        <translation>
            <numerusform>%1 of %n tensor</numerusform>
            <numerusform>%1 of %n tensors</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::SweepPage</name>
    <message numerus="yes">
        <source>Best of %n point(s): %1 with %2; without the recipe %3.</source>
        <translation>
            <numerusform>Best of %n point: %1 with %2; without the recipe %3.</numerusform>
            <numerusform>Best of %n points: %1 with %2; without the recipe %3.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::TargetForm</name>
    <message numerus="yes">
        <source>matched %n tensor(s), %1 elements</source>
        <translation>
            <numerusform>matched %n tensor, %1 elements</numerusform>
            <numerusform>matched %n tensors, %1 elements</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::TensorText</name>
    <message numerus="yes">
        <source>%n gains</source>
        <translation>
            <numerusform>%n gain</numerusform>
            <numerusform>%n gains</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::TokensPage</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n time(s) in the text</source>
        <translation>
            <numerusform>%n time in the text</numerusform>
            <numerusform>%n times in the text</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>wb::ValueGrid</name>
    <message numerus="yes">
        <source>%n cell(s) copied</source>
        <translation>
            <numerusform>%n cell copied</numerusform>
            <numerusform>%n cells copied</numerusform>
        </translation>
    </message>
</context>
</TS>
