import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { faultsOfPackages } from "./licences.ts";
import { neededPackages, readLockFile } from "./lock-file.ts";
import { folderOfPackage, requireIntegrity, runtimePath } from "./machine.ts";
import { importsOf, shippedFiles } from "./shipped-files.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-machine-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("[SV262] a package for another machine has that machine's native parts, each with a fixed hash and an allowed licence, and otherwise the same; other content than that of the hash is refused", () => {
  const lock = readLockFile(root);
  const { packages } = importsOf(root, shippedFiles(root));
  const [here, there] = (["x64", "arm64"] as const).map((machine) => neededPackages(lock, packages, machine)) as [
    readonly string[],
    readonly string[],
  ];
  expect(here.filter((path) => !there.includes(path))).toEqual(["node_modules/@rolldown/binding-linux-x64-gnu"]);
  expect(there.filter((path) => !here.includes(path))).toEqual(["node_modules/@rolldown/binding-linux-arm64-gnu"]);
  expect(faultsOfPackages(root, lock, [...there, runtimePath("arm64")])).toEqual([]);

  const bytes = Buffer.from("a package");
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  requireIntegrity(bytes, integrity, "node_modules/a");
  expect(() => requireIntegrity(Buffer.from("another"), integrity, "node_modules/a")).toThrow(/is not what package-lock\.json has/);
  // what is installed or was unpacked before is taken as it lies
  expect(folderOfPackage(root, lock, "node_modules/fastify", folder)).toBe(join(root, "node_modules/fastify"));
  const unpacked = join(folder, "node_modules/a");
  mkdirSync(unpacked, { recursive: true });
  writeFileSync(join(unpacked, "package.json"), "{}");
  expect(folderOfPackage(root, new Map([["node_modules/a", { version: "1.0.0", integrity }]]), "node_modules/a", folder)).toBe(unpacked);
  expect(() => folderOfPackage(root, lock, "node_modules/no-such-package", folder)).toThrow(/is not in package-lock\.json/);
});
