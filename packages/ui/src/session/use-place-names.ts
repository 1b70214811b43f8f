import { inLanguage } from "../language/language.ts";
import { useWords } from "./context.tsx";
import { loadOf, operation } from "./operation.ts";
import { useLoad } from "./use-load.ts";
import { plantKinds } from "./load.ts";

interface KnownPlaces {
  readonly places: readonly { readonly id: string; readonly title: { readonly en: string; readonly zh: string } }[];
}

const places = operation<KnownPlaces>("GET /places");

/** The places of live by id, each before those in it; none while they are on their way, or where the place tree is switched off. */
export function usePlaceNames(): readonly { readonly id: string; readonly name: string }[] {
  const { language } = useWords();
  const loaded = useLoad(loadOf(places, {}, { kinds: plantKinds }));
  return (loaded.value?.places ?? []).map(({ id, title }) => ({ id, name: inLanguage(title, language) }));
}
