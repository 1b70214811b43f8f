import type { Rail } from "@doppelwerk/client";
import { railCell } from "@doppelwerk/kit/studio";
import type { RailLane, RailMark } from "@doppelwerk/kit/studio";

interface AlarmMark extends RailMark {
  readonly shape: 1 | 2 | 3 | 4;
  readonly station: string;
}

/** Alarms of the record: in each cell the most urgent one, with the count of all. */
export function alarmMarks(alarms: Rail["alarms"], scale: number, spacing = 7): readonly AlarmMark[] {
  const cell = railCell(scale, spacing);
  const marks = new Map<number, AlarmMark>();
  for (const { at, priority, count, station } of alarms) {
    const key = Math.floor(at / cell);
    const held = marks.get(key);
    const mark = { at, shape: priority, count, station };
    if (held === undefined) marks.set(key, mark);
    else marks.set(key, { ...(priority < held.shape ? mark : held), count: held.count + count });
  }
  return [...marks.values()].toSorted((a, b) => a.at - b.at);
}

const lane: RailLane<AlarmMark> = {
  marks: (rail, scale) => alarmMarks(rail.alarms, scale),
  words: ({ count, station, shape }, t) => ({
    name: t("alarms.rail.alarms", { count }),
    text: `${station} · ${t("alarms.rail.priority", { priority: shape })}`,
  }),
};
export default lane;
