import { expect, test } from "vitest";
import { formatAddress, homeOf, parseAddress } from "./address.ts";
import type { Address } from "./address.ts";

const screens = { pages: ["world", "board", "a-page-of-a-pack", "changes"], tabs: ["now", "trend", "links"] };
const HOME = homeOf(screens);

function parsed(text: string): Address {
  const url = new URL(text, "http://studio");
  return parseAddress(url.pathname, url.search, screens, url.hash);
}

test("[U16] every state of the screen survives the way through its link", () => {
  let state = 20261124;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  const maybe = <Value>(value: Value): Value | undefined => (random() < 0.5 ? undefined : value);
  for (let round = 0; round < 400; round += 1) {
    const span = maybe(Math.ceil(random() * 4e6) * 1_000_000);
    const audit = maybe(round % 2 === 0 ? "" : `oee.${round}`);
    const address: Address = {
      view: screens.pages[Math.floor(random() * screens.pages.length)]!,
      world: maybe(`plant-${round}`),
      detail: maybe(`mergeRequest:${round}/ä 漏?&#`),
      card: maybe(`card-${round}/ä 漏?&#`),
      branch: random() < 0.5 ? "live" : `branch:${round}`,
      at: maybe(Math.floor(1.7e12 + random() * 1e11) * 1000),
      speed: maybe(0.25 + Math.floor(random() * 100)),
      line: maybe(`Line 4/ä${round}`),
      subject: maybe(`https://example.com/ids/asset?x=${round}&名=1`),
      tab: screens.tabs[Math.floor(random() * screens.tabs.length)]!,
      inspector: random() < 0.5,
      span,
      held: span === undefined ? undefined : maybe(Math.floor(1.7e12 + random() * 1e11) * 1000),
      run: maybe(`run:${round}`),
      audit,
      shift: audit === undefined ? undefined : maybe(Math.floor(1.7e12 + random() * 1e11) * 1000),
    };
    expect(parsed(formatAddress(address, screens)), `round ${round}: ${formatAddress(address, screens)}`).toEqual(address);
  }
});

test("[U16] the plain address is short and what a link cannot mean falls back field by field", () => {
  expect(formatAddress(HOME, screens)).toBe("/world");
  expect(parsed("/")).toEqual(HOME);
  expect(parsed("/nowhere?t=yesterday&speed=-3&tab=x&rail=abc@def&branch=&line=&subject=&world=../b")).toEqual(HOME);
  expect(parsed("/changes/%E0%A4%A?rail=60s").detail).toBe("%E0%A4%A");
});
