import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { MergeRequestDetail } from "@doppelwerk/client";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { views } from "./views.ts";
import Changes from "./changes.tsx";

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

test("[CH3] axe finds nothing serious on the page of a request", async () => {
  const page = await open();
  await screen.findByRole("heading", { name: "A lower limit" });
  expect(await page.accessibilityFindings()).toEqual([]);
});
