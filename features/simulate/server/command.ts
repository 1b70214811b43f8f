import { Argument, Option, type Command } from "commander";
import { countOf, jsonOption, offsetOf, secondsOf, spanOf } from "@doppelwerk/kit/command";
import type { ProblemKind } from "./solve/problem.ts";

/** `simulate` and `solve`: what needs no server. */
export function addSimulateCommands(program: Command): void {
  program
    .command("simulate")
    .description("run a model of a file without a server (docs/guide/simulate.md)")
    .argument(
      "[file]",
      "JSON of format doppelwerk-flow/1 (or a line, doppelwerk-line/1), an FMU (docs/guide/models.md), or an event log (.csv, .xes, also .gz)",
    )
    .addOption(new Option("--replications <n>", "independent runs").argParser(countOf))
    .addOption(new Option("--seed <n>").argParser(countOf))
    .addOption(new Option("--duration <seconds>", "seconds measured, after the warm-up").argParser(spanOf))
    .addOption(
      new Option("--warm-up <seconds>", 'seconds deleted at the beginning, or "auto"').argParser((text) =>
        text === "auto" ? text : spanOf(text),
      ),
    )
    .addOption(new Option("--workers <n>", "threads; the results do not depend on it").argParser(countOf))
    .addOption(new Option("--max-events <n>", "events of a replication after which it is given up").argParser(countOf))
    .option("--with <module...>", "modules with component models of your own")
    .option("--experiment <file>", "vary factors of the model (doppelwerk-experiment/1)")
    .option("--per-replication", "with --json: the figures of every replication, too")
    .addOption(new Option("--step <seconds>", "an FMU: communication step").argParser(spanOf))
    .option("--set <name=value...>", "an FMU: parameters and start values")
    .option("--input <file>", "an FMU: CSV of time and inputs, each held until the next row")
    .option("--output <name...>", "an FMU: variables to record instead of its outputs")
    .option("--native", "an FMU: let native code run, in a process of its own but with your rights")
    .option("--couple <file>", "FMUs inside a flow: JSON of format doppelwerk-coupling/1")
    .option("--line <file>", "an event log: write the line that was found, as a model")
    .addOption(new Option("--utc-offset <minutes>", "an event log: zone of times that name none").argParser(offsetOf))
    .option("--check", "only say whether the file is good")
    .option("--schema", "print the JSON Schema of the format")
    .option("--tables", "print the fields of the format as tables")
    .addOption(jsonOption())
    .action(async (file: string | undefined, options) => (await import("./simulate/simulate.ts")).simulate(file, options));

  program
    .command("solve")
    .description("solve a scheduling or layout problem in its benchmark set's own text format; needs no server")
    .addArgument(new Argument("<kind>").choices(["jobshop", "flexible-jobshop", "qap", "flow-shop", "line-balancing"]))
    .argument(
      "<file>",
      "jobshop: OR-Library; flexible-jobshop: Brandimarte; qap: QAPLIB; flow-shop: OR-Library, Taillard; line-balancing: .alb",
    )
    .addOption(new Option("--seconds <n>", "time until the answer (default: 60)").argParser(secondsOf))
    .addOption(new Option("--iterations <n>", "of each thread, instead of a time: the same answer on every machine").argParser(countOf))
    .addOption(new Option("--seed <n>", "same seed and iterations, same answer").default(1).argParser(countOf))
    .addOption(new Option("--workers <n>", "threads (default: cores, at most two)").argParser(countOf))
    .addOption(jsonOption())
    .action(async (kind: ProblemKind, file: string, options) => (await import("./solve/solve.ts")).solve(kind, file, options));
}
