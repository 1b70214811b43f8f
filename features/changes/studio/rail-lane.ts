import type { Rail } from "@doppelwerk/client";
import { railCell } from "@doppelwerk/kit/studio";
import type { RailLane, RailMark } from "@doppelwerk/kit/studio";

interface ChangeMark extends RailMark {
  readonly kind: "merge" | "edit" | "note";
  readonly revision: number;
  readonly title: string;
}

const weight = { merge: 3, note: 2, edit: 1 } as const;
const shapes = { merge: "wideRing", note: "ring", edit: "dot" } as const;

/** In each cell a merge speaks before a note, a note before an edit; forks are drawn by their lanes. */
export function changeMarks(changes: Rail["changes"], scale: number, spacing = 11): readonly ChangeMark[] {
  const cell = railCell(scale, spacing);
  const marks = new Map<number, ChangeMark>();
  for (const { at, kind, revision, title } of changes) {
    if (kind === "fork") continue;
    const key = Math.floor(at / cell);
    const held = marks.get(key);
    const mark = { at, kind, revision, title, shape: shapes[kind], count: 1 };
    if (held === undefined) marks.set(key, mark);
    else marks.set(key, { ...(weight[kind] > weight[held.kind] ? mark : held), count: held.count + 1 });
  }
  return [...marks.values()].toSorted((a, b) => a.at - b.at);
}

const lane: RailLane<ChangeMark> = {
  marks: (rail, scale) => changeMarks(rail.changes, scale),
  words: ({ count, kind, title }, t) => ({
    name: count > 1 ? t("changes.rail.changes", { count }) : t(`changes.rail.kind.${kind}`),
    text: title,
  }),
  link: ({ revision }) => ({ view: "changes", detail: `r${revision}` }),
};
export default lane;
