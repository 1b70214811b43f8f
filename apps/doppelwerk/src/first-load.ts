import { build, type InlineConfig, type Rolldown } from "vite";

/** Modules by what loads them, as a build without groups finds it: what nothing uses has fallen out. */
export interface LoadedModules {
  /** What every page needs before it shows anything, but for what is the entry's alone. */
  readonly shell: ReadonlySet<string>;
  /** What else packs share. */
  readonly kit: ReadonlySet<string>;
  /** Small modules that views of features share and that load nothing but these and those above, by the name of their file. */
  readonly small: ReadonlyMap<string, string>;
  /** Small views that load nothing but these, by the name of their file: those with charts are apart. */
  readonly smallViews: ReadonlyMap<string, string>;
}

type Chunks = ReadonlyMap<string, Rolldown.OutputChunk>;

const ICON = /@tabler\/icons-react/;
const FEATURE = /\/features\/[^/]+\//;
/** Bytes of code before it is minified. An engine that two pages share stays a file of its own. */
const SMALL_CHUNK = 10_000;

/**
 * Which modules are loaded together. A bundler that splits by itself makes a file for each set of entries that share a module, hundreds of a few hundred
 * bytes: they come in rounds of six, and each round waits for the server. The files are few when what is always loaded together is one of them.
 */
export async function loadedModules(config: InlineConfig, kitEntry: string, isChart: (module: string) => boolean): Promise<LoadedModules> {
  const result = await build({
    ...config,
    configFile: false,
    logLevel: "error",
    build: { ...config.build, write: false, minify: false, reportCompressedSize: false },
  });
  const { output } = result as Rolldown.RolldownOutput;
  const chunks = new Map(output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file] as const] : [])));
  const entry = [...chunks.values()].find(({ isEntry, facadeModuleId }) => isEntry && facadeModuleId?.endsWith(".html"))!.fileName;
  const shared = [...chunks.values()].find(({ facadeModuleId }) => facadeModuleId === kitEntry)!.fileName;
  const first = reachedBy(entry, chunks);
  const everywhere = new Set([...first, ...reachedBy(shared, chunks)]);
  const modules = (names: readonly string[]) => new Set(names.flatMap((name) => chunks.get(name)!.moduleIds));
  return {
    shell: modules([...first].filter((name) => name !== entry)),
    kit: modules([...everywhere].filter((name) => !first.has(name) && name !== shared)),
    ...smallOfFeatures(chunks, everywhere, isChart),
  };
}

function smallOfFeatures(
  chunks: Chunks,
  everywhere: ReadonlySet<string>,
  isChart: (module: string) => boolean,
): Pick<LoadedModules, "small" | "smallViews"> {
  const candidates = new Set<string>();
  for (const { fileName, isEntry, moduleIds, code } of chunks.values())
    if (!isEntry && moduleIds.every((id) => FEATURE.test(id) || ICON.test(id)) && code.length <= SMALL_CHUNK) candidates.add(fileName);
  const isAlone = (name: string): boolean => [...reachedBy(name, chunks)].every((next) => everywhere.has(next) || candidates.has(next));
  const hasCharts = (name: string): boolean => [...reachedBy(name, chunks)].some((next) => chunks.get(next)!.moduleIds.some(isChart));
  const small = new Map<string, string>();
  const smallViews = new Map<string, string>();
  for (const name of candidates) {
    if (!isAlone(name)) continue;
    const { moduleIds, isDynamicEntry, facadeModuleId } = chunks.get(name)!;
    const kind = hasCharts(name) ? "small-charts" : "small";
    if (!isDynamicEntry) for (const id of moduleIds) small.set(id, `${kind}-parts`);
    else if (facadeModuleId !== null) smallViews.set(facadeModuleId, `${kind}-views`);
  }
  return { small, smallViews };
}

function reachedBy(name: string, chunks: Chunks, seen = new Set<string>()): ReadonlySet<string> {
  const chunk = chunks.get(name);
  if (chunk === undefined || seen.has(name)) return seen;
  seen.add(name);
  for (const next of chunk.imports) reachedBy(next, chunks, seen);
  return seen;
}
