import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { LossBudget } from "../contract.ts";
import LossCascade from "./loss-cascade.tsx";

afterEach(closePages);

const MINUTE = 60e6;
const FROM = Date.UTC(2026, 10, 23, 14) * 1000;
const TO = FROM + 480 * MINUTE;
const span = (minute: number, minutes: number) => ({ from: FROM + minute * MINUTE, to: FROM + (minute + minutes) * MINUTE });
const BUDGET: LossBudget = {
  shifts: 1,
  from: FROM,
  to: TO,
  station: "S090",
  plannedBusyS: 25_800,
  idealCycleS: 36,
  isOfTakt: true,
  produced: 612,
  good: 595,
  possible: 716.7,
  lostS: 4_380,
  lostUnits: 121.7,
  timeModel: { plannedBusyS: 25_800, APT: 22_356, AUST: 360, ADET: 2_988, ADOT: 0, unknownS: 96 },
  rows: [
    {
      state: "blocked",
      station: "S120",
      stationState: "failed",
      reason: { code: "technical.jam", title: { en: "Film jam", zh: "卡膜" } },
      seconds: 1_260,
      units: 35,
      count: 2,
      longest: span(132, 12),
      occurrences: [span(132, 12), span(341, 9)],
    },
    { state: "microStop", seconds: 1_728, units: 48, count: 19, longest: span(20, 4), occurrences: [span(20, 4)] },
    { state: "setUp", seconds: 360, units: 10, count: 2, longest: span(60, 3), occurrences: [span(60, 3)] },
    { state: "unknown", seconds: 96, units: 2.7 },
    { state: "speed", seconds: 324, units: 9 },
    { state: "reject", seconds: 612, units: 17 },
  ],
};
const SHIFT = { name: "Late", from: FROM, to: TO, end: TO, line: "Line3", isRunning: false };
const open = (answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<LossCascade shift={SHIFT} />, {
    address: "/shift",
    language,
    now: TO,
    answers: {
      "GET /loss-budget": BUDGET,
      "GET /loss-usual": { shifts: 20, rows: [{ key: "blocked.S120@technical.jam", low: 2, median: 6, high: 12 }] },
      "GET /stops": { stops: [], gone: [] },
      "GET /loss-reasons": [],
      ...answers,
    },
  });

test("[LS14] losses are a cascade of whole minutes and units that add up, the three largest with a number; one beyond what is usual is marked", async () => {
  expect(LossBudget.parse(BUDGET)).toEqual(BUDGET);
  const page = await open();
  const part = await screen.findByRole("region", { name: "S090 lost 73 min, 122 units" });
  const numbered = [...part.querySelectorAll("[data-rank]")];
  expect(numbered.map((row) => row.getAttribute("data-rank"))).toEqual(["1", "2", "3"]);
  expect(numbered[0]!.textContent).toMatch(/S120 Film jam.*2 times.*21.*35/su);
  await screen.findByText("20 like shifts, 80 %");
  expect(part.querySelectorAll(".is-beyond").length).toBe(1);
  expect(part.querySelector(".is-sum")!.textContent).toMatch(/595 good at S090.*73.*122/su);
  // P6: the OEE that follows from the elements
  expect(part.textContent).toMatch(/430 min planned busy time/);
  expect(part.textContent).toMatch(/OEE 83\.0.*= availability 86\.7.*effectiveness 98\.6.*quality ratio 97\.2/su);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[LS14] a row leads to its longest occurrence, with the station that it was", async () => {
  const page = await open();
  await userEvent.click(await screen.findByRole("button", { name: /S120 Film jam/ }));
  expect(page.studio.time.instant()).toBe(span(132, 12).from + 1_000_000);
  expect(page.studio.address.store.get().subject).toBe("S120");
});

test("[LS14] of fewer than five like shifts nothing is usual; the longest stops without a reason stand below, those that waited do not", async () => {
  const stop = { station: "S120", ...span(341, 9), seconds: 540, state: "failed", cause: "internal" };
  const stops = [stop, { ...stop, ...span(10, 5), seconds: 300, state: "starved" }, { ...stop, ...span(30, 5), station: "S010" }];
  await open({ "GET /loss-usual": { shifts: 4, rows: [] }, "GET /stops": { stops, gone: [] } });
  await screen.findByText("1 stop without a reason");
  expect(screen.queryByText(/like shifts, 80 %/)).toBeNull();
  expect(within(screen.getByRole("list", { name: "Stops and waits" })).getAllByRole("listitem").length).toBe(1);
});

test("[LS14] without a shift it says that nothing is known, where it cannot be read why; it reads in Chinese", async () => {
  await open({ "GET /loss-budget": { ...BUDGET, shifts: 0, rows: [] } });
  await screen.findByText(/nothing is known of losses/);
  closePages();
  await open({ "GET /loss-budget": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } } });
  await screen.findByText(/the disk is full/);
  closePages();
  const page = await open({}, "zh");
  await screen.findByRole("region", { name: "S090 损失 73 分，122 件" });
  expect(await page.accessibilityFindings()).toEqual([]);
});
