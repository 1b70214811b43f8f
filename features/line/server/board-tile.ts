import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { lineOfTile, spanOfTile, type KnownLine, type LineFlow, type RunResults, type TileKind, type TileTable } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant, type Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

export interface LineTileSources {
  readonly flow: LineFlow;
  now(): Instant;
  view(principal: Principal): PlantView;
  runs(): RunResults | undefined;
}

const titleOf = (key: string) => textsOf(message(`line.tile.${key}` as "line.tile.states"));
const MAX_ROWS = 5_000;

/** What the stations of a line did, station by station; on a branch what the newest run of it has them do. */
export function statesTile(sources: LineTileSources): TileKind {
  return {
    id: "line.states",
    title: titleOf("states"),
    about: titleOf("statesAbout"),
    shape: "states",
    fields: [
      { key: "line", title: titleOf("line"), kind: "line" },
      { key: "hours", title: titleOf("hours"), kind: "hours" },
    ],
    least: { width: 280, height: 160 },
    async read({ principal, branch, at, settings }) {
      const view = sources.view(principal);
      const to = at ?? sources.now();
      const from = to - spanOfTile(settings, 4);
      const { lines } = await sources.flow.lines(branch);
      const line = lineOfTile(lines, settings, (shell) => isReadable(view, branch, shell));
      if (line === undefined) return { columns: columns(), rows: [], at: to, isSimulated: false, note: titleOf("noLine") };
      if (branch !== LIVE) return simulatedStates(branch, line, to, sources);
      const found = await sources.flow.plannedStates(from, to, line.id);
      const titles = titlesOf(line);
      const rows = (found?.stations ?? []).flatMap(({ station, spans }) =>
        spans.map((span) => ({ name: titles.get(station) ?? station, from: span.from, to: Math.min(to, span.to), state: span.state })),
      );
      const note = rows.length === 0 ? titleOf("noStates") : rows.length > MAX_ROWS ? titleOf("newest") : undefined;
      return { columns: columns(), rows: rows.slice(-MAX_ROWS), at: to, from, isSimulated: false, ...(note && { note }) };
    },
  };
}

async function simulatedStates(branch: BranchId, line: KnownLine, to: Instant, sources: LineTileSources): Promise<TileTable> {
  const course = await sources.runs()?.course(branch, { line: line.id }, { aborted: false });
  if (course === undefined) return { columns: columns(), rows: [], at: to, isSimulated: false, note: titleOf("noRun") };
  const titles = titlesOf(line);
  const last = new Map<string, { name: string | { en: string; zh: string }; from: number; to: number; state: string }>();
  const rows: (typeof last extends Map<string, infer Row> ? Row : never)[] = [];
  for (const { station, at, states } of course.states) {
    const before = last.get(station);
    const state = String(states[0] ?? "unknown");
    if (before?.state === state) continue;
    if (before !== undefined) before.to = at;
    const row = { name: titles.get(station) ?? station, from: at, to: course.to, state };
    last.set(station, row);
    rows.push(row);
  }
  const order = new Map(line.stations.map(({ id }, index) => [titles.get(id), index]));
  const sorted = rows.toSorted((a, b) => (order.get(a.name as never) ?? 0) - (order.get(b.name as never) ?? 0) || a.from - b.from);
  return { columns: columns(), rows: sorted.slice(0, MAX_ROWS), at: course.to, from: course.from, isSimulated: true };
}

function titlesOf(line: KnownLine) {
  const named = (id: string, title: string): string => (title.startsWith(id) ? title : `${id} ${title}`);
  return new Map(line.stations.map(({ id, title }) => [id, { en: named(id, title.en), zh: named(id, title.zh) }]));
}

function columns(): TileTable["columns"] {
  return [
    { key: "name", title: titleOf("station"), kind: "text" },
    { key: "from", title: titleOf("from"), kind: "instant" },
    { key: "to", title: titleOf("to"), kind: "instant" },
    { key: "state", title: titleOf("state"), kind: "text" },
  ];
}

function isReadable(view: PlantView, branch: BranchId, shell: string): boolean {
  return view.documents.reader(branch).query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 }).length > 0;
}
