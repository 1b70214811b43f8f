import type { KnownLines, LineFlow, StateChange } from "@doppelwerk/ports";
import { LIVE, StateFold, type BranchId, type History, type Instant, type RecordId, type StateDurations } from "@doppelwerk/world";
import { inputsOfFlow, stateOfSample, stateSignalId } from "@doppelwerk/operations";
import { heldSamples } from "@doppelwerk/world";
import type { FlowRuns } from "./fold/flow-runs.ts";
import type { LineFolds } from "./fold/line-folds.ts";
import type { LineService } from "./line-service.ts";
import type { Lines } from "./lines.ts";

export interface FlowPortOptions {
  readonly folds: LineFolds;
  readonly runs: FlowRuns;
  readonly lines: Lines;
  readonly history: History;
  known(branch: BranchId): KnownLines;
}

/** What the folds of the lines conclude, as other features need it. */
export function flowPort({ folds, runs, lines, history, known }: FlowPortOptions): LineFlow {
  const signalsOf = (line: RecordId | undefined): readonly RecordId[] => {
    const definition = lines.of(line).definition;
    return definition === undefined ? [] : inputsOfFlow({ line: definition }).flatMap((input) => ("signal" in input ? [input.signal] : []));
  };
  return {
    lines: async (branch = LIVE) => known(branch),
    async about(id) {
      const line = lines.of(id);
      return {
        path: line.title(),
        line: line.definition !== undefined,
        snapshot: await line.hasSnapshot(),
        historyFrom: line.definition && (await runs.begin(id === undefined ? folds.group.run.signals : signalsOf(id))),
        timeZone: line.definition?.timeZone,
      };
    },
    folded: () => folds.folded(),
    trackingSignals: async (id) => (id === undefined ? folds.group.run.signals : signalsOf(id)),
    async stateDurations(signal, from, to, points) {
      const isState = lines.all().some(({ definition }) => definition?.stations.some(({ id, places }) => isStateOf(signal, id, places)));
      return isState ? durationsOfStates(history, signal, from, to, points) : undefined;
    },
    async constraintStates(from, to, id) {
      const line = lines.of(id);
      const constraint = line.definition?.constraint;
      if (constraint === undefined) return undefined;
      return { signal: stateSignalId(constraint), states: await statesOf(constraint, { folds, line, history }, from, to) };
    },
  };
}

async function statesOf(
  station: string,
  { folds, line, history }: { readonly folds: LineFolds; readonly line: LineService; readonly history: History },
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
  const known = folds.group.knownUntil;
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
