import { message } from "@doppelwerk/messages";
import { EVENT_ROLES } from "@doppelwerk/world";
import type { FoundAsset, FoundValue } from "./find-assets.ts";
import type { Answers, Question } from "./proposal.ts";
import type { OfferedVariable } from "./offered.ts";
import { grouped } from "./grouped.ts";

export interface SettledAsset extends FoundAsset {
  readonly station: boolean;
}

/** One value a role at each asset. Where two fit alike none is taken, and one question for all assets alike asks which. */
export function settleRoles(
  assets: readonly FoundAsset[],
  answers: Answers,
): { readonly assets: readonly SettledAsset[]; readonly questions: readonly Question[]; readonly undecided: readonly OfferedVariable[] } {
  const questions = new Map<string, Required<Question> & { alike: number }>();
  const undecided: OfferedVariable[] = [];
  const settled = assets.map((asset): SettledAsset => {
    const byRole = grouped(asset.values, ({ meaning }) => meaning.role);
    const values = [...byRole].flatMap(([role, candidates]) => {
      if (!EVENT_ROLES.has(role) || candidates.length === 1) return candidates;
      const best = strongest(candidates);
      // the others stay as plain values where the machine declares them
      if (best !== undefined) return [best, ...asDeclared(candidates, best)];
      const names = candidates.map(({ variable }) => tail(variable, asset)).toSorted();
      const id = `${role}:${names.join("|")}`;
      const answered = candidates.find(({ variable }) => tail(variable, asset) === answers[id]);
      if (answered !== undefined) return [answered];
      const known = questions.get(id);
      if (known === undefined)
        questions.set(id, {
          id,
          message: message("operations.proposal.askRole", { role, names: names.join(", ") }),
          choices: names,
          alike: 1,
        });
      else known.alike++;
      undecided.push(...candidates.map(({ variable }) => variable));
      return [];
    });
    return { ...asset, values, station: isStation(asset, values) };
  });
  const ordered = [...questions.values()].toSorted((a, b) => b.alike - a.alike || (a.id < b.id ? -1 : 1));
  return { assets: settled, questions: ordered.map(({ id, message: asked, choices }) => ({ id, message: asked, choices })), undecided };
}

/** What tells where it is moves: a vehicle, no station. */
function isStation({ level }: FoundAsset, values: readonly FoundValue[]): boolean {
  const roles = new Set(values.map(({ meaning }) => meaning.role));
  return level === "machine" && !(roles.has("PositionX") && roles.has("PositionY")) && [...roles].some((role) => TELLS_A_STATION.has(role));
}

/** What makes a machine a station of a line: it tells its state, or counts parts. */
const TELLS_A_STATION: ReadonlySet<string> = new Set(["ItemState", "VendorState", "Total", "Good", "PartIn", "PartOut"]);

/** A totaliser before a count that people set back (P10); one with an archive before one without; then the clearly surer one. */
function strongest(candidates: readonly FoundValue[]): FoundValue | undefined {
  const totals = candidates.filter(({ meaning }) => meaning.counter === "totaliser");
  const kept = totals.length > 0 ? totals : candidates;
  if (kept.length === 1) return kept[0];
  const archived = kept.filter(({ variable }) => variable.hasHistory === true);
  if (archived.length === 1) return archived[0];
  const [first, second] = kept.toSorted((a, b) => b.meaning.confidence - a.meaning.confidence);
  return first!.meaning.confidence - second!.meaning.confidence >= 0.05 ? first : undefined;
}

function asDeclared(candidates: readonly FoundValue[], best: FoundValue): readonly FoundValue[] {
  return candidates.flatMap((candidate) => {
    const { variable, meaning } = candidate;
    if (candidate === best || meaning.confidence < 0.95) return [];
    const parts = variable.path.slice(-2).join("");
    return [{ variable, meaning: { reason: meaning.reason, confidence: meaning.confidence, role: parts } }];
  });
}

function tail({ path }: OfferedVariable, { name }: FoundAsset): string {
  const last = path.at(-1)!;
  // the same question for every station: its own name is cut out
  return last.replace(new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}[_ .-]*`, "i"), "");
}
