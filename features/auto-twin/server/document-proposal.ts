import type { Environment } from "@doppelwerk/aas";
import { message, verbatim, type Message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import type { ProposalEvidence, Unknown } from "@doppelwerk/operations";

const MAX_FINDINGS = 100;
const MAX_EXAMPLES = 5;
const MAX_NAMED = 8;

type Shells = NonNullable<Environment["assetAdministrationShells"]>;
type Submodels = NonNullable<Environment["submodels"]>;

/** Of shells that a file holds: which submodels each brings. */
export function documentEvidence(file: string, shells: Shells, submodels: Submodels): readonly ProposalEvidence[] {
  const named = new Map(submodels.map(({ id, idShort }) => [id, idShort ?? id]));
  return shells.map(({ id, idShort, submodels: held = [] }) => {
    const names = held.flatMap(({ keys }) => named.get(keys[0]?.value ?? "") ?? []);
    const shown = names.slice(0, MAX_NAMED);
    const more = names.length - shown.length;
    return {
      kind: "asset" as const,
      shell: id,
      subject: idShort ?? id,
      message:
        shown.length === 0
          ? message("autoTwin.shellOfFile", { file })
          : message("autoTwin.shellOfFileWith", { file, submodels: shown.join(", "), more }),
      confidence: 1,
    };
  });
}

interface FileFinding {
  readonly path: string;
  readonly constraint: string;
  readonly message: string;
  readonly reason?: Message;
}

/** What is wrong with a file, each kind once with where it stands: a list of hundred lines is read by nobody. */
export function groupedFindings(findings: readonly FileFinding[]): readonly Unknown[] {
  const groups = new Map<string, { readonly finding: FileFinding; readonly places: string[] }>();
  for (const finding of findings) {
    const key = `${finding.constraint} ${finding.message}`;
    const place = finding.path.split("#").at(-1)!;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { finding, places: [place] });
    else group.places.push(place);
  }
  return [...groups.values()].slice(0, MAX_FINDINGS).map(({ finding: { constraint, message: text, reason }, places }) => ({
    message: reason ?? verbatim(text),
    finding: { constraint, message: text },
    count: places.length > 1 ? places.length : 0,
    examples: places.filter((place) => place !== "").slice(0, MAX_EXAMPLES),
  }));
}
