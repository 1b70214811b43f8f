import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import JoinPage from "./join-page.tsx";
import LoginPage from "./login-page.tsx";
import SignInPage from "./sign-in-page.tsx";

afterEach(closePages);

const refused = (code: string, text: string, details?: object) => ({ status: 401, body: { error: { code, message: text, details } } });

test("[U161] who is not logged in sees the login, not the plant", async () => {
  const { studio } = await openPage(<></>, { answers: { "GET /world": refused("DW_UNAUTHENTICATED", "nobody is logged in") } });
  await waitFor(() => expect(studio.needsLogin.get()).toBe(true));
});

test("[U161] a wrong password is told at its field; a code is asked for once it is needed", async () => {
  let attempts = 0;
  const { asked, accessibilityFindings } = await openPage(<LoginPage />, {
    answers: {
      "POST /session": () =>
        ++attempts === 1
          ? refused("DW_UNAUTHENTICATED", "login, password or code are wrong")
          : refused("DW_UNAUTHENTICATED", "the code of the authenticator is missing", { needsCode: true }),
    },
  });
  const user = userEvent.setup();
  const go = screen.getByRole("button", { name: "Log in" });
  expect(go).toHaveProperty("disabled", true);
  await user.type(screen.getByRole("textbox", { name: "Login" }), "mara");
  await user.type(screen.getByLabelText("Password", { selector: "input" }), "seven green pumps{Enter}");
  expect(await screen.findByText(/login, password or code are wrong/)).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: /authenticator/ })).toBeNull();
  await user.click(go);
  const code = await screen.findByRole("textbox", { name: /authenticator/ });
  expect(screen.queryByText(/is missing/)).toBeNull();
  await user.type(code, "123 456{Enter}");
  await waitFor(() =>
    expect(asked.at(-1)).toEqual({ route: "POST /session", body: { login: "mara", password: "seven green pumps", code: "123 456" } }),
  );
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U161] an invitation names its person and takes a password that is typed twice; one that does not hold says so", async () => {
  const { asked, accessibilityFindings } = await openPage(<JoinPage />, {
    address: "/join#token-of-otto",
    answers: {
      "POST /session/invitation": { login: "otto", name: "Otto Müller" },
      "POST /session/join": { status: 400, body: { error: { code: "DW_INVALID", message: "the password is easily guessed" } } },
    },
  });
  expect(await screen.findByRole("heading", { name: "Welcome, Otto Müller" })).toBeTruthy();
  const user = userEvent.setup();
  const go = screen.getByRole("button", { name: /Set the password/ });
  await user.type(screen.getByLabelText("New password", { selector: "input" }), "qwertyuiopas");
  await user.type(screen.getByLabelText(/same password/, { selector: "input" }), "qwertyuiopa");
  expect(screen.getByText("The two passwords differ.")).toBeTruthy();
  expect(go).toHaveProperty("disabled", true);
  await user.type(screen.getByLabelText(/same password/, { selector: "input" }), "s{Enter}");
  expect(await screen.findByText(/easily guessed/)).toBeTruthy();
  expect(asked.find(({ route }) => route === "POST /session/join")?.body).toEqual({ token: "token-of-otto", password: "qwertyuiopas" });
  expect(await accessibilityFindings()).toEqual([]);
  closePages();
  await openPage(<JoinPage />, {
    address: "/join#old",
    answers: {
      "POST /session/invitation": { status: 404, body: { error: { code: "DW_NOT_FOUND", message: "the invitation does not hold" } } },
    },
  });
  expect(await screen.findByRole("heading", { name: "This invitation does not hold" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "To the login" })).toBeTruthy();
});

const offered = {
  providers: [
    { id: "company", name: "Example AG", kind: "openid" },
    { id: "plant", name: "Plant directory", kind: "ldap" },
  ],
};

test("[U177] the login has a button for each provider and says which does not answer; an invitation has them too", async () => {
  const begin = { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "Example AG does not answer: refused" } } };
  const answers = {
    "GET /session/providers": offered,
    "GET /session/providers/company": { answers: false },
    "POST /session/providers/company": begin,
  };
  const { asked, accessibilityFindings } = await openPage(<LoginPage />, { answers, address: "/board?line=Line3" });
  const go = await screen.findByRole("button", { name: "Log in with Example AG" });
  expect(screen.queryByRole("button", { name: /Plant directory/ })).toBeNull();
  expect(screen.getByText(/password of Plant directory are good here too/)).toBeTruthy();
  expect(await screen.findByText(/Example AG does not answer now/)).toBeTruthy();
  await userEvent.setup().click(go);
  expect(await screen.findByText(/Example AG does not answer: refused/)).toBeTruthy();
  expect(asked.find(({ route }) => route === "POST /session/providers/company")?.body).toEqual({ returnTo: "/board?line=Line3" });
  expect(await accessibilityFindings()).toEqual([]);
  closePages();
  const joining = await openPage(<JoinPage />, {
    address: "/join#token-of-otto",
    answers: { ...answers, "POST /session/invitation": { login: "otto", name: "Otto" } },
  });
  await userEvent.setup().click(await screen.findByRole("button", { name: "Join with Example AG" }));
  await waitFor(() =>
    expect(joining.asked.find(({ route }) => route === "POST /session/providers/company")?.body).toEqual({
      returnTo: "/",
      token: "token-of-otto",
    }),
  );
});

test("[U177] who comes back from a provider and may not come in reads why; the code is in no history", async () => {
  const { asked, accessibilityFindings } = await openPage(<SignInPage />, {
    address: "/sign-in/company?code=secret&state=s",
    answers: {
      "GET /session/providers": offered,
      "POST /session/providers/company/answer": {
        status: 403,
        body: { error: { code: "DW_FORBIDDEN", message: "your groups at Example AG give no access to this server" } },
      },
    },
  });
  expect(await screen.findByRole("heading", { name: "You are not logged in" })).toBeTruthy();
  expect(screen.getByText(/your groups at Example AG give no access/)).toBeTruthy();
  expect(screen.getByRole("link", { name: "To the login" })).toBeTruthy();
  expect(location.search).toBe("");
  expect(asked.filter(({ route }) => route.endsWith("/answer"))).toEqual([
    { route: "POST /session/providers/company/answer", body: { query: "code=secret&state=s" } },
  ]);
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U211] a meter says what would be refused of a new password, and else how long it is, also to who hears it", async () => {
  const page = await openPage(<JoinPage />, {
    address: "/join#token-of-otto",
    answers: { "POST /session/invitation": { login: "otto", name: "Otto Müller" } },
  });
  const field = await screen.findByLabelText("New password", { selector: "input" });
  expect(screen.queryByRole("meter")).toBeNull();
  const user = userEvent.setup();
  for (const [typed, level, text] of [
    ["seven", "0", "5 of at least 12 characters"],
    ["müller müller", "0", "Easily guessed: name, login, a row of keys, or few different characters"],
    ["green valves", "1", "Accepted; 15 characters are better"],
    ["seven green valves", "2", "Good"],
    ["seven green valves of the press", "3", "Strong"],
  ] as const) {
    await user.clear(field);
    await user.type(field, typed);
    const meter = screen.getByRole("meter", { name: "Strength of the password" });
    expect([meter.getAttribute("aria-valuenow"), meter.getAttribute("aria-valuetext")], typed).toEqual([level, text]);
    screen.getByText(text);
  }
  expect(await page.accessibilityFindings()).toEqual([]);
});
