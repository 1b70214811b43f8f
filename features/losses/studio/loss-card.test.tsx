import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MINUTE, SECOND } from "@doppelwerk/kit/studio";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import LossCard from "./loss-card.tsx";

afterEach(closePages);

const FROM = Date.UTC(2026, 10, 24, 5) * 1000;
const T = FROM + 120 * MINUTE;

test("[LS11] a row leads to one second after its longest occurrence began, with the constraint selected", async () => {
  const longest = { from: FROM + 30 * MINUTE, to: FROM + 39 * MINUTE };
  const budget = {
    from: FROM,
    to: T,
    shifts: 1,
    station: "S090",
    good: 100,
    idealCycleS: 36,
    plannedBusyS: 7_200,
    rows: [
      { state: "failed", seconds: 540, units: 15, count: 2, longest },
      { state: "starved", station: "S080", stationState: "working", seconds: 20, units: 1 },
    ],
  };
  const world = { revision: 5, line: true, snapshot: true, lines: [], connections: [], timeZone: "UTC", backfill: { done: true } };
  const shift = { name: "Early", from: FROM, to: FROM + 480 * MINUTE, good: 100, due: 200, plan: 800 };
  const page = await openPage(<LossCard />, {
    address: "/board?line=Line3",
    now: T,
    answers: {
      "GET /world": world,
      "GET /branches": [],
      "GET /line": { id: "Line3", stations: [{ id: "S090", shell: "shell:1" }] },
      "GET /snapshot": { instant: T, live: true, stations: [], alarms: [], shift },
      "GET /loss-budget": budget,
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: /9 min/ }));
  // what is less than a minute is not nothing
  expect(screen.getByText("< 1 min").closest(".dw-loss")!.textContent).toMatch(/S080.*1 unit/u);
  expect(page.studio.address.store.get()).toMatchObject({ subject: "S090", inspector: true, line: "Line3" });
  await waitFor(() => expect(page.studio.time.instant()).toBe(longest.from + SECOND));
});
