import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmFold, KnownLine, LineFlow, LineModels, ShiftFigures, ShiftFiguresValue, ShiftFold } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";
import type { ShiftPage } from "../contract.ts";
import type {} from "../message-codes.ts";
import { chosenShift, likeShifts, medianOf } from "../model/shift-choice.ts";
import { isRevised, type ClosedFigures } from "./closed-figures.ts";
import type { Handover } from "./handover.ts";
import { withCauses } from "./rejection-causes.ts";
import { changesWithin, driftsOf, frequentAlarms, nearOf, rejectedParts } from "./page.ts";

const REACH: Instant = 100 * 86_400_000_000;
const DAY: Instant = 86_400_000_000;

/** What the page is read from; those that may be missing are asked for at each page. */
export interface PageSources {
  readonly flow: LineFlow;
  readonly figures: ShiftFigures;
  readonly handover: Handover;
  readonly closed: Pick<ClosedFigures, "of">;
  now(): Instant;
  nameOf(actor: string): string;
  alarms(): AlarmFold | undefined;
  models(): LineModels | undefined;
  fold(): ShiftFold | undefined;
}

export interface PageQuestion {
  readonly line?: string | undefined;
  readonly shift?: Instant | undefined;
  readonly t?: Instant | undefined;
}

/** Errors: DW_NOT_FOUND. */
export async function lineOf({ flow }: Pick<PageSources, "flow">, branch: BranchId, id: string | undefined): Promise<KnownLine> {
  const { lines } = await flow.lines(branch);
  const found = id === undefined ? lines[0] : lines.find((line) => line.id === id);
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("shiftPage.noLine"));
  return found;
}

/** The shift of a line that began at an instant, as it is known now. Errors: DW_NOT_FOUND. */
export async function shiftOf({ figures }: Pick<PageSources, "figures">, line: KnownLine, shift: Instant): Promise<ShiftFiguresValue> {
  const found = await figures.within(shift, shift + 1, undefined, line.id);
  const own = found?.shifts.find(({ from }) => from === shift);
  if (own === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("shiftPage.noShift"));
  return own;
}

export async function readPage(
  view: PlantView,
  branch: BranchId,
  { line: id, shift, t }: PageQuestion,
  sources: PageSources,
): Promise<ShiftPage> {
  const line = await lineOf(sources, branch, id);
  const [asOf, about] = [shift === undefined ? t : undefined, shift ?? t ?? sources.now()];
  const found = await sources.figures.within(about - REACH, about + 2 * DAY, asOf, line.id);
  const shifts = found?.shifts ?? [];
  const own = chosenShift(shifts, { shift, at: about });
  const empty = { line: line.id, like: [], alarms: [], rejected: [], changes: [], drifts: [], notes: [], items: [], signatures: [] };
  if (own === undefined) return empty;
  const running = (await sources.fold()?.results(asOf, line.id))?.running;
  const instant = shift === undefined ? about : sources.now();
  // what was folded of the shift that runs ends before its planned end
  const isRunning = running !== undefined && running.end > own.to && chosenShift(shifts, { shift: undefined, at: instant }) === own;
  const index = shifts.indexOf(own);
  const [before, after] = [shifts[index - 1], shifts[index + 1]];
  const like = likeShifts(shifts, own).map(nearOf);
  const median = medianOf(like.map(({ good }) => good));
  const closed = isRunning ? undefined : sources.closed.of(line.id, own.from);
  return {
    ...empty,
    ...(closed !== undefined && isRevised(closed, own) && { revised: { at: closed.at, figures: closed.figures } }),
    shift: { ...own, end: isRunning ? running.end : own.to, isRunning },
    ...(before && { before: nearOf(before) }),
    ...(after && { after: nearOf(after) }),
    ...((found?.taktS ?? 0) > 0 && { plan: Math.floor(own.plannedBusyS / found!.taktS!) }),
    like,
    ...(median !== undefined && { median }),
    ...(await aroundShift(view, branch, { line, own }, sources)),
  };
}

async function aroundShift(
  view: PlantView,
  branch: BranchId,
  { line, own }: { readonly line: KnownLine; readonly own: ShiftFiguresValue },
  sources: PageSources,
): Promise<Omit<ShiftPage, "line" | "like">> {
  const stations = new Set(line.stations.map((station) => station.id));
  const key = { shell: line.shell, shift: own.from };
  const [alarms, rejected, changes, drifts] = await Promise.all([
    frequentAlarms(sources.alarms(), view, own, stations),
    rejectedParts(view, own, stations).then((parts) => causesOf(parts, view, own, line.id, sources)),
    changesWithin(view, own, (actor) => sources.nameOf(actor)),
    driftsOf(sources.models(), line.id),
  ]);
  const { handover } = sources;
  return {
    alarms,
    rejected,
    changes,
    ...drifts,
    notes: handover.notes(view, branch, key),
    items: handover.items(view, branch, key),
    signatures: handover.signatures(view, branch, key),
  };
}

async function causesOf(
  parts: ShiftPage["rejected"],
  view: PlantView,
  own: ShiftFiguresValue,
  line: string,
  { flow }: Pick<PageSources, "flow">,
): Promise<ShiftPage["rejected"]> {
  if (parts.length === 0) return parts;
  const found = (await flow.folded()).find(({ definition }) => definition.id === line);
  return found === undefined ? parts : withCauses(parts, view, own, found.definition.stations);
}
