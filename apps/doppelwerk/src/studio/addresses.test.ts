import { anchorOf, createRegistry, formatAddress, parseAddress, shell, titleOf } from "@doppelwerk/kit/studio";
import { expect, test } from "vitest";
import { screensOf } from "@doppelwerk/studio/screens";
import { views } from "./views-of-product.ts";
import golden from "./addresses.golden.json" with { type: "json" };

test("[U16] every address of the first release leads where it led", () => {
  const screens = screensOf(createRegistry(views));
  expect(golden.length).toBeGreaterThan(40);
  for (const { url, address, link } of golden) {
    const { pathname, search } = new URL(url, "http://studio");
    const parsed = parseAddress(pathname, search, screens);
    expect(JSON.parse(JSON.stringify(parsed)), url).toEqual(address);
    expect(formatAddress(parsed, screens), url).toBe(link);
  }
});

test("[studio U208] each card is listed for whom it is: what only administrators may do is listed for nobody else", () => {
  const cards = createRegistry(views).of(shell.setting);
  const ofAudience = (audience: string): readonly string[] =>
    cards
      .filter(({ data }) => (data.audience ?? "everybody") === audience)
      .map(({ id }) => id)
      .toSorted();
  const listed = {
    people: ["settings.authenticator", "settings.passkeys", "settings.pin", "settings.signIns"],
    accountAdministrators: [
      "settings.access",
      "settings.accounts",
      "settings.classes",
      "settings.machines",
      "settings.notice",
      "settings.places",
      "settings.providers",
      "settings.terminals",
    ],
    administrators: ["links.grants", "settings.controls", "settings.privacy", "settings.protection", "settings.transparency"],
  };
  for (const [audience, ids] of Object.entries(listed)) expect(ofAudience(audience), audience).toEqual(expect.arrayContaining(ids));
  // what everybody sees is named, so that a card that forgets whom it is for is found
  expect(ofAudience("everybody").filter((id) => /access|account|machine|provider|notice|credential|token|breach/i.test(id))).toEqual([]);
});

test("[studio U209] each card of the settings names a part that there is and what it is found as, and no two have one address", () => {
  const registry = createRegistry(views);
  const parts = registry.of(shell.settingsPart).map(({ data }) => data.name);
  const cards = registry.of(shell.setting);
  expect(cards.length).toBeGreaterThan(20);
  expect(cards.filter((card) => !parts.includes(card.data.part) || titleOf(card) === undefined).map(({ id }) => id)).toEqual([]);
  expect(parts.filter((part) => !cards.some(({ data }) => data.part === part))).toEqual([]);
  const anchors = cards.map(anchorOf);
  expect(new Set(anchors).size).toBe(anchors.length);
});
