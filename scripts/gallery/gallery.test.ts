import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { contactSheet } from "./contact-sheet.ts";
import { readGalleryOptions } from "./gallery.ts";
import { LONG, longName, withLongNames } from "./long-names.ts";
import { registeredViews, screensOf, SHOTS } from "./screens.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("gallery: every page that the product registers is in it, and every page below Decide", async () => {
  const views = await registeredViews(root);
  const screens = screensOf(views);
  const names = screens.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const page of [
    "world",
    "board",
    "alarms",
    "trends",
    "assets",
    "decide",
    "changes",
    "connect",
    "settings",
    "settings-people",
    "audit",
    "decide-optimise",
  ])
    expect(names).toContain(page);
  const added = screensOf([...views, { id: "energy.page", at: "shell.page@1", data: { path: "/energy" } }]);
  expect(added.find(({ name }) => name === "energy")!.address({ world: "flood" })).toBe("/energy?world=flood");
  // what a world does not hold is left out of the address
  const board = screens.find(({ name }) => name === "place-board")!;
  expect([board.address({}), board.address({ world: "w", place: "shell:1/a" })]).toEqual(["/board", "/board/shell%3A1%2Fa?world=w"]);
});

test("gallery: names of the flood have 60 characters in both languages, also those in the documents of a plant", () => {
  expect([longName("Hall 2", "en").length, longName("2 号厂房", "zh").length, LONG]).toEqual([60, 60, 60]);
  expect(longName("Hall 2", "en")).toMatch(/^Hall 2 beside /);
  const long = "x".repeat(70);
  expect(longName(long, "en")).toBe(long);
  const shell = { modelType: "AssetAdministrationShell", id: "urn:a", displayName: [{ language: "zh", text: "仓库" }] };
  const changed = withLongNames({ assetAdministrationShells: [shell] } as never) as unknown as {
    assetAdministrationShells: (typeof shell)[];
  };
  expect(changed.assetAdministrationShells[0]!.displayName[0]!.text.length).toBe(60);
  expect(changed.assetAdministrationShells[0]!.id).toBe("urn:a");
});

test("gallery: its words choose views, pictures and a running product; a wrong one is refused with what there is", () => {
  const known = ["board", "alarms"];
  expect(readGalleryOptions([], known)).toEqual({ views: [], only: [], on: undefined });
  expect(readGalleryOptions(["board", "--only", "state=flood", "--on", "http://127.0.0.1:1/"], known)).toEqual({
    views: ["board"],
    only: [["state", "flood"]],
    on: "http://127.0.0.1:1",
  });
  expect(() => readGalleryOptions(["bord"], known)).toThrow("there is no view bord; there are board, alarms");
  expect(() => readGalleryOptions(["--only", "size=12"], known)).toThrow(/--only needs one of .*size=1440\|1024\|390/);
  expect(() => readGalleryOptions(["--on"], known)).toThrow("--on needs the address of a running product");
});

test("gallery: the sheet has every picture with its values and its findings, as text", () => {
  const [shot] = SHOTS;
  const sheet = contactSheet([{ view: "board", shot: shot!, file: "board/a.png", findings: ['overlap: "<b>" and "x"'] }]);
  expect(sheet).toContain(`data-size="${shot!.size}"`);
  expect(sheet).toContain("<option>board</option>");
  expect(sheet).toContain("overlap: &quot;&lt;b&gt;&quot; and &quot;x&quot;");
});
