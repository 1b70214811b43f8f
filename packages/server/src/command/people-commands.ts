import { Option, type Command } from "commander";
import { jsonOption, serverOption } from "@doppelwerk/kit/command";
import type { LoadFeatures } from "./program.ts";

/** `doppelwerk people …`: what is kept of a person, handed to him and erased. */
export function addPeople(program: Command, loadFeatures: LoadFeatures): void {
  const people = program.command("people").description("what is kept of a person: export, erase");
  const add = (usage: string, description: string): Command =>
    people
      .command(usage)
      .description(description)
      .addOption(serverOption())
      .option("--data <dir>", "instead: data folder that no server runs on")
      .option("--login <login>", "administrator who asks, on a server with accounts; the password is DOPPELWERK_PASSWORD or comes by stdin")
      .option("--code <code>", "code of the authenticator of that administrator")
      .addOption(jsonOption());
  add("export <person>", "write everything that is kept of a person (login or id) to a new file of JSON")
    .requiredOption("--out <file>", "file to write; it must not be there")
    .action(async (person: string, options) => (await import("./people.ts")).exportPerson(person, options, loadFeatures));
  add("erase <person>", "erase a person (login or id): account, name, sessions and what tells whose entries are")
    .addOption(new Option("--texts <what>", "what becomes of notes and the like").choices(["erase", "keep"]).default("erase"))
    .option("--yes", "really: it cannot be undone")
    .action(async (person: string, options) => (await import("./people.ts")).erasePerson(person, options, loadFeatures));
}
