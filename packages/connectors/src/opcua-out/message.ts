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
  | { readonly kind: "history"; readonly request: number; readonly values: readonly OutValue[]; readonly reason?: Message };

export type FromOut =
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "failed"; readonly reason: Message }
  | { readonly kind: "historyWanted"; readonly request: number; readonly wanted: OutHistory };
