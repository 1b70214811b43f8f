import type { FoldGroup, FoldPlace, Folds, FoldTrial } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { depthOfFolds, DoppelwerkError, type AnyFold } from "@doppelwerk/world";
import type { FoldGroupHost } from "./fold-group-host.ts";
import type { HostedInstance } from "./hosted-instance.ts";
import { loadFold } from "./load-fold.ts";
import type { FoldHost } from "./fold-host.ts";

/** A feature's folds and the folder that their paths are seen from. */
export interface ListedFolds {
  readonly feature: { readonly id: string; readonly folds: readonly string[] };
  readonly folder: URL;
  /** URLs of them in the place of the manifest's paths: those of packs. */
  readonly folds?: readonly string[];
}

interface Listed {
  readonly feature: string;
  readonly fold: AnyFold;
  readonly url: string;
}

/** The folds of all features, by id. One that cannot be loaded is named and missing, and so are those that need it; the others are there. */
export class FoldCatalogue {
  #folds: ReadonlyMap<string, Listed> = new Map();
  readonly #onFault: (feature: string, error: unknown) => void;

  private constructor(onFault: (feature: string, error: unknown) => void) {
    this.#onFault = onFault;
  }

  static async load(features: readonly ListedFolds[], onFault: (feature: string, error: unknown) => void): Promise<FoldCatalogue> {
    const catalogue = new FoldCatalogue(onFault);
    await catalogue.change(features);
    return catalogue;
  }

  /** Other features from now on; folds whose module is the same one stay as they are. */
  async change(features: readonly ListedFolds[]): Promise<void> {
    const known = new Map([...this.#folds.values()].map((listed) => [listed.url, listed.fold]));
    const found: Listed[] = [];
    for (const { feature, folder, folds } of features)
      for (const url of folds ?? feature.folds.map((path) => new URL(path, folder).href)) {
        try {
          found.push({ feature: feature.id, fold: known.get(url) ?? (await loadFold(url)), url });
        } catch (error) {
          this.#onFault(feature.id, error);
        }
      }
    this.#folds = new Map(usable(found, this.#onFault).map((listed) => [listed.fold.id, listed]));
  }

  /** Whether a feature brings the fold. */
  isOf(feature: string, fold: string): boolean {
    return this.#folds.get(fold)?.feature === feature;
  }

  /** Errors: DW_UNAVAILABLE where no feature of this product brings the fold. */
  instance({ fold: id, ...instance }: FoldPlace): HostedInstance {
    const listed = this.#folds.get(id);
    if (listed === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("server.noFold", { id }));
    return { ...instance, fold: listed.fold, url: listed.url };
  }
}

/** Those whose needs are there, in order of needs. The others are named: a second one of a name, one without what it needs, one in a circle. */
function usable(found: readonly Listed[], onFault: (feature: string, error: unknown) => void): Listed[] {
  const taken: Listed[] = [];
  let left = found;
  for (;;) {
    const next = left.find((listed) => faultOf(taken, listed) === undefined);
    if (next === undefined) break;
    taken.push(next);
    left = left.filter((listed) => listed !== next);
  }
  for (const listed of left) onFault(listed.feature, faultOf(taken, listed));
  return taken;
}

/** What keeps a fold from being one more of those taken; a circle reads as a need that is not there. */
function faultOf(taken: readonly Listed[], { fold }: Listed): unknown {
  try {
    depthOfFolds([...taken.map((other) => other.fold), fold]);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The folds of a world as one feature uses them. */
export function foldsOf(feature: string, host: FoldHost, catalogue: FoldCatalogue): Folds {
  return {
    group: (name) => groupOf(feature, host.group(name), catalogue),
    before: (places, instant) =>
      host.runBefore(
        places.map((place) => catalogue.instance(place)),
        instant,
      ),
    keep: (place, state) => host.keep(catalogue.instance(place), state),
    async try({ known, tried, recorded = [], ...trial }: FoldTrial) {
      const instances = (places: readonly FoldPlace[]) => places.map((place) => catalogue.instance(place));
      return host.try({ ...trial, known: instances(known), tried: instances(tried), recorded });
    },
  };
}

/** A feature sets instances of its own folds only; what other features bring it may ask. */
function groupOf(feature: string, group: FoldGroupHost, catalogue: FoldCatalogue): FoldGroup {
  return {
    get run() {
      return group.run;
    },
    get generation() {
      return group.generation;
    },
    get isFolded() {
      return group.isFolded;
    },
    get isReadingArchive() {
      return group.isReadingArchive;
    },
    get knownUntil() {
      return group.knownUntil;
    },
    async set(folds, prepare) {
      const other = folds.find((fold) => !catalogue.isOf(feature, fold));
      if (other !== undefined) throw new Error(`${feature} sets instances of ${other}, which its manifest does not list`);
      await group.set(folds, async (now) => {
        const { instances, ...edit } = await prepare(now);
        return { ...edit, instances: () => instances().map((place) => catalogue.instance(place)) };
      });
    },
    act: (place, type, event) => group.act(place.fold, place.subject, type, event),
    follow: (listener) => group.follow(listener),
  };
}
