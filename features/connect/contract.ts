import { endpoint, instant, z } from "@doppelwerk/kit";
import { STATE_CAUSES, STATION_STATES } from "@doppelwerk/operations";

/** Times are microseconds since 1970. */
const time = z.int();
const state = z.enum(STATION_STATES);
const cause = z.enum(STATE_CAUSES);
const days = (most: number, unless: number) => z.coerce.number().int().min(1).max(most).default(unless);

/** A station, and what of its raw words nobody gave a meaning. */
export const StationWords = z.object({
  station: z.string(),
  label: z.string(),
  words: z.int(),
  unmapped: z.int(),
  unmappedS: z.number(),
});

/** A raw word of a station as its record shows it. */
export const RawWord = z.object({
  word: z.string(),
  /** Times it began to stand. */
  count: z.int(),
  seconds: z.number(),
  last: time,
  /** How it is read at the end of the span, without bits and neighbours; `by` says from what. */
  state,
  cause,
  by: z.enum(["mapping", "standard", "nothing"]),
  /** What was concluded while it stood, most first. */
  readAs: z.array(z.object({ state, seconds: z.number() })).readonly(),
});
export type RawWord = z.output<typeof RawWord>;

const MappingVersion = z.object({
  version: z.int(),
  /** Absent: since the record began. */
  from: time.optional(),
  words: z.record(z.string(), z.object({ state, cause })),
  blockedBit: z.boolean(),
  starvedBit: z.boolean(),
  neighbours: z.boolean(),
});

/** A signal as it is declared; what a kind of plant adds of its own is kept. */
const DeclaredSignal = z.looseObject({
  id: z.string(),
  kind: z.literal("signal"),
  name: z.string(),
  valueType: z.string(),
  unit: z.string().optional(),
  connection: z.string().optional(),
  address: z.string().optional(),
  shell: z.string().optional(),
  role: z.string().optional(),
});

export const StationReading = z.object({
  station: z.string(),
  label: z.string(),
  from: time,
  to: time,
  /** The signal whose words are mapped; null: the station has none. */
  signal: z.string().nullable(),
  /** Those with a role at the station that the caller may read. */
  signals: z.array(DeclaredSignal).readonly(),
  mayAdminister: z.boolean(),
  mayEdit: z.boolean(),
  versions: z.array(MappingVersion).readonly(),
  words: z.array(RawWord).readonly(),
  /** Words beyond the longest five hundred. */
  more: z.int(),
  /** The record holds more than is looked through. */
  cut: z.boolean(),
});

const beforeAndAfter = z.object({ before: z.number(), after: z.number() });
export const MappingEffect = z.object({
  from: time,
  to: time,
  /** Seconds in each state, as it is read now and as it would be. */
  states: z.array(z.object({ state, beforeS: z.number(), afterS: z.number() })).readonly(),
  /** Of each shift that the span covers whole. */
  shifts: z
    .array(
      z.object({
        id: z.string(),
        day: z.string(),
        name: z.string(),
        availability: beforeAndAfter.optional(),
        oee: beforeAndAfter.optional(),
      }),
    )
    .readonly(),
});

const meaning = z.strictObject({ state, cause: cause.default("unknown") });
export const MappingEdit = z.strictObject({
  /** Since when it holds; without it for the whole record. */
  from: instant.optional(),
  /** Word → meaning; null takes it away. */
  words: z.record(z.string().min(1).max(200), meaning.nullable()).optional(),
  blockedBit: z.boolean().optional(),
  starvedBit: z.boolean().optional(),
  neighbours: z.boolean().optional(),
  /** Number of the newest version that was looked at: a mapping that someone changed meanwhile is not overwritten. */
  expected: z.number().int().min(0).optional(),
  reason: z.string().trim().max(500).optional(),
});
export type MappingEdit = z.output<typeof MappingEdit>;

export const states = endpoint({
  id: "connect.states",
  route: "GET /states",
  summary: "Stations, and what of their raw words nobody gave a meaning",
  action: "read",
  query: z.object({ days: days(60, 14) }),
  answer: z.array(StationWords),
});

export const stationStates = endpoint({
  id: "connect.stationStates",
  route: "GET /states/:station",
  summary: "The raw words of a station in its record, what each means and was read as, and the versions of its mapping",
  action: "read",
  query: z.object({ days: days(60, 14) }),
  answer: StationReading,
  errors: ["DW_NOT_FOUND"],
});

export const mappingEffect = endpoint({
  id: "connect.mappingEffect",
  route: "POST /states/:station/effect",
  summary: "What another mapping would make of the record: seconds in each state and the shifts, before and after; nothing is written",
  action: "read",
  body: MappingEdit.extend({ days: z.number().int().min(1).max(14).default(2) }),
  answer: MappingEffect,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const editMapping = endpoint({
  id: "connect.editMapping",
  route: "PATCH /states/:station",
  summary: "Give raw words and bits of a station a meaning, from an instant on or for the whole record; the version before is kept",
  action: "edit",
  body: MappingEdit,
  answer: z.object({ version: z.int(), changed: z.boolean() }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
