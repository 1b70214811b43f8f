import type { FeatureOptions } from "@doppelwerk/kit";
import type { PackComponentDeclaration } from "@doppelwerk/kit/pack";
import type { Open } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Components of a feature of a pack. */
export interface ComponentsOfPack {
  readonly pack: string;
  readonly version: string;
  /** Path of the pack's, without a slash at its end. */
  readonly folder: string;
  readonly declared: readonly PackComponentDeclaration[];
}

/** A feature and the folder that its manifest's paths are seen from. */
export interface ListedFeature {
  readonly feature: FeatureOptions;
  readonly folder: URL;
  /** Opens it in the place of the module that the manifest names: a pack may run in a process of its own. */
  readonly open?: Open<FeatureOptions>;
  /** URLs of its folds in the place of the manifest's paths: those of packs run in a sandbox. */
  readonly folds?: readonly string[];
  /** What it brings for the simulation of lines. */
  readonly components?: ComponentsOfPack;
}

/**
 * The features in an order in which each comes after what it needs, and, where needs allow it, after what it can do without. Every clash, missing provider and cycle is reported at once, before anything opens:
 * DW_INVALID. `kernel` names the ports that the kernel itself provides.
 */
export function resolveFeatures(listed: readonly ListedFeature[], kernel: ReadonlySet<string>): readonly ListedFeature[] {
  const faults = [...clashesOf(listed), ...missesOf(listed, kernel)];
  const order = inOrder(listed);
  faults.push(...order.cycles);
  if (faults.length > 0) throw new DoppelwerkError("DW_INVALID", message("server.featuresDoNotFitTogether", { faults: faults.join("; ") }));
  return order.features;
}

/** Features that provide the ports of a feature's needs; `may`: those that it can do without. */
export function providersOf(
  feature: FeatureOptions,
  listed: readonly ListedFeature[],
  of: "ports" | "may" = "ports",
): readonly FeatureOptions[] {
  const wanted = new Set(feature.needs[of].map(({ key }) => key));
  return listed.map((one) => one.feature).filter((other) => other !== feature && other.offers.ports.some(({ key }) => wanted.has(key)));
}

/** Features that contribute to the slots of a feature. */
function contributorsOf(feature: FeatureOptions, listed: readonly ListedFeature[]): readonly FeatureOptions[] {
  const offered = new Set(feature.offers.slots.map(({ key }) => key));
  return listed
    .map((one) => one.feature)
    .filter((other) => other !== feature && other.contributes?.some(({ slot }) => offered.has(slot.key)) === true);
}

function clashesOf(listed: readonly ListedFeature[]): readonly string[] {
  const owners = new Map<string, ListedFeature>();
  const faults: string[] = [];
  for (const one of listed)
    for (const name of namesOf(one.feature)) {
      const other = owners.get(name);
      if (other) faults.push(`${name} is declared twice, in ${other.folder.pathname} and ${one.folder.pathname}`);
      owners.set(name, one);
    }
  return faults;
}

/** Everything of a feature that is there once in a product. */
export function namesOf({ id, contract, topics, kinds, offers, jobs }: FeatureOptions): readonly string[] {
  return [
    `feature ${id}`,
    ...contract.flatMap((endpoint) => [`endpoint ${endpoint.id}`, `route ${endpoint.route.replace(/:\w+/g, ":")}`]),
    ...topics.map((topic) => `topic ${topic.id}`),
    ...kinds.map((kind) => `kind ${kind.id}`),
    ...jobs.map(({ kind }) => `kind of job ${kind}`),
    ...offers.ports.map(({ key }) => `port ${key}`),
    ...offers.slots.map(({ key }) => `slot ${key}`),
  ];
}

function missesOf(listed: readonly ListedFeature[], kernel: ReadonlySet<string>): readonly string[] {
  const provided = new Set([...kernel, ...listed.flatMap(({ feature }) => feature.offers.ports.map(({ key }) => key))]);
  return listed.flatMap(({ feature }) =>
    feature.needs.ports
      .filter(({ key }) => !provided.has(key))
      .map(({ key }) => `${feature.id} needs the port ${key}, which nothing provides`),
  );
}

function inOrder(listed: readonly ListedFeature[]): { readonly features: readonly ListedFeature[]; readonly cycles: readonly string[] } {
  const features: ListedFeature[] = [];
  const cycles: string[] = [];
  const state = new Map<FeatureOptions, "visiting" | "done">();
  const listedAs = (feature: FeatureOptions) => listed.find((other) => other.feature === feature)!;
  const waits = (feature: FeatureOptions, seen: ReadonlySet<FeatureOptions>): boolean =>
    state.get(feature) === "visiting" ||
    providersOf(feature, listed).some((provider) => !seen.has(provider) && waits(provider, new Set([...seen, provider])));
  const visit = (one: ListedFeature, path: readonly string[]): void => {
    const { feature } = one;
    if (state.get(feature) === "done") return;
    if (state.get(feature) === "visiting") return void cycles.push(`a cycle of needs: ${[...path, feature.id].join(" → ")}`);
    state.set(feature, "visiting");
    for (const provider of providersOf(feature, listed)) visit(listedAs(provider), [...path, feature.id]);
    for (const provider of [...contributorsOf(feature, listed), ...providersOf(feature, listed, "may")])
      if (!waits(provider, new Set([provider]))) visit(listedAs(provider), [...path, feature.id]);
    state.set(feature, "done");
    features.push(one);
  };
  for (const one of listed) visit(one, []);
  return { features, cycles };
}
