import { existsSync } from "node:fs";
import { checkTileLogFormat, checkWorldFormats } from "@doppelwerk/storage/formats";
import { readDataFormat } from "@doppelwerk/storage/files";
import { readSealedFolder } from "@doppelwerk/storage/sealing";
import { AccountStore, accountsPath } from "../accounts/account-store.ts";
import { ProviderStore, providersPath } from "../directory/provider-store.ts";
import { MachineStore } from "../machines/machine-store.ts";
import { machinesPath } from "../machines/machines.ts";
import { listPacks } from "../packs/pack-store.ts";
import { PasskeyStore, passkeysPath } from "../passkeys/passkey-store.ts";
import { TerminalStore, terminalsPath } from "../terminals/terminal-store.ts";
import { partsOf, readLogKey } from "../transparency/folder.ts";
import { Salts } from "../transparency/salts.ts";

/**
 * Looks at the format of every part of a data folder, before a server writes anything to it: a newer one in the middle would leave the others upgraded. Worlds
 * beside the default one are looked at when they open, and are refused by themselves. Errors: DW_FORMAT_NEWER, DW_DAMAGED, DW_INVALID.
 */
export function checkFormats(data: string): void {
  if (readDataFormat(data) === undefined) return;
  readSealedFolder(data);
  checkWorldFormats(data);
  const { log, key, salts } = partsOf(data);
  checkTileLogFormat(log);
  if (existsSync(key)) readLogKey(data);
  new Salts(salts);
  new AccountStore(accountsPath(data));
  new MachineStore(machinesPath(data));
  new PasskeyStore(passkeysPath(data));
  new TerminalStore(terminalsPath(data));
  new ProviderStore(providersPath(data));
  listPacks(data);
}
