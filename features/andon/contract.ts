import { endpoint, localText, topic, z } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";
import { AndonRuleFields, CallReason, Recipient } from "./model/andon-kinds.ts";

const Person = z.object({ id: z.string(), name: z.string() });

/** An andon with the people in it by name. */
export const Andon = z.object({
  id: z.string(),
  station: z.string(),
  title: localText,
  reason: z.union([CallReason, z.literal("kpi")]),
  text: z.string().optional(),
  indicator: z.string().optional(),
  value: z.number().optional(),
  raisedAt: z.int(),
  by: Person.optional(),
  owner: Person.optional(),
  takenAt: z.int().optional(),
  closedAt: z.int().optional(),
  closedBy: Person.optional(),
  note: z.string().optional(),
  /** The highest step that was notified. */
  step: z.int(),
});
export type Andon = z.output<typeof Andon>;

export const list = endpoint({
  id: "andon.list",
  route: "GET /andon",
  people: { as: "author" },
  summary: "Andons that are open, the longest waiting first, and those closed last, newest first; and the stations that may be called from",
  action: "read",
  query: z.object({ closed: z.coerce.number().int().min(0).max(200).default(20) }),
  answer: z.object({
    open: z.array(Andon),
    closed: z.array(Andon),
    stations: z.array(z.object({ line: z.string(), station: z.string(), title: localText })),
  }),
});

export const changed = topic({
  id: "andon.changed",
  summary: "An andon was raised, taken, escalated or closed",
  action: "read",
  payload: z.object({ at: z.int() }),
  queue: { bound: 1, overflow: "dropOldest" },
});

export const raise = endpoint({
  id: "andon.call",
  route: "POST /andon",
  people: { as: "author" },
  summary: "Call for help at a station; a call for the same that is open there is answered in place of another one",
  action: "enter",
  body: z.object({ station: z.string().min(1).max(200), reason: CallReason, text: z.string().trim().max(500).optional() }),
  answer: Andon,
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const take = endpoint({
  id: "andon.take",
  route: "POST /andon/:id/take",
  people: { as: "author" },
  summary: "Take an andon: who does owns it, and nobody else is notified of it",
  action: "enter",
  subject: "params.id",
  answer: Andon,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const close = endpoint({
  id: "andon.close",
  route: "POST /andon/:id/close",
  people: { as: "author" },
  summary: "Close an andon, with what was done",
  action: "enter",
  subject: "params.id",
  body: z.object({ note: z.string().trim().max(500).optional() }),
  answer: Andon,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

const branch = z.object({ branch: z.string().max(200).default("live") });
const edit = { action: "edit", branch: "query.branch" } as const;

export const AndonRule = z.object({ id: z.string(), fields: AndonRuleFields });
export type AndonRule = z.output<typeof AndonRule>;

export const rules = endpoint({
  id: "andon.rules",
  route: "GET /andon-rules",
  people: { as: "roster" },
  summary: "Rules of andon of a branch: which calls and KPIs raise one, and who is notified of it when",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(AndonRule),
});

export const recipients = endpoint({
  id: "andon.recipients",
  route: "GET /andon-recipients",
  people: { as: "roster" },
  summary: "Who a step of a rule may notify: on-call calendars, people and channels; none where notifications are off",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(z.object({ recipient: Recipient, name: z.string() })),
});

export const storeRule = endpoint({
  id: "andon.storeRule",
  route: "PUT /andon-rules",
  people: { as: "roster" },
  summary: "Store a rule of andon in place of the one of its name",
  ...edit,
  query: branch,
  body: z.object({ fields: AndonRuleFields }),
  answer: AndonRule,
});

export const removeRule = endpoint({
  id: "andon.removeRule",
  route: "DELETE /andon-rules/:id",
  summary: "Remove a rule of andon",
  ...edit,
  subject: "params.id",
  query: branch,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});
