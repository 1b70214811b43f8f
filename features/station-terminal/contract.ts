import { endpoint, localText, z } from "@doppelwerk/kit";
import { HELP_REASONS, messageShape } from "@doppelwerk/ports";
import { BadgeFields } from "./model/badge-kind.ts";
import { DefectFields } from "./model/defect-kind.ts";
import { InstructionFields } from "./model/instruction-kind.ts";
import { LabelFields } from "./model/label.ts";
import { LIFE_KINDS, LIFE_UNITS, LifeFields } from "./model/life-kind.ts";
import { MAX_ENTRIES, TerminalEntry } from "./model/entry.ts";
import type {} from "./message-codes.ts";

/** Times are microseconds since 1970. */
const branch = z.object({ branch: z.string().max(200).default("live") });
const edit = { action: "edit", branch: "query.branch" } as const;

export const TerminalStation = z.object({ line: z.string(), lineTitle: localText, station: z.string(), title: localText });
export type TerminalStation = z.output<typeof TerminalStation>;

export const stations = endpoint({
  id: "stationTerminal.stations",
  route: "GET /terminal-stations",
  summary: "Stations that a terminal can stand at, line by line",
  action: "read",
  answer: z.array(TerminalStation),
});

/** Somebody who is signed on. */
const Present = z.object({ id: z.string(), person: z.string(), name: z.string().optional(), from: z.int() });

const ShownOrder = z.object({
  id: z.string(),
  product: z.string(),
  ordered: z.number(),
  /** Absent: the end of the line does not count. */
  good: z.number().optional(),
  due: z.int().optional(),
  isRunning: z.boolean(),
});
export type ShownOrder = z.output<typeof ShownOrder>;

const Stop = z.object({
  from: z.int(),
  to: z.int(),
  seconds: z.number(),
  state: z.string(),
  lasts: z.boolean(),
  reason: z.string().optional(),
  isAsked: z.boolean(),
});

const Help = z.object({
  id: z.string(),
  station: z.string(),
  reason: z.enum(HELP_REASONS),
  text: z.string().optional(),
  raisedAt: z.int(),
  owner: z.string().optional(),
  takenAt: z.int().optional(),
  step: z.int(),
});

/** One document a product and station; without a product of any that has none of its own. */
export const Instruction = z.object({ id: z.string(), fields: InstructionFields });
export type Instruction = z.output<typeof Instruction>;

/** What quality said of the first piece of an order in this shift. */
export const FirstPiece = z.object({
  state: z.enum(["missing", "released", "rejected"]),
  /** Whether who asks may release it. */
  mayJudge: z.boolean(),
  at: z.int().optional(),
  by: z.string().optional(),
  note: z.string().optional(),
});
export type FirstPiece = z.output<typeof FirstPiece>;

/** How much of its life a tool, mould or gauge has behind it. */
export const ShownLife = z.object({
  code: z.string(),
  name: z.string(),
  what: z.enum(LIFE_KINDS),
  station: z.string(),
  unit: z.enum(LIFE_UNITS),
  limit: z.number(),
  /** Absent: the station does not count. */
  used: z.number().optional(),
  /** Since when it is counted: its last reset, or its beginning. */
  since: z.int(),
  state: z.enum(["good", "soon", "due", "unknown"]),
});
export type ShownLife = z.output<typeof ShownLife>;

/** Everything that the terminal of a station shows; the device keeps it for when the network is gone. */
export const TerminalPicture = z.object({
  at: z.int(),
  place: TerminalStation,
  signedOn: z.array(Present).readonly(),
  /** Of the line, the one that is made now first. Absent: no orders are known. */
  orders: z.array(ShownOrder).readonly().optional(),
  state: z.object({ state: z.string(), since: z.int() }).optional(),
  stop: Stop.optional(),
  /** The most frequent at this station first. Absent: reasons are not known. */
  reasons: z
    .array(z.object({ code: z.string(), title: localText, group: localText }))
    .readonly()
    .optional(),
  defects: z.array(z.object({ code: z.string(), title: localText })).readonly(),
  /** Of what is made now at this station. */
  instruction: Instruction.optional(),
  /** Where the instruction asks for it. */
  firstPiece: FirstPiece.optional(),
  life: z.array(ShownLife).readonly(),
  /** Absent: nobody can be called. */
  help: z.array(Help).readonly().optional(),
});
export type TerminalPicture = z.output<typeof TerminalPicture>;

export const picture = endpoint({
  id: "stationTerminal.picture",
  route: "GET /terminal-stations/:station",
  people: { as: "presence" },
  summary:
    "What is to be done at a station now: who is signed on, orders, state and stop with the reasons that may be given, defect codes, calls",
  action: "read",
  answer: TerminalPicture,
  errors: ["DW_NOT_FOUND"],
});

/**
 * What became of an entry. `done`: recorded, now or before (`isDuplicate`). `refused`: it never can be, and why. `later`: it could not be now; it and all
 * that follow are to be sent again.
 */
const EntryResult = z.object({
  id: z.string(),
  status: z.enum(["done", "refused", "later"]),
  isDuplicate: z.literal(true).optional(),
  why: messageShape.optional(),
  /** When it happened, by the server's clock. */
  at: z.int().optional(),
  /** Of a sign-on: who it is, and what should be known before the work begins. */
  person: z.object({ id: z.string(), name: z.string() }).optional(),
  findings: z.array(messageShape).readonly().optional(),
});
export type EntryResult = z.output<typeof EntryResult>;

export const enter = endpoint({
  id: "stationTerminal.enter",
  route: "POST /terminal-entries",
  people: { as: "self" },
  summary:
    "Take what was entered at a terminal, in its order, each entry once however often it is sent; times are corrected by the offset of the device's clock",
  action: "enter",
  body: z.object({
    /** The clock of the device when it sends. */
    deviceNow: z.int().min(0).max(8_000_000_000_000_000),
    /** What the device measured of its clock by an exchange before: microseconds that it is ahead, and the error of that. */
    measured: z.object({ offset: z.int(), within: z.int().min(0) }).optional(),
    /** None: only to measure the clock. */
    entries: z.array(TerminalEntry).max(MAX_ENTRIES).readonly(),
  }),
  answer: z.object({
    now: z.int(),
    /** Seconds that the device is ahead; below zero: behind. */
    clockOffsetS: z.number(),
    isWrongClock: z.boolean(),
    results: z.array(EntryResult),
  }),
});

export const Badge = BadgeFields.extend({ id: z.string(), tail: z.string(), isWithdrawn: z.boolean() });
export type Badge = z.output<typeof Badge>;

export const badges = endpoint({
  id: "stationTerminal.badges",
  route: "GET /terminal-badges",
  people: { as: "administration" },
  summary: "Badges and the people that they are of; numbers are not readable",
  action: "administer",
  answer: z.array(Badge),
});

export const storeBadge = endpoint({
  id: "stationTerminal.storeBadge",
  route: "POST /terminal-badges",
  people: { as: "administration" },
  summary: "Give a person a badge; a number that another person had is refused until it is withdrawn",
  action: "administer",
  body: z.object({
    number: z.string().trim().min(4).max(100),
    name: BadgeFields.shape.name,
    /** Id of an account; absent: of somebody without one. */
    person: BadgeFields.shape.person.optional(),
  }),
  answer: Badge,
  status: 201,
  errors: ["DW_CONFLICT"],
});

export const withdrawBadge = endpoint({
  id: "stationTerminal.withdrawBadge",
  route: "DELETE /terminal-badges/:badge",
  summary: "Withdraw a badge: nobody signs on with it any more",
  action: "administer",
  subject: "params.badge",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const DefectCode = z.object({ code: z.string(), fields: DefectFields, isStored: z.boolean() });
export type DefectCode = z.output<typeof DefectCode>;

export const defectCodes = endpoint({
  id: "stationTerminal.defectCodes",
  route: "GET /defect-codes",
  summary: "Codes of defects of a branch, in their order",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(DefectCode),
});

export const storeDefectCode = endpoint({
  id: "stationTerminal.storeDefectCode",
  route: "PUT /defect-codes/:code",
  summary: "Store a code of defects: a new one, or in place of the one of this code",
  ...edit,
  query: branch,
  body: z.object({ fields: DefectFields }),
  answer: DefectCode,
});

export const removeDefectCode = endpoint({
  id: "stationTerminal.removeDefectCode",
  route: "DELETE /defect-codes/:code",
  summary: "Remove a stored code of defects; one of the product holds again as it was",
  ...edit,
  query: branch,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const instructions = endpoint({
  id: "stationTerminal.instructions",
  route: "GET /work-instructions",
  summary: "Work instructions of a branch: steps by product and station",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(Instruction),
});

export const storeInstruction = endpoint({
  id: "stationTerminal.storeInstruction",
  route: "PUT /work-instructions",
  summary:
    "Store the work instruction of a product at a station, in place of the one that it has; pictures that it has stay where a step names them",
  ...edit,
  query: branch,
  body: z.object({ fields: InstructionFields }),
  answer: Instruction,
});

export const removeInstruction = endpoint({
  id: "stationTerminal.removeInstruction",
  route: "DELETE /work-instructions/:instruction",
  summary: "Remove a work instruction",
  ...edit,
  subject: "params.instruction",
  query: branch,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const setPicture = endpoint({
  id: "stationTerminal.setPicture",
  route: "PUT /work-instructions/:instruction/steps/:step/picture",
  summary: "Give a step of a work instruction its picture (JPEG, PNG or WebP, up to 8 MB)",
  ...edit,
  subject: "params.instruction",
  query: branch,
  body: { octets: "application/octet-stream" },
  answer: Instruction,
  errors: ["DW_NOT_FOUND"],
});

export const stepPicture = endpoint({
  id: "stationTerminal.stepPicture",
  route: "GET /work-instructions/:instruction/pictures/:picture",
  summary: "A picture of a work instruction, by its hash",
  action: "read",
  branch: "query.branch",
  subject: "params.instruction",
  query: branch,
  answer: { octets: "image/png" },
  errors: ["DW_NOT_FOUND"],
});

export const judgeFirstPiece = endpoint({
  id: "stationTerminal.judgeFirstPiece",
  route: "POST /terminal-stations/:station/first-piece",
  people: { as: "signature" },
  summary: "Release or reject the first piece of an order: the others of this shift are made after it was released",
  action: "approve",
  act: { name: "release", title: "stationTerminal.act.release" },
  isDecidedByRecord: true,
  body: z.object({
    product: z.string().trim().min(1).max(200),
    order: z.string().trim().min(1).max(200).optional(),
    serial: z.string().trim().min(1).max(200).optional(),
    verdict: z.enum(["released", "rejected"]),
    note: z.string().trim().max(500).optional(),
  }),
  answer: FirstPiece,
  errors: ["DW_NOT_FOUND"],
});

export const lives = endpoint({
  id: "stationTerminal.lives",
  route: "GET /life-items",
  summary: "Tools, moulds and gauges with how much of their life is used, the most used first",
  action: "read",
  answer: z.array(ShownLife),
});

export const storeLife = endpoint({
  id: "stationTerminal.storeLife",
  route: "PUT /life-items/:code",
  summary: "Store a tool, mould or gauge whose life is counted; without `since` it is counted from now on",
  ...edit,
  query: branch,
  body: z.object({ fields: LifeFields.extend({ since: LifeFields.shape.since.optional() }) }),
  answer: undefined,
});

export const removeLife = endpoint({
  id: "stationTerminal.removeLife",
  route: "DELETE /life-items/:code",
  summary: "Remove a tool, mould or gauge",
  ...edit,
  query: branch,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const label = endpoint({
  id: "stationTerminal.label",
  route: "GET /labels/:format",
  summary:
    "A label with QR code or Code 128 for a serial, lot or order: `pdf`, or `zpl` for label printers; input is never a command of the printer",
  action: "read",
  query: LabelFields.extend({ copies: z.coerce.number().int().min(1).max(100).default(1), language: z.enum(["en", "zh"]).default("en") }),
  answer: { octets: "application/pdf" },
});
