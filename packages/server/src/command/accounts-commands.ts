import { Option, type Command } from "commander";
import { jsonOption } from "@doppelwerk/kit/command";

const dataOption = (): Option => new Option("--data <dir>", "data folder").makeOptionMandatory();

/** `doppelwerk accounts …`: who may log in on the server of a data folder, while it does not run. */
export function addAccounts(program: Command): void {
  const accounts = program
    .command("accounts")
    .description("people who may log in: create, invite, list, disable, enable, remove; provider");
  const add = (usage: string, description: string): Command =>
    accounts.command(usage).description(description).addOption(dataOption()).addOption(jsonOption());
  const load = () => import("./accounts.ts");
  add("list", "list the accounts with name, roles and state").action(async (options) => (await load()).listAccounts(options));
  add("create <login>", "create an account and print the link with which its person sets a password")
    .option("--name <name>", "name that others see; default: the login")
    .option("--role <role...>", "viewer, operator, engineer or administrator; default: viewer")
    .option("--expires <time>", "ISO 8601 time from which on nobody logs in with it")
    .action(async (login: string, options) => (await load()).createAccount(login, options));
  add("invite <login>", "print another link with which the person sets a password, also one that was forgotten").action(
    async (login: string, options) => (await load()).inviteAccount(login, options),
  );
  add("disable <login>", "nobody logs in with it until it is enabled").action(async (login: string, options) =>
    (await load()).disableAccount(login, options),
  );
  add("enable <login>", "enable a disabled account").action(async (login: string, options) => (await load()).enableAccount(login, options));
  add("remove <login>", "erase login and name; what the person did stays with an opaque id").action(async (login: string, options) =>
    (await load()).removeAccount(login, options),
  );
  addProviders(accounts);
}

/** `doppelwerk accounts provider …`: through which providers of the company people log in. */
function addProviders(accounts: Command): void {
  const provider = accounts.command("provider").description("providers of the company (OpenID Connect, LDAP): set, list, test, remove");
  const add = (usage: string, description: string): Command =>
    provider.command(usage).description(description).addOption(dataOption()).addOption(jsonOption());
  const load = () => import("./providers.ts");
  add("list", "list the providers, without their secrets").action(async (options) => (await load()).listProviders(options));
  add("set <file>", "add a provider, or change it, as a JSON file says (guide: company-login.md)").action(async (file: string, options) =>
    (await load()).setProvider(file, options),
  );
  add("test <id>", "ask a provider now, and say why it does not answer").action(async (id: string, options) =>
    (await load()).testProvider(id, options),
  );
  add("remove <id>", "nobody logs in through it any more; the accounts of its people stay").action(async (id: string, options) =>
    (await load()).removeProvider(id, options),
  );
}
