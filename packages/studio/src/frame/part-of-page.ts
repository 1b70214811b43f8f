import type { Explained, PageData, PlainCode, Studio } from "@doppelwerk/ui";

/** What is known of a page, or of a part of one. A page of a pack may leave out what it is for. */
export type ShownPart = Partial<Explained> & { readonly title?: PlainCode };

/** The part of a page that the detail of the address names: the one that it begins with the name of. */
export function partOfPage(studio: Studio, page: PageData | undefined, detail: string | undefined): ShownPart | undefined {
  if (page?.parts === undefined || detail === undefined) return undefined;
  const parts = studio.views.of<ShownPart & { readonly name: string }, unknown>({ at: page.parts });
  return parts.find(({ data }) => detail.startsWith(data.name))?.data;
}
