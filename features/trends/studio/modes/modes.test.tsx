import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import AnalysisView from "../analysis-view.tsx";
import { formatChoice, parseChoice, type Choice } from "../choice.ts";
import { views } from "../views.ts";

afterEach(closePages);

const HOUR = 3_600_000_000;
const NOW = Date.UTC(2026, 10, 27, 12) * 1_000;
const RANGE = { from: NOW - 8 * HOUR, to: NOW };
const ENTRIES = [
  { id: "signal:p", name: "Pressure", valueType: "double", unit: "bar", resolution: 0.1 },
  { id: "signal:t", name: "Temperature", valueType: "double", unit: "Cel" },
];
const column = (of: (at: number) => number | null) => Array.from({ length: 20 }, (_, at) => of(at));
const trend = ({ url }: { readonly url: URL }) => {
  const [from, to] = [Number(url.searchParams.get("from")), Number(url.searchParams.get("to"))];
  const id = url.searchParams.get("signal")!;
  return {
    signal: id,
    name: id,
    from,
    width: (to - from) / 20,
    min: column((at) => at),
    max: column((at) => at + 2),
    mean: column((at) => (at === 5 ? null : at + 1)),
    quality: column(() => 0),
    raw: false,
  };
};
const rail = {
  from: RANGE.from,
  to: RANGE.to,
  now: NOW,
  band: [],
  shifts: [{ from: RANGE.from - 8 * HOUR, to: RANGE.from, name: "Early" }],
  alarms: [{ at: NOW - HOUR, priority: 2, station: "S090", count: 1 }],
  changes: [],
  lanes: [],
};
const distribution = {
  signal: "signal:p",
  name: "Pressure",
  unit: "bar",
  ...RANGE,
  n: 400,
  bad: 1,
  knownS: 28_000,
  unknownS: 800,
  min: 1,
  max: 9,
  mean: 5,
  sd: 1.2,
  timeMean: 5.1,
  quantiles: { p5: 3, p25: 4, p50: 5, p75: 6, p95: 7 },
  bins: { from: 1, width: 1, counts: [1, 20, 80, 198, 80, 20, 1, 0], seconds: [1, 2, 3, 4, 5, 6, 7, 8] },
  capability: { cp: 1.4, cpk: 1.31, pp: 1.1, ppk: 1.02, below: 0, above: 3, expectedBelow: 0.001, expectedAbove: 0.002 },
  origins: ["measured"],
};
const ANSWERS: Record<string, Recorded> = {
  "GET /trend": trend,
  "GET /rail": rail,
  "GET /saved-trends": [],
  "GET /analysis/distribution": distribution,
};

async function open(change: Partial<Choice>, answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> {
  const choice = { ...parseChoice(""), sources: ["signal:p", "signal:t"], range: RANGE, ...change };
  const address = `/analysis/${encodeURIComponent(formatChoice(choice))}`;
  const page = await openPage(<AnalysisView />, { views, address, language, now: NOW, answers: { ...ANSWERS, ...answers } });
  page.studio.signals.describe(ENTRIES);
  return page;
}
const shown = (page: Page): Choice => parseChoice(page.studio.address.store.get().detail);

test("[TR2] [TR12] a trend names its signals and has its values as a table; a gap is read as one", async () => {
  await open({});
  const table = await screen.findByRole("table", { name: "Trend of 2 signals" });
  expect(
    within(table)
      .getAllByRole("columnheader")
      .map(({ textContent }) => textContent),
  ).toContain("Pressure");
  expect(table.textContent).toMatch(/bar/);
  expect(await screen.findAllByRole("cell", { name: "400" })).toHaveLength(2);
});

test("[TR11] a limit is put on a signal from a menu, written as a number, and taken away again; it is in the link", async () => {
  const user = userEvent.setup();
  const page = await open({});
  await user.click(await screen.findByRole("button", { name: "Draw a limit" }));
  await user.click(await screen.findByRole("menuitem", { name: "Pressure: upper limit" }));
  await waitFor(() => expect(shown(page).limits).toEqual([{ signal: "signal:p", kind: "high", at: 21 }]));
  const field = await screen.findByRole("textbox", { name: "upper limit of Pressure" });
  await user.clear(field);
  await user.type(field, "18");
  await waitFor(() => expect(shown(page).limits[0]!.at).toBe(18));
  await user.click(screen.getByRole("button", { name: "Remove the limit of Pressure" }));
  await waitFor(() => expect(shown(page).limits).toEqual([]));
});

test("[TR12] the drawing is zoomed and read by keyboard", async () => {
  const user = userEvent.setup();
  const page = await open({});
  const drawing = await screen.findByRole("group", { name: "Trend of 2 signals" });
  drawing.focus();
  await user.keyboard("{ArrowLeft}");
  await waitFor(() => expect(screen.getAllByRole("status").some(({ textContent }) => /bar/.test(textContent ?? ""))).toBe(true));
  await user.keyboard("+");
  await waitFor(() => expect(shown(page).range!.to - shown(page).range!.from).toBeLessThan(4.1 * HOUR));
  await user.keyboard("0");
  await waitFor(() => expect(shown(page).range).toBeUndefined());
});

test("[TR7] [TR8] periods are compared by their beginnings: the day before, a shift, and where a serial was", async () => {
  const user = userEvent.setup();
  const page = await open(
    { mode: "compare" },
    { "GET /analysis/serials/WM-1": { serial: "WM-1", spans: [{ station: "S090", from: NOW - 3 * HOUR, to: NOW - 2 * HOUR }] } },
  );
  await user.click(await screen.findByRole("button", { name: "A day earlier" }));
  await waitFor(() => expect(shown(page).compared).toHaveLength(1));
  expect(shown(page).compared[0]).toMatchObject({ from: RANGE.from - 24 * HOUR, to: RANGE.to - 24 * HOUR });
  await user.click(await screen.findByRole("button", { name: "Shift" }));
  await user.click(await screen.findByRole("menuitem", { name: /Early/ }));
  await waitFor(() => expect(shown(page).compared).toHaveLength(2));
  await user.type(screen.getByRole("textbox", { name: "Serial" }), "WM-1{Enter}");
  await waitFor(() => expect(shown(page).compared.map(({ label }) => label)).toContain("WM-1 S090"));
});

test("[TR4] a histogram says Cp, Cpk, Pp and Ppk, and what lies beyond the limits; a written limit is in the link", async () => {
  const user = userEvent.setup();
  const page = await open({ mode: "histogram", sources: ["signal:p"] });
  await screen.findByText("1.31");
  expect(screen.getByText(/Below the limits: 0, above: 3 samples/)).toBeTruthy();
  await user.type(await screen.findByRole("textbox", { name: "Upper limit" }), "8");
  await waitFor(() => expect(shown(page).upper).toBe(8));
});

test("[TR9] what cannot be read says why, and what is missing what to do", async () => {
  const refused = { status: 400, body: { error: { code: "DW_INVALID", message: "too many samples" } } };
  await open({ mode: "spectrum", sources: ["signal:p"] }, { "GET /analysis/spectrum": refused });
  await screen.findByText(/too many samples/);
  closePages();
  await open({ mode: "xy", sources: ["signal:p"] });
  await screen.findByText("Choose two signals of numbers.");
  closePages();
  await open({ mode: "curves" }, { "GET /curve-stations": [] });
  await screen.findByText("No curves yet");
});

const curve = (name: string, more: object) => ({
  curve: name,
  at: NOW - HOUR,
  known: NOW - HOUR,
  judged: "good",
  verdict: "OK",
  x: [0, 1, 2],
  y: [0, 1, 2],
  isOutlier: false,
  outside: 0,
  ...more,
});
const curves = {
  station: "S080",
  channel: "1",
  channels: ["1", "2"],
  axes: [
    { name: "angle", unit: "deg" },
    { name: "torque", unit: "N.m" },
  ],
  curves: [
    curve("C1", { serial: "WM-1", isOutlier: true, outside: 0.4, judged: "unknown", verdict: "?" }),
    curve("C2", { serial: "WM-2" }),
  ],
  envelope: { x: [0, 1, 2], low: [0, 0.9, 1.8], middle: [0, 1, 2], high: [0.1, 1.1, 2.2], n: [9, 9, 9], of: 9 },
  count: 2,
  otherAxes: 1,
};

test("[TR22] curves are listed with their serial and what is outside, one serial is shown alone by its button", async () => {
  const user = userEvent.setup();
  const page = await open(
    { mode: "curves" },
    { "GET /curve-stations": [{ station: "S080", count: 2, newest: NOW }], "GET /curves": curves },
  );
  await screen.findByText(/2 of 2 curves shown, 1 outside/);
  expect(screen.getByText(/1 curve has other axes/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Only serial WM-1, curve C1" }));
  await waitFor(() => expect(shown(page)).toMatchObject({ station: "S080", serial: "WM-1" }));
});

test("[TR10] what is shown is saved under a name, and one of the same name is replaced", async () => {
  const user = userEvent.setup();
  const saved = { id: "savedTrend:1", title: "Mine", choice: "", signals: [], author: "Bo", written: 5 };
  const page = await open({}, { "GET /saved-trends": [saved], "POST /saved-trends": saved, "PUT /saved-trends/savedTrend:1": saved });
  const store = async (title: string, button: string): Promise<void> => {
    await user.click(await screen.findByRole("button", { name: "Saved trends" }));
    await user.click(await screen.findByRole("menuitem", { name: "Save this trend" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByLabelText("Name"), title);
    await user.click(dialog.getByRole("button", { name: button }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  };
  await store("New", "Save");
  await store("Mine", "Replace");
  const bodies = page.asked.filter(({ route }) => /^(?:POST|PUT) \/saved-trends/.test(route)).map(({ body }) => body);
  expect(bodies).toMatchObject([
    { title: "New", signals: ["signal:p", "signal:t"] },
    { title: "Mine", seen: 5 },
  ]);
});

test.each(["trend", "compare", "histogram"] as const)("[TR12] axe finds nothing serious in %s, in either language", async (mode) => {
  for (const language of ["en", "zh"] as const) {
    const page = await open({ mode, sources: ["signal:p"] }, {}, language);
    await screen.findAllByRole("figure");
    expect(await page.accessibilityFindings()).toEqual([]);
    closePages();
  }
});
