import { randomBytes } from "node:crypto";

/** W3C Trace Context, version 00: `traceparent` of a request, and of what belongs to it. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

const TRACEPARENT = /^00-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})$/;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);

/** Undefined for a text that is none. */
export function traceContextOf(text: unknown): TraceContext | undefined {
  const { traceId, spanId, flags } = (typeof text === "string" ? TRACEPARENT.exec(text)?.groups : undefined) ?? {};
  if (traceId === undefined || spanId === undefined || traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

/** Of a span within a trace; default one of its own. */
export function newTraceparent(traceId = randomBytes(16).toString("hex")): string {
  return `00-${traceId}-${randomBytes(8).toString("hex")}-01`;
}
