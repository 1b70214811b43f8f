import { parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { isSameHash } from "./merkle-hash.ts";
import { keyText, parseKeyText, parseNote, verifyNote, type NoteKey, type NoteSignature, type VerifyBytes } from "./signed-note.ts";

/** Which logs are known, and whose cosignatures are enough (C2SP tlog-policy). */
export interface WitnessPolicy {
  readonly logs: readonly NoteKey[];
  readonly witnesses: readonly { readonly name: string; readonly key: NoteKey; readonly url?: string }[];
  /** Whether these witnesses are enough. */
  isMet(keys: readonly NoteKey[]): boolean;
}

/** A line that is none, numbered from 1. */
export interface PolicyFault {
  readonly line: number;
  readonly why: "unknownLine" | "noKey" | "nameTaken" | "unknownName" | "threshold" | "twice" | "noQuorum";
}

type IsMet = (keys: readonly NoteKey[]) => boolean;

/** Reads a policy. A line that is not understood refuses the whole: nothing that was asked for is left out silently. */
export function parseWitnessPolicy(text: string): WitnessPolicy | PolicyFault {
  const policy = new PolicyReader();
  for (const [at, raw] of text.split("\n").entries()) {
    const words = raw.split(/[ \t]+/).filter((word) => word !== "");
    if (words.length === 0 || words[0]!.startsWith("#")) continue;
    const why = policy.take(words);
    if (why !== undefined) return { line: at + 1, why };
  }
  return policy.policy() ?? { line: text.split("\n").length, why: "noQuorum" };
}

export const isPolicyFault = (policy: WitnessPolicy | PolicyFault): policy is PolicyFault => "why" in policy;

/** Any `needed` of the witnesses. */
export function witnessPolicyText(
  log: NoteKey,
  witnesses: readonly { readonly key: NoteKey; readonly url?: string }[],
  needed: number,
): string {
  const names = witnesses.map((_, at) => `w${at + 1}`);
  const lines = witnesses.map(({ key, url }, at) => `witness ${names[at]} ${keyText(key)}${url === undefined ? "" : ` ${url}`}`);
  const quorum = names.length === 0 ? ["quorum none"] : [`group witnesses ${needed} ${names.join(" ")}`, "quorum witnesses"];
  return [`log ${keyText(log)}`, ...lines, ...quorum].map((line) => `${line}\n`).join("");
}

export interface WitnessedNote {
  readonly checkpoint: Checkpoint;
  /** What is signed. */
  readonly text: string;
  /** Witnesses of the policy that cosigned, with the time of each. */
  readonly witnesses: readonly NoteSignature[];
  /** Whether they are enough. */
  readonly isMet: boolean;
}

/** Who cosigned a checkpoint of one of the logs; undefined where the log did not sign it, or a line of a known key is not its signature. */
export function verifyWitnessed(
  note: string,
  { logs, witnesses, isMet }: Pick<WitnessPolicy, "logs" | "witnesses" | "isMet">,
  verify: VerifyBytes,
): WitnessedNote | undefined {
  const parsed = parseNote(note);
  const checkpoint = parsed === undefined ? undefined : parseCheckpoint(parsed.text);
  if (parsed === undefined || checkpoint === undefined) return undefined;
  const ofLog = logs.filter(({ name }) => name === checkpoint.origin);
  const signatures = verifyNote(parsed, [...ofLog, ...witnesses.map(({ key }) => key)], verify);
  if (!signatures?.some(({ key }) => ofLog.includes(key))) return undefined;
  const cosigned = signatures.filter(({ key }) => key.kind === "cosignature");
  return { checkpoint, text: parsed.text, witnesses: cosigned, isMet: isMet(cosigned.map(({ key }) => key)) };
}

class PolicyReader {
  readonly #logs: NoteKey[] = [];
  readonly #witnesses: { readonly name: string; readonly key: NoteKey; readonly url?: string }[] = [];
  readonly #named = new Map<string, IsMet>([["none", () => true]]);
  #quorum: IsMet | undefined;

  policy(): WitnessPolicy | undefined {
    return this.#quorum && { logs: this.#logs, witnesses: this.#witnesses, isMet: this.#quorum };
  }

  take([word, ...rest]: readonly string[]): PolicyFault["why"] | undefined {
    if (word === "log") return this.#log(rest);
    if (word === "witness") return this.#witness(rest);
    if (word === "group") return this.#group(rest);
    if (word === "quorum" && rest.length === 1) return this.#setQuorum(rest[0]!);
    return "unknownLine";
  }

  #log([text = "", ...more]: readonly string[]): PolicyFault["why"] | undefined {
    const key = parseKeyText(text);
    if (more.length > 1) return "unknownLine";
    if (key?.kind !== "signature") return "noKey";
    if (hasKey(this.#logs, key)) return "twice";
    this.#logs.push(key);
    return undefined;
  }

  #witness([name = "", text = "", url, ...more]: readonly string[]): PolicyFault["why"] | undefined {
    const key = parseKeyText(text);
    if (more.length > 0) return "unknownLine";
    if (key?.kind !== "cosignature") return "noKey";
    if (this.#named.has(name)) return "nameTaken";
    // one witness under two names would count twice
    if (
      hasKey(
        this.#witnesses.map((each) => each.key),
        key,
      )
    )
      return "twice";
    this.#witnesses.push({ name, key, ...(url !== undefined && { url }) });
    this.#named.set(name, (keys) => hasKey(keys, key));
    return undefined;
  }

  #group([name = "", threshold = "", ...members]: readonly string[]): PolicyFault["why"] | undefined {
    if (this.#named.has(name)) return "nameTaken";
    if (new Set(members).size !== members.length) return "twice";
    const met = members.map((member) => (member === "none" ? undefined : this.#named.get(member)));
    if (met.length === 0 || met.includes(undefined)) return "unknownName";
    const needed = threshold === "all" ? met.length : threshold === "any" ? 1 : /^[1-9]\d{0,3}$/.test(threshold) ? Number(threshold) : 0;
    if (needed < 1 || needed > met.length) return "threshold";
    this.#named.set(name, (keys) => met.filter((isMet) => isMet!(keys)).length >= needed);
    return undefined;
  }

  #setQuorum(name: string): PolicyFault["why"] | undefined {
    if (this.#quorum !== undefined) return "twice";
    this.#quorum = this.#named.get(name);
    return this.#quorum === undefined ? "unknownName" : undefined;
  }
}

function hasKey(keys: readonly NoteKey[], key: NoteKey): boolean {
  return keys.some(({ kind, publicKey }) => kind === key.kind && isSameHash(publicKey, key.publicKey));
}
