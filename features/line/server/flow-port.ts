import type { KnownLines, LineFlow, StateChange } from "@doppelwerk/ports";
import { LIVE, StateFold, type BranchId, type History, type Instant, type RecordId, type StateDurations } from "@doppelwerk/world";
import { inputsOfFlow, stateOfSample, stateSignalId, type createShiftCalendar, type StationSpans } from "@doppelwerk/operations";
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
      const states = await statesOf(constraint, { folds, line, history }, from, to);
      return { signal: stateSignalId(constraint), states: states.map(({ from, state }): StateChange => ({ from, state })) };
    },
    async standing(id) {
      const states = lines.of(id).readings?.states() ?? [];
      return states
        .filter(({ place, state }) => place === undefined && (state === "failed" || state === "maintenance"))
        .map(({ station, since, held }) => ({ station, since: held?.since ?? since }));
    },
    async plannedStates(from, to, id) {
      const line = lines.of(id);
      const { definition, readings } = line;
      if (definition === undefined || readings === undefined) return undefined;
      const spansOf = async (station: string): Promise<StationSpans> => {
        const states = await statesOf(station, { folds, line, history }, from, to);
        const spans = states.map((state, at) => ({ ...state, to: Math.min(to, states[at + 1]?.from ?? to) }));
        return { station, spans: spans.flatMap((span) => plannedParts(span, readings.calendar)) };
      };
      return { stations: await Promise.all(definition.stations.map(({ id: station }) => spansOf(station))), flows: definition.flows };
    },
  };
}

/** What of a span is planned time. One that is concluded crosses no boundary of the calendar, but what is unknown or goes on may. */
function plannedParts<Span extends { readonly from: Instant; readonly to: Instant }>(
  span: Span,
  calendar: Pick<ReturnType<typeof createShiftCalendar>, "segmentAt">,
): readonly Span[] {
  const parts: Span[] = [];
  for (let at = span.from; at < span.to;) {
    const segment = calendar.segmentAt(at);
    const to = Math.min(segment.to, span.to);
    if (segment.kind === "planned") parts.push({ ...span, from: at, to });
    at = to;
  }
  return parts;
}

interface Begun extends StateChange {
  readonly cause: string;
}

async function statesOf(
  station: string,
  { folds, line, history }: { readonly folds: LineFolds; readonly line: LineService; readonly history: History },
  from: Instant,
  to: Instant,
): Promise<readonly Begun[]> {
  const key = { branch: LIVE, signal: stateSignalId(station) };
  // what closes while the history is read is in one of the two, or in both
  const openNow = line.readings?.openIntervals() ?? [];
  const [before] = await history.at([key], from);
  const kept = heldSamples(await history.raw(key, from, to));
  const states: Begun[] = [];
  const add = (at: Instant, { state, cause }: Omit<Begun, "from">): void => void states.push({ from: Math.max(from, at), state, cause });
  if (before) add(from, stateOfSample(before.value, before.text, before.time));
  for (const { time, value, text } of kept) add(time, stateOfSample(value, text, time));
  // While the past is derived for the first time, nobody knows yet what came after what is derived.
  const known = folds.group.knownUntil;
  if (known !== undefined && known < to) add(known, { state: "unknown", cause: "unknown" });
  // Intervals are stored when they close; what is open now comes from the fold.
  for (const open of openNow)
    if (open.station === station && open.place === undefined && open.to > from && open.from < to) add(open.from, open);
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
