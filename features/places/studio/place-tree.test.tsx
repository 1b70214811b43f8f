import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { views as board } from "../../../packages/studio/src/board/views.ts";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Place } from "../contract.ts";
import { currentPlace } from "./current-place.ts";
import PlaceCrumbs from "./place-crumbs.tsx";
import PlaceDialog from "./place-dialog.tsx";
import { answerOfPlaces, idOf, places, T } from "./recorded.fixture.ts";
import { MAX_ROWS, treeRows } from "./tree-rows.ts";
import { pathOfPlace } from "./use-places.ts";
import { views as own } from "./views.ts";

afterEach(closePages);

const views = [...board, ...own];

const line = { stations: [{ id: "S90", shell: "urn:test:shell:S90" }] } as never;
const names = () => screen.getAllByRole("treeitem").map((item) => item.querySelector(".dw-place-name")!.textContent);
const active = () => document.querySelector("[data-active] .dw-place-name")?.textContent;

async function openTree(closed: () => void = () => undefined) {
  const page = await openPage(<PlaceDialog opened onClose={closed} />, {
    views,
    address: `/board/${encodeURIComponent(idOf("Hall2"))}`,
    now: T,
    answers: { "GET /places": answerOfPlaces },
  });
  const tree = await screen.findByRole("tree");
  return { page, tree };
}

test("[PT11] the breadcrumb has every place down to where the studio is, and each leads to its board", async () => {
  const page = await openPage(<PlaceCrumbs>Demo plant</PlaceCrumbs>, {
    views,
    address: `/board/${encodeURIComponent(idOf("Energy"))}`,
    now: T,
    answers: { "GET /places": answerOfPlaces },
  });
  const site = await screen.findByRole("button", { name: "Wuxi plant" });
  expect(screen.getByRole("button", { name: "Utilities" }).getAttribute("aria-current")).toBe("page");
  await userEvent.click(site);
  expect(page.studio.address.store.get()).toMatchObject({ view: "board", detail: idOf("Site"), subject: undefined });
  await userEvent.click(screen.getByRole("button", { name: "Show all places" }));
  expect(page.studio.dialog.get()).toBe("places.tree");
});

test("[PT11] while places are unknown, and where there are none, the breadcrumb has the steps of the world", async () => {
  await openPage(<PlaceCrumbs>Demo plant</PlaceCrumbs>, {
    views,
    now: T,
    answers: { "GET /places": { places: [], counts: {}, findings: [] } },
  });
  expect(document.body.textContent).toContain("Demo plant");
  closePages();
  await openPage(<PlaceCrumbs>Demo plant</PlaceCrumbs>, { views, now: T, answers: {} });
  expect(document.body.textContent).toContain("Demo plant");
});

test("[PT11] where the studio is: the board that is open, else the selected station, else the line, else the outermost place", () => {
  const at = (address: { view: string; detail?: string; subject?: string }) =>
    currentPlace(places, { detail: undefined, subject: undefined, ...address }, line)?.id;
  expect(at({ view: "board", detail: idOf("Store") })).toBe(idOf("Store"));
  expect(at({ view: "alarms", detail: "something", subject: "S90" })).toBe(idOf("S90"));
  expect(at({ view: "alarms", subject: "urn:test:shell:Air" })).toBe(idOf("Air"));
  expect(at({ view: "world" })).toBe(idOf("Line1"));
  expect(currentPlace(places, { view: "world", detail: undefined, subject: undefined }, undefined)?.id).toBe(idOf("Enterprise"));
  expect(pathOfPlace(places, idOf("S90")).map(({ name }) => name)).toEqual([
    "Doppelwerk Appliances",
    "Wuxi plant",
    "Hall 2",
    "Line 1",
    "S90 Leak test",
  ]);
});

test("[PT12] the tree begins at the current place and is used by keyboard alone", async () => {
  let closed = false;
  const { page, tree } = await openTree(() => (closed = true));
  expect(screen.getByRole("treeitem", { selected: true }).textContent).toContain("Hall 2");
  const user = userEvent.setup();
  tree.focus();
  expect(active()).toBe("Hall 2");
  await user.keyboard("{ArrowLeft}");
  expect(names()).not.toContain("Line 1");
  await user.keyboard("{ArrowRight}{ArrowRight}");
  expect(active()).toBe("Line 1");
  await user.keyboard("{ArrowLeft}");
  expect(active()).toBe("Hall 2");
  await user.keyboard("w");
  expect(active()).toBe("Warehouse");
  await user.keyboard("{Home}");
  expect(active()).toBe("Doppelwerk Appliances");
  await user.keyboard("{End}{ArrowUp}{ArrowDown}u{Enter}");
  expect([closed, page.studio.address.store.get().detail]).toEqual([true, idOf("Energy")]);
});

test("[PT12] a name is found wherever it stands, with what is above it; axe finds nothing serious", async () => {
  const { page } = await openTree();
  await userEvent.type(screen.getByRole("textbox"), "leak");
  await waitFor(() => expect(names()).toEqual(["Doppelwerk Appliances", "Wuxi plant", "Hall 2", "Line 1", "S90 Leak test"]));
  expect(await page.accessibilityFindings()).toEqual([]);
  await userEvent.type(screen.getByRole("textbox"), "xyz");
  await screen.findByText("No place of this name.");
});

test("[PT12] [level: bounded] of 10,000 places a bounded number of rows is painted, and how many more there are is said", () => {
  const place = (id: string, parent: string | null): Place => ({
    id,
    name: id,
    kind: "workUnit",
    parent,
    title: { en: id, zh: id },
    shell: id,
  });
  const many = [place("root", null), ...Array.from({ length: 10_000 }, (_, at) => place(`P${at}`, "root"))];
  const { rows, more } = treeRows(many, new Set(["root"]), "");
  expect([rows.length, more]).toEqual([MAX_ROWS, 10_001 - MAX_ROWS]);
  expect(treeRows(many, new Set(), "").rows.map(({ place: { id } }) => id)).toEqual(["root"]);
  expect(treeRows(many, new Set(), "p9999").rows.map(({ place: { id } }) => id)).toEqual(["root", "P9999"]);
});
