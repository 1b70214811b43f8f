#!/usr/bin/env node
// The `doppelwerk` command inside a clone: any Node >= 20 starts it, the Node that the repository brings runs it.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";
import { serverEnvironment, serverFlags } from "./server-process.mjs";

const runtime = bootstrap();
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const child = spawn(runtime, [...serverFlags, join(root, "apps/doppelwerk/src/main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
  env: serverEnvironment(process.env),
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
