import { z, type KindDeclaration } from "@doppelwerk/kit";

export const MAX_STEPS = 100;

export const code = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N}._/ -]+$/u);
export const shortText = z.object({ en: z.string().trim().min(1).max(300), zh: z.string().trim().min(1).max(300) });
export const longText = z.object({ en: z.string().trim().max(4_000), zh: z.string().trim().max(4_000) });

/** A step of a work order. */
export const JobStep = z.object({
  text: shortText,
  /** It is done only while every point of the lock-out list is locked. */
  needsLockOut: z.boolean().default(false),
});
export type JobStep = z.output<typeof JobStep>;

/** A point at which energy is isolated before somebody works (lock-out, tag-out). */
export const LockPoint = z.object({ text: shortText });
export type LockPoint = z.output<typeof LockPoint>;

export const PlannedPart = z.object({
  part: z.string().trim().min(1).max(100),
  quantity: z.number().positive().max(1e6),
});

/** What is done in a piece of maintenance, again and again: a job plan. */
export const JobFields = z.object({
  code,
  title: shortText,
  steps: z.array(JobStep).max(MAX_STEPS).readonly().default([]),
  lockOut: z.array(LockPoint).max(30).readonly().default([]),
  parts: z.array(PlannedPart).max(50).readonly().default([]),
  /** Working time of one person, as it is planned. */
  minutes: z.number().positive().max(100_000).optional(),
});
export type JobFields = z.output<typeof JobFields>;

export const jobPlan = {
  id: "maintenance.job",
  record: "maintenanceJob",
  version: 1,
  schema: JobFields,
  upcast: {},
} satisfies KindDeclaration<typeof JobFields>;
