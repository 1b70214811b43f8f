import type { Command } from "commander";
import { runProgram } from "@doppelwerk/server";
import { productCommands } from "./commands.ts";

// Whoever reads the output may have seen enough (`| head`): that is no fault of ours and nobody is left to tell.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// A started server keeps the process alive by itself; everything else ends with its exit code.
const code = await runProgram(process.argv.slice(2), {
  loadFeatures: async () => (await import("./features.ts")).productFeatures,
  commands: productCommands.map((add) => (program: Command) => add(program, process.env["DOPPELWERK_LOG"] ?? "warn")),
});
if (code !== 0) process.exit(code);
