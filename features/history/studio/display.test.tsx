import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { SignalTable, SignalValue } from "@doppelwerk/kit/studio";
import { afterEach, expect, test, vi } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { bandsOf, DisplayButton, draftOf } from "./display-editor.tsx";
import { displayOf } from "./stored-displays.ts";
import { views } from "./views.ts";

afterEach(closePages);

const ENTRY = { id: "signal:p", name: "Pressure", valueType: "double", unit: "bar", low: 5, high: 7, resolution: 0.01 };
const PUT = `PUT /signal-displays/${ENTRY.id}`;
const BRANCH = { id: "branch:1", name: "Display", parent: "live", baseRevision: 1, instant: 1, createdBy: "", createdAt: 1 };

async function open(answers: Record<string, Recorded> = {}, query = "", language: "en" | "zh" = "en"): Promise<Page> {
  const page = await openPage(<DisplayButton id={ENTRY.id} />, {
    views,
    address: `/trends${query}`,
    language,
    answers: { "GET /signal-displays": [], ...answers },
  });
  page.studio.signals.describe([ENTRY]);
  await userEvent.click(await screen.findByRole("button", { name: language === "en" ? "Display range" : "显示范围" }));
  await screen.findByRole("textbox", { name: language === "en" ? "Normal from" : "正常下限" });
  return page;
}
const fieldOf = (name: string) => screen.getByLabelText(name) as HTMLInputElement;

test("[HQ11] the form shows what the engineering file says where nothing is stored; on live an edit is proposed, by keyboard", async () => {
  const user = userEvent.setup();
  const page = await open({ "POST /branches": BRANCH, [PUT]: { signal: ENTRY.id, bands: {} } });
  expect([fieldOf("Normal from").placeholder, fieldOf("Normal up to").placeholder, fieldOf("Warning above").placeholder]).toEqual([
    "5",
    "7",
    "none",
  ]);
  fieldOf("Warning above").focus();
  await user.keyboard("7,5{Enter}");
  await waitFor(() => expect(page.studio.address.store.get().branch).toBe(BRANCH.id));
  expect(page.asked.find(({ route }) => route === PUT)?.body).toEqual({ bands: { warningHigh: 7.5 }, expected: {} });
});

test("[HQ11] a bound on the wrong side, of the engineering file's too, is named and stores nothing; a refusal keeps what was typed", async () => {
  const user = userEvent.setup();
  const refusal = { status: 409, body: { error: { code: "DW_CONFLICT", message: "somebody changed it" } } };
  const page = await open({ [PUT]: refusal }, `?branch=${BRANCH.id}`);
  await user.type(fieldOf("Warning below"), "6");
  expect(within(screen.getByRole("dialog")).getByRole("status").textContent).toContain("outside the normal range");
  const store = screen.getByRole("button", { name: "Save on this branch" }) as HTMLButtonElement;
  expect(store.disabled).toBe(true);
  await user.clear(fieldOf("Warning below"));
  await user.type(fieldOf("Decimal places"), "x");
  screen.getByText("Not a valid number");
  await user.clear(fieldOf("Decimal places"));
  await user.type(fieldOf("Decimal places"), "1");
  await user.click(store);
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ detail: "somebody changed it" }));
  expect(fieldOf("Decimal places").value).toBe("1");
});

test("[HQ11] axe finds nothing serious in the form, in either language", async () => {
  expect(await (await open()).accessibilityFindings()).toEqual([]);
  closePages();
  expect(await (await open({}, "", "zh")).accessibilityFindings()).toEqual([]);
});

test("[HQ10] what is stored holds where the signal is shown; what it does not say is as the engineering file says", async () => {
  const page = await openPage(<SignalValue id={ENTRY.id} />, {
    views,
    address: "/",
    answers: { "GET /signal-displays": [{ signal: ENTRY.id, bands: { high: 6, decimals: 1 } }] },
  });
  page.studio.signals.describe([ENTRY]);
  await vi.waitFor(() => expect(page.studio.signals.entry(ENTRY.id)).toMatchObject({ low: 5, high: 6, resolution: 0.1, unit: "bar" }));
  expect(page.studio.signals.declared(ENTRY.id)).toEqual(ENTRY);
});

test("[HQ10] a table shows a signal with its bands until they are gone, and tells who watches it", async () => {
  const table = new SignalTable();
  table.describe([ENTRY]);
  const seen = vi.fn();
  table.watch(ENTRY.id, seen);
  table.display(new Map([[ENTRY.id, displayOf({ warningLow: 4, decimals: 0 })]]));
  expect(table.entry(ENTRY.id)).toEqual({ ...ENTRY, warningLow: 4, resolution: 1 });
  expect(table.entry(ENTRY.id)).toBe(table.entry(ENTRY.id));
  await vi.waitFor(() => expect(seen).toHaveBeenCalled());
  table.display(new Map());
  expect(table.entry(ENTRY.id)).toEqual(ENTRY);
});

test("[HQ11] bands that are opened and stored unchanged are the same", () => {
  const bands = { warningLow: -1.5, low: 0, high: 10, decimals: 2 };
  expect(bandsOf(draftOf(bands))).toEqual(bands);
  expect(bandsOf({ ...draftOf({}), low: "−2,5" })).toEqual({ low: -2.5 });
  expect(bandsOf({ ...draftOf({}), decimals: "7" })).toBeUndefined();
});
