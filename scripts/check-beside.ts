import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A script of the repository that runs to its end; what it prints is shown as it comes, or held back. */
function runScript(
  args: readonly string[],
  output: "shown" | "held",
): Promise<{ readonly status: number | null; readonly printed: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
      cwd: root,
      stdio: output === "shown" ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    child.stdout?.on("data", (text: Buffer) => (printed += text.toString()));
    child.stderr?.on("data", (text: Buffer) => (printed += text.toString()));
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, printed }));
  });
}

/** The checks and tests at once: half of the checks use one core. Resolves with the exit codes; what the checks print follows the tests. */
export async function checkBeside(tests: readonly string[]): Promise<{ readonly checked: number | null; readonly tested: number | null }> {
  const [check, { status }] = await Promise.all([runScript(["scripts/check.ts"], "held"), runScript(tests, "shown")]);
  process.stdout.write(check.printed);
  return { checked: check.status, tested: status };
}
