import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { textOf } from "@doppelwerk/messages";
import { driveComponent } from "@doppelwerk/sim";
import type {
  ComponentAnswer,
  ComponentDeclaration,
  ComponentStation,
  ComponentStep,
  StationComponent,
  StationComponents,
} from "@doppelwerk/sim";
import { componentOfPack } from "../pack/component-of-pack.ts";
import { hasOrMakes } from "../pack/module-sources.ts";
import { readPackManifest } from "../pack/pack-manifest.ts";

/** What a test lets arrive. */
export interface TestWork {
  readonly atS?: number;
  readonly place?: number;
  readonly product?: string;
  readonly previous?: string;
  readonly rejects?: number;
  readonly state?: Readonly<Record<string, number>>;
  readonly part?: Readonly<Record<string, number>>;
  /** In (0, 1); those that are missing are 0.5. */
  readonly random?: readonly number[];
}

/** An answer as the engine takes it: all that may be left out is there. */
export type TestAnswer = Required<Omit<ComponentAnswer, "seconds">>;

/** A component of a pack in this process, held to its manifest as the server holds it; the server runs it in a sandbox. */
export interface TestComponent {
  /** Throws where it is no answer, or where asking again gives another one: then the component keeps something beside its state. */
  begin(work?: TestWork): TestAnswer;
  /** For `runLine`, whose stations name it by its id. */
  readonly components: StationComponents;
}

const OUTCOMES = ["pass", "rework", "scrap"] as const;

/** Opens a component of the pack in a folder at one station. Throws with everything that is wrong with the manifest. */
export async function openTestComponent(folder: URL, id: string, station: Partial<ComponentStation> = {}): Promise<TestComponent> {
  const has = hasOrMakes((path) => existsSync(fileURLToPath(new URL(path, folder))));
  const { manifest, faults } = readPackManifest(JSON.parse(readFileSync(new URL("package.json", folder), "utf8")), has);
  if (manifest === undefined) throw new Error(faults.map(textOf).join("\n"));
  const given = manifest.features.flatMap(({ components }) => components).find((component) => component.id === id);
  if (given === undefined) throw new Error(`the manifest declares no component ${id}`);
  const { default: component } = (await import(new URL(given.module, folder).href)) as { readonly default: StationComponent };
  const declared = componentOfPack(given, manifest);
  const at: ComponentStation = { station: "T1", places: 1, parameters: {}, products: [], ...station };
  let opened: ReturnType<typeof driveComponent> | undefined;
  return {
    begin(work = {}) {
      const drive = (opened ??= driveComponent(component, declared, at));
      const row = rowOf(work, declared, at);
      const [first, again] = [drive(row), drive(row)];
      if (String(first) !== String(again))
        throw new Error("asked again, it gives another answer: what it needs to know belongs into its state");
      return answerOf(first, declared);
    },
    components: {
      declared: (name) => (name === id ? declared : undefined),
      open: (_, of) => ({ begin: driveComponent(component, declared, of) }),
    },
  };
}

function rowOf(work: TestWork, { state, part, draws }: ComponentDeclaration, { products }: ComponentStation): Float64Array {
  const { atS = 0, place = 0, product, previous, rejects = 0, random = [] } = work;
  const indexOf = (name: string | undefined): number => products.findIndex((one) => one.id === name);
  return Float64Array.from([
    atS,
    place,
    indexOf(product),
    indexOf(previous),
    rejects,
    ...state.map((name) => work.state?.[name] ?? 0),
    ...part.map((name) => work.part?.[name] ?? 0),
    ...Array.from({ length: draws }, (_, index) => random[index] ?? 0.5),
  ]);
}

function answerOf(row: Float64Array, { state, part, uses, resources }: ComponentDeclaration): TestAnswer {
  const [outcome, count] = row as unknown as readonly [number, number];
  const steps = Array.from({ length: count }, (_, step): ComponentStep => {
    const resource = resources[row[3 + 2 * step]!];
    return { seconds: row[2 + 2 * step]!, ...(resource === undefined ? {} : { holds: resource }) };
  });
  let at = 2 + 2 * count;
  const named = (names: readonly string[]): Record<string, number> => Object.fromEntries(names.map((name) => [name, row[at++]!]));
  return { outcome: OUTCOMES[outcome]!, steps, state: named(state), part: named(part), uses: named(uses.map(({ id }) => id)) };
}
