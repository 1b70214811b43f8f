import { writeFileSync } from "node:fs";
import { printAnswer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { newKeyText } from "@doppelwerk/storage/sealing";
import { DoppelwerkError } from "@doppelwerk/world";
import { sealKeyFile } from "../sealing/seal-key-file.ts";
import { sealFolder } from "../sealing/seal-folder.ts";

export interface SealCommandOptions {
  readonly data: string;
  readonly sealKeyFile?: string;
  readonly oldKeyFile?: string;
  readonly unseal?: boolean;
  readonly json?: boolean;
}

export async function seal(options: SealCommandOptions): Promise<void> {
  const { data, oldKeyFile, unseal = false } = options;
  const keyFile = sealKeyFile(options.sealKeyFile);
  if (keyFile === undefined) throw new DoppelwerkError("DW_INVALID", message("server.sealWithoutKey"));
  const report = sealFolder({ data, keyFile, unseal, ...(oldKeyFile !== undefined && { oldKeyFile }) });
  const what = report.sealed
    ? `the secrets of the folder are sealed with the key ${report.key}`
    : "the secrets of the folder are not sealed any more";
  printAnswer(options, report, [what, ...report.files.map((file) => `  ${file}`)].join("\n"));
}

export async function sealKey(options: { readonly out: string; readonly json?: boolean }): Promise<void> {
  try {
    writeFileSync(options.out, newKeyText(), { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("server.fileCannotWritten", { code: (error as NodeJS.ErrnoException).code ?? "", out: options.out }),
    );
  }
  printAnswer(
    options,
    { out: options.out },
    `a new key is in ${options.out}; keep a copy of it where neither the data folder nor its backups are`,
  );
}
