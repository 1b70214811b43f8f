import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { LoggedIn, Passkey } from "@doppelwerk/client";
import { closePages, openPage } from "../app/page.fixture.tsx";
import LoginPage from "../login/login-page.tsx";
import { PasskeysPart } from "./passkeys-part.tsx";
import { whyNoPasskeys } from "../passkeys/passkey-support.ts";

afterEach(() => {
  closePages();
  vi.unstubAllGlobals();
});

const mara: LoggedIn = {
  id: "person:1",
  login: "mara",
  name: "Mara",
  roles: ["viewer"],
  authenticator: false,
  recoveryCodes: 0,
  password: true,
};
const phone: Passkey = { id: "p1", name: "Phone", host: "localhost", synced: true, created: "2026-11-01T10:00:00Z" };
const key: Passkey = {
  ...phone,
  id: "p2",
  name: "Key",
  host: "plant.example",
  used: "2026-11-02T10:00:00Z",
  suspect: "2026-11-03T10:00:00Z",
};

test("[U179] where passkeys do not work the page says why: an address, no TLS, a browser without them", async () => {
  const at = (hostname: string, isSecureContext = true) => whyNoPasskeys({ location: { hostname } as Location, isSecureContext });
  vi.stubGlobal("PublicKeyCredential", undefined);
  expect(at("plant.example")).toBe("unsupported");
  vi.stubGlobal("PublicKeyCredential", () => {});
  for (const address of ["192.0.2.7", "127.0.0.1", "[::1]", "[fe80::1]"]) expect(at(address), address).toBe("address");
  for (const name of ["plant.example", "localhost", "line3", "10.plant.example"]) expect(at(name), name).toBeUndefined();
  expect(at("plant.example", false)).toBe("insecure");
  vi.unstubAllGlobals();
  await openPage(<LoginPage />, { answers: {} });
  expect(screen.getByText(/Use the password, with a code of the authenticator/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /passkey/ })).toBeNull();
});

test("[U179] passkeys are listed with where they work and why one does not, and removed after a question", async () => {
  const { asked, accessibilityFindings } = await openPage(<PasskeysPart person={mara} onChanged={() => {}} />, {
    answers: { "GET /session/passkeys": { passkeys: [phone, key] }, "DELETE /session/passkeys/p2": {} },
    now: Date.parse("2026-11-30T10:00:00Z") * 1_000,
  });
  expect((await screen.findByText(/^Phone/)).textContent).toMatch(/added .*1.* · not used yet$/);
  const copied = within(screen.getByText(/^Key/).closest("li")!);
  expect(copied.getByText(/works at plant\.example/)).toBeTruthy();
  expect(copied.getByText(/counter went back/)).toBeTruthy();
  expect(await accessibilityFindings()).toEqual([]);
  const user = userEvent.setup();
  await user.click(copied.getByRole("button", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Remove the passkey" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "DELETE /session/passkeys/p2")).toBe(true));
});

test("[U179] the password is turned off only once there are recovery codes, which are shown once", async () => {
  const changed = vi.fn();
  const part = (person: LoggedIn) => <PasskeysPart person={person} onChanged={changed} />;
  const answers = {
    "GET /session/passkeys": { passkeys: [phone] },
    "POST /session/recovery-codes": { recoveryCodes: ["AAAA-BBBB-CCCC"] },
    "DELETE /session/password": {},
  };
  await openPage(part(mara), { answers });
  const user = userEvent.setup();
  expect(await screen.findByText(/make recovery codes first/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Turn the password off" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "New recovery codes" }));
  expect(await screen.findByText("AAAA-BBBB-CCCC")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(screen.queryByText("AAAA-BBBB-CCCC")).toBeNull();
  expect(changed).toHaveBeenCalled();
  closePages();
  const { asked } = await openPage(part({ ...mara, recoveryCodes: 1 }), { answers });
  await user.click(await screen.findByRole("button", { name: "Turn the password off" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "DELETE /session/password")).toBe(true));
  closePages();
  await openPage(part({ ...mara, password: false }), { answers, language: "zh" });
  expect(await screen.findByText(/密码已停用，且没有剩余恢复码/)).toBeTruthy();
});
