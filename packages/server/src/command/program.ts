import { readFileSync } from "node:fs";
import { CLASSES } from "@doppelwerk/aas";
import { Command, InvalidArgumentError, Option } from "commander";
import { connectionFailureIn, DoppelwerkError } from "@doppelwerk/world";
import { renderEnglish } from "../messages/english.ts";
import type { ServeOptions } from "./serve.ts";
import { addAccounts } from "./accounts-commands.ts";
import { addClasses } from "./classes-commands.ts";
import { addPeople } from "./people-commands.ts";
import { addPrivacy } from "./privacy-commands.ts";
import { addCredentials } from "./credentials-commands.ts";
import { addMachines } from "./machines-commands.ts";
import { addTerminals } from "./terminals-commands.ts";
import { addWorlds } from "./worlds-commands.ts";
import type { ListedFeature } from "../features/resolve.ts";
import { addBackup } from "./backup-commands.ts";
import { addWitness } from "./witness-commands.ts";
import { addSeal, sealBefore, sealKeyOption } from "./seal-commands.ts";
import { addProtectionOptions } from "./protection-commands.ts";
import { addPackCommand } from "./add-pack-command.ts";
import {
  countOf,
  DEFAULT_PORT,
  jsonOption,
  keyOption,
  personOption,
  serverOption,
  printNotice,
  visibleText,
} from "@doppelwerk/kit/command";

const repairOption = () =>
  new Option(
    "--repair <which>",
    "repairs to make: none, plain (the same in the right form), all (guesses too), or constraints with commas",
  ).default("none");
const zipRatioOption = () =>
  new Option("--zip-ratio <n>", "largest permitted ratio of unpacked to packed size of a part of a package").argParser(countOf);

/** The features of the product; loaded only by the subcommands that run a server. */
export type LoadFeatures = () => Promise<readonly ListedFeature[]>;

/** Adds the subcommands of a feature; their code, too, is loaded only when they run. */
export type AddCommands = (program: Command) => void;

/** What the product is beside its kernel, as far as the command line knows it. */
export interface ProgramOptions {
  readonly loadFeatures?: LoadFeatures;
  readonly commands?: readonly AddCommands[];
}

/** The `doppelwerk` command. Each subcommand loads its code only when it runs, so that `--help` is instant. Exit: 0 ok, 1 refused or failed, 2 wrong usage. */
export function createProgram({ loadFeatures = async () => [], commands = [] }: ProgramOptions): Command {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  const program = new Command("doppelwerk")
    .description("The plant's recorder with a fork button.")
    .version(version)
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError("(see doppelwerk --help)");

  addProtectionOptions(program.command("serve"))
    .description("run the server on a data folder")
    .requiredOption("--data <dir>", "data folder; created if it does not exist")
    .addOption(new Option("--port <n>", "port, 0 = any free one").default(DEFAULT_PORT).argParser(portOf))
    .option("--host <address>", "address to bind; without accounts only this machine's own; others are served over TLS", "127.0.0.1")
    .option("--setup", "without an account: make one that administers, and print the link with which its person sets a password")
    .option("--name <host...>", "names by which others reach the server, beside its addresses and the name of the machine")
    .option("--tls-certificate <file>", "certificate and its chain (PEM); without it the data folder makes one of its own authority")
    .option("--tls-key <file>", "private key of that certificate (PEM)")
    .option("--acme <url>", "directory of an ACME server (RFC 8555) that gives the certificate for the names of --name, and renews it")
    .option("--acme-contact <mail>", "where its people write to when something is wrong with a certificate")
    .option("--acme-agree", "agree to the terms of service of the ACME server")
    .option("--acme-authority <file>", "authority (PEM) of an ACME server within the company")
    .addOption(new Option("--http-port <n>", "another port for plain HTTP: redirects, and answers the ACME server").argParser(portOf))
    .addOption(
      new Option(
        "--rate <n>",
        "with accounts: requests a second of one person, machine or unknown address, over ten seconds; default: 500",
      ).argParser(countOf),
    )
    .option(
      "--telemetry <url>",
      "send traces from values to frames, of requests, commands and jobs to this OTLP receiver (HTTP); also OTEL_EXPORTER_OTLP_ENDPOINT; default: to none",
    )
    .addOption(sealKeyOption())
    .addOption(
      new Option(
        "--backup-every <hours>",
        "how often a backup is expected: the state of the server says so when the last one is older, or none was made",
      ).argParser(countOf),
    )
    .option("--proof-host <host...>", "hosts that administrators may have witness, stamp and anchor the transparency log, in Settings")
    .option(
      "--releases <url>",
      "read this list of releases once a day: the state of the server says so when there is a newer one; default: none is looked for",
    )
    .option("--no-open", "do not open a browser")
    .option(
      "--postgres <url>",
      "share the world through this PostgreSQL; a second server on it stands by and takes over (also DOPPELWERK_POSTGRES, which no process list shows)",
    )
    .addOption(
      new Option("--history <where>", "keep samples in the data folder, or in that PostgreSQL, where a standby finds them").choices([
        "files",
        "postgres",
      ]),
    )
    .addOption(
      new Option(
        "--opcua-port <n>",
        "show every live value and its history as an OPC UA server that only reads, 0 = any free port",
      ).argParser(portOf),
    )
    .option(
      "--opcua-set <name=value...>",
      "settings of that server: modes=None,Sign,SignAndEncrypt (without it Sign and SignAndEncrypt), anonymous=true (without it readers log in)",
    )
    .option(
      "--publish <url>",
      "tell this MQTT broker every live value (unified namespace) and every change of the shells: mqtts://broker:8883",
    )
    .option("--publish-set <name=value...>", "settings of publishing, for example prefix=acme or values=false")
    .option("--publish-secret <name>", "name of a secret kept by the server (user and password, certificate)")
    .option("--files <dir...>", "folders that connections may read: drop folders of CSV files, recordings to replay")
    .option("--pack <folder...>", "folders of packs in development; they run in the process of the server with its rights")
    .option("--native-models", "let simulation models of native code run, each in a process of its own but with the rights of this user")
    .option(
      "--lenient",
      "for old AAS clients: documents sent to the AAS API are repaired and taken as an import would, unless a request prefers handling=strict",
    )
    .option(
      "--allow-origin <origin...>",
      "let web pages of these origins call the AAS API, such as http://localhost:3000 for a viewer that is served there",
    )
    .option(
      "--world <name>",
      "the world of --import, --opcua-port and --publish, beside the default one; it stays open while the server runs",
    )
    .option("--import <file...>", "AASX or JSON files to import at start")
    .option("--demo", "mark the connections of the imported files as a demonstration plant")
    .addOption(jsonOption())
    .action(async (options: ServeOptions) => (await import("./serve.ts")).serve(options, await loadFeatures()));

  program
    .command("import")
    .description(
      "import AASX, JSON or XML files of releases 1.0 to 3.1 into the running world; with --report only check them, without a server",
    )
    .argument("<file...>")
    .option("--report", "only report what would be imported, what is wrong, and what can be repaired; needs no server")
    .option("--connect", "connect immediately what the files describe; without it, a person connects it on the page Connect")
    .addOption(repairOption())
    .addOption(zipRatioOption())
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (files: string[], options) =>
      options.report
        ? (await import("./aas-file.ts")).reportFiles(files, options)
        : (await import("./remote.ts")).importFiles(files, options),
    );

  program
    .command("validate")
    .description(
      "judge AASX, JSON or XML files, environments or bare instances, by metamodel 3.1; needs no server; exit 1 when one is not valid",
    )
    .argument("<file...>")
    .option(
      "--class <name>",
      "every file must be an instance of this class (LangStringNameType, Key, …); otherwise a file tells its class, and where it leaves it open, a folder of that name",
      classOf,
    )
    .addOption(zipRatioOption())
    .option("--json", "one line a file: {file, valid, findings: [{path, constraint, severity, message}]}")
    .action(async (files: string[], options) => (await import("./aas-file.ts")).validateFiles(files, options));

  program
    .command("export")
    .description("write every shell, submodel and concept description of a branch, or of a file without a server, as one AAS environment")
    .argument("[file]", "AASX, JSON or XML of any release; without it, the running world is exported")
    .option("--branch <id>", "branch of the running world", "live")
    .addOption(new Option("--format <format>").choices(["json", "xml", "aasx"]).default("json"))
    .addOption(
      new Option("--version <release>", "release of the metamodel; what 3.0 cannot express is reported on stderr")
        .choices(["3.0", "3.1"])
        .default("3.1"),
    )
    .option("--out <file>", "file to write; without it, stdout")
    .addOption(repairOption())
    .addOption(zipRatioOption())
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .action(async (file: string | undefined, { version: release, ...options }) => {
      if (file === undefined) await (await import("./remote.ts")).exportEnvironment({ ...options, release });
      else await (await import("./aas-file.ts")).convertFile(file, { ...options, release });
    });

  program
    .command("fork")
    .description("fork the live world")
    .argument("<name>")
    .addOption(new Option("--at <instant>", "ISO 8601 time in the past; default now").argParser(timeOf))
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (name: string, options) => (await import("./remote.ts")).fork(name, options));

  program
    .command("run")
    .description("simulate a branch and wait for the result")
    .argument("<branch>")
    .addOption(new Option("--kind <kind>").choices(["forecast", "study"]).default("forecast"))
    .addOption(new Option("--replications <n>").default(30).argParser(countOf))
    .addOption(new Option("--seed <n>").default(1).argParser(countOf))
    .addOption(
      new Option("--line <id>", "a line of GET /lines (default: the first); given again, the lines run at once").argParser(
        (id: string, before: readonly string[] = []) => [...before, id],
      ),
    )
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (branch: string, { line, ...options }) =>
      (await import("./remote.ts")).run(branch, { ...options, lines: (line ?? []) as readonly string[] }),
    );

  program
    .command("jobs")
    .description("list jobs, the newest first: imports, simulations, searches, derivations; or cancel one")
    .option("--cancel <job>", "cancel this job")
    .addOption(new Option("--state <state>", "only these").choices(["queued", "running", "done", "failed", "cancelled", "poisoned"]))
    .addOption(new Option("--limit <n>").default(30).argParser(countOf))
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (options) => (await import("./remote-jobs.ts")).jobs(options));

  program
    .command("compare")
    .description("show the changes of a branch and the result of its last run")
    .argument("<branch>")
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (branch: string, options) => (await import("./remote.ts")).compare(branch, options));

  program
    .command("merge")
    .description("open, approve or apply a merge request")
    .argument("<branchOrRequest>")
    .option("--title <title>", "open a request for the branch with this title")
    .option("--owner <name>", "person who carries out the change")
    .option("--effective <date>", "planned date, ISO 8601")
    .option("--approve", "approve the request")
    .option("--apply", "merge the approved request")
    .option("--as <name>", "your name")
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (target: string, options) => (await import("./remote.ts")).merge(target, options));

  program
    .command("verify")
    .description(
      "check everything in a data folder and change nothing: change log, cache, history, files, transparency log; or check a file of evidence",
    )
    .argument("<path>", "data folder of a stopped server, or a file that evidence wrote")
    .option("--key <text>", "verifier key of the transparency log, as it was noted elsewhere")
    .option("--checkpoint <file>", "an earlier checkpoint of the transparency log: the log must begin with what it signs")
    .option("--policy <file>", "which witnesses count, and how many (C2SP tlog-policy); for a data folder by default those it asks")
    .option(
      "--tsa-root <file>",
      "certificates (PEM) that time stamps must lead to; for a data folder by default those of its configuration",
    )
    .option("--tsa-policy <oid>", "policy that time stamps must be made under")
    .option("--chain <url...>", "nodes of the chain (JSON-RPC) that are asked whether it has the blocks of anchored checkpoints")
    .addOption(new Option("--agree <n>", "so many of these nodes must have each block; default all").argParser(countOf))
    .option("--block <hash...>", "hashes of blocks that the chain has, as somebody said whom you trust: then no node is asked")
    .addOption(sealKeyOption())
    .addOption(jsonOption())
    .action(async (path: string, options) => (await import("./verify.ts")).verify(path, options));

  program
    .command("evidence")
    .description("write entries of the transparency log with their proofs to a file, which verify checks without the server")
    .requiredOption("--data <dir>", "data folder of a stopped server")
    .addOption(new Option("--entry <index>", "this entry").argParser(indexOf))
    .addOption(new Option("--from <time>", "entries since this ISO 8601 time").argParser(timeOf))
    .addOption(new Option("--to <time>", "entries before this ISO 8601 time").argParser(timeOf))
    .requiredOption("--out <file>", "file to write; it must not exist")
    .addOption(jsonOption())
    .action(async (options) => (await import("./evidence.ts")).evidence(options));

  program
    .command("controls")
    .description(
      "show what the product does about the requirements of IEC 62443-4-2 and OWASP ASVS; without --state those that are not met",
    )
    .option("--list <id>", "this list only: iec-62443-4-2 or owasp-asvs-4")
    .addOption(new Option("--state <state>", "controls in this state only").choices(["met", "partly", "gap", "notApplicable"]))
    .option("--report <file>", "write all of it to a page in HTML, to be printed")
    .addOption(jsonOption())
    .action(async (options) => (await import("./controls.ts")).controls(options, version));

  program
    .command("accept-loss")
    .description("continue with a change log that lost revisions; without --ends-at only report what is missing")
    .argument("<dir>", "data folder of a stopped server")
    .addOption(
      new Option("--ends-at <revision>", "revision at which the log ends now; accepts the loss of all later revisions").argParser(countOf),
    )
    .option("--postgres <url>", "the change log is in this PostgreSQL (also DOPPELWERK_POSTGRES)")
    .addOption(jsonOption())
    .action(async (directory: string, options) => {
      const postgres = options.postgres ?? process.env["DOPPELWERK_POSTGRES"];
      await (await import("./accept-loss.ts")).acceptLossOf(directory, { ...options, postgres });
    });

  addPackCommand(program);
  addWorlds(program);
  addAccounts(program);
  addMachines(program);
  addCredentials(program);
  addTerminals(program);
  addPrivacy(program, loadFeatures);
  addPeople(program, loadFeatures);
  addClasses(program, loadFeatures);
  addBackup(program, version);
  addWitness(program);
  addSeal(program);
  sealBefore(program);
  for (const add of commands) add(program);
  return program;
}

/** Runs the command line and returns the exit code; one clear line on stderr when it is not 0, with the code of the error (docs/guide/errors.md). */
export async function runProgram(argv: readonly string[], options: ProgramOptions = {}): Promise<number> {
  renderEnglish();
  const program = createProgram(options);
  try {
    await program.parseAsync(argv, { from: "user" });
    return process.exitCode === undefined ? 0 : Number(process.exitCode);
  } catch (error) {
    if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof DoppelwerkError) {
      printNotice(`doppelwerk: ${error.message} (${connectionFailureIn(error.reason)?.code ?? error.code})`);
      return 1;
    }
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(visibleText(`doppelwerk: a defect; report it with these lines (DW_BUG)\n${trace}\n`));
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

function classOf(name: string): string {
  if (!CLASSES.has(name)) throw new InvalidArgumentError(`no class of the metamodel; there are ${[...CLASSES.keys()].join(", ")}`);
  return name;
}

function indexOf(text: string): number {
  const index = Number(text);
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("not the index of an entry");
  return index;
}

function timeOf(text: string): string {
  if (!Number.isFinite(Date.parse(text))) throw new InvalidArgumentError("not an ISO 8601 time");
  return text;
}
