import type { Message } from "@doppelwerk/messages";
import type { Instant } from "@doppelwerk/world";

/** A model that a shell announces through its "Provision of Simulation Models" submodel (IDTA 02005), as far as a list shows it. */
export interface ModelCard {
  /** SHA-256 of the file: what a run names, so that a version can never change under it. */
  readonly hash: string;
  readonly name: string;
  readonly description: string;
  /** AAS id of the shell that announces it. */
  readonly shell: string;
  readonly shellName: string;
  /** AAS id of the submodel and idShort path of the version in it. */
  readonly submodel: string;
  readonly path: string;
  readonly version: string;
  readonly fileName: string;
  readonly fileType: string;
  readonly size: number;
  /** Whether it is the version of the model that was announced last. */
  readonly latest: boolean;
}

/** One typed port or parameter. */
export interface ModelPort {
  readonly name: string;
  readonly type: string;
  readonly causality: string;
  readonly variability: string;
  readonly size: number;
  readonly description?: string;
  readonly unit?: string;
  readonly start?: string;
  readonly min?: number;
  readonly max?: number;
  readonly items?: readonly { readonly name: string; readonly value: number }[];
}

/** A file that the shell of a model names, beside the model itself. */
export interface ModelDocument {
  readonly name: string;
  readonly contentType: string;
  /** Bytes; absent where the file is elsewhere or missing. */
  readonly size?: number;
  /** AAS id of the submodel and idShort path of the File element. */
  readonly submodel: string;
  readonly submodelName: string;
  readonly path: string;
}

export interface ModelDetail extends ModelCard {
  /** What the model says of who made it, with what and on which terms. */
  readonly author?: string;
  readonly generationTool?: string;
  readonly generationTime?: string;
  readonly copyright?: string;
  readonly license?: string;
  readonly documents: readonly ModelDocument[];
  readonly standard: string;
  readonly ports: readonly ModelPort[];
  readonly experiment: { readonly startS?: number; readonly stopS?: number; readonly stepS?: number };
  readonly platforms: readonly string[];
  /** How it would run here, or why it cannot. */
  readonly runs:
    | { readonly kind: "wasm" | "native"; readonly platform: string }
    | { readonly kind: "none"; readonly why: string; readonly reason?: Message };
  readonly canFork: boolean;
  readonly findings: readonly { readonly path: string; readonly severity: string; readonly message: string }[];
}

/** Where an input or parameter takes its value: exactly one of the three. */
export interface ModelBinding {
  readonly variable: string;
  readonly value?: number | string | boolean;
  /** A signal, its samples scaled: value × factor + offset. Inputs only. */
  readonly signal?: string;
  readonly factor?: number;
  readonly offset?: number;
  /** A property of a document of the branch: AAS id of the submodel and idShort path. */
  readonly property?: { readonly submodel: string; readonly path: string };
}

export interface ModelRunRequest {
  /** Seconds; default those of the model's own experiment. */
  readonly stepS?: number;
  readonly durationS?: number;
  /** Instant at which the run begins: its inputs follow the history from there on. Default the instant of a branch; on live, so long ago that it ends now. */
  readonly from?: Instant;
  readonly bindings?: readonly ModelBinding[];
  readonly outputs?: readonly string[];
  readonly stepAtInputs?: boolean;
  /** A run of the same model to go on from; `durationS` counts from its beginning. */
  readonly continueFrom?: string;
  /** Keep the state at the end, so that others can go on from it. */
  readonly keepState?: boolean;
}

export interface ModelRunSummary {
  readonly id: string;
  readonly branch: string;
  readonly model: { readonly hash: string; readonly name: string; readonly version: string };
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly message?: string;
  /** The same for a screen that speaks another language; absent where it is no sentence of this server. */
  readonly reason?: Message;
  readonly from: Instant;
  readonly stepS: number;
  readonly durationS: number;
  readonly traceHash?: string;
  readonly keepsState?: boolean;
  readonly continueFrom?: string;
}

/** A series of what a model gave: simulated, never measured. */
export interface ModelSeries {
  readonly name: string;
  readonly unit?: string;
  /** One value a time; null where the model gave none. */
  readonly values: readonly (number | null)[];
}

export interface ModelRunResult {
  readonly run: ModelRunSummary;
  readonly origin: "simulated";
  readonly request: ModelRunRequest;
  /** Seconds since the beginning of the run. */
  readonly offsetsS: readonly number[];
  readonly series: readonly ModelSeries[];
  readonly texts: Readonly<Record<string, string>>;
  readonly eventsS: readonly number[];
  readonly endedByModelAtS?: number;
  readonly steps: number;
  /** What was put in: where from, how many samples, how many of them bad and therefore held over. */
  readonly inputs: readonly { readonly variable: string; readonly from: string; readonly samples: number; readonly held: number }[];
  readonly log: readonly string[];
}
