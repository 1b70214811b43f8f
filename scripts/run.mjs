// `node scripts/run.mjs NAME [ARGUMENTS]`: what every public npm script calls. Prepares the clone, then runs scripts/NAME.ts with the Node that the
// repository brings. One step and not an npm pre-script, because `ignore-scripts=true` makes npm leave pre-scripts out.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";

const [name, ...args] = process.argv.slice(2);
const runtime = bootstrap();
const script = join(dirname(fileURLToPath(import.meta.url)), `${name}.ts`);
const child = spawn(runtime, ["--disable-warning=ExperimentalWarning", script, ...args], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
