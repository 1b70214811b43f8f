import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadedModules } from "../../../../scripts/loaded-modules.ts";
import { startOtlpReceiver, type OtlpReceiver } from "../../../../scripts/otlp-receiver.ts";
import { openTelemetry, telemetryAddress } from "./open-telemetry.ts";
import { newTraceparent, traceContextOf } from "./trace-context.ts";

const AT = 1_800_000_000_123_456;
const WAIT = { timeout: 20_000, interval: 20 };
let receiver: OtlpReceiver;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
});
afterAll(() => receiver.stop());

const open = (address = receiver.url) => openTelemetry({ address, now: () => AT });

test("[SV311] spans come to the receiver as OTLP declares them, with their ids, parents, times and figures, and nothing of the machine", async () => {
  const telemetry = await open();
  const context = newTraceparent();
  telemetry.record({ name: "sample", from: AT, to: AT + 7, context, attributes: { "doppelwerk.rows": 3 } });
  telemetry.record({ name: "sample.map", from: AT, to: AT + 2, parent: context, isFailed: true });
  telemetry.record({ name: "GET /x", from: AT, to: AT - 5, isServer: true, attributes: { "http.route": "/x" } });
  await telemetry.close();
  expect(receiver.faults).toEqual([]);
  const [whole, part, other] = receiver.spans;
  const { traceId, spanId } = traceContextOf(context)!;
  expect(whole).toMatchObject({ name: "sample", traceId, spanId, parentSpanId: undefined, kind: 1, failed: false, from: AT, to: AT + 7 });
  expect(whole!.attributes).toEqual({ "doppelwerk.rows": 3 });
  expect(part).toMatchObject({ traceId, parentSpanId: spanId, from: AT, to: AT + 2, failed: true });
  expect(part!.spanId).not.toBe(spanId);
  // a clock that was set back ends nothing before it began
  expect(other).toMatchObject({ kind: 2, from: AT, to: AT });
  expect(other!.traceId).not.toBe(traceId);
  expect(Object.keys(receiver.resource()).toSorted()).toEqual(["service.name", "service.version"]);
  expect(telemetry.state()).toMatchObject({ address: `${receiver.url}/`, exported: 3, waiting: 0, dropped: 0 });
});

test("[SV311] while nobody takes them spans wait in bounded room, are dropped and counted, and nobody waits; then they are taken again", async () => {
  const telemetry = await open();
  receiver.refuse("hangs");
  const begun = performance.now();
  for (let n = 0; n < 10_000; n++) telemetry.record({ name: "sample", from: AT, to: AT + 1 });
  // ten thousand spans at once cost no more than making them
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(telemetry.state().waiting).toBeLessThanOrEqual(4_096);
  expect(telemetry.state().dropped).toBeGreaterThanOrEqual(10_000 - 4_096);
  await vi.waitUntil(() => telemetry.state().failing !== undefined, WAIT);
  expect(telemetry.state().failing).toMatchObject({ since: AT, reason: expect.stringMatching(/\S/) });
  receiver.refuse(undefined);
  await vi.waitUntil(() => telemetry.state().failing === undefined && telemetry.state().waiting === 0, WAIT);
  const { exported, dropped } = telemetry.state();
  expect(exported + dropped).toBe(10_000);
  expect(exported).toBeGreaterThan(0);
  await telemetry.close();
});

test("[SV311] a server ends at once where nobody takes its spans, and says what the receiver answered", async () => {
  const telemetry = await open();
  receiver.refuse(403);
  telemetry.record({ name: "sample", from: AT, to: AT + 1 });
  await vi.waitUntil(() => telemetry.state().failing !== undefined, WAIT);
  expect(telemetry.state()).toMatchObject({ exported: 0, dropped: 1, waiting: 0 });
  telemetry.record({ name: "sample", from: AT, to: AT + 1 });
  const begun = performance.now();
  await telemetry.close();
  expect(performance.now() - begun).toBeLessThan(4_000);
  receiver.refuse(undefined);
});

test("[SV311] the address is one of HTTP without a password in it; anything else is refused in one line that does not repeat the password", () => {
  expect(telemetryAddress("http://collector:4318").href).toBe("http://collector:4318/");
  expect(telemetryAddress("https://collector/otlp").href).toBe("https://collector/otlp");
  const wrong = [
    "",
    "collector:4318",
    "ftp://collector",
    "file:///etc/passwd",
    "http://a:hunter22@collector",
    "http://c/?key=1",
    "http://c/#x",
    "//c",
  ];
  for (const text of wrong) expect(() => telemetryAddress(text), text).toThrow(/is no address of an OTLP receiver/);
  expect(() => telemetryAddress("http://a:hunter22@collector")).not.toThrow(/hunter22/);
});

test("[SV311] without an address nothing that makes or sends traces is loaded", async () => {
  const loaded = await loadedModules(new URL("../command/serve.ts", import.meta.url).href);
  expect(loaded.length).toBeGreaterThan(100);
  // the interfaces come with prom-client
  expect(loaded.filter((url) => /@opentelemetry\/(?!api\/)|open-telemetry|export-queue/.test(url))).toEqual([]);
}, 60_000);
