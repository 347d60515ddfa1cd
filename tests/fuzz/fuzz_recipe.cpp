// Recipes: what is read and written again is the same recipe; foreign recommendations never do more than be refused.
#include "core/recipe/recipejson.h"
#include "core/recipe/tensorslayer.h"
#include "tests/fuzz/fuzz.h"

#include <nlohmann/json.hpp>

using namespace wb;

std::vector<std::string> fuzz::seeds()
{
    return {R"({"format":"weightbench.recipe/1","base":{"name":"m","fingerprint":"ab","tensors":2},"edits":[{"op":"scale","select":"role=down_proj layer=1-3 | !name=x*","factor":1.02,"label":"l","reason":"r","enabled":false},{"op":"clamp","select":"name~^a(b|c)+$","min":null,"max":2.5,"strength":0.5}]})",
            R"({"format":"weightbench.recipe/1","edits":[{"op":"add","select":"kurtosis>20 params<=1e6","value":-0.01,"elements":{"top":0.1,"of":"magnitude","rows":[0,4]}},{"op":"normalize","select":"name=\"a b\"","form":"around_mean","value":1.1,"group":"g"},{"op":"prune","select":"dtype=BF16","share":0.5,"elements":{"heads":[0,3]}},{"op":"noise","select":"expert=2","std":0.01,"seed":7,"relative":true,"elements":{"quantile":[0.1,0.9]}}]})",
            R"({"format":"weightbench.recipe/1","edits":[{"op":"svf","select":"name=*","gains":[1,0.5],"keep_nuclear_norm":true},{"op":"svf","select":"name=*","gains":{"rule":"curve","scale":"log","points":[[0,1.5],[1,0.5]]}},{"op":"svf","select":"name=*","gains":{"rule":"bands","bands":[[0,2,0.5]]}},{"op":"svf","select":"name=*","gains":{"rule":"mix","experts":[{"name":"e","weight":0.5,"gains":{"w":[1,2]}}]}},{"op":"svf","select":"name=*","gains":{"rule":"energy","value":0.9}}]})",
            R"([{"tensor_name":"a","operation":"scale","value":1.02,"target":"top 10%","confidence":0.9,"reason":"why"},{"tensor_name":"b","operation":"clamp","value":"-1,2"}])"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(input), size);
    RecipePtr recipe;
    if (const auto json = parseJson(text, "input"))
        if (auto read = recipeFromJson(*json, "input"))
            recipe = *read;
    if (!recipe)
        if (auto read = tensorSlayerRecipe(text, "input"))
            recipe = *read;
    if (!recipe)
        return 0;
    const auto again = parseJson(dumpJson(recipeToJson(*recipe)), "again");
    fuzz::require(again.has_value(), "what was written is JSON");
    const auto reread = recipeFromJson(*again, "again");
    fuzz::require(reread.has_value() && **reread == *recipe, "the same recipe");
    return 0;
}
