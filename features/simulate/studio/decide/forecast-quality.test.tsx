import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import ForecastQuality from "./forecast-quality.tsx";

afterEach(closePages);

const horizon = { horizon: "this shift", n: 15, meanAbsoluteError: 35.34, bias: -26.8, crps: 21.5, coverage90: 0.8, skill: -0.13 };
const backtest = { state: "done", done: 15, total: 15, horizons: [horizon], points: [] };
const open = (horizons: readonly object[]) =>
  openPage(<ForecastQuality line="Line4" />, { address: "/board?line=Line4", answers: { "GET /backtest": { ...backtest, horizons } } });
const text = (): string => document.querySelector(".dw-forecast-quality")!.textContent!.replace(/\s+/gu, " ");

test("[SV144] beside a forecast stands how good past ones were, and the way to all figures", async () => {
  const page = await open([horizon]);
  await screen.findByText(/Past forecasts/);
  expect(text()).toContain("mean error 35.3 units; their 90 % intervals held 80 % of 15 outcomes");
  await userEvent.click(screen.getByRole("button", { name: "Accuracy of the model" }));
  expect(page.studio.address.store.get()).toMatchObject({ view: "decide", line: "Line4" });
  closePages();
  await open([{ ...horizon, n: 0, meanAbsoluteError: null, coverage90: null }]);
  await screen.findByText(/have not been tested yet/);
});
