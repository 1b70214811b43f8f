import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Instant } from "@doppelwerk/world";
import type { RecordedSpan, SpanAttributes, Telemetry } from "./span-sink.ts";
import { traceContextOf } from "./trace-context.ts";

export interface TelemetryOptions {
  /** Of an OTLP receiver over HTTP; `/v1/traces` is appended. */
  readonly address: string;
  now(): Instant;
}

/** A receiver that does not answer by then has not taken it. */
const TIMEOUT_MS = 5_000;

/** The address of a receiver. Errors: DW_INVALID. */
export function telemetryAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.search !== "" ||
    url.hash !== "" ||
    url.username !== "" ||
    url.password !== ""
  )
    throw new DoppelwerkError("DW_INVALID", message("server.telemetryAddress", { text: withoutPassword(text) }));
  return url;
}

const withoutPassword = (text: string): string => text.replace(/\/\/[^/@]*@/, "//").slice(0, 200);

/**
 * Spans to an OTLP receiver. What makes and sends them (OpenTelemetry) is loaded here and nowhere else, so that a server without the option has none of it.
 * It is told nothing of the machine: no name of a host, no process, no variable of the environment.
 */
export async function openTelemetry({ address, now }: TelemetryOptions): Promise<Telemetry> {
  const url = telemetryAddress(address);
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  const [{ ROOT_CONTEXT, SpanKind, SpanStatusCode, trace }, { AlwaysOnSampler, TracerProvider }, { OTLPTraceExporter }, { ExportQueue }] =
    await Promise.all([
      import("@opentelemetry/api"),
      import("@opentelemetry/sdk-trace"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("./export-queue.ts"),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${url.href.replace(/\/$/, "")}/v1/traces`, timeoutMillis: TIMEOUT_MS });
  const queue = new ExportQueue(exporter, now);
  // what others already name as their parent has its ids; a span is made in one go, so that they are of this one
  const planned: { context?: { readonly traceId: string; readonly spanId: string } | undefined } = {};
  const provider = new TracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: resourceOf({ "service.name": "doppelwerk", "service.version": version }),
    spanProcessors: [queue],
    idGenerator: {
      generateTraceId: () => planned.context?.traceId ?? randomBytes(16).toString("hex"),
      generateSpanId: () => planned.context?.spanId ?? randomBytes(8).toString("hex"),
    },
  });
  const tracer = provider.getTracer("doppelwerk", version);
  return {
    record({ name, from, to, context, parent, isServer, isFailed, attributes = {} }: RecordedSpan) {
      const above = traceContextOf(parent);
      const within =
        above === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, { traceId: above.traceId, spanId: above.spanId, traceFlags: 1, isRemote: true });
      planned.context = traceContextOf(context);
      const kind = isServer === true ? SpanKind.SERVER : SpanKind.INTERNAL;
      const span = tracer.startSpan(
        name,
        { startTime: timeOf(from), kind, attributes: { ...attributes } satisfies SpanAttributes },
        within,
      );
      planned.context = undefined;
      if (isFailed === true) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(timeOf(Math.max(from, to)));
    },
    state: () => ({ address: url.href, ...queue.state }),
    close: () => provider.shutdown(),
  };
}

/** Seconds and nanoseconds since 1970. */
function timeOf(at: Instant): [number, number] {
  const whole = Math.round(at);
  return [Math.floor(whole / 1_000_000), (whole % 1_000_000) * 1_000];
}

type Resource = NonNullable<NonNullable<ConstructorParameters<typeof import("@opentelemetry/sdk-trace").TracerProvider>[0]>["resource"]>;

/** A resource of these attributes alone: that of the library looks at the environment and the process. */
function resourceOf(attributes: Readonly<Record<string, string>>): Resource {
  const resource: Resource = {
    attributes: { ...attributes },
    asyncAttributesPending: false,
    getRawAttributes: () => Object.entries(attributes),
    merge: () => resource,
  };
  return resource;
}
