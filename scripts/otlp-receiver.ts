import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "../packages/kit/src/index.ts";

// A receiver of traces by OTLP over HTTP in its JSON form, as opentelemetry-proto 1.x declares it: what is not declared there is refused.

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const nanoseconds = z.string().regex(/^\d{19}$/);
const value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.union([z.int(), z.string().regex(/^-?\d+$/)]) }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
]);
const attributes = z.array(z.strictObject({ key: z.string().min(1), value }));
const span = z.strictObject({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: hex(16).optional(),
  traceState: z.string().optional(),
  flags: z.int().optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  droppedAttributesCount: z.literal(0),
  events: z.array(z.never()),
  droppedEventsCount: z.literal(0),
  links: z.array(z.never()),
  droppedLinksCount: z.literal(0),
  status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
});
const request = z.strictObject({
  resourceSpans: z
    .array(
      z.strictObject({
        resource: z.strictObject({ attributes, droppedAttributesCount: z.literal(0) }),
        scopeSpans: z
          .array(
            z.strictObject({
              scope: z.strictObject({ name: z.string(), version: z.string().optional() }),
              spans: z.array(span).min(1),
              schemaUrl: z.string().optional(),
            }),
          )
          .min(1),
        schemaUrl: z.string().optional(),
      }),
    )
    .min(1),
});

export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly failed: boolean;
  /** Microseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Everything that came, as it came. */
  readonly octets: () => string;
  readonly resource: () => Readonly<Record<string, string | number | boolean>>;
  /** Requests that were no valid OTLP, with why. */
  readonly faults: readonly string[];
  /** Answers with this status from now on, and takes nothing; undefined takes again. `hangs`: no answer at all. */
  refuse(how: number | "hangs" | undefined): void;
  stop(): Promise<void>;
}

/** Starts it on a free port of this machine. */
export async function startOtlpReceiver(port = 0): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const faults: string[] = [];
  const texts: string[] = [];
  let resource: OtlpReceiver["resource"] extends () => infer R ? R : never = {};
  let refusal: number | "hangs" | undefined;
  const take = (text: string): void => {
    texts.push(text);
    for (const of of request.parse(JSON.parse(text)).resourceSpans) {
      resource = plain(of.resource.attributes);
      for (const { spans: some } of of.scopeSpans) spans.push(...some.map(received));
    }
  };
  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    const chunks: Buffer[] = [];
    asked.on("data", (chunk: Buffer) => chunks.push(chunk));
    asked.on("end", () => {
      if (refusal === "hangs") return;
      if (refusal !== undefined) return void answer.writeHead(refusal).end();
      try {
        if (asked.method !== "POST" || asked.url !== "/v1/traces") throw new Error(`${asked.method} ${asked.url}`);
        if (asked.headers["content-type"] !== "application/json") throw new Error(`content type ${asked.headers["content-type"]}`);
        take(Buffer.concat(chunks).toString());
        answer.writeHead(200, { "content-type": "application/json" }).end("{}");
      } catch (error) {
        faults.push(String(error));
        answer.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    faults,
    octets: () => texts.join("\n"),
    resource: () => resource,
    refuse: (how) => void (refusal = how),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function received({
  name,
  traceId,
  spanId,
  parentSpanId,
  kind,
  status,
  startTimeUnixNano,
  endTimeUnixNano,
  attributes: given,
}: z.output<typeof span>): ReceivedSpan {
  const [from, to] = [startTimeUnixNano, endTimeUnixNano].map((text) => Number(BigInt(text) / 1_000n)) as [number, number];
  return { name, traceId, spanId, parentSpanId, kind, failed: status.code === 2, from, to, attributes: plain(given) };
}

function plain(given: z.output<typeof attributes>): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(given.map(({ key, value: one }) => [key, Object.values(one)[0] as string | number | boolean]));
}
