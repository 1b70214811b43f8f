import { DoppelwerkError } from "@doppelwerk/world";
import { openDurable } from "./blobs.ts";

/** Who stands behind an opaque actor id. The only place where a name lives, so that it can be erased; the log keeps the id. */
export interface Account {
  readonly id: string;
  /** Undefined once erased. */
  readonly name: string | undefined;
  readonly roles: readonly string[];
  /** Hash of the secret he signs in with; undefined = he cannot sign in. */
  readonly secretHash: string | undefined;
}

export interface Accounts {
  get(id: string): Account | undefined;
  byName(name: string): Account | undefined;
  list(): readonly Account[];
  /** Adds or replaces. Errors: DW_CONFLICT when another account has the name. */
  put(account: Account): void;
  /** Forgets name and secret for good; the id stays, because the log names it. */
  erase(id: string): void;
  close(): void;
}

/** The account table in a SQLite file. Errors: DW_UNAVAILABLE. */
export function openAccounts(path: string): Accounts {
  const database = openDurable(path);
  // Erased content is overwritten, not only unlinked.
  database.exec(
    "PRAGMA secure_delete = ON; CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, name TEXT UNIQUE, roles TEXT NOT NULL, secretHash TEXT)",
  );
  const select = database.prepare("SELECT id, name, roles, secretHash FROM accounts WHERE id = ?");
  const selectName = database.prepare("SELECT id, name, roles, secretHash FROM accounts WHERE name = ?");
  const selectAll = database.prepare("SELECT id, name, roles, secretHash FROM accounts ORDER BY id");
  const upsert = database.prepare(
    "INSERT INTO accounts (id, name, roles, secretHash) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, roles = excluded.roles, secretHash = excluded.secretHash",
  );
  const eraseOne = database.prepare("UPDATE accounts SET name = NULL, roles = '[]', secretHash = NULL WHERE id = ?");
  return {
    get: (id) => accountOf(select.get(id)),
    byName: (name) => accountOf(selectName.get(name)),
    list: () => selectAll.all().map((row) => accountOf(row)!),
    put({ id, name, roles, secretHash }) {
      const holder = name === undefined ? undefined : accountOf(selectName.get(name));
      if (holder !== undefined && holder.id !== id)
        throw new DoppelwerkError("DW_CONFLICT", `the name is taken by another account: ${name}`);
      upsert.run(id, name ?? null, JSON.stringify(roles), secretHash ?? null);
    },
    erase(id) {
      eraseOne.run(id);
      // The old page images in the write-ahead log hold the name too.
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    },
    close: () => database.close(),
  };
}

function accountOf(row: Record<string, unknown> | undefined): Account | undefined {
  if (row === undefined) return undefined;
  return {
    id: row["id"] as string,
    name: (row["name"] as string | null) ?? undefined,
    roles: JSON.parse(row["roles"] as string) as string[],
    secretHash: (row["secretHash"] as string | null) ?? undefined,
  };
}
