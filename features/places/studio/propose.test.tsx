import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { auditPage, shell, view } from "@doppelwerk/kit/studio";
import { LIVE } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { views as board } from "../../../packages/studio/src/board/views.ts";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page } from "../../../packages/studio/src/app/page.fixture.tsx";
import PlaceBoard from "./place-board.tsx";
import { answerOfPlaces, idOf, places, summaryOf, T, TROUBLED } from "./recorded.fixture.ts";
import { views as own } from "./views.ts";

afterEach(closePages);

/** Stands for the page of the feature that runs branches: only its path is asked for. */
const decide = view(shell.page, "decide.page", {
  path: "/decide",
  about: "view.board",
  guide: "optimise",
  title: "view.board",
  icon: "git-fork",
  order: 60,
  load: async () => ({ default: () => null }),
});
const branch = { id: "branch:1", name: "Line 4", parent: LIVE, instant: T, author: "Eva", baseRevision: 3 };
const lines = new Map([
  [idOf("Line1"), "Line1"],
  [idOf("Line4"), "Line4"],
]);

const open = (views: readonly unknown[]): Promise<Page> =>
  openPage(<PlaceBoard place={idOf("Site")} />, {
    views: views as never,
    address: `/board/${encodeURIComponent(idOf("Site"))}`,
    now: T,
    language: "en",
    answers: {
      "GET /places": {
        ...answerOfPlaces,
        places: places.map((place) => ({ ...place, ...(lines.has(place.id) && { line: lines.get(place.id) }) })),
      },
      [`GET /places/${idOf("Site")}/summary`]: summaryOf("Site", TROUBLED),
      "POST /branches": branch,
    },
  });
const chosen = (dialog: HTMLElement) =>
  within(dialog)
    .getAllByRole<HTMLInputElement>("checkbox")
    .filter(({ checked }) => checked)
    .map(({ value }) => value);

test("[PT27] a change is proposed for the lines that a cause concerns: the branch is forked and opened in Decide with the lines chosen", async () => {
  const page = await open([...board, ...own, decide]);
  const causes = await screen.findByRole("complementary", { name: "Needs attention" });
  await userEvent.click(within(causes).getByRole("button", { name: "Propose a change" }));
  const dialog = await screen.findByRole("dialog", { name: "Propose a change" });
  // the compressor stopped, and Line 4 waits for air
  expect(chosen(dialog)).toEqual(["Line4"]);
  await userEvent.click(within(dialog).getByRole("checkbox", { name: "Line 1" }));
  expect(within(dialog).getByRole<HTMLButtonElement>("button", { name: "Ask the optimiser" }).disabled).toBe(true);
  await userEvent.click(within(dialog).getByRole("button", { name: "Fork and compare" }));
  await expect.poll(() => page.studio.address.store.get().branch).toBe(branch.id);
  expect(page.studio.address.store.get()).toMatchObject({ view: "decide", line: "Line1", detail: "lines:Line1,Line4" });
});

test("[PT13] the OEE of a line leads to how it is computed, of that line; where nothing shows that it is a figure", async () => {
  const audit = view(auditPage, "audit.page", {
    title: "view.board",
    about: "view.board",
    guide: "audit",
    order: 1,
    load: async () => ({ default: () => null }),
  });
  const page = await open([...board, ...own, audit]);
  await userEvent.click(await screen.findByRole("button", { name: "73.1" }));
  expect(page.studio.address.store.get()).toMatchObject({ view: "board", audit: "oee.oee", line: "Line4", detail: undefined });
  // the row is not chosen by it
  expect(screen.queryByRole("button", { pressed: true })).toBeNull();
  closePages();
  await open([...board, ...own]);
  expect((await screen.findByText("73.1")).tagName).not.toBe("BUTTON");
});

test("[PT27] of the whole place all lines are chosen, and one of them can be given to the optimiser; what cannot run branches has no such button", async () => {
  const page = await open([...board, ...own, decide]);
  const [whole] = await screen.findAllByRole("button", { name: "Propose a change" });
  await userEvent.click(whole!);
  const dialog = await screen.findByRole("dialog", { name: "Propose a change" });
  expect(chosen(dialog)).toEqual(["Line1", "Line4"]);
  await userEvent.click(within(dialog).getByRole("checkbox", { name: "Line 4" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Ask the optimiser" }));
  expect(page.studio.address.store.get()).toMatchObject({ view: "decide", branch: LIVE, line: "Line1", detail: "optimise" });
  closePages();
  await open([...board, ...own]);
  await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  expect(screen.queryByRole("button", { name: "Propose a change" })).toBeNull();
});

test("[PT28] the Rail has a band for each line of the place, those that causes concern first, as long as the board is open", async () => {
  const page = await open([...board, ...own]);
  await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  await expect.poll(() => page.studio.railLines.get().map(({ id }) => id)).toEqual(["Line4", "Line1"]);
  closePages();
  expect(page.studio.railLines.get()).toEqual([]);
});
