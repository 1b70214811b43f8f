import { readFileSync } from "node:fs";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ProblemKind } from "../solve/problem.ts";
import type { ServeOptions } from "./serve.ts";

export const DEFAULT_PORT = 8420;
const serverOption = () => new Option("--server <url>", "the running server").default(`http://127.0.0.1:${DEFAULT_PORT}`);
const jsonOption = () => new Option("--json", "print JSON lines to stdout, logs to stderr");

/** The `doppelwerk` command. Each subcommand loads its code only when it runs, so that `--help` is instant. Exit: 0 ok, 1 refused or failed, 2 wrong usage. */
export function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  const program = new Command("doppelwerk")
    .description("The plant's recorder with a fork button.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(see doppelwerk --help)");

  program
    .command("serve")
    .description("run the server on a data folder")
    .requiredOption("--data <dir>", "data folder; made when missing")
    .addOption(new Option("--port <n>", "port, 0 = any free one").default(DEFAULT_PORT).argParser(portOf))
    .option("--host <address>", "address to bind; without accounts only this machine's own", "127.0.0.1")
    .option("--no-open", "do not open a browser")
    .option("--import <file...>", "AASX or JSON files to import at start")
    .option("--demo", "mark the connections of the imported files as a demonstration plant")
    .addOption(jsonOption())
    .action(async (options: ServeOptions) => (await import("./serve.ts")).serve(options));

  program
    .command("connect")
    .description("take the variables of an OPC UA server as signals (Sparkplug brokers come with an engineering file)")
    .argument("<url>", "opc.tcp://host:port", addressOf)
    .option("--name <name>", "name of the connection")
    .addOption(serverOption())
    .addOption(jsonOption())
    .action(async (url: string, options) => (await import("./remote.ts")).connect(url, options));

  program
    .command("import")
    .description("import AASX, JSON or XML files into the running world")
    .argument("<file...>")
    .addOption(serverOption())
    .addOption(jsonOption())
    .action(async (files: string[], options) => (await import("./remote.ts")).importFiles(files, options));

  program
    .command("export")
    .description("write every shell, submodel and concept description of a branch as one AAS environment")
    .option("--branch <id>", "branch", "live")
    .addOption(new Option("--format <format>").choices(["json", "xml", "aasx"]).default("json"))
    .requiredOption("--out <file>", "file to write")
    .addOption(serverOption())
    .action(async (options) => (await import("./remote.ts")).exportEnvironment(options));

  program
    .command("fork")
    .description("fork the live world")
    .argument("<name>")
    .addOption(new Option("--at <instant>", "ISO 8601 time in the past; default now").argParser(timeOf))
    .addOption(serverOption())
    .addOption(jsonOption())
    .action(async (name: string, options) => (await import("./remote.ts")).fork(name, options));

  program
    .command("run")
    .description("simulate a branch and wait for the result")
    .argument("<branch>")
    .addOption(new Option("--kind <kind>").choices(["forecast", "study"]).default("forecast"))
    .addOption(new Option("--replications <n>").default(30).argParser(countOf))
    .addOption(new Option("--seed <n>").default(1).argParser(countOf))
    .addOption(serverOption())
    .addOption(jsonOption())
    .action(async (branch: string, options) => (await import("./remote.ts")).run(branch, options));

  program
    .command("compare")
    .description("show what a branch changes and what its last run says")
    .argument("<branch>")
    .addOption(serverOption())
    .addOption(jsonOption())
    .action(async (branch: string, options) => (await import("./remote.ts")).compare(branch, options));

  program
    .command("merge")
    .description("open a merge request, or approve or carry out one")
    .argument("<branchOrRequest>")
    .option("--title <title>", "opens a request for the branch")
    .option("--owner <name>", "who carries the change out")
    .option("--effective <date>", "planned date, ISO 8601")
    .option("--approve", "approve the request")
    .option("--apply", "merge the approved request")
    .option("--as <name>", "your name")
    .addOption(serverOption())
    .addOption(jsonOption())
    .action(async (target: string, options) => (await import("./remote.ts")).merge(target, options));

  program
    .command("verify")
    .description("drop every cache, replay the log, compare, check the hash chain")
    .argument("<dir>", "data folder of a stopped server")
    .addOption(jsonOption())
    .action(async (directory: string, options) => (await import("./verify.ts")).verify(directory, options));

  program
    .command("solve")
    .description("solve a scheduling or layout problem in its benchmark set's own text format; needs no server")
    .addArgument(new Argument("<kind>").choices(["jobshop", "flexible-jobshop", "qap"]))
    .argument("<file>", "jobshop: OR-Library; flexible-jobshop: Brandimarte; qap: QAPLIB")
    .addOption(new Option("--seconds <n>", "time to search").default(60).argParser(secondsOf))
    .addOption(new Option("--seed <n>", "same seed and iterations, same answer").default(1).argParser(countOf))
    .addOption(new Option("--workers <n>", "threads (default: cores, at most two)").argParser(countOf))
    .addOption(jsonOption())
    .action(async (kind: ProblemKind, file: string, options) => (await import("../solve/solve.ts")).solve(kind, file, options));

  return program;
}

/** Runs the command line and returns the exit code; one clear line on stderr when it is not 0. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    await program.parseAsync(argv, { from: "user" });
    return process.exitCode === undefined ? 0 : Number(process.exitCode);
  } catch (error) {
    if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof DoppelwerkError) {
      process.stderr.write(`doppelwerk: ${error.message}\n`);
      return 1;
    }
    process.stderr.write(`doppelwerk: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}

function isCommanderError(error: unknown): error is { readonly exitCode: number } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
}

// What is wrong in the words of the command line is wrong usage (exit 2), before anything runs.

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError("a port is a number from 0 to 65535");
  return port;
}

function countOf(text: string): number {
  const count = Number(text);
  if (text.trim() === "" || !Number.isInteger(count) || count < 0) throw new InvalidArgumentError("a whole number is wanted");
  return count;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds > 0) || seconds > 1e6) throw new InvalidArgumentError("seconds above 0 are wanted");
  return seconds;
}

function timeOf(text: string): string {
  if (!Number.isFinite(Date.parse(text))) throw new InvalidArgumentError("not an ISO 8601 time");
  return text;
}

function addressOf(text: string): string {
  if (!/^(opc\.tcp|mqtts?):\/\/[^\s/]/.test(text)) throw new InvalidArgumentError("an address begins with opc.tcp:// or mqtt://");
  return text;
}
