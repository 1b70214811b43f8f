import { fault, hashedId, localText, message, z, type KindDeclaration, type RecordId } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** A day of a calendar, as ISO 8601 has it. */
export const day = z.string().refine((text) => isDay(text), fault(message("personnel.fault.day")));
const name = z.string().trim().min(1).max(100);
/** Number of a worker in the records of the company: documents have it, and never a name. */
export const workerNumber = z
  .string()
  .trim()
  .regex(/^[\w.-]{1,40}$/, fault(message("personnel.fault.worker")));

/** 1 learns, 2 works alone, 3 knows it well, 4 teaches. */
export const LEVELS = [1, 2, 3, 4] as const;
export const skillLevel = z.int().min(1).max(4);

export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}

export const SkillFields = z.object({
  skill: name,
  title: localText,
  /** Nobody has to have it any more; what people have stays. */
  isRetired: z.boolean().default(false),
});
export type SkillFields = z.output<typeof SkillFields>;

export const skillKind = { id: "personnel.skill", record: "skill", version: 1, schema: SkillFields, upcast: {} } satisfies KindDeclaration;

/** A skill of a worker; without a last day it holds until somebody takes it away. */
export const QualificationFields = z
  .object({
    worker: workerNumber,
    skill: name,
    level: skillLevel,
    validFrom: day.optional(),
    validUntil: day.optional(),
    /** Course, certificate, who released it. */
    evidence: z.string().trim().max(300).optional(),
  })
  .refine(
    ({ validFrom, validUntil }) => validFrom === undefined || validUntil === undefined || validFrom <= validUntil,
    fault(message("personnel.fault.validity")),
  );
export type QualificationFields = z.output<typeof QualificationFields>;

export const qualificationKind = {
  id: "personnel.qualification",
  record: "skillQualification",
  version: 1,
  schema: QualificationFields,
  upcast: {},
} satisfies KindDeclaration;

/** What a station needs of the people at it: so many who have the skill at that level at least. */
export const RequirementFields = z.object({
  station: name,
  skill: name,
  level: skillLevel.default(2),
  people: z.int().min(1).max(100).default(1),
});
export type RequirementFields = z.output<typeof RequirementFields>;

export const requirementKind = {
  id: "personnel.requirement",
  record: "stationSkill",
  version: 1,
  schema: RequirementFields,
  upcast: {},
} satisfies KindDeclaration;

export const skillDocumentId = (skill: string): RecordId => hashedId("skill", "skill", skill);
export const qualificationDocumentId = (worker: string, skill: string): RecordId => hashedId("skillQualification", worker, skill);
export const requirementDocumentId = (station: string, skill: string): RecordId => hashedId("stationSkill", station, skill);
