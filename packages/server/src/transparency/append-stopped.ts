import { randomBytes } from "node:crypto";
import { nodeFileLayer } from "@doppelwerk/storage/files";
import { createLogHash, TileLog, verifyEd25519 } from "@doppelwerk/storage/tile-log";
import { entryBytes, type Happened } from "./entry.ts";
import { openLogKey, partsOf } from "./folder.ts";
import { Salts } from "./salts.ts";

/** Something that the command line did: id of the operation in the contract, and whom or what it was about. */
export interface CommandLineAct {
  readonly operation: string;
  readonly account?: string;
  readonly machine?: string;
  /** The account is gone: nothing tells any more whose entries were its. */
  readonly isErased?: true;
}

/** Who did it: nobody who is known here, but somebody who may read and write the data folder. */
export const COMMAND_LINE = "system:command-line";
const OK = 200;

/**
 * Does something to a folder that this process holds and no server runs on, and appends it to the transparency log. A log that cannot be opened keeps it from being
 * done. Errors: those of `act`, DW_DAMAGED, DW_UNAVAILABLE where the entry cannot be written: what was done stays done then.
 */
export async function logStopped<Result>(
  data: string,
  act: (did: (act: CommandLineAct) => void) => Result | Promise<Result>,
  now: () => number = Date.now,
): Promise<Result> {
  const { key, sign } = openLogKey(data);
  const parts = partsOf(data);
  const log = new TileLog({ layer: nodeFileLayer, directory: parts.log, hash: createLogHash(), key, sign, verify: verifyEd25519 });
  try {
    const salts = new Salts(parts.salts);
    const acts: CommandLineAct[] = [];
    const result = await act((done) => acts.push(done));
    for (const { account, isErased } of acts) if (isErased && account !== undefined) salts.erase(account);
    const run = randomBytes(6).toString("base64url");
    log.append(
      acts.map((done, at) => entryBytes({ v: 1, time: now() * 1_000, nonce: `${run}.${at}`, ...happened(salts, done, `${run}.${at}`) })),
    );
    return result;
  } finally {
    log.close();
  }
}

function happened(salts: Salts, { operation, account, machine, isErased }: CommandLineAct, nonce: string): Happened {
  return {
    what: "request",
    operation,
    status: OK,
    who: COMMAND_LINE,
    ...(machine !== undefined && { machine }),
    ...(account !== undefined && isErased !== true && { whom: salts.commit(account, nonce, "whom", account) }),
  };
}
