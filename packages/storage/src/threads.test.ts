import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULES_MAX = 70;

/** Counts the modules that a thread loads before it looks at its data, which it has none of here. */
const COUNT = `
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
await import(process.argv[1]).catch(() => {});
console.log(JSON.stringify(loaded));
process.exit(0);
`;

test.for(["files/writer-thread.ts", "sqlite/record-writer-thread.ts", "segments/writer-thread.ts", "events/event-thread.ts"])(
  "[ST37] %s starts without the whole of world",
  async (thread) => {
    const url = new URL(thread, import.meta.url).href;
    const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", COUNT, url];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const loaded = JSON.parse(stdout) as string[];
    expect(loaded).toContain(url);
    expect(loaded.filter((each) => each.endsWith("/packages/world/src/index.ts"))).toEqual([]);
    expect(loaded.length).toBeLessThan(MODULES_MAX);
  },
);
