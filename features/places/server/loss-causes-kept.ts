import { lossCauses, type LossOccurrences } from "@doppelwerk/operations";
import type { LineFlow } from "@doppelwerk/ports";
import { SECOND, type Instant, type RecordId } from "@doppelwerk/world";

/** Causes are made from the states of all stations in the shift; times in states are exact without them, so that they may be as old as this. */
const KEPT = 20 * SECOND;

interface Asked {
  readonly line: RecordId;
  readonly constraint: string;
  /** Beginning of the shift. */
  readonly from: Instant;
  readonly at: Instant;
  readonly past: boolean;
}

interface Kept extends Asked {
  readonly flow: LineFlow;
  readonly causes: Promise<readonly LossOccurrences[]>;
}

/** For whom the constraint of each line waited in its shift. */
export class LossCausesKept {
  readonly #kept = new Map<RecordId, Kept>();

  of(flow: LineFlow | undefined, asked: Asked): Promise<readonly LossOccurrences[]> {
    if (flow === undefined) return Promise.resolve([]);
    const { line, constraint, from, at, past } = asked;
    const kept = this.#kept.get(line);
    if (!past && kept?.flow === flow && kept.constraint === constraint && kept.from === from && at - kept.at < KEPT) return kept.causes;
    const causes = causesOf(flow, asked);
    if (past) return causes;
    const own = { ...asked, flow, causes };
    this.#kept.set(line, own);
    // what failed is asked for again
    causes.catch(() => {
      if (this.#kept.get(line) === own) this.#kept.delete(line);
    });
    return causes;
  }
}

async function causesOf(flow: LineFlow, { line, constraint, from, at }: Asked): Promise<readonly LossOccurrences[]> {
  const planned = at > from ? await flow.plannedStates(from, at, line) : undefined;
  return planned === undefined ? [] : lossCauses(constraint, planned.stations, planned.flows);
}
