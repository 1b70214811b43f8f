import { startStudio } from "@doppelwerk/studio";
import { views } from "./views-of-product.ts";

/** As the import map of the page names it (`src/shared-modules.ts`); there is none in the server of Vite. */
const KIT = "@doppelwerk/kit/studio";

/** The kit that packs share, with the styles of its parts, which an import map does not bring. */
async function loadKit(): Promise<void> {
  const styles = document.querySelector<HTMLMetaElement>('meta[name="kit-styles"]')?.content.split(" ") ?? [];
  await Promise.all([import(/* @vite-ignore */ KIT), ...styles.map(loadStyles)]);
}

const loading = new Map<string, Promise<void>>();

function loadStyles(href: string): Promise<void> {
  const known = loading.get(href);
  if (known !== undefined || document.querySelector(`link[rel=stylesheet][href="${href}"]`) !== null) return known ?? Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: () => resolve(), onerror: reject });
  document.head.append(link);
  loading.set(href, promise);
  return promise;
}

await startStudio({ views, host: document.getElementById("studio")!, loadKit });
