import { documentChange, DoppelwerkError, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { calendarDocumentId, startOfVersion, zoneOffsetOf } from "@doppelwerk/operations";
import type { ShippedCalendar, ShippedShiftCalendars } from "@doppelwerk/ports";
import type { BranchId, RecordId } from "@doppelwerk/world";
import type { KnownCalendar } from "../contract.ts";
import type {} from "../message-codes.ts";
import { requireNoFault } from "../model/calendar-findings.ts";
import { shiftCalendar, type CalendarFields } from "../model/calendar-kind.ts";

interface Edit {
  readonly fields: CalendarFields;
  readonly expected?: CalendarFields | undefined;
  readonly reason?: string | undefined;
}

/** The shift calendars of branches: what the engineering file says, and the documents that people store over it. */
export class ShiftCalendars {
  readonly #shipped: ShippedShiftCalendars;

  constructor(shipped: ShippedShiftCalendars) {
    this.#shipped = shipped;
  }

  async list(view: PlantView, branch: BranchId): Promise<KnownCalendar[]> {
    const lines = await this.#shipped.of(branch);
    return lines.filter(({ shell }) => !view.hides(branch, calendarDocumentId(shell))).map((line) => knownCalendar(view, branch, line));
  }

  /** Throws DW_NOT_FOUND (no such line), DW_INVALID (shifts that overlap and the like), DW_CONFLICT where another calendar holds than was expected. */
  async store(view: PlantView, branch: BranchId, id: RecordId, { fields, expected, reason }: Edit): Promise<KnownCalendar> {
    const line = await this.#line(view, branch, id);
    const known = knownCalendar(view, branch, line);
    if (expected && !isSameJson(known.fields, expected))
      throw new DoppelwerkError("DW_CONFLICT", message("shifts.changedMeanwhile", { line: line.title }));
    requireNoFault(fields);
    const before = view.documents.reader(branch).get(id);
    const change = documentChange(shiftCalendar, id, before, { ...fields, shell: line.shell });
    if (change) await view.documents.apply({ branch, reason: reason || `shift calendar ${line.title.en}`, changes: [change] });
    return knownCalendar(view, branch, line);
  }

  async remove(view: PlantView, branch: BranchId, id: RecordId, reason: string | undefined): Promise<void> {
    const { title } = await this.#line(view, branch, id);
    const record = view.documents.reader(branch).get(id);
    if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("shifts.notStored", { line: title }));
    await view.documents.apply({
      branch,
      reason: reason || `shift calendar ${title.en} as shipped`,
      changes: [{ op: "delete", record }],
    });
  }

  /** One that may not be read is answered like one that is not there. */
  async #line(view: PlantView, branch: BranchId, id: RecordId): Promise<ShippedCalendar> {
    const line = (await this.#shipped.of(branch)).find(({ shell }) => calendarDocumentId(shell) === id);
    if (line === undefined || view.hides(branch, id))
      throw new DoppelwerkError("DW_NOT_FOUND", message("shifts.noCalendar", { id: id.slice(0, 200) }));
    return line;
  }
}

function knownCalendar(view: PlantView, branch: BranchId, { line, title, timeZone, shell, shifts }: ShippedCalendar): KnownCalendar {
  const id = calendarDocumentId(shell);
  const reader = view.documents.reader(branch);
  const record = reader.get(id);
  const document = record && readDocument(shiftCalendar, record);
  const shipped: CalendarFields = { shifts, exceptions: [] };
  const { shell: _shell, ...fields } = document ?? { ...shipped, shell };
  const versions = reader.versions(id).toReversed();
  const holdsFrom = startOfVersion(
    shifts,
    versions.map((version) => ({ time: version.time ?? 0, calendar: version.record && readDocument(shiftCalendar, version.record) })),
    zoneOffsetOf(timeZone),
  );
  return {
    id,
    line,
    title,
    timeZone,
    fields,
    isStored: document !== undefined,
    shipped,
    ...(holdsFrom !== undefined && { holdsFrom }),
  };
}
