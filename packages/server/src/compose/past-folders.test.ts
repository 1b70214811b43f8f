import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIVE } from "@doppelwerk/world";
import pino from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { openHostedWorld, SYSTEM } from "./open-hosted-world.ts";
import { verifyDataFolder } from "./verify-folder.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-past-folders-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fixtures = fileURLToPath(new URL("./fixtures/past-folders/", import.meta.url));

/**
 * Each was written by the server of its time, which was killed: six submodels, one of them changed and one deleted, a branch, 1,200 samples. Named after what
 * changed next: compressed frames of the change log (folder format 2), strips in the history's logs (their format 3), the checkpoint of the change log.
 */
const past = ["before-checkpoint", "before-compression", "before-strips"];

function unpacked(name: string): string {
  const directory = join(root, `${name}-${readdirSync(root).length}`);
  mkdirSync(directory);
  execFileSync("tar", ["xzf", join(fixtures, `${name}.tar.gz`), "-C", directory]);
  return directory;
}

function treeHash(directory: string): string {
  const hash = createHash("sha256");
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    hash.update(`${path} `).update(readFileSync(path));
  }
  return hash.digest("hex");
}

describe("[E43] [WD9] a data folder of every past release opens, as the default world", () => {
  test("there is one of each", () => {
    expect(readdirSync(fixtures)).toEqual(past.map((name) => `${name}.tar.gz`));
  });

  test.each(past)(
    "%s: verify finds it whole and leaves it as it is; opened, it says what it said, and is good afterwards",
    async (name) => {
      const directory = unpacked(name);
      const before = treeHash(directory);
      const old = await verifyDataFolder(directory);
      expect(treeHash(directory)).toBe(before);
      expect(old).toMatchObject({ revisions: 9, samples: 1_200, findings: [] });

      const site = await openHostedWorld({ dataDirectory: directory, logger: pino({ level: "silent" }), workers: 1 });
      const reader = site.view(SYSTEM).reader(LIVE);
      expect(reader.query({ kind: "submodel" }).map((record) => record["idShort"])).toHaveLength(5);
      const pressures = reader.query({ kind: "element" }).map((record) => record["value"]);
      expect(pressures.toSorted()).toEqual(["1", "1", "1", "1", "42"]);
      expect(
        site
          .view(SYSTEM)
          .branches()
          .map((branch) => branch.name),
      ).toContain("what-if");
      for (const signal of ["signal:a", "signal:b"])
        expect(await site.history.extent({ branch: LIVE, signal })).toMatchObject({ count: 600 });
      await site.close();

      expect(existsSync(join(directory, "changes.checkpoint.json"))).toBe(true);
      const now = await verifyDataFolder(directory);
      expect(now).toMatchObject({ revisions: 9, lastHash: old.lastHash, samples: 1_200, findings: [], notices: [] });
    },
  );
});
