import { LIVE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import type { ShownProgress } from "./jobs-api.ts";
import { ReportedWork } from "./reported-work.ts";

test("[JB12] what the server derives is listed while it lasts, and pushed when it takes longer than a second", () => {
  const clock = { at: 0, now: () => clock.at };
  const pushed: ShownProgress[] = [];
  const work = new ReportedWork({ clock, by: "system", publish: (_topic, payload) => pushed.push(payload) });
  const report = (seconds: number, name: string, progress: number): void => {
    clock.at = seconds * 1_000_000;
    work.progress("kernel.derivation", name, progress);
  };
  report(0, "flow", 0);
  report(0.5, "flow", 0.4);
  expect(work.list()).toMatchObject([
    { id: "kernel.derivation:flow", branch: LIVE, state: "running", progress: 0.4, isFixed: true, by: "system" },
  ]);
  expect(work.get("kernel.derivation:flow")?.startedAt).toBe(0);
  report(0.9, "flow", 1);
  expect([work.list(), pushed]).toEqual([[], []]);
  report(10, "flow", 0);
  report(11, "flow", 0.25);
  report(11.1, "flow", 0.3);
  report(11.5, "flow", 0.5);
  report(12, "alarms", 0);
  report(12, "flow", 1);
  expect(pushed.map(({ state, progress }) => [state, progress])).toEqual([
    ["running", 0.25],
    ["running", 0.5],
    ["done", 1],
  ]);
  expect(pushed[0]).not.toHaveProperty("by");
  expect(work.list().map(({ id }) => id)).toEqual(["kernel.derivation:alarms"]);
});
