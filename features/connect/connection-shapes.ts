import { z, type Json } from "@doppelwerk/kit";
import type { Submodel as AasSubmodel } from "@doppelwerk/aas";
import { connectionStatusShape, messageShape } from "@doppelwerk/ports";
import type { ConnectionProtocol } from "@doppelwerk/world";
import { fault, message } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";

// Shapes of connections, of what plants offer, and of what people declare of signals. Times are microseconds since 1970.

const PROTOCOLS = [
  "opcua",
  "sparkplug",
  "mqtt",
  "modbus",
  "s7",
  "mtconnect",
  "shdr",
  "http",
  "csv",
  "sql",
  "push",
  "entered",
  "replay",
  "world",
] as const satisfies readonly ConnectionProtocol[];

const VALUE_TYPES = ["double", "integer", "boolean", "string", "enumeration"] as const;
const value = z.union([z.number(), z.boolean(), z.string()]);
const settings = z.record(z.string().max(100), z.json()) as z.ZodType<Readonly<Record<string, Json>>, Readonly<Record<string, Json>>>;

/** A plant to look at. */
export const PlantRequest = z.strictObject({
  url: z.string().min(1).max(2_000),
  /** Only where the address does not say it: `sparkplug` on a broker, `http` or `mtconnect`. */
  protocol: z.enum(PROTOCOLS).optional(),
  /** How it is spoken to; the shape is the protocol's (docs/guide/connectors.md). Never a secret. */
  settings: settings.optional(),
  /** Name of a secret that was put before. */
  secret: z.string().max(64).optional(),
  /** Seconds to listen where a plant speaks by itself. */
  listenS: z.number().min(0.1).max(120).optional(),
});
export type PlantRequest = z.output<typeof PlantRequest>;

export const ConnectRequest = PlantRequest.extend({
  name: z.string().trim().min(1).max(120),
  /** Only these of what the plant offers become signals; absent = all. */
  addresses: z.array(z.string().max(2_000)).min(1).max(100_000).optional(),
});

/** A plant as in a request, or one that is connected, and what of it is looked at. */
export const ValuesRequest = PlantRequest.omit({ listenS: true }).extend({ addresses: z.array(z.string().max(2_000)).min(1).max(500) });

export const ConnectionPatch = z
  .strictObject({
    name: z.string().trim().min(1).max(120).optional(),
    enabled: z.boolean().optional(),
    settings: settings.optional(),
    secret: z.string().max(64).optional(),
    /** Whether commands may be written to the plant; off until someone says so. */
    allowCommands: z.boolean().optional(),
    /** Whether who confirms a command must just have proved to be there. */
    commandPresence: z.boolean().optional(),
    /** Where its values come from, when it is no plant but simulates or replays one. */
    origin: z.enum(["measured", "simulated", "replayed"]).optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, fault(message("connect.nothingToChange")));

/** What a plant wants to see before it speaks: at least one of these. PEM texts for certificate and key. */
export const Secret = z.strictObject({
  username: z.string().max(1_000).optional(),
  password: z.string().max(10_000).optional(),
  token: z.string().max(20_000).optional(),
  certificate: z.string().max(100_000).optional(),
  privateKey: z.string().max(100_000).optional(),
});

/** Keys of a secret that this server made, by what may be shown of them. */
export const Identity = z.object({
  /** did:key, the URI in both certificates. */
  did: z.string(),
  /** PEM; for MQTT. */
  certificate: z.string(),
  /** PEM, with its authority; of the application, for OPC UA. */
  opcuaCertificate: z.string(),
  /** ISO 8601. */
  until: z.string(),
  /** When the server renews them by itself. */
  renew: z.string(),
});

export const PushRequest = z.strictObject({
  /** They waited at the sender: each has its time, which says nothing of a clock. */
  late: z.boolean().optional(),
  /** The sender judged the times (µs) by its own clock and may send the values again: they are not corrected. */
  judged: z.boolean().optional(),
  values: z
    .array(
      z.strictObject({
        address: z.string().max(500),
        value: z.union([z.number(), z.string().max(100_000), z.boolean(), z.null()]),
        /** ISO 8601, or s, ms, µs or ns since 1970; absent = now. */
        time: z.union([z.string().max(60), z.number()]).optional(),
        quality: z.enum(["good", "uncertain", "bad"]).optional(),
      }),
    )
    .min(1)
    .max(50_000),
});

export const PushAnswer = z.object({
  /** Taken, and on disk unless thinned. */
  accepted: z.int(),
  /** Of the accepted: held back by a dead band or a limit of rate that the signal declares. */
  thinned: z.int().optional(),
  /** What was not taken and why, the first hundred. */
  refused: z.array(z.object({ address: z.string(), why: z.string(), message: messageShape })).readonly(),
});

/** A connection and how it stands. */
export const ConnectionStatus = connectionStatusShape;

export const ConnectionDetail = z.object({
  id: z.string(),
  name: z.string(),
  protocol: z.enum(PROTOCOLS),
  url: z.string(),
  enabled: z.boolean(),
  settings: settings.optional(),
  /** Name of its secret. */
  secret: z.string().optional(),
  demo: z.boolean(),
  origin: z.enum(["measured", "simulated", "replayed", "entered", "derived"]),
  allowCommands: z.boolean(),
  commandPresence: z.boolean(),
  /** Whether its protocol can be commanded at all. */
  commandable: z.boolean(),
  /** Whether an Asset Interfaces Description has words for its protocol. */
  describable: z.boolean(),
  /** AAS ids of the Asset Interfaces Descriptions in the world that say so. */
  describedBy: z.array(z.string()).readonly(),
  /** It was described, and every description was deleted since. */
  undescribed: z.boolean(),
  mayAdminister: z.boolean(),
  drops: z
    .array(
      z.object({
        why: z.string(),
        count: z.int(),
        message: messageShape.optional(),
        told: messageShape.optional().describe("deprecated: use message"),
      }),
    )
    .readonly(),
  /** Newest first: from this server time on raw time = source time + offset. */
  clockOffsets: z.array(z.object({ source: z.string(), offsetS: z.number(), at: z.int() })).readonly(),
});
export type ConnectionDetail = z.output<typeof ConnectionDetail>;

/** A signal with what is declared of it, and how it stands; what a kind of plant adds of its own is kept. */
export const DeclaredSignal = z.looseObject({
  id: z.string(),
  kind: z.literal("signal"),
  name: z.string(),
  names: z.record(z.string(), z.string()).readonly().optional(),
  valueType: z.enum(VALUE_TYPES),
  /** Names of its numbers, as the plant gives them; absent = it gives none. */
  enumeration: z
    .array(z.object({ value: z.int(), name: z.string() }))
    .readonly()
    .optional(),
  /** Width of its unsigned integer type: a counter rolls over there unless its own width says otherwise. */
  unsignedBits: z.literal([8, 16, 32]).optional(),
  unit: z.string().optional(),
  connection: z.string().optional(),
  address: z.string().optional(),
  element: z.string().optional(),
  shell: z.string().optional(),
  role: z.string().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  resolution: z.number().optional(),
  scale: z.number().optional(),
  counter: z.object({ type: z.enum(["totaliser", "shiftReset"]), width: z.literal([16, 32]).optional() }).optional(),
  aliveS: z.number().optional(),
  deadband: z.number().optional(),
  minIntervalS: z.number().optional(),
  safety: z.boolean().optional(),
  commandWhen: z
    .array(z.object({ signal: z.string(), equals: value }))
    .readonly()
    .optional(),
  /** Absent before the first sample. Quality: 0 good, 1 uncertain, 2 bad. */
  now: z
    .object({
      value: value.optional(),
      quality: z.literal([0, 1, 2]),
      sourceTime: z.int(),
      serverTime: z.int(),
      origin: z.enum(["measured", "simulated", "replayed", "entered", "derived"]),
    })
    .optional(),
});
export type DeclaredSignal = z.output<typeof DeclaredSignal>;

const positive = z.number().positive().max(31_536_000).nullable().optional();
const bound = z.number().nullable().optional();

/** What a person declares of a signal; null takes the declaration back. */
export const SignalPatch = z
  .strictObject({
    name: z.string().trim().min(1).max(200).optional(),
    /** Of a number or a text: as what its values are stored from now on. A text keeps every digit. */
    valueType: z.enum(["double", "integer", "string"]).optional(),
    /** null = unknown, and stays unknown. */
    unit: z.string().trim().min(1).max(50).nullable().optional(),
    low: bound,
    high: bound,
    resolution: positive,
    counter: z
      .strictObject({ type: z.enum(["totaliser", "shiftReset"]), width: z.literal([16, 32]).optional() })
      .nullable()
      .optional(),
    aliveS: positive,
    deadband: z.number().nonnegative().max(1e12).nullable().optional(),
    minIntervalS: positive,
    safety: z.boolean().nullable().optional(),
    commandWhen: z
      .array(z.strictObject({ signal: z.string().min(1).max(200), equals: z.union([z.number(), z.boolean(), z.string().max(200)]) }))
      .max(20)
      .nullable()
      .optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, fault(message("messages.nothingToChange")));
export type SignalPatch = z.output<typeof SignalPatch>;

const severity = z.int().min(1).max(1_001);

/**
 * What a person decided: the least severity (OPC UA Part 5, 6.4.2: 1–1000) of priorities 1 to 3 of ISA-18.2; below all of them is 4. 1001 = none.
 * `addresses` = only these conditions.
 */
export const SeverityMapping = z
  .strictObject({
    urgentFrom: severity,
    highFrom: severity,
    lowFrom: severity,
    addresses: z.array(z.string().max(2_000)).max(10_000).optional(),
  })
  .refine(({ urgentFrom, highFrom, lowFrom }) => urgentFrom >= highFrom && highFrom >= lowFrom, fault(message("connect.severityOrder")));
export type SeverityMapping = z.output<typeof SeverityMapping>;

/** One argument of a method; not supported = it cannot be typed in, and the method not be called. */
const PlantArgument = z.object({
  name: z.string(),
  dataType: z.string(),
  array: z.literal(true).optional(),
  description: z.string().optional(),
  supported: z.boolean(),
});

/** A value that a plant offers. */
export const PlantDraft = z.object({
  name: z.string(),
  /** Names from the root of the plant's own tree down. */
  path: z.array(z.string()).readonly(),
  address: z.string(),
  valueType: z.enum(VALUE_TYPES),
  unit: z.string().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  enumeration: z
    .array(z.object({ value: z.number(), name: z.string() }))
    .readonly()
    .optional(),
  description: z.string().optional(),
  /** What was last said of it, when the plant said something. */
  example: z.string().optional(),
  writable: z.boolean(),
  hasHistory: z.boolean(),
  role: z.string().optional(),
  scale: z.number().optional(),
  counter: z.object({ type: z.enum(["totaliser", "shiftReset"]), width: z.literal([16, 32]).optional() }).optional(),
  deadband: z.number().optional(),
  minIntervalS: z.number().optional(),
});

const typeName = z.object({ namespace: z.string(), name: z.string() });

/** What a plant offers, to be looked at before anything of it is taken. */
export const PlantOffer = z.object({
  protocol: z.enum(PROTOCOLS),
  serverName: z.string(),
  namespaces: z.array(z.string()).readonly(),
  drafts: z.array(PlantDraft).readonly(),
  /** What cannot be a signal, by reason. */
  skipped: z.array(z.object({ reason: z.string(), message: messageShape, count: z.int() })).readonly(),
  /** A bound was reached: there is more. */
  truncated: z.boolean(),
  objects: z
    .array(
      z.object({
        path: z.array(z.string()).readonly(),
        type: typeName.optional(),
        supertypes: z.array(typeName).readonly().optional(),
        displayName: z.string().optional(),
        properties: z.record(z.string(), z.string()).readonly().optional(),
      }),
    )
    .readonly()
    .optional(),
  methods: z
    .array(
      z.object({
        path: z.array(z.string()).readonly(),
        object: z.string(),
        method: z.string(),
        description: z.string().optional(),
        inputs: z.array(PlantArgument).readonly(),
        outputs: z.array(PlantArgument).readonly(),
      }),
    )
    .readonly()
    .optional(),
  /** Bits of `state`: 1 active, 2 unacknowledged, 4 unconfirmed, 8 disabled. Severity 1–1000, 0 = not reported yet. */
  conditions: z
    .array(
      z.object({ address: z.string(), source: z.string(), name: z.string(), message: z.string(), severity: z.number(), state: z.int() }),
    )
    .readonly()
    .optional(),
  /** In English; `notes` are the same for a screen of any language. */
  remarks: z.array(z.string()).readonly().optional(),
  notes: z.array(messageShape).readonly().optional(),
});
export type PlantOffer = z.output<typeof PlantOffer>;

/** What stands at an address now. Quality: 0 good, 1 uncertain, 2 bad. */
export const PresentValue = z.object({ value: value.optional(), quality: z.literal([0, 1, 2]), time: z.int().optional() });

/** A certificate of a server or a client that was met, and what a person decided about it. */
export const KnownCertificate = z.object({
  /** SHA-1 in hex, as tools of OPC UA show it. */
  thumbprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  applicationUri: z.string().optional(),
  /** ISO 8601. */
  validFrom: z.string(),
  validTo: z.string(),
  decision: z.enum(["open", "trusted", "rejected"]),
  /** Where it was met first: the server's address, or our own that the client asked. */
  url: z.string(),
  met: z.array(z.enum(["server", "client"])).readonly(),
  /** What it was made for. */
  hosts: z.array(z.string()).readonly(),
  /** The server was reached by another name or address than it was made for. */
  otherHost: z.boolean().optional(),
});
export type KnownCertificate = z.output<typeof KnownCertificate>;

/** What is wrong with an interface description. */
export const InterfaceFinding = z.object({
  path: z.string(),
  constraint: z.string(),
  severity: z.enum(["error", "repaired", "warning", "info"]),
  /** In English; `reason` is the same for a screen of any language. */
  message: z.string(),
  reason: messageShape.optional(),
  submodel: z.string(),
});

/** A submodel in the JSON of the metamodel. */
export const Submodel = z
  .object({ modelType: z.literal("Submodel"), id: z.string() })
  .catchall(z.json().optional()) as unknown as z.ZodType<AasSubmodel, AasSubmodel>;
