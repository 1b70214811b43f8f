import type { PlantView } from "@doppelwerk/kit/server";
import type { Identifications } from "@doppelwerk/ports";
import { LIVE, type RecordId, type WorldRecord } from "@doppelwerk/world";
import type { EpcisEvent } from "../model/epcis-event.ts";

/** Where events happened, as shells that the principal may read: by the record, the AAS id, the asset id, or a code on the asset. */
export class Places {
  readonly #view: PlantView;
  readonly #codes: Identifications | undefined;
  readonly #found = new Map<string, RecordId | undefined>();

  constructor(view: PlantView, codes: Identifications | undefined) {
    this.#view = view;
    this.#codes = codes;
  }

  /** The read point says more than the location. Undefined where neither is a place here. */
  async of(event: EpcisEvent): Promise<RecordId | undefined> {
    for (const given of [event.readPoint?.id, event.bizLocation?.id]) {
      const found = given === undefined ? undefined : await this.find(given);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async find(given: string): Promise<RecordId | undefined> {
    if (!this.#found.has(given)) this.#found.set(given, this.#byId(given) ?? (await this.#byCode(given)));
    return this.#found.get(given);
  }

  #byId(given: string): RecordId | undefined {
    const reader = this.#view.documents.reader(LIVE);
    const itself = reader.get(given);
    if (itself?.kind === "shell") return itself.id;
    const indexed = (name: string, value: string): WorldRecord | undefined =>
      reader.query({ kind: "shell", index: { name, value }, limit: 1 })[0];
    return (indexed("aasId", given) ?? indexed("assetId", `globalAssetId\n${given}`))?.id;
  }

  async #byCode(given: string): Promise<RecordId | undefined> {
    if (this.#codes === undefined || !/^https?:\/\//i.test(given)) return undefined;
    try {
      return (await this.#codes.find(this.#view.principal, given)).shells.find(({ exact }) => exact)?.id;
    } catch {
      // it identifies nothing
      return undefined;
    }
  }
}
