import { runAlone } from "./kit/run-alone.ts";
import { programs } from "./programs.ts";

await runAlone(programs, process.argv.slice(2));
