import { runAlone } from "../kit/run-alone.ts";
import { toolCounters } from "./tools.ts";

await runAlone([toolCounters], process.argv.slice(2));
