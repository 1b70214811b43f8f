import { z } from "@doppelwerk/kit";
import { refuseUnknown } from "./known-past.ts";
import { allPlaces, placeNamed, placesIn } from "./named-line.ts";
import { micros, moment, tool, withTimes, type Tool } from "./tool.ts";

const MAX_PLACES = 300;

/** What the answer of `GET /places/{id}/summary` has beyond what an assistant reads. */
interface SummedPlace {
  readonly place: { readonly id: string; readonly name: string; readonly kind: string };
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}
interface Summary extends Readonly<Record<string, unknown>> {
  readonly path: readonly { readonly name: string }[];
  readonly rows: readonly SummedPlace[];
  readonly total: SummedPlace;
}

const place = z.string().min(1).max(300).describe("a place: its id or name, or the id of its line");

/** The places of the plant, and what adds up in them. */
export const placeTools: readonly Tool[] = [
  tool({
    name: "places",
    description:
      "The places of the plant (ISA-95): enterprise, site, area, line, storage zone, utility network, work unit; each with the place that it is in, and a line with its id. `within` and `text` narrow it.",
    input: {
      within: place.optional(),
      text: z.string().min(1).max(100).optional(),
      most: z.int().min(1).max(MAX_PLACES).default(100),
    },
    readOnly: true,
    async run({ within, text, most }, { client }) {
      const all = await allPlaces(client);
      const inside = within === undefined ? all : placesIn(all, (await placeNamed(client, within)).id);
      const wanted = text?.toLowerCase();
      const found = inside.filter(
        ({ id, title }) => wanted === undefined || `${title.en} ${title.zh} ${id}`.toLowerCase().includes(wanted),
      );
      return {
        places: found.slice(0, most).map(({ id, name, kind, parent, line }) => ({ id, name, kind, parent: parent ?? undefined, line })),
        total: found.length,
      };
    },
  }),
  tool({
    name: "place_summary",
    description:
      "A place at an instant: each place in it and all together with lines, counts, lost time, alarms, energy, cost, values against their limits and KPIs of areas without a flow; and what needs attention first, with the reason. OEE is that of a line, and is not added. What is absent is not known.",
    input: { place, at: moment.optional().describe("default: now") },
    readOnly: true,
    async run({ place: given, at }, { client }) {
      const { id } = await placeNamed(client, given);
      if (at !== undefined) await refuseUnknown(client, micros(at));
      const query = at === undefined ? {} : { t: micros(at) };
      const summary = await client.requester.json<Summary>("GET", `/places/${encodeURIComponent(id)}/summary`, { query });
      return withTimes({
        ...summary,
        stations: undefined,
        path: summary.path.map(({ name }) => name),
        rows: summary.rows.map(withoutSpans),
        total: withoutSpans(summary.total),
      });
    },
  }),
];

/** The spans of states of a line are a picture, and as long as the rest. */
function withoutSpans({ place: { id, name, kind }, lines, ...sums }: SummedPlace) {
  return {
    place: { id, name, kind },
    ...sums,
    lines: lines.map((line) => ({ ...line, states: undefined, title: undefined, name: (line["title"] as { readonly en?: string })?.en })),
  };
}
