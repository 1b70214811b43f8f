import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { AlarmRuleFields } from "../../contract.ts";
import { views } from "../views.ts";
import CandidatesOfTrend from "./candidates-of-trend.tsx";
import { ASKED_PERCENTS, candidatesOf, triedRule } from "./limit-candidates.ts";

afterEach(closePages);

const T = Date.UTC(2026, 10, 24, 9) * 1000;
const STRETCH = { from: T, to: T + 3_600e6, signals: ["signal:p"] };
const ENTRY = { id: "signal:p", name: "Pressure", valueType: "double", unit: "bar", resolution: 0.1 };
/** Buckets that were spread evenly between two values. */
const evenly = (...spans: readonly (readonly [number, number] | null)[]) => ({
  percentiles: ASKED_PERCENTS.map((percent) => ({
    percent,
    values: spans.map((span) => (span === null ? null : span[0] + ((span[1] - span[0]) * percent) / 100)),
  })),
});
const trend = {
  signal: ENTRY.id,
  name: ENTRY.name,
  from: T,
  width: 1,
  min: [0],
  max: [10],
  mean: [5],
  quality: [0],
  raw: false,
  ...evenly([0, 10]),
};
/** The form asks for a trend of its own, which nothing can draw here. */
const percentilesOf =
  (answer: object) =>
  ({ url }: { readonly url: URL }) =>
    url.searchParams.has("percentiles") ? answer : { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "not drawn" } } };
const figures = { raised: 0, per10Min: 0, floods: 0, floodShare: 0, chattering: 0 };
const trial = ({ body }: { readonly body: unknown }) => {
  const { from, to } = body as { readonly from: number; readonly to: number };
  const count = to === STRETCH.to && from === STRETCH.from ? 0 : 3;
  const rules = Array.from({ length: 6 }, (_, at) => ({
    id: `alarmRule:tried-${at}`,
    title: { en: "", zh: "" },
    was: 0,
    would: count + at,
  }));
  return { from, to, was: figures, would: figures, rules, raised: [], isWhole: true };
};

async function open(answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> {
  const page = await openPage(<CandidatesOfTrend {...STRETCH} />, {
    views,
    address: "/trends",
    language,
    now: T + 7_200e6,
    answers: { "GET /trend": percentilesOf(trend), "POST /alarm-rules/try": trial, ...answers },
  });
  page.studio.signals.describe([ENTRY]);
  return page;
}
async function propose(name = "Propose limits from this period"): Promise<void> {
  await userEvent.click(await screen.findByRole("button", { name }));
}

test("[AL19] limits are the quantiles of all buckets together, rounded outwards, with a deadband of a twentieth of the range", () => {
  expect(candidatesOf(evenly([0, 10]), 0.1)).toEqual([
    { kind: "low", percent: 0, limit: 0, deadband: 0.5 },
    { kind: "low", percent: 1, limit: 0.1, deadband: 0.5 },
    { kind: "low", percent: 5, limit: 0.5, deadband: 0.5 },
    { kind: "high", percent: 95, limit: 9.5, deadband: 0.5 },
    { kind: "high", percent: 99, limit: 9.9, deadband: 0.5 },
    { kind: "high", percent: 100, limit: 10, deadband: 0.5 },
  ]);
  // half of the time below 10, half above: the 95 % are in the upper half; what was not measured counts for nothing
  expect(candidatesOf(evenly([0, 10], null, [10, 20]), 0.1).find(({ percent }) => percent === 95)?.limit).toBe(19);
  expect(candidatesOf(evenly([5.01, 5.02]), 0.1).map(({ limit }) => limit)).toEqual([5, 5, 5, 5.1, 5.1, 5.1]);
  expect(candidatesOf(evenly(null), 0.1)).toEqual([]);
  expect(candidatesOf({}, 0.1)).toEqual([]);
});

test("[AL19] what is tested on the past is a rule of the contract", () => {
  for (const candidate of candidatesOf(evenly([0, 10]), 0.1)) {
    const rule = triedRule(candidate, ENTRY.id);
    expect(AlarmRuleFields.parse(rule)).toEqual(rule);
  }
});

test("[AL19] each limit stands with how often it would have been raised; used, the form of a new rule opens with it", async () => {
  const user = userEvent.setup();
  const page = await open();
  await propose();
  const row = (await screen.findByText("99 %", { normalizer: (text) => text.replace(/\s/g, " ") })).closest("tr")!;
  expect([...row.querySelectorAll("td")].slice(2, 4).map(({ textContent }) => textContent)).toEqual(["4", "7"]);
  const asked = page.asked.filter(({ route }) => route === "POST /alarm-rules/try").map(({ body }) => body as { from: number; to: number });
  expect(asked[0]).toMatchObject({ from: STRETCH.from, to: STRETCH.to });
  expect(asked[1]!.to - asked[1]!.from).toBe(7 * 86_400e6);
  within(row).getByRole("button").focus();
  await user.keyboard("{Enter}");
  const dialog = within(await screen.findByRole("dialog"));
  expect((dialog.getByLabelText("Limit") as HTMLInputElement).value).toBe("9.9");
  expect((dialog.getByLabelText("Deadband") as HTMLInputElement).value).toBe("0.5");
  expect(page.asked.some(({ route }) => route === "POST /alarm-rules")).toBe(false);
});

test("[AL19] a limit that was drawn on the trend is tested on the stretch, and used opens the form with it", async () => {
  const user = userEvent.setup();
  const drawn = [{ signal: ENTRY.id, kind: "high" as const, at: 8 }];
  const page = await openPage(<CandidatesOfTrend {...STRETCH} drawn={drawn} />, {
    views,
    address: "/trends",
    now: T + 7_200e6,
    answers: { "GET /trend": percentilesOf(trend), "POST /alarm-rules/try": trial },
  });
  page.studio.signals.describe([ENTRY]);
  const table = within(await screen.findByRole("table", { name: "Limits drawn on the trend" }));
  await table.findByRole("cell", { name: "0" });
  const [asked] = page.asked.filter(({ route }) => route === "POST /alarm-rules/try").map(({ body }) => body);
  expect(asked).toMatchObject({
    from: STRETCH.from,
    to: STRETCH.to,
    rules: [{ fields: { condition: { kind: "high", limit: 8, deadband: 0.08 } } }],
  });
  await user.click(table.getByRole("button"));
  expect((within(await screen.findByRole("dialog")).getByLabelText("Limit") as HTMLInputElement).value).toBe("8");
});

test("[AL19] a past that cannot be tested says why; a stretch without values has no limits", async () => {
  const page = await open({ "POST /alarm-rules/try": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "no room" } } } });
  await propose();
  await screen.findByText("no room");
  page.answers["GET /trend"] = percentilesOf({ ...trend, ...evenly(null) });
  await propose();
  await waitFor(() => screen.getByText("No value in this period"));
});

test("[AL19] axe finds nothing serious, in either language", async () => {
  const page = await open();
  await propose();
  await screen.findByRole("table");
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  const chinese = await open({}, "zh");
  await propose("由此时段推算限值");
  await screen.findByRole("table");
  expect(await chinese.accessibilityFindings()).toEqual([]);
});
