import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// `npm run fuzz [-- --seed N]`: every test whose title says fuzz, with new seeds; a failing one prints its seed, which becomes a test.
const root = fileURLToPath(new URL("..", import.meta.url));
const at = process.argv.indexOf("--seed");
const seed = at > 0 ? process.argv[at + 1]! : String(Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}`);
const result = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "-t", "fuzz"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, FUZZ_SEED: seed },
});
process.exit(result.status ?? 1);
