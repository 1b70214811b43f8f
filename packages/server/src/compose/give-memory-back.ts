import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { readonly execution: "sync"; readonly type: "major"; readonly flavor: "last-resort" }) => void;

/**
 * One full collection, and what it freed given back to the machine. Reading weeks of archive leaves more garbage than a day of living makes, and the
 * engine, seeing a large machine, would keep it for as long as nothing asks. Stops the process for about a fifth of a second: for the end of long
 * work only.
 */
export function giveMemoryBack(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as Collect)({ execution: "sync", type: "major", flavor: "last-resort" });
  trimAllocator();
}

/**
 * glibc keeps what was freed below the last block that is still used, however long: after columns of weeks came and went that is most of its heap.
 * `malloc_trim` gives those pages back within milliseconds. Without effect where the C library is another or Node has no foreign functions.
 */
export const trimAllocator: () => void = findTrim();

function findTrim(): () => void {
  try {
    const { functions } = process.getBuiltinModule("node:ffi").dlopen(null, { malloc_trim: { arguments: ["u64"], return: "i32" } });
    return () => void functions.malloc_trim(0n);
  } catch {
    return () => {};
  }
}
