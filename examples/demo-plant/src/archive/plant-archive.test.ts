import { expect, test } from "vitest";
import { HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { plantSignals, signalsByName } from "../signals/signal-list.ts";
import { PlantArchive } from "./plant-archive.ts";

const signals = plantSignals();
const named = signalsByName(signals);
const cyclic = named.get("Line3.S080.SpindleTemperature")!.index;
const change = named.get("Line3.S090.Total")!.index;
const begin = Date.UTC(2026, 10, 24, 6) * 1000;

test("[DP19] seconds older than two hours become minutes, changes stay as they are, however often and late it is thinned", () => {
  for (const every of [1, 7, 90]) {
    const archive = new PlantArchive(signals);
    const seconds = 5 * 3600;
    for (let second = 0; second <= seconds; second++) {
      archive.append(cyclic, begin + second * SECOND, second);
      archive.append(change, begin + second * SECOND, second);
      if (second % (every * 60) === 0) archive.thin(begin + second * SECOND);
    }
    const now = begin + seconds * SECOND;
    archive.thin(now);
    expect(archive.count(change)).toBe(seconds + 1);
    const recent = archive.rowAt(cyclic, now - 2 * HOUR);
    expect(archive.count(cyclic) - recent).toBe(2 * 3600 + 1);
    expect(recent).toBe(3 * 60);
    for (let row = 0; row < recent; row++) expect(archive.timeAt(cyclic, row)).toBe(begin + row * MINUTE);
    for (let row = 0; row < archive.count(cyclic); row++)
      expect(archive.valueAt(cyclic, row)).toBe((archive.timeAt(cyclic, row) - begin) / SECOND);
  }
});

test("[DP19] what comes at the same time or late is kept in the millisecond after, and rows are found by time", () => {
  const archive = new PlantArchive(signals);
  expect(archive.append(change, begin + 1499, 1)).toBe(begin + 1000);
  expect(archive.append(change, begin + 1501, 2)).toBe(begin + 2000);
  expect(archive.append(change, begin + 1600, 3)).toBe(begin + 3000);
  expect(archive.append(change, begin, 4)).toBe(begin + 4000);
  expect([0, 1000, 1001, 4000, 4001].map((offset) => archive.rowAt(change, begin + offset))).toEqual([0, 0, 1, 3, 4]);
});

test("[DP19] texts are kept once and found again after a hand-over", () => {
  const archive = new PlantArchive(signals);
  const [one, other] = [archive.textIndex("WM7-000001"), archive.textIndex("WM7-000002")];
  expect(archive.textIndex("WM7-000001")).toBe(one);
  archive.append(change, begin, 5);
  const received = new PlantArchive(signals);
  received.load(archive.takeColumns());
  expect(archive.total()).toBe(0);
  expect(received.total()).toBe(1);
  expect([received.textAt(one), received.textAt(other), received.textIndex("WM7-000003")]).toEqual(["WM7-000001", "WM7-000002", other + 1]);
  expect(archive.textsFrom(other)).toEqual(["WM7-000002"]);
});
