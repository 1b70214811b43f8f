import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "@doppelwerk/kit";

/** `partly`: some of it is there, and `reason` says what is not. */
export const CONTROL_STATES = ["met", "partly", "gap", "notApplicable"] as const;

export const controlShape = z.strictObject({
  /** As the standard numbers it. */
  id: z.string().min(1),
  /** What is asked for, in words of our own. */
  statement: z.string().min(1),
  state: z.enum(CONTROL_STATES),
  /** How it is met, or what is missing. */
  reason: z.string().min(1).optional(),
  /** Rules whose tests show it. */
  tests: z.array(z.string()).readonly().optional(),
  /** Paths in the repository. */
  documents: z.array(z.string()).readonly().optional(),
});

export const controlListShape = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  /** Which part of the standard it is. */
  about: z.string().min(1),
  controls: z.array(controlShape).readonly(),
});

/** Tests that carry a rule: what each says, and its file in the repository. */
const proofsShape = z.record(z.string(), z.array(z.strictObject({ title: z.string(), file: z.string() })).readonly());

/** A list with the tests behind its rules. */
export const provenListShape = controlListShape.extend({ proofs: proofsShape });

export type Proofs = z.infer<typeof proofsShape>;
export type ProvenList = z.infer<typeof provenListShape>;
export type Control = z.infer<typeof controlShape>;
export type ControlList = z.infer<typeof controlListShape>;
export type ControlState = (typeof CONTROL_STATES)[number];

const FOLDER = fileURLToPath(new URL("../../../../docs/controls", import.meta.url));

/** Beside the lists; `node scripts/controls.ts --write` makes it of the tests. */
export const PROOFS = "proofs.json";

/** Tests by the rules that the lists name. */
export function readProofs(folder = FOLDER): Proofs {
  return proofsShape.parse(JSON.parse(readFileSync(join(folder, PROOFS), "utf8")));
}

export function rulesOfList({ controls }: ControlList): readonly string[] {
  return [...new Set(controls.flatMap(({ tests = [] }) => tests))];
}

/** The lists with the tests behind their rules. */
export function readProvenLists(): readonly ProvenList[] {
  const proofs = readProofs();
  return readControlLists().map((list) => ({
    ...list,
    proofs: Object.fromEntries(rulesOfList(list).map((rule) => [rule, proofs[rule] ?? []])),
  }));
}

/** The lists that come with the product, by name. Errors: one that has another form is a bug. */
export function readControlLists(folder = FOLDER): readonly ControlList[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== PROOFS)
    .sort()
    .map((name) => controlListShape.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
}

/** How many controls are in each state. */
export function countsOf({ controls }: ControlList): Readonly<Record<ControlState, number>> {
  const counts = { met: 0, partly: 0, gap: 0, notApplicable: 0 };
  for (const { state } of controls) counts[state]++;
  return counts;
}
