import { verbatim, type Message } from "@doppelwerk/messages";
import { afterEach, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SampleSource, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "./recorder.ts";
import { createSessionSource } from "./session-source.ts";
import { wallClock } from "./wall-clock.ts";

const connection: ConnectionRecord = { id: "connection:1", kind: "connection", name: "plant", protocol: "mqtt", url: "x:", enabled: true };
const signals = ["a", "b"].map((name): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "double",
  address: name,
}));

let source: SampleSource | undefined;
afterEach(() => source?.close());

test("[C189] a value that comes while a session is made stays good though the grace ends meanwhile, and is lost where the session fails", async () => {
  const recorder = createRecorder();
  const worthOf = (signal: number) => recorder.of(signal).at(-1)?.quality;
  const first = Promise.withResolvers<Message>();
  const last = Promise.withResolvers<Message>();
  let attempt = 0;
  source = createSessionSource({
    connection,
    signals,
    clock: wallClock,
    graceMs: 30,
    retryMs: { first: 1, most: 1 },
    async begin(intake, stop) {
      attempt++;
      intake.value(0, { raw: attempt });
      if (attempt === 1) intake.value(1, { raw: 1 });
      intake.flush();
      if (attempt > 1) await recorder.until(() => worthOf(1) === quality.bad, "the end of the grace");
      if (attempt === 3) throw new Error("not this time");
      if (attempt > 3) await new Promise((resolve) => stop.addEventListener("abort", resolve));
      const { promise, resolve } = attempt === 1 ? first : last;
      return { lost: promise, close: async () => resolve(verbatim("closed")) };
    },
  });
  await source.start(recorder);
  await recorder.until(() => recorder.states().includes("connected"), "the first session");
  first.resolve(verbatim("cut"));
  await recorder.until(() => recorder.states().filter((state) => state === "connected").length === 2, "the second session");
  expect(recorder.of(0).at(-1)).toMatchObject({ value: 2, quality: quality.good });
  last.resolve(verbatim("cut again"));
  await recorder.until(() => recorder.of(0).some(({ value }) => value === 3), "the value of the session that fails");
  await recorder.until(() => attempt > 3, "the next attempt");
  expect(recorder.of(0).findLast(({ value }) => !(value > 3))!.quality).toBe(quality.bad);
});
