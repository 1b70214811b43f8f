import { runAlone } from "../kit/run-alone.ts";
import { genealogy } from "./genealogy.ts";

await runAlone([genealogy], process.argv.slice(2));
