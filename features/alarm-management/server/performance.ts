import { DoppelwerkError, message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmRecord, AlarmSpan, LivePlaces } from "@doppelwerk/ports";
import { LIVE, type Instant } from "@doppelwerk/world";
import type { AlarmPerformance } from "../contract.ts";
import type {} from "../message-codes.ts";
import { figuresOf, SPLIT } from "../model/figures.ts";
import { performanceOf, type Performance, type PerformanceSpan } from "../model/performance.ts";
import type { PhilosophyFields } from "../model/philosophy-kind.ts";
import { heldPhilosophy } from "./philosophy.ts";

interface Asked {
  readonly from: Instant;
  readonly to: Instant;
  readonly position?: string | undefined;
}

type Position = AlarmPerformance["positions"][number];

/** What the record of a span says of the alarm system. Errors: DW_NOT_FOUND for a position that is not there. */
export async function alarmPerformance(
  record: AlarmRecord,
  places: LivePlaces | undefined,
  view: PlantView,
  { from, to, position }: Asked,
): Promise<AlarmPerformance> {
  const { fields } = heldPhilosophy(view, LIVE);
  const { chatter, fleetingS, staleH } = fields;
  const span: PerformanceSpan = { from, to, rules: { chatter, fleetingS, staleH } };
  const read = await record.between(view.principal, from, to);
  const ofPosition = await rulesOfPositions(record, places, view, fields);
  const asked = position === undefined ? undefined : ofPosition.get(position);
  if (position !== undefined && asked === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("alarmManagement.noPosition", { id: position }));
  await new Promise((resolve) => setImmediate(resolve));
  const found = performanceOf(...narrowed(read, asked), span);
  return {
    ...shownPerformance(found, from, to),
    ...(read.reading !== undefined && { reading: read.reading }),
    from,
    to,
    positions: await positionsOf(read, fields, ofPosition, span, asked === undefined ? found : undefined),
    rules: span.rules,
  };
}

function narrowed({ alarms, aside }: AlarmSpan, rules: ReadonlySet<string> | undefined): [AlarmSpan["alarms"], AlarmSpan["aside"]] {
  if (rules === undefined) return [alarms, aside];
  return [alarms.filter(({ rule }) => rules.has(rule)), aside.filter(({ rule }) => rules.has(rule))];
}

/** Alarms at the places of each position. */
async function rulesOfPositions(
  record: AlarmRecord,
  places: LivePlaces | undefined,
  view: PlantView,
  { positions }: PhilosophyFields,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (positions.length === 0) return new Map();
  const reader = view.documents.reader(LIVE);
  const shells = new Map<string, string | undefined>();
  const placeOfShell = (aasId: string): string | undefined => {
    if (!shells.has(aasId)) shells.set(aasId, reader.query({ kind: "shell", index: { name: "aasId", value: aasId }, limit: 1 })[0]?.id);
    return shells.get(aasId);
  };
  const rules = await record.rules(view.principal, LIVE);
  const at = rules.map(({ rule, inputs }) => {
    const own = [rule.shell, ...inputs.map((signal) => view.signal(signal)?.shell)];
    return { id: rule.id, at: own.flatMap((shell) => (shell === undefined ? [] : (placeOfShell(shell) ?? []))) };
  });
  return new Map(
    positions.map((position) => {
      const within = new Set(position.places.flatMap((place) => [place, ...(places?.within(place) ?? [])]));
      return [position.key, new Set(at.filter((rule) => rule.at.some((place) => within.has(place))).map(({ id }) => id))];
    }),
  );
}

/** `whole`: of the whole plant, where that was judged already. */
async function positionsOf(
  read: AlarmSpan,
  { positions }: PhilosophyFields,
  ofPosition: ReadonlyMap<string, ReadonlySet<string>>,
  span: PerformanceSpan,
  whole: Performance | undefined,
): Promise<Position[]> {
  const all = [{ key: "", title: textsOf(message("alarmManagement.wholePlant")) }, ...positions];
  const shown: Position[] = [];
  for (const { key, title } of all) {
    // the process answers others in between
    await new Promise((resolve) => setImmediate(resolve));
    const rules = key === "" ? undefined : ofPosition.get(key);
    const { raised, per10Min, peak, floodShare } =
      key === "" && whole !== undefined ? whole : performanceOf(...narrowed(read, rules), span);
    shown.push({ key, title, raised, per10Min, peak: peak.count, floodShare });
  }
  return shown;
}

function shownPerformance(found: Performance, from: Instant, to: Instant): Omit<AlarmPerformance, "from" | "to" | "positions" | "rules"> {
  const judged = found.byPriority[1] + found.byPriority[2] + found.byPriority[3];
  const { floods, top, chattering, fleeting, stale, aside, columns } = found;
  return {
    figures: [...figuresOf(found, from, to)],
    raised: found.raised,
    peak: found.peak,
    columns: [...columns],
    columnWidth: found.columnWidth,
    floods: floods.map((flood) => ({ ...flood, first: [...flood.first] })),
    floodCount: found.floodCount,
    top: [...top],
    chattering: [...chattering],
    fleeting: [...fleeting],
    stale: [...stale],
    staleCount: found.staleCount,
    byPriority: ([1, 2, 3, 4] as const).map((priority) => {
      const count = found.byPriority[priority];
      return { priority, count, ...(priority !== 4 && { aim: SPLIT[priority], ...(judged > 0 && { share: count / judged }) }) };
    }),
    aside: aside.map(({ to: _over, ...each }) => each),
    asideCount: found.asideCount,
    asideHours: found.asideHours,
  };
}
