import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { checkConnection, protocols } from "@doppelwerk/connectors";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type ConnectionProtocol } from "@doppelwerk/world";
import { z } from "zod";
import { parse } from "@doppelwerk/kit";

const edgeSignal = z.strictObject({
  /** Inside the plant. */
  address: z.string().min(1).max(2_000),
  /** As the push connection of the server names it; default: the address. */
  as: z.string().trim().min(1).max(500).optional(),
  valueType: z.enum(["double", "integer", "boolean", "string", "enumeration"]).default("double"),
  scale: z.number().optional(),
  deadband: z.number().nonnegative().optional(),
  minIntervalS: z.number().positive().optional(),
});

const edgeSource = z.strictObject({
  name: z.string().trim().min(1).max(120),
  url: z.string().min(1).max(2_000),
  protocol: z.enum(
    protocols.map(({ protocol }) => protocol).filter((name) => name !== "push" && name !== "entered") as [ConnectionProtocol],
  ),
  settings: z.record(z.string().max(100), z.json()).optional(),
  /** Name of a secret in `DATA/connectors/secrets`. */
  secret: z.string().max(64).optional(),
  signals: z.array(edgeSignal).min(1).max(50_000),
});

const edgeConfig = z.strictObject({
  /** Id of the push connection at the server. */
  connection: z.string().min(1).max(200),
  /** Name of the secret whose token that connection wants. */
  secret: z.string().min(1).max(64),
  /** Folder of buffer, secrets and certificates, relative to this file. */
  data: z.string().min(1).max(1_000),
  bufferMB: z.number().min(1).max(1_000_000).default(1_024),
  sources: z.array(edgeSource).min(1).max(100),
});
export type EdgeConfig = z.infer<typeof edgeConfig>;

/** Throws DW_INVALID with one line: the file, the field, an address or setting of a source, two signals of one name. */
export function readEdgeConfig(file: string): EdgeConfig {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new DoppelwerkError(
      "DW_INVALID",
      message("edge.configurationEdgeJsonFile", { reason: (error as Error).message.split("\n")[0]!, file }),
    );
  }
  const config = parse(edgeConfig, json, file);
  const names = new Set<string>();
  for (const { signals, ...source } of config.sources) {
    checkConnection(source);
    for (const { as, address } of signals) {
      const name = as ?? address;
      if (names.has(name)) throw new DoppelwerkError("DW_INVALID", message("edge.twoSignalsSent", { file, name }));
      names.add(name);
    }
  }
  return { ...config, data: resolve(dirname(file), config.data) };
}
