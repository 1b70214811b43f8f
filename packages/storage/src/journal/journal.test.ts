import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openJournal } from "./index.ts";

test("[SV55] a journal that its disk refuses keeps whole lines only, says so, and goes on when there is room", () => {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-journal-"));
  const path = join(folder, "journal.jsonl");
  const code = `
    import { openJournal } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    const journal = openJournal(${JSON.stringify(path)}, "tests");
    let refused = 0;
    for (let n = 0; n < 40; n++) try { journal.put({ id: String(n), text: "x".repeat(150) }); } catch (error) { refused += error.code === "DW_UNAVAILABLE" ? 1 : 1000; }
    console.log(JSON.stringify({ refused, kept: journal.items.size }));
  `;
  // a limit of the size of files stands for a disk that is full: the last write is short, as on one
  const limited = spawnSync(
    "bash",
    [
      "-c",
      `trap "" XFSZ; ulimit -f 4; exec "$0" --disable-warning=ExperimentalWarning --input-type=module -e "$1"`,
      process.execPath,
      code,
    ],
    { encoding: "utf8" },
  );
  const { refused, kept } = JSON.parse(limited.stdout) as { readonly refused: number; readonly kept: number };
  expect(refused, limited.stderr).toBeGreaterThan(0);
  expect(refused + kept).toBe(40);
  const again = openJournal<{ readonly id: string }>(path, "tests");
  expect(again.items.size).toBe(kept);
  again.put({ id: "after" });
  again.close();
  expect([...openJournal<{ readonly id: string }>(path, "tests").items.keys()].at(-1)).toBe("after");
  rmSync(folder, { recursive: true });
});
