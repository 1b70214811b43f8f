import type { LineFlow } from "@doppelwerk/ports";
import { LIVE, StateFold, type History, type Instant, type RecordId, type StateDurations } from "@doppelwerk/world";
import { stateOfSample, stateSignalId } from "@doppelwerk/operations";
import { standing } from "@doppelwerk/world";
import type { LineFold } from "./line-fold.ts";
import type { LineService } from "./line-service.ts";

/** Today's one fold as other features need it. */
export function flowPort(fold: LineFold, line: LineService, history: History): LineFlow {
  return {
    trackingSignals: async () => fold.trackingSignals(),
    async stateDurations(signal, from, to, points) {
      const isState = line.definition?.stations.some(({ id, places }) => isStateOf(signal, id, places)) === true;
      return isState ? durationsOfStates(history, signal, from, to, points) : undefined;
    },
  };
}

function isStateOf(signal: RecordId, station: string, places: number): boolean {
  return signal === stateSignalId(station) || Array.from({ length: places }, (_, place) => stateSignalId(station, place)).includes(signal);
}

/** What the line concluded of a station is kept as a number with its cause as text, and may have been revised: the states themselves are told. */
async function durationsOfStates(history: History, signal: RecordId, from: Instant, to: Instant, points: number): Promise<StateDurations> {
  const key = { branch: LIVE, signal };
  const fold = new StateFold(from, to, points);
  const [before] = await history.at([key], from - 1);
  const stateAt = ({ value, text, time }: { readonly value: number; readonly text?: string; readonly time: number }): string =>
    stateOfSample(value, text, time).state;
  fold.begin(before === undefined ? undefined : { value: before.value, text: stateAt(before), quality: before.quality });
  for (const sample of standing(await history.raw(key, from, to))) fold.take(sample.time, sample.value, 0, stateAt(sample));
  return fold.finish();
}
