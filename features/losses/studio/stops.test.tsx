import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { z } from "@doppelwerk/kit";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { CodingVersion, KnownReason, Stop } from "../contract.ts";
import { reasonsInForce } from "../model/reason-tree.ts";
import { StopList } from "./stop-list.tsx";
import { useReasons } from "./use-reasons.ts";
import { useStops } from "./use-stops.ts";
import { views } from "./views.ts";

afterEach(closePages);

const MINUTE = 60e6;
const T = Date.UTC(2026, 10, 24, 9) * 1000;
const stop = (minute: number, minutes: number, more: Partial<Stop> = {}): Stop => ({
  station: "S120",
  from: T + minute * MINUTE,
  to: T + (minute + minutes) * MINUTE,
  seconds: minutes * 60,
  state: "failed",
  cause: "internal",
  ...more,
});
const CODING = { id: "stopCoding:1", by: "Otto", at: T + 30 * MINUTE };
const STOPS = [
  stop(0, 9, { reason: "technical.jam", coding: CODING }),
  stop(20, 6, { cause: "material" }),
  stop(40, 0.5, { state: "microStop" }),
];
const REASONS: readonly KnownReason[] = reasonsInForce(new Map()).map((held) => ({ id: `lossReason:${held.code}`, ...held }));

function List() {
  const loaded = useStops({ station: "S120", from: T, to: T + 60 * MINUTE });
  const reasons = useReasons();
  if (loaded.value === undefined) return null;
  return <StopList stops={loaded.value.stops} max={20} reasons={reasons} reload={loaded.reload} onMore={() => undefined} />;
}
const open = (answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<List />, {
    views,
    address: "/board",
    language,
    now: T + 60 * MINUTE,
    answers: { "GET /stops": { stops: STOPS, gone: [] }, "GET /loss-reasons": REASONS, ...answers },
  });
const rows = async () => screen.findAllByRole("listitem");
const sent = (page: Page) => page.asked.filter(({ route }) => route === "POST /stop-codings").map(({ body }) => body);

test("[LS9] stops stand newest first with length, state and reason; the usual reasons of a stop without one are one tap away", async () => {
  expect(z.array(Stop).parse(STOPS)).toEqual(STOPS);
  const page = await open({ "POST /stop-codings": { id: "stopCoding:2", at: T } });
  const [micro, failed, coded] = await rows();
  expect(micro!.textContent).toContain("Micro-stop");
  expect(failed!.textContent).toContain("material");
  within(coded!).getByRole("button", { name: "Jam" });
  // the one that was given here comes first
  const [first] = within(within(failed!).getByRole("group")).getAllByRole("button");
  expect(first!.textContent).toBe("Jam");
  await userEvent.click(first!);
  await waitFor(() =>
    expect(sent(page)).toEqual([
      { station: "S120", from: STOPS[1]!.from, to: STOPS[1]!.to, parts: [{ from: STOPS[1]!.from, reason: "technical.jam" }], seen: [] },
    ]),
  );
});

test("[LS9] every other reason is two taps away: the sheet has the whole tree, without what is retired or of another station", async () => {
  const tree = REASONS.map((reason) => {
    if (reason.code === "technical.tool") return { ...reason, fields: { ...reason.fields, isRetired: true } };
    return reason.code === "technical.sensor" ? { ...reason, fields: { ...reason.fields, stations: ["S010"] } } : reason;
  });
  const page = await open({ "GET /loss-reasons": tree, "POST /stop-codings": { id: "stopCoding:1", at: T } });
  const coded = (await rows())[2]!;
  await userEvent.click(within(coded).getByRole("button", { name: "Jam" }));
  const sheet = await screen.findByRole("dialog");
  expect(within(sheet).queryByRole("button", { name: "Tool worn or broken" })).toBeNull();
  expect(within(sheet).queryByRole("button", { name: "Sensor or control" })).toBeNull();
  expect(within(sheet).getByRole("button", { name: "Jam" }).getAttribute("aria-pressed")).toBe("true");
  expect(await page.accessibilityFindings()).toEqual([]);
  await userEvent.click(within(sheet).getByRole("button", { name: "Compressed air" }));
  const { from, to } = STOPS[0]!;
  await waitFor(() =>
    expect(sent(page)).toEqual([
      { station: "S120", from, to, parts: [{ from, reason: "utility.air" }], seen: [{ id: CODING.id, at: CODING.at }] },
    ]),
  );
});

test("[LS5] who is refused because of another is told, and sees what that one said", async () => {
  const refusal = { status: 409, body: { error: { code: "DW_CONFLICT", message: "Olga has given this stop a reason meanwhile: Jam." } } };
  const page = await open({ "POST /stop-codings": refusal });
  const [, failed] = await rows();
  const after = { stops: [STOPS[0], { ...STOPS[1]!, reason: "organisation.people", coding: { ...CODING, by: "Olga" } }], gone: [] };
  page.answers["GET /stops"] = after;
  await userEvent.click(within(failed!).getByRole("button", { name: "Jam" }));
  await screen.findByRole("button", { name: "No operator" });
  expect(
    page.studio.notices
      .get()
      .map(({ text, detail }) => `${text} ${detail}`)
      .join(),
  ).toContain("Olga");
});

test("[LS2] a stop is split where the slider stands, joined with the one before it, and told as it was recorded", async () => {
  const user = userEvent.setup();
  const page = await open({ "POST /stop-codings": { id: "stopCoding:1", at: T } });
  const act = async (row: number, name: string) => {
    await user.click(within((await rows())[row]!).getByRole("button", { name: "What can be done with this stop" }));
    await user.click(await screen.findByRole("menuitem", { name }));
  };
  await act(1, "Split");
  const dialog = await screen.findByRole("dialog");
  within(dialog).getByText(/First part/);
  expect(await page.accessibilityFindings()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Split" }));
  const { from, to } = STOPS[1]!;
  await waitFor(() => expect(sent(page)).toEqual([{ station: "S120", from, to, parts: [{ from }, { from: (from + to) / 2 }], seen: [] }]));
  await act(1, "Join with the stop before");
  const seen = [{ id: CODING.id, at: CODING.at }];
  await waitFor(() => expect(sent(page)[1]).toEqual({ station: "S120", from: T, to, parts: [{ from: T, reason: "technical.jam" }], seen }));
  await act(2, "As recorded");
  await waitFor(() => expect(sent(page)[2]).toEqual({ station: "S120", from: T, to: STOPS[0]!.to, parts: [], seen }));
});

test("[LS5] the history says who said what and when, from what to what", async () => {
  const versions: readonly CodingVersion[] = [
    { at: T + 40 * MINUTE, by: "Olga", from: T, to: T + 9 * MINUTE, parts: [{ from: T, reason: "technical.jam" }] },
    {
      at: T + 30 * MINUTE,
      by: "Otto",
      from: T,
      to: T + 9 * MINUTE,
      parts: [{ from: T, reason: "material.bad" }, { from: T + 4 * MINUTE }],
    },
  ];
  expect(z.array(CodingVersion).parse(versions)).toEqual(versions);
  const page = await open({ "GET /stop-codings/stopCoding:1/history": versions });
  await userEvent.click(within((await rows())[2]!).getByRole("button", { name: "What can be done with this stop" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "History" }));
  const dialog = await screen.findByRole("dialog");
  const [newest, oldest] = await within(dialog).findAllByRole("listitem");
  expect(newest!.textContent).toMatch(/Olga.*Material not usable.*without a reason.*→.*Jam/su);
  expect(oldest!.textContent).toMatch(/Otto.*as recorded.*→.*Material not usable/su);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[LS9] the list reads in Chinese", async () => {
  const page = await open({}, "zh");
  const [, failed] = await rows();
  within(failed!).getByRole("button", { name: "卡料" });
  expect(await page.accessibilityFindings()).toEqual([]);
});
