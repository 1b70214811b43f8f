import type { Message } from "@doppelwerk/messages";
import type { Instant, RecordId } from "@doppelwerk/world";

/** What a plant offers to be looked at before anything of it is taken. */
export interface PlantOffer {
  readonly protocol: string;
  readonly serverName: string;
  readonly drafts: readonly PlantDraft[];
  readonly skipped: readonly { readonly reason: string; readonly message?: Message; readonly count: number }[];
  /** True when a bound was reached: there is more. */
  readonly truncated: boolean;
  readonly methods?: readonly PlantMethod[];
  readonly conditions?: readonly PlantCondition[];
  /** In English; `notes` are the same for a screen of any language. */
  readonly remarks?: readonly string[];
  readonly notes?: readonly Message[];
}

/** A value of a plant. */
export interface PlantDraft {
  readonly name: string;
  /** Names from the root of the plant's own tree down. */
  readonly path: readonly string[];
  readonly address: string;
  readonly valueType: string;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly enumeration?: readonly { readonly value: number; readonly name: string }[];
  readonly description?: string;
  readonly example?: string;
  readonly writable: boolean;
  readonly hasHistory: boolean;
}

export interface PlantArgument {
  readonly name: string;
  readonly dataType: string;
  readonly array?: true;
  readonly description?: string;
  /** False: it cannot be written here, and the method not be called. */
  readonly supported: boolean;
}

export interface PlantMethod {
  readonly path: readonly string[];
  readonly object: string;
  readonly method: string;
  readonly inputs: readonly PlantArgument[];
  readonly outputs: readonly PlantArgument[];
}

/** Bits of `state`: 1 active, 2 unacknowledged, 4 unconfirmed, 8 disabled. Severity 1–1000, 0 = not told yet. */
export interface PlantCondition {
  readonly address: string;
  readonly source: string;
  readonly name: string;
  readonly message: string;
  readonly severity: number;
  readonly state: number;
}

export interface PresentValue {
  readonly value?: number | string | boolean;
  /** 0 good, 1 uncertain, 2 bad. */
  readonly quality: number;
  readonly time?: Instant;
}

/** The least severity of priorities 1 to 3; below all of them is 4. */
export interface SeverityMapping {
  readonly urgentFrom: number;
  readonly highFrom: number;
  readonly lowFrom: number;
}

/** A certificate of a server or a client that was met, and what a person decided about it. */
export interface KnownCertificate {
  /** SHA-1 in hex, as tools of OPC UA show it. */
  readonly thumbprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly applicationUri?: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly decision: "open" | "trusted" | "rejected";
  /** Where it was met first: the server's address, or our own that the client asked. */
  readonly url: string;
  readonly met: readonly ("server" | "client")[];
  /** What it was made for. */
  readonly hosts: readonly string[];
  /** The server was reached by another name or address than it was made for. */
  readonly otherHost?: boolean;
}

/** How the twin is shown as an OPC UA server; without `url` it is not shown. */
export interface OpcuaServer {
  readonly url?: string;
  readonly modes?: readonly ("None" | "Sign" | "SignAndEncrypt")[];
  /** Whether one who does not log in may read what a viewer may. */
  readonly anonymous?: boolean;
  readonly readers: readonly { readonly name: string; readonly role: OpcuaRole }[];
}

export type OpcuaRole = "viewer" | "operator" | "engineer" | "administrator";

export type CallInput = number | boolean | string | readonly (number | boolean | string)[];

export interface CallRequest {
  readonly connection: RecordId;
  readonly object: string;
  readonly method: string;
  readonly name: string;
  readonly inputs: readonly CallInput[];
  readonly reason: string;
}

/** Columns of an event log by what they are for; as a request "" says that there is none. */
export type LogColumns = Readonly<Partial<Record<"case" | "activity" | "resource" | "start" | "end" | "time" | "lifecycle", string>>>;

/** A file, looked into: what it is, and the id under which it is held until something is wanted of it. */
export type PlantFileOffer = { readonly id: string; readonly name: string } & (
  | { readonly kind: "devices"; readonly offer: PlantOffer }
  | {
      readonly kind: "eventLog";
      readonly cases: number;
      readonly visits: number;
      readonly activities: readonly string[];
      readonly from: Instant;
      readonly to: Instant;
      /** Rows that could not be read, and why the first of them could not. */
      readonly left: number;
      readonly leftFirst?: { readonly text: string; readonly told?: Message };
      /** What had to be assumed to read it so; `notes` are the same in English. */
      readonly assumptions: readonly Message[];
      readonly notes: readonly string[];
      /** What a column is for → its name in the log. */
      readonly columns: LogColumns;
      /** Every column. */
      readonly header: readonly string[];
    }
  /** A table that may be an event log: look again with its columns named. */
  | {
      readonly kind: "table";
      readonly why: { readonly text: string; readonly told?: Message };
      readonly columns: LogColumns;
      readonly header: readonly string[];
      /** The first rows. */
      readonly rows: readonly (readonly string[])[];
    }
  | {
      readonly kind: "documents";
      readonly shells: number;
      readonly submodels: number;
      readonly connections: readonly { readonly protocol: string; readonly url: string; readonly signals: number }[];
      readonly findings: readonly PlantFileFinding[];
      readonly moreFindings: number;
    }
);

export interface PlantFileFinding {
  readonly path: string;
  readonly constraint: string;
  readonly severity: "error" | "repaired" | "warning" | "info";
  readonly message: string;
}
