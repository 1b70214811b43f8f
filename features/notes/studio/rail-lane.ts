import type { Rail } from "@doppelwerk/client";
import { railCell } from "@doppelwerk/kit/studio";
import type { RailLane, RailMark } from "@doppelwerk/kit/studio";

interface NoteMark extends RailMark {
  readonly text: string;
  readonly author: string;
}

/** Notes of the record: in each cell the first one, with the count of all. */
export function noteMarks(notes: NonNullable<Rail["notes"]>, scale: number, spacing = 11): readonly NoteMark[] {
  const cell = railCell(scale, spacing);
  const marks = new Map<number, NoteMark>();
  for (const { at, text, author } of notes) {
    const key = Math.floor(at / cell);
    const held = marks.get(key);
    marks.set(key, held === undefined ? { at, text, author, shape: "square", count: 1 } : { ...held, count: held.count + 1 });
  }
  return [...marks.values()].toSorted((a, b) => a.at - b.at);
}

const lane: RailLane<NoteMark> = {
  marks: (rail, scale) => noteMarks(rail.notes ?? [], scale),
  words: ({ count, text, author }, t) => ({
    name: count > 1 ? t("notes.rail.many", { count }) : t("notes.rail.one", { author }),
    text: text.length > 120 ? `${text.slice(0, 120)}…` : text,
  }),
};
export default lane;
