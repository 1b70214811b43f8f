import type { Message } from "@doppelwerk/messages";
import type {
  Branch,
  BranchId,
  Change,
  Enumeration,
  ErrorCode,
  Instant,
  LogEntry,
  Quality,
  RecordId,
  WorldRecord,
} from "@doppelwerk/world";

/** Version of the live protocol. 2: what a feature pushes travels as `topic`. */
export const PROTOCOL_VERSION = 2;
/** A server still answers clients from this version on, and refuses older and newer ones with `refused`. */
export const OLDEST_PROTOCOL = 1;

/** What a person shows to the others in the room. Never stored. */
export interface Presence {
  readonly branch: BranchId;
  /** The subject selected (shell id, station idShort, alarm id …). */
  readonly selection?: string;
  /** Pointer on the plant floor in metres (scene axes), absent when outside the world view. */
  readonly pointer?: readonly [number, number, number];
  /** Name of the view, for example `world`, `board`. */
  readonly view?: string;
  /** The instant looked at; absent = live. */
  readonly at?: Instant;
  /** Element record being edited right now. */
  readonly editing?: RecordId;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly verified: boolean;
  readonly color: string;
  readonly presence: Presence;
}

/** Row of the signal table: position = index used in binary frames of this connection. */
export interface SignalEntry {
  readonly id: RecordId;
  readonly name: string;
  /** The name by language tag, where the plant gives it in more than one. */
  readonly names?: Readonly<Record<string, string>>;
  readonly valueType: string;
  /** Names of its numbers, of a truth value those of 1 and 0; each number once. */
  readonly enumeration?: Enumeration;
  readonly unit?: string;
  readonly shell?: string;
  readonly role?: string;
  readonly low?: number;
  readonly high?: number;
  readonly resolution?: number;
  readonly demo?: boolean;
}

/** Client to server, JSON text frames. The first must be `hello`. */
export type ClientMessage =
  | {
      readonly kind: "hello";
      readonly protocol: number;
      readonly name: string;
      readonly client: string;
      readonly branch: BranchId;
      readonly sinceRevision?: number;
      /** Newest version of samples frames that the client reads; absent = 1. */
      readonly samplesFrame?: number;
      /** Whether the client says when it has drawn a frame that is followed. */
      readonly reportsFrames?: boolean;
    }
  | { readonly kind: "subscribe"; readonly signals: "all" | readonly RecordId[] }
  | { readonly kind: "documents"; readonly branch: BranchId; readonly kinds?: readonly string[] }
  | { readonly kind: "presence"; readonly presence: Presence }
  | {
      readonly kind: "push";
      readonly clientId: string;
      readonly branch: BranchId;
      readonly reason: string;
      readonly changes: readonly Change[];
    }
  | { readonly kind: "undo"; readonly clientId: string; readonly branch: BranchId }
  | ({ readonly kind: "shown" } & ShownFrame)
  | { readonly kind: "ping"; readonly t: number };

/** When a followed frame came and was drawn, and when this is said: microseconds of a clock of the client that only goes on. */
export interface ShownFrame {
  /** As the message before the frame said. */
  readonly trace: string;
  readonly receivedAt: number;
  readonly drawnAt: number;
  readonly reportedAt: number;
  /** Name of the view that drew it. */
  readonly view?: string;
}

/** Server to client, JSON text frames; samples travel in binary frames (see `samples-frame.ts`). */
export type ServerMessage =
  | {
      readonly kind: "welcome";
      readonly protocol: number;
      readonly self: Person;
      readonly world: string;
      readonly revision: number;
      readonly now: Instant;
      readonly branches: readonly Branch[];
      /** null where a signal was removed, or may not be read. */
      readonly signals: readonly (SignalEntry | null)[];
      readonly people: readonly Person[];
    }
  | { readonly kind: "signals"; readonly signals: readonly (SignalEntry | null)[] }
  | {
      readonly kind: "records";
      readonly branch: BranchId;
      readonly revision: number;
      readonly records: readonly WorldRecord[];
      readonly complete: boolean;
    }
  | { readonly kind: "commit"; readonly entry: LogEntry; readonly branch: Branch | undefined }
  | {
      readonly kind: "rejected";
      readonly clientId: string;
      readonly code: ErrorCode;
      readonly message: string;
      readonly details?: unknown;
      /** The message for a screen of any language. */
      readonly reason?: Message;
    }
  /** The samples frame that comes next is followed; `trace` is its W3C trace context. Only to clients that say so in their hello. */
  | { readonly kind: "followed"; readonly trace: string }
  | { readonly kind: "person"; readonly person: Person }
  | { readonly kind: "left"; readonly id: string }
  /** What a feature pushes; its contract says the shape of the payload. `dropped`: so many before it did not come, because this viewer was too slow. */
  | { readonly kind: "topic"; readonly topic: string; readonly payload: unknown; readonly dropped?: number }
  /** Deprecated, to clients of protocol 1 only: the topic `simulate.progress`. */
  | { readonly kind: "run"; readonly run: RunProgress }
  /** Deprecated, to clients of protocol 1 only: the topic `alarms.changed`. */
  | { readonly kind: "alarm"; readonly alarm: AlarmItem }
  /** Deprecated, to clients of protocol 1 only: the topics `connect.status` and `connect.backfill`. */
  | { readonly kind: "connection"; readonly connection: ConnectionStatus }
  | { readonly kind: "backfill"; readonly progress: number; readonly samples: number; readonly done: boolean }
  /** Deprecated, to clients of protocol 1 only: the topic `line.derived`. */
  | { readonly kind: "derived"; readonly from: Instant; readonly to: Instant }
  | { readonly kind: "pong"; readonly t: number; readonly now: Instant }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string; readonly reason?: Message };

export interface RunProgress {
  readonly id: string;
  readonly branch: BranchId;
  readonly kind: "forecast" | "study";
  readonly state: "queued" | "running" | "done" | "cancelled" | "failed";
  readonly done: number;
  readonly total: number;
  readonly message?: string;
  /** The same for a screen that speaks another language; absent where it is no sentence of this server. */
  readonly reason?: Message;
}

export type AlarmState =
  | "normal"
  | "unacknowledged"
  | "acknowledged"
  | "returnedUnacknowledged"
  | "latched"
  | "shelved"
  | "suppressedByDesign"
  | "outOfService";

/** One alarm as a list shows it. */
export interface AlarmItem {
  readonly id: string;
  readonly rule: RecordId;
  readonly station: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly state: AlarmState;
  readonly priority: 1 | 2 | 3 | 4;
  readonly since: Instant;
  readonly changed: Instant;
  readonly value?: string;
  /** Number of the place of the station whose state raised it, from 1. */
  readonly place?: number;
  readonly firstOut?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly shelvedUntil?: Instant;
  /** The condition of a plant that it follows: there it is acknowledged by a command. */
  readonly atPlant?: { readonly connection: RecordId; readonly condition: string };
}

export interface ConnectionStatus {
  readonly id: RecordId;
  readonly name: string;
  readonly protocol: string;
  readonly url: string;
  readonly demo: boolean;
  /** False = described, and waiting for someone to connect it; absent = true. */
  readonly enabled?: boolean;
  readonly state: "connecting" | "connected" | "reconnecting" | "failed" | "closed";
  readonly since: Instant;
  readonly reason?: string;
  /** The reason for a screen of any language; absent where the plant or a library wrote it. */
  readonly reasonMessage?: Message;
  /** Deprecated: `reasonMessage`. */
  readonly reasonTold?: Message;
  readonly signals: number;
  readonly samplesPerSecond: number;
  readonly dropped: number;
  readonly findings: readonly string[];
  /** The same findings in the same order for a screen of any language. */
  readonly findingMessages: readonly Message[];
  /** Deprecated: `findingMessages`. */
  readonly told?: readonly (Message | null)[];
}

export type { Message } from "@doppelwerk/messages";

/** A value with everything a screen needs to show it honestly. */
export interface ShownValue {
  readonly value: number | string | boolean | undefined;
  readonly quality: Quality;
  readonly sourceTime: Instant;
}
