import type { Rail } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";

export interface AlarmMark {
  readonly at: Instant;
  readonly priority: 1 | 2 | 3 | 4;
  readonly count: number;
  readonly station: string;
}

export interface ChangeMark {
  readonly at: Instant;
  readonly kind: "merge" | "edit" | "fork" | "note";
  readonly count: number;
  readonly revision: number;
  readonly title: string;
}

/**
 * At most one mark each `spacing` pixels, the gravest speaking for the rest with their count. The cells are powers of two of time,
 * not of pixels, so marks neither flicker nor jump while the record flows.
 */
export function alarmMarks(alarms: Rail["alarms"], scale: number, spacing = 7): readonly AlarmMark[] {
  const cell = cellOf(scale, spacing);
  const marks = new Map<number, AlarmMark>();
  for (const alarm of alarms) {
    const key = Math.floor(alarm.at / cell);
    const held = marks.get(key);
    if (held === undefined) marks.set(key, { at: alarm.at, priority: alarm.priority, count: alarm.count, station: alarm.station });
    else {
      const gravest = alarm.priority < held.priority ? alarm : held;
      marks.set(key, { at: gravest.at, priority: gravest.priority, station: gravest.station, count: held.count + alarm.count });
    }
  }
  return [...marks.values()].toSorted((a, b) => a.at - b.at);
}

const weight = { merge: 3, note: 2, edit: 1, fork: 0 } as const;

/** The same for changes: a merge speaks before a note, a note before an edit; forks are drawn by their lanes. */
export function changeMarks(changes: Rail["changes"], scale: number, spacing = 11): readonly ChangeMark[] {
  const cell = cellOf(scale, spacing);
  const marks = new Map<number, ChangeMark>();
  for (const change of changes) {
    if (change.kind === "fork") continue;
    const key = Math.floor(change.at / cell);
    const held = marks.get(key);
    const next = { at: change.at, kind: change.kind, revision: change.revision, title: change.title };
    if (held === undefined) marks.set(key, { ...next, count: 1 });
    else marks.set(key, { ...(weight[change.kind] > weight[held.kind] ? next : held), count: held.count + 1 });
  }
  return [...marks.values()].toSorted((a, b) => a.at - b.at);
}

function cellOf(scale: number, spacing: number): Instant {
  return 2 ** Math.ceil(Math.log2(Math.max(1, scale * spacing)));
}
