#include "tests/support/servedsample.h"

#include "core/checkpoint/open.h"
#include "core/model/generationconfig.h"

namespace wb::test {
namespace {

CheckpointPtr sample()
{
    static const CheckpointPtr checkpoint = openCheckpoint(WB_SOURCE_DIR "/resources/sample/original").value();
    return checkpoint;
}

} // namespace

ModelPtr sampleModel()
{
    Progress progress;
    static const ModelPtr model = Model::load(*sample(), {"sample", 0, nullptr, {}}, progress).value();
    return model;
}

const ServedModel& servedSample()
{
    static const ServedModel model = [] {
        const TokenizerPtr tokenizer = loadTokenizer(*sample()).value();
        return ServedModel{"original", tokenizer, loadChatTemplate(*sample(), *tokenizer).value(), {}, readGenerationConfig(*sample(), tokenizer.get())->endTokens, 1024, 512, 32, Precision::F32};
    }();
    return model;
}

} // namespace wb::test
