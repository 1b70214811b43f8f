import { endpoint, instant, localText, topic, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import type {} from "./message-codes.ts";
import { PlanAct, Priority, Source, WorkAct } from "./model/acts.ts";
import { JobFields, PlannedPart, shortText } from "./model/job-kind.ts";
import { Judgement } from "./model/judgement-kind.ts";
import { PlanFields } from "./model/plan-kind.ts";
import { ORDER_STATES } from "./model/work-order.ts";

const branch = z.object({ branch: z.string().max(200).default("live") });
const ofInstant = branch.extend({ t: instant.optional() });
const Person = z.object({ id: z.string(), name: z.string() });
const done = z.object({ by: z.string(), at: z.int() });
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

/** A work order as its acts up to the instant leave it; people by name. */
export const WorkOrder = z.object({
  id: z.string(),
  number: z.string(),
  title: localText,
  /** AAS id of the asset. */
  shell: z.string(),
  asset: localText,
  station: z.string().optional(),
  state: z.enum(ORDER_STATES),
  priority: Priority,
  due: z.int().optional(),
  isLate: z.boolean(),
  text: localText.optional(),
  job: z.string().optional(),
  minutes: z.number().optional(),
  source: Source,
  cycle: z.number().optional(),
  owner: Person.optional(),
  steps: list(z.object({ text: localText, needsLockOut: z.boolean(), done: done.extend({ note: z.string().optional() }).optional() })),
  lockOut: list(z.object({ text: localText, locked: done.extend({ byId: z.string(), tag: z.string().optional() }).optional() })),
  parts: list(PlannedPart),
  used: list(done.extend({ part: z.string(), quantity: z.number() })),
  photos: list(done.extend({ hash: z.string(), type: z.string(), bytes: z.int(), step: z.int().optional() })),
  notes: list(done.extend({ text: z.string() })),
  openedAt: z.int(),
  openedBy: z.string(),
  startedAt: z.int().optional(),
  finished: done.extend({ byId: z.string(), note: z.string().optional() }).optional(),
  signed: done.optional(),
  cancelled: done.extend({ reason: z.string() }).optional(),
  /** Number of acts: what a signature is of. */
  acts: z.int(),
});
export type WorkOrder = z.output<typeof WorkOrder>;

export const orders = endpoint({
  id: "maintenance.orders",
  route: "GET /work-orders",
  people: { as: "author" },
  summary: "Work orders that are not over, the most urgent first, and those that ended last; as they were at an instant, or are now",
  action: "read",
  branch: "query.branch",
  query: ofInstant.extend({
    station: z.string().max(300).optional(),
    shell: z.string().max(2_000).optional(),
    ended: z.coerce.number().int().min(0).max(500).default(50),
  }),
  answer: z.object({
    open: z.array(WorkOrder),
    ended: z.array(WorkOrder),
    /** Where work orders can be opened: stations of lines, by their asset. */
    stations: z.array(z.object({ line: z.string(), station: z.string(), shell: z.string(), title: localText })),
    people: z.array(Person),
  }),
});

export const order = endpoint({
  id: "maintenance.order",
  route: "GET /work-orders/:id",
  people: { as: "author" },
  summary: "One work order",
  action: "read",
  branch: "query.branch",
  subject: "params.id",
  query: ofInstant,
  answer: WorkOrder,
  errors: ["DW_NOT_FOUND"],
});

export const changed = topic({
  id: "maintenance.changed",
  summary: "Something happened to a work order",
  action: "read",
  payload: z.object({ at: z.int() }),
  queue: { bound: 1, overflow: "dropOldest" },
});

export const open = endpoint({
  id: "maintenance.open",
  route: "POST /work-orders",
  people: { as: "author" },
  summary: "Open a work order for an asset, by hand or from an alarm or stop; with the same key again it is the same work order",
  action: "enter",
  act: { name: "open", title: "maintenance.act.open" },
  branch: "query.branch",
  query: branch,
  body: z.object({
    title: shortText,
    shell: z.string().min(1).max(2_000).optional(),
    /** Instead of the shell: a station of a line. */
    station: z.string().max(300).optional(),
    priority: Priority.default(3),
    due: instant.optional(),
    text: z.string().trim().max(2_000).optional(),
    job: z.string().max(60).optional(),
    source: Source.optional(),
    key: z.string().min(1).max(500).optional(),
  }),
  answer: WorkOrder.extend({ isNew: z.boolean() }),
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

const onOrder = { people: { as: "author" }, branch: "query.branch", subject: "params.id", query: branch } as const;
/** When it was, where it is entered later. */
const when = z.object({ at: instant.optional() });

export const work = endpoint({
  id: "maintenance.work",
  route: "POST /work-orders/:id/work",
  summary: "What is done of a work order: taken, started, a lock, a step, a part, a note, finished",
  action: "enter",
  act: { name: "work", title: "maintenance.act.work" },
  ...onOrder,
  body: z.intersection(WorkAct, when),
  answer: WorkOrder,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const direct = endpoint({
  id: "maintenance.direct",
  route: "POST /work-orders/:id/direct",
  summary: "Plan a work order: its due date and priority, who does it, or that nobody does",
  action: "edit",
  act: { name: "direct", title: "maintenance.act.direct" },
  ...onOrder,
  body: z.intersection(PlanAct, when),
  answer: WorkOrder,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const sign = endpoint({
  id: "maintenance.sign",
  route: "POST /work-orders/:id/sign-off",
  summary: "Sign off a finished work order, as it stands: by another person than who finished it",
  action: "approve",
  act: { name: "sign", title: "maintenance.act.sign" },
  presence: 600,
  ...onOrder,
  people: { as: "signature" },
  body: z.object({ seen: z.int().min(1) }),
  answer: WorkOrder,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const addPhoto = endpoint({
  id: "maintenance.addPhoto",
  route: "POST /work-orders/:id/photos",
  summary: "Attach a photo (JPEG, PNG or WebP) to a work order, or to one of its steps",
  action: "enter",
  act: { name: "work", title: "maintenance.act.work" },
  ...onOrder,
  query: branch.extend({ step: z.coerce.number().int().min(0).max(99).optional() }),
  body: { octets: "application/octet-stream" },
  answer: WorkOrder,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_INVALID"],
});

export const photo = endpoint({
  id: "maintenance.photo",
  route: "GET /work-orders/:id/photos/:photo",
  summary: "A photo of a work order, by its hash",
  action: "read",
  branch: "query.branch",
  subject: "params.id",
  query: branch,
  answer: { octets: "image/*" },
  errors: ["DW_NOT_FOUND"],
});

export const jobs = endpoint({
  id: "maintenance.jobs",
  route: "GET /maintenance-jobs",
  summary: "Job plans of a branch: steps, lock-out list and parts of work that is done again and again",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(JobFields),
});

const edit = { action: "edit", branch: "query.branch", query: branch } as const;

export const storeJob = endpoint({
  id: "maintenance.storeJob",
  route: "PUT /maintenance-jobs",
  summary: "Store a job plan in place of the one of its code",
  ...edit,
  body: JobFields,
  answer: JobFields,
});

export const removeJob = endpoint({
  id: "maintenance.removeJob",
  route: "DELETE /maintenance-jobs/:code",
  summary: "Remove a job plan; work orders that were made of it stay as they are",
  ...edit,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const parts = endpoint({
  id: "maintenance.parts",
  route: "GET /work-orders/:id/parts",
  summary: "Spare parts that fit the asset of a work order, with their stock; none where no stores are kept",
  action: "read",
  branch: "query.branch",
  subject: "params.id",
  query: branch,
  answer: z.array(
    z.object({
      part: z.string(),
      title: localText,
      unit: z.string(),
      place: z.string().optional(),
      onHand: z.number(),
      reserved: z.number(),
    }),
  ),
  errors: ["DW_NOT_FOUND"],
});

/** One annunciation of an alarm. */
const ofAlarmShape = z.object({ rule: z.string().min(1).max(500), raised: instant });

export const ofAlarm = endpoint({
  id: "maintenance.ofAlarm",
  route: "GET /alarm-work-orders",
  people: { as: "author" },
  summary: "Work orders that were opened for an annunciation of an alarm, and whether one can be",
  action: "read",
  branch: "query.branch",
  query: branch.extend(ofAlarmShape.shape),
  answer: z.object({ orders: z.array(WorkOrder), canOpen: z.boolean() }),
});

export const openOfAlarm = endpoint({
  id: "maintenance.openOfAlarm",
  route: "POST /alarm-work-orders",
  people: { as: "author" },
  summary: "Open the work order of an annunciation of an alarm, with what its rule says of cause, consequence and response; once",
  action: "enter",
  act: { name: "open", title: "maintenance.act.open" },
  branch: "query.branch",
  query: branch,
  body: ofAlarmShape,
  answer: WorkOrder.extend({ isNew: z.boolean() }),
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

/** A plan, when it is due next, and what it opened. */
export const KnownPlan = z.object({
  fields: PlanFields,
  asset: localText,
  next: z.object({
    at: z.int().optional(),
    /** With 95 %. */
    low: z.int().optional(),
    high: z.int().optional(),
    used: z.number().optional(),
    remaining: z.number().optional(),
    /** What is used a day, over `n` days. */
    rate: z.object({ perDay: z.number(), n: z.int(), days: z.number(), low: z.number(), high: z.number().optional() }).optional(),
    why: messageShape.optional(),
  }),
  open: z.object({ id: z.string(), number: z.string() }).optional(),
  /** What it was judged to bring, and on which branch; `byName` assumed what it prevents. */
  judged: Judgement.extend({ branch: z.string(), byName: z.string() }).optional(),
  /** When its work was done last. */
  lastDone: z.int().optional(),
  done: z.int(),
});
export type KnownPlan = z.output<typeof KnownPlan>;

export const plans = endpoint({
  id: "maintenance.plans",
  route: "GET /maintenance-plans",
  people: { as: "author" },
  summary: "Plans of a branch: by the calendar, by counts, by alarms; when each is due next, predicted from what was used lately",
  action: "read",
  branch: "query.branch",
  query: ofInstant,
  answer: z.array(KnownPlan),
});

export const storePlan = endpoint({
  id: "maintenance.storePlan",
  route: "PUT /maintenance-plans",
  summary: "Store a plan in place of the one of its code",
  ...edit,
  body: PlanFields,
  answer: PlanFields,
  errors: ["DW_NOT_FOUND"],
});

export const removePlan = endpoint({
  id: "maintenance.removePlan",
  route: "DELETE /maintenance-plans/:code",
  summary: "Remove a plan; work orders that it opened stay",
  ...edit,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

const seconds = z.number();
const Estimate = z.object({ value: z.number().optional(), low: z.number().optional(), high: z.number().optional(), n: z.int() });

export const StationReliability = z.object({
  line: z.string(),
  station: z.string(),
  title: localText,
  failures: z.int(),
  operatingS: seconds,
  upS: seconds,
  failedS: seconds,
  maintenanceS: seconds,
  notRequiredS: seconds,
  unknownS: seconds,
  mtbf: Estimate,
  mttf: Estimate,
  mttr: Estimate,
  availability: z.number().optional(),
  operational: z.number().optional(),
  /** Opened in the span, those that were cancelled left out. */
  orders: z.object({ preventive: z.int(), corrective: z.int(), open: z.int(), late: z.int() }),
});
export type StationReliability = z.output<typeof StationReliability>;

export const reliability = endpoint({
  id: "maintenance.reliability",
  route: "GET /reliability",
  summary:
    "Failures, MTBF, MTTF, MTTR and availability of stations in a span, with counts and 95 % intervals; unknown time is in none of them",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ from: instant, to: instant, line: z.string().max(300).optional() }),
  answer: z.array(StationReliability),
  errors: ["DW_INVALID"],
});

export const rules = endpoint({
  id: "maintenance.rules",
  route: "GET /maintenance-rules",
  summary: "Alarm rules of live that a plan can wait for",
  action: "read",
  answer: z.array(z.object({ id: z.string(), title: localText, station: z.string().optional() })),
});

export const judge = endpoint({
  id: "maintenance.judge",
  route: "POST /maintenance-plans/:code/judge",
  people: { as: "author" },
  summary:
    "Simulate a line with a plan and without it, on a fork: what the maintenance costs against the failures that somebody assumes it prevents",
  action: "fork",
  branch: "query.branch",
  query: branch,
  body: z.object({
    /** What one maintenance takes. */
    minutes: z.number().positive().max(100_000),
    /** Share of the failures of the station, assumed. */
    prevented: z.number().min(0).max(0.95),
    name: z.string().trim().min(1).max(80),
  }),
  answer: z.object({ branch: z.string().optional(), judgement: Judgement.optional(), why: messageShape.optional() }),
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_QUEUE_FULL", "DW_CONFLICT"],
});

const ofStation = branch.extend({ station: z.string().min(1).max(300) });

export const readInstructions = endpoint({
  id: "maintenance.instructions",
  route: "GET /maintenance-instructions",
  summary: "The plans of a station as the submodel Maintenance Instructions (IDTA 02018) of its asset",
  action: "read",
  branch: "query.branch",
  query: ofStation,
  answer: z.looseObject({ modelType: z.literal("Submodel"), id: z.string(), idShort: z.string() }),
  errors: ["DW_NOT_FOUND"],
});

export const writeInstructions = endpoint({
  id: "maintenance.writeInstructions",
  route: "PUT /maintenance-instructions",
  summary: "Write the plans of a station to its asset, as the submodel Maintenance Instructions",
  ...edit,
  query: ofStation,
  answer: z.object({ submodel: z.string(), plans: z.int() }),
  errors: ["DW_NOT_FOUND"],
});

export const takeInstructions = endpoint({
  id: "maintenance.takeInstructions",
  route: "POST /maintenance-instructions",
  summary: "Read plans and job plans from the submodel Maintenance Instructions of the asset of a station; stored where that is asked for",
  ...edit,
  query: ofStation,
  body: z.object({ isStored: z.boolean().default(false) }),
  answer: z.object({
    plans: z.array(PlanFields).readonly(),
    jobs: z.array(JobFields).readonly(),
    findings: z.array(messageShape).readonly(),
  }),
  errors: ["DW_NOT_FOUND"],
});
