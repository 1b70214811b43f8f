// Shapes of commands as their confirmation shows them, and of what people declare of connections and signals.
import type { Message } from "@doppelwerk/messages";
import type { Instant, RecordId, ValueType } from "@doppelwerk/world";

export type WrittenValue = number | boolean | string;

/** A request to write one value to a machine, and what became of it (docs/guide/commands.md). */
export interface Command {
  readonly id: string;
  /** Undefined = a method is called. */
  readonly signal?: RecordId;
  readonly name: string;
  readonly unit?: string;
  readonly connection: RecordId;
  readonly address: string;
  readonly value: WrittenValue;
  readonly reason: string;
  readonly state: "requested" | "writing" | "done" | "differs" | "refused" | "failed" | "unknown" | "expired" | "withdrawn";
  readonly requestedBy: string;
  readonly requestedByName?: string;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  readonly confirmedBy?: string;
  readonly confirmedByName?: string;
  readonly confirmedAt?: Instant;
  readonly endedAt?: Instant;
  readonly before?: WrittenValue;
  readonly after?: WrittenValue;
  readonly why?: string;
  /** The same for a screen that speaks another language; absent where the plant or a library said it. */
  readonly message?: Message;
  /** @deprecated Use `message`. */
  readonly whyTold?: Message;
}

export interface ConnectionDetail {
  readonly id: RecordId;
  readonly name: string;
  readonly protocol: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Name of its secret. */
  readonly secret?: string;
  readonly demo: boolean;
  readonly allowCommands: boolean;
  /** Whether who confirms a command must just have proved to be there. */
  readonly commandPresence: boolean;
  /** Whether its protocol can be commanded at all. */
  readonly commandable: boolean;
  /** Whether an Asset Interfaces Description has words for its protocol. */
  readonly describable: boolean;
  /** AAS ids of the Asset Interfaces Descriptions in the world that say so. */
  readonly describedBy: readonly string[];
  /** It was described, and every description was deleted since. */
  readonly undescribed: boolean;
  readonly mayAdminister: boolean;
  readonly drops: readonly { readonly why: string; readonly told?: Message; readonly count: number }[];
  /** Newest first: from this server time on raw time = source time + offset. */
  readonly clockOffsets: readonly { readonly source: string; readonly offsetS: number; readonly at: Instant }[];
}

/** What is declared of a signal (`packages/world` SignalRecord), and what stands. */
export interface DeclaredSignal {
  readonly id: RecordId;
  readonly name: string;
  readonly address?: string;
  readonly valueType: ValueType;
  readonly enumeration?: readonly { readonly value: number; readonly name: string }[];
  readonly unsignedBits?: 8 | 16 | 32;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly resolution?: number;
  readonly scale?: number;
  readonly counter?: { readonly type: "totaliser" | "shiftReset"; readonly width?: 16 | 32 };
  readonly aliveS?: number;
  readonly deadband?: number;
  readonly minIntervalS?: number;
  readonly safety?: boolean;
  readonly commandWhen?: readonly { readonly signal: RecordId; readonly equals: WrittenValue }[];
  readonly now?: {
    readonly value?: WrittenValue;
    readonly quality: number;
    readonly sourceTime: Instant;
    readonly serverTime: Instant;
  };
}

/** null takes a declaration back. */
export type SignalPatch = {
  readonly [Field in keyof Omit<DeclaredSignal, "id" | "address" | "valueType" | "enumeration" | "unsignedBits" | "scale" | "now">]?:
    | DeclaredSignal[Field]
    | null;
} & {
  /** As what values of a number or a text are stored from now on. */
  readonly valueType?: "double" | "integer" | "string";
};

export interface ConnectionPatch {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
  readonly allowCommands?: boolean;
  readonly commandPresence?: boolean;
}
