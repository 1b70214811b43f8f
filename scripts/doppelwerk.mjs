#!/usr/bin/env node
// The `doppelwerk` command inside a clone: any Node >= 20 starts it, the Node that the repository brings runs it.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";

const runtime = bootstrap();
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const child = spawn(runtime, ["--disable-warning=ExperimentalWarning", join(root, "packages/server/src/main.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
