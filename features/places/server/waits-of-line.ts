import { waitChain, type WaitStep as Step } from "@doppelwerk/operations";
import type { KnownLine, LineFlow } from "@doppelwerk/ports";
import { HOUR, type Instant, type RecordId } from "@doppelwerk/world";
import type { LineFigures, WaitStep } from "../contract.ts";

/** How long before the wait its reasons are looked for: of what stands longer it is not said since when. */
const BEFORE = HOUR;
/** Lines that feed each other one after the other. */
const MAX_LINES = 4;

interface Waiting {
  readonly line: RecordId;
  readonly constraint: string | undefined;
  readonly state: string;
  readonly since: Instant;
  /** Beginning of the shift. */
  readonly from: Instant;
  readonly at: Instant;
}

/**
 * Why a constraint waits at an instant, the first reason first: over the stations of its line, and where that leads to a buffer that it shares with another
 * line, over that one's. Undefined where it does not wait.
 */
export async function waitsOf(
  flow: LineFlow | undefined,
  { line, constraint, state, since, from, at }: Waiting,
): Promise<WaitStep[] | undefined> {
  if (flow === undefined || constraint === undefined || (state !== "blocked" && state !== "starved")) return undefined;
  const { lines } = await flow.lines();
  const begin = Math.min(Math.max(from, since - BEFORE), at - 1);
  const steps: WaitStep[] = [];
  const seen = new Set<RecordId>();
  let next: { readonly line: RecordId; readonly station: string } | undefined = { line, station: constraint };
  while (next !== undefined && seen.size < MAX_LINES && !seen.has(next.line)) {
    seen.add(next.line);
    const known = lines.find(({ id }) => id === next!.line);
    const planned = await flow.plannedStates(begin, at, next.line);
    if (planned === undefined) break;
    const chain = waitChain(next.station, planned.stations, planned.flows);
    const last = chain.at(-1)!;
    next = last.cause === "outside" ? acrossBuffer(known, last, lines) : undefined;
    // what stands on the other side says more than that there is one
    steps.push(...chain.map((step) => shown(step, known, step === last && next !== undefined)));
  }
  return steps.length === 0 ? undefined : steps.toReversed();
}

/** The station of a line that has been failed for the longest at an instant, besides its constraint. */
export async function stoppedIn(
  flow: LineFlow | undefined,
  { line, constraint, from, at }: Pick<Waiting, "line" | "constraint" | "from" | "at">,
): Promise<WaitStep | undefined> {
  const planned = await flow?.plannedStates(Math.min(Math.max(from, at - BEFORE), at - 1), at, line);
  if (flow === undefined || planned === undefined) return undefined;
  const until = Math.max(...planned.stations.map(({ spans }) => spans.at(-1)?.to ?? Number.NEGATIVE_INFINITY));
  const failed = planned.stations.filter(({ station, spans }) => {
    const last = spans.at(-1);
    return station !== constraint && last?.to === until && last.state === "failed";
  });
  const [longest] = failed
    .map(({ station }) => waitChain(station, planned.stations, planned.flows)[0]!)
    .toSorted((a, b) => (a.since ?? 0) - (b.since ?? 0));
  return (
    longest &&
    shown(
      longest,
      (await flow.lines()).lines.find(({ id }) => id === line),
      false,
    )
  );
}

/** When a constraint that does not wait last did, by its states in the shift, and what that went back to. */
export async function lastWaitOf(
  flow: LineFlow | undefined,
  { line, constraint, from, states }: Pick<Waiting, "line" | "constraint" | "from"> & { readonly states: LineFigures["states"] },
): Promise<LineFigures["lastWait"]> {
  const isWait = ({ state }: { readonly state: string }): boolean => state === "blocked" || state === "starved";
  if (states.length === 0 || isWait(states.at(-1)!)) return undefined;
  const index = states.findLastIndex(isWait);
  if (index === -1) return undefined;
  const [{ from: since, state }, { from: to }] = [states[index]!, states[index + 1]!];
  // at its end the cause is over: what was the case in the middle of it
  const chain = await waitsOf(flow, { line, constraint, state, since, from, at: since + Math.floor((to - since) / 2) });
  const because = chain?.at(0);
  return { state, from: since, to, ...(because && { because }) };
}

/** The station of another line on the other side of the buffer that a line ends in. */
function acrossBuffer(
  line: KnownLine | undefined,
  { station, state }: Step,
  lines: readonly KnownLine[],
): { readonly line: RecordId; readonly station: string } | undefined {
  const [own, other] = state === "blocked" ? (["outlet", "inlet"] as const) : (["inlet", "outlet"] as const);
  const end = line?.ends?.find((each) => each.side === own && each.station === station);
  if (end === undefined) return undefined;
  for (const { id, ends = [] } of lines) {
    const across = ends.find(({ side, buffer }) => side === other && buffer.shell === end.buffer.shell);
    if (id !== line!.id && across !== undefined) return { line: id, station: across.station };
  }
  return undefined;
}

function shown({ cause, ...step }: Step, line: KnownLine | undefined, goesOn: boolean): WaitStep {
  const title = line?.stations.find(({ id }) => id === step.station)?.title;
  return { ...step, ...(title && { title }), ...(cause !== undefined && !goesOn && { cause }) };
}
