import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { textOf } from "@doppelwerk/messages";
import { afterAll, expect, test } from "vitest";
import { fileRefusal } from "./file-guard.ts";

/** Why a file may not be read, in English. */
function refusalOf(...asked: Parameters<typeof fileRefusal>): string | undefined {
  const refusal = fileRefusal(...asked);
  return refusal && textOf(refusal);
}

const root = mkdtempSync(join(tmpdir(), "doppelwerk-files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("[SV30] a plant that is a file is read only inside the folders that were named, links and dots followed", () => {
  const [drop, other] = [join(root, "drop"), join(root, "drop-secret")];
  for (const folder of [drop, join(drop, "line"), other]) mkdirSync(folder);
  writeFileSync(join(other, "a.csv"), "x");
  writeFileSync(join(drop, "a.csv"), "x");
  symlinkSync(other, join(drop, "link"));
  const of = (path: string, scheme = "file:") => refusalOf(pathToFileURL(path).href.replace("file:", scheme), [drop]);
  expect([of(drop), of(join(drop, "line")), of(join(drop, "a.csv"), "replay:")]).toEqual([undefined, undefined, undefined]);
  for (const outside of [
    other,
    join(other, "a.csv"),
    join(drop, "link"),
    join(drop, "link", "a.csv"),
    "/etc/passwd",
    join(drop, "nothing.csv"),
  ])
    expect(of(outside), outside).toMatch(/outside of what the server may read/);
  expect(refusalOf(`file://${drop}/../drop-secret/a.csv`, [drop])).toMatch(/outside/);
  expect(refusalOf("file://elsewhere/share", [drop])).toMatch(/not the address of a file|outside/);
  expect(refusalOf(pathToFileURL(drop).href, [])).toMatch(/--files/);
  expect(refusalOf("FILE:///etc/passwd", [drop])).toMatch(/outside/);
  expect(refusalOf("opc.tcp://plant:4840", [])).toBeUndefined();
});
