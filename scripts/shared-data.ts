import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";

// Data by other hands, which is not ours to publish: it lies beside the repository where we work, and a stranger's clone has none.
const FOLDER = join(import.meta.dirname, "../../shared/data");

/**
 * A test on a file or folder of `../shared/data`; the body gets its path. Where it is absent the test is skipped and its name says why; in CI
 * it fails instead.
 */
export function testOnSharedData(title: string, path: string, body: (path: string) => unknown): void {
  const place = join(FOLDER, path);
  if (existsSync(place)) test(title, async () => void (await body(place)));
  else if (process.env["CI"] === undefined) test.skip(`${title} (skipped: ../shared/data/${path} is not beside the repository)`);
  else
    test(title, () => {
      throw new Error(`../shared/data/${path} must be beside the repository in CI`);
    });
}
