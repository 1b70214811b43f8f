import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { z } from "@doppelwerk/kit";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page } from "../../../packages/studio/src/app/page.fixture.tsx";
import {
  Alarm,
  AlarmOccurrence,
  AlarmsAhead as AlarmsAheadShape,
  KnownRule,
  ruleCounts,
  type AlarmsAhead,
  type RuleCounts,
} from "../contract.ts";
import { parseAlarmChoice } from "./alarm-choice.ts";
import AlarmCount from "./alarm-count.tsx";
import { list, open } from "./alarms-page.fixture.tsx";
import { alarm, rules } from "./recorded.fixture.ts";
import { views } from "./views.ts";

afterEach(closePages);

const [pressure] = rules;
const unavailable = (message: string) => ({ status: 503, body: { error: { code: "DW_UNAVAILABLE", message } } });
const BRANCH = {
  id: "branch:1",
  name: "Alarm rule",
  parent: "live",
  baseRevision: 1,
  instant: alarm.since,
  createdBy: "",
  createdAt: alarm.since,
};

test("[AL1] [AL11] what the page was drawn from is what the contract says today", () => {
  expect(Alarm.parse(alarm)).toEqual(alarm);
  expect(z.array(KnownRule).parse(rules)).toEqual(rules);
});

test("[AL3] taking out of service asks for a reason and sends it; the row then offers the return alone", async () => {
  const user = userEvent.setup();
  const route = `POST /alarms/${alarm.id}/take-out-of-service`;
  const page = await open({ [route]: { ...alarm, state: "outOfService" } });
  list(page, { ...alarm, state: "unacknowledged" });
  await user.click(await screen.findByRole("button", { name: "Shelve" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("radio", { name: "Out of service" }));
  const send = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Take out of service" });
  expect(send.disabled).toBe(true);
  await user.type(within(dialog).getByLabelText(/Reason/), "new sensor{Enter}");
  await waitFor(() => expect(page.asked.find((asked) => asked.route === route)?.body).toEqual({ reason: "new sensor" }));
  await user.click(await screen.findByText(/^Out of service 1/));
  await screen.findByRole("button", { name: "Return to service" });
  expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull();
});

test("[AL44] one click opens the shelving of an alarm, which names it and offers an hour: a reason and a second click shelve it", async () => {
  const user = userEvent.setup();
  const route = `POST /alarms/${alarm.id}/shelve`;
  const page = await open({ [route]: { ...alarm, state: "shelved" } });
  list(page, { ...alarm, state: "unacknowledged", station: "S090", place: 2 });
  await user.click(await screen.findByRole("button", { name: "Shelve" }));
  const dialog = await screen.findByRole("dialog");
  within(dialog).getByText(alarm.title.en);
  within(dialog).getByText("S090 · place 2");
  within(dialog).getByText(/^It will not annunciate for 1 h/);
  expect(await page.accessibilityFindings()).toEqual([]);
  await user.keyboard("sensor flutters");
  await user.click(within(dialog).getByRole("button", { name: "Shelve" }));
  await waitFor(() =>
    expect(page.asked.find((asked) => asked.route === route)?.body).toEqual({ reason: "sensor flutters", untilS: 3_600 }),
  );
});

test("[AL44] shelving stays open while the reason is typed, also when the alarm leaves the list meanwhile", async () => {
  const user = userEvent.setup();
  const route = `POST /alarms/${alarm.id}/shelve`;
  const page = await open({ [route]: { ...alarm, state: "shelved" } });
  list(page, { ...alarm, state: "unacknowledged", station: "S090" });
  await user.click(await screen.findByRole("button", { name: "Shelve" }));
  await screen.findByRole("dialog");
  await user.keyboard("sensor ");
  page.studio.snapshot.update((snapshot) => (snapshot === undefined ? snapshot : { ...snapshot, alarms: [] }));
  await waitFor(() => expect(document.querySelector(".dw-alarm-table")?.textContent).not.toContain(alarm.title.en));
  await user.keyboard("flutters{Enter}");
  await waitFor(() =>
    expect(page.asked.find((asked) => asked.route === route)?.body).toEqual({ reason: "sensor flutters", untilS: 3_600 }),
  );
});

test("[AL36] each state has its list with its count; what returned unacknowledged closes the list of active ones below a heading and is not active", async () => {
  const user = userEvent.setup();
  const page = await open();
  const item = (number: number, state: Alarm["state"]): Alarm => ({
    ...alarm,
    id: `alarmRule:${number}`,
    rule: `alarmRule:${number}`,
    state,
  });
  page.studio.snapshot.set({
    instant: alarm.changed,
    live: true,
    stations: [],
    alarms: [
      item(1, "returnedUnacknowledged"),
      item(2, "unacknowledged"),
      item(3, "suppressedByDesign"),
      item(4, "shelved"),
      item(5, "acknowledged"),
    ],
  } as never);
  for (const label of [/^Active 2/, /^Returned, not acknowledged 1/, /^Shelved 1/, /^Suppressed by design 1/, /^Out of service 0/])
    await screen.findByText(label);
  const rows = () => within(screen.getByRole("table")).getAllByRole("row").slice(1);
  expect(rows()).toHaveLength(4);
  expect(rows()[2]!.textContent).toBe("Returned, not acknowledged");
  await user.click(screen.getByText(/^Suppressed by design 1/));
  expect(rows()).toHaveLength(1);
  await user.click(screen.getByText(/^Out of service 0/));
  await screen.findByText("No alarms out of service");
});

test("[AL38] the findings name floods, the rules that make most alarms and the split; a rule leads to its occurrences", async () => {
  const user = userEvent.setup();
  const occurrence = (number: number, rule: string, raised: number): AlarmOccurrence => ({
    key: `${rule}@${number}`,
    rule,
    station: "S090",
    title: { en: rule, zh: rule },
    priority: 2,
    state: "normal",
    raised,
    returned: raised + 60e6,
  });
  const occurrences = Array.from({ length: 12 }, (_, at) =>
    occurrence(at, at < 9 ? "Film low" : "Kit late", alarm.changed - 3_600e6 + at * 20e6),
  );
  const page = await open({ "GET /alarm-occurrences": { occurrences } });
  act(() => page.studio.time.goTo(alarm.changed));
  page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms: [] } as never);
  await screen.findByText(/^1 flood, last 24 h: 0\.\d\s% of the time$/);
  screen.getByText(/^2 rules make 100\s% of 12$/);
  await user.click(screen.getByRole("button", { name: "Film low" }));
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Station or text").value).toBe("Film low"));
  await screen.findByText("9 occurrences");
});

test("[AL37] what no operator could acknowledge is marked as acknowledged automatically, from history", async () => {
  const occurrence: AlarmOccurrence = {
    key: "a@1",
    rule: "a",
    station: "S090",
    title: { en: "Film low", zh: "膜料不足" },
    priority: 2,
    state: "normal",
    raised: alarm.changed - 600e6,
    returned: alarm.changed - 540e6,
    acknowledged: alarm.changed - 540e6,
    automatic: true,
  };
  await open({ "GET /alarm-occurrences": { occurrences: [occurrence] } }, "journal");
  await screen.findByText(/^automatic /);
});

test("[AL2] a latched alarm is reset by its button; an act that is refused is told and changes nothing", async () => {
  const user = userEvent.setup();
  const page = await open({ [`POST /alarms/${alarm.id}/reset`]: unavailable("the disk is full") });
  list(page, { ...alarm, state: "latched" });
  expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull();
  await user.click(await screen.findByRole("button", { name: "Reset" }));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ tone: "trouble", detail: "the disk is full" }));
  expect(page.studio.snapshot.get()?.alarms[0]?.state).toBe("latched");
});

test("[AL11] rules stand with their condition in words and with where they come from; searched, the others are gone", async () => {
  const user = userEvent.setup();
  await open(
    { "GET /alarm-rules": [{ ...pressure!, isStored: true, fields: { ...pressure!.fields, enabled: false } }, ...rules.slice(1)] },
    "rules",
  );
  const row = (await screen.findByRole("button", { name: "Air pressure low at S090" })).closest("tr")!;
  expect(row.textContent).toMatch(/below 5\.50.*until above 5\.70/);
  within(row).getByText("changed");
  within(row).getByText("off");
  expect(screen.getAllByText("default")).toHaveLength(2);
  screen.getByText("S090 is: Failed");
  await user.type(screen.getByLabelText("Station or text"), "pressure");
  expect(screen.queryAllByText("default")).toHaveLength(0);
});

test("[AL50] the journal of the last shift is what was raised in it or lasted into it, with its name and times; without a shift it says so", async () => {
  const hour = 3_600e6;
  const now = alarm.changed;
  const [last, running] = [
    { name: "Early", from: now - 10 * hour, to: now - 2 * hour },
    { name: "Late", from: now - 2 * hour, to: now + 6 * hour },
  ];
  const row = (key: string, raised: number, returned: number) =>
    AlarmOccurrence.parse({ key, rule: "r", station: "S090", title: { en: key, zh: key }, priority: 2, state: "normal", raised, returned });
  const occurrences = [
    row("after it", now - hour, now - 60e6),
    row("into the next", now - 3 * hour, now - hour),
    row("from before", last!.from - hour, last!.from + hour),
  ];
  const answers = { "GET /shifts": [last], "GET /snapshot": { shift: running }, "GET /alarm-occurrences": { occurrences } };
  const page = await open(answers, "journal/w=lastShift");
  act(() => page.studio.time.goTo(now));
  await screen.findByText(/^last shift: Early, \w{3} \d+ \w{3}, \d\d:\d\d – \d\d:\d\d/);
  const asked = page.asked.find(({ route }) => route === "GET /alarm-occurrences")!;
  expect(asked).toBeTruthy();
  const table = screen.getByRole("table", { name: "Journal" });
  expect(["into the next", "from before"].map((text) => within(table).getByText(text).textContent)).toHaveLength(2);
  expect(within(table).queryByText("after it")).toBeNull();
  // the alarm returned after the shift: its duration is the whole one
  expect(within(table).getByText("into the next").closest("tr")!.textContent).toMatch(/2\sh/u);
  screen.getByTitle(/from its raise to its return, after the delays of its rule/);
  closePages();
  const none = await open({ ...answers, "GET /shifts": [] }, "journal/w=lastShift");
  act(() => none.studio.time.goTo(now));
  list(none, alarm);
  await screen.findByText("No shift at this time");
});

test("[AL45] rules say how often each raised, are sorted by it, and lead to their occurrences; while the history is read that is a dash that says so", async () => {
  const user = userEvent.setup();
  const [first, second] = rules;
  const span = { day: alarm.changed - 86_400e6, week: alarm.changed - 7 * 86_400e6, to: alarm.changed };
  const counts: RuleCounts = {
    ...span,
    counts: [
      { rule: first!.id, day: 2, week: 3 },
      { rule: second!.id, day: 0, week: 41 },
    ],
  };
  expect(ruleCounts.answer.parse(counts)).toEqual(counts);
  const page = await open({ "GET /alarm-rule-counts": counts }, "rules");
  const order = () => screen.getAllByRole("row").slice(1).map((row) => within(row).getAllByRole("cell")[5]!.textContent); // prettier-ignore
  await screen.findByRole("button", { name: /^41: show occurrences of the last 7 d/ });
  // the most frequent first, at the first press
  await user.click(screen.getByRole("button", { name: /^Raised, 7 d/ }));
  expect(order()).toEqual(["41", "3", ...rules.slice(2).map(() => "0")]);
  expect(await page.accessibilityFindings()).toEqual([]);
  await user.click(screen.getByRole("button", { name: /^2: show occurrences of the last 24 h/ }));
  const detail = page.studio.address.store.get().detail!;
  expect(parseAlarmChoice(detail)).toMatchObject({
    list: "journal",
    span: "1d",
    place: first!.fields.station,
    search: first!.fields.title.en,
  });
  closePages();
  await open({ "GET /alarm-rule-counts": { ...counts, counts: [], reading: 0.4 } }, "rules");
  expect((await screen.findAllByTitle("Unknown until the history is read, 40 %.")).length).toBe(2 * rules.length);
});

test("[AL13] on live an edit is proposed: a branch is forked, the rule stored on it with what it was, and the branch entered", async () => {
  const user = userEvent.setup();
  const stored = `PUT /alarm-rules/${pressure!.id}`;
  const branches: unknown[] = [];
  const page = await open(
    {
      "POST /branches": BRANCH,
      [stored]: ({ url, body }: { readonly url: URL; readonly body: unknown }) => {
        branches.push(url.searchParams.get("branch"));
        return { ...pressure!, fields: (body as { readonly fields: object }).fields, isStored: true };
      },
    },
    `rules/${pressure!.id}`,
  );
  const limit = await screen.findByLabelText<HTMLInputElement>("Limit");
  await user.clear(limit);
  await user.type(limit, "5.8");
  // the sentence follows what is typed
  await screen.findByText(/below 5\.80/);
  await user.click(screen.getByRole("button", { name: "Propose" }));
  await waitFor(() => expect(page.studio.address.store.get().branch).toBe(BRANCH.id));
  expect(branches).toEqual([BRANCH.id]);
  const { fields } = pressure!;
  const condition = { ...fields.condition, limit: 5.8 };
  expect(page.asked.find(({ route }) => route === stored)?.body).toEqual({ fields: { ...fields, condition }, expected: fields });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("[AL13] a rule that is refused leaves no branch behind, says why, and what was typed stays", async () => {
  const user = userEvent.setup();
  const page = await open(
    {
      "POST /branches": BRANCH,
      [`PUT /alarm-rules/${pressure!.id}`]: { status: 409, body: { error: { code: "DW_CONFLICT", message: "somebody changed it" } } },
      [`DELETE /branches/${BRANCH.id}`]: {},
    },
    `rules/${pressure!.id}`,
  );
  await user.click(await screen.findByRole("button", { name: "Propose" }));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ detail: "somebody changed it" }));
  expect(page.asked.map(({ route }) => route)).toContain(`DELETE /branches/${BRANCH.id}`);
  expect(page.studio.address.store.get().branch).toBe("live");
  expect(screen.getByLabelText<HTMLInputElement>("Limit").value).toBe("5.5");
});

test("[AL13] an incomplete rule names its fields and sends nothing; on a branch it is stored there without another fork", async () => {
  const user = userEvent.setup();
  const page = await open({ "POST /alarm-rules": pressure }, "rules/new", `?branch=${BRANCH.id}`);
  await user.click(await screen.findByRole("button", { name: "Save on this branch" }));
  expect(screen.getAllByText("Required").length).toBeGreaterThan(3);
  expect(page.asked.some(({ route }) => route.startsWith("POST"))).toBe(false);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save on this branch" }).disabled).toBe(true);
});

test("[AL11] rules that cannot be read are named; one of an address that is gone says so", async () => {
  await open({ "GET /alarm-rules": unavailable("the past is being derived") }, "rules");
  within(await screen.findByRole("alert")).getByText("the past is being derived");
  closePages();
  await open({}, "rules/alarmRule:gone");
  await screen.findByText("This rule does not exist");
});

test("[AL13] axe finds nothing serious in the list of rules and in the form", async () => {
  const page = await open({}, "rules");
  await screen.findByRole("button", { name: "Air pressure low at S090" });
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  const form = await open({}, `rules/${pressure!.id}`);
  await screen.findByLabelText("Limit");
  expect(await form.accessibilityFindings()).toEqual([]);
});

test("[AL25] on a branch the page lists what its rules raise in the simulation, as simulated, and names rules that are not judged; without a run it says so", async () => {
  const user = userEvent.setup();
  const simulated = { ...alarm, state: "unacknowledged", origin: "simulated" } as const;
  const ahead: AlarmsAhead = {
    run: "run:1",
    replication: 0,
    from: alarm.since,
    to: alarm.changed,
    at: alarm.changed,
    alarms: [simulated],
    transitions: [simulated, { ...simulated, title: { en: "of the record", zh: "记录" }, id: "alarmRule:before", origin: "derived" }],
    isWhole: true,
    figures: { raised: 1, per10Min: 0.1, floods: 0, floodShare: 0, chattering: 0 },
    notJudged: [{ id: pressure!.id, title: pressure!.fields.title }],
  };
  expect(AlarmsAheadShape.parse(ahead)).toEqual(ahead);
  const page = await open({ "GET /alarms-ahead": ahead }, "", `?branch=${BRANCH.id}`);
  await user.click(await screen.findByText("Forecast alarms"));
  await screen.findByText(alarm.title.en);
  screen.getByText("forecast");
  screen.getByText(/^1 rule for values is not evaluated/);
  expect(screen.queryByText("of the record")).toBeNull();
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await open({ "GET /alarms-ahead": unavailable("no finished run") }, "", `?branch=${BRANCH.id}`);
  await user.click(await screen.findByText("Forecast alarms"));
  await screen.findByText("no finished run");
  closePages();
  await open();
  expect(screen.queryByText("Forecast alarms")).toBeNull();
});

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
const journal = async (occurrences: readonly AlarmOccurrence[], detail = "journal"): Promise<Page> => {
  const page = await open({ "GET /alarm-occurrences": { occurrences } }, detail);
  page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms: [] } as never);
  return page;
};
const rowsOf = () => [...document.querySelectorAll<HTMLElement>("tbody tr.dw-occurrence")];

test("[AL33] the journal has one row an occurrence with place, value and limit in their unit, duration and who acknowledged; one that is active says since when", async () => {
  const low = { value: "7.4", unit: "%", limit: 10, condition: "low", by: "Ada", acknowledged: alarm.changed - 2 * MINUTE + 10e6 } as const;
  const failed = { place: 4, value: "failed", condition: "state", returned: undefined, state: "unacknowledged" } as const;
  const rows = [occurrence(1, { ...failed, respondBy: alarm.changed - MINUTE / 2 }), occurrence(2, low)];
  expect(z.array(AlarmOccurrence).parse(rows)).toEqual(rows);
  const page = await journal(rows);
  await screen.findByText("2 occurrences");
  const [first, second] = rowsOf().map((row) => row.textContent);
  expect(first).toMatch(/S090 place 4.*Film low 1.*active since \d\d:\d\d.*overdue 30.s/);
  expect(first).not.toMatch(/failed/i);
  expect(second).toMatch(/S090.*Film low 2\. 7\.4.%, below 10.%.*30.s.*Ada \d\d:\d\d/);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[AL33] it is narrowed by priority, place and words, and sorted by its heads; the link keeps that; nothing that matches is said, with the way back", async () => {
  const user = userEvent.setup();
  const page = await journal([occurrence(1, { priority: 1 }), occurrence(2, { station: "S120", returned: alarm.changed }), occurrence(3)]);
  await screen.findByText("3 occurrences");
  await user.click(screen.getByRole("button", { name: "Duration" }));
  expect(rowsOf().map((row) => /Film low (\d)/.exec(row.textContent)![1])).toEqual(["2", "1", "3"]);
  await user.click(screen.getByRole("button", { name: "Priority 3" }));
  await screen.findByText("2 occurrences");
  await user.type(screen.getByLabelText("Station or text"), "S120");
  await screen.findByText("1 occurrence");
  expect(page.studio.address.store.get().detail).toBe("journal/p=3&q=S120&o=duration-");
  await user.type(screen.getByLabelText("Station or text"), "!");
  await user.click(await screen.findByRole("button", { name: "Show all" }));
  await screen.findByText("3 occurrences");
});

test("[AL33] first out is marked only where others follow; from five consequences on they are folded under it, a more urgent one that nobody acknowledged stays", async () => {
  const user = userEvent.setup();
  const leader = occurrence(20, { priority: 2, title: { en: "Air low", zh: "气压低" } });
  const follow = (n: number, more: Partial<AlarmOccurrence> = {}) => occurrence(n, { follows: leader.key, ...more });
  const urgent = { priority: 1, state: "unacknowledged", returned: undefined } as const;
  const page = await journal([...[1, 2, 3, 4, 5].map((n) => follow(n)), follow(6, urgent), leader, occurrence(30)]);
  const fold = await screen.findByRole("button", { name: /5 alarms follow/ });
  expect(screen.getAllByText("first out")).toHaveLength(1);
  expect(rowsOf().map((row) => /Film low \d+|Air low|5 alarms/.exec(row.textContent)![0])).toEqual([
    "Film low 6",
    "Air low",
    "5 alarms",
    "Film low 30",
  ]);
  await user.click(fold);
  expect(rowsOf()).toHaveLength(9);
  closePages();
  // of fewer each is where it belongs
  await journal([...[1, 2, 3, 4].map((n) => follow(n)), leader]);
  await screen.findByText("Air low");
  expect(rowsOf()).toHaveLength(5);
  expect(screen.getAllByText("follows")).toHaveLength(4);
  expect(page).toBeDefined();
});

test("[AL34] [level: bounded] of 10,000 occurrences only those near the window have rows, and a table reader is told how many there are", async () => {
  await journal(Array.from({ length: 10_000 }, (_, n) => occurrence(n)));
  await screen.findByText("10000 occurrences");
  expect(rowsOf().length).toBeGreaterThan(10);
  expect(rowsOf().length).toBeLessThan(80);
  expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("10001");
});

test("[AL34] while the list is pointed at nothing moves: new alarms wait behind a button, one that returned stays in its row", async () => {
  const user = userEvent.setup();
  const page = await open();
  const item = (n: number): Alarm => ({
    ...alarm,
    id: `a${n}`,
    rule: `a${n}`,
    since: alarm.since + n,
    state: "unacknowledged",
    title: { en: `Alarm ${n}`, zh: `报警 ${n}` },
  });
  const show = (...alarms: Alarm[]) => page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms } as never);
  show(item(1), item(2));
  await user.hover(await screen.findByText("Alarm 1"));
  show(item(2), item(3), item(4));
  await screen.findByRole("button", { name: "2 new" });
  expect(rowsOf().map((row) => /Alarm \d/.exec(row.textContent)![0])).toEqual(["Alarm 2", "Alarm 1"]);
  await user.click(screen.getByRole("button", { name: "2 new" }));
  await waitFor(() => expect(rowsOf().map((row) => /Alarm \d/.exec(row.textContent)![0])).toEqual(["Alarm 4", "Alarm 3", "Alarm 2"]));
});

test("[AL33] with none active it says since when; at a past instant nobody acknowledges", async () => {
  const page = await journal([occurrence(5)], "");
  await screen.findByText(/^No active alarms since \d\d:\d\d$/);
  list(page, { ...alarm, state: "unacknowledged" });
  await screen.findByRole("button", { name: "Acknowledge" });
  list(page, { ...alarm, state: "acknowledged", by: "Ada" });
  const row = await screen.findByText(/^Ada \d\d:\d\d$/);
  within(row.closest("tr")!).getByText("Acknowledged");
  list(page, { ...alarm, state: "unacknowledged" });
  page.studio.time.goTo(alarm.changed - MINUTE);
  await waitFor(() => expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull());
});

test("[AL33] an empty journal says that the history is read where it is, and claims no time without alarms", async () => {
  const page = await open({}, "journal");
  const read = (reading: number | undefined): void =>
    act(() => page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms: [], reading } as never));
  read(0.4);
  await screen.findByText(/history is being read, 40/);
  expect(screen.queryByText("No alarms in this time")).toBeNull();
  read(undefined);
  await screen.findByText("No alarms in this time");
});

test("[AL46] while it is unknown which earlier alarms are active no list says that there are none, and numbers are lower bounds", async () => {
  const page = await open();
  const show = (...alarms: Alarm[]): void =>
    act(() =>
      page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms, reading: 0.4, alarmsUnknownBefore: 1 } as never),
    );
  show();
  await screen.findByText("Earlier alarms are unknown until the history is read (40 %)");
  screen.getByText("Active ?");
  // figures of the last day would claim a quiet day
  expect(screen.queryByText(/in 10 min/)).toBeNull();
  expect(screen.queryByText("Priority split")).toBeNull();
  expect(screen.queryByText(/^No active alarms/)).toBeNull();
  show({ ...alarm, state: "unacknowledged" });
  await screen.findByText("Active 1+");
  screen.getByText("Earlier alarms are unknown until the history is read (40 %)");
  screen.getByRole("button", { name: "Acknowledge" });
  list(page, { ...alarm, state: "unacknowledged" });
  await screen.findByText("Active 1");
  screen.getByText("Priority split");
  expect(screen.queryByText(/^Earlier alarms are unknown/)).toBeNull();
});

test("[AL46] the badge asks while nothing is known, and counts at least those that are", async () => {
  const page = await openPage(<AlarmCount />, { views, address: "/board", now: alarm.changed, answers: {} });
  const show = (alarms: readonly Alarm[], unknown: object): void =>
    act(() => page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms, ...unknown } as never));
  show([], { reading: 0.4, alarmsUnknownBefore: 1 });
  expect((await screen.findByRole("img", { name: /unknown until the history is read/ })).textContent).toBe("?");
  show([{ ...alarm, state: "unacknowledged" }], { reading: 0.4, alarmsUnknownBefore: 1 });
  await screen.findByText("1+");
  show([{ ...alarm, state: "unacknowledged" }], {});
  await screen.findByText("1");
  show([], {});
  await waitFor(() => expect(screen.queryByText(/[\d?]/)).toBeNull());
});
