import { hashedId, localText, z, type KindDeclaration, type RecordId } from "@doppelwerk/kit";
import { POPULATIONS, POSTURE_POINTS } from "./key-indicator-lhc.ts";
import { COUPLINGS } from "./lifting-equation.ts";

const name = z.string().trim().min(1).max(100);
const points = (...allowed: readonly number[]) => z.number().refine((value) => allowed.includes(value));

export const METHODS = ["niosh", "kimLhc"] as const;
export type Method = (typeof METHODS)[number];

/** A load that is handled at a station. What a method needs and nobody has measured yet is left out: its result is unknown then, and says so. */
export const TaskFields = z.object({
  task: name,
  station: name,
  title: localText,
  method: z.enum(METHODS),
  weightKg: z.number().positive().max(1_000).optional(),
  /** How often it is done for one piece that the station counts. */
  perPiece: z.number().positive().max(1_000).default(1),
  /** Instead of counted pieces, of all people at the station together. */
  perHour: z.number().min(0).max(100_000).optional(),
  // revised NIOSH lifting equation
  horizontalCm: z.number().min(0).max(300).optional(),
  verticalCm: z.number().min(0).max(300).optional(),
  distanceCm: z.number().min(0).max(300).optional(),
  angleDeg: z.number().min(0).max(360).optional(),
  coupling: z.enum(COUPLINGS).optional(),
  // KIM-LHC
  population: z.enum(POPULATIONS).optional(),
  posture: points(...POSTURE_POINTS).optional(),
  twisted: points(0, 1, 3).default(0),
  away: points(0, 1, 3).default(0),
  raised: points(0, 0.5, 1).default(0),
  overhead: points(0, 1, 2).default(0),
  handling: points(0, 2, 4).optional(),
  conditions: z.number().min(0).max(20).optional(),
  organisation: points(0, 2, 4).optional(),
});
export type TaskFields = z.output<typeof TaskFields>;

export const taskKind = {
  id: "personnel.task",
  record: "handlingTask",
  version: 1,
  schema: TaskFields,
  upcast: {},
} satisfies KindDeclaration;

export const taskDocumentId = (station: string, task: string): RecordId => hashedId("handlingTask", station, task);
