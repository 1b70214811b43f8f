import { message, type Message } from "@doppelwerk/messages";
import { faultsOf } from "@doppelwerk/messages/faults";
import type { z } from "zod";
import { kpiFaults } from "./kpi-faults.ts";
import { KIT_API } from "./kit-api.ts";
import { setUpFaults } from "./set-up-faults.ts";
import { PackageFields, PackBlock, type PackFeature, type PackPermission } from "./manifest-shape.ts";

/** What a pack says of itself, read without running any of it. */
export interface PackManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly api: string;
  readonly permissions: readonly PackPermission[];
  readonly features: readonly PackFeature[];
  /** Paths of files with templates. */
  readonly templates: readonly string[];
}

export type PackReading =
  | { readonly manifest: PackManifest; readonly faults?: never }
  | { readonly manifest?: never; readonly faults: readonly [Message, ...Message[]] };

/**
 * Reads the manifest of a pack out of its parsed `package.json`; `has` answers whether the pack holds a file, by its path from the folder without `./`.
 * Says all that is wrong at once.
 */
export function readPackManifest(packageJson: unknown, has: (path: string) => boolean): PackReading {
  if (typeof packageJson !== "object" || packageJson === null || Array.isArray(packageJson))
    return { faults: [message("packs.noManifest")] };
  const block = (packageJson as Record<string, unknown>)["doppelwerk"];
  if (typeof block !== "object" || block === null) return { faults: [message("packs.noManifest")] };
  // before the rest: a manifest for a newer kit may have fields that this one does not know
  const api = apiFault((block as Record<string, unknown>)["api"]);
  if (api !== undefined) return { faults: [api] };
  const named = PackageFields.safeParse(packageJson);
  const said = PackBlock.safeParse(block);
  const faults = [...issuesOf(named, packageJson), ...issuesOf(said, block)];
  if (said.success) {
    const { contributes, permissions } = said.data;
    faults.push(...namingFaults(contributes.features), ...foldFaults(said.data), ...kpiFaults(contributes.features, permissions));
    faults.push(...kindFaults(said.data), ...setUpFaults(contributes.features), ...missingFiles(said.data, has));
  }
  const [first, ...others] = faults;
  if (first !== undefined || !named.success || !said.success) return { faults: [first ?? message("packs.noManifest"), ...others] };
  const { api: range, permissions, contributes } = said.data;
  return { manifest: { ...named.data, api: range, permissions, features: contributes.features, templates: contributes.templates } };
}

function issuesOf(parsed: z.ZodSafeParseResult<unknown>, value: unknown): Message[] {
  return parsed.success ? [] : faultsOf(parsed.error.issues, value);
}

/** Undefined where the kit that is here offers what the range asks for. */
function apiFault(range: unknown): Message | undefined {
  const [, major, minor = "0"] = /^\^(\d{1,4})(?:\.(\d{1,4}))?$/.exec(typeof range === "string" ? range : "") ?? [];
  if (major === undefined) return message("packs.apiRange", { api: JSON.stringify(range ?? null).slice(0, 60) });
  const present = `${KIT_API.major}.${KIT_API.minor}`;
  const wanted = { major: Number(major), minor: Number(minor) };
  if (wanted.major > KIT_API.major || (wanted.major === KIT_API.major && wanted.minor > KIT_API.minor))
    return message("packs.apiNewer", { api: String(range), present });
  return wanted.major < KIT_API.major ? message("packs.apiOlder", { api: String(range), present }) : undefined;
}

/** `craft-brewery` → `craftBrewery`: the first word of everything that a feature names. */
export function namesBeginWith(feature: string): string {
  return feature.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Words that the kernel itself begins ids with. */
const RESERVED: ReadonlySet<string> = new Set(["kernel", "packs", "messages", "server"]);

/** Ids of a pack begin with those of its features: it can take no name of the product's, now or later. */
function namingFaults(features: readonly PackFeature[]): Message[] {
  const seen = new Set<string>();
  return features.flatMap((feature) => {
    const prefix = `${namesBeginWith(feature.id)}.`;
    const foreign = idsOf(feature).filter((id) => !id.startsWith(prefix));
    const base = `/packs/${feature.id}`;
    const routes = feature.endpoints.filter(({ route }) => !`${route.split(" ")[1]}/`.startsWith(`${base}/`));
    const addresses = feature.views.flatMap((view) =>
      view.at === "shell.page@1" ? [view.path.slice(1)] : view.at === "shell.tab@1" ? [view.name] : [],
    );
    const twice = namesOfFeature(feature).filter((name) => seen.has(name) || !seen.add(name));
    return [
      ...foreign.map((id) => message("packs.idForeign", { id, prefix })),
      ...routes.map(({ route }) => message("packs.routeForeign", { route, prefix: base })),
      ...feature.endpoints
        .filter((endpoint) => !hasItsParameters(endpoint))
        .map(({ route }) => message("packs.routeParameters", { route })),
      ...addresses
        .filter((name) => !`${name}-`.startsWith(`${feature.id}-`))
        .map((name) => message("packs.addressForeign", { name, prefix: feature.id })),
      ...twice.map((name) => message("packs.declaredTwice", { name })),
      ...(RESERVED.has(feature.id) ? [message("packs.idReserved", { id: feature.id })] : []),
      ...(feature.module === undefined && feature.endpoints.length > 0 && feature.server === undefined
        ? [message("packs.serverMissing", { feature: feature.id })]
        : []),
      ...(feature.module === undefined && [...feature.needs.ports, ...feature.needs.may, ...feature.offers.ports].length > 0
        ? [message("packs.portsOfModule", { feature: feature.id })]
        : []),
    ];
  });
}

/** A document of any earlier version is read by the steps from it. */
function kindFaults({ contributes }: z.output<typeof PackBlock>): Message[] {
  return contributes.features.flatMap(({ kinds }) =>
    kinds.flatMap(({ id, version, upcast }) =>
      Array.from({ length: version - 1 }, (_, at) => at + 1)
        .filter((from) => !Object.hasOwn(upcast, String(from)))
        .map((from) => message("packs.kindStepMissing", { id, version, from })),
    ),
  );
}

/** A fold is of a kind of its feature, takes fields of it, and needs the permissions to read samples and to record what it concludes. */
function foldFaults({ contributes, permissions }: z.output<typeof PackBlock>): Message[] {
  return contributes.features.flatMap(({ kinds, folds, module }) =>
    folds.flatMap(({ id, kind, inputs, shell, outputs }) => {
      const fields = kinds.find((one) => one.id === kind)?.schema["properties"] as object | undefined;
      const missing =
        fields === undefined ? [] : [...inputs, ...(shell === undefined ? [] : [shell])].filter((name) => !Object.hasOwn(fields, name));
      const twice = [inputs, outputs.map(({ type }) => type)].flatMap((names) => names.filter((name, at) => names.indexOf(name) !== at));
      const needed = (["read", "record"] as const).filter((permission) => !permissions.includes(permission));
      return [
        ...(fields === undefined ? [message("packs.foldWithoutKind", { id, kind })] : []),
        ...missing.map((input) => message("packs.foldInputMissing", { id, input, kind })),
        ...twice.map((name) => message("packs.declaredTwice", { name: `${id} ${name}` })),
        ...needed.map((permission) => message("packs.foldPermission", { id, permission })),
        ...(module === undefined ? [] : [message("packs.foldOfModule", { id })]),
      ];
    }),
  );
}

/** Each parameter of a route once, and those that `branch` and `subject` name. */
function hasItsParameters({ route, branch, subject }: PackFeature["endpoints"][number]): boolean {
  const names = [...route.matchAll(/:(\w+)/g)].map(([, name]) => `params.${name}`);
  const places = [branch, subject].filter((place) => place?.startsWith("params."));
  return new Set(names).size === names.length && places.every((place) => names.includes(place!));
}

function idsOf({ endpoints, topics, kinds, events, views, folds, components, kpis, setUp }: PackFeature): readonly string[] {
  const rules = setUp?.alarmRules ?? [];
  return [
    ...[...endpoints, ...topics, ...kinds, ...views, ...folds, ...components, ...kpis, ...rules].map(({ id }) => id),
    ...events.map(({ type }) => type),
    ...views.flatMap((view) => ("title" in view && view.title !== undefined ? [view.title] : [])),
    ...views.flatMap((view) => ("about" in view ? [view.about!] : [])),
  ];
}

function namesOfFeature({ id, endpoints, topics, kinds, events, views, folds, components, kpis, offers }: PackFeature): readonly string[] {
  return [
    `feature ${id}`,
    ...endpoints.flatMap((endpoint) => [`endpoint ${endpoint.id}`, `route ${endpoint.route.replace(/:\w+/g, ":")}`]),
    ...topics.map((topic) => `topic ${topic.id}`),
    ...kinds.map((kind) => `kind ${kind.id}`),
    ...events.map(({ type }) => `event ${type}`),
    ...views.map((view) => `view ${view.id}`),
    ...views.flatMap((view) =>
      view.at === "shell.page@1" ? [`page ${view.path}`] : view.at === "shell.tab@1" ? [`tab ${view.name}`] : [],
    ),
    ...folds.map((fold) => `fold ${fold.id}`),
    ...components.map((component) => `component ${component.id}`),
    ...kpis.map((kpi) => `kpi ${kpi.id}`),
    ...offers.ports.map((port) => `port ${port}`),
  ];
}

function missingFiles({ contributes }: z.output<typeof PackBlock>, has: (path: string) => boolean): Message[] {
  const named = contributes.features.flatMap(({ module, server, words, folds, components, setUp }) => [
    ...[module, server, setUp?.documents, ...[...folds, ...components].map((one) => one.module)].filter((path) => path !== undefined),
    ...(words === undefined ? [] : [`${words}/en.json`, `${words}/zh.json`]),
  ]);
  const loaded = contributes.features.flatMap(({ views }) => views.map(({ load }) => load));
  const missing = (paths: readonly string[]): readonly string[] => [...new Set(paths)].filter((path) => !has(path.slice(2)));
  const unbuilt = missing(loaded);
  return [
    ...missing([...named, ...contributes.templates]).map((path) => message("packs.fileMissing", { path })),
    // sources are no use to a browser: one line says what to do about all of them
    ...(unbuilt.length === 0 ? [] : [message("packs.viewsNotBuilt", { paths: unbuilt.join(", ") })]),
  ];
}
