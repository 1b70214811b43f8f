import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/kit";
import { expect, test } from "vitest";
import { deviceOffset, instantOfEntry, isWrongClock, secondsOf } from "./device-clock.ts";
import { readScan } from "./scanned.ts";
import { signOnSpans, type SignOnFact } from "./sign-on-spans.ts";
import { WedgeReader } from "./wedge-reader.ts";

const NOW = 1_790_000_000_000_000;

test("[TM3] an entry has the server's instant whatever the clock of the device says, and is never in the future", () => {
  for (const offset of [0, 3 * HOUR, -3 * HOUR, 400 * DAY]) {
    const deviceNow = NOW + offset;
    const clock = deviceOffset(deviceNow, NOW, undefined);
    expect(instantOfEntry(deviceNow - 10 * MINUTE, clock.offset, NOW)).toBe(NOW - 10 * MINUTE);
    // the clock was put back after it
    expect(instantOfEntry(deviceNow + HOUR, clock.offset, NOW)).toBe(NOW);
  }
  expect(instantOfEntry(NOW - 91 * DAY, 0, NOW)).toBeUndefined();
  expect(secondsOf(7_540_000)).toBe(7.5);
  expect([4.9, 5, 5.1, -5.1].map((offsetS) => isWrongClock({ offset: offsetS * SECOND, within: 0 }))).toEqual([false, false, true, true]);
});

test("[TM3] a request that is long on its way is no wrong clock; a clock that was set since it was measured is", () => {
  const measured = { offset: SECOND, within: SECOND / 2 };
  // eight seconds on its way
  expect(deviceOffset(NOW + SECOND - 8 * SECOND, NOW, measured)).toEqual(measured);
  expect(isWrongClock(deviceOffset(NOW - 7 * SECOND, NOW, measured))).toBe(false);
  // set forward by a minute, and back by an hour
  expect(deviceOffset(NOW + MINUTE, NOW, measured)).toEqual({ offset: MINUTE, within: 0 });
  expect(deviceOffset(NOW - HOUR, NOW, measured)).toEqual({ offset: -HOUR, within: 0 });
  // a measurement that is as bad as its error
  expect(isWrongClock({ offset: 8 * SECOND, within: 4 * SECOND })).toBe(false);
});

test("[TM1] a person is at one station at a time, and a sign-on that nobody ended ends after 16 hours", () => {
  const fact = (kind: "on" | "off", person: string, station: string, at: number): SignOnFact => ({
    kind,
    entry: `${kind} ${person} ${at}`,
    person,
    station,
    at,
  });
  const facts = [
    fact("off", "a", "S2", 5 * HOUR),
    fact("on", "a", "S1", HOUR),
    fact("on", "a", "S1", 2 * HOUR),
    fact("on", "a", "S2", 3 * HOUR),
    fact("on", "b", "S1", 4 * HOUR),
    // of a station where she is not
    fact("off", "b", "S2", 6 * HOUR),
    fact("on", "c", "S1", 29 * HOUR),
  ];
  const spans = signOnSpans(facts, 30 * HOUR).map(({ id: _id, ...span }) => span);
  expect(spans).toEqual([
    { person: "a", station: "S1", from: HOUR, to: 3 * HOUR, isAssumedEnd: true },
    { person: "a", station: "S2", from: 3 * HOUR, to: 5 * HOUR },
    { person: "b", station: "S1", from: 4 * HOUR, to: 20 * HOUR, isAssumedEnd: true },
    { person: "c", station: "S1", from: 29 * HOUR },
  ]);
  // in whichever order they came
  expect(signOnSpans(facts.toReversed(), 30 * HOUR)).toEqual(signOnSpans(facts, 30 * HOUR));
});

test("[TM8] codes that say what they are are read as that", () => {
  expect(readScan("https://id.example.com/01/09506000134352/10/LOT7/21/SN%2F12", [])).toEqual({
    kind: "serial",
    serial: "SN/12",
    product: "09506000134352",
    lot: "LOT7",
  });
  expect(readScan("]C1010950600013435210LOT7\u001d21SN12", [])).toMatchObject({ kind: "serial", serial: "SN12", lot: "LOT7" });
  expect(readScan("(01)09506000134352(10)LOT7", [])).toEqual({ kind: "lot", lot: "LOT7", product: "09506000134352" });
  expect(readScan(" 4500017 ", ["4500017"])).toEqual({ kind: "order", order: "4500017" });
  for (const text of ["26-114-0871", "https://example.com/x", "(", "]C199", "http://[", "\u001d"])
    expect(readScan(text, [])).toEqual({ kind: "plain", text: text.trim() });
});

test("[TM8] a reader is told from a hand", () => {
  const reader = new WedgeReader();
  const type = (text: string, gap: number, from = 0) => [...text, "Enter"].map((key, at) => reader.key(key, from + at * gap)).at(-1);
  expect(type("04A1B2", 10)).toBe("04A1B2");
  expect(type("04A1B2", 300, 10_000)).toBeUndefined();
  expect(type("ab", 10, 20_000)).toBeUndefined();
  reader.key("Shift", 30_000);
  expect(type("XYZ", 10, 30_005)).toBe("XYZ");
  expect(SECOND).toBe(1_000_000);
});
