import { runAlone } from "../kit/run-alone.ts";
import { stores } from "./stores.ts";

await runAlone([stores], process.argv.slice(2));
