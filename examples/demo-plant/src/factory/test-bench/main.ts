import { runAlone } from "../kit/run-alone.ts";
import { testBench } from "./test-bench.ts";

await runAlone([testBench], process.argv.slice(2));
