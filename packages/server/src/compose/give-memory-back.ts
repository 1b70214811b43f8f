import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { readonly execution: "sync"; readonly type: "major"; readonly flavor: "last-resort" }) => void;

/**
 * One full collection. Reading weeks of archive leaves more garbage than a day of living makes, and the engine, seeing a large machine, would
 * keep it for as long as nothing asks. Stops the process for about a fifth of a second: for the end of long work only.
 */
export function giveMemoryBack(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as Collect)({ execution: "sync", type: "major", flavor: "last-resort" });
}
