import { shell, view } from "@doppelwerk/ui";
import { expect, test } from "vitest";
import type { PackPart } from "./pack-parts.ts";
import { packViews } from "./pack-views.ts";

const part = (pack: string, views: PackPart["views"], base = `/packs/${pack}/0.1.0~1/`): PackPart => ({
  pack,
  version: "0.1.0",
  feature: pack,
  base,
  isChanging: true,
  views,
  words: { en: {}, zh: {} },
});
const page = (id: string, path: string) => ({
  at: "shell.page@1",
  id,
  path,
  title: `${id}.title`,
  icon: "box",
  order: 500,
  load: "./page.js",
});
const host = { loadKit: async () => undefined, report: () => {} };

test("[PK46] a view of a pack whose id, page or tab is there already is left out and reported; the others are there", () => {
  const own = [
    view(shell.page, "board.page", {
      path: "/board",
      about: "board.about" as never,
      guide: "board",
      title: "board.title" as never,
      icon: "box",
      order: 1,
      load: async () => ({ default: () => null }),
    }),
  ];
  const reported: string[] = [];
  const { views } = packViews(
    [
      part("brewery", [page("brewery.page", "/brewery")]),
      part("other", [page("other.page", "/board"), page("brewery.page", "/other"), page("other.more", "/other")]),
    ],
    own,
    { ...host, report: (pack, id, error) => reported.push(`${pack} ${id} ${(error as Error).message}`) },
  );
  expect(views.map(({ id }) => id)).toEqual(["brewery.page", "other.more"]);
  expect(reported).toHaveLength(2);
  expect(reported[0]).toMatch(/^other other\.page .*\/board/);
  expect(reported[1]).toMatch(/^other brewery\.page /);
  expect(views[0]).toMatchObject({ at: shell.page.at, data: { path: "/brewery", order: 500 }, pack: { name: "brewery" } });
});

test("[PK43] parts that changed have another edition, the others the same", () => {
  const parts = [part("brewery", [page("brewery.page", "/brewery")]), part("cellar", [page("cellar.page", "/cellar")])];
  const { views, follow } = packViews(parts, [], host);
  const editions = () => views.map(({ pack }) => pack!.edition.get());
  expect(follow([parts[0]!, { ...parts[1]!, base: "/packs/cellar/0.1.0~2/" }])).toBe(true);
  expect(editions()).toEqual(["/packs/brewery/0.1.0~1/", "/packs/cellar/0.1.0~2/"]);
});
