import { runAlone } from "../kit/run-alone.ts";
import { energy } from "./energy.ts";

await runAlone([energy], process.argv.slice(2));
