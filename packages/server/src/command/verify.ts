import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { useSealing } from "@doppelwerk/storage/sealing";
import { DoppelwerkError } from "@doppelwerk/world";
import { isPolicyFault, parseWitnessPolicy, type WitnessPolicy } from "@doppelwerk/trust/log";
import { verifyDataFolder } from "../compose/verify-folder.ts";
import { sealKeyFile } from "../sealing/seal-key-file.ts";
import { askOutside } from "../outside-proof/ask-outside.ts";
import { policyOf, readOutsideConfig } from "../outside-proof/outside-config.ts";
import { askForBlock } from "../anchoring/block-agreement.ts";
import { ChainNode } from "../anchoring/chain-node.ts";
import { verifyEvidence, verifyEvidenceOutside } from "../transparency/evidence.ts";
import { partsOf, readLogKey } from "../transparency/folder.ts";
import type { AnchorReader, BlockReader, OutsideTrust, OutsideVerdict } from "../transparency/verify-outside.ts";

export interface VerifyOptions {
  readonly json?: boolean;
  readonly sealKeyFile?: string;
  /** Verifier key of the transparency log, as it was noted elsewhere. */
  readonly key?: string;
  /** File with an earlier checkpoint of it. */
  readonly checkpoint?: string;
  /** File with a policy: which witnesses count. */
  readonly policy?: string;
  /** File with certificates that time stamps must lead to. */
  readonly tsaRoot?: string;
  readonly tsaPolicy?: string;
  /** Addresses of nodes of the chain, and how many of them must have a block; default all. */
  readonly chain?: readonly string[];
  readonly agree?: number;
  /** Hashes of blocks that are in the chain. */
  readonly block?: readonly string[];
}

/** Reads everything, replays the log, compares; changes nothing. Exit 1 when anything is damaged or differs. */
export async function verify(path: string, options: VerifyOptions): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return verifyFile(path, options);
  if (existsSync(path)) useSealing(path, sealKeyFile(options.sealKeyFile));
  const { key, checkpoint: file } = options;
  const checkpoint = file === undefined ? undefined : read(file).toString("utf8");
  const outside = await trustOf(options, path);
  const report = await verifyDataFolder(path, {
    outside,
    ...(key !== undefined && { key }),
    ...(checkpoint !== undefined && { checkpoint }),
  });
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const { revisions, lastHash, samples, files, findings, notices, notChecked, worlds, transparency } = report;
    const lines = [
      `${revisions} revisions replayed, last hash ${lastHash}; ${samples} samples and ${files} other files read`,
      ...worlds.map(
        (world) => `world ${world.name}: ${world.revisions} revisions, ${world.samples} samples and ${world.files} other files read`,
      ),
      ...(transparency === undefined
        ? []
        : [`transparency log: ${transparency.entries} entries, ${transparency.signed} of them signed; key ${transparency.key}`]),
      ...newestOf(transparency?.outside ?? []).map(outsideLine),
      ...findings.map(
        ({ kind, file: found, message: text, revision }) =>
          `${kind} in ${found}${revision === undefined ? "" : ` at revision ${revision}`}: ${text}`,
      ),
      ...notices.map(({ file: noted, message: text }) => `note on ${noted}: ${text}`),
      ...notChecked.map(({ file: unchecked, why }) => `not checked in ${unchecked}: ${why}`),
      findings.length === 0
        ? "good: the state equals the fold of the log, the hash chain holds, and every checksum matches"
        : `${findings.length} findings`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  if (report.findings.length > 0) process.exitCode = 1;
}

/** Evidence that was exported, without the server and its folder. */
async function verifyFile(path: string, options: VerifyOptions): Promise<void> {
  const { json, key: expected } = options;
  const bytes = read(path);
  const verified = verifyEvidence(bytes, expected);
  const outside = await verifyEvidenceOutside(bytes, await trustOf(options));
  const wrong = outside.flatMap(({ what, finding }) => (finding === undefined ? [] : [{ part: what, message: finding }]));
  const report = { ...verified, findings: [...verified.findings, ...wrong], outside };
  const { entries, origin, key, size, findings } = report;
  const known = expected === undefined ? "compare it with the key that you noted" : "the key that was given";
  const lines = [
    `${entries} entries of the transparency log ${origin ?? "(unknown)"}, of ${size ?? "unknown"} entries at its checkpoint`,
    ...(key === undefined ? [] : [`key ${key} (${known})`]),
    ...outside.filter(({ finding }) => finding === undefined).map(outsideLine),
    ...findings.map(({ part, message: text }) => `${part}: ${text}`),
    findings.length === 0 ? "good: every entry is in the log that this key signed" : `${findings.length} findings`,
  ];
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${lines.join("\n")}\n`);
  if (findings.length > 0) process.exitCode = 1;
}

/** Whom the options trust; for a data folder, what they leave open is as its own configuration says. Errors: DW_INVALID. */
async function trustOf({ policy, tsaRoot, tsaPolicy, chain, agree, block }: VerifyOptions, data?: string): Promise<OutsideTrust> {
  const { certificatesOfPem } = await import("@doppelwerk/trust/time-stamp");
  const own = data === undefined || !existsSync(join(partsOf(data).directory, "outside.json")) ? undefined : readOutsideConfig(data);
  const pem = tsaRoot === undefined ? own?.timeStamps?.roots : read(tsaRoot).toString("utf8");
  const roots = pem === undefined ? undefined : certificatesOfPem(pem);
  if (pem !== undefined && roots === undefined) throw new DoppelwerkError("DW_INVALID", message("proof.outsideNoRoots"));
  const ownPolicy = own?.witnesses === undefined ? undefined : policyOf(own, readLogKey(data!).key);
  const witnesses = policy === undefined ? ownPolicy : policyIn(policy);
  const stampPolicy = tsaPolicy ?? own?.timeStamps?.policy;
  return {
    ...(witnesses && { policy: witnesses }),
    ...(roots && { roots }),
    ...(stampPolicy !== undefined && { stampPolicy }),
    ...(chain !== undefined && { chain: anchorReader(chain[0]!), hasBlock: blockReader(chain, agree ?? chain.length) }),
    ...(block !== undefined && { blocks: block.map((hash) => hash.toLowerCase()) }),
  };
}

function policyIn(file: string): WitnessPolicy {
  const policy = parseWitnessPolicy(read(file).toString("utf8"));
  if (isPolicyFault(policy))
    throw new DoppelwerkError("DW_INVALID", message("proof.policyNotRead", { file, line: policy.line, why: policy.why }));
  return policy;
}

/** Asks nodes, of which so many must have the block. Errors: DW_INVALID. */
function blockReader(urls: readonly string[], needed: number): BlockReader {
  const hosts = new Set(urls.map((url) => hostOf(url)));
  if (hosts.size < urls.length) throw new DoppelwerkError("DW_INVALID", message("proof.outsideNodeTwice"));
  if (needed < 1 || needed > urls.length)
    throw new DoppelwerkError("DW_INVALID", message("proof.outsideTooManyNodes", { needed, count: urls.length }));
  return async (chain, block, blockHash) => {
    const nodes = urls.map((url) => nodeAt(url, chain));
    const { agreed, behind, others } = await askForBlock({ nodes }, { block, blockHash, confirmations: 1 });
    const missing = [...behind.map((host) => `${host}: it has not got so far`), ...others];
    const why = [`${agreed.length} of ${urls.length} nodes have it (${needed} are needed)`, ...missing].join("; ");
    return { isThere: agreed.length >= needed, why };
  };
}

/** Errors: DW_INVALID. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) throw new DoppelwerkError("DW_INVALID", message("proof.outsideElsewhere", { url: url.slice(0, 200) }));
  return new URL(url).host;
}

function nodeAt(url: string, chain: string): ChainNode {
  const hosts = new Set([hostOf(url)]);
  return new ChainNode({ url, chain: Number(chain) }, (body, maxOctets) =>
    askOutside(url, { hosts }, { contentType: "application/json", body, maxOctets }),
  );
}

/** Asks the node for the chain that the anchor names, and looks at the code of the contract before it believes it. */
function anchorReader(url: string): AnchorReader {
  hostOf(url);
  return async ({ chain, contract }, root) => {
    const node = nodeAt(url, chain);
    await node.requireChain();
    if (!(await node.isContract(contract))) throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorOtherContract", { contract }));
    return node.anchored(contract, root);
  };
}

/** Of a folder with years of them the last of each kind is shown; each is checked, and `--json` has all. */
function newestOf(outside: readonly OutsideVerdict[]): readonly OutsideVerdict[] {
  return (["cosigned", "stamped", "anchored"] as const).flatMap(
    (what) => outside.findLast((each) => each.what === what && each.finding === undefined) ?? [],
  );
}

function outsideLine({ what, size, proven, notChecked }: OutsideVerdict): string {
  return proven === undefined ? `${what} with ${size} entries: not checked: ${notChecked}` : `the first ${size} entries: ${proven}`;
}

/** Errors: DW_INVALID. */
function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("server.cannotReadFile", { code: (error as NodeJS.ErrnoException).code ?? "", file }));
  }
}
