import { randomUUID } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readPackArchive, type GivenPack } from "../pack-source.ts";
import { addPack, listPacks } from "../pack-store.ts";
import { listTrustedKeys, signatureOf } from "../trusted-keys.ts";
import { isOlderVersion } from "../version-order.ts";

/** Once it is inflated: an administrator who sends more uses the command line. */
const MAX_WHOLE_BYTES = 60e6;
/** Looked into and not added: the oldest goes first. */
const MAX_WAITING = 3;
const WAIT_MS = 600_000;

function readSent(archive: Uint8Array): GivenPack {
  try {
    return readPackArchive(archive, "upload", MAX_WHOLE_BYTES);
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === "DW_DAMAGED") throw new DoppelwerkError("DW_INVALID", error.reason);
    throw error;
  }
}

/** Archives that administrators sent and did not agree to yet, in memory. Nothing of them runs. */
export class PackUploads {
  readonly #data: string;
  readonly #now: () => number;
  readonly #waiting = new Map<string, { readonly by: string; readonly given: GivenPack; readonly until: number }>();

  constructor(data: string, now: () => number) {
    this.#data = data;
    this.#now = now;
  }

  /** Errors: DW_INVALID, also where it is not as it was signed: that is the fault of who sent it, not of this server. */
  look(by: string, archive: Uint8Array) {
    const given = readSent(archive);
    this.#forget();
    for (const oldest of [...this.#waiting.keys()].slice(0, Math.max(0, this.#waiting.size - MAX_WAITING + 1)))
      this.#waiting.delete(oldest);
    const id = randomUUID();
    this.#waiting.set(id, { by, given, until: this.#now() + WAIT_MS });
    const { name, version, description, permissions, features } = given.manifest;
    const replaces = listPacks(this.#data).find((pack) => pack.name === name)?.version;
    return {
      id,
      name,
      version,
      description,
      permissions: [...permissions],
      features: features.map((feature) => feature.id),
      views: features.reduce((count, { views }) => count + views.length, 0),
      files: given.files.size,
      signature: signatureOf(given.signedBy, listTrustedKeys(this.#data)),
      ...(replaces !== undefined && { replaces }),
      replacesNewer: replaces !== undefined && isOlderVersion(version, replaces),
    };
  }

  /** By who sent it. Errors: DW_NOT_FOUND, and as `addPack`. */
  async add(by: string, id: string): Promise<{ readonly name: string; readonly version: string }> {
    this.#forget();
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.by !== by) throw new DoppelwerkError("DW_NOT_FOUND", message("packs.noUpload"));
    const { name, version } = await addPack(this.#data, waiting.given, new Date(this.#now()));
    this.#waiting.delete(id);
    return { name, version };
  }

  #forget(): void {
    for (const [id, { until }] of this.#waiting) if (until < this.#now()) this.#waiting.delete(id);
  }
}
