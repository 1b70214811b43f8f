import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { z } from "@doppelwerk/kit";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { Alarm, AlarmsAhead as AlarmsAheadShape, KnownRule, type AlarmsAhead } from "../contract.ts";
import Alarms from "./alarms.tsx";
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

async function open(answers: Record<string, Recorded> = {}, detail = "", query = ""): Promise<Page> {
  const page = await openPage(<Alarms />, {
    views,
    address: `/alarms${detail === "" ? "" : `/${encodeURIComponent(detail)}`}${query}`,
    now: alarm.changed,
    answers: { "GET /alarm-rules": rules, "GET /alarm-transitions": { alarms: [] }, ...answers },
  });
  return page;
}
/** The list as the page shows it of this alarm. */
function list(page: Page, item: Alarm): void {
  page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms: [item] } as never);
}

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
  await user.click(await screen.findByRole("menuitem", { name: "Take out of service" }));
  const dialog = await screen.findByRole("dialog");
  const send = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Take out of service" });
  expect(send.disabled).toBe(true);
  await user.type(within(dialog).getByLabelText(/Reason/), "new sensor{Enter}");
  await waitFor(() => expect(page.asked.find((asked) => asked.route === route)?.body).toEqual({ reason: "new sensor" }));
  await user.click(await screen.findByText(/^Shelved, suppressed 1/));
  await screen.findByRole("button", { name: "Return to service" });
  expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull();
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
  expect(screen.getAllByText("shipped")).toHaveLength(2);
  screen.getByText("S090 is: Failed");
  await user.type(screen.getByLabelText("Station or words"), "pressure");
  expect(screen.queryAllByText("shipped")).toHaveLength(0);
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
  await user.click(await screen.findByRole("button", { name: "Store on this branch" }));
  expect(screen.getAllByText("Needed").length).toBeGreaterThan(3);
  expect(page.asked.some(({ route }) => route.startsWith("POST"))).toBe(false);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Store on this branch" }).disabled).toBe(true);
});

test("[AL11] rules that cannot be read are named; one of an address that is gone says so", async () => {
  await open({ "GET /alarm-rules": unavailable("the past is being derived") }, "rules");
  within(await screen.findByRole("alert")).getByText("the past is being derived");
  closePages();
  await open({}, "rules/alarmRule:gone");
  await screen.findByText("This rule is not there");
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
  await user.click(await screen.findByText("Simulated ahead"));
  await screen.findByText(alarm.title.en);
  screen.getByText("simulated");
  screen.getByText(/^1 rule over values is not judged/);
  expect(screen.queryByText("of the record")).toBeNull();
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await open({ "GET /alarms-ahead": unavailable("no finished run") }, "", `?branch=${BRANCH.id}`);
  await user.click(await screen.findByText("Simulated ahead"));
  await screen.findByText("no finished run");
  closePages();
  await open();
  expect(screen.queryByText("Simulated ahead")).toBeNull();
});
