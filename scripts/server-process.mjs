// How the server's process is started wherever the repository starts it: a line's twin is meant to stay small beside other programs.
// V8 keeps less room for the newest objects and looks for garbage when its heap has grown by half, not by as much as a large machine would bear;
// glibc uses two arenas instead of eight a core, maps larger blocks alone and gives them back when freed
// (other C libraries do not know these names). Not so small blocks that what zlib takes and gives back for every few kilobytes comes from the
// machine each time: that is three times its work. Compiled code is kept between starts: with it no thread loads the compiler of its sources.
// What is set outside already stays.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const serverFlags = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=8", "--heap-growing-percent=50"];

/** @param {NodeJS.ProcessEnv} environment */
export function serverEnvironment(environment) {
  return {
    MALLOC_ARENA_MAX: "2",
    MALLOC_MMAP_THRESHOLD_: "262144",
    MALLOC_TRIM_THRESHOLD_: "1048576",
    NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "doppelwerk-code"),
    ...environment,
  };
}
