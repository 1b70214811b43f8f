import { globSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// Compiles what the server will run into the runtime's code cache (see server-process.mjs) and ends. A server that finds its code there loads neither
// its sources' compiler, which costs each thread about ten megabytes for as long as it lives, nor the time to use it. `npm start` runs this beside the
// start of the demo plant; without it the second start of a server is the first one that is warm.
const root = fileURLToPath(new URL("..", import.meta.url));
const threads = globSync(["packages/*/src/**/*-{thread,worker}.ts", "features/*/**/*-{thread,worker}.ts"], { cwd: root });
const parts = ["packages/server/src/command/serve.ts", ...threads, "apps/doppelwerk/src/main.ts"];
process.argv.splice(2, Infinity, "--version");
for (const part of parts)
  await import(pathToFileURL(join(root, part)).href).catch(() => {
    // an entry is compiled with all it imports before it runs; that a thread cannot run here, without a parent, is no matter
  });
process.exit(0);
