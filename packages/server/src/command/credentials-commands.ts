import { Option, type Command } from "commander";
import { countOf, jsonOption } from "@doppelwerk/kit/command";

const dataOption = (): Option => new Option("--data <dir>", "data folder").makeOptionMandatory();
const keyOption = (): Option => new Option("--key <file>", "the machine's own key (JWK), readable by its user alone").makeOptionMandatory();

/** `doppelwerk credentials …`: Verifiable Credentials that this server issues, and those of others that it takes. */
export function addCredentials(program: Command): void {
  const credentials = program
    .command("credentials")
    .description("verifiable credentials: list, publish, issue, revoke, verify, trust, distrust; did, present");
  const add = (usage: string, description: string): Command =>
    credentials.command(usage).description(description).addOption(dataOption()).addOption(jsonOption());
  const load = () => import("./credentials.ts");
  add("list", "list the credentials that were issued, and the issuers that are trusted").action(async (options) =>
    (await load()).listCredentials(options),
  );
  add("publish <host>", "the name, with its port where that is not 443, under which the server is did:web and publishes its lists").action(
    async (host: string, options) => (await load()).publish(host, options),
  );
  add("issue <name>", "issue a credential about a machine of this server, or about whoever has the DID --subject; prints it")
    .addOption(
      new Option("--kind <kind>", "what it is about")
        .choices(["machine", "edge", "connector", "service", "assistant", "person", "company"])
        .default("machine"),
    )
    .option("--subject <did>", "DID of whoever it is about, who is no machine of this server")
    .option("--role <role>", "of a machine: viewer, operator or engineer; default: that which it has here")
    .option("--company <name>", "company of whoever it is about")
    .option("--place <name>", "place of whoever it is about")
    .option("--days <n>", "days until it ends", countOf, 365)
    .action(async (name: string, options) => (await load()).issue(name, options));
  add("revoke <id>", "revoke a credential for good").action(async (id: string, options) => (await load()).revoke(id, options));
  add("verify <file>", "whether the credential in a file (VC-JWT) holds: signature, time, issuer and type as trusted here, status").action(
    async (file: string, options) => (await load()).verify(file, options),
  );
  add("trust <did>", "take credentials of an issuer")
    .requiredOption("--name <name>", "what people call the issuer")
    .requiredOption("--type <type...>", "types of credentials that are taken")
    .option("--role <role>", "what machines that show them may be at most: viewer, operator or engineer", "viewer")
    .option("--document <file>", "DID document (JSON) that is taken instead of asking the host of the DID")
    .option("--host <host...>", "hosts of status lists, beside that of a did:web")
    .option("--max-age <hours>", "how old a document or list may be that is not answered again", countOf, 24)
    .action(async (did: string, options) => (await load()).trust(did, options));
  add("distrust <did>", "take no credentials of an issuer any more").action(async (did: string, options) =>
    (await load()).distrust(did, options),
  );
  credentials
    .command("did")
    .description("on a machine: print the DID of its key, which is made where there is none, for who issues a credential about it")
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (options) => (await load()).printDid(options));
  credentials
    .command("present <file>")
    .description("on a machine: enrol its key on the server of another company by the credential in a file")
    .requiredOption("--server <url>", "https address of the server")
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(async (file: string, options) => (await load()).present(file, options));
}
