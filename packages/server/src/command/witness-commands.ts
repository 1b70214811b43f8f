import { Option, type Command } from "commander";
import { jsonOption, serverOption } from "@doppelwerk/kit/command";

const dataOption = (): Option => new Option("--data <dir>", "data folder of a stopped server").makeOptionMandatory();

/** `doppelwerk witness …`: proof of the transparency log by others, and for others. */
export function addWitness(program: Command): void {
  const witness = program
    .command("witness")
    .description("proof of the transparency log by others, and for others: key, cosign, forget, list; ask, show, policy, deploy");
  const add = (usage: string, description: string): Command =>
    witness.command(usage).description(description).addOption(dataOption()).addOption(jsonOption());
  /** Of a running server, or of a folder that none runs on. */
  const either = (usage: string, description: string): Command =>
    witness
      .command(usage)
      .description(description)
      .addOption(serverOption())
      .option("--data <dir>", "instead: data folder that no server runs on")
      .option("--login <login>", "administrator who asks, on a server with accounts; the password is DOPPELWERK_PASSWORD or comes by stdin")
      .option("--code <code>", "code of the authenticator of that administrator")
      .addOption(jsonOption());
  const load = () => import("./witness.ts");
  add("key", "make this server a witness, and print its key, which logs that it cosigns are configured with").action(async (options) =>
    (await load()).witnessKey(options),
  );
  either("cosign <key>", "cosign checkpoints of the log with this verifier key").action(async (key: string, options) =>
    (await load()).cosignLog(key, options),
  );
  either("forget <log>", "cosign the log of this name no more; what was cosigned of it stays known")
    .option("--also-checkpoint", "forget that too: a log that was set back by a restore is cosigned from its beginning")
    .action(async (log: string, options) => (await load()).forgetLog(log, options));
  add("list", "list the logs that this server cosigns, and how far").action(async (options) => (await load()).listLogs(options));
  either(
    "ask <file>",
    "whom the own log is shown to: witnesses, time stamps, a chain, as a JSON file says (guide: transparency-log.md)",
  ).action(async (file: string, options) => (await load()).askOthers(file, options));
  either("show", "show that without the key that pays").action(async (options) => (await load()).showAsked(options));
  add("policy", "print the log and its witnesses as a policy, for verify (C2SP tlog-policy)").action(async (options) =>
    (await load()).printPolicy(options),
  );
  add("deploy", "make the contract on the chain that is configured, and write its address into the configuration").action(async (options) =>
    (await load()).deployContract(options),
  );
}
