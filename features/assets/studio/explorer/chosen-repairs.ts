import type { FileFinding } from "@doppelwerk/client";

/** Which repair of which finding is chosen: place of the finding in the report without repairs → place of the repair among those offered. */
export type Chosen = ReadonlyMap<number, number>;

/** As the server reads it: whole constraints by name where every finding gets its first repair, else finding by finding. */
export function repairParameter(findings: readonly FileFinding[], chosen: Chosen): string {
  if (chosen.size === 0) return "none";
  const whole = new Set<string>();
  for (const constraint of new Set(findings.map((finding) => finding.constraint)))
    if (findings.every((finding, at) => finding.constraint !== constraint || finding.repairs === undefined || chosen.get(at) === 0))
      whole.add(constraint);
  const single = [...chosen].filter(([at]) => !whole.has(findings[at]!.constraint));
  const used = new Set([...chosen.keys()].map((at) => findings[at]!.constraint));
  return [
    ...[...whole].filter((constraint) => used.has(constraint)),
    ...single.map(([at, which]) => `@${at}${which === 0 ? "" : `.${which}`}`),
  ].join(",");
}

/** With the repair of one finding chosen; `undefined` = none. */
export function withChoice(chosen: Chosen, at: number, which: number | undefined): Chosen {
  const next = new Map(chosen);
  if (which === undefined) next.delete(at);
  else next.set(at, which);
  return next;
}

/** The first repair of every finding that has one and for which it holds. */
export function firstRepairs(findings: readonly FileFinding[], holds: (finding: FileFinding) => boolean): Chosen {
  return new Map(findings.flatMap((finding, at) => (finding.repairs !== undefined && holds(finding) ? [[at, 0] as const] : [])));
}
