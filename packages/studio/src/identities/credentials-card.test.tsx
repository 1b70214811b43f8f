import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { CredentialList, IssuedCredential } from "@doppelwerk/client";
import { closePages, openPage } from "../app/page.fixture.tsx";
import CredentialsCard from "./credentials-card.tsx";

afterEach(closePages);

const person = { id: "person:1", login: "mara", name: "Mara", roles: ["administrator"], authenticator: false, recoveryCodes: 0 };
const issued: IssuedCredential = {
  id: "urn:uuid:1",
  kind: "machine",
  state: "valid",
  subject: "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
  name: "Robot 4",
  role: "operator",
  company: "Werk AG",
  validFrom: "2026-11-01T00:00:00Z",
  validUntil: "2027-11-01T00:00:00Z",
  created: "2026-11-01T00:00:00Z",
  createdBy: "Mara",
};
const list: CredentialList = {
  did: "did:web:plant.example",
  publishedAs: "plant.example",
  issued: [issued],
  trusted: [
    {
      id: "issuer:1",
      did: "did:web:partner.example",
      name: "Partner",
      types: ["MachineCredential"],
      role: "operator",
      hosts: [],
      pinned: false,
      maxAgeHours: 24,
      disabled: false,
      machines: 3,
      created: "2026-11-01T00:00:00Z",
    },
  ],
};
const answers = {
  "GET /session": { accounts: true, person },
  "GET /credentials": list,
  "GET /machines": { machines: [] },
  "GET /accounts": { accounts: [] },
};

test("[U197] an administrator issues a credential by DID and gets its text, and revokes one after a question", async () => {
  const { asked, accessibilityFindings } = await openPage(<CredentialsCard />, {
    answers: {
      ...answers,
      "POST /credentials": { credential: { ...issued, id: "urn:uuid:2", name: "Box 7" }, text: "eyJ.vc.text" },
      "POST /credentials/urn:uuid:1/revocation": { ...issued, state: "revoked" },
    },
  });
  const row = within(await screen.findByRole("row", { name: /Robot 4/ }));
  row.getByText(/Machine · Werk AG · did:key:z6MkhaXg…ta2doK/);
  row.getByText(/valid/);
  const user = userEvent.setup();
  const names = screen.getAllByRole("textbox", { name: "Name" });
  await user.type(names[0]!, "Box 7");
  await user.type(screen.getByRole("textbox", { name: "DID of whoever it is about" }), "did:key:z6Mkbox");
  await user.click(screen.getByRole("button", { name: "Issue credential" }));
  expect(await screen.findByRole("textbox", { name: /Credential of Box 7/ })).toHaveProperty("value", "eyJ.vc.text");
  expect(asked.find(({ route }) => route === "POST /credentials")?.body).toMatchObject({
    kind: "machine",
    name: "Box 7",
    subject: "did:key:z6Mkbox",
    role: "viewer",
    validUntil: expect.stringMatching(/^\d{4}-/),
  });
  await user.click(within(screen.getByRole("row", { name: /Robot 4/ })).getByRole("button", { name: "Revoke" }));
  const dialog = within(await screen.findByRole("dialog"));
  dialog.getByText(/revoked for good/);
  await user.click(dialog.getByRole("button", { name: "Revoke credential" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "POST /credentials/urn:uuid:1/revocation")).toBe(true));
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U197] whose credentials are taken is said with what they are good for; one that somebody sent is checked, with the reason where it does not hold", async () => {
  const verdicts = [
    {
      holds: false,
      refused: { code: "DW_UNAUTHENTICATED", where: "signature", reason: "signature: the signature is not one of this text by this key" },
    },
    {
      holds: true,
      issuer: "did:web:partner.example",
      issuerName: "Partner",
      types: ["VerifiableCredential", "MachineCredential"],
      subject: { name: "Robot 4" },
    },
  ];
  const { asked } = await openPage(<CredentialsCard />, {
    answers: {
      ...answers,
      "POST /trusted-issuers": list.trusted[0],
      "DELETE /trusted-issuers/issuer:1": {},
      "POST /credentials/verification": () => verdicts.shift(),
    },
  });
  const row = within(await screen.findByRole("row", { name: /Partner/ }));
  row.getByText("Operator");
  row.getByText(/3 machines/);
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: "DID of the issuer" }), "did:web:other.example");
  await user.type(screen.getAllByRole("textbox", { name: "Name" }).at(-1)!, "Other");
  await user.click(screen.getByRole("button", { name: "Trust issuer" }));
  await waitFor(() =>
    expect(asked.find(({ route }) => route === "POST /trusted-issuers")?.body).toEqual({
      did: "did:web:other.example",
      name: "Other",
      types: ["MachineCredential"],
      role: "viewer",
    }),
  );
  await user.type(screen.getByRole("textbox", { name: "Credential (VC-JWT)" }), "a.b.c");
  await user.click(screen.getByRole("button", { name: "Check" }));
  await screen.findByText(/the signature is not one of this text by this key/);
  await user.click(screen.getByRole("button", { name: "Check" }));
  await screen.findByText("It holds.");
  screen.getByText("Partner · did:web:partner.example");
});

test("[U197] without a public name nothing is issued, and the card says what is missing", async () => {
  const { publishedAs: _, ...unpublished } = list;
  const { asked } = await openPage(<CredentialsCard />, {
    answers: {
      ...answers,
      "GET /credentials": { ...unpublished, issued: [], trusted: [] },
      "PUT /credentials/publication": { did: "did:web:plant.example" },
    },
  });
  await screen.findByText(/once the server has a public name/);
  expect(screen.queryByRole("button", { name: "Issue credential" })).toBeNull();
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: /Public name of this server/ }), "plant.example");
  await user.click(screen.getByRole("button", { name: "Save name" }));
  await waitFor(() => expect(asked.find(({ route }) => route === "PUT /credentials/publication")?.body).toEqual({ host: "plant.example" }));
});
