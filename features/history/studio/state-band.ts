import type { StateDurations } from "@doppelwerk/client";
import { SECOND } from "@doppelwerk/world";

/** A stretch of a band, in shares of its width from 0 to 1; `parts` share its height and add up to 1. */
export interface BandPiece {
  readonly from: number;
  readonly to: number;
  /** Index of a state among those of the durations; -1: nothing is known. */
  readonly parts: readonly { readonly state: number; readonly share: number }[];
}

/** A bucket in which one state held so much of the time shows that state alone. */
const WHOLE = 0.999;

/** The states of a signal over the period: neighbouring buckets of one state are one piece; where it changed within a bucket, its states share the height. */
export function bandOf({ states, unknownS, width }: Pick<StateDurations, "states" | "unknownS" | "width">): readonly BandPiece[] {
  const count = unknownS.length;
  const seconds = width / SECOND;
  const pieces: BandPiece[] = [];
  for (let bucket = 0; bucket < count; bucket += 1) {
    const held = [
      ...states.map((each, state) => ({ state, share: (each.seconds[bucket] ?? 0) / seconds })),
      { state: -1, share: unknownS[bucket]! / seconds },
    ];
    const parts = held.filter(({ share }) => share > 0);
    const whole = parts.find(({ share }) => share >= WHOLE);
    const last = pieces.at(-1);
    const to = (bucket + 1) / count;
    if (whole !== undefined && last?.parts.length === 1 && last.parts[0]!.state === whole.state)
      pieces[pieces.length - 1] = { ...last, to };
    else if (parts.length > 0)
      pieces.push({ from: bucket / count, to, parts: whole === undefined ? parts : [{ state: whole.state, share: 1 }] });
  }
  return pieces;
}
