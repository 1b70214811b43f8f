import { posix } from "node:path";
import type { FeatureOptions } from "@doppelwerk/kit";
import type { Source } from "./sources.ts";

/** `tokens` are the names under which `@doppelwerk/ports` exports its ports and slots, with their keys. */
export type Tokens = ReadonlyMap<string, string>;

/** Needs equal imports, both ways: a feature names what it uses of others, and nothing else. */
export function checkNeeds(features: readonly FeatureOptions[], sources: readonly Source[], tokens: Tokens): string[] {
  return features.flatMap((feature) => {
    const manifest = `features/${feature.id}/feature.ts`;
    const own = sources.filter(({ file, isTest }) => file.startsWith(`features/${feature.id}/`) && !isTest);
    return [
      ...compare(manifest, "needs.features", new Set(feature.needs.features), featuresImported(feature.id, own)),
      ...compare(manifest, "needs.ports, needs.may or needs.slots", tokensNeeded(feature), tokensUsed(feature, own, tokens)),
    ];
  });
}

function featuresImported(id: string, own: readonly Pick<Source, "file" | "imports">[]): ReadonlySet<string> {
  return new Set(
    own.flatMap(({ file, imports }) =>
      imports.flatMap(({ specifier }) => {
        const target = specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : "";
        const other = /^features\/([^/]+)\//.exec(target)?.[1];
        return other === undefined || other === id ? [] : [other];
      }),
    ),
  );
}

function tokensNeeded({ needs }: FeatureOptions): ReadonlySet<string> {
  return new Set([...needs.ports, ...needs.may, ...(needs.slots ?? [])].map(({ key }) => key));
}

/** Tokens that its code imports; the manifest itself only names them, and what it offers it does not need. */
function tokensUsed({ offers }: FeatureOptions, own: readonly Source[], tokens: Tokens): ReadonlySet<string> {
  const offered = new Set<string>([...offers.ports, ...offers.slots].map(({ key }) => key));
  const names = own
    .filter(({ file }) => !file.endsWith("/feature.ts"))
    .flatMap(({ text }) => [...text.matchAll(/import \{([^}]*)\} from "@doppelwerk\/ports"/g)].flatMap(([, list]) => list!.split(",")));
  const keys = names.flatMap((name) => tokens.get(name.trim().split(" as ")[0]!) ?? []);
  return new Set(keys.filter((key) => !offered.has(key)));
}

function compare(manifest: string, field: string, named: ReadonlySet<string>, used: ReadonlySet<string>): string[] {
  return [
    ...[...used].filter((name) => !named.has(name)).map((name) => `${manifest}: it imports ${name}, which ${field} does not name`),
    ...[...named].filter((name) => !used.has(name)).map((name) => `${manifest}: ${field} names ${name}, which nothing of it imports`),
  ];
}

/**
 * What stays when a feature is deleted imports none: only the product's lists name them, and a test of one feature uses another as its code may, or one
 * whose ports it cannot do without.
 */
export function checkStrangers(features: readonly FeatureOptions[], sources: readonly Source[]): string[] {
  const needed = new Map(
    features.map((feature) => [feature.id, new Set([...(feature.needs.features ?? []), ...providersOf(feature, features)])]),
  );
  return sources.flatMap(({ file, imports }) => {
    const id = /^features\/([^/]+)\//.exec(file)?.[1] ?? "";
    if (PRODUCT_LISTS.has(file)) return [];
    const others = featuresImported(id, [{ file, imports }]);
    return [...others]
      .filter((other) => needed.get(id)?.has(other) !== true)
      .map((other) => `${file}: it imports the feature ${other}, and would not compile without it`);
  });
}

const PRODUCT_LISTS: ReadonlySet<string> = new Set(
  ["features.ts", "commands.ts", "studio/views-of-product.ts"].map((file) => `apps/doppelwerk/src/${file}`),
);

/** Ids are unique in the whole product: of features, operations, topics, kinds and what is offered. */
export function checkIds(features: readonly FeatureOptions[]): string[] {
  const owners = new Map<string, string>();
  return features.flatMap((feature) => {
    const ids = [
      feature.id,
      ...[...feature.contract, ...feature.topics].map(({ id }) => id),
      ...[...feature.offers.ports, ...feature.offers.slots].map(({ key }) => key),
      ...feature.kinds.map(({ id }) => `kind ${id}`),
    ];
    return ids.flatMap((id) => {
      const owner = owners.get(id);
      owners.set(id, feature.id);
      return owner === undefined ? [] : [`features/${feature.id}/feature.ts: ${id} is there already, in features/${owner}`];
    });
  });
}

function providersOf({ needs }: FeatureOptions, features: readonly FeatureOptions[]): readonly string[] {
  const keys = new Set(needs.ports.map(({ key }) => key));
  return features.filter(({ offers }) => offers.ports.some(({ key }) => keys.has(key))).map(({ id }) => id);
}
