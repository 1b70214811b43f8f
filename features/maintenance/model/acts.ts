import { z } from "@doppelwerk/kit";
import type { EventKind, EventPayload } from "@doppelwerk/world";
import { JobStep, LockPoint, longText, PlannedPart, shortText } from "./job-kind.ts";

const instant = z.int().min(0).max(8_000_000_000_000_000);
const note = z.string().trim().max(2_000);
export const Priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

export const SOURCES = ["alarm", "stop", "plan", "round", "stock", "person"] as const;
/** Where a work order comes from; `at`: the instant that it leads to. */
export const Source = z.object({ kind: z.enum(SOURCES), id: z.string().max(500).optional(), at: instant });

export const Opened = z.object({
  act: z.literal("opened"),
  number: z.string().min(1).max(40),
  title: shortText,
  shell: z.string().min(1).max(2_000),
  station: z.string().max(300).optional(),
  priority: Priority,
  due: instant.optional(),
  text: longText.optional(),
  job: z.string().max(60).optional(),
  steps: z.array(JobStep).max(100),
  lockOut: z.array(LockPoint).max(30),
  parts: z.array(PlannedPart).max(50),
  minutes: z.number().optional(),
  source: Source,
  /** Of a plan: which of its cycles. */
  cycle: z.number().optional(),
});
export type Opened = z.output<typeof Opened>;

const step = z.int().min(0).max(99);
const point = z.int().min(0).max(29);

/** Acts of whoever does the work. */
export const WorkAct = z.discriminatedUnion("act", [
  z.object({ act: z.literal("taken") }),
  z.object({ act: z.literal("started") }),
  z.object({ act: z.literal("locked"), point, tag: z.string().trim().max(60).optional() }),
  z.object({ act: z.literal("unlocked"), point }),
  z.object({ act: z.literal("stepDone"), step, note: note.optional() }),
  z.object({ act: z.literal("stepUndone"), step }),
  z.object({ act: z.literal("partUsed"), part: PlannedPart.shape.part, quantity: PlannedPart.shape.quantity }),
  z.object({ act: z.literal("noted"), text: note.min(1) }),
  z.object({ act: z.literal("finished"), note: note.optional() }),
  z.object({ act: z.literal("reopened"), reason: note.min(1) }),
]);
export type WorkAct = z.output<typeof WorkAct>;

/** Acts of whoever plans the work. */
export const PlanAct = z.discriminatedUnion("act", [
  z.object({ act: z.literal("planned"), due: instant.optional(), priority: Priority.optional() }),
  z.object({ act: z.literal("assigned"), person: z.string().min(1).max(500) }),
  z.object({ act: z.literal("cancelled"), reason: note.min(1) }),
]);
export type PlanAct = z.output<typeof PlanAct>;

const PhotoAct = z.object({
  act: z.literal("photo"),
  hash: z.string().length(64),
  type: z.enum(["image/jpeg", "image/png", "image/webp"]),
  bytes: z.int().positive(),
  step: step.optional(),
});
const SignedAct = z.object({ act: z.literal("signedOff"), seen: z.int().min(1) });

/** Everything that can happen to a work order. */
export const Act = z.union([Opened, WorkAct, PlanAct, PhotoAct, SignedAct]);
export type Act = z.output<typeof Act>;

/** An act as it is recorded: an event of the shell of the asset. */
export interface RecordedAct {
  /** Id of the work order. */
  readonly order: string;
  /** From 1, without gaps: acts of one work order in the order in which they were accepted. */
  readonly n: number;
  readonly at: number;
  /** Id of who did it. */
  readonly by: string;
  /** When it was entered; later than `at` of what was entered afterwards. */
  readonly known: number;
  readonly act: Act;
}

export const WORK_EVENT = "maintenance.work";

/** Payload of the event. */
const Recorded = z.object({ order: z.string().min(1).max(200), n: z.int().min(1), what: Act });

export const maintenanceEvents: readonly EventKind[] = [
  {
    type: WORK_EVENT,
    version: 1,
    keys: ["order"],
    parse: (payload) => {
      const parsed = Recorded.safeParse(payload);
      return parsed.success ? [] : parsed.error.issues.map((issue) => issue.message);
    },
  },
];

/** Undefined where the payload is of a version that is not known here. */
export function actOfEvent(event: {
  readonly at: number;
  readonly known: number;
  readonly actor?: string;
  readonly payload: EventPayload;
}): RecordedAct | undefined {
  const parsed = Recorded.safeParse(event.payload);
  if (!parsed.success) return undefined;
  const { order, n, what } = parsed.data;
  return { order, n, at: event.at, known: event.known, by: event.actor ?? "", act: what };
}
