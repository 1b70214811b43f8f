import { screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import Board from "../../../../packages/studio/src/board/board.tsx";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { RECORDED_AT, branches, kpis, line, snapshot, world } from "./recorded.fixture.ts";
import { views } from "./views-of-product.ts";

afterEach(closePages);

const open = (answers: Record<string, Recorded> = {}): Promise<Page> =>
  openPage(<Board />, {
    views,
    address: "/board",
    now: RECORDED_AT,
    answers: {
      "GET /world": world,
      "GET /branches": branches,
      "GET /line": line,
      "GET /snapshot": snapshot,
      "GET /kpis": kpis,
      ...answers,
    },
  });

test("[ui V1] the board shows the shift, its OEE, every station and the alarm that stands", async () => {
  await open();
  // 360 good of 409 due by now
  expect((await screen.findAllByText(/\b360\b/)).length).toBeGreaterThan(0);
  expect((await screen.findAllByText(/88\.1/)).length).toBeGreaterThan(0);
  for (const station of ["S090", "S110", "S120"]) expect((await screen.findAllByText(new RegExp(station))).length).toBeGreaterThan(0);
  await screen.findByText("S120 has failed");
});

test("[ui V1] a world without a line says what will be here and leads to Connect", async () => {
  const page = await open({ "GET /world": { ...world, line: false, empty: true, snapshot: false } });
  const button = await screen.findByRole("button", { name: "Connect" });
  button.click();
  expect(page.studio.address.store.get().view).toBe("connect");
});

test("[ui V1] a server that does not answer is named instead of a board of old figures", async () => {
  const unavailable = { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the past is being derived" } } };
  const page = await open({ "GET /line": unavailable });
  const alert = await screen.findByRole("alert");
  within(alert).getByText("the past is being derived");
  page.answers["GET /line"] = line;
  within(alert).getByRole("button", { name: "Try again" }).click();
  await screen.findByText("S120 has failed");
});

test("[ui V1] figures that cannot be had are missing, not zero, and the other tiles stand", async () => {
  await open({ "GET /kpis": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "no" } } } });
  await screen.findByText("S120 has failed");
  expect(screen.queryAllByText(/88\.1/)).toEqual([]);
  expect(screen.queryAllByText(/\b0(\.0)?\s?%/)).toEqual([]);
});

test("[losses LS11] while the history is read no minute counts as lost, and OEE is unknown", async () => {
  const budget = {
    shifts: 1,
    station: "S090",
    from: RECORDED_AT - 3_600_000_000,
    to: RECORDED_AT,
    plannedBusyS: 3_600,
    produced: 2,
    good: 2,
    idealCycleS: 36,
    possible: 100,
    lostUnits: 98,
    lostS: 3_528,
    rows: [{ state: "unknown", seconds: 3_528, units: 98, count: 1 }],
  };
  await open({ "GET /loss-budget": budget });
  await screen.findByText("S090 lost 59 of 60 min planned busy time");
  closePages();
  await open({ "GET /loss-budget": budget, "GET /snapshot": { ...snapshot, reading: 0.9 } });
  const card = (await screen.findByRole("heading", { name: "Where the time goes" })).closest(".dw-card") as HTMLElement;
  await within(card).findByText(/history is being read, 90/);
  expect(screen.queryByText(/ lost \d+ of/)).toBeNull();
  expect(screen.queryAllByText(/88\.1/)).toEqual([]);
});

test("[ui V1] axe finds nothing serious on the board", async () => {
  const page = await open();
  await screen.findByText("S120 has failed");
  expect(await page.accessibilityFindings()).toEqual([]);
});
