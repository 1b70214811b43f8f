import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { ListedWorld, WorldContent } from "@doppelwerk/client";
import { closePages, openPage } from "../app/page.fixture.tsx";
import type { Page, Recorded } from "../app/page.fixture.tsx";
import { Banner } from "../frame/banner.tsx";
import { WorldSwitch } from "../frame/world-switch.tsx";
import WorldsCard from "./worlds-card.tsx";

afterEach(closePages);

const worlds: readonly ListedWorld[] = [
  { name: "default", title: "Plant 1", state: "open" },
  { name: "dye-house", title: "Dye house 染整", state: "closed" },
  { name: "old", title: "Old", state: "archived" },
  {
    name: "torn",
    title: "torn",
    state: "failed",
    message: "the folder holds no world.json: /data/worlds/torn",
    reason: { code: "server.worldFileMissing", params: { directory: "/data/worlds/torn" } },
  } as ListedWorld,
];
const content: WorldContent = {
  name: "dye-house",
  title: "Dye house 染整",
  state: "closed",
  files: 8,
  bytes: 12_340_000,
  parts: [
    { part: "history", files: 5, bytes: 12_000_000 },
    { part: "documents", files: 3, bytes: 340_000 },
  ],
};
const open = (answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<WorldsCard />, { language, answers: { "GET /worlds": { worlds }, "GET /worlds/dye-house": content, ...answers } });
const rowOf = async (name: RegExp) => within(await screen.findByRole("row", { name }));
const askedFor = ({ asked }: Page, route: string) => asked.filter((request) => request.route === route).map(({ body }) => body);

test("[U112] the worlds are listed with title, name, state and why one cannot be opened; the default one is not archived or deleted", async () => {
  const page = await open();
  const home = await rowOf(/Plant 1/);
  home.getByText("this window");
  expect(home.queryByRole("button", { name: "Delete" })).toBeNull();
  const house = await rowOf(/Dye house/);
  expect(house.getByRole("link", { name: "Dye house 染整" }).getAttribute("href")).toBe("/?world=dye-house");
  house.getByText(/^closed/);
  (await rowOf(/^Old/)).getByRole("button", { name: "Restore" });
  (await rowOf(/torn/)).getByText(/holds no world\.json/);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[U112] a world is deleted once what goes was listed and its name was typed; what the server refuses is said", async () => {
  const page = await open({
    "DELETE /worlds/dye-house": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "it is open elsewhere" } } },
  });
  await userEvent.click((await rowOf(/Dye house/)).getByRole("button", { name: "Delete" }));
  const dialog = within(await screen.findByRole("dialog"));
  await dialog.findByText("History: recorded values");
  dialog.getByText("5 files, 12.0 MB");
  dialog.getByText("3 files, 340 kB");
  const remove = dialog.getByRole("button", { name: "Delete" });
  const typed = dialog.getByLabelText("Type dye-house to delete it");
  await userEvent.type(typed, "dye");
  expect(remove).toHaveProperty("disabled", true);
  await userEvent.type(typed, "-house");
  await userEvent.click(remove);
  await dialog.findByText("it is open elsewhere");
  page.answers["DELETE /worlds/dye-house"] = content;
  page.answers["GET /worlds"] = { worlds: worlds.filter(({ name }) => name !== "dye-house") };
  await userEvent.click(remove);
  await waitFor(() => expect(screen.queryByText("Dye house 染整")).toBeNull());
  expect(askedFor(page, "DELETE /worlds/dye-house")).toHaveLength(2);
});

test("[U112] worlds are created, renamed, archived and restored", async () => {
  const changed = ({ body }: { readonly body: unknown }) => ({ ...worlds[1], ...(body as object) });
  const page = await open({ "POST /worlds": changed, "PATCH /worlds/dye-house": changed, "PATCH /worlds/old": changed });
  await userEvent.type(await screen.findByLabelText("Name"), "brewery");
  await userEvent.type(screen.getByLabelText("Title"), "Brewery");
  await userEvent.click(screen.getByRole("button", { name: "Create world" }));
  await waitFor(() => expect(askedFor(page, "POST /worlds")).toEqual([{ name: "brewery", title: "Brewery" }]));
  await userEvent.click((await rowOf(/^Old/)).getByRole("button", { name: "Restore" }));
  await waitFor(() => expect(askedFor(page, "PATCH /worlds/old")).toEqual([{ archived: false }]));
  await userEvent.click((await rowOf(/Dye house/)).getByRole("button", { name: "Archive" }));
  await waitFor(() => expect(askedFor(page, "PATCH /worlds/dye-house")).toEqual([{ archived: true }]));
  await userEvent.click((await rowOf(/Dye house/)).getByRole("button", { name: "Rename" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.clear(dialog.getByLabelText("Name"));
  await userEvent.type(dialog.getByLabelText("Name"), "dyeing");
  await userEvent.click(dialog.getByRole("button", { name: "Rename" }));
  await waitFor(() => expect(askedFor(page, "PATCH /worlds/dye-house")).toContainEqual({ name: "dyeing" }));
});

test("[U113] a window of another world asks that world for everything and says which it is; with one world there is nothing to switch", async () => {
  const page = await openPage(<WorldSwitch />, { address: "/settings?world=dye-house", answers: { "GET /worlds": { worlds } } });
  await userEvent.click(await screen.findByRole("button", { name: "World Dye house 染整: switch to another one" }));
  const items = await screen.findAllByRole("menuitem");
  expect(items.map((item) => item.getAttribute("href"))).toEqual(["/", "/?world=dye-house"]);
  const info = page.studio.client.world().catch(() => undefined);
  await info;
  expect(page.asked.map(({ route }) => route)).toContain("GET /worlds/dye-house/world");
  closePages();
  await openPage(<WorldSwitch />, { answers: { "GET /worlds": { worlds: worlds.slice(0, 1) } } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(screen.queryByRole("button")).toBeNull();
});

test("[U118] a window of a world that is in the archive, gone or cannot be opened says so and leads to the others; where the server is away it says that", async () => {
  const at = async (world: string, answers: Record<string, Recorded>, language: "en" | "zh" = "en") => {
    const page = await openPage(<Banner />, { language, address: `/?world=${world}`, answers });
    page.studio.state.set({ kind: "offline", since: page.studio.now(), attempt: 2 });
    return page;
  };
  const page = await at("old", { "GET /worlds": { worlds } });
  await screen.findByText("Old is archived: it cannot be used until it is restored.");
  expect(screen.getByRole("link", { name: "Worlds of this server" }).getAttribute("href")).toBe("/settings/worlds");
  expect(screen.queryByText(/Offline/)).toBeNull();
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await at("renamed", { "GET /worlds": { worlds } }, "zh");
  await screen.findByText("没有名为 renamed 的世界，可能已被重命名或删除。");
  closePages();
  await at("torn", { "GET /worlds": { worlds } });
  await screen.findByText(/^torn cannot be opened: .*holds no world\.json/);
  closePages();
  await at("old", {});
  await screen.findByText(/^Offline since/);
  closePages();
  await at("dye-house", { "GET /worlds": { worlds } });
  await screen.findByText(/^Offline since/);
});
