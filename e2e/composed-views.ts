/** A view of the product as it is registered, as far as a test that knows no DOM needs it. */
export interface ComposedView {
  readonly at: string;
  readonly id: string;
  readonly data: { readonly path?: string; readonly name?: string; readonly accepts?: readonly string[] };
}

/** Every view of the product. The list is read by its path: its types are those of a browser. */
export async function composedViews(): Promise<readonly ComposedView[]> {
  const list: string = "../apps/doppelwerk/src/studio/views-of-product.ts";
  const { views } = (await import(/* @vite-ignore */ list)) as { readonly views: readonly ComposedView[] };
  return views;
}
