import { InvalidArgumentError, type Command } from "commander";
import { jsonOption, keyOption, personOption, secondsToListen, serverOption } from "@doppelwerk/kit/command";
import { exampleAddresses, protocolsOf } from "@doppelwerk/connectors/protocols";

/** `doppelwerk connect`. Leaves the id of the connection in its option `connection`, for what goes on from there. */
export function addConnectCommand(program: Command): void {
  program
    .command("connect")
    .description("connect a plant and create signals for what it offers: OPC UA, MQTT, Sparkplug, Modbus TCP, HTTP, MTConnect, SHDR")
    .argument("<url>", "opc.tcp://host:port, mqtts://host, modbus+tcp://host, s7://host, http://host, shdr://host", addressOf)
    .option("--name <name>", "name of the connection")
    .option("--protocol <name>", "if the address does not determine it: sparkplug on a broker, http or mtconnect")
    .option("--set <name=value...>", "settings of the protocol, for example template=plant/{area}/{signal} or allowPrivate=true")
    .option("--settings <file>", "settings as a JSON file, for example a register map")
    .option("--secret <name>", "name of a secret kept by the server (user and password, token, certificate)")
    .option("--listen <seconds>", "how long to listen to a plant that sends values by itself", secondsToListen)
    .addOption(serverOption())
    .addOption(personOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (url: string, options, command: Command) => {
      const { id } = await (await import("./connect-command.ts")).connect(url, options);
      command.setOptionValue("connection", id);
    });
}

function addressOf(text: string): string {
  if (protocolsOf(text).length === 0) throw new InvalidArgumentError(`an address looks like ${exampleAddresses()}`);
  return text;
}
