import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { MergeRequestDetail } from "@doppelwerk/client";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { views } from "./views.ts";
import { waitsFor } from "./waits-for.ts";
import Changes from "./changes.tsx";
import RequestCount from "./request-count.tsx";

afterEach(closePages);

const NOW = 1_795_880_710_000_000;
const ID = "mergeRequest:1";
const request: MergeRequestDetail = {
  id: ID,
  branch: "branch:1",
  branchName: "Alarm rule",
  title: "A lower limit",
  text: "too many false alarms",
  author: { id: "person:ann", name: "Ann" },
  createdAt: NOW,
  status: "open",
  stale: false,
  approvals: [],
  comments: [],
  planned: { owner: "Ann", effectiveFrom: "2026-12-12", action: "tell the shift" },
  diff: [{ shell: "S090", path: "limit", label: "limit", before: "5.5", after: "5.8", unit: "bar" }],
  conflicts: [],
  results: [],
  diffItems: [],
  diffHash: "a",
  resultHash: "b",
};
const approval = { by: "person:ben", name: "Ben", at: NOW, valid: true };
const open = (change: Partial<MergeRequestDetail> = {}, answers: Record<string, Recorded> = {}): Promise<Page> =>
  openPage(<Changes />, {
    views,
    address: `/changes/${encodeURIComponent(ID)}`,
    now: NOW,
    answers: { [`GET /merge-requests/${ID}`]: { ...request, ...change }, ...answers },
  });
const button = (name: string): HTMLButtonElement => screen.getByRole<HTMLButtonElement>("button", { name });

test("[CH3] an open request can be approved, not merged; rejecting wants a comment first", async () => {
  const user = userEvent.setup();
  const page = await open({}, { [`POST /merge-requests/${ID}/reject`]: request });
  await screen.findByRole("heading", { name: "A lower limit" });
  expect([button("Approve").disabled, button("Merge").disabled, button("Reject").disabled]).toEqual([false, true, true]);
  screen.getByText("tell the shift");
  await user.type(screen.getByLabelText("Comment"), "not yet");
  await user.click(button("Reject"));
  await waitFor(() => expect(page.asked.find(({ route }) => route.endsWith("/reject"))?.body).toMatchObject({ text: "not yet" }));
  await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>("Comment").value).toBe(""));
});

test("[CH6] where the world allows it an author reads that his approval is marked, and an approval that he gave says so", async () => {
  const self = { id: "person:ann", name: "Ann", verified: false, color: "", presence: { branch: "live", view: "changes" } };
  const { studio } = await open();
  await screen.findByRole("heading", { name: "A lower limit" });
  expect(screen.queryByText(/You are the author/)).toBeNull();
  await act(async () => studio.state.set({ kind: "online", self: self as never }));
  await screen.findByText(/You are the author. Solo approval is allowed/);
  expect(button("Approve").disabled).toBe(false);
  closePages();
  await open({ status: "approved", approvals: [{ by: "person:ann", name: "Ann", at: NOW, valid: true, solo: true }] });
  await screen.findByText("by the author, solo");
});

test("[CH3] its author may not approve and reads why; with conflicts, or stale, an approved one is not merged", async () => {
  await open({ mayNotApprove: "an author cannot approve their own request", mayNotApproveCode: "author" });
  await screen.findByText(/an author cannot approve their own request/);
  expect(button("Approve").disabled).toBe(true);
  closePages();
  for (const change of [{ conflicts: ["limit was changed to 6 on live"] }, { stale: true }]) {
    await open({ status: "approved", approvals: [approval], ...change });
    await screen.findByRole("heading", { name: "A lower limit" });
    expect(button("Merge").disabled).toBe(true);
    closePages();
  }
});

test("[CH3] approved by another it is merged; a refused merge is told and leaves it as it was", async () => {
  const user = userEvent.setup();
  const refusal = { status: 409, body: { error: { code: "DW_CONFLICT", message: "live has moved on" } } };
  const page = await open({ status: "approved", approvals: [approval] }, { [`POST /merge-requests/${ID}/merge`]: refusal });
  await screen.findByText(/^Ben/);
  expect(button("Approve").disabled).toBe(true);
  await user.click(button("Merge"));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ tone: "trouble", detail: "live has moved on" }));
  expect(button("Merge").disabled).toBe(false);
});

test("[CH5] an approval carries what was reviewed; where that changed meanwhile it is refused, and what would be merged now is shown", async () => {
  const user = userEvent.setup();
  const refusal = {
    status: 409,
    body: { error: { code: "DW_STALE_APPROVAL", message: "the merge would no longer write what you reviewed" } },
  };
  const page = await open({}, { [`POST /merge-requests/${ID}/approve`]: refusal });
  await screen.findByRole("heading", { name: "A lower limit" });
  const reads = (): number => page.asked.filter(({ route }) => route === `GET /merge-requests/${ID}`).length;
  const before = reads();
  await user.click(button("Approve"));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ tone: "trouble", detail: refusal.body.error.message }));
  expect(page.asked.find(({ route }) => route.endsWith("/approve"))?.body).toEqual({ diffHash: "a", resultHash: "b" });
  await waitFor(() => expect(reads()).toBeGreaterThan(before));
});

test("[CH3] what was merged names who did it and offers no decision; one that is gone is named", async () => {
  await open({ status: "merged", merged: { revision: 7, at: NOW, by: "person:ben", name: "Ben" } });
  await screen.findByText(/Merged by Ben/);
  expect(screen.queryByRole("button", { name: "Merge" })).toBeNull();
  closePages();
  await openPage(<Changes />, { views, address: `/changes/${encodeURIComponent(ID)}`, answers: {} });
  expect((await screen.findByRole("alert")).textContent).toContain("was not recorded");
});

test("[CH9] a merged request says at the first look who approved it and that it wrote a plan only, in the list and on its page", async () => {
  const merged = {
    ...request,
    status: "merged" as const,
    approvals: [approval, { ...approval, name: "Former", at: NOW - 1, valid: false }],
  };
  await open(merged);
  const said = "Approved by Ben. The merge wrote a plan only: nothing was written to machines.";
  const outcome = () => document.querySelector(".dw-request-outcome")?.textContent;
  await waitFor(() => expect(outcome()).toBe(said));
  closePages();
  const list = (answer: object) =>
    openPage(<Changes />, { views, address: "/changes", now: NOW, answers: { "GET /merge-requests": [answer], "GET /log": [] } });
  await list(merged);
  await waitFor(() => expect(outcome()).toBe(said));
  closePages();
  await list({ ...merged, status: "approved" });
  await screen.findByText("A lower limit");
  expect(outcome()).toBe(undefined);
});

test("[CH3] axe finds nothing serious on the page of a request", async () => {
  const page = await open();
  await screen.findByRole("heading", { name: "A lower limit" });
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[CH11] an author reads that somebody else must approve, and copies the link for them; others are not sent away", async () => {
  const user = userEvent.setup();
  const page = await open({ mayNotApprove: "the author cannot approve his own request", mayNotApproveCode: "author" });
  await screen.findByText(/Somebody else must approve it/);
  await user.click(screen.getByRole("button", { name: "Copy link" }));
  expect(await navigator.clipboard.readText()).toBe(page.studio.address.link({}));
  expect(page.studio.address.link({})).toContain(encodeURIComponent(ID));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ text: "Link copied" }));
  closePages();
  await open({ mayNotApprove: "conflict", mayNotApproveCode: "conflict" });
  await screen.findByText(/You cannot approve this/);
  expect(screen.queryByRole("button", { name: "Copy link" })).toBeNull();
});

test("[CH11] the navigation counts the requests that wait for the approval of this person: open, of others, not approved", async () => {
  const ann = { id: "person:ann", name: "Ann", verified: false, color: "", presence: { branch: "live", view: "board" } };
  const of = (id: string, change: Partial<MergeRequestDetail>) => ({ ...request, id, ...change });
  const ben = { id: "person:ben", name: "Ben" };
  const asked: MergeRequestDetail[] = [
    of("1", {}),
    of("2", { author: ben }),
    of("3", { author: ben, status: "approved", approvals: [approval] }),
    of("4", { author: ben, status: "approved", stale: true, approvals: [{ ...approval, valid: false }] }),
    of("5", { author: ben, status: "merged" }),
    of("6", { author: ben, status: "rejected" }),
  ];
  const show = async (requests: readonly MergeRequestDetail[]): Promise<Page> => {
    const page = await openPage(<RequestCount />, { views, address: "/board", now: NOW, answers: { "GET /merge-requests": requests } });
    act(() => page.studio.state.set({ kind: "online", self: ann as never }));
    return page;
  };
  await show(asked);
  expect((await screen.findByRole("img", { name: "2 merge requests wait for your approval" })).textContent).toBe("2");
  closePages();
  const page = await show([asked[0]!]);
  await waitFor(() => expect(page.asked.some(({ route }) => route === "GET /merge-requests")).toBe(true));
  expect(screen.queryByRole("img")).toBeNull();
});

test("[CH12] an opened entry of the log says its reason, of the product what it was made for, or that a person gave none", async () => {
  const user = userEvent.setup();
  const entry = {
    revision: 7,
    at: NOW,
    actor: "person:ann",
    name: "Ann",
    branch: "live",
    kind: "edit",
    changes: 1,
    lines: [],
    hash: "abcdef",
  };
  const told = { code: "changes.logImport", params: { name: "plant.aasx" } };
  const log = [
    { ...entry, reason: "seal was worn" },
    { ...entry, revision: 6, reason: "Imported plant.aasx", told },
    {
      ...entry,
      revision: 5,
      reason: "Proposed: Two places",
      told: { code: "changes.logPropose", params: { name: "Two places" } },
      why: "S090 blocks\nS080",
    },
    { ...entry, revision: 4, reason: "S090 Places 6 → 7", described: true },
    {
      ...entry,
      revision: 3,
      reason: "Undone: Forked as A",
      told: { code: "changes.logUndo", params: { name: { code: "changes.logFork", params: { name: "A" } } } },
    },
    { ...entry, revision: 2, reason: "packs", told: { code: "packs.setUpReason", params: { pack: "demo-plant" } } },
    { ...entry, revision: 1, reason: "something new", told: { code: "changes.notKnownYet", params: {} } },
  ];
  await openPage(<Changes />, { views, address: "/changes", now: NOW, answers: { "GET /merge-requests": [], "GET /log": log } });
  await user.click(await screen.findByRole("button", { name: /seal was worn/ }));
  await screen.findByText("Reason: seal was worn");
  await user.click(screen.getByRole("button", { name: /Imported plant.aasx/ }));
  await screen.findByText("Reason: import of plant.aasx");
  const rows = [...document.querySelectorAll(".dw-log-head small")].map(({ textContent }) => textContent!.split(/ · r\d+ · /)[1]);
  expect(rows).toEqual([
    "reason as above",
    "reason: import of plant.aasx",
    "reason: S090 blocks",
    "no reason given",
    "reason: undo of: Forked as A",
    "reason: set-up by the pack demo-plant",
    "reason: made by the product itself",
  ]);
});

test("[CH13] the log is narrowed to since yesterday, seven days or a day, in the address, with the count; each row says author and whether a reason was given", async () => {
  const user = userEvent.setup();
  const day = 86_400_000_000;
  const entry = { actor: "person:ann", name: "Ann", branch: "live", kind: "edit", changes: 1, lines: [], hash: "abcdef", told: undefined };
  const told = { code: "changes.logImport", params: { name: "plant.aasx" } };
  const log = [
    { ...entry, revision: 9, at: NOW, reason: "seal was worn" },
    { ...entry, revision: 8, at: NOW - day, name: "Ben", reason: "Imported plant.aasx", told },
    { ...entry, revision: 7, at: NOW - 4 * day, reason: "new supplier" },
    { ...entry, revision: 1, at: NOW - 30 * day, reason: "" },
  ];
  const page = await openPage(<Changes />, {
    views,
    address: "/changes",
    now: NOW,
    answers: { "GET /merge-requests": [], "GET /log": log },
  });
  const rows = (): string[] => [...document.querySelectorAll(".dw-log-head")].map(({ textContent }) => textContent ?? "");
  await waitFor(() => expect(rows()).toHaveLength(4));
  screen.getByText("4 changes");
  expect(rows()[0]).toMatch(/^seal was worn.*Ann.*r9 · reason as above$/);
  expect(rows()[1]).toMatch(/plant\.aasx.*Ben.*r8 · reason: import of plant\.aasx$/);
  expect(rows()[3]).toMatch(/^1 record.*no reason given$/);
  await user.click(screen.getByText("Since yesterday"));
  expect(page.studio.address.store.get().detail).toBe("since:yesterday");
  await waitFor(() => expect(rows()).toHaveLength(2));
  expect(screen.getByRole("status").textContent).toMatch(/^2 changes since .*, 00:00$/);
  await user.click(screen.getByText("Today"));
  await waitFor(() => expect(rows()).toHaveLength(1));
  await user.click(screen.getByText("7 days"));
  await waitFor(() => expect(rows()).toHaveLength(3));
  await user.click(screen.getByText("All"));
  expect(page.studio.address.store.get().detail).toBeUndefined();
  await waitFor(() => expect(rows()).toHaveLength(4));
  act(() => page.studio.address.go({ detail: `since:${new Date((NOW - 5 * day) / 1_000).toISOString().slice(0, 10)}` }));
  await waitFor(() => expect(rows()).toHaveLength(3));
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[studio U183] a request shows of each class who approved it until when and how many are missing, and merges once none is", async () => {
  const quality = {
    id: "propertyClass:1",
    name: "Quality",
    roles: ["engineer"],
    approvers: 2,
    missing: 1,
    presence: true,
    approvals: [{ by: "person:ben", name: "Ben", at: NOW, until: NOW + 3_600_000_000 }],
  };
  const lines = [{ ...request.diff[0]!, classes: ["Quality"] }];
  const page = await open({ approvals: [approval], classes: [quality], diff: lines });
  const part = within(await screen.findByRole("region", { name: "Quality" }));
  part.getByText("1 of 2");
  part.getByText("1 more person has to approve");
  part.getByText(/approved by Engineer, with proof of presence/);
  part.getByText(/until /);
  within(screen.getByRole("table")).getByText("Quality");
  expect([button("Approve").disabled, button("Merge").disabled]).toEqual([false, true]);
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await open({ approvals: [approval], classes: [{ ...quality, missing: 0 }], status: "approved" });
  await screen.findByText("complete");
  expect([button("Approve").disabled, button("Merge").disabled]).toEqual([true, false]);
});

test("[studio U183] who approved already waits for others; whose approval a class does not count any more may approve again", () => {
  const quality = { id: "propertyClass:1", name: "Quality", roles: [], approvers: 2, missing: 1, presence: false };
  const given = { ...request, approvals: [approval], classes: [{ ...quality, approvals: [{ by: "person:ben", name: "Ben", at: NOW }] }] };
  expect([waitsFor(given, "person:ben"), waitsFor(given, "person:eve"), waitsFor(given, "person:ann")]).toEqual([false, true, false]);
  expect(waitsFor({ ...given, classes: [{ ...quality, approvals: [] }] }, "person:ben")).toBe(true);
});

test("[CH14] the author of a request is called unverified on a server without accounts alone", async () => {
  const open = async (session: Recorded): Promise<string> => {
    await openPage(<Changes />, {
      views,
      address: `/changes/${encodeURIComponent(ID)}`,
      now: NOW,
      answers: { [`GET /merge-requests/${ID}`]: request, "GET /session": session },
    });
    const branch = await screen.findByRole("button", { name: "Alarm rule" });
    await act(async () => {});
    const text = branch.closest("p")!.textContent;
    closePages();
    return text;
  };
  expect(await open({ accounts: true, person: { id: "p", name: "Ben", roles: [] } })).toMatch(/^Ann · /u);
  expect(await open({ accounts: false })).toMatch(/^Ann \(unverified\) · /u);
  expect(await open({ status: 500, body: {} })).toMatch(/^Ann \(unverified\) · /u);
});

test("[CH15] a request that changes who may do what shows to who administers who gains and loses it, and asks nothing of others", async () => {
  const roles = { id: "placeRoles:1", kind: "placeRoles", name: "Halls" };
  const changed = { diffItems: [{ id: roles.id, kind: "placeRoles", before: undefined, after: roles }] as never };
  const ida = { id: "person:2", name: "Ida", gained: 0, lost: 4, examples: [{ id: "edit · Hall 2", kind: "place", change: "lost" }] };
  const counted = { people: [], atPlaces: [ida] };
  const path = `GET /branches/${request.branch}/access-changes`;
  const person = (role: string) => ({ accounts: true, person: { id: "person:1", login: "mara", name: "Mara", roles: [role] } });
  await open(changed, { "GET /session": person("administrator"), [path]: counted });
  const row = within(await screen.findByRole("row", { name: /Ida/ }));
  expect([row.getByText("4"), row.getByText("− edit · Hall 2")].length).toBe(2);
  expect(screen.getByText("Nobody gains or loses any.")).toBeTruthy();
  closePages();
  const other = await open(changed, { "GET /session": person("engineer"), [path]: counted });
  await screen.findByRole("heading", { name: request.title });
  expect(screen.queryByText("Who gains and loses access")).toBeNull();
  expect(other.asked.some(({ route }) => route.includes("access-changes"))).toBe(false);
});
