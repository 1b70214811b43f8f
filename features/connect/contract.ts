import { endpoint, instant, topic, z } from "@doppelwerk/kit";
import { STATE_CAUSES, STATION_STATES } from "@doppelwerk/operations";
import { messageShape } from "@doppelwerk/ports";
import {
  ConnectionDetail,
  ConnectionPatch,
  ConnectionStatus,
  ConnectRequest,
  DeclaredSignal,
  InterfaceFinding,
  KnownCertificate,
  PlantOffer,
  PlantRequest,
  PresentValue,
  PushAnswer,
  PushRequest,
  Identity,
  Secret,
  SeverityMapping,
  SignalPatch,
  Submodel,
  ValuesRequest,
} from "./connection-shapes.ts";

export { PlantOffer, PlantRequest } from "./connection-shapes.ts";

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
  /** The name that the plant gives to the number. */
  name: z.string().optional(),
  /** What its name seems to mean, where nobody gave it a meaning. */
  proposed: z.object({ state, cause }).optional(),
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

const written = z.object({ revision: z.int(), at: time, name: z.string(), reason: z.string(), message: messageShape.optional() });
const MappingVersion = z.object({
  version: z.int(),
  /** Absent: since the record began. */
  from: time.optional(),
  words: z.record(z.string(), z.object({ state, cause })),
  blockedBit: z.boolean(),
  starvedBit: z.boolean(),
  neighbours: z.boolean(),
  /** Who wrote it, when and why; absent where the log tells nothing of it to the caller. */
  written: written.optional(),
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
  /** Numbers that the plant names and that did not occur in the span. */
  unseen: z.array(RawWord).readonly(),
  /** Words beyond the longest five hundred. */
  more: z.int(),
  /** The record holds more than is looked through. */
  cut: z.boolean(),
});

/** What a raw state means at one station, and who said so. */
export const RawStateAtStation = z.object({
  station: z.string(),
  label: z.string(),
  code: z.string(),
  /** The name that the plant gives to the number. */
  name: z.string().optional(),
  state,
  cause,
  by: z.enum(["mapping", "standard", "nothing"]),
  /** Times it began, and how long it was the state, in the span. */
  count: z.int(),
  seconds: z.number(),
  /** The version of the mapping that gave it this meaning, the instant that version applies from (absent: since the record began), and who wrote it. */
  version: z.int().optional(),
  since: time.optional(),
  written: written.optional(),
});
export type RawStateAtStation = z.output<typeof RawStateAtStation>;

export const RawStates = z.object({
  /** Those that a mapping or the plant names, with the number of stations; at most five hundred. */
  codes: z.array(z.object({ code: z.string(), name: z.string().optional(), stations: z.int() })).readonly(),
  rows: z.array(RawStateAtStation).readonly(),
  /** Rows beyond five hundred. */
  more: z.int(),
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

export const rawStates = endpoint({
  id: "connect.rawStates",
  route: "GET /raw-states",
  summary: "What a raw state means at each station that has it, by its code or the name that the plant gives it, and who said so",
  action: "read",
  query: z.object({ code: z.string().trim().min(1).max(200).optional(), days: days(60, 14) }),
  answer: RawStates,
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

export const list = endpoint({
  id: "connect.list",
  route: "GET /connections",
  summary: "Connections and their state",
  action: "read",
  tool: { name: "connections", effect: "read", description: "Connections to plants: their state, what is lost of them, what is wrong." },
  answer: z.array(ConnectionStatus),
});

export const connectPlant = endpoint({
  id: "connect.connect",
  route: "POST /connections",
  summary: "Take what a plant offers as signals: OPC UA, MQTT, Sparkplug, Modbus TCP, HTTP, MTConnect, SHDR",
  action: "administer",
  body: ConnectRequest,
  answer: ConnectionStatus,
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const browse = endpoint({
  id: "connect.browse",
  route: "POST /connections/browse",
  summary: "What a plant offers, without taking it",
  action: "administer",
  body: PlantRequest,
  answer: PlantOffer,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const values = endpoint({
  id: "connect.values",
  route: "POST /connections/values",
  summary: "Present values at addresses of a plant that need not be connected",
  action: "administer",
  body: ValuesRequest,
  answer: z.array(PresentValue.nullable()),
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const get = endpoint({
  id: "connect.get",
  route: "GET /connections/:id",
  summary: "A connection as it is described, with what was lost and how its clocks were corrected",
  action: "read",
  subject: "params.id",
  answer: ConnectionDetail,
  errors: ["DW_NOT_FOUND"],
});

export const change = endpoint({
  id: "connect.change",
  route: "PATCH /connections/:id",
  summary: "Change name, settings or secret of a connection, switch it, or allow commands to its plant",
  action: "administer",
  subject: "params.id",
  body: ConnectionPatch,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const offer = endpoint({
  id: "connect.offer",
  route: "POST /connections/:id/browse",
  summary: "What the plant of a connection offers now: values, methods, conditions",
  action: "administer",
  subject: "params.id",
  /** `untaken`: addresses of the values that are no signals of the connection yet. */
  answer: PlantOffer.extend({ untaken: z.array(z.string()).readonly() }),
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const take = endpoint({
  id: "connect.take",
  route: "POST /connections/:id/signals",
  summary: "Take values that the plant of a connection offers and that are no signals of it yet: those at these addresses, or all",
  action: "administer",
  subject: "params.id",
  body: z.strictObject({ addresses: z.array(z.string().max(2_000)).min(1).max(100_000).optional() }),
  answer: z.object({ taken: z.int() }),
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const takeAlarms = endpoint({
  id: "connect.takeAlarms",
  route: "POST /connections/:id/alarms",
  summary: "Take the conditions that a plant reports as alarms, with the priorities a person gives to their severities",
  action: "administer",
  subject: "params.id",
  body: SeverityMapping,
  answer: z.object({ taken: z.int(), changed: z.int() }),
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const signals = endpoint({
  id: "connect.signals",
  route: "GET /connections/:id/signals",
  summary: "Signals of a connection with what is declared of them",
  action: "read",
  subject: "params.id",
  query: z.object({
    search: z.string().max(200).default(""),
    limit: z.coerce.number().int().min(1).max(1_000).default(100),
    offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  }),
  answer: z.object({ total: z.int(), signals: z.array(DeclaredSignal).readonly() }),
  errors: ["DW_NOT_FOUND"],
});

export const findings = endpoint({
  id: "plant.findings",
  route: "GET /connections/:id/findings",
  summary: "What is wrong with the interface descriptions of the connection; at most fifty, and how many more",
  action: "read",
  subject: "params.id",
  answer: z.object({ findings: z.array(InterfaceFinding).readonly(), more: z.int() }),
  errors: ["DW_NOT_FOUND"],
});

export const interfaceOf = endpoint({
  id: "connect.interface",
  route: "GET /connections/:id/interface",
  summary: "The connection and its signals as an Asset Interfaces Description (IDTA 02017-1-1); without its secret",
  action: "read",
  subject: "params.id",
  answer: Submodel,
  errors: ["DW_NOT_FOUND"],
});

export const describe = endpoint({
  id: "connect.describe",
  route: "POST /connections/:id/interface",
  summary: "Write that description as a submodel, on a shell if one is named",
  action: "administer",
  subject: "params.id",
  /** AAS id of the shell that the submodel is put on; without it it stands alone. */
  body: z.strictObject({ shell: z.string().min(1).max(2_000).optional() }),
  answer: z.object({ submodel: z.string() }),
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const push = endpoint({
  id: "connect.push",
  route: "POST /connections/:id/samples",
  summary: "Bring values: machines with the connection's token, people what they type in; answered when they are on disk",
  // who brings values to a machine's connection proves it by its token; whoever types them in needs the right to enter
  action: "read",
  subject: "params.id",
  body: PushRequest,
  answer: PushAnswer,
  status: 202,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const declareSignal = endpoint({
  id: "connect.declareSignal",
  route: "PATCH /signals/:id",
  summary:
    "Declare what a signal means: type (number or text), unit, band, counter, alive interval, dead band, rate limit; of administrators safety and conditions of commands",
  action: "edit",
  subject: "params.id",
  body: SignalPatch,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const certificates = endpoint({
  id: "connect.certificates",
  route: "GET /certificates",
  summary: "Certificates of OPC UA servers and clients that were met, and what was decided about them",
  action: "administer",
  answer: z.array(KnownCertificate),
});

export const decideCertificate = endpoint({
  id: "connect.decideCertificate",
  route: "PUT /certificates/:thumbprint",
  summary: "Trust or reject the certificate of a server or a client",
  action: "administer",
  body: z.strictObject({ decision: z.enum(["trusted", "rejected", "open"]) }),
  answer: KnownCertificate,
  errors: ["DW_NOT_FOUND"],
});

export const secrets = endpoint({
  id: "connect.secrets",
  route: "GET /secrets",
  summary: "Names of the secrets that connections may use; the secrets themselves never come out",
  action: "administer",
  answer: z.array(z.string()),
});

export const putSecret = endpoint({
  id: "connect.putSecret",
  route: "PUT /secrets/:name",
  summary: "Keep a secret: user and password, token, certificate and key",
  action: "administer",
  body: Secret,
  answer: undefined,
});

export const identity = endpoint({
  id: "connect.identity",
  route: "GET /secrets/:name/identity",
  summary: "The certificates that connections with this secret show; keys never come out",
  action: "administer",
  answer: Identity,
  errors: ["DW_NOT_FOUND"],
});

export const identify = endpoint({
  id: "connect.identify",
  route: "POST /secrets/:name/identity",
  summary:
    "Make keys of this secret, with certificates of this server's authorities for MQTT over TLS and OPC UA; those of before are revoked",
  action: "administer",
  answer: Identity,
  errors: ["DW_NOT_FOUND", "DW_INVALID"],
});

export const removeSecret = endpoint({
  id: "connect.removeSecret",
  route: "DELETE /secrets/:name",
  summary: "Forget a secret",
  action: "administer",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const status = topic({
  id: "connect.status",
  summary: "A connection opened, closed, broke off, or found something",
  action: "read",
  subject: "payload.id",
  payload: ConnectionStatus,
});

export const backfill = topic({
  id: "connect.backfill",
  summary: "How far the archives of plants are read, and what they say derived",
  action: "read",
  payload: z.object({ progress: z.number(), samples: z.int(), done: z.boolean(), unknownBefore: z.int().optional() }),
});
