import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type Instant } from "@doppelwerk/world";
import type { SerialSpans } from "../contract.ts";

/** Where a part comes to a station, and where it goes from it. */
const COMES = ["part.entered", "part.placed"];
const GOES = ["part.left", "part.completed", "part.scrapped", "part.joined"];
const MOST = 1_000;

/** As it was known at an instant; a serial that is at a station still is there until now. Of stations that the caller may read. */
export async function serialSpansOf(view: PlantView, serial: string, at: Instant): Promise<SerialSpans> {
  const { events } = await view.events.query({
    branch: LIVE,
    types: [...COMES, ...GOES],
    key: { name: "serial", value: serial },
    knownAt: at,
    order: "ascending",
    limit: MOST,
  });
  const spans: { station: string; from: Instant; to: Instant }[] = [];
  const open = new Map<string, Instant>();
  for (const event of events) {
    const station = String(event.payload["station"] ?? "");
    const since = open.get(station);
    if (COMES.includes(event.type)) {
      if (since === undefined) open.set(station, event.at);
    } else if (since !== undefined) {
      spans.push({ station, from: since, to: event.at });
      open.delete(station);
    }
  }
  for (const [station, from] of open) if (from < at) spans.push({ station, from, to: at });
  return { serial, spans: spans.filter(({ from, to }) => from < to).toSorted((a, b) => a.from - b.from) };
}
