import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { printAnswer } from "@doppelwerk/kit/command";
import { message, textOf } from "@doppelwerk/messages";
import { isOwned, openDataFolder } from "@doppelwerk/storage/files";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import { Anchoring } from "../anchoring/anchoring.ts";
import { hostsOf, outsideOf, policyTextOf, readOutsideConfig, withoutKey, writeOutsideConfig } from "../outside-proof/outside-config.ts";
import { chainNode } from "../outside-proof/outside-proof.ts";
import { Witness } from "../outside-proof/witness.ts";
import type { OutsideAnswer, OutsideSettingsAnswer } from "../outside-proof/outside-contract.ts";
import { connected, type AdministratorOptions } from "./administrator.ts";
import { openLogKey, partsOf, readLogKey } from "../transparency/folder.ts";

export interface WitnessCommandOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** A folder that no server runs on; otherwise the running server. */
export interface WitnessServerOptions extends AdministratorOptions {
  readonly data?: string;
  readonly json?: boolean;
}

export async function witnessKey(options: WitnessCommandOptions): Promise<void> {
  await whileStopped(options.data, () => {
    const { keyText } = Witness.make(options.data);
    printAnswer(options, { key: keyText }, keyText);
  });
}

export async function cosignLog(key: string, options: WitnessServerOptions): Promise<void> {
  const { data } = options;
  if (data === undefined) {
    const { asWitness } = await askServer<OutsideAnswer>(options, "POST", "/transparency/witness/logs", { key });
    const added = asWitness!.logs.find(({ origin }) => key.startsWith(`${origin}+`));
    return printAnswer(options, { witness: asWitness!.key, log: added }, `${added?.origin ?? key} is cosigned by ${asWitness!.key}`);
  }
  await whileStopped(data, () => {
    const witness = Witness.make(data);
    witness.addLog(key);
    const [added] = witness.list().filter((log) => log.key === key);
    printAnswer(options, { witness: witness.keyText, log: added }, `${added!.origin} is cosigned by ${witness.keyText}`);
  });
}

export async function forgetLog(origin: string, options: WitnessServerOptions & { readonly alsoCheckpoint?: boolean }): Promise<void> {
  const { data, alsoCheckpoint = false } = options;
  if (data === undefined) {
    await askServer(options, "POST", "/transparency/witness/forgotten", { origin, alsoCheckpoint });
    return printAnswer(options, { forgotten: origin }, `${origin} is cosigned no more`);
  }
  await whileStopped(data, () => {
    const witness = Witness.open(data);
    if (witness === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("proof.witnessNone"));
    witness.removeLog(origin);
    if (alsoCheckpoint) witness.forgetCheckpoint(origin);
    printAnswer(options, { forgotten: origin }, `${origin} is cosigned no more`);
  });
}

export async function listLogs(options: WitnessCommandOptions): Promise<void> {
  const witness = Witness.open(options.data);
  const logs = witness?.list() ?? [];
  const lines = logs.map(({ origin, size }) => `${origin}  ${size === undefined ? "nothing cosigned yet" : `${size} entries`}`);
  printAnswer(options, { ...(witness && { witness: witness.keyText }), logs }, lines.join("\n"));
}

export async function askOthers(file: string, options: WitnessServerOptions): Promise<void> {
  const value = readJson(file);
  const { data } = options;
  if (data === undefined) {
    const { settings } = await askServer<OutsideSettingsAnswer>(options, "PUT", "/transparency/outside/settings", value as object);
    return printAsked(options, settings);
  }
  await whileStopped(data, async () => {
    const config = await outsideOf(value);
    openLogKey(data);
    writeOutsideConfig(data, config);
    printAsked(options, withoutKey(config) as OutsideSettingsAnswer["settings"]);
  });
}

function printAsked(options: { readonly json?: boolean }, settings: OutsideSettingsAnswer["settings"]): void {
  const { witnesses, timeStamps, anchoring } = settings;
  const lines = [
    ...(witnesses === undefined ? [] : [`${witnesses.needed} of ${witnesses.of.length} witnesses, each ${witnesses.everyMinutes} min`]),
    ...(timeStamps === undefined ? [] : [`time stamps of ${timeStamps.url}, each ${timeStamps.everyMinutes} min`]),
    ...(anchoring === undefined ? [] : [`chain ${anchoring.chain}, each ${anchoring.everyMinutes} min`]),
  ];
  printAnswer(options, settings, lines.length === 0 ? "nobody is asked" : lines.join("\n"));
}

export async function showAsked(options: WitnessServerOptions): Promise<void> {
  const shown =
    options.data === undefined
      ? (await askServer<OutsideSettingsAnswer>(options, "GET", "/transparency/outside/settings")).settings
      : withoutKey(readOutsideConfig(options.data));
  printAnswer(options, shown, JSON.stringify(shown, undefined, 2));
}

export async function printPolicy(options: WitnessCommandOptions): Promise<void> {
  const { data } = options;
  // a folder that no server was on gets its key now
  if (!existsSync(partsOf(data).key)) await whileStopped(data, () => void openLogKey(data));
  const policy = policyTextOf(readOutsideConfig(data), readLogKey(data).key);
  printAnswer(options, { policy }, policy.trimEnd());
}

export async function deployContract(options: WitnessCommandOptions): Promise<void> {
  await whileStopped(options.data, async () => {
    const config = readOutsideConfig(options.data);
    const { anchoring } = config;
    if (anchoring === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("proof.anchorNotConfigured"));
    const node = chainNode(anchoring, { hosts: hostsOf(config) });
    const made = await new Anchoring(node, anchoring, join(partsOf(options.data).directory, "anchoring.json")).deploy((ms) =>
      setTimeout(ms),
    );
    writeOutsideConfig(options.data, { ...config, anchoring: { ...anchoring, contract: made.contract } });
    printAnswer(options, made, `the contract is ${made.contract}, made by ${made.transaction}`);
  });
}

/** As the administrator of `--login`, whose session ends with the command. Errors: what the server refuses. */
// oxlint-disable-next-line max-params -- what is asked of whom
async function askServer<Answer>(options: AdministratorOptions, method: string, path: string, body?: object): Promise<Answer> {
  const server = await connected(options);
  try {
    return (await (await server.asked(method, path, body)).json()) as Answer;
  } finally {
    await server.leave();
  }
}

/** A server that runs has what it reads in memory. Errors: DW_CONFLICT. */
async function whileStopped(data: string, change: () => void | Promise<void>): Promise<void> {
  if (isOwned(join(data, "lease.sqlite"))) throw new DoppelwerkError("DW_CONFLICT", message("proof.witnessServerRuns", { data }));
  const folder = await openDataFolder(data, { owner: `doppelwerk witness ${process.pid}` });
  try {
    await change();
  } finally {
    await folder.close();
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("server.fileNotRead", { path: file, reason: textOf(reasonOf(error)) }));
  }
}
