import { documentChange, message, readDocument, type Change } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { LIVE } from "@doppelwerk/world";
import type { WorkerFields } from "../contract.ts";
import type { personnel } from "../feature.ts";
import type {} from "../message-codes.ts";
import {
  readPeople,
  readRequirements,
  readRoster,
  readSkills,
  readTasks,
  type FileFault,
  type FileKind,
  type FileRow,
} from "../model/read-files.ts";
import { rosterDocumentId, rosterKind, type RosterFields } from "../model/roster-kind.ts";
import {
  qualificationDocumentId,
  qualificationKind,
  requirementDocumentId,
  requirementKind,
  skillDocumentId,
  skillKind,
} from "../model/skill-kinds.ts";
import { taskDocumentId, taskKind } from "../model/task-kind.ts";
import { rostersOf } from "./documents.ts";
import type { Staff } from "./staff.ts";

export interface Taken {
  readonly rows: number;
  readonly faults: readonly FileFault[];
}

/** What files of a folder become: names in the file of the staff, the rest documents of live. What is the same already changes nothing. */
export class RosterIntake {
  readonly #ctx: FeatureContext<typeof personnel>;
  readonly #staff: Staff;

  constructor(ctx: FeatureContext<typeof personnel>, staff: Staff) {
    this.#ctx = ctx;
    this.#staff = staff;
  }

  async take(source: { readonly name: string }, kind: FileKind, file: string, rows: readonly FileRow[]): Promise<Taken> {
    if (kind === "people") return this.#people(rows);
    if (kind === "skills") return this.#skills(source.name, rows);
    if (kind === "tasks") return this.#tasks(source.name, rows);
    if (kind === "requirements") return this.#requirements(source.name, rows);
    return this.#roster(source.name, file, rows);
  }

  #people(rows: readonly FileRow[]): Taken {
    const { items, faults } = readPeople(rows);
    const changed: Record<string, WorkerFields> = {};
    for (const { worker, name, team } of items) {
      const known = this.#staff.get(worker);
      if (this.#staff.isErased(worker) || (known !== undefined && known.name === name && known.team === team)) continue;
      changed[worker] = { name, ...(team !== undefined && { team }), ...(known?.account !== undefined && { account: known.account }) };
    }
    if (Object.keys(changed).length > 0) this.#staff.store(changed);
    return { rows: items.length, faults };
  }

  async #skills(source: string, rows: readonly FileRow[]): Promise<Taken> {
    const kept = rows.filter(({ values }) => !this.#staff.isErased((values["person"] ?? "").trim()));
    const { items, faults } = readSkills(kept, (worker) => this.#staff.get(worker) !== undefined);
    const reader = this.#ctx.own.documents.reader(LIVE);
    const changes: Change[] = [];
    for (const fields of items) {
      const id = qualificationDocumentId(fields.worker, fields.skill);
      const change = documentChange(qualificationKind, id, reader.get(id), fields);
      if (change) changes.push(change);
    }
    changes.push(...this.#newSkills(items.map(({ skill }) => skill)));
    await this.#apply(source, changes);
    return { rows: items.length, faults };
  }

  async #requirements(source: string, rows: readonly FileRow[]): Promise<Taken> {
    const { items, faults } = readRequirements(rows);
    const reader = this.#ctx.own.documents.reader(LIVE);
    const changes = items.flatMap((fields) => {
      const id = requirementDocumentId(fields.station, fields.skill);
      return documentChange(requirementKind, id, reader.get(id), fields) ?? [];
    });
    await this.#apply(source, [...changes, ...this.#newSkills(items.map(({ skill }) => skill))]);
    return { rows: items.length, faults };
  }

  async #tasks(source: string, rows: readonly FileRow[]): Promise<Taken> {
    const { items, faults } = readTasks(rows);
    const reader = this.#ctx.own.documents.reader(LIVE);
    const changes = items.flatMap((fields) => {
      const id = taskDocumentId(fields.station, fields.task);
      return documentChange(taskKind, id, reader.get(id), fields) ?? [];
    });
    await this.#apply(source, changes);
    return { rows: items.length, faults };
  }

  /** A skill that is named for the first time is called what the file calls it, in every language. */
  #newSkills(names: readonly string[]): readonly Change[] {
    const reader = this.#ctx.own.documents.reader(LIVE);
    return [...new Set(names)].flatMap((skill) => {
      const id = skillDocumentId(skill);
      if (reader.get(id) !== undefined) return [];
      return documentChange(skillKind, id, undefined, { skill, title: { en: skill, zh: skill }, isRetired: false }) ?? [];
    });
  }

  async #roster(source: string, file: string, rows: readonly FileRow[]): Promise<Taken> {
    const edition = Number(/-v(\d{1,6})\.csv$/i.exec(file)?.[1] ?? 0);
    const { items, faults } = readRoster(rows, edition);
    const reader = this.#ctx.own.documents.reader(LIVE);
    const changes: Change[] = [];
    const outdated: FileFault[] = [];
    for (const shift of items) {
      const id = rosterDocumentId(shift.date, shift.shift);
      const before = reader.get(id);
      const known = before && readDocument(rosterKind, before);
      if (known !== undefined && known.edition > edition) {
        outdated.push({
          line: 1,
          reason: message("personnel.fault.outdated", { shift: `${shift.date} ${shift.shift}`, edition: known.edition }),
        });
        continue;
      }
      const change = documentChange(rosterKind, id, before, { ...shift, places: shift.places.map((place) => this.#known(place)), source });
      if (change) changes.push(change);
    }
    changes.push(...this.#gone(items, source, edition));
    await this.#apply(source, changes);
    return { rows: items.reduce((sum, { places }) => sum + places.length, 0), faults: [...faults, ...outdated] };
  }

  /** Who was erased is nobody. */
  #known({ worker, ...place }: RosterFields["places"][number]): RosterFields["places"][number] {
    return { ...place, ...(worker !== undefined && !this.#staff.isErased(worker) && { worker }) };
  }

  /** Shifts of the same days that a newer file of the same source does not have any more. */
  #gone(items: readonly RosterFields[], source: string, edition: number): readonly Change[] {
    const reader = this.#ctx.own.documents.reader(LIVE);
    const there = new Set(items.map(({ date, shift }) => `${date}\n${shift}`));
    return [...new Set(items.map(({ date }) => date))].flatMap((date) =>
      rostersOf(reader, date, date)
        .filter((known) => known.source === source && known.edition < edition && !there.has(`${date}\n${known.shift}`))
        .flatMap(({ shift }): readonly Change[] => {
          const record = reader.get(rosterDocumentId(date, shift));
          return record === undefined ? [] : [{ op: "delete", record }];
        }),
    );
  }

  async #apply(source: string, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#ctx.own.documents.apply({ branch: LIVE, reason: message("personnel.log.taken", { source }), changes });
  }
}
