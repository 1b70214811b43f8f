import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSealed, newKeyText, useSealing } from "@doppelwerk/storage/sealing";
import { openDataFolder } from "@doppelwerk/storage/files";
import { afterAll, afterEach, expect, test } from "vitest";
import { sealFolder } from "../sealing/seal-folder.ts";
import { AccountStore, accountsPath } from "./account-store.ts";
import { Login } from "./login.ts";
import { hashOfPassword, isPassword, isPeppered } from "./password.ts";
import { openPepper, PEPPER_FILE } from "./pepper.ts";

const PASSWORD = "seven green pumps";
const root = mkdtempSync(join(tmpdir(), "doppelwerk-pepper-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => void useSealing(join(root, "nowhere")));

const keyFile = (name: string): string => {
  writeFileSync(join(root, name), newKeyText());
  return join(root, name);
};

test("[SV334] a password that is kept with a pepper is of no use without it; one of before counts without", async () => {
  const [pepper, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const [plain, keyed] = await Promise.all([hashOfPassword(PASSWORD), hashOfPassword(PASSWORD, pepper)]);
  expect([isPeppered(plain), isPeppered(keyed)]).toEqual([false, true]);
  expect(await isPassword(PASSWORD, keyed, pepper)).toBe(true);
  expect(await isPassword(PASSWORD, keyed, other)).toBe(false);
  expect(await isPassword(PASSWORD, keyed)).toBe(false);
  // nor as what it is not: with the method of a password without pepper
  expect(await isPassword(PASSWORD, keyed.replace("scrypt-pepper$", "scrypt$"), pepper)).toBe(false);
  expect(await isPassword(PASSWORD, plain, pepper)).toBe(true);
});

test("[SV334] the pepper is made where secrets are sealed, is sealed with them and stays the same when their key is exchanged; a password gets it at the next sign-in", async () => {
  const folder = await openDataFolder(join(root, "data"), { owner: "test" });
  await folder.close();
  const data = join(root, "data");
  expect(openPepper(data)).toBeUndefined();
  const store = new AccountStore(accountsPath(data));
  const { id } = store.create({ login: "mara", name: "Mara", roles: ["administrator"] });
  const before = await hashOfPassword(PASSWORD);
  store.update(id, (account) => ({ ...account, password: before }));
  const [one, two] = [keyFile("one.key"), keyFile("two.key")];
  sealFolder({ data, keyFile: one });
  useSealing(data, one);
  const pepper = openPepper(data)!;
  expect(isSealed(readFileSync(join(data, PEPPER_FILE), "utf8"))).toBe(true);
  const accounts = new AccountStore(accountsPath(data));
  const login = new Login(accounts, () => Date.now(), undefined, pepper);
  await expect(login.check({ login: "mara", password: "another password" }, "192.0.2.7")).rejects.toMatchObject({
    code: "DW_UNAUTHENTICATED",
  });
  expect(accounts.byId(id)!.password).toBe(before);
  await login.check({ login: "mara", password: PASSWORD }, "192.0.2.7");
  const after = accounts.byId(id)!.password!;
  expect(isPeppered(after)).toBe(true);
  await login.check({ login: "mara", password: PASSWORD }, "192.0.2.7");
  expect(accounts.byId(id)!.password).toBe(after);

  sealFolder({ data, keyFile: two, oldKeyFile: one });
  useSealing(data, two);
  expect(openPepper(data)).toEqual(pepper);
  // unsealed, what was kept with it still counts
  sealFolder({ data, keyFile: two, unseal: true });
  useSealing(join(root, "nowhere"));
  expect(openPepper(data)).toEqual(pepper);
  writeFileSync(join(data, PEPPER_FILE), "{}");
  expect(() => openPepper(data)).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
});
