import { runAlone } from "../kit/run-alone.ts";
import { roster } from "./roster.ts";

await runAlone([roster], process.argv.slice(2));
