import { screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import { LiveNote } from "./live-note.tsx";

afterEach(closePages);

const answers = {
  "GET /world": { revision: 5, line: false, snapshot: false, lines: [], connections: [], timeZone: "UTC", backfill: { done: true } },
  "GET /branches": [{ id: "branch:1", name: "seventh place", parent: "live", baseRevision: 1, instant: 0 }],
};

test("[U174] values of the live plant are named so on a branch, and only there", async () => {
  await openPage(<LiveNote />, { address: "/board?branch=branch:1", answers });
  await screen.findByText(/of the plant itself; the branch “seventh place” changes none of them/);
  closePages();
  await openPage(<LiveNote />, { address: "/board", answers });
  expect(screen.queryByRole("note")).toBeNull();
});
