import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page } from "../../../packages/studio/src/app/page.fixture.tsx";
import { AlarmOccurrence, type Alarm } from "../contract.ts";
import AlarmsCard from "./alarms-card.tsx";
import AlarmCount from "./alarm-count.tsx";
import AlarmsTab from "./alarms-tab.tsx";
import Alarms from "./alarms.tsx";
import { list, open } from "./alarms-page.fixture.tsx";
import { alarm } from "./recorded.fixture.ts";
import { views } from "./views.ts";

afterEach(closePages);

const MINUTE = 60e6;
const occurrence = (n: number, more: Partial<AlarmOccurrence> = {}): AlarmOccurrence => ({
  key: `rule ${n}@${alarm.changed - n * MINUTE}`,
  rule: `rule ${n}`,
  station: "S090",
  title: { en: `Film low ${n}.`, zh: `薄膜不足 ${n}` },
  priority: 3,
  state: "normal",
  raised: alarm.changed - n * MINUTE,
  returned: alarm.changed - n * MINUTE + 30e6,
  ...more,
});

const rowsOf = () => [...document.querySelectorAll<HTMLElement>("tbody tr.dw-occurrence")];

test("[AL51] the time of the journal is one click; of a shift that ended days ago the scale ends when it ended, and the rows and the caption have the date", async () => {
  const user = userEvent.setup();
  const hour = 3_600e6;
  const now = alarm.changed;
  const last = { name: "Late", from: now - 80 * hour, to: now - 72 * hour };
  const raised = last.from + hour;
  const row = AlarmOccurrence.parse({ ...occurrence(1), raised, returned: raised + hour });
  const answers = { "GET /shifts": [last], "GET /snapshot": {}, "GET /alarm-occurrences": { occurrences: [row] } };
  const page = await open(answers, "journal");
  list(page, alarm);
  await user.click(await screen.findByRole("radio", { name: "last shift" }));
  expect(page.studio.address.store.get().detail).toBe("journal/w=lastShift");
  const axis = await waitFor(() => {
    const found = document.querySelector(".dw-time-axis")!;
    expect(found.textContent).not.toContain("now");
    return found;
  });
  expect(axis.textContent).toMatch(/^\d\d:\d\d\d\d:\d\d$/);
  expect(document.querySelector(".dw-alarm-table.is-dated")).not.toBeNull();
  expect(rowsOf()[0]!.textContent).toMatch(/\w{3} \d+ \w{3}, \d\d:\d\d:\d\d/);
  await user.click(screen.getByRole("radio", { name: /^8\sh$/ }));
  expect(page.studio.address.store.get().detail).toBe("journal/w=8h");
});

test("[AL52] a shelved alarm says who shelved it, until when and why, in its list and with its station; its time runs on", async () => {
  const user = userEvent.setup();
  const item: Alarm = {
    ...alarm,
    state: "shelved",
    since: alarm.changed - 3_600e6,
    changed: alarm.changed - 1_800e6,
    by: "Lena Brandt",
    reason: "sensor flutters",
    shelvedUntil: alarm.changed + 1_800e6,
  };
  const page = await open();
  list(page, item);
  await user.click(await screen.findByText(/^Shelved 1/));
  screen.getByRole("columnheader", { name: "By, until when, why" });
  const said = /Shelved: Lena Brandt, until \d\d:\d\d · sensor flutters/;
  expect(rowsOf()[0]!.textContent).toMatch(said);
  expect(rowsOf()[0]!.querySelector(".is-duration")!.textContent).toMatch(/^1\sh$/);
  closePages();
  const line = { id: "L", stations: [{ id: "S120", shell: "urn:s120", name: { en: "Packing", zh: "包装" } }] };
  const inspector = await openPage(<AlarmsTab />, {
    views,
    address: "/world?subject=S120",
    now: alarm.changed,
    answers: { "GET /alarm-occurrences": { occurrences: [] } },
  });
  act(() => inspector.studio.line.set(line as never));
  list(inspector, item);
  await screen.findByText(said);
  screen.getByText("No active alarms here");
});

test("[AL53] an alarm that the reader shelves leaves the list although it is pointed at; one that leaves by itself says so in its row", async () => {
  const user = userEvent.setup();
  const other = { ...alarm, id: "other", rule: "other", state: "unacknowledged", title: { en: "Kit late", zh: "缺料" } } as const;
  const own = { ...alarm, state: "unacknowledged" } as const;
  const page = await open({ [`POST /alarms/${alarm.id}/shelve`]: { ...alarm, state: "shelved" } });
  const show = (...alarms: Alarm[]) =>
    act(() => page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms } as never));
  show(own, other);
  const row = (await screen.findByText(alarm.title.en)).closest("tr")!;
  await user.hover(row);
  await user.click(within(row).getByRole("button", { name: "Shelve" }));
  await screen.findByRole("dialog");
  await user.keyboard("flutters{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await user.hover(screen.getByText("Kit late"));
  await waitFor(() =>
    expect(
      rowsOf()
        .map((each) => each.textContent)
        .join(),
    ).not.toContain(alarm.title.en),
  );
  expect(rowsOf()[0]!.textContent).toContain("Kit late");
  show({ ...other, id: "third", rule: "third", title: { en: "Film low", zh: "膜料不足" } });
  await screen.findByText("no longer in this list");
});

test("[AL54] buttons keep their places: once an alarm is acknowledged nothing moves to where that button was", async () => {
  const page = await open();
  const places = (): readonly (string | null)[] =>
    [...rowsOf()[0]!.querySelector(".dw-alarm-actions")!.children].map((each) => each.getAttribute("aria-label"));
  list(page, { ...alarm, state: "unacknowledged" });
  await screen.findByRole("button", { name: "Acknowledge" });
  expect(places()).toEqual(["Acknowledge", "Shelve"]);
  list(page, { ...alarm, state: "acknowledged" });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull());
  expect(places()).toEqual([null, "Shelve"]);
});

test("[AL55] badge, list and card of a line count the same active alarms, without those that are shelved, and each names its place", async () => {
  const item = (id: string, station: string, state: Alarm["state"]): Alarm => ({ ...alarm, id, rule: id, station, state });
  const alarms = [
    item("1", "S090", "shelved"),
    item("2", "S090", "returnedUnacknowledged"),
    item("3", "L4-050", "unacknowledged"),
    item("4", "L4-050", "acknowledged"),
  ];
  const listedLine = (id: string, station: string) => ({
    id,
    title: { en: `Line ${id}`, zh: id },
    stations: [{ id: station, title: { en: station, zh: station } }],
  });
  const answers = {
    "GET /lines": { lines: [listedLine("3", "S090"), listedLine("4", "L4-050")] },
    "GET /alarms": alarms,
    "GET /alarm-occurrences": { occurrences: [] },
  };
  const show = (page: Page, ...shown: Alarm[]) =>
    act(() => page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms: shown } as never));
  const badge = await openPage(<AlarmCount />, { views, address: "/board?line=3", now: alarm.changed, answers });
  show(badge, ...alarms.slice(0, 2));
  expect((await screen.findByRole("img", { name: "2 active alarms in the whole plant, 1 not acknowledged" })).textContent).toBe("2");
  closePages();
  const page = await openPage(<Alarms />, { views, address: "/alarms", now: alarm.changed, answers });
  show(page, ...alarms);
  await screen.findByText("Active 2");
  // a station that is chosen is what the numbers are of
  act(() => page.studio.address.go({ detail: "active/at=S090" }));
  await screen.findByText("Active 0");
  for (const text of ["Returned, not acknowledged 1", "Shelved 1"]) screen.getByText(text);
  act(() => page.studio.address.go({ detail: "active/at=L4-050" }));
  await screen.findByText("Active 2");
  screen.getByText("Shelved 0");
  // opened from a line it is of that line, and says so; a click shows all
  act(() => page.studio.address.go({ detail: "active/at=line:3" }));
  await screen.findByText("Active 0");
  await act(async () => screen.getByRole("button", { name: "Only Line 3: show all places" }).click());
  await screen.findByText("Active 2");
  expect(screen.queryByText("Only Line 3")).toBeNull();
  closePages();
  const card = await openPage(<AlarmsCard />, { views, address: "/board?line=3", now: alarm.changed, answers });
  act(() => card.studio.line.set({ id: "3", stations: [] } as never));
  show(card, alarms[0]!);
  await screen.findByText("No active alarms at Line 3; 2 elsewhere in the plant");
  screen.getByText(/^0 active · .* · 1 shelved$/);
  // one that returned is not active, and is said to have
  show(card, alarms[1]!);
  await screen.findByText(/^0 active · 1 returned, not acknowledged · /);
  expect(screen.getByText("returned, not acknowledged").closest(".dw-alarm")!.textContent).not.toContain("Failed");
});
