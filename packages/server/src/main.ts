import { runProgram } from "./command/program.ts";

// A started server keeps the process alive by itself; everything else ends with its exit code.
const code = await runProgram(process.argv.slice(2));
if (code !== 0) process.exit(code);
