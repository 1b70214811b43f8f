import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import AccessCheck from "./access-check.tsx";

afterEach(closePages);

const sessionOf = (role: string) => ({
  accounts: true,
  person: { id: "person:1", login: "mara", name: "Mara", roles: [role], authenticator: false, recoveryCodes: 0 },
});

/** Answers, and keeps what was asked. */
function answering(answer: object) {
  const queries: object[] = [];
  const explained = ({ url }: { readonly url: URL }): object => {
    queries.push(Object.fromEntries(url.searchParams));
    return answer;
  };
  return { queries, explained: explained as (request: object) => unknown };
}

test("[U218] whoever asks learns which rule permits something, or which role at which place is missing", async () => {
  const atPlace = { permitted: false, by: "none", roles: ["quality"], places: ["Hall 2"], class: "Quality" };
  const { queries, explained } = answering({ permitted: true, by: "rules", set: "Partners", rule: 3, atPlace });
  const { accessibilityFindings } = await openPage(<AccessCheck />, {
    answers: { "GET /session": sessionOf("engineer"), "GET /access": explained },
  });
  const user = userEvent.setup();
  await user.type(await screen.findByRole("textbox", { name: /^Id of/ }), " urn:sm:oven ");
  await user.selectOptions(screen.getByRole("combobox", { name: "Right" }), "Change");
  await user.type(screen.getByRole("textbox", { name: /^Action/ }), "edit");
  expect(screen.queryByRole("combobox", { name: "Person" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Check" }));
  const status = await screen.findByRole("status");
  expect(status.textContent).toContain("Permitted: rule 3 of the set Partners.");
  expect(status.textContent).toContain("property class Quality. Needed is one of the roles quality at one of Hall 2.");
  expect(queries).toEqual([{ record: "urn:sm:oven", right: "UPDATE", action: "edit" }]);
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U218] administrators ask for anybody; what no rule permits and what is not there read alike", async () => {
  const otto = { id: "person:2", login: "otto", name: "Otto", roles: ["viewer"] };
  const { queries, explained } = answering({ permitted: false, by: "none" });
  await openPage(<AccessCheck />, {
    answers: {
      "GET /session": sessionOf("administrator"),
      "GET /accounts": { accounts: [otto] },
      "GET /access": explained,
    },
  });
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Person" }), await screen.findByRole("option", { name: "Otto" }));
  await user.type(screen.getByRole("textbox", { name: /^Id of/ }), "urn:aas:x");
  await user.click(screen.getByRole("button", { name: "Check" }));
  expect((await screen.findByRole("status")).textContent).toMatch(/no access rule permits it, or there is no such document/);
  expect(queries).toEqual([{ record: "urn:aas:x", person: "person:2", right: "READ" }]);
});
