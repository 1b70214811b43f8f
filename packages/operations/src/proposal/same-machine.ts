import { message, type Message } from "@doppelwerk/messages";
import type { KnownAsset } from "./offered.ts";
import type { SettledAsset } from "./settle-roles.ts";
import type { Answers, Question } from "./proposal.ts";
import { grouped } from "./grouped.ts";

/** A machine of this source that is one that another source told of before. */
export interface SameMachine {
  readonly asset: SettledAsset;
  readonly known: KnownAsset;
  readonly reason: Message;
  readonly confidence: number;
}

export interface Sameness {
  readonly same: readonly SameMachine[];
  /** Those that stay assets of their own. */
  readonly own: readonly SettledAsset[];
  readonly questions: readonly Question[];
}

/** A count that is small is small everywhere: it says nothing. */
const LEAST_COUNT = 20;
/** Two looks at one counter are seconds apart. */
const COUNTS_APART = 3;
const SHARE_APART = 0.005;
const COUNTS: ReadonlySet<string> = new Set(["Total", "Good", "Reject"]);

/**
 * The same machine over two ways is one asset. Serial number or product instance URI prove it; a name alone proves nothing, lines are numbered alike:
 * with it a counter must stand where the other's stands, and none elsewhere. Where only names agree, one question asks, and unanswered they stay two.
 */
export function findSame(
  assets: readonly SettledAsset[],
  known: readonly KnownAsset[],
  ownShell: (asset: SettledAsset) => string,
  answers: Answers,
): Sameness {
  const same: SameMachine[] = [];
  const asked: { readonly asset: SettledAsset; readonly known: KnownAsset }[] = [];
  const ofName = grouped(known, ({ names }) => plain(names[0] ?? ""));
  const alike = grouped(assets, ({ name }) => plain(name));
  const shells = new Set(known.map(({ shell }) => shell));
  for (const asset of assets) {
    const own = ownShell(asset);
    // where both are assets already the one that sorts first stays, whichever source is looked at again
    const others = known.filter(({ shell }) => shell !== own && (!shells.has(own) || shell < own));
    const proven = others.filter((other) => identified(asset, other));
    if (proven.length === 1) {
      const by =
        asset.properties["ProductInstanceUri"] !== undefined && asset.properties["ProductInstanceUri"] === proven[0]!.productInstanceUri
          ? "ProductInstanceUri"
          : "SerialNumber";
      same.push({
        asset,
        known: proven[0]!,
        ...because(proven[0]!, message("operations.proposal.sameIdentifier", { property: by }), 0.98),
      });
      continue;
    }
    const named = (ofName.get(plain(asset.name)) ?? []).filter((other) => others.includes(other));
    const [other] = named;
    if (other === undefined || named.length > 1 || alike.get(plain(asset.name))!.length > 1 || contradicts(asset, other)) continue;
    const { agree, differ } = compareCounts(asset, other);
    const answer = answers[QUESTION + other.source]?.trim().toLowerCase();
    if (answer !== undefined && /^(?:yes|ja|是|y)$/.test(answer))
      same.push({
        asset,
        known: other,
        ...because(other, message("operations.proposal.sameNameConfirmed"), 0.99),
      });
    else if (answer === undefined || answer === "") {
      if (differ.length > 0) continue;
      if (agree.length > 0)
        same.push({
          asset,
          known: other,
          ...because(other, message("operations.proposal.sameNameAndCounts", { roles: agree.join(", ") }), 0.93),
        });
      else asked.push({ asset, known: other });
    }
  }
  const taken = new Set(same.map(({ asset }) => asset));
  return { same, own: assets.filter((asset) => !taken.has(asset)), questions: questionsOf(asked) };
}

const QUESTION = "same:";

function questionsOf(asked: readonly { readonly asset: SettledAsset; readonly known: KnownAsset }[]): readonly Question[] {
  return [...grouped(asked, ({ known }) => known.source)].map(([source, pairs]) => {
    const names = pairs.slice(0, 6).map(({ asset }) => asset.name);
    const more = pairs.length > names.length ? ", …" : "";
    return {
      id: `${QUESTION}${source}`,
      message: message("operations.proposal.askSameMachines", { names: `${names.join(", ")}${more}`, source }),
      choices: ["yes", "no"],
    };
  });
}

function because({ names, source }: KnownAsset, reason: Message, confidence: number): Pick<SameMachine, "reason" | "confidence"> {
  return { reason: message("operations.proposal.sameMachine", { machine: names[0] ?? "", source, reason }), confidence };
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\d]+/gu, "");
const told = (value: string | undefined): string | undefined => (value === undefined || value.trim().length < 3 ? undefined : plain(value));

/** A serial number is one of its maker: where both tell the maker he must be the same. */
function identified({ properties }: SettledAsset, known: KnownAsset): boolean {
  const uri = properties["ProductInstanceUri"];
  if (uri !== undefined && uri.length > 8 && uri === known.productInstanceUri) return true;
  const serial = told(properties["SerialNumber"]);
  if (serial === undefined || serial !== told(known.serialNumber)) return false;
  const [mine, theirs] = [told(properties["Manufacturer"]), told(known.manufacturer)];
  return mine !== undefined && theirs !== undefined && (mine.includes(theirs) || theirs.includes(mine));
}

function contradicts({ properties }: SettledAsset, known: KnownAsset): boolean {
  const [mine, theirs] = [told(properties["SerialNumber"]), told(known.serialNumber)];
  return mine !== undefined && theirs !== undefined && mine !== theirs;
}

function compareCounts(
  { values }: SettledAsset,
  { present }: KnownAsset,
): { readonly agree: readonly string[]; readonly differ: readonly string[] } {
  const agree: string[] = [];
  const differ: string[] = [];
  for (const { variable, meaning } of values) {
    const [mine, theirs] = [variable.present, present[meaning.role]];
    if (!COUNTS.has(meaning.role) || typeof mine !== "number" || theirs === undefined) continue;
    const apart = Math.abs(mine - theirs);
    if (apart > Math.max(COUNTS_APART, SHARE_APART * Math.max(mine, theirs))) differ.push(meaning.role);
    else if (Math.min(mine, theirs) >= LEAST_COUNT) agree.push(meaning.role);
  }
  return { agree: agree.toSorted(), differ };
}
