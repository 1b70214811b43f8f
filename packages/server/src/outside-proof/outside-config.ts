import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import {
  parseKeyText,
  parseWitnessPolicy,
  isPolicyFault,
  witnessPolicyText,
  type NoteKey,
  type WitnessPolicy,
} from "@doppelwerk/trust/log";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";
import { parse } from "../http/query.ts";
import { TRANSPARENCY } from "../transparency/folder.ts";
import { isOutsideUrl } from "./ask-outside.ts";

const NAME = `${TRANSPARENCY}/outside.json`;
const VERSION = 1;

const url = z.string().max(500).refine(isOutsideUrl, "an https address; http on this machine alone");
/** Certificates in PEM that the TLS certificate is checked with, instead of those of the system. */
const authority = z.string().max(100_000).optional();
const everyEntries = z.int().min(1).max(1_000_000_000).optional();
const minutes = (otherwise: number) => z.int().min(1).max(525_600).default(otherwise);

const witnessesShape = z.strictObject({
  /** So many of them must cosign. */
  needed: z.int().min(1),
  of: z
    .array(z.strictObject({ key: z.string().max(300), url, authority }))
    .min(1)
    .max(20)
    .readonly(),
  everyMinutes: minutes(10),
  everyEntries,
});
const timeStampsShape = z.strictObject({
  url,
  authority,
  /** Certificates in PEM that time stamps must lead to. */
  roots: z.string().min(1).max(100_000),
  /** Object identifier of the policy that is asked for. */
  policy: z
    .string()
    .regex(/^[0-2](?:\.\d+)+$/)
    .max(100)
    .optional(),
  everyMinutes: minutes(60),
  everyEntries,
});
/** Nodes of others than the one that is asked first: so many of them must have the block of an anchor. */
const independentShape = z.strictObject({
  needed: z.int().min(1),
  of: z.array(z.strictObject({ url, authority })).min(1).max(10).readonly(),
});
const anchoringShape = z.strictObject({
  /** Of a node of the chain (JSON-RPC). */
  url,
  authority,
  chain: z.int().min(1),
  independent: independentShape.optional(),
  /** Address of the contract; without it `witness deploy` makes one. */
  contract: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .optional(),
  /** Private key of the account that pays, 32 bytes in hex. */
  key: z.string().regex(/^0x[0-9a-fA-F]{64}$/),
  /** Blocks that must be on top, the own one included, before it counts. */
  confirmations: z.int().min(1).max(10_000).default(12),
  /** A transaction that would cost more for its gas is not sent. */
  maxFeeGwei: z.int().min(1).max(1_000_000).default(200),
  everyMinutes: minutes(1_440),
  everyEntries,
});

const outsideShape = z.strictObject({
  witnesses: witnessesShape.optional(),
  timeStamps: timeStampsShape.optional(),
  anchoring: anchoringShape.optional(),
});

/** Whom the transparency log is shown to, so that others can prove what it was. Only hashes, sizes and signatures leave the server. */
export type OutsideConfig = z.output<typeof outsideShape>;
export type WitnessesConfig = NonNullable<OutsideConfig["witnesses"]>;
export type TimeStampsConfig = NonNullable<OutsideConfig["timeStamps"]>;
export type AnchoringConfig = NonNullable<OutsideConfig["anchoring"]>;

const pathOf = (data: string): string => join(data, TRANSPARENCY, "outside.json");

/** Errors: DW_INVALID. */
export async function outsideOf(value: unknown): Promise<OutsideConfig> {
  const config = parse(outsideShape, value, message("proof.outsideBody"));
  const keys = (config.witnesses?.of ?? []).map(({ key }) => key);
  for (const key of keys)
    if (parseKeyText(key)?.kind !== "cosignature")
      throw new DoppelwerkError("DW_INVALID", message("proof.outsideNoWitnessKey", { key: key.slice(0, 200) }));
  if (new Set(keys).size < keys.length) throw new DoppelwerkError("DW_INVALID", message("proof.outsideWitnessTwice"));
  if (config.witnesses !== undefined && config.witnesses.needed > keys.length)
    throw new DoppelwerkError("DW_INVALID", message("proof.outsideTooManyNeeded", { needed: config.witnesses.needed, count: keys.length }));
  if (config.anchoring?.independent !== undefined) requireIndependent(config.anchoring.url, config.anchoring.independent);
  if (config.timeStamps !== undefined) {
    const { certificatesOfPem } = await import("@doppelwerk/trust/time-stamp");
    if (certificatesOfPem(config.timeStamps.roots) === undefined) throw new DoppelwerkError("DW_INVALID", message("proof.outsideNoRoots"));
  }
  return config;
}

/** Each of another host: two answers of one host are one. Errors: DW_INVALID. */
function requireIndependent(first: string, { needed, of }: z.output<typeof independentShape>): void {
  const hosts = [first, ...of.map((node) => node.url)].map((each) => new URL(each).host);
  if (new Set(hosts).size < hosts.length) throw new DoppelwerkError("DW_INVALID", message("proof.outsideNodeTwice"));
  if (needed > of.length) throw new DoppelwerkError("DW_INVALID", message("proof.outsideTooManyNodes", { needed, count: of.length }));
}

/** Nobody is asked where there is no file. Errors: DW_DAMAGED, DW_FORMAT_NEWER, DW_FORBIDDEN (sealed by a key that is not given). */
export function readOutsideConfig(data: string): OutsideConfig {
  const path = pathOf(data);
  if (!existsSync(path)) return {};
  let stored: { readonly version?: unknown; readonly config?: unknown };
  try {
    stored = Object(JSON.parse(readSecretFile(path, NAME))) as typeof stored;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("proof.outsideNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("proof.outsideNewer", { path }));
  const config = outsideShape.safeParse(stored.config);
  if (stored.version !== VERSION || !config.success) throw new DoppelwerkError("DW_DAMAGED", message("proof.outsideNotRead", { path }));
  return config.data;
}

/** Errors: DW_UNAVAILABLE. */
export function writeOutsideConfig(data: string, config: OutsideConfig): void {
  writeSecretFile(pathOf(data), NAME, JSON.stringify({ version: VERSION, config }, undefined, 1));
}

/** Without the key that pays. */
export function withoutKey({ anchoring, ...rest }: OutsideConfig): object {
  const { key: _, ...shown } = anchoring ?? { key: "" };
  return { ...rest, ...(anchoring !== undefined && { anchoring: shown }) };
}

/** Hosts that may be asked. */
export function hostsOf({ witnesses, timeStamps, anchoring }: OutsideConfig): ReadonlySet<string> {
  const urls = [...(witnesses?.of ?? []), timeStamps, anchoring, ...(anchoring?.independent?.of ?? [])].flatMap((each) => each?.url ?? []);
  return new Set(urls.map((each) => new URL(each).host));
}

/** The witnesses as a policy for who verifies (C2SP tlog-policy). */
export function policyTextOf({ witnesses }: OutsideConfig, log: NoteKey): string {
  const of = (witnesses?.of ?? []).map(({ key, url: address }) => ({ key: parseKeyText(key)!, url: address }));
  return witnessPolicyText(log, of, witnesses?.needed ?? 0);
}

export function policyOf(config: OutsideConfig, log: NoteKey): WitnessPolicy {
  const policy = parseWitnessPolicy(policyTextOf(config, log));
  if (isPolicyFault(policy)) throw new Error(`the own policy: ${policy.why} in line ${policy.line}`);
  return policy;
}
