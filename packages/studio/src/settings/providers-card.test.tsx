import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { ListedProvider } from "@doppelwerk/client";
import { closePages, openPage } from "../app/page.fixture.tsx";
import AccountsCard from "./accounts-card.tsx";
import ProvidersCard from "./providers-card.tsx";
import YouCard from "./you-card.tsx";

afterEach(closePages);

const me = {
  id: "person:1",
  login: "mara",
  name: "Mara Lindqvist",
  roles: ["administrator"],
  authenticator: false,
  recoveryCodes: 0,
};
const company: ListedProvider = {
  config: {
    id: "company",
    kind: "openid",
    name: "Example AG",
    issuer: "https://login.example.com/realms/plant",
    clientId: "doppelwerk",
    groupsClaim: "groups",
    hosts: ["keys.example.com"],
    admits: "groups",
    roles: { operator: ["line-crew", "CN=Shift, A"], engineer: ["planning"] },
  },
  hasSecret: true,
  people: 12,
  redirectUri: "https://plant.example/sign-in/company",
};
const session = { "GET /session": { accounts: true, person: me } };
const answers = { ...session, "GET /providers": { providers: [company] } };

test("[U178] an administrator sees the providers with their roles, tests one, and changes it without its secret", async () => {
  const { asked, accessibilityFindings } = await openPage(<ProvidersCard />, {
    answers: {
      ...answers,
      "POST /providers/company/test": { answers: false },
      "PUT /providers/company": company,
    },
  });
  const row = within(await screen.findByRole("row", { name: /Example AG/ }));
  expect(row.getByText(/12 people · redirect address https:\/\/plant.example\/sign-in\/company/)).toBeTruthy();
  expect(row.getByText("line-crew · CN=Shift, A")).toBeTruthy();
  const user = userEvent.setup();
  await user.click(row.getByRole("button", { name: "Test" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "POST /providers/company/test")).toBe(true));
  await user.click(row.getByRole("button", { name: "Change" }));
  expect(screen.getByLabelText("Client secret", { selector: "input" })).toHaveProperty("value", "");
  expect(screen.getByText(/Leave this empty to keep it/)).toBeTruthy();
  await user.clear(screen.getByRole("textbox", { name: "Engineer: groups, one a line" }));
  await user.type(screen.getByRole("textbox", { name: "Viewer: groups, one a line" }), "everybody{Enter} canteen");
  expect(await accessibilityFindings()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "PUT /providers/company")).toBe(true));
  const { id: _id, ...config } = company.config;
  expect(asked.find(({ route }) => route === "PUT /providers/company")?.body).toEqual({
    ...config,
    roles: { viewer: ["everybody", "canteen"], operator: ["line-crew", "CN=Shift, A"] },
  });
});

test("[U178] a directory is added with what is usual for Active Directory; what is wrong with it is said", async () => {
  const { asked } = await openPage(<ProvidersCard />, {
    answers: {
      ...session,
      "GET /providers": { providers: [] },
      "PUT /providers/plant-s-directory": {
        status: 400,
        body: { error: { code: "DW_INVALID", message: "a directory is reached by ldaps" } },
      },
    },
  });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Add a directory (LDAP)" }));
  const save = screen.getByRole("button", { name: "Save" });
  expect(save).toHaveProperty("disabled", true);
  await user.type(screen.getByRole("textbox", { name: "Name on the button" }), "Plant's directory");
  await user.type(screen.getByRole("textbox", { name: "Account that searches (DN)" }), "cn=reader");
  await user.type(screen.getByRole("textbox", { name: "People are searched below" }), "dc=example");
  await user.type(screen.getByLabelText("Password of the account that searches", { selector: "input" }), "word");
  await user.click(save);
  expect(await screen.findByText(/a directory is reached by ldaps/)).toBeTruthy();
  expect(asked.find(({ route }) => route.startsWith("PUT"))?.body).toEqual({
    kind: "ldap",
    name: "Plant's directory",
    url: "ldaps://",
    bindDn: "cn=reader",
    bindPassword: "word",
    base: "dc=example",
    filter: "(&(objectCategory=person)(objectClass=user)(sAMAccountName={login}))",
    idAttribute: "objectGUID",
    loginAttribute: "sAMAccountName",
    nameAttribute: "displayName",
    admits: "invited",
    roles: {},
  });
});

test("[U178] an account says through which provider its person logs in, and is unbound", async () => {
  const otto = {
    ...me,
    id: "person:2",
    login: "otto",
    name: "Otto",
    roles: [],
    state: "withoutRole",
    provider: "company",
    created: "",
    sessions: [],
  };
  const { asked } = await openPage(<AccountsCard />, {
    answers: {
      ...session,
      "GET /accounts": { accounts: [otto] },
      "GET /session/providers": { providers: [{ id: "company", name: "Example AG", kind: "openid" }] },
      "DELETE /accounts/person:2/binding": {},
    },
  });
  const row = within(await screen.findByRole("row", { name: /Otto/ }));
  expect(await row.findByText(/logs in through Example AG/)).toBeTruthy();
  expect(row.getByText(/no access by groups/)).toBeTruthy();
  expect(row.queryByRole("button", { name: "New link" })).toBeNull();
  await userEvent.setup().click(row.getByRole("button", { name: "Unbind" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "DELETE /accounts/person:2/binding")).toBe(true));
});

test("[U178] whoever comes from a provider keeps a password for when it is away", async () => {
  const own = {
    provider: { id: "company", name: "Example AG", kind: "openid" },
    offlineDays: 7,
    offlinePassword: false,
    logoutUrl: "https://login.example.com/end",
  };
  const { asked, accessibilityFindings } = await openPage(<YouCard />, {
    answers: {
      ...session,
      "GET /session/provider": own,
      "GET /session/providers": { providers: [own.provider] },
      "PUT /session/provider/password": {},
    },
  });
  const field = await screen.findByLabelText("Password for when the provider is away", { selector: "input" });
  expect(screen.getByText(/only while Example AG does not answer, 7 days/)).toBeTruthy();
  expect(screen.queryByLabelText("Present password", { selector: "input" })).toBeNull();
  expect(screen.queryByRole("button", { name: /authenticator/ })).toBeNull();
  const user = userEvent.setup();
  await user.type(field, "nine blue valves");
  await user.click(screen.getByRole("button", { name: "Keep it" }));
  await waitFor(() =>
    expect(asked.find(({ route }) => route === "PUT /session/provider/password")?.body).toEqual({ password: "nine blue valves" }),
  );
  expect(await accessibilityFindings()).toEqual([]);
});
