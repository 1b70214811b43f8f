import { documentChange, DoppelwerkError, message, readDocument, type RecordReader } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId } from "@doppelwerk/world";
import type { OwnData, Roster, ShownHint, ShownShift } from "../contract.ts";
import type {} from "../message-codes.ts";
import { dayAfter, Qualified } from "../model/qualified.ts";
import { findingsOf, type RosterFinding, type RosterRules } from "../model/roster-checks.ts";
import { rosterDocumentId, rosterKind, type RosterFields, type ShiftPlan } from "../model/roster-kind.ts";
import { mondayOf, workingTimeHints, type WorkingTimeHint } from "../model/working-time.ts";
import { qualificationsOf, requirementsOf, rostersOf } from "./documents.ts";
import { isKeeper, shownWorker } from "./keeper.ts";
import type { Staff } from "./staff.ts";

export interface RosterQuestion {
  readonly staff: Staff;
  readonly view: PlantView;
  readonly reader: RecordReader;
  readonly date: string;
  readonly days: number;
  /** Stations of the branch; undefined: no line is known, and any name is one. */
  readonly stations: ReadonlySet<string> | undefined;
}

export function rosterOf({ staff, view, reader, date, days, stations }: RosterQuestion): Roster {
  const keeper = isKeeper(view);
  const to = dayAfter(date, days - 1);
  const around = rostersOf(reader, dayAfter(mondayOf(date), -1), dayAfter(mondayOf(to), 7));
  const rules: RosterRules = {
    requirements: requirementsOf(reader),
    qualified: new Qualified(qualificationsOf(reader)),
    isWorker: (worker) => staff.get(worker) !== undefined,
    isStation: (station) => stations === undefined || stations.has(station),
  };
  const isShown = (worker: string | undefined): boolean => worker === undefined || keeper || shownWorker(staff, view, worker).isMe;
  const hints = workingTimeHints(around).filter((hint) => isOfDays(hint, date, to, around));
  const shown = hints.filter(({ worker }) => isShown(worker));
  return {
    isKeeper: keeper,
    from: date,
    to,
    shifts: around
      .filter((shift) => shift.date >= date && shift.date <= to)
      .map((shift) =>
        shownShift(
          staff,
          view,
          shift,
          findingsOf(shift, around, rules).filter(({ worker }) => isShown(worker)),
          keeper,
        ),
      ),
    hints: shown.map((hint) => shownHint(staff, view, hint)),
    withheld: hints.length - shown.length,
  };
}

/** A rest that ends on one of the days, or the week that has them. */
function isOfDays(hint: WorkingTimeHint, from: string, to: string, shifts: readonly RosterFields[]): boolean {
  if (hint.kind === "week") return hint.monday >= mondayOf(from) && hint.monday <= mondayOf(to);
  return shifts.some(({ date, from: begin }) => date >= from && date <= to && begin === hint.to);
}

function shownShift(staff: Staff, view: PlantView, shift: RosterFields, findings: readonly RosterFinding[], keeper: boolean): ShownShift {
  const { date, shift: name, from, to, edition, source, places } = shift;
  return {
    date,
    shift: name,
    from,
    to,
    edition,
    ...(source !== undefined && { source }),
    places: places.map((place) => {
      const { line, station, role, worker, remark, from: begin, to: end } = place;
      const known = worker === undefined ? undefined : shownWorker(staff, view, worker);
      return {
        line,
        station,
        role,
        ...(begin !== undefined && { from: begin }),
        ...(end !== undefined && { to: end }),
        ...known,
        isMe: known?.isMe === true,
        ...(remark !== undefined && { remark }),
      };
    }),
    people: new Set(places.flatMap(({ worker }) => worker ?? [])).size,
    findings: findings.map((finding) => {
      const own = finding.worker === undefined ? undefined : staff.get(finding.worker)?.name;
      return { ...finding, ...(own !== undefined && { name: own }) };
    }),
    ...(keeper && { fields: shift }),
  };
}

function shownHint(staff: Staff, view: PlantView, hint: WorkingTimeHint): ShownHint {
  const { name } = shownWorker(staff, view, hint.worker);
  return { ...hint, hours: Math.round(hint.hours * 100) / 100, ...(name !== undefined && { name }) };
}

/** Errors: DW_CONFLICT where another edition is stored than was expected. */
export async function storeShift(
  view: PlantView,
  branch: BranchId,
  { date, shift }: { readonly date: string; readonly shift: string },
  { fields, expected }: { readonly fields: ShiftPlan; readonly expected?: number | undefined },
): Promise<void> {
  const id = rosterDocumentId(date, shift);
  const before = view.documents.reader(branch).get(id);
  const known = before && readDocument(rosterKind, before);
  if (expected !== undefined && known !== undefined && known.edition !== expected)
    throw new DoppelwerkError("DW_CONFLICT", message("personnel.changedMeanwhile", { shift: `${date} ${shift}` }));
  const edition = known === undefined ? fields.edition : known.edition + 1;
  const change = documentChange(rosterKind, id, before, {
    ...fields,
    date,
    shift,
    edition,
    ...(known?.source && { source: known.source }),
  });
  const reason = message("personnel.log.shift", { shift: `${date} ${shift}` });
  if (change) await view.documents.apply({ branch, reason, changes: [change] });
}

/** Everything that is kept of one worker on live; of nobody without a number. */
export function ownData(staff: Staff, reader: RecordReader, worker: string | undefined): OwnData {
  if (worker === undefined) return { qualifications: [], shifts: [], hints: [] };
  const shifts = rostersOf(reader, "0000-01-01", "9999-12-31");
  const { name, team } = staff.get(worker) ?? {};
  return {
    worker,
    ...(name !== undefined && { name }),
    ...(team !== undefined && { team }),
    qualifications: qualificationsOf(reader).filter((each) => each.worker === worker),
    shifts: shifts.flatMap(({ date, shift, from, to, places }) =>
      places
        .filter((place) => place.worker === worker)
        .map(({ station, role, remark }) => ({ date, shift, from, to, station, role, ...(remark !== undefined && { remark }) })),
    ),
    hints: workingTimeHints(shifts)
      .filter((hint) => hint.worker === worker)
      .map((hint) => ({ ...hint, hours: Math.round(hint.hours * 100) / 100, ...(name !== undefined && { name }) })),
  };
}
