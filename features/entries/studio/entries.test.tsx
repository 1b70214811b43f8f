import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Entry, EntrySignal } from "../contract.ts";
import Entries from "./entries.tsx";

afterEach(closePages);

const NOW = 1_795_880_710_000_000;
const scrap: EntrySignal = {
  id: "signal:scrap",
  name: "Scrap",
  unit: "kg",
  low: 0,
  high: 20,
  valueType: "double",
  connection: "connection:book",
  connectionName: "Shift book",
  open: true,
};
const first: Entry = {
  id: "entry:1",
  signal: scrap.id,
  name: "Scrap",
  unit: "kg",
  connection: scrap.connection,
  value: 7.5,
  time: NOW,
  sampleTime: NOW,
  note: "bin 3",
  enteredBy: "person:ann",
  enteredByName: "Ann",
  enteredAt: NOW,
};
const open = (answers: Record<string, Recorded> = {}): Promise<Page> =>
  openPage(<Entries />, { now: NOW, answers: { "GET /entries/signals": [scrap], "GET /entries": [first], ...answers } });
const sent = (page: Page) => page.asked.filter(({ route }) => route === "POST /entries").map(({ body }) => body);

test("[EN1] a value is typed in by keyboard and sent once; value and remark are empty again", async () => {
  const user = userEvent.setup();
  const page = await open({ "POST /entries": first });
  const value = await screen.findByLabelText<HTMLInputElement>("Value");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Enter" }).disabled).toBe(true);
  await user.type(value, "7,5");
  await user.type(screen.getByLabelText("Remark"), "bin 3{Enter}");
  await waitFor(() => expect(sent(page)).toEqual([{ signal: scrap.id, value: 7.5, note: "bin 3" }]));
  await waitFor(() => expect(value.value).toBe(""));
  expect(page.studio.notices.get().at(-1)).toMatchObject({ tone: "good" });
});

test("[EN1] a value outside the usual band is doubted before it is entered, and can be entered", async () => {
  const user = userEvent.setup();
  const page = await open({ "POST /entries": first });
  await user.type(await screen.findByLabelText("Value"), "21");
  await screen.findByText(/Outside the usual 0 to 20/);
  await user.click(screen.getByRole("button", { name: "Enter" }));
  await waitFor(() => expect(sent(page)).toEqual([{ signal: scrap.id, value: 21 }]));
});

test("[EN2] a correction names what it corrects; a withdrawal has no value; what was corrected offers neither", async () => {
  const user = userEvent.setup();
  const second: Entry = { ...first, id: "entry:2", value: 8, corrects: "entry:0" };
  const corrected: Entry = { ...first, id: "entry:0", correctedBy: "entry:2" };
  const page = await open({ "GET /entries": [second, corrected], "POST /entries": second });
  const rows = (await screen.findAllByRole("row")).slice(1);
  expect(within(rows[1]!).queryByRole("button")).toBeNull();
  expect(rows[1]!.textContent).toContain("corrected to 8");
  await user.click(within(rows[0]!).getByRole("button", { name: "Correct" }));
  await user.type(within(rows[0]!).getByLabelText("Right value"), "9");
  await user.type(within(rows[0]!).getByLabelText("Why"), "misread{Enter}");
  await waitFor(() => expect(sent(page)).toEqual([{ signal: scrap.id, value: 9, corrects: "entry:2", note: "misread" }]));
  await user.click(await screen.findByRole("button", { name: "Correct" }));
  await user.click(screen.getByRole("button", { name: "Withdraw" }));
  await waitFor(() => expect(sent(page).at(-1)).toEqual({ signal: scrap.id, value: null, corrects: "entry:2" }));
});

test("[EN3] a refused entry is told beside the form, and what was typed stays", async () => {
  const user = userEvent.setup();
  await open({ "POST /entries": { status: 403, body: { error: { code: "DW_FORBIDDEN", message: "operators enter" } } } });
  const value = await screen.findByLabelText<HTMLInputElement>("Value");
  await user.type(value, "7{Enter}");
  await screen.findByText("operators enter");
  expect(value.value).toBe("7");
});

test("[EN3] a fault that the server names is shown at its field until the field is edited", async () => {
  const user = userEvent.setup();
  const fault = { code: "messages.faultBig", params: { origin: "string", inclusive: "true", limit: "500" } };
  const reason = {
    code: "messages.faultsOf",
    params: { subject: "POST /entries", faults: [{ code: "messages.faultAt", params: { path: "note", fault } }] },
  };
  await open({ "POST /entries": { status: 400, body: { error: { code: "DW_INVALID", message: "note: too long", reason } } } });
  await user.type(await screen.findByLabelText("Value"), "7");
  const note = screen.getByLabelText<HTMLInputElement>("Remark");
  await user.type(note, "bin 3{Enter}");
  await waitFor(() => expect(note.getAttribute("aria-invalid")).toBe("true"));
  expect(note.value).toBe("bin 3");
  expect(screen.queryByText("note: too long")).toBeNull();
  await user.type(note, "!");
  expect(note.getAttribute("aria-invalid")).not.toBe("true");
});

test("[EN3] without a signal to type in the page says what to do; a server that fails is named", async () => {
  await open({ "GET /entries/signals": [], "GET /entries": [] });
  await screen.findByText("No manual entry yet");
  expect(screen.queryByRole("button", { name: "Enter" })).toBeNull();
  closePages();
  await open({ "GET /entries/signals": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } } });
  within(await screen.findByRole("alert")).getByText("the disk is full");
});

test("[EN1] axe finds nothing serious on the page", async () => {
  const page = await open();
  await screen.findByText("bin 3");
  expect(await page.accessibilityFindings()).toEqual([]);
});
