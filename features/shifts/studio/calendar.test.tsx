import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { z } from "@doppelwerk/kit";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { KnownCalendar } from "../contract.ts";
import CalendarCard from "./calendar-card.tsx";
import { draftOf, faultsOf, fieldsOf, minuteOf } from "./calendar-draft.ts";
import { views } from "./views.ts";

afterEach(closePages);

const NOW = Date.UTC(2026, 10, 24, 9) * 1000;
const WORKDAYS = [1, 2, 3, 4, 5];
const FIELDS: KnownCalendar["fields"] = {
  shifts: [
    { name: "Early", startMinute: 360, endMinute: 840, days: WORKDAYS, breaks: [{ startMinute: 540, minutes: 30 }] },
    { name: "Late", startMinute: 840, endMinute: 1_320, days: WORKDAYS, breaks: [] },
    { name: "Night", startMinute: 1_320, endMinute: 360, days: [1, 2, 3, 4], breaks: [{ startMinute: 60, minutes: 45 }] },
  ],
  exceptions: [],
};
const calendar: KnownCalendar = {
  id: "shiftCalendar:1",
  line: "L1",
  title: { en: "Assembly", zh: "装配线" },
  timeZone: "Europe/Berlin",
  fields: FIELDS,
  isStored: false,
  shipped: FIELDS,
};
const PUT = `PUT /shift-calendars/${calendar.id}`;
const BRANCH = { id: "branch:1", name: "Shift calendar", parent: "live", baseRevision: 1, instant: NOW, createdBy: "", createdAt: NOW };

const open = (
  answers: Record<string, Recorded> = {},
  more: { readonly query?: string; readonly language?: "en" | "zh" } = {},
): Promise<Page> =>
  openPage(<CalendarCard />, {
    views,
    address: `/settings${more.query ?? ""}`,
    now: NOW,
    answers: { "GET /shift-calendars": [calendar], ...answers },
    ...(more.language && { language: more.language }),
  });
async function openForm(page: Promise<Page>): Promise<{ readonly page: Page; readonly form: ReturnType<typeof within> }> {
  const opened = await page;
  await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
  return { page: opened, form: within(await screen.findByRole("dialog")) };
}

test("[SH3] the card was drawn from what the contract says; its week stands in words too, with where it comes from", async () => {
  expect(z.array(KnownCalendar).parse([calendar])).toEqual([calendar]);
  await open();
  const week = within(await screen.findByRole("table", { name: "Week" }));
  within(week.getByRole("row", { name: /Fri/ })).getByText(/^Early.* 06:00–14:00, Late.* 14:00–22:00$/);
  within(week.getByRole("row", { name: /Sun/ })).getByText("no shift");
  screen.getByText("default");
});

test("[SH7] on live an edit is proposed: a branch is forked, the calendar stored on it with what it was, and the branch entered", async () => {
  const user = userEvent.setup();
  const { page, form } = await openForm(open({ "POST /branches": BRANCH, [PUT]: { ...calendar, isStored: true } }));
  const start = form.getAllByLabelText("Start")[0] as HTMLInputElement;
  await user.clear(start);
  await user.type(start, "630");
  await user.click(form.getByRole("button", { name: "Propose" }));
  await waitFor(() => expect(page.studio.address.store.get().branch).toBe(BRANCH.id));
  const [early, ...others] = FIELDS.shifts;
  expect(page.asked.find(({ route }) => route === PUT)?.body).toEqual({
    fields: { ...FIELDS, shifts: [{ ...early, startMinute: 390 }, ...others] },
    expected: FIELDS,
  });
});

test("[SH7] by keyboard alone: a weekday is taken out, a date added, and the calendar stored on the branch", async () => {
  const user = userEvent.setup();
  const { page, form } = await openForm(open({ [PUT]: calendar }, { query: `?branch=${BRANCH.id}` }));
  within(form.getAllByRole("group", { name: "Weekdays" })[0]!)
    .getByRole("checkbox", { name: "Friday" })
    .focus();
  await user.keyboard(" ");
  form.getByRole("button", { name: "Add a date" }).focus();
  await user.keyboard("{Enter}");
  const reason = form.getByLabelText("Reason");
  reason.focus();
  await user.keyboard("inventory{Enter}");
  await waitFor(() => expect(page.asked.some(({ route }) => route === PUT)).toBe(true));
  const { fields } = page.asked.find(({ route }) => route === PUT)!.body as { readonly fields: KnownCalendar["fields"] };
  expect(fields.shifts[0]!.days).toEqual([1, 2, 3, 4]);
  expect(fields.exceptions).toEqual([{ kind: "closed", date: "2026-11-24", title: "inventory" }]);
  expect(page.asked.some(({ route }) => route === "POST /branches")).toBe(false);
});

test("[SH7] what overlaps or cannot be read is named beside it and stores nothing; what follows over midnight is said", async () => {
  const user = userEvent.setup();
  const { page, form } = await openForm(open());
  expect(form.getByRole("status").textContent).toContain("Night ends on the next day, at 06:00");
  const end = form.getAllByLabelText("End")[0] as HTMLInputElement;
  await user.clear(end);
  await user.type(end, "15");
  expect(form.getByRole("status").textContent).toContain("Late starts on Monday at 14:00, before Early has ended");
  await user.click(form.getByRole("button", { name: "Propose" }));
  await user.clear(end);
  await user.type(end, "25");
  form.getByText("For example 06:00");
  expect((form.getByRole("button", { name: "Propose" }) as HTMLButtonElement).disabled).toBe(true);
  expect(page.asked.some(({ route }) => !route.startsWith("GET"))).toBe(false);
});

test("[SH7] a calendar that is refused says why, and what was typed stays; one that cannot be read can be asked for again", async () => {
  const user = userEvent.setup();
  const refusal = { status: 409, body: { error: { code: "DW_CONFLICT", message: "somebody changed it" } } };
  const { page, form } = await openForm(open({ [PUT]: refusal }, { query: `?branch=${BRANCH.id}` }));
  await user.type(form.getAllByLabelText("Name")[0]!, " A");
  await user.click(form.getByRole("button", { name: "Save on this branch" }));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ detail: "somebody changed it" }));
  expect((form.getAllByLabelText("Name")[0] as HTMLInputElement).value).toBe("Early A");
  closePages();
  await open({ "GET /shift-calendars": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } } });
  within(await screen.findByRole("alert")).getByText("the disk is full");
});

test("[SH7] what is stored goes back to as shipped by its button", async () => {
  const user = userEvent.setup();
  const stored = { ...calendar, isStored: true, holdsFrom: NOW };
  const remove = `DELETE /shift-calendars/${calendar.id}`;
  const { page, form } = await openForm(open({ "GET /shift-calendars": [stored], [remove]: {} }, { query: `?branch=${BRANCH.id}` }));
  await user.click(form.getByRole("button", { name: "Reset to default" }));
  await waitFor(() => expect(page.asked.some(({ route }) => route === remove)).toBe(true));
});

test("[SH7] axe finds nothing serious in the card and in the form, in either language", async () => {
  const exceptions = [{ kind: "closed" as const, date: "2026-12-24", title: "Christmas" }];
  const { page } = await openForm(open({ "GET /shift-calendars": [{ ...calendar, fields: { ...FIELDS, exceptions } }] }));
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  const chinese = await open({}, { language: "zh" });
  await screen.findByRole("button", { name: "编辑" });
  expect(await chinese.accessibilityFindings()).toEqual([]);
});

test("[SH7] a calendar that is opened and stored unchanged is the same; times are read as they are written by hand", () => {
  const whole: KnownCalendar["fields"] = {
    ...FIELDS,
    exceptions: [
      { kind: "closed", date: "2026-12-24" },
      { kind: "extra", date: "2026-12-19", title: "order", name: "X", startMinute: 360, endMinute: 1_440, breaks: [] },
    ],
    validFrom: "2026-12-01",
    validUntil: "2026-12-31",
  };
  expect(fieldsOf(draftOf(whole))).toEqual(whole);
  expect(["6", "06:30", "630", "6.30", "6:30", "24:00"].map(minuteOf)).toEqual([360, 390, 390, 390, 390, 1_440]);
  expect(["", "x", "6:60", "24:01", "6:3", "-1"].map(minuteOf)).toEqual(Array.from({ length: 6 }));
  const draft = draftOf(FIELDS);
  expect(faultsOf({ ...draft, shifts: [{ ...draft.shifts[0]!, start: "24:00", breaks: [{ start: "", minutes: "0" }] }] })).toEqual([
    "shifts.0.start",
    "shifts.0.breaks.0.start",
    "shifts.0.breaks.0.minutes",
  ]);
});
