import { readFileSync } from "node:fs";
import { printAnswer } from "@doppelwerk/kit/command";
import { message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import { AccountStore, accountsPath } from "../accounts/account-store.ts";
import { LdapDirectory } from "../directory/ldap-directory.ts";
import { OpenIdProvider } from "../directory/openid-provider.ts";
import { withoutSecrets, type ProviderConfig } from "../directory/provider-config.ts";
import { noProvider, ProviderStore, providersPath } from "../directory/provider-store.ts";
import { changingAccounts, type AccountsCommandOptions } from "./accounts.ts";

export async function listProviders(options: AccountsCommandOptions): Promise<void> {
  const providers = new ProviderStore(providersPath(options.data)).list();
  const text = providers.map((provider) => `${provider.id.padEnd(24)} ${provider.kind.padEnd(7)} ${addressOf(provider)}  ${provider.name}`);
  printAnswer(options, { providers: providers.map(withoutSecrets) }, text.join("\n"));
}

/** Adds a provider, or changes one, as a file in JSON says. Errors: DW_INVALID, DW_CONFLICT. */
export async function setProvider(file: string, options: AccountsCommandOptions): Promise<void> {
  const value = configurationIn(file);
  await changingAccounts(options, (_, did) => {
    const provider = new ProviderStore(providersPath(options.data)).put(value);
    did({ operation: "kernel.putProvider" });
    const isReached = !new AccountStore(accountsPath(options.data)).isEmpty;
    const text = `people log in through ${provider.name} (${provider.id})${isReached ? "" : "; create an account of this server first, which administers it"}`;
    printAnswer(options, withoutSecrets(provider), text);
  });
}

export async function removeProvider(id: string, options: AccountsCommandOptions): Promise<void> {
  await changingAccounts(options, (_, did) => {
    new ProviderStore(providersPath(options.data)).remove(id);
    did({ operation: "kernel.removeProvider" });
    printAnswer(options, { removed: id }, `${id} is removed`);
  });
}

/** Asks the provider now; ends with an error that says why it does not answer. Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
export async function testProvider(id: string, options: AccountsCommandOptions): Promise<void> {
  const config = new ProviderStore(providersPath(options.data)).byId(id);
  if (config === undefined) throw noProvider(id);
  const now = (): number => Date.now();
  await (config.kind === "openid" ? new OpenIdProvider(config, now) : new LdapDirectory(config, now)).probe();
  printAnswer(options, { answers: true }, `${config.name} answers`);
}

const addressOf = (provider: ProviderConfig): string => (provider.kind === "openid" ? provider.issuer : provider.url);

function configurationIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("server.fileNotRead", { path: file, reason: textOf(reasonOf(error)) }));
  }
}
