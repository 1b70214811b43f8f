import { faultsOf, message, type Message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { RosterFields, RosterPlace } from "./roster-kind.ts";
import { QualificationFields, RequirementFields, workerNumber } from "./skill-kinds.ts";
import { TaskFields } from "./task-kind.ts";

/** A row of a file by the names of its columns, with its line. */
export interface FileRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

export interface FileFault {
  readonly line: number;
  readonly reason: Message;
}

export interface Read<Item> {
  readonly items: readonly Item[];
  readonly faults: readonly FileFault[];
}

export const FILE_KINDS = ["people", "skills", "requirements", "tasks", "roster"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** What a file is, by its name; undefined: nothing that is read here. */
export function kindOfFile(name: string): FileKind | undefined {
  if (/^roster.*\.csv$/i.test(name)) return "roster";
  return FILE_KINDS.find((kind) => name.toLowerCase() === `${kind}.csv`);
}

/** Columns without which a file of a kind is not read. */
export const NEEDED_COLUMNS: Readonly<Record<FileKind, readonly string[]>> = {
  people: ["person", "name"],
  skills: ["person", "skill", "level"],
  requirements: ["station", "skill"],
  tasks: ["station", "task", "method"],
  roster: ["date", "shift", "from", "to", "station", "person"],
};

const filled = (text: string | undefined): string | undefined => (text === undefined || text.trim() === "" ? undefined : text.trim());
const numberOf = (text: string | undefined): number | undefined => (filled(text) === undefined ? undefined : Number(text));

export interface ReadPerson {
  readonly worker: string;
  readonly name: string;
  readonly team?: string;
}

export function readPeople(rows: readonly FileRow[]): Read<ReadPerson> {
  const [items, faults] = [new Map<string, ReadPerson>(), [] as FileFault[]];
  for (const { line, values } of rows) {
    const number = workerNumber.safeParse(values["person"]);
    const name = filled(values["name"])?.slice(0, 200);
    const team = filled(values["team"])?.slice(0, 60);
    if (!number.success) faults.push({ line, reason: message("personnel.fault.worker") });
    else if (name === undefined) faults.push({ line, reason: message("personnel.fault.missing", { column: "name" }) });
    else if (items.has(number.data)) faults.push({ line, reason: message("personnel.fault.twice", { what: number.data }) });
    else items.set(number.data, { worker: number.data, name, ...(team !== undefined && { team }) });
  }
  return { items: [...items.values()], faults };
}

/** Of a skill that is in a file twice the one that holds longer is taken. */
export function readSkills(rows: readonly FileRow[], isWorker: (worker: string) => boolean): Read<QualificationFields> {
  const [items, faults] = [new Map<string, QualificationFields>(), [] as FileFault[]];
  for (const { line, values } of rows) {
    const read = fieldsOf(QualificationFields, {
      worker: filled(values["person"]),
      skill: filled(values["skill"]),
      level: numberOf(values["level"]),
      validFrom: filled(values["valid_from"]),
      validUntil: filled(values["valid_to"]),
      evidence: filled(values["evidence"]),
    });
    if ("fault" in read) {
      faults.push({ line, reason: read.fault });
      continue;
    }
    const { worker, skill, validUntil = "9999-12-31" } = read.fields;
    const key = `${worker}\n${skill}`;
    const known = items.get(key);
    if (!isWorker(worker)) faults.push({ line, reason: message("personnel.fault.unknownWorker", { worker }) });
    else {
      if (known !== undefined) faults.push({ line, reason: message("personnel.fault.twice", { what: `${worker} ${skill}` }) });
      if (known === undefined || (known.validUntil ?? "9999-12-31") < validUntil) items.set(key, read.fields);
    }
  }
  return { items: [...items.values()], faults };
}

export function readRequirements(rows: readonly FileRow[]): Read<RequirementFields> {
  const [items, faults] = [new Map<string, RequirementFields>(), [] as FileFault[]];
  for (const { line, values } of rows) {
    const read = fieldsOf(RequirementFields, {
      station: filled(values["station"]),
      skill: filled(values["skill"]),
      level: numberOf(values["level"]),
      people: numberOf(values["people"]),
    });
    if ("fault" in read) faults.push({ line, reason: read.fault });
    else {
      const key = `${read.fields.station}\n${read.fields.skill}`;
      if (items.has(key)) faults.push({ line, reason: message("personnel.fault.twice", { what: key.replace("\n", " ") }) });
      else items.set(key, read.fields);
    }
  }
  return { items: [...items.values()], faults };
}

const TASK_TEXTS = ["station", "task", "method", "coupling", "population"] as const;
const TASK_NUMBERS: Readonly<Record<string, string>> = {
  weight_kg: "weightKg",
  per_piece: "perPiece",
  per_hour: "perHour",
  horizontal_cm: "horizontalCm",
  vertical_cm: "verticalCm",
  distance_cm: "distanceCm",
  angle_deg: "angleDeg",
  posture: "posture",
  twisted: "twisted",
  away: "away",
  raised: "raised",
  overhead: "overhead",
  handling: "handling",
  conditions: "conditions",
  organisation: "organisation",
};

/** Without a title in a language the task is called by its name. */
export function readTasks(rows: readonly FileRow[]): Read<TaskFields> {
  const [items, faults] = [new Map<string, TaskFields>(), [] as FileFault[]];
  for (const { line, values } of rows) {
    const name = filled(values["task"]) ?? "";
    const texts = TASK_TEXTS.map((key) => [key, filled(values[key])]);
    const numbers = Object.entries(TASK_NUMBERS).map(([column, key]) => [key, numberOf(values[column])]);
    const title = { en: filled(values["title_en"]) ?? name, zh: filled(values["title_zh"]) ?? name };
    const given = Object.fromEntries([...texts, ...numbers].filter(([, value]) => value !== undefined));
    const read = fieldsOf(TaskFields, { ...given, title });
    if ("fault" in read) {
      faults.push({ line, reason: read.fault });
      continue;
    }
    const key = `${read.fields.station} ${read.fields.task}`;
    if (items.has(key)) faults.push({ line, reason: message("personnel.fault.twice", { what: key }) });
    else items.set(key, read.fields);
  }
  return { items: [...items.values()], faults };
}

/** Shifts of a roster file; a worker who is at one station of a shift twice is there once. */
export function readRoster(rows: readonly FileRow[], edition: number): Read<RosterFields> {
  const shifts = new Map<string, { head: Omit<RosterFields, "places">; places: RosterPlace[]; line: number }>();
  const faults: FileFault[] = [];
  for (const { line, values } of rows) {
    const head = {
      date: filled(values["date"]) ?? "",
      shift: filled(values["shift"]) ?? "",
      from: timeOf(values["from"]),
      to: timeOf(values["to"]),
      edition,
    };
    const place = fieldsOf(RosterPlace, {
      line: filled(values["line"]) ?? "",
      station: filled(values["station"]) ?? "",
      role: filled(values["role"]) ?? "",
      worker: filled(values["person"]),
      // beside a replaced person it is why that one is away, which is nobody's to keep here
      remark: filled(values["replaces"]) === undefined ? filled(values["remark"]) : undefined,
    });
    const shift = fieldsOf(RosterFields, { ...head, places: [] });
    const fault = "fault" in shift ? shift.fault : "fault" in place ? place.fault : undefined;
    if (fault !== undefined || "fault" in shift || "fault" in place) {
      if (fault !== undefined) faults.push({ line, reason: fault });
      continue;
    }
    const key = `${shift.fields.date}\n${shift.fields.shift}`;
    const known = shifts.get(key) ?? { head: shift.fields, places: [], line };
    shifts.set(key, known);
    const { worker, station } = place.fields;
    if (known.head.from !== shift.fields.from || known.head.to !== shift.fields.to)
      faults.push({ line, reason: message("personnel.fault.otherTimes", { shift: shift.fields.shift, line: known.line }) });
    else if (worker !== undefined && known.places.some((each) => each.worker === worker && each.station === station))
      faults.push({ line, reason: message("personnel.fault.twice", { what: `${worker} ${station}` }) });
    else known.places.push(place.fields);
  }
  return { items: [...shifts.values()].map(({ head, places }) => ({ ...head, places })), faults };
}

/** Of ISO 8601 with an offset. */
function timeOf(text: string | undefined): number | undefined {
  const own = filled(text);
  if (own === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(own)) return undefined;
  const ms = Date.parse(own);
  return Number.isFinite(ms) ? ms * 1_000 : undefined;
}

interface Schema<Fields> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Fields }
    | { readonly success: false; readonly error: { readonly issues: Parameters<typeof faultsOf>[0] } };
}

function fieldsOf<Fields>(schema: Schema<Fields>, candidate: object): { readonly fields: Fields } | { readonly fault: Message } {
  const read = schema.safeParse(candidate);
  return read.success ? { fields: read.data } : { fault: faultsOf(read.error.issues, candidate)[0]! };
}
