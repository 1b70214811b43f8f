import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

test("[ST14] a folder is made with those above it, again without harm, and refused where it cannot be", ({ skip }) => {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-folder-"));
  try {
    makeFolder(join(root, "a", "b", "c"));
    makeFolder(join(root, "a", "b", "c"));
    expect(statSync(join(root, "a", "b", "c")).isDirectory()).toBe(true);
    writeFileSync(join(root, "file"), "");
    expect(() => makeFolder(join(root, "file", "below"))).toThrow(/ENOTDIR/);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  if (!existsSync("/proc/self")) return skip("no /proc on this machine");
  expect(() => makeFolder("/proc/nowhere/data")).toThrow(/ENOENT/);
});
