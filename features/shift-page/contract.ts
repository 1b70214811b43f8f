import { endpoint, instant, localText, z } from "@doppelwerk/kit";
import { messageShape, shiftFiguresShape } from "@doppelwerk/ports";
import { ROLES, SignedFigures } from "./model/handover-kinds.ts";

/** Times are microseconds since 1970. */
const branch = z.object({ branch: z.string().max(200).default("live") });
const line = z.string().max(200).optional();
const Near = z.object({ name: z.string(), from: z.int(), to: z.int(), good: z.number() });

export const HandoverNote = z.object({
  id: z.string(),
  /** Beginning of the shift that it was written in. */
  shift: z.int(),
  text: z.string(),
  author: z.string(),
  written: z.int(),
  /** It is, or was, for the next shift to do. */
  isItem: z.boolean(),
  done: z.object({ by: z.string(), at: z.int() }).optional(),
});
export type HandoverNote = z.output<typeof HandoverNote>;

export const HandoverSignature = z.object({
  id: z.string(),
  role: z.enum(ROLES),
  by: z.string(),
  at: z.int(),
  figures: SignedFigures,
  /** Notes that were written after it. */
  notesSince: z.int(),
});
export type HandoverSignature = z.output<typeof HandoverSignature>;

/** A shift of a line with all that its page shows beside its losses. */
export const ShiftPage = z.object({
  line: z.string(),
  /** Absent: no planned shift was recorded up to the instant. */
  shift: shiftFiguresShape.extend({ /** Planned end. */ end: z.int(), isRunning: z.boolean() }).optional(),
  before: Near.optional(),
  after: Near.optional(),
  /** Units: planned busy time ÷ takt; of a running shift those due by now. Absent where no takt is planned. */
  plan: z.number().optional(),
  /** The last 20 closed shifts of its name before it, oldest first. */
  like: z.array(Near).readonly(),
  median: z.number().optional(),
  /** Raised most often, by rule and station. */
  alarms: z.array(z.object({ title: localText, station: z.string(), count: z.int(), first: z.int() })).readonly(),
  /** Parts that a station rejected, oldest first; at most 200. */
  rejected: z
    .array(
      z.object({
        serial: z.string(),
        station: z.string(),
        at: z.int(),
        tries: z.int(),
        /** The result that was farthest from what is usual in the shift (90 % of them lie from `low` to `high`), where one was far from it. */
        why: z
          .object({
            signal: z.string(),
            name: z.string(),
            unit: z.string().optional(),
            value: z.number(),
            low: z.number(),
            high: z.number(),
          })
          .optional(),
      }),
    )
    .readonly(),
  /** Of documents of the plant, oldest first. */
  changes: z.array(z.object({ at: z.int(), title: messageShape, by: z.string() })).readonly(),
  /** Parameters of the model of the line that differ from before. */
  drifts: z
    .array(z.object({ station: z.string(), name: z.string(), unit: z.string(), before: z.number(), recent: z.number(), n: z.number() }))
    .readonly(),
  driftsSince: z.int().optional(),
  notes: z.array(HandoverNote).readonly(),
  /** Open up to the end of the shift, of it and of shifts before it, oldest first; with those that were done in it. */
  items: z.array(HandoverNote).readonly(),
  signatures: z.array(HandoverSignature).readonly(),
  /** Of a closed shift whose figures are others by now: what was known when it was closed, and when that was. */
  revised: z.object({ at: z.int(), figures: SignedFigures }).optional(),
});
export type ShiftPage = z.output<typeof ShiftPage>;

export const page = endpoint({
  id: "shiftPage.page",
  route: "GET /shift-page",
  people: { as: "author" },
  summary: "A shift of a line: result against plan and like shifts, alarms, rejected parts, changes, drifts, and its handover",
  action: "read",
  branch: "query.branch",
  query: branch.extend({
    line,
    /** Beginning of the shift; it is shown as it is known now. */
    shift: instant.optional(),
    /** Of the shift that ran then, as it stood; without one: now. */
    t: instant.optional(),
  }),
  answer: ShiftPage,
  errors: ["DW_NOT_FOUND"],
});

export const addNote = endpoint({
  id: "shiftPage.addNote",
  route: "POST /shift-notes",
  people: { as: "author" },
  summary: "Write a note, or an open item, for the next shift",
  action: "enter",
  branch: "query.branch",
  query: branch,
  body: z.object({ line, shift: instant, text: z.string().trim().min(1).max(4_000), isItem: z.boolean() }),
  answer: HandoverNote,
  status: 201,
  errors: ["DW_NOT_FOUND"],
});

export const closeItem = endpoint({
  id: "shiftPage.closeItem",
  route: "PUT /shift-notes/:id/done",
  people: { as: "author" },
  summary: "Say that an open item is done, or that it is open again",
  action: "enter",
  branch: "query.branch",
  subject: "params.id",
  query: branch,
  body: z.object({ isDone: z.boolean() }),
  answer: HandoverNote,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const sign = endpoint({
  id: "shiftPage.sign",
  route: "POST /shift-signatures",
  people: { as: "signature" },
  summary: "Sign the handover of a shift: that it was handed over, or taken over",
  action: "enter",
  branch: "query.branch",
  presence: 600,
  query: branch,
  body: z.object({
    line,
    shift: instant,
    role: z.enum(ROLES),
    /** What the signer had before him: refused where it is something else by now. */
    seen: z.object({ good: z.number(), revision: z.int(), notes: z.int() }),
  }),
  answer: HandoverSignature,
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

const OwnMail = z.object({
  /** The caller gets the signed handovers of the line. */
  isOn: z.boolean(),
  /** There is a mail server, and the caller gave an address. */
  isReachable: z.boolean(),
});

export const mail = endpoint({
  id: "shiftPage.mail",
  route: "GET /shift-mail",
  people: { as: "self" },
  summary: "Whether the caller gets the signed handovers of a line by mail",
  action: "read",
  query: z.object({ line }),
  answer: OwnMail,
  errors: ["DW_NOT_FOUND"],
});

export const setMail = endpoint({
  id: "shiftPage.setMail",
  route: "PUT /shift-mail",
  people: { as: "self" },
  summary: "Get the signed handovers of a line by mail, with what the caller may read at that moment, or get them no more",
  action: "enter",
  body: z.object({ line, isOn: z.boolean() }),
  answer: OwnMail,
  errors: ["DW_NOT_FOUND", "DW_FORBIDDEN"],
});
