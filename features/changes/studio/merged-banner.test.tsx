import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { Branch } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import { views } from "./views.ts";
import MergedBanner from "./merged-banner.tsx";

afterEach(closePages);

const NOW = 1_795_880_710_000_000;
const open: Branch = {
  id: "branch:1",
  name: "Seven places",
  parent: "live",
  baseRevision: 3,
  instant: NOW,
  createdBy: "person:ann",
  createdAt: NOW,
};
const merged: Branch = { ...open, closed: { as: "merged", at: NOW, revision: 12 } };
const bannerOn = (address: string) => openPage(<MergedBanner />, { views, address, now: NOW, answers: {} });

test("[CH7] a window on a branch that is merged while it is open goes to live, leaves its run, and says so", async () => {
  const { studio } = await bannerOn("/changes/mergeRequest%3A1?branch=branch:1&run=run:1");
  await act(async () => studio.branches.set([open]));
  expect(studio.address.store.get()).toMatchObject({ branch: "branch:1", run: "run:1" });
  await act(async () => studio.branches.set([merged]));
  await waitFor(() => expect(studio.address.store.get()).toMatchObject({ branch: "live", view: "changes", detail: "mergeRequest:1" }));
  expect(studio.address.store.get().run).toBeUndefined();
  expect(studio.notices.get()).toMatchObject([{ tone: "good", text: "Seven places was merged as revision 12" }]);
});

test("[CH7] a link into a branch that was merged before shows it, names the revision and leads to live", async () => {
  const { studio } = await bannerOn("/?branch=branch:1");
  await act(async () => studio.branches.set([merged]));
  await screen.findByText(/as revision 12/);
  expect(studio.address.store.get().branch).toBe("branch:1");
  await userEvent.setup().click(screen.getByRole("button"));
  await waitFor(() => expect(studio.address.store.get().branch).toBe("live"));
});
