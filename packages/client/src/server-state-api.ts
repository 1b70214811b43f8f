import type { Message } from "@doppelwerk/messages";
import type { Requester } from "./request.ts";

/** Read every ten seconds for the last hour; the last point is the newest. */
export interface ServerSeries {
  readonly now: number;
  readonly points: readonly number[];
}

/** The state of a server, as `GET /server` describes it. Times are microseconds since 1970. */
export interface ServerState {
  readonly at: number;
  readonly startedAt: number;
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  /** What somebody should look at, errors first. */
  readonly attention: readonly { readonly level: "error" | "warning"; readonly message: Message }[];
  readonly rates: Readonly<Record<"samplesPerSecond" | "droppedPerSecond" | "requestsPerSecond" | "cores" | "heapBytes", ServerSeries>>;
  readonly latencies: {
    readonly requests?: { readonly count: number; readonly p50Ms: number; readonly p95Ms: number; readonly failed: number };
    readonly eventLoopP99Ms: number;
    readonly samplesP95Ms?: number;
    /** From a value at its connector to the frame of a window, by the view that drew it. */
    readonly frames: readonly { readonly view: string; readonly count: number; readonly p50Ms: number; readonly p95Ms: number }[];
  };
  readonly queues: readonly {
    readonly name: "intake" | "events" | "viewers" | "transparency" | "telemetry";
    readonly waiting: number;
    readonly dropped: number;
  }[];
  readonly store: {
    readonly freeBytes?: number;
    readonly parts: readonly { readonly name: string; readonly bytes: number; readonly files: number }[];
  };
  /** `at`: everything before is in the last backup. */
  readonly backup?: { readonly at?: number; readonly everyHours?: number };
  /** Of a list that is read once a day; absent where none is. */
  readonly releases?: {
    readonly address: string;
    readonly at?: number;
    readonly newer?: { readonly version: string; readonly published: string; readonly isSecurity: boolean };
    readonly failure?: Message;
  };
  readonly worlds: readonly { readonly name: string; readonly state: string }[];
  readonly connections: readonly {
    readonly name: string;
    readonly protocol: string;
    readonly state: string;
    readonly samplesPerSecond: number;
  }[];
  /** What others stated about the transparency log. */
  readonly proof?: readonly {
    readonly kind: "cosigned" | "stamped" | "anchored";
    readonly at?: number;
    readonly entries?: number;
    readonly failure?: Message;
  }[];
  /** `failure`: why it could not be renewed the last time. */
  readonly certificates: readonly {
    readonly of: "https" | "authority" | "machine" | "connection" | "given" | "plant" | "provider";
    readonly name: string;
    readonly until: number;
    readonly failure?: Message;
  }[];
  /** Where traces are sent to; `failing` while they are not taken. */
  readonly telemetry?: {
    readonly address: string;
    readonly exported: number;
    readonly failing?: { readonly since: number; readonly reason: string };
  };
  /** Where the security log is sent to; `waiting`: entries that the address is not known to have. */
  readonly forwarding?: {
    readonly address: string;
    readonly sent: number;
    readonly waiting: number;
    readonly failing?: { readonly since: number; readonly reason: string };
  };
  /** By how many milliseconds a server of time is ahead of the clock of the server. */
  readonly clock?: { readonly server: string; readonly aheadMs?: number; readonly failure?: string };
  /** What judges files before they are stored. */
  readonly scanner?: {
    readonly address: string;
    readonly scanned: number;
    readonly found: number;
    readonly unscanned: number;
    readonly failing?: { readonly since: number; readonly reason: string };
  };
  readonly signIns?: { readonly open: number; readonly failedLastHour: number; readonly failedLastDay: number };
  readonly log: readonly { readonly at: number; readonly level: "warn" | "error" | "fatal"; readonly text: string }[];
}

export interface ServerStateCalls {
  /** For who administers the server. Errors: DW_FORBIDDEN. */
  serverState(call?: { readonly signal?: unknown }): Promise<ServerState>;
}

export function serverStateCalls(requester: Requester): ServerStateCalls {
  return { serverState: (call) => requester.json("GET", "/server", call) };
}
