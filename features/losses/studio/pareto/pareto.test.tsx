import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { translate, zoneOf } from "@doppelwerk/kit/studio";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage, type Page, type Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { LossPareto, type ParetoRow } from "../../contract.ts";
import { views } from "../views.ts";
import { choiceOf, detailOf, spanOf } from "./pareto-choice.ts";
import { paretoCsv } from "./pareto-csv.ts";
import ParetoPage from "./pareto-page.tsx";

afterEach(closePages);

const HOUR = 3_600e6;
const DAY = 24 * HOUR;
const T = Date.UTC(2026, 10, 24, 12) * 1000;
const row = (key: string, minutes: number, more: Partial<ParetoRow> = {}): ParetoRow => ({
  key,
  isConstraint: true,
  seconds: minutes * 60,
  units: minutes,
  count: 2,
  longest: [],
  before: { seconds: 600, units: 10, count: 1 },
  ...more,
});
const PARETO: LossPareto = {
  line: "Line3",
  station: "S090",
  from: T - 7 * DAY,
  to: T,
  shifts: 14,
  plannedBusyS: 360_000,
  lostS: 2_700,
  lostUnits: 45,
  before: { shifts: 14, plannedBusyS: 360_000, lostS: 1_800, lostUnits: 30 },
  counted: ["S090"],
  rows: [
    row("a", 30, {
      reason: { code: "technical.jam", title: { en: "=Jam", zh: "卡料" } },
      longest: [{ station: "S090", from: T - 5 * HOUR, to: T - 4.5 * HOUR }],
    }),
    row("b", 15, { state: "silent" }),
    row("c", 90, { state: "failed", station: "S110", isConstraint: false, units: undefined }),
  ],
};
const open = (answers: Record<string, Recorded> = {}, address = "/losses", language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<ParetoPage />, { views, address, language, now: T, answers: { "GET /loss-pareto": PARETO, ...answers } });

test("[LS17] the page has minutes, units and times beside the period before, other stations apart; an occurrence leads to its instant with its station", async () => {
  expect(LossPareto.parse(PARETO)).toEqual(PARETO);
  const page = await open();
  await screen.findByRole("heading", { name: "S090 lost 45 of 6000 min planned busy time" });
  const [own, others] = await screen.findAllByRole("table");
  expect(within(own!).getByRole("row", { name: /=Jam/ }).textContent).toMatch(/30.*30.*2.*67 %.*\+20/su);
  expect(within(own!).getByRole("row", { name: /Silent/ }).textContent).toContain("100 %");
  expect(within(others!).getByRole("row", { name: /S110 · Failed/ }).textContent).not.toContain("%");
  expect(await page.accessibilityFindings()).toEqual([]);
  await userEvent.click(within(own!).getByRole("button", { name: /^S090, .*30/ }));
  expect(page.studio.time.instant()).toBe(T - 5 * HOUR + 1e6);
  expect(page.studio.address.store.get().subject).toBe("S090");
});

test("[LS17] span and grouping are in the address; a wrong one is the last week by reason; days are those of the plant, 25 hours too", async () => {
  const page = await open();
  await userEvent.click(await screen.findByRole("radio", { name: "Station" }));
  await waitFor(() => expect(page.studio.address.store.get().detail).toBe("week.station"));
  expect([choiceOf("x.y"), choiceOf("2026-02-30x.state").by]).toEqual([{ by: "reason", span: "week" }, "state"]);
  const own = { by: "state", span: { first: "2026-10-25", last: "2026-10-25" } } as const;
  expect(choiceOf(detailOf(own))).toEqual(own);
  const { from, to } = spanOf(own, T, zoneOf("Europe/Berlin"));
  expect((to - from) / HOUR).toBe(25);
});

test("[LS17] no text of the CSV becomes a formula; without a shift and where it cannot be read the page says so; it reads in Chinese", async () => {
  await open();
  const words = { t: translate, language: "en" } as const;
  expect(paretoCsv(PARETO, "reason", words)).toContain("'=Jam");
  closePages();
  await open({ "GET /loss-pareto": { ...PARETO, shifts: 0, rows: [] } });
  await screen.findByText("No shift began in this period");
  closePages();
  await open({ "GET /loss-pareto": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } } });
  await screen.findByText(/the disk is full/);
  closePages();
  const chinese = await open({}, "/losses/month.reason", "zh");
  await screen.findByText("卡料");
  expect(await chinese.accessibilityFindings()).toEqual([]);
});
