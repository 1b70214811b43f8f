import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const script = `
import { readFileSync } from "node:fs";
import { giveMemoryBack, trimAllocator } from ${JSON.stringify(new URL("./give-memory-back.ts", import.meta.url).href)};
const residentMb = () => process.memoryUsage.rss() / 1e6;
// Small columns, as a month of archive leaves them, every hundredth still in use: none of its neighbours goes back by itself.
let columns = Array.from({ length: 400_000 }, () => new Float64Array(60));
const kept = columns.filter((_, index) => index % 100 === 0);
columns = [];
const before = residentMb();
giveMemoryBack();
const after = residentMb();
trimAllocator();
console.log(JSON.stringify({ before, after, kept: kept.length, sum: kept[7].length }));
`;

interface Told {
  readonly before: number;
  readonly after: number;
  readonly kept: number;
  readonly sum: number;
}

test("[SV14] what long work left behind is given back to the machine, and what is in use stays", () => {
  const said = execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  const { before, after, kept, sum } = JSON.parse(said) as Told;
  expect({ kept, sum }).toEqual({ kept: 4_000, sum: 60 });
  // 190 MB of columns, of which one hundredth is in use; other C libraries give back what they like
  if (process.platform === "linux") expect(after).toBeLessThan(before - 120);
});
