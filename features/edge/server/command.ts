import { InvalidArgumentError, type Command } from "commander";

/** `doppelwerk edge`. Its code is loaded only when it runs, so that `--help` is instant. */
export function addEdgeCommand(program: Command, logLevel: string): void {
  program
    .command("edge")
    .description(
      "hear plants where they are and bring their values to a server: outbound only, kept on disk while the server is away, writes to no machine",
    )
    .requiredOption("--server <url>", "server that receives the values", serverAddressOf)
    .requiredOption("--config <file>", "JSON: plants, signals, buffer (docs/guide/edge.md)")
    .option("--json", "print JSON lines to stdout, logs to stderr")
    .action(async (options) => (await import("./run-edge.ts")).runEdge({ ...options, logLevel }));
}

function serverAddressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    throw new InvalidArgumentError("the address of a server looks like https://twin.example, without user and password");
  return text;
}
