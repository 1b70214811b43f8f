import { DoppelwerkError, HOUR, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AskedReason, LineFlow, OfferedReason, StopReasons } from "@doppelwerk/ports";
import { LIVE, type Instant, type Principal } from "@doppelwerk/world";
import type { Stop } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Codings } from "./codings.ts";
import { listStops } from "./list-stops.ts";
import { heldReasons } from "./reasons.ts";

const SPAN: Instant = 8 * HOUR;
const FREQUENT_OF: Instant = 30 * 24 * HOUR;
/** People are not asked about micro-stops. */
const ASKED_FROM_S = 60;
/** Of a wait the reason is that of the station that it waits for. */
const WAITS: ReadonlySet<string> = new Set(["blocked", "starved", "idle", "unknown", "working"]);

interface Parts {
  readonly flow: LineFlow;
  readonly codings: Codings;
  now(): Instant;
  view(principal: Principal): PlantView;
}

/** Reasons for whoever stands at the station. */
export function stopReasonsOf(parts: Parts): StopReasons {
  const placeOf = async (station: string) => {
    const { lines } = await parts.flow.lines();
    for (const line of lines) {
      const found = line.stations.find(({ id }) => id === station);
      if (found !== undefined) return { line: line.id, shell: found.shell };
    }
    throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noStation", { station: station.slice(0, 200) }));
  };
  const stopsOf = async (view: PlantView, station: string, from: Instant, to: Instant): Promise<readonly Stop[]> => {
    const { line } = await placeOf(station);
    const now = parts.now();
    return (await listStops({ flow: parts.flow, codings: parts.codings, now }, view, LIVE, { from, to, line, station })).stops;
  };
  return {
    async at(principal, station) {
      const view = parts.view(principal);
      const now = parts.now();
      const last = (await stopsOf(view, station, now - SPAN, now)).at(-1);
      return { ...(last && { stop: askedReason(last) }), reasons: offeredAt(parts, view, station) };
    },
    async give(principal, { station, from, reason }) {
      const view = parts.view(principal);
      const found = (await stopsOf(view, station, from, from + 1)).find((stop) => stop.from === from);
      if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noStop"));
      if (found.reason === reason) return;
      const { shell } = await placeOf(station);
      await parts.codings.store(view, LIVE, {
        station,
        shell,
        from,
        to: found.to,
        parts: [{ from, reason }],
        // what had no reason yet is not overwritten, and what had another one is refused
        seen: found.coding !== undefined && found.reason === undefined ? [{ id: found.coding.id, at: found.coding.at }] : [],
      });
    },
  };
}

function askedReason({ from, to, seconds, state, lasts = false, reason }: Stop): AskedReason {
  return {
    from,
    to,
    seconds,
    state,
    lasts,
    ...(reason !== undefined && { reason }),
    isAsked: reason === undefined && seconds >= ASKED_FROM_S && !WAITS.has(state),
  };
}

/** Those of this station by how often they were given there in 30 days, then in the order of the tree. */
function offeredAt({ codings, now }: Parts, view: PlantView, station: string): readonly OfferedReason[] {
  const held = heldReasons(view, LIVE);
  const byCode = new Map(held.map((reason) => [reason.code, reason]));
  const times = new Map<string, number>();
  for (const { parts } of codings.within(view, LIVE, now() - FREQUENT_OF, now(), station))
    for (const { reason } of parts) if (reason !== undefined) times.set(reason, (times.get(reason) ?? 0) + 1);
  return held
    .flatMap(({ code, group, fields: { title, isRetired, stations } }) => {
      const above = group === undefined ? undefined : byCode.get(group);
      const isOffered = !isRetired && above?.fields.isRetired === false && (stations.length === 0 || stations.includes(station));
      return isOffered ? [{ code, title, group: above.fields.title }] : [];
    })
    .toSorted((a, b) => (times.get(b.code) ?? 0) - (times.get(a.code) ?? 0));
}
