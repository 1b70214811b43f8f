import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DATA_FORMAT, isOwned, openDataFolder, readDataFormat } from "@doppelwerk/storage/files";
import { DoppelwerkError } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { WorldFolders } from "./world-folders.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-worlds-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const freshData = (): string => join(root, `data-${folders++}`);
const names = (worlds: WorldFolders): readonly string[] => worlds.list().map(({ name }) => name);
const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "none",
    (error: unknown) => (error instanceof DoppelwerkError ? error.code : String(error)),
  );

test("[WD1] a name is one label of DNS; what is refused makes nothing", async () => {
  const data = freshData();
  const worlds = new WorldFolders(data, "test");
  const bad = [
    "",
    "A",
    "Dye House",
    "a_b",
    "-a",
    "a-",
    "a.b",
    "..",
    ".new-a",
    "con",
    "com1",
    "世界",
    "a".repeat(64),
    "b".repeat(300),
    "a/b",
    "a\0b",
  ];
  for (const name of bad) expect(await codeOf(worlds.create(name)), name).toBe("DW_INVALID");
  expect(await codeOf(worlds.create("default"))).toBe("DW_CONFLICT");
  for (const title of ["", "  ", "t".repeat(201), "two\nlines"])
    expect(await codeOf(worlds.create("fine", title)), title).toBe("DW_INVALID");
  expect(existsSync(data)).toBe(false);
  for (const name of ["a", "9", "dye-house-2", "a".repeat(63)]) await worlds.create(name, `${name} 染整`);
  expect(names(worlds)).toEqual(["9", "a", "a".repeat(63), "dye-house-2"]);
  expect(readDataFormat(worlds.directory("a"))).toBe(DATA_FORMAT);
});

test("[WD1] of many who create one name at once one wins, and none is left half made", async () => {
  const data = freshData();
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, at) => codeOf(new WorldFolders(data, `test ${at}`).create("same", `title ${at}`))),
  );
  expect(made.toSorted()).toEqual([...Array<string>(7).fill("DW_CONFLICT"), "none"].toSorted());
  expect(readdirSync(join(data, "worlds"))).toEqual(["same"]);
});

test("[WD2] a world keeps its id and what is in it when it is renamed; no other is overwritten", async () => {
  const worlds = new WorldFolders(freshData(), "test");
  const { file } = await worlds.create("one", "First");
  await worlds.create("two");
  writeFileSync(join(worlds.directory("one"), "kept.json"), "{}");
  expect(await codeOf(worlds.rename("one", "two"))).toBe("DW_CONFLICT");
  expect(await codeOf(worlds.rename("none", "three"))).toBe("DW_NOT_FOUND");
  expect(await codeOf(worlds.rename("one", "Three"))).toBe("DW_INVALID");
  const renamed = await worlds.rename("one", "three");
  expect(renamed.file).toEqual(file);
  expect(names(worlds)).toEqual(["three", "two"]);
  expect(existsSync(join(worlds.directory("three"), "kept.json"))).toBe(true);
});

test("[WD2] what another process has open is neither renamed nor changed nor deleted", async () => {
  const worlds = new WorldFolders(freshData(), "test");
  await worlds.create("open");
  const owner = await openDataFolder(worlds.directory("open"), { owner: "somebody" });
  for (const call of [worlds.rename("open", "other"), worlds.change("open", (file) => file), worlds.remove("open")])
    expect(await codeOf(call)).toBe("DW_UNAVAILABLE");
  await owner.close();
  expect(worlds.content("open").files).toBeGreaterThan(1);
  await worlds.remove("open");
  expect(names(worlds)).toEqual([]);
  expect(await codeOf(worlds.remove("open"))).toBe("DW_NOT_FOUND");
});

test("[WD7] what describes a world may be gone, unreadable, of another form or newer: it is listed with the reason, and can be deleted", async () => {
  const worlds = new WorldFolders(freshData(), "test");
  for (const name of ["gone", "cut", "other", "newer", "sound"]) await worlds.create(name);
  const path = (name: string) => join(worlds.directory(name), "world.json");
  rmSync(path("gone"));
  writeFileSync(path("cut"), readFileSync(path("cut"), "utf8").slice(0, 20));
  writeFileSync(path("other"), "[]");
  writeFileSync(path("newer"), readFileSync(path("newer"), "utf8").replace('"format":1', '"format":2'));
  mkdirSync(worlds.directory("Not A World"));
  writeFileSync(join(worlds.directory("file")), "no folder");
  const state = (name: string) => {
    const { file } = worlds.find(name)!;
    return file instanceof DoppelwerkError ? file.code : "sound";
  };
  expect(names(worlds).map((name) => [name, state(name)])).toEqual([
    ["cut", "DW_DAMAGED"],
    ["gone", "DW_DAMAGED"],
    ["newer", "DW_FORMAT_NEWER"],
    ["other", "DW_DAMAGED"],
    ["sound", "sound"],
  ]);
  expect(await codeOf(worlds.change("cut", (file) => file))).toBe("DW_DAMAGED");
  await worlds.remove("cut");
  expect(names(worlds)).toEqual(["gone", "newer", "other", "sound"]);
});

test("[WD3] leftovers are removed: what was being deleted at once, what was being made when it is old", async () => {
  const data = freshData();
  const worlds = new WorldFolders(data, "test");
  await worlds.create("stays");
  const below = (name: string) => join(data, "worlds", name);
  for (const name of [".gone-a-1", ".new-old", ".new-young"]) {
    mkdirSync(below(name));
    writeFileSync(join(below(name), "world.json"), "{}");
  }
  utimesSync(below(".new-old"), 1, 1);
  expect(names(worlds)).toEqual(["stays"]);
  await worlds.sweep(Date.now());
  expect(readdirSync(join(data, "worlds")).toSorted()).toEqual([".new-young", "stays"]);
});

test("[WD3] a process killed while it creates, renames and deletes leaves each world whole or none", async () => {
  const data = freshData();
  const script = fileURLToPath(new URL("./churn.fixture.ts", import.meta.url));
  let killed = 0;
  for (let round = 0; round < 12; round++) {
    const child = spawn(process.execPath, [script, data], { stdio: ["ignore", "pipe", "inherit"] });
    // it has begun; from here on at another point each time
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, round * 7));
    child.kill("SIGKILL");
    await once(child, "exit");
    killed++;
    const worlds = new WorldFolders(data, "test");
    for (const { name, directory, file } of worlds.list()) {
      expect(file, name).not.toBeInstanceOf(DoppelwerkError);
      expect(readDataFormat(directory)).toBe(DATA_FORMAT);
      // whoever held its lease is gone
      await worlds.change(name, (same) => same);
    }
  }
  expect(killed).toBe(12);
  const worlds = new WorldFolders(data, "test");
  for (const name of readdirSync(join(data, "worlds"))) if (name.startsWith(".new-")) utimesSync(join(data, "worlds", name), 1, 1);
  await worlds.sweep(Date.now());
  expect(readdirSync(join(data, "worlds")).filter((name) => name.startsWith("."))).toEqual([]);
  renameSync(data, `${data}-done`);
});

test("[WD20] whether a folder is owned is read without taking it", async () => {
  const directory = freshData();
  const lease = join(directory, "lease.sqlite");
  expect(isOwned(lease)).toBe(false);
  const folder = await openDataFolder(directory, { owner: "test" });
  expect([isOwned(lease), isOwned(lease)]).toEqual([true, true]);
  await folder.close();
  expect(isOwned(lease)).toBe(false);
  await (await openDataFolder(directory, { owner: "next" })).close();
});
