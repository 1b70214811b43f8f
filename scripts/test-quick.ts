import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// `npm run test:quick`: the checks and every test that starts no program: pure rooms, what views share and draw, pure parts and views of
// features, and the scripts. Within three minutes on two cores; `npm test` is the whole.
const root = fileURLToPath(new URL("..", import.meta.url));
const run = (...args: readonly string[]): boolean =>
  spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { cwd: root, stdio: "inherit" }).status === 0;
const checked = run("scripts/check.ts");
const tested = run("node_modules/vitest/vitest.mjs", "run", "--project=sharing", "--reporter=dot", ...process.argv.slice(2));
process.exit(checked && tested ? 0 : 1);
