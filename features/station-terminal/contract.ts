import { endpoint, localText, z } from "@doppelwerk/kit";
import { HELP_REASONS, messageShape } from "@doppelwerk/ports";
import { BadgeFields } from "./model/badge-kind.ts";
import { DefectFields } from "./model/defect-kind.ts";
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
    entries: z.array(TerminalEntry).min(1).max(MAX_ENTRIES).readonly(),
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
