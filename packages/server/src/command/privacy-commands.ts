import { Option, type Command } from "commander";
import { jsonOption } from "@doppelwerk/kit/command";
import type { LoadFeatures } from "./program.ts";

/** `doppelwerk privacy …`: what is kept of people. */
export function addPrivacy(program: Command, loadFeatures: LoadFeatures): void {
  const privacy = program.command("privacy").description("what this product keeps of people: inventory");
  privacy
    .command("inventory")
    .description(
      "print the data inventory as a page of Markdown: what is kept, what for, where, how long, and what an erasure does; needs no server",
    )
    .addOption(new Option("--language <language>", "language of the page").choices(["en", "zh"]).default("en"))
    .addOption(jsonOption())
    .action(async (options) => (await import("./privacy.ts")).printInventory(options, await loadFeatures()));
}
