import { fault, hashedId, message, z, type KindDeclaration, type RecordId } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { day, workerNumber } from "./skill-kinds.ts";

const instant = z.int().min(0).max(8_000_000_000_000_000);
const name = z.string().trim().min(1).max(100);

/** One place of a shift; without a worker nobody is on it. */
export const RosterPlace = z.object({
  line: z.string().trim().max(100).default(""),
  /** Empty: wherever somebody is needed. */
  station: z.string().trim().max(100).default(""),
  role: z.string().trim().max(60).default(""),
  worker: workerNumber.optional(),
  /** Never why somebody is away: that is of the health of a person. */
  remark: z.string().trim().max(200).optional(),
  /** Of a rotation: the part of the shift; absent: all of it. */
  from: instant.optional(),
  to: instant.optional(),
});
export type RosterPlace = z.output<typeof RosterPlace>;

/** What is planned for a shift, of whichever day. Times are microseconds since 1970. */
export const ShiftPlan = z.object({
  from: instant,
  to: instant,
  /** Of the file that it comes from; an older one does not replace it. */
  edition: z.int().min(0).max(1_000_000).default(0),
  places: z.array(RosterPlace).max(2_000).readonly(),
});
export type ShiftPlan = z.output<typeof ShiftPlan>;

/** Who works where in one shift of one day. */
export const RosterFields = ShiftPlan.extend({ date: day, shift: name, source: z.string().max(200).optional() })
  .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo")))
  .refine(({ from, to }) => to - from <= 24 * 3_600_000_000, fault(message("personnel.fault.longShift")));
export type RosterFields = z.output<typeof RosterFields>;

/** A document a shift: edits of different shifts merge. */
export const rosterKind = {
  id: "personnel.roster",
  record: "rosterShift",
  version: 1,
  schema: RosterFields,
  upcast: {},
} satisfies KindDeclaration;

export const rosterDocumentId = (date: string, shift: string): RecordId => hashedId("rosterShift", date, shift);

/** A folder that files of people, skills, requirements, handling tasks and rosters are left in; they stay where they are. */
export const RosterSourceFields = z.object({
  name: z.string().trim().min(1).max(60),
  /** In one of the folders that the server may read files from. */
  path: z.string().min(1).max(1_000),
  intervalS: z.number().min(1).max(3_600).default(5),
  isOn: z.boolean().default(true),
});
export type RosterSourceFields = z.output<typeof RosterSourceFields>;

export const rosterSourceKind = {
  id: "personnel.source",
  record: "staffFolder",
  version: 1,
  schema: RosterSourceFields,
  upcast: {},
} satisfies KindDeclaration;
