import type { LineFlow, StateChange } from "@doppelwerk/ports";
import { LIVE, StateFold, type History, type Instant, type RecordId, type StateDurations } from "@doppelwerk/world";
import { stateOfSample, stateSignalId } from "@doppelwerk/operations";
import { heldSamples } from "@doppelwerk/world";
import type { FlowRuns } from "./fold/flow-runs.ts";
import type { LineFold } from "./fold/line-fold.ts";
import type { LineService } from "./line-service.ts";

/** What the fold of the line concludes, as other features need it. */
export function flowPort(fold: LineFold, runs: FlowRuns, line: LineService, history: History): LineFlow {
  return {
    about: async () => ({
      path: line.title(),
      line: line.definition !== undefined,
      snapshot: await line.hasSnapshot(),
      historyFrom: line.definition && (await runs.begin(fold.group.run.signals)),
      timeZone: line.definition?.timeZone,
    }),
    folded: () => fold.folded(),
    trackingSignals: async () => fold.group.run.signals,
    async stateDurations(signal, from, to, points) {
      const isState = line.definition?.stations.some(({ id, places }) => isStateOf(signal, id, places)) === true;
      return isState ? durationsOfStates(history, signal, from, to, points) : undefined;
    },
    async constraintStates(from, to) {
      const constraint = line.definition?.constraint;
      if (constraint === undefined) return undefined;
      return { signal: stateSignalId(constraint), states: await statesOf(constraint, { fold, line, history }, from, to) };
    },
  };
}

async function statesOf(
  station: string,
  { fold, line, history }: { readonly fold: LineFold; readonly line: LineService; readonly history: History },
  from: Instant,
  to: Instant,
): Promise<readonly StateChange[]> {
  const key = { branch: LIVE, signal: stateSignalId(station) };
  const [before] = await history.at([key], from);
  const columns = await history.raw(key, from, to);
  const states: StateChange[] = [];
  const add = (at: Instant, state: string): void => void states.push({ from: Math.max(from, at), state });
  if (before) add(from, stateOfSample(before.value, before.text, before.time).state);
  for (let row = 0; row < columns.times.length; row++)
    add(columns.times[row]!, stateOfSample(columns.values[row]!, columns.texts.get(row), columns.times[row]!).state);
  // While the past is derived for the first time, nobody knows yet what came after what is derived.
  const known = fold.group.knownUntil;
  if (known !== undefined && known < to) add(known, "unknown");
  // Intervals are stored when they close; what is open now comes from the fold.
  for (const open of line.readings?.openIntervals() ?? [])
    if (open.station === station && open.place === undefined && open.to > from && open.from < to) add(open.from, open.state);
  return states;
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
  for (const sample of heldSamples(await history.raw(key, from, to))) fold.take(sample.time, sample.value, 0, stateAt(sample));
  return fold.finish();
}
