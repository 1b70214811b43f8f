import { act, cleanup, render, screen, within } from "@testing-library/react";
import type { ReactNode } from "react";
import type { Trend } from "@doppelwerk/client";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { afterEach, beforeEach, expect, test } from "vitest";
import { switchLanguage } from "../language/language.ts";
import { StudioContext } from "../session/context.tsx";
import type { Studio } from "../session/studio.ts";
import { createStore } from "../store/store.ts";
import { SparkPath } from "../values/spark.tsx";
import { StateStrip } from "../values/state-strip.tsx";
import { TrendRowsTable } from "./trend-rows-table.tsx";
import { TimeShares } from "./time-shares.tsx";

// 24 November 2026, 06:00 in Berlin
const SIX = Date.UTC(2026, 10, 24, 5) * 1000;

beforeEach(() => switchLanguage("en"));
afterEach(cleanup);

async function draw(chart: ReactNode): Promise<void> {
  const studio = { world: createStore({ timeZone: "Europe/Berlin" }) } as unknown as Studio;
  render(<StudioContext value={studio}>{chart}</StudioContext>);
  await act(async () => undefined);
}

function trendOf(mean: readonly (number | null)[]): Trend {
  const off = (by: number) => mean.map((value) => (value === null ? null : value + by));
  return {
    signal: "signal:a",
    from: SIX,
    width: MINUTE,
    unit: "bar",
    mean,
    min: off(-1),
    max: off(2),
    bad: mean.map(() => false),
  } as unknown as Trend;
}

test("[U141] a trend is read as lowest, mean and highest of at most 24 stretches, an unknown one is named", async () => {
  // 48 minutes of 0, 1, 2 … bar, of which the last two are unknown
  const mean = [...Array.from({ length: 46 }, (_, at) => at), null, null];
  await draw(<TrendRowsTable label="Pressure" trends={[{ trend: trendOf(mean), entry: undefined, title: "Pressure" }]} />);
  const rows = within(screen.getByRole("table", { name: "Pressure" })).getAllByRole("row");
  expect(rows).toHaveLength(25);
  expect(rows[0]!.textContent).toBe("TimeLowestMeanHighest");
  // minutes 2 and 3: 2 − 1 to 3 + 2, their mean 2.5
  expect(rows[2]!.textContent).toMatch(/06:02.*1\u202fbar2\.50\u202fbar5\u202fbar$/);
  expect(rows[24]!.textContent).toMatch(/06:46.*no datano datano data$/);
});

test("[U141] trends in one chart are read side by side, each column with its name", async () => {
  const trends = ["Pressure", "Flow"].map((title) => ({ trend: trendOf([4, 5]), entry: undefined, title }));
  await draw(<TrendRowsTable label="Two" trends={trends} />);
  const [head, first] = within(screen.getByRole("table", { name: "Two" })).getAllByRole("row");
  expect(head!.textContent).toBe("TimePressure: LowestPressure: MeanPressure: HighestFlow: LowestFlow: MeanFlow: Highest");
  expect(within(first!).getAllByRole("cell")).toHaveLength(6);
});

test("[U141] a strip of states is read as the share of each state, its stops with their times, and the state at the end", async () => {
  const span = (state: string, from: number, to: number) => ({ state, from: SIX + from * MINUTE, to: SIX + to * MINUTE });
  const spans = [span("working", 0, 30), span("failed", 30, 45), span("working", 45, 60)];
  await draw(<StateStrip spans={spans} from={SIX} to={SIX + HOUR} />);
  expect(screen.getByRole("img").getAttribute("aria-label")).toBe(
    "06:00 to 07:00: Running 75.0\u202f%, Failed 25.0\u202f%; Failed 06:30–06:45; now: Running",
  );
});

test("[U141] what a strip does not know is a share of its own, never left out", async () => {
  await draw(<StateStrip spans={[{ state: "working", from: SIX + HOUR / 2, to: SIX + HOUR }]} from={SIX} to={SIX + HOUR} />);
  expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(/Running 50\.0.*Unknown 50\.0/);
});

test("[U141] a small line says what it shows where it is told, and is passed over where it is not", async () => {
  const { container } = render(<SparkPath trend={{ mean: [1, 2, 3] }} height={20} width={80} label="last 10 min: 1 bar to 3 bar" />);
  screen.getByRole("img", { name: "last 10 min: 1 bar to 3 bar" });
  cleanup();
  expect(container.innerHTML).toBe("");
  render(<SparkPath trend={{ mean: [1, 2, 3] }} height={20} width={80} />);
  expect(screen.queryByRole("img")).toBeNull();
});

test("[U141] bars of time are read with the share of each state, live and branch apart", async () => {
  await draw(<TimeShares rows={[{ station: "S10", live: { working: 30, failed: 10 }, branch: { working: 40 } }] as never} />);
  expect(screen.getAllByRole("img").map((bar) => bar.getAttribute("aria-label"))).toEqual([
    "Live: Running 75.0\u202f%, Failed 25.0\u202f%",
    "Branch: Running 100.0\u202f%",
  ]);
});
