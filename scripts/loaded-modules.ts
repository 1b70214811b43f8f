import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What a module throws does not count: threads and workers look for data that they have none of here. */
const PRINT_LOADED = `
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
await import(process.argv[1]).catch(() => {});
// a longer text than a pipe holds is written before it ends
process.stdout.write(JSON.stringify(loaded), () => process.exit(0));
`;

/** URLs of all modules that importing one loads, itself first, in a process of their own. */
export async function loadedModules(url: string): Promise<readonly string[]> {
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", PRINT_LOADED, url];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as string[];
}
