import type { Instant } from "@doppelwerk/world";

/** What a span may say. Values are figures and words of fixed lists: no id, no name, nothing of a person (a test holds every span to this list). */
export interface SpanAttributes {
  readonly "http.request.method"?: string;
  /** The template of the route, never its address. */
  readonly "http.route"?: string;
  readonly "http.response.status_code"?: number;
  readonly "doppelwerk.rows"?: number;
  readonly "doppelwerk.frames"?: number;
  readonly "doppelwerk.view"?: string;
  readonly "doppelwerk.round_trip_us"?: number;
  /** A kind that a manifest declares. */
  readonly "doppelwerk.job.kind"?: string;
  readonly "doppelwerk.job.state"?: string;
  readonly "doppelwerk.command.kind"?: "write" | "call";
  readonly "doppelwerk.command.state"?: string;
}

/** Something that has happened, from and to instants of this server. */
export interface RecordedSpan {
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Its own W3C trace context, where others name it as their parent. */
  readonly context?: string | undefined;
  /** Trace context of what it is part of. */
  readonly parent?: string | undefined;
  readonly isServer?: boolean;
  readonly isFailed?: boolean;
  readonly attributes?: SpanAttributes;
}

/** Takes spans at once; what becomes of them holds nobody up. */
export interface SpanSink {
  record(span: RecordedSpan): void;
}

/** A sink that sends them somewhere, and how that goes. */
export interface Telemetry extends SpanSink {
  state(): TelemetryState;
  close(): Promise<void>;
}

export interface TelemetryState {
  /** Without user, password and query. */
  readonly address: string;
  readonly exported: number;
  readonly waiting: number;
  /** Spans that were given up: too many waited, or the address did not take them. */
  readonly dropped: number;
  /** Since when nothing was taken, and why; absent while it is. */
  readonly failing?: { readonly since: Instant; readonly reason: string };
}
