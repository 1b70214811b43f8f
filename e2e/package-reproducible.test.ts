import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { buildStudioInto } from "../scripts/build.ts";
import { writePackages } from "../scripts/package.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-reproducible-"));
const reason = process.platform === "linux" && process.arch === "x64" ? undefined : "packages are made on Linux, x64";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const title =
  "[E118] two builds of one commit are the same octets: of another folder, another umask and time zone, and a studio that was built anew";
if (reason !== undefined) test.skip(`${title} (skipped: ${reason})`);
else
  test(title, () => {
    const first = sumsOf(writePackages({ out: join(folder, "a") }));
    const before = process.umask(0o077);
    process.env["TZ"] = "Pacific/Auckland";
    try {
      const built = join(folder, "studio");
      buildStudioInto(built);
      expect(sumsOf(writePackages({ out: join(folder, "somewhere/else"), built }))).toEqual(first);
    } finally {
      process.umask(before);
      delete process.env["TZ"];
    }
  });

test("[E118] npm packs every workspace into the same octets from another checkout of the commit", () => {
  const clone = join(folder, "clone");
  execFileSync("git", ["-c", "advice.detachedHead=false", "clone", "--quiet", "--local", root, clone]);
  // what is not committed yet is of this checkout alone
  execFileSync("sh", ["-c", `git diff --binary HEAD | git -C ${clone} apply --allow-empty`], { cwd: root });
  expect(packed(clone)).toEqual(packed(root));
});

function sumsOf(files: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map((file) => [basename(file), createHash("sha256").update(readFileSync(file)).digest("hex")]));
}

/** SHA-512 of what npm would publish of each workspace. */
function packed(checkout: string): Readonly<Record<string, string>> {
  const text = execFileSync("npm", ["pack", "--workspaces", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: checkout,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const answer = JSON.parse(text) as Readonly<Record<string, Packed>> | readonly Packed[];
  return Object.fromEntries(Object.values(answer).map((each: Packed) => [each.name, each.integrity]));
}

interface Packed {
  readonly name: string;
  readonly integrity: string;
}
