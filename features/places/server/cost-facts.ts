import { zoneOffsetOf } from "@doppelwerk/operations";
import { MINUTE, type BranchId, type Instant } from "@doppelwerk/world";
import type { CostFacts, MeteredSpan } from "../model/cost.ts";
import type { PlaceFacts } from "../model/place-facts.ts";
import type { Place } from "../model/place.ts";
import { changesWithin, readPrices, type ReadPrices } from "../model/prices.ts";
import type { FiguresOfLine } from "./line-figures.ts";
import type { MeterCounts } from "./meter-counts.ts";
import { placedSignals, type AskedFacts } from "./plant-facts.ts";

/** Changes of prices that one span is cut at. */
const MAX_CHANGES = 10;

export interface CostRequest {
  readonly asked: AskedFacts;
  readonly branch: BranchId;
  /** Every place that the principal may read: prices hold for what stands below. */
  readonly places: readonly Place[];
  readonly lines: readonly FiguresOfLine[];
  readonly from: Instant;
  /** What was counted from then up to the instant asked for. */
  readonly meters: PlaceFacts["meters"];
}

/** What cost is made from, by the documents of the branch that the principal may read. Undefined where no price holds for any of the places. */
export async function costFacts(request: CostRequest, counts: MeterCounts): Promise<CostFacts | undefined> {
  const { asked, branch, places, lines, from, meters } = request;
  const { of } = pricesOf(asked, branch, places, lines);
  const held = asked.within.flatMap(({ id }) => of.get(id) ?? []);
  if (held.length === 0) return undefined;
  const spans: MeteredSpan[] = [];
  let [begin, before] = [from, new Map<string, number>()];
  const changes = changesWithin(held, from, asked.at).slice(-MAX_CHANGES);
  const signals = changes.length === 0 ? [] : await placedSignals(asked);
  for (const change of [...changes, asked.at]) {
    const counted = change === asked.at ? meters : await counts.of(signals, { ...asked, at: change, past: true }, from);
    const until = byShell(counted);
    spans.push({
      from: begin,
      to: change,
      meters: [...until].map(([shell, kWh]) => ({ shell, kWh: Math.max(0, kWh - (before.get(shell) ?? 0)) })),
    });
    [begin, before] = [change, until];
  }
  const scrap = new Map(lines.flatMap(({ shell, figures }) => (shell === undefined ? [] : [[shell, figures.scrap] as const])));
  const incomplete = new Set(
    meters.flatMap(({ shell, kWh, since, until }) => (kWh === undefined || since !== undefined || until !== undefined ? [shell] : [])),
  );
  return { prices: of, spans, scrap, incomplete };
}

export function pricesOf(
  { view }: Pick<AskedFacts, "view">,
  branch: BranchId,
  places: readonly Place[],
  lines: readonly Pick<FiguresOfLine, "timeZone">[],
): ReadPrices {
  const offset = zoneOffsetOf(lines[0]?.timeZone ?? "UTC");
  return readPrices(view.documents.reader(branch), places, (day) => {
    const utc = Date.parse(`${day}T00:00:00Z`) * 1_000;
    return utc - offset(utc) * MINUTE;
  });
}

function byShell(meters: PlaceFacts["meters"]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { shell, kWh } of meters) if (kWh !== undefined) sums.set(shell, (sums.get(shell) ?? 0) + kWh);
  return sums;
}
