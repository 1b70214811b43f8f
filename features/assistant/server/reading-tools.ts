import type { Client, DeclaredSignal, LineInfo } from "@doppelwerk/client";
import { z } from "@doppelwerk/kit";
import type { AlarmItem } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import { readSoFar, refuseUnknown } from "./known-past.ts";
import { lineInput, meantLine, placesIfAny, type MeantLine } from "./named-line.ts";
import { iso, micros, moment, tool, withTimes, type Tool } from "./tool.ts";

const SERIES_MAX = 200;
const SIGNALS_A_PAGE = 500;
/** Lines and places that the description of a plant names; `places` finds the others. */
const [MAX_LINES, MAX_PLACES] = [100, 50];

/** The plant as it is recorded. */
export const readingTools: readonly Tool[] = [
  tool({
    name: "describe_plant",
    description:
      "What this plant is: its lines and places, one line in full with stations and products, connections, since when there is history, and the server's time. Begin here.",
    input: { line: lineInput },
    readOnly: true,
    async run({ line: given }, { client }) {
      const [world, meant, places] = await Promise.all([client.world(), meantLine(client, given), placesIfAny(client)]);
      const line = await lineIfAny(client, meant);
      // what holds lines or other work centres; stations are found by `places`
      const areas = places.filter(({ kind }) => kind !== "workUnit" && kind !== "equipmentModule");
      return {
        title: world.title.en,
        isDemo: world.demo,
        now: iso(world.now),
        historyFrom: world.historyFrom === undefined ? undefined : iso(world.historyFrom),
        revision: world.revision,
        lines: world.lines.slice(0, MAX_LINES).map(({ id, title, path }) => ({ id, name: title.en, path: path.map(({ en }) => en) })),
        line: line && describedLine(line),
        places: areas.slice(0, MAX_PLACES).map(({ id, name, kind, parent }) => ({ id, name, kind, parent: parent ?? undefined })),
        placesInAll: places.length,
        connections: world.connections.map(({ name, state, signals }) => ({ name, state, signals })),
      };
    },
  }),
  tool({
    name: "state_at",
    description:
      "State of every station of a line with its cause, buffers, work in progress, shift so far and alarms, at an instant of the past or now. Of a place: `place_summary`.",
    input: { at: moment.optional().describe("default: now"), line: lineInput },
    readOnly: true,
    async run({ at, line }, { client }) {
      if (at !== undefined) await refuseUnknown(client, micros(at));
      const { query, shown } = await meantLine(client, line);
      const snapshot = await client.snapshot(at === undefined ? undefined : micros(at), query);
      const { instant, live, watchedSince, stations, wip, shift, alarms } = snapshot;
      return {
        at: iso(instant),
        live,
        ...shown,
        ...readSoFar(snapshot),
        ...(watchedSince !== undefined && { watchedSince: iso(watchedSince) }),
        wip,
        shift: shift && { ...shift, from: iso(shift.from), to: iso(shift.to) },
        stations: stations.map(({ id, state, cause, inferred, since, buffer, good, lastCycleS }) => ({
          id,
          state,
          cause,
          ...(inferred && { isInferred: true }),
          ...(since > 0 && { since: iso(since) }),
          buffer: `${buffer.count} of ${buffer.capacity}`,
          good,
          lastCycleS,
        })),
        alarms: withTimes(alarms),
      };
    },
  }),
  tool({
    name: "kpis",
    description: "KPIs of a line over a period after ISO 22400-2: OEE at the constraint and its parts, counts, losses by station.",
    input: { from: moment, to: moment, line: lineInput },
    readOnly: true,
    async run({ from, to, line }, { client }) {
      const { query, shown } = await meantLine(client, line);
      const [kpis, now] = await Promise.all([client.kpis(micros(from), micros(to), query), client.snapshot(undefined, query)]);
      return { ...shown, ...readSoFar(now), ...(withTimes(kpis) as object) };
    },
  }),
  tool({
    name: "shifts",
    description: "KPIs of the past shifts of a line, newest last.",
    input: { last: z.int().min(1).max(100).default(10), line: lineInput },
    readOnly: true,
    async run({ last, line }, { client }) {
      const { query, shown } = await meantLine(client, line);
      const [shifts, now] = await Promise.all([client.shifts(query), client.snapshot(undefined, query)]);
      return { ...shown, ...readSoFar(now), shifts: withTimes(shifts.slice(-last)) };
    },
  }),
  tool({
    name: "alarm_history",
    description:
      "The steps of the alarms of a period (ISA-18.2 states), of one line, of one station or all: the newest `most`, newest first; with `more`, end the period earlier for older ones.",
    input: {
      from: moment,
      to: moment,
      station: z.string().optional(),
      line: lineInput.describe("a line by its id or name, or a place with one line in it; default: all alarms of the plant"),
      most: z.int().min(1).max(300).default(100),
    },
    readOnly: true,
    async run({ from, to, station, line, most }, { client }) {
      const { query, shown } = line === undefined ? { query: {}, shown: {} } : await meantLine(client, line);
      const { alarms, next } = await client.requester.json<{ readonly alarms: readonly AlarmItem[]; readonly next?: string }>(
        "GET",
        "/alarm-transitions",
        { query: { from: micros(from), to: micros(to), station, ...query, limit: most } },
      );
      return { ...shown, steps: withTimes(alarms), more: next !== undefined };
    },
  }),
  tool({
    name: "find_signals",
    description: "Signals whose name, id or role in a line holds a text, with id and unit.",
    input: { text: z.string().min(1).max(100), most: z.int().min(1).max(200).default(50) },
    readOnly: true,
    async run({ text, most }, { client }) {
      const { connections, lines } = await client.world();
      const roles = new Map<string, string>();
      for (const { id: line } of lines.slice(0, MAX_LINES))
        for (const { id, signals } of (await client.line(LIVE, { line })).stations)
          for (const [role, signal] of Object.entries(signals)) if (!roles.has(signal)) roles.set(signal, `${id} ${role}`);
      const wanted = text.toLowerCase();
      const found: { readonly signal: string; readonly role?: string; readonly name: string; readonly unit?: string }[] = [];
      for (const connection of connections)
        for await (const { id, name, unit } of signalsOf(client, connection.id)) {
          const role = roles.get(id);
          if (!`${role ?? ""} ${name} ${id}`.toLowerCase().includes(wanted)) continue;
          found.push({ signal: id, ...(role !== undefined && { role }), name, ...(unit !== undefined && { unit }) });
          if (found.length === most) return found;
        }
      return found;
    },
  }),
  tool({
    name: "trend",
    description: "A signal over a period in buckets: minimum, maximum, mean; null where nothing is known. Quality 0 is good.",
    input: { signal: z.string(), from: moment, to: moment, points: z.int().min(10).max(SERIES_MAX).default(50) },
    readOnly: true,
    async run({ signal, from, to, points }, { client }) {
      const { width, from: start, ...rest } = await client.trend(signal, micros(from), micros(to), points);
      return { ...rest, from: iso(start), bucketS: width / 1e6 };
    },
  }),
];

/** Undefined: the plant has connections and shells and no line yet. */
async function lineIfAny(client: Client, { query, shown }: MeantLine): Promise<LineInfo | undefined> {
  return shown.line === undefined ? undefined : client.line(LIVE, query);
}

function describedLine({ id, name, taktS, constraint, stations, products }: LineInfo) {
  return {
    id,
    name: name.en,
    taktS,
    constraint,
    stations: stations.map(({ id: station, name: title, places, bufferCapacity, idealCycleS, constraint: isConstraint }) => ({
      id: station,
      name: title.en,
      places,
      bufferCapacity,
      idealCycleS,
      ...(isConstraint && { isConstraint: true }),
    })),
    products,
  };
}

async function* signalsOf(client: Client, connection: string): AsyncGenerator<DeclaredSignal> {
  for (let offset = 0; ; offset += SIGNALS_A_PAGE) {
    const { total, signals } = await client.connectionSignals(connection, { limit: SIGNALS_A_PAGE, offset });
    yield* signals;
    if (offset + signals.length >= total || signals.length === 0) return;
  }
}
