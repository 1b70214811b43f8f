import type { Command } from "commander";

/** `doppelwerk watchdog CONFIG`: notifies people when a server stops or loses its inputs. It runs apart from the server, best on another machine. */
export function addWatchdogCommand(program: Command): void {
  program
    .command("watchdog <config>")
    .description("notify people when a server stops answering or loses its inputs; runs apart from it, best on another machine")
    .option("--check", "read the configuration, look once, send a test by every channel, and end")
    .action(async (config: string, options: { readonly check?: boolean }) => {
      const { runWatchdog } = await import("./run-watchdog.ts");
      await runWatchdog(config, options.check === true);
    });
}
