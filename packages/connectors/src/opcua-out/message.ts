import type { Message } from "@doppelwerk/messages";
import type { OpcuaOutSettings } from "./settings.ts";
import type { Instant, Quality, ValueType } from "@doppelwerk/world";

/** One variable of the server: a signal under its folders, the outermost first. */
export interface OutNode {
  readonly id: string;
  readonly folders: readonly string[];
  readonly name: string;
  readonly valueType: ValueType;
  readonly unit?: string;
  /** Roles that may read it beside administrators; absent = all. */
  readonly readers?: readonly string[];
}

export interface OutValue {
  readonly id: string;
  /** Absent = none. */
  readonly value?: number | string | boolean;
  readonly quality: Quality;
  readonly sourceTime: Instant;
}

export interface OutHistory {
  readonly id: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly limit: number;
  /** Of more than `limit` the last ones; ascending all the same. */
  readonly newest: boolean;
}

/** One alarm as a condition (OPC UA Part 9). */
export interface OutAlarm {
  readonly id: string;
  readonly name: string;
  /** What it is of. */
  readonly source: string;
  readonly message: string;
  /** 1 to 1000. */
  readonly severity: number;
  /** When it came to be as it is. */
  readonly at: Instant;
  readonly active: boolean;
  readonly acknowledged: boolean;
  readonly confirmed: boolean;
  readonly shelved: boolean;
  readonly suppressed: boolean;
  readonly outOfService: boolean;
  /** Somebody may have to look at it. */
  readonly retain: boolean;
  readonly shelvedUntil?: Instant;
  /** Who acted on it last, and what was said with that. */
  readonly by?: string;
  readonly comment?: string;
}

/** What a client wants to do to an alarm, as who it logged in. */
export interface AlarmActWanted {
  readonly user: string;
  readonly act: "acknowledge" | "confirm" | "comment" | "shelve" | "unshelve";
  readonly alarm: string;
  readonly comment?: string;
  readonly shelvedS?: number;
}

/** Status of the answer, as the standard names it. */
export type AlarmActed =
  | "Good"
  | "BadUserAccessDenied"
  | "BadNodeIdUnknown"
  | "BadEventIdUnknown"
  | "BadInvalidState"
  | "BadConditionBranchAlreadyAcked"
  | "BadConditionBranchAlreadyConfirmed"
  | "BadConditionAlreadyShelved"
  | "BadConditionNotShelved"
  | "BadShelvingTimeOutOfRange";

export interface OutOpening {
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** Folder of the connectors: own key, trust list and readers. */
  readonly dataDir: string;
  readonly world: string;
  readonly settings: OpcuaOutSettings;
}

export type ToOut =
  | ({ readonly kind: "open" } & OutOpening)
  /** All there are now: what is not among them goes. */
  | { readonly kind: "nodes"; readonly nodes: readonly OutNode[] }
  | { readonly kind: "values"; readonly values: readonly OutValue[] }
  /** `all`: those that are not named are normal. */
  | { readonly kind: "alarms"; readonly alarms: readonly OutAlarm[]; readonly all: boolean }
  | { readonly kind: "acted"; readonly request: number; readonly acted: AlarmActed }
  | { readonly kind: "history"; readonly request: number; readonly values: readonly OutValue[]; readonly reason?: Message };

export type FromOut =
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "failed"; readonly reason: Message }
  | { readonly kind: "actWanted"; readonly request: number; readonly wanted: AlarmActWanted }
  | { readonly kind: "historyWanted"; readonly request: number; readonly wanted: OutHistory };
