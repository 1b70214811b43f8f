import { documentChange, faultsOf, message, readDocument, textsOf, type Change, type KindDeclaration, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Principal, RecordId, WorldRecord } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { POPULATIONS } from "../model/key-indicator-lhc.ts";
import { COUPLINGS } from "../model/lifting-equation.ts";
import { METHODS, taskDocumentId, taskKind, type TaskFields } from "../model/task-kind.ts";
import { tasksOf } from "./workload.ts";
import { rosterDocumentId, rosterKind, RosterFields, RosterPlace } from "../model/roster-kind.ts";
import {
  qualificationDocumentId,
  qualificationKind,
  QualificationFields,
  requirementDocumentId,
  requirementKind,
  RequirementFields,
  skillDocumentId,
  skillKind,
  SkillFields,
} from "../model/skill-kinds.ts";
import { qualificationsOf, requirementsOf, rostersOf, skillsOf } from "./documents.ts";
import { isKeeper } from "./keeper.ts";
import type { Staff } from "./staff.ts";

type ViewOf = (principal: Principal) => PlantView;

const titleOf = (key: string) => textsOf(message(`personnel.column.${key}` as "personnel.column.skill"));
const column = (key: string, kind: ListColumn["kind"], isRequired?: true): ListColumn => ({
  key,
  title: titleOf(key.replace(".", "")),
  kind,
  ...(isRequired && { isRequired }),
});

/** A row that is one document. */
interface Plain {
  readonly id: string;
  readonly title: Message;
  readonly columns: readonly ListColumn[];
  readonly kind: KindDeclaration;
  rows(view: PlantView, branch: string): readonly ListRow[];
  /** Its fields, still unchecked. */
  fieldsOf(row: ListRow): Record<string, unknown>;
  documentId(fields: Readonly<Record<string, unknown>>): RecordId;
  /** What is wrong with fields that fit. */
  fault?(
    fields: Readonly<Record<string, unknown>>,
    view: PlantView,
    branch: string,
    rows: readonly ListRow[],
  ): { column: string; message: Message } | undefined;
}

function plainTable(table: Plain, viewOf: ViewOf): ListTable {
  return {
    id: table.id,
    title: textsOf(table.title),
    columns: table.columns,
    key: "key",
    rows: async (principal, branch) => table.rows(viewOf(principal), branch),
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const reader = view.documents.reader(branch);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [row, values] of rows.entries()) {
        const candidate = table.fieldsOf(values);
        const read = table.kind.schema.safeParse(candidate);
        if (!read.success) {
          faults.push({
            row,
            column: columnOf(table.columns, read.error.issues[0]!.path),
            message: faultsOf(read.error.issues, candidate)[0]!,
          });
          continue;
        }
        const fields = read.data as Readonly<Record<string, unknown>>;
        const fault = table.fault?.(fields, view, branch, rows);
        if (fault !== undefined) {
          faults.push({ row, ...fault });
          continue;
        }
        const id = table.documentId(fields);
        const change = documentChange(table.kind, id, reader.get(id), fields);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

function columnOf(columns: readonly ListColumn[], path: readonly PropertyKey[]): string {
  const name = path.map(String).join(".");
  return columns.find(({ key }) => key === name || key === name.split(".")[0])?.key ?? "key";
}

const filled = (row: ListRow, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.flatMap((key) => (row[key] === undefined || row[key] === "" ? [] : [[key, row[key]]])));
const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

export function skillTable(viewOf: ViewOf): ListTable {
  return plainTable(
    {
      id: "skills",
      title: message("personnel.list.skills"),
      columns: [
        column("key", "text", true),
        column("title.en", "text", true),
        column("title.zh", "text", true),
        column("isRetired", "yesNo"),
      ],
      kind: skillKind,
      rows: (view, branch) =>
        skillsOf(view.documents.reader(branch)).map(({ skill, title, isRetired }) => ({
          key: skill,
          "title.en": title.en,
          "title.zh": title.zh,
          isRetired,
        })),
      fieldsOf: (row) => ({
        skill: text(row["key"]),
        title: { en: text(row["title.en"]), zh: text(row["title.zh"]) },
        isRetired: row["isRetired"] ?? false,
      }),
      documentId: (fields) => skillDocumentId((fields as SkillFields).skill),
    },
    viewOf,
  );
}

/** The key is `WORKER SKILL`. Only who keeps the roster sees those of others. */
export function qualificationTable(staff: Staff, viewOf: ViewOf): ListTable {
  return plainTable(
    {
      id: "qualifications",
      title: message("personnel.list.qualifications"),
      columns: [
        column("key", "text", true),
        column("worker", "text", true),
        column("skill", "text", true),
        column("level", "number", true),
        column("validFrom", "text"),
        column("validUntil", "text"),
        column("evidence", "text"),
      ],
      kind: qualificationKind,
      rows: (view, branch) =>
        qualificationsOf(view.documents.reader(branch))
          .filter(({ worker }) => isKeeper(view) || staff.get(worker)?.account === view.principal.id)
          .map((fields) => ({ key: `${fields.worker} ${fields.skill}`, ...(fields as unknown as ListRow) })),
      fieldsOf: (row) => {
        const { worker, skill, ...rest } = filled(row, ["worker", "skill", "level", "validFrom", "validUntil", "evidence"]);
        return { ...rest, worker: text(worker), skill: text(skill) };
      },
      documentId: (fields) => qualificationDocumentId((fields as QualificationFields).worker, (fields as QualificationFields).skill),
      fault(fields, view, branch) {
        const { worker, skill } = fields as QualificationFields;
        if (staff.get(worker) === undefined) return { column: "worker", message: message("personnel.fault.unknownWorker", { worker }) };
        if (view.documents.reader(branch).get(skillDocumentId(skill)) === undefined)
          return { column: "skill", message: message("personnel.noSkill", { skill }) };
        return undefined;
      },
    },
    viewOf,
  );
}

export function requirementTable(viewOf: ViewOf): ListTable {
  return plainTable(
    {
      id: "stationSkills",
      title: message("personnel.list.requirements"),
      columns: [
        column("key", "text", true),
        column("station", "text", true),
        column("skill", "text", true),
        column("level", "number"),
        column("people", "number"),
      ],
      kind: requirementKind,
      rows: (view, branch) =>
        requirementsOf(view.documents.reader(branch)).map((fields) => ({
          key: `${fields.station} ${fields.skill}`,
          ...(fields as unknown as ListRow),
        })),
      fieldsOf: (row) => filled(row, ["station", "skill", "level", "people"]),
      documentId: (fields) => requirementDocumentId((fields as RequirementFields).station, (fields as RequirementFields).skill),
      fault(fields, view, branch) {
        const { skill } = fields as RequirementFields;
        if (view.documents.reader(branch).get(skillDocumentId(skill)) !== undefined) return undefined;
        return { column: "skill", message: message("personnel.noSkill", { skill }) };
      },
    },
    viewOf,
  );
}

const TASK_NUMBERS = [
  "weightKg",
  "perPiece",
  "perHour",
  "horizontalCm",
  "verticalCm",
  "distanceCm",
  "angleDeg",
  "posture",
  "twisted",
  "away",
  "raised",
  "overhead",
  "handling",
  "conditions",
  "organisation",
] as const;
const TASK_CHOICES = { method: METHODS, coupling: COUPLINGS, population: POPULATIONS } as const;

/** The key is `STATION TASK`; the names of the columns are those of the methods. */
export function taskTable(viewOf: ViewOf): ListTable {
  const choice = (key: keyof typeof TASK_CHOICES): ListColumn => ({ ...column(key, "choice"), choices: TASK_CHOICES[key] });
  return plainTable(
    {
      id: "handlingTasks",
      title: message("personnel.list.tasks"),
      columns: [
        column("key", "text", true),
        column("station", "text", true),
        column("task", "text", true),
        column("title.en", "text", true),
        column("title.zh", "text", true),
        { ...choice("method"), isRequired: true },
        choice("coupling"),
        choice("population"),
        ...TASK_NUMBERS.map((key) => column(key, "number")),
      ],
      kind: taskKind,
      rows: (view, branch) =>
        tasksOf(view.documents.reader(branch)).map(({ title, ...fields }) => ({
          key: `${fields.station} ${fields.task}`,
          "title.en": title.en,
          "title.zh": title.zh,
          ...(fields as unknown as ListRow),
        })),
      fieldsOf: (row) => ({
        ...filled(row, ["station", "task", "method", "coupling", "population", ...TASK_NUMBERS]),
        title: { en: text(row["title.en"]), zh: text(row["title.zh"]) },
      }),
      documentId: (fields) => taskDocumentId((fields as TaskFields).station, (fields as TaskFields).task),
    },
    viewOf,
  );
}

/** A row a place; the key is `DATE SHIFT NUMBER`. Rows of a shift replace its places one by one. Times are ISO 8601 with their offset. */
export function rosterTable(staff: Staff, viewOf: ViewOf): ListTable {
  return {
    id: "roster",
    title: textsOf(message("personnel.list.roster")),
    key: "key",
    columns: [
      column("key", "text", true),
      column("date", "text", true),
      column("shift", "text", true),
      column("from", "text", true),
      column("to", "text", true),
      column("line", "text"),
      column("station", "text"),
      column("role", "text"),
      column("worker", "text"),
    ],
    async rows(principal, branch) {
      return rostersOf(viewOf(principal).documents.reader(branch), "0000-01-01", "9999-12-31").flatMap(
        ({ date, shift, from, to, places }) =>
          places.map(({ line, station, role, worker }, at) => ({
            key: `${date} ${shift} ${at + 1}`,
            date,
            shift,
            from: new Date(from / 1_000).toISOString(),
            to: new Date(to / 1_000).toISOString(),
            line,
            station,
            role,
            ...(worker !== undefined && { worker }),
          })),
      );
    },
    async changes(principal, branch, rows) {
      const reader = viewOf(principal).documents.reader(branch);
      const faults: ListFault[] = [];
      const shifts = new Map<string, RosterFields>();
      for (const [row, values] of rows.entries()) {
        const read = placeOf(values);
        if ("fault" in read) {
          faults.push({ row, column: read.column, message: read.fault });
          continue;
        }
        const { worker } = read.place;
        if (worker !== undefined && staff.get(worker) === undefined) {
          faults.push({ row, column: "worker", message: message("personnel.fault.unknownWorker", { worker }) });
          continue;
        }
        const id = rosterDocumentId(read.shift.date, read.shift.shift);
        const own = shifts.get(id) ?? shiftOf(reader.get(id), read.shift);
        shifts.set(id, { ...own, from: read.shift.from, to: read.shift.to, places: withPlace(own.places, read) });
      }
      const changes = [...shifts].flatMap(([id, shift]) => documentChange(rosterKind, id, reader.get(id), shift) ?? []);
      return { changes, faults };
    },
  };
}

interface ReadPlace {
  /** From 1; beyond the last place it is one more. */
  readonly number: number;
  readonly shift: RosterFields;
  readonly place: RosterPlace;
}

const shiftOf = (before: WorldRecord | undefined, read: RosterFields): RosterFields => (before && readDocument(rosterKind, before)) ?? read;

function withPlace(places: readonly RosterPlace[], { number, place }: ReadPlace): readonly RosterPlace[] {
  const before = places[number - 1];
  if (before === undefined) return [...places, place];
  const { remark, from, to } = before;
  const kept = before.worker === place.worker ? { remark } : {};
  return places.with(number - 1, { ...kept, from, to, ...place });
}

function placeOf(row: ListRow): ReadPlace | { readonly fault: Message; readonly column: string } {
  const number = Number(/ (\d{1,4})$/.exec(String(row["key"]))?.[1] ?? 9_999);
  const time = (key: string): number | undefined => {
    const ms = Date.parse(String(row[key] ?? ""));
    return Number.isFinite(ms) ? ms * 1_000 : undefined;
  };
  const head = { date: text(row["date"]), shift: text(row["shift"]), from: time("from"), to: time("to"), places: [] };
  const shift = RosterFields.safeParse(head);
  if (!shift.success) return { fault: faultsOf(shift.error.issues, head)[0]!, column: String(shift.error.issues[0]!.path[0] ?? "date") };
  const candidate = Object.fromEntries(
    Object.entries(filled(row, ["line", "station", "role", "worker"])).map(([key, value]) => [key, text(value)]),
  );
  const place = RosterPlace.safeParse(candidate);
  if (!place.success)
    return { fault: faultsOf(place.error.issues, candidate)[0]!, column: String(place.error.issues[0]!.path[0] ?? "worker") };
  return { number, shift: shift.data, place: place.data };
}
