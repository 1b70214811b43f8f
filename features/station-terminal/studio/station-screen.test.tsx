import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage, type Page, type Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { TerminalPicture } from "../contract.ts";
import type { NewTerminalEntry } from "../model/entry.ts";
import { StationScreen } from "./station-screen.tsx";
import { views } from "./views.ts";

afterEach(closePages);

const WAIT = { timeout: 60_000 };
const T = Date.UTC(2026, 10, 24, 9) * 1000;
const title = (en: string) => ({ en, zh: en });
const reason = (code: string) => ({ code, title: title(`Reason ${code}`), group: title(code < "4" ? "Machine" : "Material") });
const PICTURE: TerminalPicture = {
  at: T,
  place: { line: "line:3", lineTitle: title("Line 3"), station: "S90", title: title("Leak test") },
  signedOn: [],
  orders: [
    { id: "4500017", product: "WM9", ordered: 60, good: 23, isRunning: true },
    { id: "4500018", product: "WD8", ordered: 40, isRunning: false },
  ],
  state: { state: "failed", since: T - 80e6 },
  stop: { from: T - 80e6, to: T, seconds: 80, state: "failed", lasts: true, isAsked: true },
  reasons: ["1", "2", "3", "4", "5", "6", "7"].map(reason),
  defects: [
    { code: "surface", title: title("Scratch") },
    { code: "fit", title: title("Does not fit") },
  ],
  life: [],
  help: [],
};
type Sent = { readonly deviceNow: number; readonly entries: readonly NewTerminalEntry[] };
const taken = ({ body }: { readonly body: unknown }) => ({
  now: T,
  clockOffsetS: 0,
  isWrongClock: false,
  results: (body as Sent).entries.map(({ id, kind }) => ({
    id,
    status: "done",
    at: T,
    ...(kind === "signOn" && { person: { id: "worker:1", name: "Hanna Engel" } }),
  })),
});
const gone = (): never => {
  throw new TypeError("network gone");
};
const open = (answers: Record<string, Recorded> = {}): Promise<Page> =>
  openPage(<StationScreen station="S90" />, {
    views,
    address: "/station/at%3AS90",
    now: T,
    answers: { "GET /terminal-stations/S90": PICTURE, "POST /terminal-entries": taken, ...answers },
  });
const sent = ({ asked }: Page) =>
  asked
    .filter(({ route }) => route === "POST /terminal-entries")
    .map(({ body }) => body as Sent)
    // without an entry it only measures the clock
    .filter(({ entries }) => entries.length > 0);
/** As a reader types: without a pause. */
const scan = (text: string): void => {
  for (const key of [...text, "Enter"]) fireEvent.keyDown(document.body, { key });
};
const button = (name: string | RegExp) => screen.findByRole("button", { name }, WAIT);

test("[TM4] [TM5] the product and its count come first; a frequent reason takes one tap, every other one two", async () => {
  expect(TerminalPicture.parse(PICTURE)).toEqual(PICTURE);
  const page = await open();
  await screen.findByRole("heading", { name: "WM9" }, WAIT);
  expect(document.body.textContent).toContain("23 of 60");
  expect(document.body.textContent).toContain("then WD8");
  expect(screen.queryByRole("button", { name: "Reason 7" })).toBeNull();
  await userEvent.click(await button("Other …"));
  await userEvent.click(await button("Reason 7"));
  await waitFor(() => expect(sent(page)[0]?.entries).toMatchObject([{ kind: "reason", stopFrom: T - 80e6, reason: "7" }]), WAIT);
  // it is asked once
  await waitFor(() => expect(screen.queryByText(/Why\?/)).toBeNull(), WAIT);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[TM6] [level: views] without a network entries are counted and kept, also when the page is opened again, and go in their order", async () => {
  await open({ "POST /terminal-entries": gone });
  await userEvent.click(await button("Defect"));
  await userEvent.click(within(await screen.findByRole("dialog", {}, WAIT)).getByRole("button", { name: "Scratch" }));
  await userEvent.click(await button("Call for help"));
  await userEvent.click(within(await screen.findByRole("dialog", {}, WAIT)).getByRole("button", { name: "Material" }));
  await screen.findByText("2 saved here", {}, WAIT);
  cleanup();
  const page = await open({ "GET /terminal-stations/S90": gone, "POST /terminal-entries": gone });
  // the last picture, with its time
  await screen.findByRole("heading", { name: "WM9" }, WAIT);
  await screen.findByText("2 saved here", {}, WAIT);
  await screen.findByText(/No connection/, {}, WAIT);
  page.answers["POST /terminal-entries"] = taken;
  page.answers["GET /terminal-stations/S90"] = PICTURE;
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(screen.queryByText(/saved here/)).toBeNull(), WAIT);
  const entries = sent(page).at(-1)!.entries;
  expect(entries).toMatchObject([
    { kind: "defect", code: "surface", order: "4500017", product: "WM9" },
    { kind: "help", reason: "material" },
  ]);
  expect(entries[0]!.deviceTime).toBeLessThanOrEqual(entries[1]!.deviceTime);
});

test("[TM1] [TM3] [TM8] a badge that a scanner types signs on; a wrong clock and what was refused are shown", async () => {
  const why = { code: "stationTerminal.unknownBadge", params: {} };
  const page = await open({
    "POST /terminal-entries": (request: { readonly body: unknown }) => ({ ...taken(request), clockOffsetS: 125, isWrongClock: true }),
  });
  await screen.findByRole("heading", { name: "WM9" }, WAIT);
  scan("04A1B2C3");
  await button(/Hanna Engel/);
  expect(sent(page)[0]!.entries).toMatchObject([{ kind: "signOn", badge: "04A1B2C3" }]);
  await screen.findByText(/clock of this device is .* fast/, {}, WAIT);
  // then a plain code is the part
  scan("26-114-0871");
  await screen.findByText("Part 26-114-0871", {}, WAIT);
  page.answers["POST /terminal-entries"] = ({ body }: { readonly body: unknown }) => ({
    ...taken({ body }),
    results: (body as Sent).entries.map(({ id }) => ({ id, status: "refused", why })),
  });
  await userEvent.click(await button(/Sign off/));
  await screen.findByText(/was not taken/, {}, WAIT);
  await userEvent.click(await button("Understood"));
  await waitFor(() => expect(screen.queryByText(/was not taken/)).toBeNull(), WAIT);
});
