import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import LoginPage from "../login/login-page.tsx";
import { keepNews } from "../login/sign-in-news.ts";
import NoticeCard from "./notice-card.tsx";
import SignInBanner from "./sign-in-banner.tsx";
import SignInsCard from "./sign-ins-card.tsx";

afterEach(() => {
  closePages();
  sessionStorage.clear();
});

const AT = Date.parse("2026-11-30T10:00:00Z") * 1_000;
const from = { at: AT, device: "Firefox · Linux", address: "192.0.2.7" };
const signIns = {
  last: from,
  events: [
    { ...from, change: "password", read: false },
    { ...from, at: AT - 1, change: "device", read: true },
  ],
  sessions: [
    { id: "a", begun: AT, seen: AT, device: "Firefox · Linux", address: "192.0.2.7", isThis: true },
    { id: "b", begun: AT, seen: AT, device: "Safari · iOS", address: "192.0.2.8", isThis: false },
  ],
};
const person = {
  id: "p1",
  login: "mara",
  name: "Mara",
  roles: ["viewer"] as never,
  authenticator: false,
  recoveryCodes: 0,
  password: true,
};

test("[U213] sign-ins are listed with the one before this, what changed, and where one is logged in, which is ended there", async () => {
  const page = await openPage(<SignInsCard />, { answers: { "GET /session/sign-ins": signIns, "DELETE /session/sign-ins/b": {} } });
  await screen.findByText(/^before this: .*, Firefox · Linux, 192\.0\.2\.7$/);
  expect(within(screen.getByRole("row", { name: /this one/ })).queryByRole("button")).toBeNull();
  screen.getByText(/^Password changed/);
  expect(await page.accessibilityFindings()).toEqual([]);
  await userEvent.click(within(screen.getByRole("row", { name: /Safari/ })).getByRole("button", { name: "Log out there" }));
  await waitFor(() => expect(page.asked.some(({ route }) => route === "DELETE /session/sign-ins/b")).toBe(true));
});

test("[U213] after a log-in with news the banner tells what was not told, until it is said that it was oneself; without news nothing is asked", async () => {
  keepNews({ accounts: true, person });
  const quiet = await openPage(<SignInBanner />, { answers: { "GET /session/sign-ins": signIns } });
  expect(quiet.asked.map(({ route }) => route)).not.toContain("GET /session/sign-ins");
  closePages();
  keepNews({ accounts: true, person: { ...person, news: 1 } });
  const page = await openPage(<SignInBanner />, { answers: { "GET /session/sign-ins": signIns, "PUT /session/sign-ins/read": {} } });
  await screen.findByText(/^Password changed/);
  expect(screen.queryByText(/new kind of device/)).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "It was me" }));
  await waitFor(() => expect(screen.queryByText(/^Password changed/)).toBeNull());
  expect(page.asked.map(({ route }) => route)).toContain("PUT /session/sign-ins/read");
  closePages();
  await openPage(<SignInBanner />, { answers: { "GET /session/sign-ins": signIns } });
  expect(screen.queryByText(/^Password changed/)).toBeNull();
});

test("[U212] the login shows the notice of use in the language of the reader, else in the other, as text", async () => {
  const notice = { en: "This is the system of Example AG.\nIts use is recorded.", zh: "" };
  const page = await openPage(<LoginPage />, { answers: { "GET /session/notice": { notice } }, language: "zh" });
  const [shown] = await screen.findAllByRole("region", { name: "使用须知" });
  const region = within(shown!);
  region.getByText(/Its use is recorded/);
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await openPage(<LoginPage />, { answers: { "GET /session/notice": { notice: { en: "<b>bold</b>", zh: "须知" } } } });
  await screen.findByText("<b>bold</b>");
  closePages();
  await openPage(<LoginPage />, { answers: { "GET /session/notice": {} } });
  expect(screen.queryByText("Notice of use")).toBeNull();
});

test("[U212] an administrator writes the notice of use in both languages", async () => {
  const page = await openPage(<NoticeCard />, { answers: { "GET /session/notice": {}, "PUT /session/notice": {} } });
  await userEvent.type(await screen.findByRole("textbox", { name: "English text" }), "Its use is recorded.");
  await userEvent.type(screen.getByRole("textbox", { name: "Chinese text" }), "使用会被记录。");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(page.asked.find(({ route }) => route === "PUT /session/notice")?.body).toEqual({
      en: "Its use is recorded.",
      zh: "使用会被记录。",
    }),
  );
});
