import { endpoint, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";

/** Times are microseconds since 1970. */
const time = z.int();

/** A figure that is read every ten seconds for the last hour; the last point is the newest. */
const series = z.object({ now: z.number(), points: z.array(z.number()).readonly() });

/** What waits where, and what was given up since the start because too much waited. */
const queue = z.object({ name: z.enum(["intake", "events", "viewers", "transparency", "telemetry"]), waiting: z.int(), dropped: z.int() });

export const serverStateShape = z.object({
  at: time,
  startedAt: time,
  version: z.string(),
  node: z.string(),
  platform: z.string(),
  /** What somebody should look at, the most urgent first. */
  attention: z.array(z.object({ level: z.enum(["error", "warning"]), message: messageShape })).readonly(),
  rates: z.object({
    samplesPerSecond: series,
    droppedPerSecond: series,
    requestsPerSecond: series,
    /** Processor time a second; 1 is a whole core. */
    cores: series,
    heapBytes: series,
  }),
  latencies: z.object({
    /** Answers of the last minute or two, in milliseconds; absent where none was asked for. */
    requests: z.object({ count: z.int(), p50Ms: z.number(), p95Ms: z.number(), failed: z.int() }).optional(),
    /** How much later than due the event loop came to a timer, 99th percentile of the last minute or two. */
    eventLoopP99Ms: z.number(),
    /** From a value's arrival at the connection until it was handed to the viewers; absent where none came. */
    samplesP95Ms: z.number().optional(),
    /**
     * From a value's arrival at its connector until a window had drawn it, by the view of the window, as measured of about one batch a second in the last
     * minute or two.
     */
    frames: z.array(z.object({ view: z.string(), count: z.int(), p50Ms: z.number(), p95Ms: z.number() })).readonly(),
  }),
  queues: z.array(queue).readonly(),
  store: z.object({
    freeBytes: z.number().optional(),
    /** Of the data folder, by what is in them, the largest first; of up to a minute ago. */
    parts: z.array(z.object({ name: z.string(), bytes: z.number(), files: z.int() })).readonly(),
  }),
  /** Of the data folder: everything before `at` is in the last backup, absent where none was made; `everyHours`: how often one is expected. */
  backup: z.object({ at: time.optional(), everyHours: z.number().optional() }).optional(),
  /** Of the list of releases at `address`, which is read once a day; absent where none is read. `isSecurity`: a release above the one that runs closes a hole. */
  releases: z
    .object({
      address: z.string(),
      at: time.optional(),
      newer: z.object({ version: z.string(), published: z.string(), isSecurity: z.boolean() }).optional(),
      failure: messageShape.optional(),
    })
    .optional(),
  worlds: z.array(z.object({ name: z.string(), state: z.string() })).readonly(),
  connections: z.array(z.object({ name: z.string(), protocol: z.string(), state: z.string(), samplesPerSecond: z.number() })).readonly(),
  /** Where traces are sent to; absent where they are not. */
  telemetry: z
    .object({
      address: z.string(),
      exported: z.int(),
      /** Present while the address takes nothing. */
      failing: z.object({ since: time, reason: z.string() }).optional(),
    })
    .optional(),
  /** Where the security log is sent to; absent where it is not. */
  forwarding: z
    .object({
      address: z.string(),
      /** Events that the receiver has, of this run. */
      sent: z.int(),
      /** Entries that it is not known to have yet. */
      waiting: z.int(),
      /** Present while the address takes nothing. */
      failing: z.object({ since: time, reason: z.string() }).optional(),
    })
    .optional(),
  /** The clock of this machine against a server of time, by how many milliseconds that is ahead; absent where none is asked. */
  clock: z.object({ server: z.string(), aheadMs: z.number().optional(), failure: z.string().optional() }).optional(),
  /** What judges files before they are stored; absent where nothing does. Counts are of this run. */
  scanner: z
    .object({
      address: z.string(),
      scanned: z.int(),
      found: z.int(),
      /** Stored without a judgement, where that is allowed. */
      unscanned: z.int(),
      /** Present while it does not answer. */
      failing: z.object({ since: time, reason: z.string() }).optional(),
    })
    .optional(),
  certificates: z
    .array(
      z.object({
        /** `given`: stored as a secret by somebody; `plant`: of a server that somebody trusts; `provider`: the authority of one of the company. */
        of: z.enum(["https", "authority", "machine", "connection", "given", "plant", "provider"]),
        name: z.string(),
        until: time,
        /** Why it could not be renewed the last time. */
        failure: messageShape.optional(),
      }),
    )
    .readonly(),
  /** Absent on a server without accounts. */
  signIns: z.object({ open: z.int(), failedLastHour: z.int(), failedLastDay: z.int() }).optional(),
  /** What others stated about the transparency log: how long ago each was received, and whether the last attempt failed. Absent where nobody is asked. */
  proof: z
    .array(
      z.object({
        kind: z.enum(["cosigned", "stamped", "anchored"]),
        at: time.optional(),
        entries: z.int().optional(),
        failure: messageShape.optional(),
      }),
    )
    .readonly()
    .optional(),
  /** Lines of the log at `warn` and above, the newest first. */
  log: z.array(z.object({ at: time, level: z.enum(["warn", "error", "fatal"]), text: z.string() })).readonly(),
});
export type ServerState = z.infer<typeof serverStateShape>;

export const readServerState = endpoint({
  id: "kernel.serverState",
  route: "GET /server",
  summary: "The state of this server: rates, queues, latencies, storage, certificates, sign-ins, log, and what needs attention",
  action: "administer",
  answer: serverStateShape,
});

export const readDiagnostics = endpoint({
  id: "kernel.diagnostics",
  route: "GET /server/diagnostics",
  summary:
    "One file for whoever looks for a fault: state, metrics, log, features and packs of this server, without secrets and without values of the plant",
  action: "administer",
  answer: { octets: "application/json" },
});

export const serverStateContract = [readServerState, readDiagnostics] as const;
