import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { ProgramKind } from "./program.ts";
import { runFactory, type FactoryOptions } from "./run-factory.ts";

const usage = (names: readonly string[]) => `programs of the demo factory: ${names.join(", ")}

  --plant DIR     folder of the demo plant, which tells what happens on the shop floor (default ./demo-plant-data)
  --data DIR      folder of the programs (default DIR of the plant/factory)
  --only NAME     this program alone; may be said several times
  --port P        of one program; default: the one it had before, else a free one
  --mqtt URL      broker that scanners, meters and tools publish to
  --push URL      server of Doppelwerk to be connected with, such as http://127.0.0.1:8420
  --curves URL    where the test bench posts its curves
  --json          only JSON on stdout: the first line says where everything is, the next one that the past is taken
`;

/** The command line of one program or of all; runs until SIGTERM. */
export async function runAlone(kinds: readonly ProgramKind[], args: readonly string[]): Promise<void> {
  const log = (text: string) => process.stderr.write(`${text}\n`);
  const { chosen, options, json } = optionsOrUsage(kinds, args, log);
  const factory = await runFactory(chosen, options);
  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    await Promise.race([factory.close(), new Promise((done) => setTimeout(done, 3_000))]);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
  // whoever started this with a channel to it is gone, by kill -9 too
  process.once("disconnect", () => void close());
  process.on("message", (message) => {
    const { push } = message as { readonly push?: unknown };
    if (typeof push === "string") factory.sendTo(push);
  });
  if (json) process.stdout.write(`${JSON.stringify({ listening: true, ...factory.urls })}\n`);
  await factory.ready;
  const lines = Object.entries(factory.urls).map(([name, url]) => `  ${name.padEnd(12)}${url}\n`);
  process.stdout.write(json ? `${JSON.stringify({ ready: true, ...factory.urls })}\n` : `The factory runs.\n${lines.join("")}`);
}

function optionsOrUsage(
  kinds: readonly ProgramKind[],
  args: readonly string[],
  log: (text: string) => void,
): { readonly chosen: readonly ProgramKind[]; readonly options: FactoryOptions; readonly json: boolean } {
  const names = kinds.map(({ name }) => name);
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        plant: { type: "string", default: "demo-plant-data" },
        data: { type: "string" },
        only: { type: "string", multiple: true },
        port: { type: "string", default: "0" },
        mqtt: { type: "string" },
        push: { type: "string" },
        curves: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage(names));
      process.exit(0);
    }
    const strange = values.only?.find((name) => !names.includes(name));
    if (strange !== undefined) throw new Error(`no such program: ${strange}`);
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port wants a port, not ${values.port}`);
    const plant = resolve(values.plant);
    const options = {
      floor: join(plant, "floor.ndjson"),
      data: resolve(values.data ?? join(plant, "factory")),
      port,
      ...(values.mqtt === undefined ? {} : { mqtt: values.mqtt }),
      ...(values.push === undefined ? {} : { server: addressOf("push", values.push) }),
      ...(values.curves === undefined ? {} : { curves: addressOf("curves", values.curves) }),
      log,
    };
    return { chosen: kinds.filter(({ name }) => values.only?.includes(name) ?? true), options, json: values.json };
  } catch (error) {
    log(`${(error as Error).message}\n\n${usage(names)}`);
    return process.exit(2);
  }
}

function addressOf(option: string, text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ""))
    throw new Error(`--${option} wants an address such as http://127.0.0.1:8420, not ${text}`);
  return text.replace(/\/+$/, "");
}
