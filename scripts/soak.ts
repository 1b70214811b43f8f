import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// `npm run soak`: the tests that have a long form run it (500 kills instead of 50, whole corpora, more seeds). Not part of `npm test`.
const root = fileURLToPath(new URL("..", import.meta.url));
const result = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--testTimeout=1800000", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, SOAK: "1" },
});
process.exit(result.status ?? 1);
