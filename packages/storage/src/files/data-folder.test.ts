import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { openDataFolder } from "./data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newPath = (): string => join(root, `folder-${++folders}`);

describe("[ST14] a data folder says what it is", () => {
  test("it is created with its format and opened again with a higher epoch", async () => {
    const path = join(newPath(), "deep");
    const folder = await openDataFolder(path, { owner: "one" });
    expect(JSON.parse(readFileSync(join(path, "format.json"), "utf8"))).toEqual({ product: "doppelwerk", format: 3 });
    await folder.close();
    const again = await openDataFolder(path, { owner: "two" });
    expect(again.epoch).toBe(folder.epoch + 1);
    await again.close();
  });

  test("a newer format is refused and nothing is touched", async () => {
    const path = newPath();
    mkdirSync(path);
    writeFileSync(join(path, "format.json"), '{"product":"doppelwerk","format":4}');
    await expect(openDataFolder(path, { owner: "one" })).rejects.toMatchObject({ code: "DW_FORMAT_NEWER" });
    expect(readdirSync(path)).toEqual(["format.json"]);
  });

  test("a folder with other things in it is refused and nothing is touched", async () => {
    const path = newPath();
    mkdirSync(path);
    writeFileSync(join(path, "thesis.docx"), "");
    await expect(openDataFolder(path, { owner: "one" })).rejects.toMatchObject({
      code: "DW_INVALID",
      message: expect.stringContaining("thesis.docx"),
    });
    expect(readdirSync(path)).toEqual(["thesis.docx"]);
  });

  test.each(["", "{", '{"format":"1"}'])("an unreadable format file is damage: %j", async (text) => {
    const path = newPath();
    mkdirSync(path);
    writeFileSync(join(path, "format.json"), text);
    await expect(openDataFolder(path, { owner: "one" })).rejects.toMatchObject({ code: "DW_DAMAGED" });
  });

  test("a place that cannot be written is named", async () => {
    const path = newPath();
    writeFileSync(path, "a file, not a folder");
    await expect(openDataFolder(join(path, "data"), { owner: "one" })).rejects.toMatchObject({
      code: "DW_UNAVAILABLE",
      message: expect.stringContaining(path),
    });
    if (process.getuid?.() === 0) return;
    const readOnly = newPath();
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o500);
    await expect(openDataFolder(readOnly, { owner: "one" })).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  });
});

describe("[ST6] one process owns a folder", () => {
  test("a second opening in the same process is refused", async () => {
    const path = newPath();
    const folder = await openDataFolder(path, { owner: "one" });
    await expect(openDataFolder(path, { owner: "two" })).rejects.toMatchObject({
      code: "DW_UNAVAILABLE",
      message: expect.stringContaining("another Doppelwerk is running"),
    });
    await folder.close();
  });

  test("a second process is refused until the first is gone, even when that was killed", async () => {
    const path = newPath();
    const child = spawn(process.execPath, [fileURLToPath(new URL("./kill-child.fixture.ts", import.meta.url)), path, "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    for (let said = ""; !said.includes("ready");) said += String((await once(child.stdout, "data"))[0]);
    await expect(openDataFolder(path, { owner: "two" })).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
    child.kill("SIGKILL");
    await once(child, "exit");
    const folder = await openDataFolder(path, { owner: "two" });
    expect(folder.epoch).toBe(2);
    expect(existsSync(folder.paths.changes)).toBe(true);
    await folder.close();
  });
});
