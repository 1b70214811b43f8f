// Appends rows 0, 1, 2 … and reports how many are stored, until it is killed.
import { openSegmentHistory } from "./history.ts";
import { batchOf, type TestRow } from "./random.fixture.ts";

const [directory, from] = process.argv.slice(2) as [string, string];
const history = await openSegmentHistory({ directory, headRows: 9_000, fanIn: 3 });
for (let next = Number(from); ; next += 500) {
  await history.append("live", batchOf(Array.from({ length: 500 }, (_, n): TestRow => [0, (next + n) * 1000, next + n, 0])), ["signal:a"]);
  process.send!(next + 500);
}
