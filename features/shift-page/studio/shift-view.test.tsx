import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { ShiftPage } from "../contract.ts";
import ShiftView from "./shift-view.tsx";
import { views } from "./views.ts";

afterEach(closePages);

const MINUTE = 60e6;
const FROM = Date.UTC(2026, 10, 23, 6) * 1000;
const TO = FROM + 480 * MINUTE;
const near = (name: string, daysBefore: number, good: number) => ({
  name,
  from: FROM - daysBefore * 1_440 * MINUTE,
  to: TO - daysBefore * 1_440 * MINUTE,
  good,
});
const PAGE: ShiftPage = {
  line: "Line3",
  shift: {
    name: "Late",
    revision: 2,
    from: FROM,
    to: TO,
    end: TO,
    isRunning: false,
    constraint: "S090",
    oee: 0.83,
    availability: 0.871,
    effectiveness: 0.965,
    qualityRatio: 0.988,
    good: 595,
    produced: 612,
    scrap: 7,
    reworked: 24,
    firstPassYield: 0.949,
    plannedBusyS: 25_800,
    actualProductionS: 22_472,
    idealCycleS: 36,
    unknownS: 96,
    findings: [],
    timeShares: [],
    bottleneck: [],
    topStops: [{ station: "S120", state: "failed", seconds: 1_260, count: 2 }],
  },
  before: near("Early", 0.4, 610),
  after: near("Night", -0.4, 500),
  plan: 620,
  like: [near("Late", 3, 648), near("Late", 2, 600), near("Late", 1, 612)],
  median: 612,
  alarms: [{ title: { en: "Film jam", zh: "卡膜" }, station: "S120", count: 4, first: FROM + 132 * MINUTE }],
  rejected: [
    { serial: "WM7-1", station: "S100", at: FROM + 30 * MINUTE, tries: 1 },
    { serial: "WM7-2", station: "S100", at: FROM + 90 * MINUTE, tries: 2 },
  ],
  changes: [{ at: FROM + 72 * MINUTE, title: { code: "verbatim", params: { text: "S120 seal 172 °C" } }, by: "L. Wei" }],
  drifts: [{ station: "S080", name: "cycle", unit: "s", before: 30, recent: 33.5, n: 200 }],
  driftsSince: FROM - 4_000 * MINUTE,
  notes: [{ id: "handoverNote:1", shift: FROM, text: "Use lot 118.", author: "Li Wei", written: TO + 8 * MINUTE, isItem: false }],
  items: [{ id: "handoverNote:2", shift: FROM, text: "Order a spare seal", author: "Otto", written: TO, isItem: true }],
  signatures: [],
};
const open = (answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en", address = "/shift"): Promise<Page> =>
  openPage(<ShiftView />, { views, address, language, now: TO + 30 * MINUTE, answers: { "GET /shift-page": PAGE, ...answers } });

test("[SP5] the result comes first: good units against plan, among like shifts, and OEE with its factors", async () => {
  expect(ShiftPage.parse(PAGE)).toEqual(PAGE);
  const page = await open();
  await screen.findByRole("heading", { name: "Late shift, Mon 23 Nov" });
  const result = screen.getByRole("region", { name: "Result" });
  expect(result.textContent).toMatch(/595.*good of 620.*25 short.*94\.9.*571 of 602/su);
  expect(result.textContent).toMatch(/83\.0.*OEE at S090.*87\.1.*96\.5.*98\.8/su);
  within(result).getByRole("img", { name: /the last 3 like shifts, median 612.*best 648/u });
  within(result).getByText("revised 2 times after its end by late data");
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[SP5] each time leads to its instant on the Rail; before and after lead to the shifts beside it", async () => {
  const page = await open();
  await userEvent.click(await screen.findByRole("button", { name: "07:12" }));
  expect(page.studio.time.instant()).toBe(FROM + 72 * MINUTE);
  await userEvent.click(screen.getByRole("button", { name: "Early" }));
  await waitFor(() => expect(page.studio.address.store.get().detail).toBe(new Date(PAGE.before!.from / 1000).toISOString()));
});

test("[SP2] a note is written, and an open item is closed", async () => {
  const page = await open({ "POST /shift-notes": PAGE.notes[0], "PUT /shift-notes/handoverNote:2/done": PAGE.items[0] });
  await userEvent.type(await screen.findByLabelText("Your note"), "Screw one test piece");
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  await waitFor(() =>
    expect(page.asked.find(({ route }) => route === "POST /shift-notes")?.body).toEqual({
      line: "Line3",
      shift: FROM,
      text: "Screw one test piece",
      isItem: false,
    }),
  );
  await userEvent.click(screen.getByRole("checkbox", { name: "Order a spare seal" }));
  await waitFor(() => expect(page.asked.find(({ route }) => route.startsWith("PUT"))?.body).toEqual({ isDone: true }));
});

test("[SP8] a rejected part says which result was far from what is usual, or that none was", async () => {
  const why = { signal: "signal:leak", name: "leak rate", unit: "kPa", value: 4.217, low: 0.81, high: 1.92 };
  await open({ "GET /shift-page": { ...PAGE, rejected: [{ ...PAGE.rejected[0], why }, PAGE.rejected[1]] } });
  await userEvent.click(await screen.findByText("S100 rejected 2"));
  screen.getByText(/leak rate 4\.22, usually 0\.81 to 1\.92 kPa/u);
  screen.getByText(/no result is far from what is usual/u);
});

test("[SP9] who looks at the page asks for signed handovers by mail; without an address it says what is missing", async () => {
  const page = await open({ "GET /shift-mail": { isOn: false, isReachable: true }, "PUT /shift-mail": { isOn: true, isReachable: true } });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Send me signed handovers by mail" }));
  await waitFor(() => expect(page.asked.find(({ route }) => route === "PUT /shift-mail")?.body).toEqual({ line: "Line3", isOn: true }));
  closePages();
  await open({ "GET /shift-mail": { isOn: false, isReachable: false } });
  await screen.findByText(/Give an address/u);
});

test("[SP3] signing sends what was seen; after it the figures that were signed stay readable where the shift was revised", async () => {
  const page = await open({ "POST /shift-signatures": {} });
  await userEvent.click(await screen.findByRole("button", { name: "Sign and hand over" }));
  await waitFor(() =>
    expect(page.asked.find(({ route }) => route === "POST /shift-signatures")?.body).toEqual({
      line: "Line3",
      shift: FROM,
      role: "handsOver",
      seen: { good: 595, revision: 2, notes: 2 },
    }),
  );
  closePages();
  const figures = { good: 593, produced: 610, scrap: 7, reworked: 24, plannedBusyS: 25_800, oee: 0.82, revision: 0 };
  await open({
    "GET /shift-page": { ...PAGE, signatures: [{ id: "s", role: "handsOver", by: "Li Wei", at: TO, figures, notesSince: 1 }] },
  });
  expect((await screen.findByRole("note")).textContent).toContain("from 593 good");
  const [signature] = within(screen.getByRole("list", { name: "Signatures" })).getAllByRole("listitem");
  expect(signature!.textContent).toMatch(/Li Wei handed over.*of 593 good.*1 note since/su);
  screen.getByRole("button", { name: "Sign and take over" });
});

test("[SP5] without a shift, and where it cannot be read, the page says so; it reads in Chinese", async () => {
  await open({ "GET /shift-page": { ...PAGE, shift: undefined } });
  await screen.findByText("No shift yet");
  closePages();
  await open({ "GET /shift-page": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } } });
  await screen.findByText(/the disk is full/);
  closePages();
  const page = await open({}, "zh");
  await screen.findByRole("button", { name: "签名交班" });
  expect(await page.accessibilityFindings()).toEqual([]);
});
