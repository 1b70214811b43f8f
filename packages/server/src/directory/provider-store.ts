import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";
import { providerOf, SECRETS, type ProviderConfig } from "./provider-config.ts";

const NAME = "providers.json";

/** Where the providers of a data folder are kept, with their secrets. */
export const providersPath = (data: string): string => join(data, NAME);

const VERSION = 1;
const MAX_PROVIDERS = 10;

/** The providers that people log in through, in a file that only the user of the server reads. */
export class ProviderStore {
  readonly #path: string;
  #providers: readonly ProviderConfig[];

  /** Errors: DW_FORMAT_NEWER, DW_DAMAGED. */
  constructor(path: string) {
    this.#path = path;
    this.#providers = readProviders(path);
  }

  list(): readonly ProviderConfig[] {
    return this.#providers;
  }

  byId(id: string): ProviderConfig | undefined {
    return this.#providers.find((provider) => provider.id === id);
  }

  /** Adds one, or replaces that of the same id; a secret that is not told stays as it was. Errors: DW_INVALID, DW_CONFLICT, DW_UNAVAILABLE. */
  put(value: unknown): ProviderConfig {
    const before = this.byId(String((Object(value) as { id?: unknown }).id));
    const provider = providerOf({ ...secretsOf(before, value), ...Object(value) });
    const index = this.#providers.findIndex(({ id }) => id === provider.id);
    // accounts are of the issuer too: they would be nobody's
    if (before !== undefined && before.kind !== provider.kind)
      throw new DoppelwerkError("DW_CONFLICT", message("server.providerOtherKind", { provider: provider.id }));
    if (index < 0 && this.#providers.length >= MAX_PROVIDERS)
      throw new DoppelwerkError("DW_CONFLICT", message("server.providersTooMany", { max: MAX_PROVIDERS }));
    this.#write(index < 0 ? [...this.#providers, provider] : this.#providers.with(index, provider));
    return provider;
  }

  /** Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  remove(id: string): void {
    if (this.byId(id) === undefined) throw noProvider(id);
    this.#write(this.#providers.filter((provider) => provider.id !== id));
  }

  #write(providers: readonly ProviderConfig[]): void {
    writeSecretFile(this.#path, NAME, JSON.stringify({ version: VERSION, providers }, undefined, 1));
    this.#providers = providers;
  }
}

export function noProvider(id: string): DoppelwerkError {
  return new DoppelwerkError("DW_NOT_FOUND", message("server.noProvider", { provider: id.slice(0, 40) }));
}

/** A secret is of where it is sent to: another address does not get it. */
function secretsOf(before: ProviderConfig | undefined, value: unknown): Record<string, unknown> {
  if (before === undefined) return {};
  const next = Object(value) as Record<string, unknown>;
  const isSame =
    before.kind === "openid" ? next["issuer"] === before.issuer : next["url"] === before.url && next["bindDn"] === before.bindDn;
  return isSame ? Object.fromEntries(Object.entries(before).filter(([name]) => SECRETS.some((secret) => secret === name))) : {};
}

function readProviders(path: string): readonly ProviderConfig[] {
  if (!existsSync(path)) return [];
  let stored: { readonly version?: unknown; readonly providers?: unknown };
  try {
    stored = Object(JSON.parse(readSecretFile(path, NAME))) as typeof stored;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.providersNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.providersNewer", { path }));
  if (stored.version !== VERSION || !Array.isArray(stored.providers))
    throw new DoppelwerkError("DW_DAMAGED", message("server.providersNotRead", { path }));
  return stored.providers.map(providerOf);
}
