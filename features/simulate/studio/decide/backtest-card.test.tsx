import { screen } from "@testing-library/react";
import type { Backtest } from "@doppelwerk/client";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { backtest as shape } from "../../model/run-shapes.ts";
import { BacktestCard } from "./backtest-card.tsx";

afterEach(closePages);

const horizon = (name: Backtest["horizons"][number]["horizon"], skill: number | null): Backtest["horizons"][number] => ({
  horizon: name,
  n: 12,
  meanAbsoluteError: 10.4,
  bias: -1.2,
  crps: 7.1,
  coverage90: 0.92,
  skill,
  unit: "units",
});

async function open(horizons: Backtest["horizons"], language: "en" | "zh" = "en"): Promise<void> {
  const answer: Backtest = { state: "done", done: 12, total: 12, horizons, points: [] } as never;
  expect(shape.parse(answer).horizons).toEqual(horizons);
  await openPage(<BacktestCard />, { address: "/decide", language, answers: { "GET /backtest": answer } });
  await screen.findByRole("table");
}

test("[SV130] where forecasts were worse than a simple guess a sentence names them, the guess and what to do; where they were not there is none", async () => {
  await open([horizon("1 h", 0.31), horizon("this shift", -0.12), horizon("next shift", -0.4)]);
  const text = screen.getByText(/^No better than a simple guess/).textContent!;
  expect(text).toContain("for this shift, next shift: the mean of the last ten comparable shifts was closer. Take that mean instead");
  closePages();
  await open([horizon("1 h", 0.31), horizon("this shift", 0), horizon("next shift", null)]);
  expect(screen.queryByText(/simple guess/)).toBeNull();
  closePages();
  await open([horizon("next shift", -0.4)], "zh");
  screen.getByText(/^对 下一班次|^对 /u);
});
