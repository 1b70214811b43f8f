import { runAlone } from "../kit/run-alone.ts";
import { erp } from "./erp.ts";

await runAlone([erp], process.argv.slice(2));
