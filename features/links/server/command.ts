import { InvalidArgumentError, Option, type Command } from "commander";
import { jsonOption, keyOption, personOption, serverOption } from "@doppelwerk/kit/command";

const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** `doppelwerk links …`: what a world of a running server shows of others, and what it grants to them. */
export function addLinksCommand(program: Command): void {
  const links = program.command("links").description("links between worlds: list, grant, follow, end");
  const add = (usage: string, description: string): Command => links.command(usage).description(description);
  const remote = (command: Command): Command =>
    command.addOption(serverOption()).addOption(personOption()).addOption(keyOption()).addOption(jsonOption());
  const load = () => import("./links-command.ts");
  remote(add("list", "list the links to other worlds and the grants to them")).action(async (options) => (await load()).listLinks(options));
  remote(
    add("grant <label>", "make a key by which another world reads parts of this one; it is printed once")
      .addOption(new Option("--place <place>", "a place with everything in it, by id or name; can be repeated").argParser(several))
      .addOption(new Option("--shell <shell>", "a shell with its submodels and signals, by id or name").argParser(several))
      .addOption(new Option("--signal <id>", "a signal").argParser(several))
      .addOption(new Option("--until <instant>", "ISO 8601 time when it expires; without it, until it is ended").argParser(instantOf)),
  ).action(async (label: string, options) => (await load()).grant(label, options));
  remote(
    add("follow <url>", "show what another world granted; reads the key from stdin, so that it is in no list of processes").option(
      "--name <name>",
      "name of the link here; without it, that of the other world",
    ),
  ).action(async (url: string, options) => (await load()).follow(url, options));
  remote(
    add("end <which>", "end a link, with everything that is shown by it, or a grant, by id or name; its key reads nothing more"),
  ).action(async (which: string, options) => (await load()).end(which, options));
}

/** Microseconds since 1970. */
function instantOf(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError("expected an ISO 8601 time, such as 2027-01-31T12:00:00Z");
  return milliseconds * 1_000;
}
