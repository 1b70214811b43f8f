import type { Page } from "playwright-core";
import { settled, turnTo } from "./accessible-page.ts";
import type { FurnishedSite } from "./accessible-site.ts";
import { composedViews } from "./composed-views.ts";

const views = await composedViews();
const of = (slot: string) => views.filter(({ at }) => at === slot).map(({ data }) => data);

/** Addresses of the pages. */
export const pages: readonly string[] = of("shell.page@1").map(({ path }) => path!);

/** Where each view of the product is shown: those of a page, a tab or a part of one at its own address, the others on every page or on the page of what they are part of. */
function addresses({ branch, study, forecast, experiment, request, place, connection }: FurnishedSite): readonly string[] {
  const tabs = of("shell.tab@1").flatMap(({ name, accepts }) => (accepts!.includes("station") ? [`/board?subject=S090&tab=${name}`] : []));
  const rooms = of("decide.room@1").map(({ name }) => `/decide/${name}?branch=${branch}`);
  const ofSettings = [...of("shell.settingsPart@1").map(({ name }) => `/settings/${name}`), "/settings/state"];
  const ofConnect = of("connect.tab@1").map(({ name }) => `/connect/${name}`);
  return [
    ...pages,
    ...tabs,
    ...rooms,
    ...ofConnect,
    ...ofSettings,
    `/decide?branch=${branch}&run=${encodeURIComponent(study)}`,
    `/decide/watch?branch=${branch}&run=${encodeURIComponent(forecast)}`,
    `/decide/${encodeURIComponent(`experiments:${experiment}`)}?branch=${branch}`,
    `/decide/${encodeURIComponent("experiments:new")}?branch=${branch}`,
    `/board/${encodeURIComponent(place)}`,
    `/connect/${encodeURIComponent(connection)}`,
    `/changes/${encodeURIComponent(request)}`,
    "/board?audit",
    "/alarms/journal",
    "/alarms/rules",
    "/assets?subject=S090",
    "/assets/values",
  ];
}

/** Opens every view, one after another, and asks what is wrong with it. */
export async function walk(
  page: Page,
  furnished: FurnishedSite,
  look: (address: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const address of addresses(furnished)) {
    await turnTo(page, address);
    await settled(page);
    found.push(...(await look(address)));
  }
  return found;
}
