import type { Command } from "commander";
import { keyOption, serverOption } from "@doppelwerk/kit/command";

/** `doppelwerk mcp`. */
export function addAssistantCommand(program: Command): void {
  program
    .command("mcp")
    .description(
      "tools for an assistant over stdin and stdout (Model Context Protocol): read, fork, edit a fork, run, compare, propose; never a write to live or a machine",
    )
    .addOption(serverOption())
    .addOption(keyOption())
    .option("--as <name>", "name that is shown for actions of the assistant", "Assistant")
    .action(async (options) => (await import("./serve-mcp.ts")).serveMcp(options));
}
