import { Option, type Command } from "commander";
import { jsonOption } from "@doppelwerk/kit/command";

const dataOption = (): Option => new Option("--data <dir>", "data folder").makeOptionMandatory();
const keyOption = (): Option => new Option("--key <file>", "the machine's own key (JWK), readable by its user alone").makeOptionMandatory();

/** `doppelwerk machines …`: programs and devices that connect to a server with accounts. */
export function addMachines(program: Command): void {
  const machines = program
    .command("machines")
    .description("machines that may connect: add, code, token, list, disable, enable, revoke, remove; enrol, certificate");
  const add = (usage: string, description: string): Command =>
    machines.command(usage).description(description).addOption(dataOption()).addOption(jsonOption());
  const load = () => import("./machines.ts");
  add("list", "list the machines of a data folder with roles, state and when they last asked").action(async (options) =>
    (await load()).listMachines(options),
  );
  add("add <name>", "add a machine and print the code with which it enrols a key of its own")
    .option("--role <role...>", "viewer, operator or engineer; default: viewer")
    .option("--expires <time>", "ISO 8601 time from which on it connects no more")
    .option("--token", "print an access token instead, for programs that can only send a header")
    .action(async (name: string, options) => (await load()).addMachine(name, options));
  add("code <name>", "print another code to enrol a key with").action(async (name: string, options) =>
    (await load()).offerCode(name, options),
  );
  add("token <name>", "print another access token; what the machine had before holds no more").action(async (name: string, options) =>
    (await load()).giveToken(name, options),
  );
  add("disable <name>", "it connects no more until it is enabled").action(async (name: string, options) =>
    (await load()).setDisabled(name, true, options),
  );
  add("enable <name>", "enable a disabled machine").action(async (name: string, options) =>
    (await load()).setDisabled(name, false, options),
  );
  add("revoke <name>", "its certificates hold no more; brokers and OPC UA servers learn it from the next revocation list").action(
    async (name: string, options) => (await load()).revokeCertificates(name, options),
  );
  add("remove <name>", "it connects no more; its changes stay with an opaque id").action(async (name: string, options) =>
    (await load()).removeMachine(name, options),
  );
  machines
    .command("enrol <code>")
    .description("on the machine itself: make a key where there is none, and enrol it on the server")
    .requiredOption("--server <url>", "https address of the server")
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (code: string, options) => (await load()).enrol(code, options));
  machines
    .command("certificate")
    .description("on the machine itself: a certificate of the server's authority for its key, for mutual TLS (MQTT, HTTPS)")
    .requiredOption("--server <url>", "https address of the server")
    .addOption(keyOption())
    .requiredOption("--out <dir>", "folder that gets machine.pem, machine.key and authority.pem")
    .option("--opcua", "for OPC UA, which speaks RSA alone: opcua-machine.pem … for an RSA key that is made when it is missing")
    .option("--due", "only when two thirds of the life of the certificate in the folder are over; for a timer")
    .addOption(jsonOption())
    .action(async (options) => (await import("./machine-certificate.ts")).certify(options));
}
