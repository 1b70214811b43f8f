import type { FoldPlace, Folds, FoldTrial } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { depthOfFolds, DoppelwerkError, type AnyFold } from "@doppelwerk/world";
import type { HostedInstance } from "./fold-group-host.ts";
import type { FoldHost } from "./fold-host.ts";

/** A feature's folds and the folder that their paths are seen from. */
export interface ListedFolds {
  readonly feature: { readonly id: string; readonly folds: readonly string[] };
  readonly folder: URL;
}

interface Listed {
  readonly feature: string;
  readonly fold: AnyFold;
  readonly url: string;
}

/** The folds of all features, by id. One that cannot be loaded is named and missing; the others are there. */
export class FoldCatalogue {
  readonly #folds: ReadonlyMap<string, Listed>;

  private constructor(folds: readonly Listed[]) {
    depthOfFolds(folds.map(({ fold }) => fold));
    this.#folds = new Map(folds.map((listed) => [listed.fold.id, listed]));
  }

  static async load(features: readonly ListedFolds[], onFault: (feature: string, error: unknown) => void): Promise<FoldCatalogue> {
    const found: Listed[] = [];
    for (const { feature, folder } of features)
      for (const path of feature.folds) {
        const url = new URL(path, folder).href;
        try {
          const { default: fold } = (await import(url)) as { readonly default: AnyFold };
          found.push({ feature: feature.id, fold, url });
        } catch (error) {
          onFault(feature.id, error);
        }
      }
    return new FoldCatalogue(found);
  }

  /** Errors: DW_UNAVAILABLE where no feature of this product brings the fold. */
  instance({ fold: id, ...instance }: FoldPlace): HostedInstance {
    const listed = this.#folds.get(id);
    if (listed === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("server.noFold", { id }));
    return { ...instance, fold: listed.fold, url: listed.url };
  }
}

/** The folds of a world as its features use them. */
export function foldsOf(host: FoldHost, catalogue: FoldCatalogue): Folds {
  return {
    async try({ known, tried, recorded = [], ...trial }: FoldTrial) {
      const instances = (places: readonly FoldPlace[]) => places.map((place) => catalogue.instance(place));
      return host.try({ ...trial, known: instances(known), tried: instances(tried), recorded });
    },
  };
}
