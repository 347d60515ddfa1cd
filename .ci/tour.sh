# Sourced by run where there is no display: the tutorial in text, and pictures of the window.
tour() {
    local checkpoint=$1 wb=build/release/app/wb work
    work=$(mktemp -d)
    step() { if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi; }
    show() { printf '  $ %s\n' "$*"; "$@" | sed 's/^/  /' || true; }
    step "1  What is it?"
    show $wb info "$checkpoint"
    if [ "$checkpoint" != "$PWD/resources/sample/damaged" ]; then
        step "2  Its tensors"
        show $wb list "$checkpoint" | head -n 16
    else
        local tensor=model.layers.1.mlp.down_proj.weight
        step "2  One tensor stands apart from the same role in the other layers: look at the column std"
        show $wb stats "$checkpoint" --select role=down_proj
        step "3  A recipe with one edit: scale it by 1/16. Nothing on disk changes"
        cat >"$work/repair.json" <<JSON
{ "format": "weightbench.recipe/1",
  "edits": [ { "op": "scale", "select": "name=$tensor", "factor": 0.0625, "label": "take the spread back" } ] }
JSON
        sed 's/^/  /' "$work/repair.json"
        show $wb recipe check "$work/repair.json" "$checkpoint"
        step "4  With the edit staged it looks like its neighbours"
        show $wb stats "$checkpoint" "$tensor" --recipe "$work/repair.json"
        step "5  Staged repair against the undamaged sample: nothing differs"
        show $wb diff "$checkpoint" resources/sample/original --recipe-a "$work/repair.json"
        step "6  Export with proof, and the proof again"
        show $wb apply "$checkpoint" "$work/repair.json" -o "$work/repaired"
        show $wb verify "$work/repaired"
        step "7  What the repair is worth: the same sums asked of both, paired"
        show $wb evaluate "$checkpoint" --task arithmetic --max 24 --compare-recipe "$work/repair.json" --noise-floor --progress never
    fi
    rm -rf "$work"
    step "The window in pictures: $PWD/pictures"
    rm -rf pictures
    build/release/app/weightbench --pictures pictures "$checkpoint" 2>/dev/null | sed 's/^/  /'
}
