import { existsSync, readFileSync } from "node:fs";
import { visibleText } from "@doppelwerk/kit/command";
import { message, textOf } from "@doppelwerk/messages";
import { distrustKey, fingerprintGiven, listTrustedKeys, trustKey } from "../packs/trusted-keys.ts";

interface KeyOptions {
  readonly data: string;
  readonly json?: boolean;
}

export async function list(options: KeyOptions): Promise<void> {
  const keys = listTrustedKeys(options.data);
  const lines = keys.map(({ fingerprint, name }) => `${fingerprint} ${name}`);
  print(options, { keys }, lines.length === 0 ? textOf(message("packs.noKeys")) : lines.join("\n"));
}

/** `key`: a fingerprint, or a file with the key. Errors: as `fingerprintGiven` and `trustKey`. */
export async function add(key: string, options: KeyOptions & { readonly name: string }): Promise<void> {
  const fingerprint = fingerprintGiven(existsSync(key) ? readFileSync(key, "utf8") : key);
  const trusted = await trustKey(options.data, fingerprint, options.name, new Date());
  print(options, { trusted }, textOf(message("packs.keyTrusted", { key: trusted.fingerprint, name: trusted.name })));
}

export async function remove(key: string, options: KeyOptions): Promise<void> {
  const removed = await distrustKey(options.data, key);
  print(options, { removed }, textOf(message("packs.keyDistrusted", { key: removed.fingerprint, name: removed.name })));
}

function print(options: KeyOptions, value: unknown, text: string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${visibleText(text)}\n`);
}
