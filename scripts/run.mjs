// `node scripts/run.mjs NAME …`: what every npm script of this repository calls. Any Node >= 20 starts it; it installs if needed and runs
// scripts/NAME.ts with the Node that the repository brings. Not a pre-script: npm 9 leaves those out when `ignore-scripts` is set, as it is here.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";
import { heading } from "./page.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, ...args] = process.argv.slice(2);
if (name === "start") heading();
const runtime = bootstrap();
const child = spawn(runtime, ["--disable-warning=ExperimentalWarning", join(root, "scripts", `${name}.ts`), ...args], {
  // The channel carries nothing: it closes when this process is gone, by kill -9 too.
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: { ...process.env, DOPPELWERK_PAGE: "begun", PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter) },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// An npm that is ended by its pid does not tell its scripts: what it started must not live on.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 1_000).unref();
child.on("exit", (code, signal) => {
  if (code === null)
    process.stderr.write(`\ndoppelwerk: npm ${name === "start" || name === "test" ? name : `run ${name}`} was ended by ${signal}\n`);
  process.exit(code ?? 1);
});
