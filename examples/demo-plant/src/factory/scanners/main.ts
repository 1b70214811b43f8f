import { runAlone } from "../kit/run-alone.ts";
import { scanners } from "./scanners.ts";

await runAlone([scanners], process.argv.slice(2));
